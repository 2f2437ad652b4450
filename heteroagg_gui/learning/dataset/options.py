"""Options of the command that makes training data, and the plan they describe."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from heteroagg_gui.aggregation.parameters import AggregationParameters
from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.learning.dataset.plan import (
    PAPER_PER_TRIPLE,
    DataPlan,
    free_plan,
    listed_plan,
    paper_plan,
)
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.stem.microscope import Frame, Microscope

PER_CONFIGURATION = 50
CHUNK_SIZE = 200
_RANGES = TrainingRanges()
_SIZES = AggregationParameters()
_MICROSCOPE = Microscope()
_FRAME = Frame()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument(
        "--out", type=Path, metavar="DIR", help="Folder of the data; made if it does not exist."
    )
    where.add_argument(
        "--verify", type=Path, metavar="DIR", help="Check finished data instead of making some."
    )
    _add_amount(parser)
    _add_conditions(parser)
    who = parser.add_mutually_exclusive_group()
    text = "Processes; the result does not depend on their number"
    _add(who, "--jobs", int, 1, "N", text)
    who.add_argument(
        "--dask", metavar="ADDRESS", help="Scheduler of a Dask cluster that makes the images."
    )
    parser.add_argument(
        "--resume",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="Keep the finished files of an interrupted run [default: yes].",
    )


def _add(
    parser: argparse._ActionsContainer,
    flag: str,
    kind: type,
    default: Any,
    marks: str | tuple[str, ...],
    text: str,
) -> None:
    shown = " ".join(f"{v:g}" for v in default) if isinstance(default, tuple) else default
    parser.add_argument(
        flag,
        type=kind,
        default=default,
        metavar=marks,
        nargs=len(marks) if isinstance(marks, tuple) else None,
        help=f"{text} [default {shown}].",
    )


def _add_amount(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--preset",
        choices=["paper"],
        help="The paper's 32,400 aggregates, section 2.3 [default, if nothing else is asked for].",
    )
    what.add_argument(
        "--aggregates",
        type=int,
        metavar="N",
        help="So many aggregates instead, with theta drawn from ranges.",
    )
    what.add_argument(
        "--theta",
        type=float,
        nargs=4,
        action="append",
        metavar=("D_f", "RHO", "THETA0", "THETA1"),
        help="Aggregates of this theta instead; may be given again.",
    )
    text = "Aggregates of a triple (rho, theta_0, theta_1) of the paper's"
    _add(parser, "--per-triple", int, PAPER_PER_TRIPLE, "N", text)
    text = "Aggregates of a theta that is given or drawn; three fifths are for training"
    _add(parser, "--per-configuration", int, PER_CONFIGURATION, "N", text)
    pair = ("MIN", "MAX")
    text = "Fractal dimensions that --aggregates draws from"
    _add(parser, "--fractal-dimension", float, _RANGES.fractal_dimension, pair, text)
    text = "Number fractions of WO3 that --aggregates draws from"
    _add(parser, "--mixing-ratio", float, _RANGES.mixing_ratio, pair, text)
    text = "Largest theta_0 and theta_1 that --aggregates draws"
    _add(parser, "--largest-cluster", int, _RANGES.largest_cluster, "N", text)
    _add(parser, "--seed", int, 1, "N", "Seed of all random numbers")
    _add(parser, "--chunk-size", int, CHUNK_SIZE, "N", "Images of a file")


def _add_conditions(parser: argparse.ArgumentParser) -> None:
    sizes, scope = _SIZES, _MICROSCOPE
    _add(parser, "--size-range", int, sizes.size_range, ("MIN", "MAX"), "Particles of an aggregate")
    radius = (sizes.radius_mean_nm, sizes.radius_sd_nm)
    text = "Mean and standard deviation of the particle radius in nm"
    _add(parser, "--radius", float, radius, ("MEAN", "SD"), text)
    _add(parser, "--pixels", int, _FRAME.width, "N", "Pixels along each side of an image")
    _add(parser, "--pixel-size", float, _FRAME.pixel_size_nm, "NM", "Edge of a pixel in nm")
    text = "Electrons per square angstrom; 0 for none of their noise"
    _add(parser, "--dose", float, scope.dose_e_per_a2, "E_PER_A2", text)
    text = "Standard deviation of the beam's displacement in nm"
    _add(parser, "--scan-noise", float, scope.scan_noise_nm, "NM", text)
    text = "Height of the focal plane above the aggregate's mid-plane in nm"
    _add(parser, "--focus-offset", float, scope.focus_offset_nm, "NM", text)
    _add(parser, "--voltage", float, scope.voltage_kv, "KV", "Acceleration voltage in kV")
    text = "Convergence semi-angle in mrad"
    _add(parser, "--semi-angle", float, scope.semi_angle_mrad, "MRAD", text)
    ring = (scope.detector_inner_mrad, scope.detector_outer_mrad)
    text = "Edges of the annular detector in mrad"
    _add(parser, "--detector", float, ring, ("INNER", "OUTER"), text)
    _add(parser, "--system", str, "tio2-wo3", "NAME", "Material system")


def plan_asked_for(chosen: argparse.Namespace) -> DataPlan:
    """Return the plan that the options describe.

    Raises
    ------
    ParameterError
        If they describe none.
    """
    settings: dict[str, Any] = {
        "aggregation": AggregationParameters(
            chosen.radius[0], chosen.radius[1], tuple(chosen.size_range)
        ),
        "microscope": Microscope(
            voltage_kv=chosen.voltage,
            semi_angle_mrad=chosen.semi_angle,
            detector_inner_mrad=chosen.detector[0],
            detector_outer_mrad=chosen.detector[1],
            dose_e_per_a2=chosen.dose,
            scan_noise_nm=chosen.scan_noise,
            focus_offset_nm=chosen.focus_offset,
        ),
        "frame": Frame(chosen.pixels, chosen.pixels, chosen.pixel_size),
        "system": chosen.system,
        "chunk_size": chosen.chunk_size,
    }
    per, seed = chosen.per_configuration, chosen.seed
    if chosen.theta:
        return listed_plan([Theta(*_whole_sizes(t)) for t in chosen.theta], per, seed, **settings)
    if chosen.aggregates is not None:
        return free_plan(chosen.aggregates, _ranges(chosen), per, seed, **settings)
    return paper_plan(seed, chosen.per_triple, **settings)


def _whole_sizes(theta: list[float]) -> tuple[float, float, int, int]:
    dimension, ratio, *sizes = theta
    if not all(size.is_integer() for size in sizes):
        raise ParameterError(
            f"The primary cluster sizes {sizes[0]:g} and {sizes[1]:g} are not whole numbers: "
            "give counts of particles."
        )
    return dimension, ratio, int(sizes[0]), int(sizes[1])


def _ranges(chosen: argparse.Namespace) -> TrainingRanges:
    for name in ("fractal_dimension", "mixing_ratio"):
        low, high = getattr(chosen, name)
        if not low <= high:
            raise ParameterError(
                f"The range {low:g} to {high:g} of the {name.replace('_', ' ')} is empty: give "
                "the smaller value first."
            )
    if chosen.largest_cluster < 1:
        raise ParameterError(
            f"Primary clusters of up to {chosen.largest_cluster} particles don't exist: choose "
            "at least 1."
        )
    return replace(
        _RANGES,
        fractal_dimension=tuple(chosen.fractal_dimension),
        mixing_ratio=tuple(chosen.mixing_ratio),
        largest_cluster=chosen.largest_cluster,
    )
