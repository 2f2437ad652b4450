"""Multislice of speckle waves: the intensity behind a crystal, averaged over probe positions.

The mean over all positions of a focused probe equals the incoherent sum over the plane
waves in its aperture. A wave that fills the aperture with equal amplitudes and random
phases has that sum as its expectation, so a few such speckle waves replace a raster of
probe positions (section 2.1.3).
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.fft import fft2

from heteroagg_gui.core.errors import MissingExtraError
from heteroagg_gui.stem.crystals import Crystal
from heteroagg_gui.stem.supercell import Box, fill_box

_BLOCK_NM = 5.0
_MARGIN_ANGSTROM = 3.0
_SHIFT_RATIOS = np.array([0.7548776662466927, 0.5698402909980532])
"""Steps of the two-dimensional golden-ratio sequence."""


def wavelength_angstrom(voltage_kv: float) -> float:
    """Return the relativistic wavelength in angstrom of electrons of a voltage in kV."""
    energy_ev = voltage_kv * 1e3
    return float(12.264259 / np.sqrt(energy_ev * (1.0 + 0.978476e-6 * energy_ev)))


_WAVELENGTH_300_KV = wavelength_angstrom(300.0)


@dataclass(frozen=True)
class BeamSettings:
    """The microscope and the numerical settings of a simulation.

    Attributes
    ----------
    voltage_kv : float
        Acceleration voltage in kV.
    semi_angle_mrad : float
        Semi-convergence angle in mrad.
    sampling_angstrom : float
        Largest pixel of the wave in angstrom.
    slice_angstrom : float
        Thickness of one slice in angstrom.
    step_nm : float
        Distance of the thicknesses at which intensities are recorded, in nm.
    bin_mrad : float
        Width of the recorded angular bins in mrad.
    outer_mrad : float
        End of the last angular bin in mrad.
    """

    voltage_kv: float = 300.0
    semi_angle_mrad: float = 21.1
    sampling_angstrom: float = 0.025
    slice_angstrom: float = 2.0
    step_nm: float = 1.0
    bin_mrad: float = 5.0
    outer_mrad: float = 260.0

    @classmethod
    def for_microscope(cls, voltage_kv: float, semi_angle_mrad: float) -> "BeamSettings":
        """Return settings whose sampling carries all recorded angles at a voltage.

        Parameters
        ----------
        voltage_kv : float
            Acceleration voltage in kV.
        semi_angle_mrad : float
            Semi-convergence angle in mrad.
        """
        finest = cls.sampling_angstrom * wavelength_angstrom(voltage_kv) / _WAVELENGTH_300_KV
        return cls(voltage_kv, semi_angle_mrad, min(cls.sampling_angstrom, finest))

    @property
    def wavelength_angstrom(self) -> float:
        """Wavelength of the electrons in angstrom."""
        return wavelength_angstrom(self.voltage_kv)

    @property
    def cutoff_mrad(self) -> float:
        """Largest scattering angle that the sampling can carry, in mrad."""
        return self.wavelength_angstrom / (3.0 * self.sampling_angstrom) * 1e3

    @property
    def angle_edges_mrad(self) -> NDArray[np.float64]:
        """Edges of the angular bins in mrad."""
        count = round(self.outer_mrad / self.bin_mrad)
        return np.arange(count + 1, dtype=np.float64) * self.bin_mrad


def import_abtem(device: str = "cpu") -> Any:
    """Return the abTEM module, set up for reproducible single-threaded runs.

    Parameters
    ----------
    device : str
        ``"cpu"``, or ``"gpu"`` where CuPy is installed.

    Raises
    ------
    MissingExtraError
        If abTEM is not installed, or CuPy where a GPU is asked for.
    """
    try:
        import abtem
    except ImportError as error:
        raise MissingExtraError(
            "Simulating reference curves needs further packages: "
            "install them with pip install 'heteroagg-gui[multislice]'."
        ) from error
    if device == "gpu" and find_spec("cupy") is None:
        raise MissingExtraError(
            "Simulating on a GPU needs CuPy, which is not installed: install the package "
            "cupy for your CUDA version, or choose the device cpu."
        )
    abtem.config.set(
        {
            "device": device,
            "dask.lazy": False,
            "fftw.threads": 1,
            "fftw.planning_effort": "FFTW_ESTIMATE",
            "diagnostics.progress_bar": False,
        }
    )
    return abtem


def wave_grid(box: Box, beam: BeamSettings) -> tuple[int, int]:
    """Return the numbers of pixels across a box: fast to transform and fine enough."""
    width, height = (_fast_size(side / beam.sampling_angstrom) for side in box.size_angstrom)
    return width, height


def _fast_size(least: float) -> int:
    """Return the smallest even number of factors 2, 3, 5 and 7 that is not below ``least``."""
    size = 2 * int(np.ceil(least / 2.0))
    while True:
        rest = size
        for factor in (2, 3, 5, 7):
            while rest % factor == 0:
                rest //= factor
        if rest == 1:
            return size
        size += 2


def speckle_waves(
    box: Box, beam: BeamSettings, count: int, rng: np.random.Generator
) -> NDArray[np.complex64]:
    """Return waves that fill the aperture with equal amplitudes and random phases.

    Parameters
    ----------
    box : Box
        The lateral box.
    beam : BeamSettings
        The microscope.
    count : int
        Number of copies of the speckle pattern, evenly shifted over the view's repeat.
    rng : Generator
        Source of the phases and of the first shift.

    Returns
    -------
    ndarray of complex64, shape (count, X, Y)
        The waves; the squared moduli of each one's Fourier coefficients sum to one.
    """
    wave_x, wave_y = _frequencies(box, beam)
    radius = np.hypot(wave_x[:, None], wave_y[None, :]) * beam.wavelength_angstrom * 1e3
    inside = radius <= beam.semi_angle_mrad
    spectrum = np.zeros(inside.shape, dtype=np.complex128)
    spectrum[inside] = np.exp(2j * np.pi * rng.uniform(size=int(inside.sum())))
    spectrum /= np.sqrt(inside.sum())
    waves = []
    for shift in spread_shifts(count, rng) * np.array(box.repeat_angstrom):
        ramp = wave_x[:, None] * shift[0] + wave_y[None, :] * shift[1]
        waves.append(np.fft.ifft2(spectrum * np.exp(-2j * np.pi * ramp)))
    return np.stack(waves).astype(np.complex64)


def _frequencies(box: Box, beam: BeamSettings) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the spatial frequencies of a wave along x and y in 1/angstrom."""
    grid = wave_grid(box, beam)
    wave_x = np.fft.fftfreq(grid[0], box.size_angstrom[0] / grid[0])
    wave_y = np.fft.fftfreq(grid[1], box.size_angstrom[1] / grid[1])
    return wave_x.astype(np.float64), wave_y.astype(np.float64)


