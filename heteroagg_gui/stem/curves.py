"""HAADF intensity against thickness for the two materials of a system."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.errors import ParameterError, ResourceError
from heteroagg_gui.core.materials import DEFAULT_SYSTEM, MaterialSystem, load_material_system
from heteroagg_gui.stem.microscope import Microscope
from heteroagg_gui.stem.reference_table import ReferenceTable, Sensitivity

LONGEST_PATH_NM = 250.0
STEP_NM = 0.25
TAIL_NM = 10.0


@dataclass(frozen=True, eq=False)
class Curves:
    """Reference curves on one thickness grid, as fractions of the incident beam.

    Parameters
    ----------
    intensity
        Curves of both materials, shape (n_curves, n_thicknesses), float64.
    step_nm
        Distance of the thickness grid, which starts at 0 nm.
    phases
        For each label the index ranges ``(start, stop)`` of its phases' curves.
    names
        What each curve belongs to: crystal and orientation.
    """

    intensity: NDArray[np.float64]
    step_nm: float
    phases: tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]
    names: tuple[str, ...]

    def choose(self, labels: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.int64]:
        """Give each particle a random phase and orientation of its material, section 2.1.4.

        Parameters
        ----------
        labels
            Material of each particle, shape (N,).
        rng
            Source of randomness.

        Returns
        -------
        NDArray
            Index of each particle's curve, shape (N,).
        """
        phase_draw = rng.random(len(labels))
        orientation_draw = rng.random(len(labels))
        chosen = np.zeros(len(labels), dtype=np.int64)
        for label, phases in enumerate(self.phases):
            ranges = np.array(phases)
            of_label = labels == label
            phase = (phase_draw[of_label] * len(ranges)).astype(np.int64)
            start, stop = ranges[phase, 0], ranges[phase, 1]
            offset = (orientation_draw[of_label] * (stop - start)).astype(np.int64)
            chosen[of_label] = start + offset
        return chosen


def extend(
    thickness_nm: NDArray[np.float64], intensity: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Put a curve on the common grid and continue it beyond its last thickness.

    Beyond the table the attenuation -ln(1 - I) goes on with its slope over the last
    10 nm: the intensity then saturates at 1 as it must.
    """
    grid = np.arange(0.0, LONGEST_PATH_NM + STEP_NM, STEP_NM)
    inside = np.interp(grid, thickness_nm, intensity)
    attenuation = -np.log1p(-intensity)
    last = thickness_nm[-1]
    tail_start = np.interp(last - TAIL_NM, thickness_nm, attenuation)
    slope = (attenuation[-1] - tail_start) / TAIL_NM
    beyond = -np.expm1(-(attenuation[-1] + slope * (grid - last)))
    return np.asarray(np.where(grid <= last, inside, beyond))


def load_curves(
    system: MaterialSystem | str = DEFAULT_SYSTEM,
    microscope: Microscope | None = None,
    sensitivity: Sensitivity | None = None,
) -> Curves:
    """Read the reference curves of a material system and apply the detector.

    Parameters
    ----------
    system
        The two materials, or the name of a bundled system.
    microscope
        Its detector ring is applied to the angular profiles, and its voltage and
        semi-angle must be those of the simulation.
    sensitivity
        Measured response of the detector, see :func:`~.sensitivity.read_sensitivity`;
        1 on the whole ring by default.

    Raises
    ------
    ResourceError
        If a table is missing or damaged.
    ParameterError
        If the tables were made for another voltage or semi-angle.
    """
    microscope = microscope or Microscope()
    if isinstance(system, str):
        system = load_material_system(system)
    rows: list[NDArray[np.float64]] = []
    names: list[str] = []
    phases: list[tuple[tuple[int, int], ...]] = []
    for material in system.materials:
        ranges = []
        for crystal in material.phases:
            table = ReferenceTable.load(system.reference_path(crystal))
            _check_conditions(table, microscope)
            start = len(rows)
            intensity = table.intensity(
                microscope.detector_inner_mrad, microscope.detector_outer_mrad, sensitivity
            )
            rows += [extend(table.thickness_nm, curve) for curve in intensity]
            names += [f"{crystal} {orientation}" for orientation in table.orientations]
            ranges.append((start, len(rows)))
        phases.append(tuple(ranges))
    return Curves(np.array(rows), STEP_NM, (phases[0], phases[1]), tuple(names))


def made_for(system: MaterialSystem) -> tuple[float, float]:
    """Return voltage in kV and semi-angle in mrad that a system's curves were made for.

    Raises
    ------
    ResourceError
        If a table is missing or damaged.
    """
    return _beam(ReferenceTable.load(system.reference_path(system.materials[0].phases[0])))


def _beam(table: ReferenceTable) -> tuple[float, float]:
    try:
        return float(table.settings["voltage_kv"]), float(table.settings["semi_angle_mrad"])
    except (KeyError, TypeError, ValueError) as error:
        raise ResourceError(
            f"The reference table of {table.crystal} does not say its voltage and "
            "semi-angle: compute it again with 'heteroagg reference'."
        ) from error


def _check_conditions(table: ReferenceTable, microscope: Microscope) -> None:
    voltage_kv, semi_angle_mrad = _beam(table)
    if abs(voltage_kv - microscope.voltage_kv) > 0.5:
        raise ParameterError(
            f"The reference table of {table.crystal} was made for {voltage_kv:g} kV, not "
            f"{microscope.voltage_kv:g} kV: compute one with 'heteroagg reference'."
        )
    if abs(semi_angle_mrad - microscope.semi_angle_mrad) > 0.05:
        raise ParameterError(
            f"The reference table of {table.crystal} was made for {semi_angle_mrad:g} mrad, "
            f"not {microscope.semi_angle_mrad:g} mrad: compute one with 'heteroagg reference'."
        )
