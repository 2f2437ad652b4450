"""Other aggregates that reach into the field of view from its edges."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.stem.microscope import Frame
from heteroagg_gui.stem.projection import BLUR_REACH

ROUNDING_PIXELS = 2.0
"""A blurred disc ends at most so far beyond its radius and the reach of the blur."""

LEAST_DEPTH_PIXELS = 1.0


@dataclass(frozen=True)
class _Entrance:
    """An edge of the frame, seen inwards: along ``axis``, ``sign`` 1 from its low end.

    The edge is at 0 and the rectangle around the aggregate begins at ``gap``, in pixels.
    """

    axis: int
    sign: int
    edge: float
    gap: float

    def depths(self, spheres: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(self.sign * (spheres[:, self.axis] - self.edge))

    def deepest(self, spheres: NDArray[np.float64]) -> float:
        """How far the discs' tip may be inside with the blur before the rectangle."""
        tips = self.depths(spheres) + spheres[:, 2]
        halo = tips + np.ceil(BLUR_REACH * spheres[:, 3]) + ROUNDING_PIXELS
        length = tips.max() - (tips - 2 * spheres[:, 2]).min()
        return float(min(self.gap - (halo.max() - tips.max()), length))


def _entrances(own: NDArray[np.float64], frame: Frame) -> list[_Entrance]:
    found = []
    for axis, side in enumerate((frame.height, frame.width)):
        low = float((own[:, axis] - own[:, 2]).min())
        high = float((own[:, axis] + own[:, 2]).max())
        found.append(_Entrance(axis, 1, -0.5, low + 0.5))
        found.append(_Entrance(axis, -1, side - 0.5, side - 0.5 - high))
    return found


def place_neighbours(
    own: NDArray[np.float64],
    others: Sequence[NDArray[np.float64]],
    frame: Frame,
    rng: np.random.Generator,
) -> Iterator[NDArray[np.float64]]:
    """Move aggregates so that each reaches over an edge of the frame.

    Parameters
    ----------
    own
        Row, column, radius and blur of the aggregate's spheres in pixels, shape (N, 4).
    others
        The same of each neighbour, wherever it is.
    frame
        The pixel grid.
    rng
        Source of randomness; three numbers per neighbour.

    Yields
    ------
    NDArray
        Spheres of a neighbour, moved to a random one of the edges that have room for it
        and inwards by a random part of that room: its tip is in the frame, its other end
        is not, and nothing of it, blur included, is in the rectangle around the aggregate's
        own spheres. No sphere at all for a neighbour that no edge has room for.
    """
    entrances = _entrances(own, frame)
    for spheres in others:
        choice, inwards, along = rng.random(3)
        open_ones = [e for e in entrances if e.deepest(spheres) > LEAST_DEPTH_PIXELS]
        if not open_ones:
            yield spheres[:0]
            continue
        entrance = open_ones[int(choice * len(open_ones))]
        side = (frame.width, frame.height)[entrance.axis]
        yield _moved(spheres, entrance, inwards, along * side - 0.5)


def _moved(
    spheres: NDArray[np.float64], entrance: _Entrance, inwards: float, along: float
) -> NDArray[np.float64]:
    """Put the tip a share of the room inside, its sphere at ``along`` on the other axis."""
    tips = entrance.depths(spheres) + spheres[:, 2]
    first = int(tips.argmax())
    room = entrance.deepest(spheres) - LEAST_DEPTH_PIXELS
    depth = LEAST_DEPTH_PIXELS + inwards * room
    moved = spheres.copy()
    moved[:, entrance.axis] += entrance.sign * (depth - tips[first])
    moved[:, 1 - entrance.axis] += along - spheres[first, 1 - entrance.axis]
    return moved
