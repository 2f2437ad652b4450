"""Feature maps of images that are mostly background, kept only where something is seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn import functional

ALIGNMENT = 8
LENGTH_STEP = 16


@dataclass
class Parts:
    """One rectangle of each image's feature maps; beyond it each channel has one value.

    Parameters
    ----------
    seen
        The rectangles, each of shape (1, C, h, w).
    outside
        Values beyond them, shape (C,).
    corners
        Row and column of each rectangle's first pixel in the whole maps.
    side
        Pixels of an edge of the whole maps.
    """

    seen: Sequence[Tensor]
    outside: Tensor
    corners: Sequence[tuple[int, int]]
    side: int

    @property
    def pixels_seen(self) -> int:
        """Pixels of all rectangles together."""
        return sum(part[0, 0].numel() for part in self.seen)

    @property
    def pixels_beyond(self) -> int:
        """Pixels beyond the rectangles, all images together."""
        return len(self.seen) * self.side**2 - self.pixels_seen

    def convolved(self, convolution: Callable[[Tensor], Tensor]) -> "Parts":
        """Apply a convolution with a kernel of 3 x 3 and no padding."""
        seen, corners = [], []
        for part, (row, column) in zip(self.seen, self.corners, strict=True):
            top, left = max(0, row - 2), max(0, column - 2)
            bottom = min(self.side, row + part.shape[2] + 2)
            right = min(self.side, column + part.shape[3] + 2)
            larger = self._cut(part, (row, column), (top, bottom, left, right))
            seen.append(convolution(larger))
            corners.append((top, left))
        patch = self.outside[None, :, None, None].expand(1, -1, 3, 3)
        outside = convolution(patch)[0, :, 0, 0]
        return Parts(seen, outside, corners, self.side - 2)

    def pooled(self) -> "Parts":
        """Return the maxima of 2 x 2 pixels; an odd last row and column are dropped."""
        side = self.side // 2
        seen, corners = [], []
        for part, (row, column) in zip(self.seen, self.corners, strict=True):
            top, left = min(row // 2, side - 1), min(column // 2, side - 1)
            bottom = min(side, (row + part.shape[2] + 1) // 2)
            right = min(side, (column + part.shape[3] + 1) // 2)
            even = self._cut(part, (row, column), (2 * top, 2 * bottom, 2 * left, 2 * right))
            seen.append(functional.max_pool2d(even, 2))
            corners.append((top, left))
        return Parts(seen, self.outside, corners, side)

    def mapped(self, function: Callable[[Tensor], Tensor]) -> "Parts":
        """Apply a function that treats every pixel alike."""
        outside = function(self.outside[None, :, None, None])[0, :, 0, 0]
        return replace(self, seen=[function(part) for part in self.seen], outside=outside)

    def whole(self) -> Tensor:
        """Return the whole maps, shape (B, C, H, H)."""
        everything = (0, self.side, 0, self.side)
        pairs = zip(self.seen, self.corners, strict=True)
        return torch.cat([self._cut(part, corner, everything) for part, corner in pairs])

    def _cut(
        self, part: Tensor, corner: tuple[int, int], wanted: tuple[int, int, int, int]
    ) -> Tensor:
        """Return the maps between two rows and two columns."""
        top, bottom, left, right = wanted
        row, column = top - corner[0], left - corner[1]
        inside = part[:, :, max(0, row) : bottom - corner[0], max(0, column) : right - corner[1]]
        shape = (1, part.shape[1], bottom - top, right - left)
        if inside.shape == shape:
            return inside
        cut = self.outside.to(part.dtype)[:, None, None].expand(shape).clone()
        down, along = max(0, -row), max(0, -column)
        cut[:, :, down : down + inside.shape[2], along : along + inside.shape[3]] = inside
        return cut


def seen_parts(images: Tensor) -> Parts:
    """Cut out of each image what differs from its first pixel.

    Parameters
    ----------
    images
        Shape (B, 1, H, H).

    Returns
    -------
    Parts
        The whole images if their first pixels differ.
    """
    side = images.shape[-1]
    background = images[:, 0, 0, 0]
    one_background = bool((background == background[0]).all())
    seen, corners = [], []
    for image in images:
        row = column = 0
        height = width = side
        if one_background:
            marks = image[0] != background[0]
            row, height = _aligned(*_range_of(marks.any(dim=1)), side)
            column, width = _aligned(*_range_of(marks.any(dim=0)), side)
        seen.append(image[None, :, row : row + height, column : column + width])
        corners.append((row, column))
    return Parts(seen, background[:1], corners, side)


def _aligned(first: int, last: int, side: int) -> tuple[int, int]:
    """Return start and length of a longer range, of few different lengths.

    Libraries prepare a convolution anew for each size they meet, which takes longer than to
    compute some pixels more.
    """
    start = first // ALIGNMENT * ALIGNMENT
    length = min(side, -(-(last - start) // LENGTH_STEP) * LENGTH_STEP)
    return min(start, side - length), length


def _range_of(marks: Tensor) -> tuple[int, int]:
    """Return the first mark and one past the last; one pixel where there is none."""
    found = torch.nonzero(marks)
    return (int(found[0]), int(found[-1]) + 1) if len(found) else (0, 1)
