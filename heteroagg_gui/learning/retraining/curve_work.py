"""How thick crystals have to be simulated for a training, and how long that takes."""

import math
from dataclasses import replace

from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.stem.simulation_plan import Plan
from heteroagg_gui.stem.viewing_directions import ORIENTATIONS

LEAST_THICKNESS_NM = 12.0
MOST_THICKNESS_NM = 60.0
SECONDS_A_NM = 0.7
"""Processor time for one nm of one thermal configuration of ceria, measured."""
_DEVIATIONS = 4.0


def thickest_particle_nm(ranges: TrainingRanges) -> float:
    """Return the diameter of a particle that lies four standard deviations of ln(radius) above.

    A beam goes through each particle on the curve of that particle, so that hardly any longer path
    occurs.
    """
    sizes = ranges.aggregation
    mean, share = sizes.radius_mean_nm, sizes.radius_sd_nm / sizes.radius_mean_nm
    if ranges.radius_means_nm is not None:
        mean = ranges.radius_means_nm[1]
    if ranges.radius_relative_sds is not None:
        share = ranges.radius_relative_sds[1]
    middle, deviation = replace(sizes, radius_mean_nm=mean, radius_sd_nm=share * mean).log_radius
    return 2.0 * math.exp(middle + _DEVIATIONS * deviation)


def curve_thickness_nm(ranges: TrainingRanges) -> float:
    """Return the thickness up to which reference curves are computed, in whole nm.

    That of the thickest particle, within 12 and 60 nm. Curves are continued beyond their end, see
    ``stem.curves.extend``.
    """
    wanted = math.ceil(thickest_particle_nm(ranges))
    return float(min(MOST_THICKNESS_NM, max(LEAST_THICKNESS_NM, wanted)))


def curve_seconds(ranges: TrainingRanges, processes: int = 1) -> float:
    """Return about how long the reference curves of one crystal take, without symmetry.

    Parameters
    ----------
    ranges
        Particles that the curves are for.
    processes
        Processes that simulate at the same time, each with a core of its own.
    """
    plan = Plan(thickness_nm=curve_thickness_nm(ranges))
    thicknesses = (
        plan.depths_of(view, run)[-1]
        for view in ORIENTATIONS
        for run in range(plan.total_configurations(view))
    )
    return SECONDS_A_NM * float(sum(thicknesses)) / max(1, processes)
