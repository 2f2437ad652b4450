"""From a trained trunk to a network: sets, set heads, calibration and novelty."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from torch import Tensor

from heteroagg_gui.core.progress import Progress, no_progress, part_of
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.learning.appearance import training_appearance, usual_range
from heteroagg_gui.learning.compact import CompactNetwork
from heteroagg_gui.learning.image_read_out import train_image_read_out
from heteroagg_gui.learning.makers import IN_THIS_PROCESS, Makers
from heteroagg_gui.learning.novelty import fit_novelty
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.learning.retraining.set_tables import kept_tables
from heteroagg_gui.learning.retraining.stage_times import CALIBRATION_IMAGES
from heteroagg_gui.learning.set_data import (
    Describer,
    ImageSets,
    SetTable,
    random_thetas,
    single_images,
)
from heteroagg_gui.learning.set_head import SetHead
from heteroagg_gui.learning.train_head import HeadPlan, calibrate, train_head
from heteroagg_gui.learning.training.checkpoint import (
    Checkpoint,
    read_checkpoint,
    write_checkpoint,
)
from heteroagg_gui.learning.trunk import TrunkSize

TRAINING_SEED = 11
CALIBRATION_SEED = 12
TEST_SEED = 13
SHORT_SEED = 15
SEED_STEP = 1000
MOST_MEASURED = 1500
"""Images whose appearance is measured, at most."""


@dataclass(frozen=True)
class SetWork:
    """Where sets are described, and by whom.

    Parameters
    ----------
    describers
        The new trunk first, then those it is compared with.
    folder
        Where tables are kept, for this state of the trunk alone.
    makers, device, progress
        As for :func:`~.set_tables.kept_tables`.
    """

    describers: Sequence[Describer]
    folder: Path
    makers: Makers = IN_THIS_PROCESS
    device: str = "cpu"
    progress: Progress = no_progress

    def tables(
        self, thetas: Sequence[Theta], per_set: int, ranges: TrainingRanges, seed: int
    ) -> list[SetTable]:
        """Return a table of sets for each describer."""
        name = f"{seed}-{len(thetas)}x{per_set}-{len(self.describers)}"
        return kept_tables(
            self.describers,
            ImageSets(thetas, per_set, ranges, seed),
            self.folder / name,
            makers=self.makers,
            device=self.device,
            progress=self.progress,
        )

    def over(self, start: float, stop: float) -> "SetWork":
        """Return the same for a part of the progress."""
        return replace(self, progress=part_of(self.progress, start, stop))


@dataclass(frozen=True)
class ReadOutPlan:
    """Amounts that the set heads are made from.

    Parameters
    ----------
    ranges
        What the sets are drawn from.
    training_sets, per_set
        Training sets, and images of each.
    calibration_sets
        Sets that the stated uncertainty is calibrated on.
    head
        Training of the set heads.
    seed
        Another number gives other sets.
    short_sets, per_short_set
        Further training sets, and images of each: many values of theta cost less with few
        images each, and long sets are needed for what many images say.
    """

    ranges: TrainingRanges
    training_sets: int
    per_set: int
    calibration_sets: int
    head: HeadPlan
    seed: int = 0
    short_sets: int = 0
    per_short_set: int = 32


@dataclass(frozen=True)
class SetTables:
    """Descriptions of sets.

    Parameters
    ----------
    learnt
        Training sets; those of a table have equally many images.
    held_out
        Others, for the calibration.
    """

    learnt: tuple[SetTable, ...]
    held_out: SetTable


def tables_of(plan: ReadOutPlan, work: SetWork) -> SetTables:
    """Describe the training sets and the held-out ones for the calibration."""
    ranges = plan.ranges
    held_images = min(CALIBRATION_IMAGES, plan.per_set)
    wanted = [
        (plan.training_sets, plan.per_set, TRAINING_SEED),
        (plan.short_sets, plan.per_short_set, SHORT_SEED),
        (plan.calibration_sets, held_images, CALIBRATION_SEED),
    ]
    images = sum(sets * per_set for sets, per_set, _ in wanted)
    found, done = [], 0
    for sets, per_set, number in wanted:
        if not sets:
            continue
        seed = SEED_STEP * plan.seed + number
        part = work.over(done / images, (done + sets * per_set) / images)
        done += sets * per_set
        found += part.tables(random_thetas(ranges, sets, seed), per_set, ranges, seed)
    return SetTables(tuple(found[:-1]), found[-1])


def kept_heads(
    tables: Sequence[SetTable], plan: HeadPlan, folder: Path, progress: Progress = no_progress
) -> list[SetHead]:
    """Train the ensemble; heads that are finished already are kept.

    Parameters
    ----------
    tables
        Descriptions of training sets.
    plan
        Length and rates.
    folder
        Where finished heads are kept, for these sets and this plan alone.
    progress
        Receives the share of all updates done.
    """
    heads = []
    for member in range(plan.members):
        part = part_of(progress, member / plan.members, (member + 1) / plan.members)
        path = folder / f"head-{member}.safetensors"
        if not path.exists():
            trained: dict[str, Tensor] = train_head(tables, plan, member, part).state_dict()
            write_checkpoint(path, Checkpoint(trained, {}))
        head = SetHead(tables[0].descriptions.shape[2])
        head.load_state_dict(read_checkpoint(path).tensors)
        heads.append(head.eval())
        part(1.0, f"Training set head {member + 1} of {plan.members}")
    return heads


def composed(
    describer: Describer,
    size: TrunkSize,
    heads: list[SetHead],
    tables: SetTables,
    plan: ReadOutPlan,
) -> CompactNetwork:
    """Calibrate the heads, measure what is usual, and return the whole network.

    Parameters
    ----------
    describer, size
        The trunk.
    heads
        Trained set heads; their calibration is set.
    tables
        Descriptions of sets.
    plan
        What they were made from.
    """
    learnt, held_out = single_images(tables.learnt), tables.held_out
    sets, images = held_out.descriptions.shape[:2]
    calibrate(heads, held_out, min(CALIBRATION_IMAGES, images))
    novelty = fit_novelty(learnt.descriptions.flatten(0, 1), held_out.descriptions.flatten(0, 1))
    count = min(MOST_MEASURED, sets * images)
    looks = training_appearance(plan.ranges, count, SEED_STEP * plan.seed + CALIBRATION_SEED)
    updates = max(1, plan.head.steps // 2)
    return CompactNetwork(
        describer.trunk,
        describer.scales,
        heads,
        novelty,
        usual_range(looks),
        train_image_read_out(learnt, updates, plan.head.seed),
        size,
    )
