"""Multislice image of a whole sphere of real atoms, to check the fast renderer against.

``python tests/stem/atomic_sphere.py`` computes ``atomic_sphere.npz`` anew; it needs abTEM.
At every point the incident wave is a patch of speckle: plane waves that fill the aperture
with random phases, under a Gaussian envelope. The expected intensity behind it is that of
a focused probe averaged over the envelope, at the price of one run instead of hundreds.
The envelope widens the aperture by half a milliradian.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.fft import fft2, fftfreq, ifft2

from heteroagg_gui.stem.crystals import Crystal, load_crystal
from heteroagg_gui.stem.plane_waves import import_abtem, wavelength_angstrom
from heteroagg_gui.stem.viewing_directions import box_of

RESULT = Path(__file__).with_suffix(".npz")
SETTINGS = {
    "crystal": "gamma-WO3",
    "orientation": "random",
    "table_seed": 0,
    "radius_nm": 1.5,
    "voltage_kv": 300.0,
    "semi_angle_mrad": 21.1,
    "detector_mrad": [55.0, 160.0],
    "envelope_sigma_nm": 0.3,
    "step_nm": 0.25,
    "points": 15,
    "realisations": 6,
    "sampling_nm": 0.0033,
    "slice_nm": 0.2,
    "window_nm": 2.5344,
    "seed": 1,
}
GRID = 768
EXTENT_ANGSTROM = 76.032


def sphere_of_atoms(crystal: Crystal, axes: NDArray[np.float64], rng: np.random.Generator):
    """Atoms of a crystal within a sphere, in angstrom about its centre, and their kinds."""
    radius = 10.0 * SETTINGS["radius_nm"]
    reach = np.ceil(radius * np.linalg.norm(np.linalg.inv(crystal.cell_angstrom), axis=0)) + 1
    spans = [np.arange(-int(n), int(n) + 1) for n in reach]
    cells = np.stack(np.meshgrid(*spans, indexing="ij"), axis=-1).reshape(-1, 1, 3)
    fractional = (cells + crystal.fractional + rng.uniform(size=3)).reshape(-1, 3)
    positions = fractional @ crystal.cell_angstrom @ axes.T
    numbers = np.tile(crystal.numbers, len(cells))
    moves = np.sqrt(np.tile(crystal.displacement_angstrom2, len(cells)))
    inside = np.linalg.norm(positions, axis=1) <= radius
    return positions[inside], numbers[inside], moves[inside]


def transmission(positions: NDArray[np.float64], numbers: NDArray[np.int64]):
    """Transmission functions of the slices, band-limited to two thirds of the sampling."""
    from abtem.core.energy import energy2sigma
    from ase import Atoms

    abtem = import_abtem()
    depth = 20.0 * SETTINGS["radius_nm"] + 2.0
    middle = np.array([EXTENT_ANGSTROM / 2, EXTENT_ANGSTROM / 2, depth / 2])
    atoms = Atoms(
        numbers,
        positions=positions + middle,
        cell=(EXTENT_ANGSTROM, EXTENT_ANGSTROM, depth),
        pbc=True,
    )
    potential = abtem.Potential(
        atoms,
        sampling=10.0 * SETTINGS["sampling_nm"],
        slice_thickness=10.0 * SETTINGS["slice_nm"],
        parametrization="kirkland",
        projection="infinite",
    ).build(lazy=False)
    sigma = energy2sigma(SETTINGS["voltage_kv"] * 1e3)
    phase = sigma * np.asarray(potential.array)
    thickness = np.asarray(potential.slice_thickness)
    keep = band_limit(phase.shape[1])
    return np.stack([ifft2(fft2(np.exp(1j * p)) * keep) for p in phase]).astype(
        np.complex64
    ), thickness


def band_limit(size: int) -> NDArray[np.bool_]:
    """Frequencies below two thirds of the largest one along an axis."""
    frequency = fftfreq(size)
    return np.hypot(frequency[:, None], frequency[None, :]) < 1.0 / 3.0


def speckle_patch(rng: np.random.Generator) -> NDArray[np.complex64]:
    """A normalised patch of speckle in the middle of the window."""
    pixel = 10.0 * SETTINGS["sampling_nm"]
    frequency = fftfreq(GRID, pixel)
    angle = np.hypot(frequency[:, None], frequency[None, :]) * wavelength_angstrom(300.0) * 1e3
    inside = angle <= SETTINGS["semi_angle_mrad"]
    spectrum = np.where(inside, np.exp(2j * np.pi * rng.uniform(size=inside.shape)), 0.0)
    place = (np.arange(GRID) - GRID / 2) * pixel / (10.0 * SETTINGS["envelope_sigma_nm"])
    envelope = np.exp(-0.25 * place**2)
    wave = ifft2(spectrum) * envelope[:, None] * envelope[None, :]
    return (wave / np.sqrt(np.sum(np.abs(wave) ** 2))).astype(np.complex64)


def scattered(wave: NDArray[np.complex64], slices, thickness, corner) -> NDArray[np.float64]:
    """Intensities of one wave in bins of 5 mrad behind the slices of a window."""
    pixel = 10.0 * SETTINGS["sampling_nm"]
    length = wavelength_angstrom(SETTINGS["voltage_kv"])
    frequency = fftfreq(GRID, pixel)
    square = frequency[:, None] ** 2 + frequency[None, :] ** 2
    keep = band_limit(GRID)
    top, left = corner
    for layer, depth in zip(slices, thickness, strict=True):
        passed = layer[top : top + GRID, left : left + GRID] * wave
        spread = np.exp(-1j * np.pi * length * depth * square).astype(np.complex64)
        wave = ifft2(fft2(passed) * spread * keep)
    power = np.abs(fft2(wave)) ** 2
    power /= GRID**2
    bins = np.minimum((np.sqrt(square) * length * 1e3 / 5.0).astype(int), 52)
    return np.bincount(bins.ravel(), weights=power.ravel(), minlength=53)[:52]


def main() -> None:
    """Compute the image and its scatter between realisations."""
    crystal = load_crystal(SETTINGS["crystal"])
    box = box_of(crystal, SETTINGS["orientation"], SETTINGS["table_seed"])
    rng = np.random.default_rng(SETTINGS["seed"])
    still, numbers, moves = sphere_of_atoms(crystal, box.axes, rng)
    points, step = SETTINGS["points"], 10.0 * SETTINGS["step_nm"]
    pixel = 10.0 * SETTINGS["sampling_nm"]
    places = (np.arange(points) - (points - 1) / 2) * step
    low, high = (round(edge / 5.0) for edge in SETTINGS["detector_mrad"])
    images = np.zeros((SETTINGS["realisations"], points, points))
    for number in range(SETTINGS["realisations"]):
        started = time.process_time()
        moved = still + rng.normal(size=still.shape) * moves[:, None]
        slices, thickness = transmission(moved, numbers)
        middle = slices.shape[1] / 2
        for i, y in enumerate(places):
            for j, x in enumerate(places):
                corner = [round(middle + along / pixel - GRID / 2) for along in (x, y)]
                profile = scattered(speckle_patch(rng), slices, thickness, corner)
                images[number, i, j] = profile[low:high].sum()
        print(number, f"{time.process_time() - started:.0f} s", images[number].max(), flush=True)
        save(images[: number + 1], len(numbers))


def save(images: NDArray[np.float64], atoms: int) -> None:
    """Write what is done so far."""
    settings = {**SETTINGS, "atoms": atoms, "realisations": len(images)}
    error = images.std(axis=0, ddof=1) / np.sqrt(len(images)) if len(images) > 1 else images[0] * 0
    np.savez_compressed(
        RESULT if len(sys.argv) < 2 else Path(sys.argv[1]),
        intensity=images.mean(axis=0).astype(np.float32),
        standard_error=error.astype(np.float32),
        settings=np.array(json.dumps(settings)),
    )


if __name__ == "__main__":
    main()
