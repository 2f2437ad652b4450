"""Where the beam really is while a frame is scanned: drift, row jitter, flyback."""

import math
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.stem.imperfections import Imperfections
from heteroagg_gui.stem.microscope import Frame
from heteroagg_gui.stem.noise import bilinear, is_flat


@dataclass(frozen=True, eq=False)
class BeamPath:
    """How far the beam is from where the pixel grid says, in pixels of the specimen.

    Parameters
    ----------
    down, right
        Displacement of each scan line along y and x, shape (height,).
    settling
        Displacement along x at each place in a line, shape (width,).
    """

    down: NDArray[np.float64]
    right: NDArray[np.float64]
    settling: NDArray[np.float64]

    @property
    def margin(self) -> int:
        """Pixels around the frame that the beam may visit."""
        across = float(np.abs(self.right).max() + np.abs(self.settling).max())
        return math.ceil(max(across, float(np.abs(self.down).max()))) + 1


def drift_at(rows: NDArray[np.float64], drift_nm: float, frame: Frame) -> NDArray[np.float64]:
    """Return the way in nm of the specimen along one axis when a row is scanned.

    Parameters
    ----------
    rows
        Rows of the frame in pixels.
    drift_nm
        Way from the first to the last row; it is 0 in the middle of the frame.
    frame
        The pixel grid.
    """
    return np.asarray(drift_nm * (rows / max(1, frame.height - 1) - 0.5))


def beam_path(imperfections: Imperfections, frame: Frame, rng: np.random.Generator) -> BeamPath:
    """Draw the beam's way over the specimen for one frame.

    Parameters
    ----------
    imperfections
        Drift, jitter and flyback.
    frame
        The pixel grid; lines are scanned from left to right, from the top to the bottom.
    rng
        Source of randomness; one normal number per line is drawn if there is jitter.

    Raises
    ------
    ParameterError
        If the flyback distortion turns the beam back, or the beam leaves the field.
    """
    decay_nm = imperfections.flyback_share * frame.width * frame.pixel_size_nm
    if imperfections.flyback_nm >= decay_nm:
        raise ParameterError(
            f"A flyback distortion of {imperfections.flyback_nm:g} nm that decays within "
            f"{decay_nm:g} nm turns the beam back: choose a smaller one or a longer decay."
        )
    lines = np.arange(frame.height, dtype=np.float64)
    right = -drift_at(lines, imperfections.drift_x_nm, frame)
    if imperfections.row_jitter_nm > 0:
        right += imperfections.row_jitter_nm * rng.standard_normal(frame.height)
    along_nm = np.arange(frame.width) * frame.pixel_size_nm
    path = BeamPath(
        -drift_at(lines, imperfections.drift_y_nm, frame) / frame.pixel_size_nm,
        right / frame.pixel_size_nm,
        imperfections.flyback_nm * np.exp(-along_nm / decay_nm) / frame.pixel_size_nm,
    )
    if path.margin > max(frame.height, frame.width):
        raise ParameterError(
            "Drift, row jitter and flyback take the beam out of the field: "
            "choose smaller values or a larger frame."
        )
    return path


@njit(cache=True, nogil=True)
def read_along(
    specimen: NDArray[np.float64],
    margin: int,
    down: NDArray[np.float64],
    right: NDArray[np.float64],
    settling: NDArray[np.float64],
    sigma_pixels: float,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Read the intensities where the beam is, bilinear between pixel centres.

    Parameters
    ----------
    specimen
        Noise-free intensities of the frame with a margin all round.
    margin
        Pixels of that margin.
    down, right, settling
        See :class:`BeamPath`.
    sigma_pixels
        Standard deviation of the scan noise along each axis, in pixels; 0 for none.
    rng
        Source of randomness; where the specimen is flat around the beam nothing is drawn.

    Returns
    -------
    NDArray
        Shape (height, width).
    """
    image = np.empty((right.size, settling.size))
    for i in range(right.size):
        for j in range(settling.size):
            row = margin + i + down[i]
            column = margin + j + right[i] + settling[j]
            if sigma_pixels > 0.0 and not is_flat(specimen, round(row), round(column)):
                row += sigma_pixels * rng.standard_normal()
                column += sigma_pixels * rng.standard_normal()
            image[i, j] = bilinear(specimen, row, column)
    return image
