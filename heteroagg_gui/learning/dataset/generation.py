"""Making a set of training data, on any number of processes or on a Dask cluster.

``python -m heteroagg_gui.learning.dataset.generation --out DIR`` does what
``heteroagg generate`` does on a machine without the rest of the program.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from heteroagg_gui.core.errors import DataSetError, HeteroaggError, ParameterError
from heteroagg_gui.core.files import replacing
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.learning.dataset.chunk_file import chunk_name
from heteroagg_gui.learning.dataset.manifest import (
    MANIFEST,
    Manifest,
    checksum,
    entry_of,
    read_manifest,
)
from heteroagg_gui.learning.dataset.options import add_arguments, plan_asked_for
from heteroagg_gui.learning.dataset.plan import DataPlan
from heteroagg_gui.learning.dataset.provenance import difference, provenance_of
from heteroagg_gui.learning.dataset.reading import DataSet, open_dataset
from heteroagg_gui.learning.dataset.workers import packed_chunks

NOTE_EVERY_S = 2.0


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
        return Manifest(plan, provenance)
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
    if changed and manifest.chunks:
        raise DataSetError(
            f"The training data in '{folder}' were made by another installation ({changed}): "
            "make them anew with --no-resume, or choose another folder."
        )
    manifest.provenance = provenance
    return manifest


def _finish(
    manifest: Manifest, folder: Path, *, jobs: int, dask: str | None, progress: Progress
) -> None:
    plan = manifest.plan
    done = sum(len(plan.chunk(k)) for k in manifest.chunks)
    manifest.write(folder)
    progress(done / len(plan), f"{done} of {len(plan)} images")
    noted = time.monotonic()
    try:
        with closing(packed_chunks(manifest, manifest.missing, jobs, dask)) as results:
            for number, content in results:
                with replacing(folder / chunk_name(number)) as part:
                    part.write_bytes(content)
                manifest.chunks[number] = entry_of(content)
                if time.monotonic() - noted > NOTE_EVERY_S:
                    manifest.write(folder)
                    noted = time.monotonic()
                done += len(plan.chunk(number))
                progress(done / len(plan), f"{done} of {len(plan)} images")
    finally:
        manifest.write(folder)


def summary(dataset: DataSet) -> dict[str, Any]:
    """Return what a set holds, for people and programs."""
    manifest, plan = dataset.manifest, dataset.plan
    return {
        "preset": plan.name,
        "images": len(plan),
        "training": len(dataset.training),
        "evaluation": len(dataset.evaluation),
        "configurations": len(plan.configurations),
        "pixels": [plan.frame.height, plan.frame.width],
        "pixel_size_nm": plan.frame.pixel_size_nm,
        "seed": plan.seed,
        "files": plan.n_chunks,
        "bytes": sum(entry.size for entry in manifest.chunks.values()),
    }


def perform(chosen: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """Make or verify a set as the options of :mod:`options` say; return its summary."""
    if chosen.verify is not None:
        dataset = open_dataset(chosen.verify)
        dataset.verify(progress)
        return {"verified": str(chosen.verify), **summary(dataset)}
    plan = plan_asked_for(chosen)
    dataset = generate(
        plan,
        chosen.out,
        jobs=chosen.jobs,
        dask=chosen.dask,
        resume=chosen.resume,
        progress=progress,
    )
    return {"out": str(chosen.out), **summary(dataset)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Make or verify a set without the rest of the program; return the exit status."""
    parser = argparse.ArgumentParser(description="Make training data.", allow_abbrev=False)
    add_arguments(parser)
    try:
        document = perform(parser.parse_args(arguments), _PrintedTenths())
    except HeteroaggError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(document, indent=1))
    return 0


class _PrintedTenths:
    """Progress as a line every tenth."""

    def __init__(self) -> None:
        self._last = -1

    def __call__(self, fraction: float, message: str) -> None:
        if int(fraction * 10) != self._last:
            self._last = int(fraction * 10)
            print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
