"""What is open: one frozen value that every panel and command reads."""

import itertools
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.core.prediction import Prediction
from heteroagg_gui.shadow.population import ShadowPopulation
from heteroagg_gui.workflow.saved_image import SavedImage

_keys = itertools.count(1)


def new_key() -> int:
    """Return a number that no other item of this process has."""
    return next(_keys)


class ItemStatus(Enum):
    """State of one file in the batch."""

    READING = "reading"
    READY = "ok"
    UNCALIBRATED = "pixel size missing"
    REFUSED = "refused"


@dataclass(frozen=True, eq=False)
class BatchItem:
    """One file of the batch.

    Parameters
    ----------
    key
        Number that names the item for as long as the session lives.
    path
        The file; None for an image simulated in the program.
    name
        File name or description.
    status, reason
        What became of it, and the sentence that says why where it was refused.
    micrograph
        The image once it is read; a pixel size the user gave is already in it.
    included
        Whether it takes part in the prediction.
    group
        Batches of different samples are kept apart by the group's name.
    saved
        What the session file says of the image, until another pixel size is given; None
        for an image that came otherwise.
    """

    key: int
    path: Path | None
    name: str
    status: ItemStatus = ItemStatus.READING
    reason: str | None = None
    micrograph: Micrograph | None = None
    included: bool = True
    group: str = "A"
    saved: SavedImage | None = None

    @property
    def pixel_size_nm(self) -> float | None:
        """Edge of a pixel in nm, of the image or of the one that is not read yet."""
        known = self.micrograph if self.micrograph is not None else self.saved
        return known.pixel_size_nm if known is not None else None

    @property
    def usable(self) -> bool:
        """Whether the item can be given to a network."""
        return self.included and self.status is ItemStatus.READY


@dataclass(frozen=True)
class Settings:
    """Choices that change results.

    Parameters
    ----------
    model
        Folder name of the active network; empty for the default one.
    device
        Where networks run: auto, cpu, cuda or mps.
    n_shadows
        Digital shadows to draw.
    seed
        Seed of the shadows.
    from_distribution
        Draw the shadows from the predicted distribution of theta instead of its centre.
    size_range
        Fewest and most particles of an aggregate.
    radius_mean_nm, radius_sd_nm
        Mean and standard deviation of the log-normal particle radius in nm.
    """

    model: str = ""
    device: str = "auto"
    n_shadows: int = 800
    seed: int = 0
    from_distribution: bool = False
    size_range: tuple[int, int] = (20, 80)
    radius_mean_nm: float = 12.0
    radius_sd_nm: float = 3.0


Inputs = tuple[tuple[int, int, Micrograph | SavedImage | None], ...]
"""Per image the number of its group, counted from 0 as they come, its key and itself.

An image of a session file is the same before it is read, afterwards, and while its file can't
be found.
"""


@dataclass(frozen=True, eq=False)
class SessionFile:
    """The file that a session was saved to or opened from.

    Parameters
    ----------
    path
        The file.
    state
        What it holds.
    """

    path: Path
    state: "SessionState"


@dataclass(frozen=True, eq=False)
class SessionState:
    """Everything that is open.

    ``prediction_keys`` names the items the prediction was made from, in the order of its
    per-image estimates. A prediction or a population whose input changed is dropped,
    never shown beside other data. ``shadows_of_given_theta`` marks a population drawn
    with a theta the user gave, which belongs to no prediction. ``file`` is the session file,
    if there is one.
    """

    items: tuple[BatchItem, ...] = ()
    settings: Settings = field(default_factory=Settings)
    prediction: Prediction | None = None
    prediction_keys: tuple[int, ...] = ()
    shadows: ShadowPopulation | None = None
    shadows_of_given_theta: bool = False
    selected_key: int | None = None
    selected_shadow: int = 0
    file: SessionFile | None = None

    @property
    def selected_item(self) -> BatchItem | None:
        """The item shown in the micrograph view."""
        return next((item for item in self.items if item.key == self.selected_key), None)

    @property
    def usable_items(self) -> tuple[BatchItem, ...]:
        """The items that can be given to a network, of all groups."""
        return tuple(item for item in self.items if item.usable)

    @property
    def groups(self) -> tuple[str, ...]:
        """The names of the groups in the order of their first items."""
        return tuple(dict.fromkeys(item.group for item in self.items))

    def usable_in(self, group: str) -> tuple[BatchItem, ...]:
        """Return the items a prediction for this group would be made from."""
        return tuple(item for item in self.usable_items if item.group == group)

    def inputs_beside(self, keys: tuple[int, ...]) -> Inputs:
        """Return the usable images of the groups that these items belong to.

        A prediction made from ``keys`` stands for as long as this does not change; the
        name of a group may.
        """
        groups = {item.group for item in self.items if item.key in keys}
        chosen = [
            item
            for item in self.items
            if (not keys or item.group in groups) and (item.usable or _stands_in(item, keys))
        ]
        numbers = {name: k for k, name in enumerate(dict.fromkeys(i.group for i in chosen))}
        return tuple(
            (numbers[item.group], item.key, item.saved or item.micrograph) for item in chosen
        )

    def change_items(
        self, keys: Collection[int], change: Callable[[BatchItem], BatchItem]
    ) -> "SessionState":
        """Return a state in which the items of these keys went through ``change``."""
        return self.with_items(
            tuple(change(item) if item.key in keys else item for item in self.items)
        )

    def with_items(self, items: tuple[BatchItem, ...]) -> "SessionState":
        """Return a state with these items, dropping results that no longer belong to them."""
        if same_objects(items, self.items):
            return self
        changed = replace(self, items=items)
        keys = self.prediction_keys
        if same_inputs(self.inputs_beside(keys), changed.inputs_beside(keys)):
            return changed
        return changed.without_prediction()

    def without_prediction(self) -> "SessionState":
        """Return a state without the prediction and the shadows drawn from it."""
        free = self.shadows_of_given_theta
        return replace(
            self, prediction=None, prediction_keys=(), shadows=self.shadows if free else None
        )


def _stands_in(item: BatchItem, keys: tuple[int, ...]) -> bool:
    """Return whether a prediction was made from an image that is not at hand just now."""
    return item.included and item.saved is not None and item.key in keys


def same_objects(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Return whether two tuples hold the very same objects."""
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))


def same_inputs(one: Inputs, other: Inputs) -> bool:
    """Return whether the same images, with the same calibration, are given to a network."""
    return len(one) == len(other) and all(
        a[:2] == b[:2] and a[2] is b[2] for a, b in zip(one, other, strict=True)
    )