def spread_shifts(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return points that fill the unit square evenly, each one uniformly distributed.

    Shifting one speckle pattern over the view's repeat by such points averages the
    interference between its plane waves out much faster than independent patterns do.
    """
    steps = np.arange(count)[:, None] * _SHIFT_RATIOS
    return np.asarray((rng.uniform(size=2) + steps) % 1.0)


def frozen_atoms(
    crystal: Crystal,
    box: Box,
    depth_angstrom: float,
    origin: NDArray[np.float64],
    rng: np.random.Generator,
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return positions in angstrom and atomic numbers of one thermally displaced specimen.

    Parameters
    ----------
    crystal, box : Crystal, Box
        The crystal and the lateral box of the view.
    depth_angstrom : float
        Thickness in angstrom.
    origin : ndarray of shape (3,)
        Fractional coordinates at which the specimen begins.
    rng : Generator
        Source of the displacements, independent Gaussians as in the Einstein model.
    """
    padded = depth_angstrom + 2.0 * _MARGIN_ANGSTROM
    positions, which = fill_box(crystal.cell_angstrom, crystal.fractional, box, padded, origin)
    spread = np.sqrt(crystal.displacement_angstrom2[which])
    positions = positions + rng.normal(size=positions.shape) * spread[:, None]
    positions[:, 2] -= _MARGIN_ANGSTROM
    positions[:, :2] %= np.array(box.size_angstrom)
    inside = (positions[:, 2] >= 0.0) & (positions[:, 2] < depth_angstrom)
    return positions[inside], crystal.numbers[which][inside]


def scatter(
    waves: NDArray[np.complex64],
    specimen: tuple[NDArray[np.float64], NDArray[np.int64]],
    box: Box,
    thickness_nm: NDArray[np.float64],
    beam: BeamSettings,
    report: Callable[[float], None],
    device: str = "cpu",
) -> NDArray[np.float64]:
    """Send waves through a specimen and record where the electrons go.

    Parameters
    ----------
    waves : ndarray of shape (S, X, Y)
        Incident waves.
    specimen : tuple of ndarray
        Positions in angstrom and atomic numbers.
    box : Box
        The lateral box.
    thickness_nm : ndarray of shape (T,)
        Thicknesses from 0 in steps of ``beam.step_nm``, in nm.
    beam : BeamSettings
        Microscope and numerical settings.
    report : callable
        Receives the thickness reached in nm; may raise to stop.
    device : str
        ``"cpu"``, or ``"gpu"`` where CuPy is installed.

    Returns
    -------
    ndarray of shape (S, T, B)
        Fraction of the incident electrons in every angular bin.
    """
    abtem = import_abtem(device)
    bins = _angular_bins(box, beam)
    count = beam.angle_edges_mrad.size - 1
    recorded = [_profile(waves, bins, count)]
    steps = thickness_nm.size - 1
    block = max(1, round(_BLOCK_NM / beam.step_nm))
    for start in range(0, steps, block):
        stop = min(start + block, steps)
        limits = (start * beam.step_nm * 10.0, stop * beam.step_nm * 10.0)
        incoming = _as_waves(abtem, waves, box, beam).copy_to_device(device)
        passed = incoming.multislice(_potential(abtem, specimen, box, limits, beam))
        # abTEM returns the entrance plane, too, but not where there is one slab only.
        planes = np.asarray(passed.to_cpu().array).reshape(-1, *waves.shape)[start - stop :]
        recorded.extend(_profile(leaving, bins, count) for leaving in planes)
        waves = planes[-1]
        report(stop * beam.step_nm)
    return np.stack(recorded, axis=1)


def _as_waves(abtem: Any, array: NDArray[np.complex64], box: Box, beam: BeamSettings) -> Any:
    """Wrap an array of waves for abTEM."""
    from abtem.core.axes import OrdinalAxis

    axis = OrdinalAxis(values=tuple(range(array.shape[0])))
    return abtem.Waves(
        array,
        energy=beam.voltage_kv * 1e3,
        extent=box.size_angstrom,
        ensemble_axes_metadata=[axis],
    )


def _angular_bins(box: Box, beam: BeamSettings) -> NDArray[np.int64]:
    """Return the angular bin of every Fourier coefficient of a wave; the last is 'beyond'."""
    wave_x, wave_y = _frequencies(box, beam)
    angle = np.hypot(wave_x[:, None], wave_y[None, :]) * beam.wavelength_angstrom * 1e3
    beyond = beam.angle_edges_mrad.size - 1
    return np.minimum(np.floor(angle / beam.bin_mrad).astype(np.int64), beyond).ravel()


def _profile(
    waves: NDArray[np.complex64], bins: NDArray[np.int64], count: int
) -> NDArray[np.float64]:
    """Return the fraction of the electrons in each of ``count`` bins, shape (waves, count)."""
    spectra = fft2(waves)
    power = spectra.real**2 + spectra.imag**2
    counted = [np.bincount(bins, weights=one.ravel(), minlength=count + 1) for one in power]
    return np.stack(counted)[:, :count].astype(np.float64)


def _potential(
    abtem: Any,
    specimen: tuple[NDArray[np.float64], NDArray[np.int64]],
    box: Box,
    limits_angstrom: tuple[float, float],
    beam: BeamSettings,
) -> Any:
    """Return the potential of the part of a specimen between two depths in angstrom."""
    from ase import Atoms

    positions, numbers = specimen
    low, high = limits_angstrom
    chosen = (positions[:, 2] >= low) & (positions[:, 2] < high)
    cell = (*box.size_angstrom, high - low)
    atoms = Atoms(
        numbers[chosen], positions=positions[chosen] - [0.0, 0.0, low], cell=cell, pbc=True
    )
    return abtem.Potential(
        atoms,
        gpts=wave_grid(box, beam),
        slice_thickness=beam.slice_angstrom,
        parametrization="kirkland",
        projection="infinite",
        exit_planes=round(beam.step_nm * 10.0 / beam.slice_angstrom),
    )
