"""Making a set of training data, on any number of processes or on a Dask cluster.

``python -m heteroagg_gui.learning.dataset.generation --out DIR`` does what
``heteroagg generate`` does on a machine without the rest of the program.
"""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from heteroagg_gui.core.errors import DataSetError, ParameterError
from heteroagg_gui.core.files import replacing
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.learning.dataset.chunk_file import chunk_name
from heteroagg_gui.learning.dataset.manifest import MANIFEST, Manifest, checksum, read_manifest
from heteroagg_gui.learning.dataset.plan import DataPlan
from heteroagg_gui.learning.dataset.provenance import difference, provenance_of
from heteroagg_gui.learning.dataset.reading import DataSet
from heteroagg_gui.learning.dataset.workers import packed_chunks


def generate(
    plan: DataPlan,
    folder: Path | str,
    *,
    jobs: int = 1,
    dask: str | None = None,
    resume: bool = True,
    progress: Progress = no_progress,
) -> DataSet:
    """Make a set of training data; what is finished already is kept.

    The bytes written depend on the plan, the program, its libraries and its reference
    tables, but not on the number of processes, their order or any interruption.

    Parameters
    ----------
    plan
        What to make.
    folder
        Where to write it; made if it does not exist.
    jobs
        Processes on this machine.
    dask
        Address of a Dask scheduler whose workers make the chunks instead.
    resume
        Keep finished files; otherwise all are made again.
    progress
        Receives the share of images done; may raise to end early.

    Raises
    ------
    ParameterError
        If ``jobs`` is below 1.
    DataSetError
        If the folder holds other data or can't be written, or the cluster fails.
    MissingExtraError
        If Dask is asked for and not installed.
    """
    if jobs < 1:
        raise ParameterError(f"{jobs} processes can't work: choose at least one.")
    folder = Path(folder)
    try:
        manifest = _begin(plan, folder, resume=resume)
        _finish(manifest, folder, jobs=jobs, dask=dask, progress=progress)
    except OSError as error:
        raise DataSetError(
            f"The training data can't be written to '{folder}': {error.strerror or error}; "
            "what is finished stays, so run it again once there is room."
        ) from error
    return DataSet(folder, manifest)


def _begin(plan: DataPlan, folder: Path, *, resume: bool) -> Manifest:
    """Return what is finished already, after refusing a folder of other data."""
    provenance = provenance_of(plan.system)
    if not (folder / MANIFEST).exists():
        if folder.is_dir() and any(folder.iterdir()):
            raise DataSetError(
                f"The folder '{folder}' holds other files: choose an empty or a new one."
            )
        manifest = Manifest(plan, provenance)
        manifest.write(folder)
        return manifest
    manifest = read_manifest(folder)
    if manifest.plan != plan:
        raise DataSetError(
            f"The training data in '{folder}' were begun with other options: give the same "
            "options to go on, or choose another folder."
        )
    for rest in folder.glob("chunks/.*.part.npz"):
        rest.unlink(missing_ok=True)
    entries = manifest.chunks if resume else {}
    manifest.chunks = {
        number: entry
        for number, entry in entries.items()
        if number < plan.n_chunks and checksum(folder / chunk_name(number)) == entry
    }
    changed = difference(provenance, manifest.provenance)
    if changed and not manifest.chunks:
        manifest.provenance = provenance
    elif changed and manifest.missing:
        raise DataSetError(
            f"The training data in '{folder}' were begun with another installation "
            f"({changed}): go on with that one, or choose another folder."
        )
    return manifest


def _finish(
    manifest: Manifest, folder: Path, *, jobs: int, dask: str | None, progress: Progress
) -> None:
    plan = manifest.plan
    done = sum(len(plan.chunk(k)) for k in manifest.chunks)
    progress(done / len(plan), f"{done} of {len(plan)} images")
    missing = manifest.missing
    if not missing:
        manifest.write(folder)
        return
    results: Iterator[tuple[int, bytes]]
    with closing(packed_chunks(manifest, missing, jobs, dask)) as results:
        for number, content in results:
            path = folder / chunk_name(number)
            with replacing(path) as part:
                part.write_bytes(content)
            entry = checksum(path)
            if entry is not None:
                manifest.chunks[number] = entry
            manifest.write(folder)
            done += len(plan.chunk(number))
            progress(done / len(plan), f"{done} of {len(plan)} images")
