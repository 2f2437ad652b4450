"""Rotation, reflection and small displacement of images on the device, section 2.2.2."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

SMALL_DISPLACEMENT_PIXELS = 16


@dataclass(frozen=True)
class Augmentation:
    """How training images are moved.

    Parameters
    ----------
    free_rotation
        Rotate by any angle with bilinear interpolation; otherwise by multiples of 90
        degrees, which leaves every pixel value as it is.
    displacement_pixels
        Largest displacement along rows and columns, uniform on whole pixels.
    """

    free_rotation: bool = True
    displacement_pixels: int = SMALL_DISPLACEMENT_PIXELS

    def draw(self, count: int, side: int, generator: torch.Generator) -> Tensor:
        """Draw the transforms of ``count`` square images.

        Parameters
        ----------
        count
            Images.
        side
            Pixels of their edges.
        generator
            Source of randomness, on the CPU, so that any device moves images alike.

        Returns
        -------
        Tensor
            Affine maps from an image's new coordinates to its old ones, shape (count, 2, 3).
        """
        turns = torch.rand(count, generator=generator)
        if not self.free_rotation:
            turns = torch.floor(4.0 * turns) / 4.0
        mirrored = torch.randint(0, 2, (count,), generator=generator) * 2.0 - 1.0
        reach = self.displacement_pixels
        moves = torch.randint(-reach, reach + 1, (count, 2), generator=generator)
        cosine, sine = torch.cos(2 * math.pi * turns), torch.sin(2 * math.pi * turns)
        first = torch.stack([cosine * mirrored, -sine], dim=1)
        second = torch.stack([sine * mirrored, cosine], dim=1)
        shifts = moves[:, :, None] * (2.0 / side)
        return torch.cat([torch.stack([first, second], dim=1), shifts], dim=2)

    def apply(self, images: Tensor, transforms: Tensor, background: float) -> Tensor:
        """Move images.

        Parameters
        ----------
        images
            Shape (B, 1, H, H).
        transforms
            From :meth:`draw`, on the same device.
        background
            Value of what comes in from outside the field of view.
        """
        lifted = images - background
        if images.device.type == "cpu":
            return self._moved_where_seen(lifted, transforms) + background
        grid = functional.affine_grid(transforms, list(images.shape), align_corners=False)
        return self._sampled(lifted, grid) + background

    def _sampled(self, images: Tensor, grid: Tensor) -> Tensor:
        return functional.grid_sample(
            images,
            grid,
            mode="bilinear" if self.free_rotation else "nearest",
            padding_mode="zeros",
            align_corners=False,
        )

    def _moved_where_seen(self, images: Tensor, transforms: Tensor) -> Tensor:
        """Move images that are zero almost everywhere: only what is not is computed."""
        side = images.shape[-1]
        middles = (torch.arange(side, dtype=images.dtype) + 0.5) * (2.0 / side) - 1.0
        moved = torch.zeros_like(images)
        for image, transform, target in zip(images, transforms, moved, strict=True):
            seen = torch.nonzero(image[0])
            if not len(seen):
                continue
            rows, columns = _reached(seen, transform, side)
            places = torch.meshgrid(middles[columns], middles[rows], indexing="xy")
            grid = torch.stack(places, dim=-1) @ transform[:, :2].T + transform[:, 2]
            target[:, rows, columns] = self._sampled(image[None], grid[None])[0]
        return moved


def _reached(seen: Tensor, transform: Tensor, side: int) -> tuple[slice, slice]:
    """Return the rows and columns that pixels, shape (k, 2), can be moved to."""
    first, last = seen.amin(dim=0) - 1, seen.amax(dim=0) + 1
    corners = torch.cartesian_prod(*torch.stack([first, last]).T).flip(1)
    old = (corners.to(transform.dtype) + 0.5) * (2.0 / side) - 1.0 - transform[:, 2]
    new = torch.linalg.solve(transform[:, :2], old.T)
    pixels = (new + 1.0) * (side / 2.0) - 0.5
    low = pixels.amin(dim=1).floor().long().clamp(0, side - 1).tolist()
    high = pixels.amax(dim=1).ceil().long().clamp(0, side - 1).tolist()
    columns, rows = (slice(a, b + 1) for a, b in zip(low, high, strict=True))
    return rows, columns
