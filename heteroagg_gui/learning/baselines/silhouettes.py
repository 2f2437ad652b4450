"""What the classical methods measure in an image: outline, size and brightness."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.errors import MicrographError
from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.learning.baselines.box_counting import BOX_SIZES_NM, box_dimension
from heteroagg_gui.learning.dataset.reading import DataSet
from heteroagg_gui.learning.examples import NETWORK_PIXEL_NM
from heteroagg_gui.micrograph.foreground import foreground_mask
from heteroagg_gui.micrograph.prepare import LEVELS, prepare

FRACTION_EDGES = np.geomspace(2e-4, 1.0, LEVELS + 1)
BOX_SIZES = tuple(round(size / NETWORK_PIXEL_NM) for size in BOX_SIZES_NM)
FAINT_LEVEL = 31
SURROUNDINGS_PIXELS = 20
NOTHING_SEEN = "Nothing stands out from the background: check the contrast of the image."

Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Silhouettes:
    """Measurements on n images.

    Parameters
    ----------
    area_nm2
        Projected area of the aggregate in nm^2, shape (n,).
    gyration_nm
        Radius of gyration of the filled outline in nm, shape (n,).
    box_dimension
        Box-counting dimension of the filled outline, shape (n,).
    relative
        Area in nm^2 at each of 256 levels of the prepared image (square root of the image's
        own range), inside the outline, shape (n, 256).
    absolute
        Area in nm^2 by intensity as a fraction of the incident beam, in bins between
        ``FRACTION_EDGES``, shape (n, 256); zeros where intensities are in other units.
    """

    area_nm2: Reals
    gyration_nm: Reals
    box_dimension: Reals
    relative: Reals
    absolute: Reals

    def __len__(self) -> int:
        return len(self.area_nm2)

    def chosen(self, indices: NDArray[np.int64]) -> "Silhouettes":
        """Return the measurements of some of the images."""
        return Silhouettes(*(getattr(self, field.name)[indices] for field in fields(self)))


def measure(micrograph: Micrograph, *, absolute: bool = False) -> Silhouettes:
    """Measure one micrograph.

    Parameters
    ----------
    micrograph
        Calibrated image of one aggregate.
    absolute
        Whether intensities are fractions of the incident beam.

    Raises
    ------
    MicrographError
        If the image can't be prepared or shows nothing.
    """
    if micrograph.pixel_size_nm is not None and np.ptp(micrograph.pixels) == 0:
        raise MicrographError(NOTHING_SEEN)
    prepared = prepare(micrograph, NETWORK_PIXEL_NM)
    mask = foreground_mask((prepared.levels / (LEVELS - 1)) ** 2)
    if not mask.any():
        raise MicrographError(NOTHING_SEEN)
    rows, columns = np.nonzero(mask)
    relative = np.bincount(prepared.levels[mask], minlength=LEVELS) * NETWORK_PIXEL_NM**2
    fractions: Reals = np.zeros(LEVELS)
    if absolute and micrograph.pixel_size_nm is not None:
        inside = np.searchsorted(FRACTION_EDGES, micrograph.pixels.ravel(), side="right") - 1
        counts = np.bincount(np.clip(inside, 0, LEVELS - 1), minlength=LEVELS)
        fractions = counts.astype(float) * micrograph.pixel_size_nm**2
    return Silhouettes(
        np.array([rows.size * NETWORK_PIXEL_NM**2]),
        np.array([np.sqrt(rows.var() + columns.var()) * NETWORK_PIXEL_NM]),
        np.array([box_dimension(mask, BOX_SIZES)]),
        relative[None].astype(float),
        fractions[None].astype(float),
    )


def joined(parts: Iterable[Silhouettes]) -> Silhouettes:
    """Join measurements in their order."""
    found = list(parts)
    return Silhouettes(
        *(
            np.concatenate([getattr(part, field.name) for part in found])
            for field in fields(Silhouettes)
        )
    )


def measure_data(
    data: DataSet, indices: NDArray[np.int64], progress: Progress = no_progress
) -> Silhouettes:
    """Measure images of a data set, cut to the surroundings of the aggregate.

    Parameters
    ----------
    data
        The data set; its intensities are fractions of the incident beam.
    indices
        Which images, shape (k,).
    progress
        Receives the share of images done.
    """

    def parts() -> Iterator[Silhouettes]:
        for done, index in enumerate(indices, start=1):
            yield measure(_cut_out(data, int(index)), absolute=True)
            progress(done / len(indices), "Measuring outlines")

    return joined(parts())


def _cut_out(data: DataSet, index: int) -> Micrograph:
    levels = data.levels(np.array([index]))[0]
    bright = levels > FAINT_LEVEL
    rows, columns = np.flatnonzero(bright.any(axis=1)), np.flatnonzero(bright.any(axis=0))
    cut = levels[
        max(0, rows[0] - SURROUNDINGS_PIXELS) : rows[-1] + SURROUNDINGS_PIXELS + 1,
        max(0, columns[0] - SURROUNDINGS_PIXELS) : columns[-1] + SURROUNDINGS_PIXELS + 1,
    ]
    scale = np.float32(data.full_scale[index])
    pixels = scale * (cut.astype(np.float32) / np.float32(LEVELS - 1)) ** 2
    return Micrograph(pixels, data.plan.frame.pixel_size_nm, f"image {index}")
