"""Carrying out a plan: from a plan in a folder to a finished network in it."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from heteroagg_gui.core.errors import Cancelled, ModelError, ParameterError
from heteroagg_gui.core.files import replacing
from heteroagg_gui.core.folder_lock import FolderLock
from heteroagg_gui.core.processor import cores
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.learning.compact import load_compact
from heteroagg_gui.learning.makers import Makers
from heteroagg_gui.learning.model_card import (
    CARD_FILE,
    COMPACT_SET,
    WEIGHTS_FILE,
    checksum,
    read_card,
)
from heteroagg_gui.learning.retraining.curve_work import curve_seconds
from heteroagg_gui.learning.retraining.devices import (
    chosen_device,
    device_title,
    memory_in_use,
    share_cores,
)
from heteroagg_gui.learning.retraining.evaluation_stage import kinds_of_tests
from heteroagg_gui.learning.retraining.failures import Failure, failure_of
from heteroagg_gui.learning.retraining.own_materials import OwnSystem, own_system, ranges_with
from heteroagg_gui.learning.retraining.plan import RetrainingPlan
from heteroagg_gui.learning.retraining.plan_file import read_plan, write_plan
from heteroagg_gui.learning.retraining.record import Record, read_json
from heteroagg_gui.learning.retraining.run_folder import RunFolder
from heteroagg_gui.learning.retraining.stage_times import Rates, StageTime, TimeTable, estimated
from heteroagg_gui.learning.retraining.stages import Job, StartNetwork, carry_out, help_training
from heteroagg_gui.learning.retraining.trunk_stage import Place
from heteroagg_gui.learning.train_trunk import CHECKPOINT
from heteroagg_gui.learning.training.team import Team, joined_team

FINISHED, STOPPED, FAILED = "finished", "stopped", "failed"


@dataclass(frozen=True)
class RunOptions:
    """How a plan is carried out here.

    Parameters
    ----------
    device
        Device instead of the plan's; None for the plan's.
    jobs
        Processes that simulate instead of the plan's number; None for the plan's.
    cluster
        Address of a Dask scheduler whose workers simulate instead.
    resume
        Go on with what is in the folder.
    finish
        Take the trunk as it is.
    start
        Folder of the network to begin with; not looked at where the training has begun.
    systems
        Folder of the user's own material systems.
    began
        When this process was started, in s since 1970; wishes from before are out of date.
    """

    device: str | None = None
    jobs: int | None = None
    cluster: str | None = None
    resume: bool = False
    finish: bool = False
    start: Path | None = None
    systems: Path | None = None
    began: float | None = None


@dataclass(frozen=True)
class Ending:
    """How a retraining ended.

    Parameters
    ----------
    state
        finished, stopped or failed.
    folder
        Where it lies.
    card
        The network's card, if it is finished.
    failure
        Why it failed.
    """

    state: str
    folder: Path
    card: dict[str, Any] | None = None
    failure: Failure | None = None


def retrain(
    plan: RetrainingPlan,
    folder: Path,
    options: RunOptions = RunOptions(),
    progress: Progress = no_progress,
) -> Ending:
    """Carry out a plan, from the beginning or from where it was interrupted.

    Parameters
    ----------
    plan
        What network is to be made.
    folder
        Where all of it lies; the network in ``network``.
    options
        How.
    progress
        Receives the share done; raising Cancelled stops with a checkpoint.

    Raises
    ------
    ParameterError
        If the folder holds another training or work that is not to be gone on with, or
        another process works there.
    HeteroaggError
        If something is wrong with the plan before any work. Later errors are in the result.
    """
    began = time.time() if options.began is None else options.began
    place = RunFolder(folder)
    device = chosen_device(options.device or plan.device)
    with joined_team(device) as (team, found):
        share_cores(found, _jobs(plan, options))
        if not team.leads:
            return _helped(plan, place, options, team, found)
        with _locked(place):
            _check(plan, place, resume=options.resume or options.finish)
            if (place.network / CARD_FILE).is_file():
                return Ending(FINISHED, folder, read_json(place.network / CARD_FILE))
            return _lead(plan, place, replace(options, began=began), team, found, progress)


def _lead(
    plan: RetrainingPlan,
    folder: RunFolder,
    options: RunOptions,
    team: Team,
    device: str,
    progress: Progress,
) -> Ending:
    needed = own_system(plan, _systems(plan, folder, options))
    tables = 0 if needed is None else len(needed.tables)
    kinds = kinds_of_tests(ranges_with(needed, plan.ranges, folder.materials))
    rates = Rates(table=curve_seconds(plan.ranges, cores()))
    times = estimated(plan.effort, tables, len(kinds) * (2 if plan.start else 1), rates)
    record = Record(
        folder,
        TimeTable([StageTime(name, seconds) for name, seconds in times.items()]),
        device,
        device_title(device),
        memory=lambda: memory_in_use(device),
        outer=progress,
        began=options.began,
    )
    try:
        folder.work.mkdir(exist_ok=True)
        start = _started_with(plan, folder, options.start)
        if options.finish and not (folder.work / CHECKPOINT).exists():
            raise ParameterError(
                "There is nothing to finish: the training has no checkpoint yet, so go on with it."
            )
        pulse = record.pulse if team.size == 1 else _in_peace
        makers = Makers(_jobs(plan, options), options.cluster, pulse, record.warn)
        job = _job(plan, folder, needed, start, Place(device, makers, team), options)
        card = carry_out(job, record)
    except (Cancelled, KeyboardInterrupt):
        record.finish(STOPPED)
        return Ending(STOPPED, folder.path)
    except BaseException as error:
        failure = failure_of(error, plan, device)
        record.finish(FAILED, failure)
        if not isinstance(error, Exception):
            raise
        return Ending(FAILED, folder.path, failure=failure)
    record.finish(FINISHED)
    return Ending(FINISHED, folder.path, card)


def _helped(
    plan: RetrainingPlan, folder: RunFolder, options: RunOptions, team: Team, device: str
) -> Ending:
    """Share the updates of the training as one of several processes that does not lead."""
    needed = own_system(plan, _systems(plan, folder, options))
    start = _loaded_start(plan, folder, options.start)
    makers = Makers(_jobs(plan, options), options.cluster)
    job = _job(plan, folder, needed, start, Place(device, makers, team), options)
    try:
        help_training(job)
    except Cancelled:
        return Ending(STOPPED, folder.path)
    return Ending(FINISHED, folder.path)


def _job(
    plan: RetrainingPlan,
    folder: RunFolder,
    needed: OwnSystem | None,
    start: StartNetwork | None,
    place: Place,
    options: RunOptions,
) -> Job:
    ranges = ranges_with(needed, plan.ranges, folder.materials)
    return Job(plan, folder, needed, ranges, start, place, options.finish)


def _in_peace() -> None:
    """Let a team go on: its processes stop together, between two updates."""


def _systems(plan: RetrainingPlan, folder: RunFolder, options: RunOptions) -> Path | None:
    """Return where the plan's material system is: in the folder once it was copied there."""
    copied = (folder.materials / f"{plan.ranges.system}.json").is_file()
    return folder.materials if copied else options.systems


