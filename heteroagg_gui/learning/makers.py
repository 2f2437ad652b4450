"""Who makes the items of a data set: this process, others on this machine, or a Dask cluster.

The items come in order and are the same whoever makes them. A process that dies costs the
items it was making: they are made again.
"""

import os
import pickle
import signal
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, suppress
from ctypes import c_bool
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from threading import Timer
from typing import Any, Protocol, TypeVar

from heteroagg_gui.core.errors import Cancelled, WorkerError
from heteroagg_gui.core.parent_watch import end_with
from heteroagg_gui.learning.dataset.provenance import difference, software
from heteroagg_gui.learning.dataset.workers import cluster_client

Pulse = Callable[[], None]
ItemT_co = TypeVar("ItemT_co", covariant=True)
Made = TypeVar("Made")

AHEAD = 4
"""Items that are asked for before they are needed, for each process."""
MOST_DEATHS = 3
"""Processes that may die in a row before any item is finished."""
LOOKED_EVERY_S = 0.1
GRACE_S = 0.5
"""Time that processes nobody needs any more have to end by themselves."""
RETRIES = 3


def at_rest() -> None:
    """Do nothing: nobody wants to interrupt."""


class Items(Protocol[ItemT_co]):
    """Items by number, the same whenever they are made; must survive pickling."""

    def __len__(self) -> int:
        """Return how many there are."""

    def make(self, index: int, pulse: Pulse = at_rest) -> ItemT_co:
        """Make one, calling ``pulse`` now and then, which may raise to stop."""

    def load(self) -> object:
        """Read whatever file the making needs, before the items travel to another machine."""


@dataclass(frozen=True)
class Makers:
    """Who makes items.

    Parameters
    ----------
    processes
        Processes on this machine beside this one; with 0 this one makes them itself.
    cluster
        Address of a Dask scheduler whose workers make them instead; None for this machine.
    pulse
        Called at least every 0.1 s while items are waited for; may raise to stop.
    lost
        Told in a sentence that a process died and that its work is done again.
    """

    processes: int = 1
    cluster: str | None = None
    pulse: Pulse = at_rest
    lost: Callable[[str], None] = field(default=lambda _sentence: None)

    def in_order(self, items: Items[Made], first: int = 0) -> Generator[Made, None, None]:
        """Yield the items from ``first`` on.

        Raises
        ------
        WorkerError
            If processes die again and again, or the cluster fails.
        """
        if self.cluster is not None:
            return self._on_cluster(items, first, self.cluster)
        if self.processes == 0:
            return self._here(items, first)
        return self._in_processes(items, first)

    def _here(self, items: Items[Made], first: int) -> Generator[Made, None, None]:
        for index in range(first, len(items)):
            yield items.make(index, self.pulse)

    def _in_processes(self, items: Items[Made], first: int) -> Generator[Made, None, None]:
        with closing(_Pool(items, self.processes)) as pool:
            deaths = 0
            indices = iter(range(first, len(items)))
            waiting: deque[int] = deque()
            while True:
                try:
                    pool.ask_for(waiting)
                    while len(waiting) < AHEAD * self.processes:
                        index = next(indices, None)
                        if index is None:
                            break
                        waiting.append(index)
                        pool.ask_for(waiting)
                    if not waiting:
                        return
                    made = self._awaited(pool.asked[waiting[0]])
                except BrokenProcessPool as error:
                    deaths += 1
                    if deaths > MOST_DEATHS:
                        raise WorkerError(_DEATHS) from error
                    self.lost("A process that made images died; its images are made again.")
                    pool.renew()
                    continue
                deaths = 0
                del pool.asked[waiting.popleft()]
                yield pickle.loads(made)  # noqa: S301 - from our own process

    def _on_cluster(
        self, items: Items[Made], first: int, address: str
    ) -> Generator[Made, None, None]:
        items.load()
        own = software()
        with cluster_client(address) as client:
            executor = client.get_executor(pure=False, retries=RETRIES)
            ahead = 2 * max(1, sum(client.nthreads().values()))
            waiting: deque[Future[tuple[bytes, dict[str, Any]]]] = deque()
            asked = first
            while waiting or asked < len(items):
                while asked < len(items) and len(waiting) < ahead:
                    waiting.append(executor.submit(_made_elsewhere, items, asked))
                    asked += 1
                made, theirs = self._awaited(waiting.popleft())
                changed = difference(theirs, own)
                if changed:
                    raise WorkerError(
                        f"A worker is set up otherwise than this program ({changed}): install "
                        "the same versions on every machine."
                    )
                yield pickle.loads(made)  # noqa: S301 - from a cluster the user chose

    def _awaited(self, future: "Future[Made]") -> Made:
        while True:
            self.pulse()
            try:
                return future.result(timeout=LOOKED_EVERY_S)
            except TimeoutError:
                if future.done():
                    raise


IN_THIS_PROCESS = Makers(processes=0)

_DEATHS = (
    "The processes that make images die again and again, perhaps for want of memory: close "
    "other programs, or go on with fewer processes; what is finished stays."
)


class _Pool:
    """Processes that each hold the items, and what they were asked to make."""

    def __init__(self, items: Items[Any], processes: int) -> None:
        self._items = items
        self._processes = processes
        self._context = get_context("spawn")
        self._executor = self._begin()
        self.asked: dict[int, Future[bytes]] = {}

    def _begin(self) -> ProcessPoolExecutor:
        self._over = self._context.RawValue(c_bool, False)
        given = (self._items, os.getpid(), self._over)
        return ProcessPoolExecutor(self._processes, self._context, _start, given)

    def ask_for(self, indices: "deque[int]") -> None:
        """Ask for what was not asked for yet."""
        for index in indices:
            if index not in self.asked:
                self.asked[index] = self._executor.submit(_make, index)

    def renew(self) -> None:
        """Begin with new processes; what is finished is kept."""
        self.close()
        self._executor = self._begin()
        self.asked = {
            index: future
            for index, future in self.asked.items()
            if future.done() and not future.cancelled() and future.exception() is None
        }

    def close(self) -> None:
        """Let the processes end as soon as they look up from what they are making.

        Those that do not, as they are still starting or compiling, are killed: the end of this
        process would wait for them.
        """
        self._over.value = True
        started = list((self._executor._processes or {}).values())
        self._executor.shutdown(wait=False, cancel_futures=True)
        later = Timer(GRACE_S, _kill, [started])
        later.daemon = True
        later.start()


def _kill(processes: list[BaseProcess]) -> None:
    for process in processes:
        # one that has ended may have been closed
        with suppress(ValueError):
            process.kill()


_held: list[Items[Any]] = []
"""In a worker process: what it makes items of."""
_over: list[c_bool] = []
"""In a worker process: true once nobody wants its items any more."""


def _start(items: Items[Any], owner: int, over: c_bool) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with(owner)
    _one_thread()
    _held[:], _over[:] = [items], [over]


def _one_thread() -> None:
    import torch

    torch.set_num_threads(1)


def _end_if_over() -> None:
    if _over[0].value:
        raise Cancelled


def _make(index: int) -> bytes:
    _end_if_over()
    return pickle.dumps(_held[0].make(index, _end_if_over), protocol=pickle.HIGHEST_PROTOCOL)


def _made_elsewhere(items: Items[Any], index: int) -> tuple[bytes, dict[str, Any]]:
    made = pickle.dumps(items.make(index), protocol=pickle.HIGHEST_PROTOCOL)
    return made, software()
