"""Images of many aggregates at once, on any device PyTorch has (section 2.1.4)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import grid_sample

from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.stem.curves import Curves
from heteroagg_gui.stem.image import electrons_per_pixel, spheres_in_pixels
from heteroagg_gui.stem.microscope import Frame, Microscope
from heteroagg_gui.stem.projection import BLUR_REACH, SHARP_SIGMA_PIXELS

LARGEST_CHUNK = 2**23
"""Pixels that are worked on at once: somewhat below 1 GB of intermediate results."""

SIZE_STEP = 4
"""Patches of spheres differ in half their width by multiples of it."""


@dataclass(frozen=True, eq=False)
class _Patches:
    """Spheres whose patches are 2 ``half`` + 1 pixels wide, as arrays of the host.

    ``row``, ``column`` (M,) are the pixels nearest to the centres and ``image`` (M,) the
    images they are in. ``below``, ``beside`` (M, 2 half + 1) are the squares r^2 - dy^2 and
    dx^2 of the distances of pixels from the centre.
    """

    half: int
    image: NDArray[np.int64]
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    below: NDArray[np.float64]
    beside: NDArray[np.float64]
    sigma: NDArray[np.float64]
    curve: NDArray[np.int64]


def render_batch(
    aggregates: Sequence[Aggregate],
    curves: Curves,
    chosen: Sequence[NDArray[np.int64]],
    microscope: Microscope,
    frame: Frame,
    device: torch.device | str = "cpu",
) -> Tensor:
    """Project aggregates along z without noise.

    Parameters
    ----------
    aggregates
        B aggregates, nm.
    curves
        Reference curves of the two materials.
    chosen
        Index of each particle's curve for each aggregate.
    microscope, frame
        Imaging conditions and pixel grid of all images.
    device
        Where the images are made and stay.

    Returns
    -------
    Tensor
        Fractions of the incident beam, shape (B, height, width), float32: those of
        :func:`~heteroagg_gui.stem.image.render_intensity` within rounding.

    Raises
    ------
    ParameterError
        If the choices of curves do not belong to the aggregates.
    """
    if [len(each) for each in chosen] != [len(aggregate) for aggregate in aggregates]:
        raise ParameterError("Each particle needs a curve: choose them with Curves.choose.")
    images = torch.zeros(len(aggregates) * frame.height * frame.width, device=device)
    table = torch.from_numpy(curves.intensity.astype(np.float32)).to(device)
    steps_per_pixel = frame.pixel_size_nm / curves.step_nm
    for patches in _chunks(aggregates, chosen, microscope, frame):
        values = _blur(_disc_maps(patches, table, steps_per_pixel), patches)
        _scatter(images, values, patches, frame)
    return images.view(len(aggregates), frame.height, frame.width)


def _chunks(
    aggregates: Sequence[Aggregate],
    chosen: Sequence[NDArray[np.int64]],
    microscope: Microscope,
    frame: Frame,
) -> Iterator[_Patches]:
    """Sort the spheres that reach into their frame by size of patch."""
    if not aggregates:
        return
    spheres = np.concatenate([spheres_in_pixels(a, microscope, frame) for a in aggregates])
    image = np.repeat(np.arange(len(aggregates)), [len(a) for a in aggregates])
    curve = np.concatenate(chosen)
    half = np.ceil(spheres[:, 2]) + np.ceil(BLUR_REACH * spheres[:, 3]) + 1
    half = (np.ceil(half / SIZE_STEP) * SIZE_STEP).astype(np.int64)
    centre = np.rint(spheres[:, :2])
    seen = np.all((centre + half[:, None] >= 0), axis=1) & np.all(
        centre - half[:, None] < (frame.height, frame.width), axis=1
    )
    for size in np.unique(half[seen]):
        members = np.flatnonzero(seen & (half == size))
        most = max(1, LARGEST_CHUNK // int(2 * size + 1) ** 2)
        for start in range(0, len(members), most):
            part = members[start : start + most]
            yield _patches(int(size), spheres[part], image[part], curve[part])


def _patches(
    half: int, spheres: NDArray[np.float64], image: NDArray[np.int64], curve: NDArray[np.int64]
) -> _Patches:
    centre = np.rint(spheres[:, :2])
    offsets = np.arange(-half, half + 1.0)
    down, right = (offsets - (spheres[:, k, None] - centre[:, k, None]) for k in (0, 1))
    row, column = centre.astype(np.int64).T
    radius, sigma = spheres[:, 2:3], spheres[:, 3]
    return _Patches(half, image, row, column, radius**2 - down**2, right**2, sigma, curve)


def _halves(values: NDArray[np.float64], device: torch.device) -> tuple[Tensor, Tensor]:
    """Return numbers as the sum of two of single precision."""
    high = values.astype(np.float32)
    low = (values - high).astype(np.float32)
    return torch.from_numpy(high).to(device), torch.from_numpy(low).to(device)


def _disc_maps(patches: _Patches, table: Tensor, steps_per_pixel: float) -> Tensor:
    """Intensity of each sphere at its chord lengths, shape (M, P, P).

    At a sphere's rim the chord is the root of a small difference of large squares, which
    single precision would lose: hence two numbers for each square.
    """
    below, below_rest = _halves(patches.below, table.device)
    beside, beside_rest = _halves(patches.beside, table.device)
    square = below[:, :, None] - beside[:, None, :]
    square += below_rest[:, :, None] - beside_rest[:, None, :]
    longest = table.shape[1] - 1
    position = (2.0 * steps_per_pixel) * square.clamp_(min=0.0).sqrt_()
    position.clamp_(max=float(longest))
    cell = position.long().clamp_(max=longest - 1)
    part = position - cell
    curve = torch.from_numpy(patches.curve).to(table.device)
    cell += curve[:, None, None] * table.shape[1]
    flat = table.view(-1)
    return torch.lerp(flat[cell], flat[cell + 1], part)


def _blur(maps: Tensor, patches: _Patches) -> Tensor:
    """Blur each map with its own Gaussian integrated over pixels, section 2.1.4."""
    size = maps.shape[1]
    sigma = torch.from_numpy(patches.sigma.astype(np.float32)).to(maps.device)[:, None]
    reach = torch.from_numpy(np.ceil(BLUR_REACH * patches.sigma).astype(np.float32))
    lag = torch.arange(-(size - 1), size, device=maps.device)
    scale = 1.0 / (sigma.clamp(min=SHARP_SIGMA_PIXELS) * 2.0**0.5)
    weights = torch.erf((lag + 0.5) * scale) - torch.erf((lag - 0.5) * scale)
    weights *= lag.abs() <= reach.to(maps.device)[:, None]
    weights /= weights.sum(dim=1, keepdim=True)
    sharp = (lag == 0).to(weights)
    weights = torch.where(sigma > SHARP_SIGMA_PIXELS, weights, sharp)
    place = torch.arange(size, device=maps.device)
    spread = weights[:, place[:, None] - place[None, :] + size - 1]
    return spread @ maps @ spread.transpose(1, 2)


def _scatter(images: Tensor, values: Tensor, patches: _Patches, frame: Frame) -> None:
    """Add patches to the images; what lies beyond a frame is dropped."""
    device = images.device
    image, row, column = (
        torch.from_numpy(each).to(device) for each in (patches.image, patches.row, patches.column)
    )
    offsets = torch.arange(-patches.half, patches.half + 1, device=device)
    rows, columns = row[:, None] + offsets, column[:, None] + offsets
    inside_rows = (rows >= 0) & (rows < frame.height)
    inside_columns = (columns >= 0) & (columns < frame.width)
    values = values * (inside_rows[:, :, None] & inside_columns[:, None, :])
    rows = image[:, None] * frame.height + rows.clamp(0, frame.height - 1)
    target = (rows * frame.width)[:, :, None] + columns.clamp(0, frame.width - 1)[:, None, :]
    images.index_add_(0, target.reshape(-1), values.reshape(-1))


def add_noise_batch(
    images: Tensor,
    microscope: Microscope,
    pixel_size_nm: float,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Apply scan noise, then shot noise, to noise-free images.

    Parameters
    ----------
    images
        Fractions of the incident beam, shape (B, height, width), float32.
    microscope
        Dose in electrons per square angstrom and beam displacement in nm.
    pixel_size_nm
        Edge of a pixel in nm.
    generator
        Source of randomness, of the images' device. Its stream is not the one of the
        noise on single images: the statistics are.
    """
    noisy = torch.empty_like(images)
    most = max(1, LARGEST_CHUNK // max(1, images.shape[1] * images.shape[2]))
    for start in range(0, len(images), most):
        part = images[start : start + most]
        if microscope.scan_noise_nm > 0:
            part = _displaced(part, microscope.scan_noise_nm / pixel_size_nm, generator)
        if microscope.dose_e_per_a2 > 0:
            electrons = electrons_per_pixel(microscope, pixel_size_nm)
            part = torch.poisson(part * electrons, generator=generator) / electrons
        noisy[start : start + most] = part
    return noisy


def _displaced(images: Tensor, sigma_pixels: float, generator: torch.Generator | None) -> Tensor:
    """Read each pixel where the displaced beam was, bilinear between pixel centres."""
    count, height, width = images.shape
    grid = sigma_pixels * torch.randn(
        (count, height, width, 2), generator=generator, device=images.device
    )
    for axis, side in ((0, width), (1, height)):
        place = torch.arange(side, device=images.device)
        grid[..., axis] += place if axis == 0 else place[:, None]
        grid[..., axis] *= 2.0 / max(1, side - 1)
        grid[..., axis] -= 1.0
    read = grid_sample(
        images[:, None], grid, mode="bilinear", padding_mode="border", align_corners=True
    )
    return read[:, 0].clamp_(min=0.0)
