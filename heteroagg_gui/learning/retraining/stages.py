"""The parts of a retraining, one after another; each goes on where it was interrupted."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from heteroagg_gui.core.errors import Cancelled
from heteroagg_gui.core.processor import cores
from heteroagg_gui.core.progress import Progress
from heteroagg_gui.learning.compact import CompactNetwork
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.learning.retraining.curve_work import curve_thickness_nm
from heteroagg_gui.learning.retraining.evaluation_stage import (
    OWN,
    PAPER,
    figures_on,
    kinds_of_tests,
    tables_for_tests,
)
from heteroagg_gui.learning.retraining.figures_page import write_page
from heteroagg_gui.learning.retraining.network_card import appear_whole, compact_card, trained_on
from heteroagg_gui.learning.retraining.own_materials import OwnSystem, computed
from heteroagg_gui.learning.retraining.plan import RetrainingPlan
from heteroagg_gui.learning.retraining.plan_file import plan_document
from heteroagg_gui.learning.retraining.read_out_stage import (
    ReadOutPlan,
    SetTables,
    SetWork,
    composed,
    kept_heads,
    tables_of,
)
from heteroagg_gui.learning.retraining.record import Record
from heteroagg_gui.learning.retraining.run_folder import RunFolder
from heteroagg_gui.learning.retraining.stage_times import (
    CURVES,
    EVALUATION,
    HEADS,
    SETS,
    TRAINING,
    described_images,
)
from heteroagg_gui.learning.retraining.trunk_stage import (
    Place,
    SampleImages,
    begun,
    describer_of,
    errors_in,
    train_from,
)
from heteroagg_gui.learning.set_data import Describer
from heteroagg_gui.learning.train_head import HeadPlan
from heteroagg_gui.learning.train_trunk import ENDLESS, Start, TrunkPlan, TrunkTraining
from heteroagg_gui.learning.training.loop import Pace
from heteroagg_gui.learning.trunk import TrunkSize

SAVED_EVERY_S = 60.0
ROW_EVERY_S = 10.0
SAMPLES_EVERY_S = 60.0
LONGEST_WARMUP = 100

Card = dict[str, Any]


@dataclass(frozen=True)
class StartNetwork:
    """The network that a training begins with.

    Parameters
    ----------
    name, sha256
        What it is called, and the checksum of its weights.
    system
        Its material system.
    network
        The network itself.
    """

    name: str
    sha256: str
    system: str
    network: CompactNetwork


@dataclass(frozen=True)
class Job:
    """A plan, and where and with what it is carried out.

    Parameters
    ----------
    plan
        What is to be made.
    folder
        Where.
    needed
        Material system of its own, if it needs one.
    ranges
        What images are drawn from, that system included.
    start
        The network that it begins with.
    place
        Device, makers of images and team.
    finish
        Whether the trunk is taken as it is.
    """

    plan: RetrainingPlan
    folder: RunFolder
    needed: OwnSystem | None
    ranges: TrainingRanges
    start: StartNetwork | None
    place: Place
    finish: bool = False


def carry_out(job: Job, record: Record) -> Card:
    """Do all that is not done yet, as the only process or the leading one.

    Returns
    -------
    dict
        The card of the network.
    """
    compute_curves(job, record)
    job.place.team.agreed(1.0, job.place.torch_device)
    training = train(job, record)
    place = replace(job.place, makers=replace(job.place.makers, pulse=record.pulse))
    job = replace(job, place=place)
    read_out, tables = describe(job, training, record)
    network = assemble(training, read_out, tables, record)
    return evaluate(job, training, network, record)


def help_training(job: Job) -> None:
    """Do what a process does that does not lead: share the updates of the trunk."""
    job.place.team.agreed(1.0, job.place.torch_device)
    training = begun(trunk_plan(job), job.folder.work, job.place, _start_of(job))
    if not job.finish:
        train_from(training, progress=_agreed_stop(job, training, None))


def trunk_plan(job: Job) -> TrunkPlan:
    """Return how the trunk is trained."""
    effort = job.plan.effort
    return TrunkPlan(
        steps=effort.updates if effort.minutes is None else ENDLESS,
        batch=effort.batch,
        batches=effort.batches,
        learning_rate=effort.learning_rate,
        warmup=max(1, min(LONGEST_WARMUP, effort.updates // 10)),
        seed=job.plan.seed,
        size=job.start.network.size if job.start else TrunkSize(),
        ranges=job.ranges,
        seconds=None if effort.minutes is None else 60.0 * effort.minutes,
    )


def compute_curves(job: Job, record: Record) -> None:
    """Put the material system into the folder, with reference curves that are missing."""
    if job.needed is None:
        return
    if not job.needed.tables:
        computed(job.needed, job.folder.materials, job.ranges.microscope)
        return
    record.begin(CURVES)
    computed(
        job.needed,
        job.folder.materials,
        job.ranges.microscope,
        thickness_nm=curve_thickness_nm(job.ranges),
        jobs=max(cores(), job.place.makers.processes),
        progress=record.report,
    )
    record.end()


def train(job: Job, record: Record) -> TrunkTraining:
    """Train the trunk, or take it as it is."""
    record.begin(TRAINING)
    training = begun(trunk_plan(job), job.folder.work, job.place, _start_of(job))
    record.images = training.step * training.task.images_per_update
    if training.step:
        record.event(
            "resumed", update=training.step, images=record.images, seconds=training.seconds
        )
    if not job.finish:
        report = _Rows(job, training, record)
        if training.step == 0:
            report.show_samples()
        train_from(
            training,
            save_every_s=SAVED_EVERY_S,
            report=report,
            progress=_agreed_stop(job, training, record),
            pace=Pace(record.clock, ROW_EVERY_S),
        )
    record.end()
    return training


def _start_of(job: Job) -> Start | None:
    return Start(job.start.network.trunk, job.start.network.scales) if job.start else None


def _agreed_stop(job: Job, training: TrunkTraining, record: Record | None) -> Progress:
    """Return the progress of the training; in a team all processes stop at the same update."""
    team = job.place.team

    def report(fraction: float, message: str) -> None:
        if record is not None:
            record.images = training.step * training.task.images_per_update
            record.count(record.images)
            record.note(fraction, message)
        wished = record is not None and record.stop_is_wished()
        if team.agreed(float(wished), training.device) > 0.0:
            raise Cancelled

    return report


class _Rows:
    """Writes a row of the learning curves, and now and then what is said of some images."""

    def __init__(self, job: Job, training: TrunkTraining, record: Record) -> None:
        self._training = training
        self._record = record
        self._samples = SampleImages(job.ranges, job.plan.seed, job.folder.samples)
        self._root = job.folder.path
        self._shown = record.clock()

    def __call__(self, row: dict[str, Any]) -> None:
        self._record.event(
            "row",
            update=row["step"],
            images=row["images"],
            seconds=round(row["seconds"], 2),
            loss=round(row["total"], 5),
            errors={name: round(value, 5) for name, value in errors_in(row).items()},
        )
        over = self._training.step >= self._training.plan.steps
        if over or self._record.clock() - self._shown > SAMPLES_EVERY_S:
            self.show_samples()

    def show_samples(self) -> None:
        """Report truth and prediction of the same few images."""
        self._shown = self._record.clock()
        found = self._samples.predicted(self._training)
        for path, (truth, predicted) in zip(self._samples.paths, found, strict=True):
            self._record.event(
                "sample",
                update=self._training.step,
                image=path.relative_to(self._root).as_posix(),
                truth=truth,
                predicted=predicted,
            )


def read_out_plan(job: Job) -> ReadOutPlan:
    """Return what the set heads are made from."""
    effort = job.plan.effort
    return ReadOutPlan(
        job.ranges,
        effort.training_sets,
        effort.images_per_set,
        effort.calibration_sets,
        HeadPlan(members=effort.heads, steps=effort.head_updates, seed=job.plan.seed),
        seed=job.plan.seed,
    )


@dataclass(frozen=True)
class ReadOut:
    """The trunk in the precision it is stored in, and the tables of the set heads."""

    plan: ReadOutPlan
    describer: Describer
    work: SetWork


def describe(job: Job, training: TrunkTraining, record: Record) -> tuple[ReadOut, SetTables]:
    """Describe the sets that the heads learn from and are calibrated on."""
    record.begin(SETS)
    plan = read_out_plan(job)
    describer = describer_of(training)
    work = SetWork(
        (describer,),
        job.folder.work / f"step-{training.step}",
        job.place.makers,
        job.place.device,
        _counted(record, described_images(job.plan.effort)),
    )
    tables = tables_of(plan, work)
    record.end()
    return ReadOut(plan, describer, work), tables


def _counted(record: Record, images: int) -> Progress:
    def report(fraction: float, message: str) -> None:
        record.count(round(fraction * images))
        record.report(fraction, message)

    return report


def assemble(
    training: TrunkTraining, read_out: ReadOut, tables: SetTables, record: Record
) -> CompactNetwork:
    """Train and calibrate the set heads and put the network together."""
    record.begin(HEADS)
    folder = read_out.work.folder / "heads"
    heads = kept_heads(tables.learnt, read_out.plan.head, folder, record.report)
    network = record.meanwhile(
        partial(composed, read_out.describer, training.plan.size, heads, tables, read_out.plan)
    )
    record.end()
    return network


def evaluate(job: Job, training: TrunkTraining, network: CompactNetwork, record: Record) -> Card:
    """Measure the network, and the one it began with on the same images; write the result."""
    record.begin(EVALUATION)
    compared = {job.plan.name: network}
    if job.start is not None and job.start.system == job.ranges.system:
        place = job.place
        job.start.network.trunk.to(place.device)
        scales = job.start.network.scales
        scales.mean, scales.deviation = (
            scales.mean.to(place.device),
            scales.deviation.to(place.device),
        )
        name = job.start.name
        compared[name if name != job.plan.name else f"{name} (start)"] = job.start.network
    tests = {
        kind: _tested(job, kind, compared, training.step, record)
        for kind in kinds_of_tests(job.ranges)
    }
    card = _card(job, training, tests, record)
    write_page(card, tests, job.folder.report)
    record.pulse()
    card = appear_whole(network, card, job.folder.network)
    record.end()
    return card


def _tested(
    job: Job, kind: str, compared: dict[str, CompactNetwork], step: int, record: Record
) -> dict[str, Any]:
    kinds = kinds_of_tests(job.ranges)
    effort, place = job.plan.effort, job.place
    begin, end = kinds.index(kind) / len(kinds), (kinds.index(kind) + 1) / len(kinds)
    work = SetWork(
        [Describer(network.trunk, network.scales) for network in compared.values()],
        job.folder.work / f"step-{step}" / f"test-{kind}",
        place.makers,
        place.device,
        _counted(record, len(kinds) * effort.test_sets * effort.test_images),
    )
    tables = tables_for_tests(
        kind, job.ranges, effort.test_sets, effort.test_images, work.over(begin, end)
    )
    found = {}
    for (name, network), table in zip(compared.items(), tables, strict=True):
        found[name] = record.meanwhile(partial(figures_on, network, table, kind))
    return found


def _card(
    job: Job, training: TrunkTraining, tests: dict[str, dict[str, Any]], record: Record
) -> Card:
    own = job.plan.name
    figures: dict[str, Any] = dict(tests[OWN][own])
    if PAPER in tests:
        figures["paper_grid"] = tests[PAPER][own]
    before = {
        kind: next((entry for name, entry in found.items() if name != own), None)
        for kind, found in tests.items()
    }
    if any(before.values()):
        figures["start"] = before
    images = training.step * training.task.images_per_update
    seen = trained_on(images, read_out_plan(job))
    start = None
    if job.start is not None:
        start = {"name": job.start.name, "sha256": job.start.sha256, "system": job.start.system}
    made = {
        "trunk_steps": training.step,
        "trunk_seconds": round(training.seconds),
        "heads_and_evaluation_seconds": round(max(0.0, record.seconds - training.seconds)),
        "seconds": round(record.seconds),
        "stage_seconds": {stage.name: round(stage.seconds) for stage in record.times.stages},
        "device": str(training.device),
        "complete": training.step >= training.plan.steps or not job.finish,
        "seed": job.plan.seed,
    }
    card = compact_card(job.plan.title, seen, made, figures)
    return {**card, "name": own, "plan": plan_document(job.plan), "start": start}
