"""What a simulation of reference curves is asked to do, and the record of it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.stem.crystals import Crystal
from heteroagg_gui.stem.equivalent_views import shared_views
from heteroagg_gui.stem.plane_waves import BeamSettings, wave_grid
from heteroagg_gui.stem.viewing_directions import ZONE_AXIS, box_of

THIN_END_NM = 10.0
"""Thickness in nm up to which extra thermal configurations refine a curve."""

_PACKAGES = ("heteroagg-gui", "abtem", "ase", "numpy", "scipy")


@dataclass(frozen=True)
class Plan:
    """How one crystal is simulated.

    Attributes
    ----------
    thickness_nm : float
        Largest thickness in nm, rounded up to whole steps.
    beam : BeamSettings
        Microscope and numerical settings.
    configurations : int
        Thermal configurations over the whole thickness.
    thin_configurations : int
        Further thermal configurations over the first 10 nm only.
    zone_axis_configurations : int
        Thermal configurations over the whole thickness for the view along [100], whose
        channelled electrons scatter far more from one configuration to the next.
    speckles : int
        Incident waves in every configuration.
    seed : int
        Seed of everything that is drawn.
    """

    thickness_nm: float = 60.0
    beam: BeamSettings = field(default_factory=BeamSettings)
    configurations: int = 3
    thin_configurations: int = 4
    zone_axis_configurations: int = 6
    speckles: int = 4
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse settings that cannot be simulated.

        Raises
        ------
        ParameterError
            If a number is out of range or the sampling is too coarse for the last bin.
        """
        counts = (self.configurations, self.zone_axis_configurations, self.speckles)
        if not self.thickness_nm > 0 or min(counts) < 1:
            raise ParameterError("Thickness, configurations and speckles must be positive.")
        if self.thin_configurations < 0 or self.seed < 0:
            raise ParameterError("Thin configurations and seed must not be negative.")
        beam = self.beam
        if beam.cutoff_mrad < beam.outer_mrad:
            raise ParameterError(
                f"A sampling of {beam.sampling_angstrom:g} angstrom carries scattering up to "
                f"{beam.cutoff_mrad:.0f} mrad at {beam.voltage_kv:g} kV, less than the "
                f"{beam.outer_mrad:g} mrad to be recorded: make it finer."
            )

    @property
    def depths_nm(self) -> NDArray[np.float64]:
        """Recorded thicknesses in nm."""
        step = self.beam.step_nm
        count = int(np.ceil(self.thickness_nm / step - 1e-9)) + 1
        return np.arange(count, dtype=np.float64) * step

    def long_configurations(self, label: str) -> int:
        """Return the number of a view's configurations over the whole thickness."""
        return self.zone_axis_configurations if label == ZONE_AXIS else self.configurations

    def total_configurations(self, label: str) -> int:
        """Return the number of runs of a view."""
        return self.long_configurations(label) + self.thin_configurations

    def depths_of(self, label: str, configuration: int) -> NDArray[np.float64]:
        """Return the thicknesses in nm that one configuration of a view records."""
        depths = self.depths_nm
        if configuration < self.long_configurations(label):
            return depths
        return depths[depths <= THIN_END_NM + 1e-9]


def identity(crystal: Crystal, plan: Plan) -> dict[str, Any]:
    """Return everything that the result of a single run depends on, as JSON holds it."""
    return {
        "crystal": crystal.name,
        "cell_angstrom": crystal.cell_angstrom.round(6).tolist(),
        "fractional": crystal.fractional.round(6).tolist(),
        "numbers": crystal.numbers.tolist(),
        "displacement_angstrom2": crystal.displacement_angstrom2.round(6).tolist(),
        "thickness_nm": plan.thickness_nm,
        "beam": asdict(plan.beam),
        "speckles": plan.speckles,
        "seed": plan.seed,
        "software": _versions(),
    }


def provenance(crystal: Crystal, plan: Plan, orientations: Sequence[str]) -> dict[str, Any]:
    """Return the record of a simulation that a table carries, as JSON holds it."""
    boxes = {label: box_of(crystal, label, plan.seed) for label in orientations}
    return {
        "method": "multislice, frozen phonons (Einstein model), speckle waves",
        "voltage_kv": plan.beam.voltage_kv,
        "semi_angle_mrad": plan.beam.semi_angle_mrad,
        "potentials": "Kirkland, infinite projection",
        "slice_nm": plan.beam.slice_angstrom / 10.0,
        "sampling_nm": plan.beam.sampling_angstrom / 10.0,
        "cutoff_mrad": plan.beam.cutoff_mrad,
        "configurations": plan.configurations,
        "zone_axis_configurations": plan.zone_axis_configurations,
        "thin_configurations": plan.thin_configurations,
        "thin_end_nm": THIN_END_NM,
        "joining": "growth beyond the thin end added to the mean of all configurations",
        "smoothing": "none",
        "speckles": plan.speckles,
        "seed": plan.seed,
        "density_g_cm3": round(crystal.density_g_cm3, 4),
        "displacement_angstrom2": crystal.displacement_angstrom2.round(6).tolist(),
        "equal_views": {
            label: source
            for label, source in shared_views(crystal, orientations).items()
            if label != source
        },
        "atomic_numbers": crystal.numbers.tolist(),
        "views": {
            label: {
                "beam_in_crystal": box.axes[2].round(5).tolist(),
                "box_nm": [round(side / 10.0, 4) for side in box.size_angstrom],
                "pixels": list(wave_grid(box, plan.beam)),
                "seam_slip_nm": round(box.slip_angstrom / 10.0, 4),
            }
            for label, box in boxes.items()
        },
        "software": _versions(),
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
    }


def _versions() -> dict[str, str]:
    """Return the versions of the packages that a result depends on."""
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "source tree"
    return found
