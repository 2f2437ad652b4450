"""What training examples are drawn from."""

from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from heteroagg_gui.aggregation.parameters import LARGEST_SIZE, AggregationParameters
from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.materials import DEFAULT_SYSTEM, MaterialSystem, load_material_system
from heteroagg_gui.core.theta import PAPER_CLUSTER_SIZES, Theta
from heteroagg_gui.stem.curves import Curves, load_curves
from heteroagg_gui.stem.imperfection_ranges import EFFECTS, draw_imperfections
from heteroagg_gui.stem.imperfections import Imperfections
from heteroagg_gui.stem.microscope import Microscope

_LIMITS: tuple[tuple[str, str, float, float, str], ...] = (
    ("fractal_dimension", "fractal dimensions", 1.0, 3.0, ""),
    ("mixing_ratio", "mixing ratios", 0.0, 1.0, ""),
    ("radius_means_nm", "mean radii", 0.1, 10_000.0, " nm"),
    ("radius_relative_sds", "relative standard deviations of the radius", 0.0, 1.0, ""),
    ("largest_sizes", "largest numbers of particles", 1, LARGEST_SIZE, ""),
    ("pixel_sizes_nm", "pixel sizes", 0.01, 1000.0, " nm"),
    ("doses_e_per_a2", "doses", 1e-3, 1e9, " electrons per square angstrom"),
)


@dataclass(frozen=True)
class TrainingRanges:
    """Distribution of the examples a network learns from.

    Parameters
    ----------
    fractal_dimension, mixing_ratio
        Uniform ranges of theta_Df and theta_rho; a real sample sits on no grid.
    largest_cluster
        theta_0 and theta_1 are uniform on 1, ..., ``largest_cluster``.
    aggregation
        Particle radii and aggregate sizes.
    radius_means_nm
        Log-uniform range of the mean particle radius in nm, drawn anew for every image; the
        mean of ``aggregation`` if None.
    radius_relative_sds
        Uniform range of the radius' standard deviation as a share of its mean; the
        share of ``aggregation`` if None.
    largest_sizes
        Uniform range of the largest number of particles; the smallest stays, and the number
        itself is uniform between the two. That of ``aggregation`` if None.
    microscope
        Imaging conditions that hold for most images.
    pixel_size_nm
        Pixel size of most images in nm.
    pixel_sizes_nm
        Uniform range of the other images' pixel size in nm.
    doses_e_per_a2
        Log-uniform range of the other images' dose.
    focus_offset_sd_nm
        Standard deviation of the other images' focus offset in nm.
    varied
        Share of images whose imaging conditions are varied.
    imperfect
        Share of images that have imperfections of real ones.
    effects
        Names of the imperfections that occur, from
        :data:`~heteroagg_gui.stem.imperfection_ranges.EFFECTS`.
    system
        Name of the material system.
    system_folder
        Folder of the description of a system that the program does not bundle.
    sensitivity
        Measured response of the detector: pairs of angle in mrad and relative response, angles
        increasing; 1 on the whole ring if None.

    Raises
    ------
    ParameterError
        If a range is empty or reaches beyond what the method is defined for.
    """

    fractal_dimension: tuple[float, float] = (1.4, 2.6)
    mixing_ratio: tuple[float, float] = (0.05, 0.95)
    largest_cluster: int = max(PAPER_CLUSTER_SIZES)
    aggregation: AggregationParameters = field(default_factory=AggregationParameters)
    radius_means_nm: tuple[float, float] | None = None
    radius_relative_sds: tuple[float, float] | None = None
    largest_sizes: tuple[int, int] | None = None
    microscope: Microscope = field(default_factory=Microscope)
    pixel_size_nm: float = 1.25
    pixel_sizes_nm: tuple[float, float] = (0.8, 1.9)
    doses_e_per_a2: tuple[float, float] = (50.0, 1000.0)
    focus_offset_sd_nm: float = 15.0
    varied: float = 0.3
    imperfect: float = 0.0
    effects: tuple[str, ...] = tuple(EFFECTS)
    system: str = DEFAULT_SYSTEM
    system_folder: str | None = None
    sensitivity: tuple[tuple[float, float], ...] | None = None

    def __post_init__(self) -> None:
        check_ranges(self)

    def draw_theta(self, rng: np.random.Generator) -> Theta:
        """Draw a parameter vector."""
        return Theta(
            float(rng.uniform(*self.fractal_dimension)),
            float(rng.uniform(*self.mixing_ratio)),
            int(rng.integers(1, self.largest_cluster + 1)),
            int(rng.integers(1, self.largest_cluster + 1)),
        )

    def draw_aggregation(self, rng: np.random.Generator) -> AggregationParameters:
        """Draw particle and aggregate sizes; takes nothing from ``rng`` where all are fixed."""
        fixed = self.aggregation
        if (self.radius_means_nm, self.radius_relative_sds, self.largest_sizes) == (None,) * 3:
            return fixed
        mean = fixed.radius_mean_nm
        share = fixed.radius_sd_nm / mean
        smallest, largest = fixed.size_range
        if self.radius_means_nm is not None:
            mean = float(np.exp(rng.uniform(*np.log(self.radius_means_nm))))
        if self.radius_relative_sds is not None:
            share = float(rng.uniform(*self.radius_relative_sds))
        if self.largest_sizes is not None:
            low, high = self.largest_sizes
            largest = int(rng.integers(low, high, endpoint=True))
        return replace(
            fixed,
            radius_mean_nm=mean,
            radius_sd_nm=share * mean,
            size_range=(min(smallest, largest), largest),
        )

    def draw_conditions(self, rng: np.random.Generator) -> tuple[Microscope, float]:
        """Draw a microscope and a pixel size in nm."""
        chance, size, dose, focus = rng.random(), rng.random(), rng.random(), rng.normal()
        if chance >= self.varied:
            return self.microscope, self.pixel_size_nm
        low, high = np.log(self.doses_e_per_a2)
        settings = asdict(self.microscope)
        settings["dose_e_per_a2"] = float(np.exp(low + (high - low) * dose))
        settings["focus_offset_nm"] = float(self.focus_offset_sd_nm * focus)
        smallest, largest = self.pixel_sizes_nm
        return Microscope(**settings), float(smallest + (largest - smallest) * size)

    def draw_imperfections(self, rng: np.random.Generator) -> Imperfections:
        """Draw imperfections; takes nothing from ``rng`` where no image has any."""
        if self.imperfect <= 0.0 or rng.random() >= self.imperfect:
            return Imperfections()
        return draw_imperfections(rng, effects={name: EFFECTS[name] for name in self.effects})

    def material_system(self) -> MaterialSystem:
        """Return the two materials.

        Raises
        ------
        ResourceError
            If their description is missing or damaged.
        """
        folder = Path(self.system_folder) if self.system_folder else None
        return load_material_system(self.system, folder)

    def curves(self, system: MaterialSystem | None = None) -> Curves:
        """Read the reference curves of the materials for the detector.

        Parameters
        ----------
        system
            The two materials, where they were found elsewhere than :attr:`system_folder`.

        Raises
        ------
        ResourceError
            If a table is missing or damaged.
        ParameterError
            If the tables were made for another voltage or semi-angle.
        """
        response = None
        if self.sensitivity is not None:
            angle, relative = np.array(self.sensitivity, dtype=float).T
            response = (angle, relative)
        return load_curves(system or self.material_system(), self.microscope, response)

    def as_dict(self) -> dict[str, Any]:
        """Return the ranges as JSON would hold them, without the place of a file."""
        return {key: value for key, value in asdict(self).items() if key != "system_folder"}