def _jobs(plan: RetrainingPlan, options: RunOptions) -> int:
    jobs = plan.workers if options.jobs is None else options.jobs
    if jobs < 0:
        raise ParameterError(f"{jobs} processes can't work: choose 0 or more.")
    return jobs


@contextmanager
def _locked(folder: RunFolder) -> Iterator[None]:
    lock = FolderLock(folder.lock)
    try:
        folder.path.mkdir(parents=True, exist_ok=True)
        free = lock.take()
    except OSError as error:
        raise ParameterError(
            f"The training can't be written to '{folder.path}' ({error.strerror or error}): choose "
            "another folder with --out."
        ) from error
    if not free:
        raise ParameterError(
            f"Another process works in '{folder.path}': wait for it, or choose another folder."
        )
    try:
        yield
    finally:
        lock.release()


def _check(plan: RetrainingPlan, folder: RunFolder, *, resume: bool) -> None:
    """Refuse a folder of something else; write the plan into a fresh one."""
    if not folder.has_work:
        write_plan(plan, folder.plan)
        return
    if not resume:
        raise ParameterError(
            f"There is a training in '{folder.path}' already: give --resume to go on with it, or "
            "choose another folder."
        )
    known = read_plan(folder.plan)
    if _without_place(known) != _without_place(plan):
        raise ParameterError(
            f"The training in '{folder.path}' was begun with another plan: give that one to go "
            "on, or choose another folder."
        )


def _without_place(plan: RetrainingPlan) -> RetrainingPlan:
    """Return a plan without what does not decide on the network."""
    ranges = replace(plan.ranges, system_folder=None)
    return replace(plan, device="auto", workers=0, ranges=ranges)


def _started_with(
    plan: RetrainingPlan, folder: RunFolder, source: Path | None
) -> StartNetwork | None:
    """Return the network a plan begins with, which is copied into the folder first."""
    if not plan.start:
        return None
    if not (folder.start / CARD_FILE).exists():
        if source is None:
            raise ModelError(
                f"There is no network '{plan.start}' to begin with: choose another one, or begin "
                "with none."
            )
        read_card(source)
        for name in (WEIGHTS_FILE, CARD_FILE):
            with replacing(folder.start / name) as part:
                shutil.copyfile(source / name, part)
    return _loaded_start(plan, folder, None)


def _loaded_start(
    plan: RetrainingPlan, folder: RunFolder, source: Path | None
) -> StartNetwork | None:
    if not plan.start:
        return None
    place = folder.start if (folder.start / CARD_FILE).exists() or source is None else source
    card = read_card(place)
    if card.kind != COMPACT_SET:
        raise ParameterError(
            f"A training can't begin with the network '{plan.start}': choose one of the kind "
            "compact set."
        )
    digest = checksum(place / WEIGHTS_FILE)
    return StartNetwork(plan.start, digest, card.material_system, load_compact(place))
