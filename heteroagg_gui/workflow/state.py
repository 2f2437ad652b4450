"""What is open: one frozen value that every panel and command reads."""

from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.core.prediction import Prediction
from heteroagg_gui.shadow.population import ShadowPopulation


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
    """

    key: int
    path: Path | None
    name: str
    status: ItemStatus = ItemStatus.READING
    reason: str | None = None
    micrograph: Micrograph | None = None
    included: bool = True
    group: str = "A"

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
    n_shadows: int = 800
    seed: int = 0
    from_distribution: bool = False
    size_range: tuple[int, int] = (20, 80)
    radius_mean_nm: float = 12.0
    radius_sd_nm: float = 3.0


@dataclass(frozen=True, eq=False)
class SessionState:
    """Everything that is open.

    ``prediction_keys`` names the items the prediction was made from, in the order of its
    per-image estimates. A prediction or a population whose input changed is dropped,
    never shown beside other data.
    """

    items: tuple[BatchItem, ...] = ()
    settings: Settings = field(default_factory=Settings)
    prediction: Prediction | None = None
    prediction_keys: tuple[int, ...] = ()
    shadows: ShadowPopulation | None = None
    selected_key: int | None = None
    selected_shadow: int = 0

    @property
    def selected_item(self) -> BatchItem | None:
        """The item shown in the micrograph view."""
        return next((item for item in self.items if item.key == self.selected_key), None)

    @property
    def usable_items(self) -> tuple[BatchItem, ...]:
        """The items a prediction would be made from."""
        return tuple(item for item in self.items if item.usable)

    def with_items(self, items: tuple[BatchItem, ...]) -> "SessionState":
        """Return a state with these items, dropping results that no longer belong to them."""
        usable = tuple((i.key, i.micrograph) for i in items if i.usable)
        before = tuple((i.key, i.micrograph) for i in self.usable_items)
        if len(usable) == len(before) and all(
            a[0] == b[0] and a[1] is b[1] for a, b in zip(usable, before, strict=True)
        ):
            return replace(self, items=items)
        return replace(self, items=items, prediction=None, prediction_keys=(), shadows=None)