def check_ranges(ranges: TrainingRanges) -> None:
    """Refuse ranges that no example can be drawn from.

    Raises
    ------
    ParameterError
        If a range is empty or reaches beyond what the method is defined for.
    """
    for name, what, lowest, highest, unit in _LIMITS:
        pair = getattr(ranges, name)
        if pair is not None and not lowest <= pair[0] <= pair[1] <= highest:
            raise ParameterError(
                f"The {what} {pair[0]:g} to {pair[1]:g}{unit} can't be drawn from: give two "
                f"values from {lowest:g} to {highest:g}{unit}, the smaller first."
            )
    if not ranges.fractal_dimension[0] > 1.0 or not ranges.fractal_dimension[1] < 3.0:
        raise ParameterError("Fractal dimensions lie between 1 and 3, both excluded.")
    if not 1 <= ranges.largest_cluster <= max(PAPER_CLUSTER_SIZES):
        raise ParameterError(
            f"Primary clusters of up to {ranges.largest_cluster} particles can't be learnt: "
            f"choose 1 to {max(PAPER_CLUSTER_SIZES)}."
        )
    if not 0.01 <= ranges.pixel_size_nm <= 1000.0:
        raise ParameterError(
            f"A pixel size of {ranges.pixel_size_nm:g} nm is not possible: choose 0.01 to 1000 nm."
        )
    if not 0.0 <= ranges.focus_offset_sd_nm <= 10_000.0:
        raise ParameterError("The spread of the focus offset must be 0 to 10000 nm.")
    for name, what in (("varied", "varied conditions"), ("imperfect", "imperfections")):
        if not 0.0 <= getattr(ranges, name) <= 1.0:
            raise ParameterError(f"The share of images with {what} must be 0 to 1.")
    unknown = [name for name in ranges.effects if name not in EFFECTS]
    if unknown:
        raise ParameterError(
            f"There is no imperfection '{unknown[0]}': choose from {', '.join(EFFECTS)}."
        )
    _check_sensitivity(ranges.sensitivity)


def _check_sensitivity(pairs: tuple[tuple[float, float], ...] | None) -> None:
    if pairs is None:
        return
    table = np.array(pairs, dtype=float)
    sound = table.ndim == 2 and len(table) >= 2 and np.all(np.isfinite(table))
    if not sound or np.any(table < 0.0) or np.any(np.diff(table[:, 0]) <= 0.0):
        raise ParameterError(
            "The sensitivity of the detector can't be used: give two or more pairs of an angle "
            "in mrad and a response, angles increasing and nothing negative."
        )
