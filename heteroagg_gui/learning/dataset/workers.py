"""Who makes the chunks: this process, others on this machine, or a Dask cluster."""

from collections.abc import Generator
from typing import Any

from joblib import Parallel, delayed

from heteroagg_gui.core.errors import DataSetError
from heteroagg_gui.learning.dataset.chunk import ChunkRequest, make_chunk, request_of
from heteroagg_gui.learning.dataset.chunk_file import pack
from heteroagg_gui.learning.dataset.manifest import Manifest
from heteroagg_gui.learning.dataset.provenance import difference, provenance_of


def packed_chunk(request: ChunkRequest) -> tuple[int, bytes, dict[str, Any]]:
    """Return the number and bytes of a chunk, and what its maker is set up with."""
    return request.index, pack(make_chunk(request)), provenance_of(request.system)


def packed_chunks(
    manifest: Manifest, numbers: list[int], jobs: int, dask: str | None
) -> Generator[tuple[int, bytes], None, None]:
    """Yield the number and the bytes of each chunk as it gets ready.

    Workers hand the bytes back instead of writing them, so they need not share a disk with
    the caller.
    """
    requests = (request_of(manifest.plan, number) for number in numbers)
    results = Parallel(n_jobs=jobs, return_as="generator_unordered")(
        delayed(packed_chunk)(request) for request in requests
    )
    for number, content, provenance in results:
        changed = difference(provenance, manifest.provenance)
        if changed:
            raise DataSetError(
                f"A worker is set up otherwise than this program ({changed}): install the same "
                "versions on every machine."
            )
        yield number, content
