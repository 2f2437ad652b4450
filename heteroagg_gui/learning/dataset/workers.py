"""Who makes the chunks: this process, others on this machine, or a Dask cluster."""

import logging
import os
import warnings
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

from joblib import Parallel, delayed, parallel_config
from joblib.externals.loky.process_executor import TerminatedWorkerError

from heteroagg_gui.core.errors import (
    Cancelled,
    DataSetError,
    HeteroaggError,
    MissingExtraError,
    WorkerError,
)
from heteroagg_gui.core.parent_watch import end_with
from heteroagg_gui.learning.dataset.chunk import ChunkRequest, make_chunk, request_of
from heteroagg_gui.learning.dataset.chunk_file import pack
from heteroagg_gui.learning.dataset.manifest import Manifest
from heteroagg_gui.learning.dataset.provenance import difference, provenance_of

CONNECT_S = 10.0
WAIT_FOR_WORKERS_S = 60.0


def packed_chunk(request: ChunkRequest) -> tuple[int, bytes, dict[str, Any]]:
    """Return the number and bytes of a chunk, and what its maker is set up with."""
    return request.index, pack(make_chunk(request)), provenance_of(request.system)


def packed_chunks(
    manifest: Manifest, numbers: list[int], jobs: int, dask: str | None
) -> Generator[tuple[int, bytes], None, None]:
    """Yield the number and the bytes of each chunk as it gets ready, in any order.

    Workers hand the bytes back instead of writing them, so they need not share a disk with
    the caller. At most two chunks per worker wait to be made; the others are not sent yet.

    Parameters
    ----------
    manifest
        The plan, and what every worker must be set up with.
    numbers
        The chunks to make.
    jobs
        Processes on this machine.
    dask
        Address of a Dask scheduler to use instead; None for this machine.

    Raises
    ------
    DataSetError
        If a worker ends, is set up otherwise, or the cluster fails.
    MissingExtraError
        If Dask is asked for and not installed.
    """
    if not numbers:
        return
    with _local(jobs) if dask is None else _cluster(dask) as settings:
        requests = (request_of(manifest.plan, number) for number in numbers)
        parallel = Parallel(return_as="generator_unordered", batch_size=1, **settings)
        with _given_up_quietly(
            parallel(delayed(packed_chunk)(request) for request in requests)
        ) as results:
            for number, content, provenance in results:
                changed = difference(provenance, manifest.provenance)
                if changed:
                    raise DataSetError(
                        f"A worker is set up otherwise than this program ({changed}): install "
                        "the same versions on every machine."
                    )
                yield number, content


@contextmanager
def _given_up_quietly(results: Generator[Any, None, None]) -> Iterator[Generator[Any, None, None]]:
    """Close joblib's results, which warns of work that was given up: on purpose here."""
    try:
        yield results
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            results.close()


@contextmanager
def _local(jobs: int) -> Iterator[dict[str, Any]]:
    """Let joblib work in processes of this machine; yield further settings for it."""
    try:
        with parallel_config("loky", n_jobs=jobs):
            yield {"initializer": end_with, "initargs": (os.getpid(),)}
    except TerminatedWorkerError as error:
        raise DataSetError(
            "A process that made images was ended from outside, perhaps for want of memory: "
            "run the command again with fewer jobs; what is finished stays."
        ) from error


@contextmanager
def _cluster(address: str) -> Iterator[dict[str, Any]]:
    """Let joblib send its work to a Dask cluster; yield further settings for it."""
    with (
        cluster_client(address) as client,
        parallel_config(
            "dask", client=client, wait_for_workers_timeout=WAIT_FOR_WORKERS_S, n_jobs=-1
        ),
    ):
        yield {}


@contextmanager
def cluster_client(address: str) -> Iterator[Any]:
    """Connect to a Dask cluster; failures of the cluster inside are told in one sentence.

    A worker that ends costs the chunks it was making: Dask gives them to another one.

    Parameters
    ----------
    address
        Address of its scheduler, such as ``tcp://host:8786``.

    Raises
    ------
    WorkerError
        If it can't be reached or fails.
    MissingExtraError
        If Dask is not installed.
    """
    try:
        from dask.distributed import Client
    except ImportError as error:
        raise MissingExtraError(
            "Working on a Dask cluster needs further packages: pip install heteroagg-gui[cluster]"
        ) from error
    # Lost connections are told in one sentence, or are made good by another worker.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        client: Any = Client(  # type: ignore[no-untyped-call]
            address, timeout=CONNECT_S, set_as_default=False
        )
    except (OSError, ValueError, TypeError) as error:
        raise WorkerError(
            f"The Dask cluster at '{address}' can't be reached: start 'dask scheduler' and "
            "'dask worker', and give the scheduler's address."
        ) from error
    with client:
        try:
            yield client
        except (HeteroaggError, Cancelled):
            raise
        except Exception as error:
            raise WorkerError(
                f"The Dask cluster at '{address}' failed ({type(error).__name__}): look at its log "
                "and run the command again; what is finished stays."
            ) from error
