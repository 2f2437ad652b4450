"""heteroagg reference: HAADF intensity against thickness for one crystal."""

import argparse
from pathlib import Path
from typing import Any

from heteroagg_gui.cli.options import add_json
from heteroagg_gui.cli.outcome import Outcome
from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.progress import Progress

SUMMARY = "Simulate the HAADF intensity of one crystal against its thickness (multislice)."
_SHOWN_NM = (5, 10, 20, 40, 60)
_NUMBERS: tuple[tuple[str, float, str], ...] = (
    ("--thickness", 60.0, "Largest thickness in nm"),
    ("--voltage", 300.0, "Acceleration voltage in kV"),
    ("--semi-angle", 21.1, "Convergence semi-angle in mrad"),
)
_COUNTS: tuple[tuple[str, int, str], ...] = (
    ("--configurations", 3, "Thermal configurations of a direction, over the whole thickness"),
    ("--thin-configurations", 4, "Further ones over the first 10 nm"),
    ("--zone-axis-configurations", 6, "Those of the view along [100] over the whole thickness"),
    ("--speckles", 4, "Incident waves of a configuration"),
    ("--seed", 0, "Seed of the simulation"),
    ("--jobs", 1, "Processes; the result does not depend on their number"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--cif", type=Path, metavar="FILE", help="Crystal structure to simulate.")
    source.add_argument("--crystal", metavar="NAME", help="Bundled crystal to simulate.")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE.npz", help="Table to write."
    )
    for flag, number, text in _NUMBERS:
        note = f"{text} [default {number:g}]."
        parser.add_argument(flag, type=float, default=number, metavar="X", help=note)
    _add_detector(parser)
    parser.add_argument(
        "--device",
        choices=("cpu", "gpu"),
        default="cpu",
        help="Where to compute; gpu needs CuPy [default cpu].",
    )
    parser.add_argument(
        "--orientation",
        action="append",
        metavar="LABEL",
        help="Viewing direction: '[100]', '[100] + 30 deg' or 'random'; may be given again "
        "[default: ten directions].",
    )
    for flag, count, text in _COUNTS:
        note = f"{text} [default {count}]."
        parser.add_argument(flag, type=int, default=count, metavar="N", help=note)
    add_json(parser)


def _add_detector(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--detector",
        type=float,
        nargs=2,
        default=(55.0, 250.0),
        metavar=("INNER", "OUTER"),
        help="Ring in mrad whose intensity is printed; the table holds all angles "
        "[default 55 250].",
    )
    parser.add_argument(
        "--sensitivity",
        type=Path,
        metavar="FILE",
        help="Measured response of the detector: two columns of text, angle in mrad and "
        "response relative to 1 [default: 1 on the whole ring].",
    )


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Simulate and write the table."""
    from heteroagg_gui.stem.multislice import simulate_reference
    from heteroagg_gui.stem.sensitivity import read_sensitivity

    _check(arguments)
    sensitivity = read_sensitivity(arguments.sensitivity) if arguments.sensitivity else None
    more: dict[str, Any] = {}
    if arguments.orientation:
        more["orientations"] = tuple(arguments.orientation)
    inner, outer = arguments.detector
    table = simulate_reference(
        arguments.cif or arguments.crystal,
        arguments.out,
        thickness_nm=arguments.thickness,
        voltage_kv=arguments.voltage,
        semi_angle_mrad=arguments.semi_angle,
        configurations=arguments.configurations,
        thin_configurations=arguments.thin_configurations,
        zone_axis_configurations=arguments.zone_axis_configurations,
        speckles=arguments.speckles,
        seed=arguments.seed,
        workers=arguments.jobs,
        device=arguments.device,
        progress=progress,
        **more,
    )
    document = {
        "out": str(arguments.out),
        "crystal": table.crystal,
        "detector_mrad": [inner, outer],
        "sensitivity": str(arguments.sensitivity) if arguments.sensitivity else None,
        "thickness_nm": table.thickness_nm.tolist(),
        "orientations": list(table.orientations),
        "intensity": table.intensity(inner, outer, sensitivity).tolist(),
    }
    return Outcome(document, lambda: _text(document))


def _check(arguments: argparse.Namespace) -> None:
    """Refuse, before hours of work, what the table could not be printed for."""
    inner, outer = arguments.detector
    if not 0.0 <= inner < outer <= 250.0:
        raise ParameterError(
            f"A detector from {inner:g} to {outer:g} mrad can't be shown: choose 0 to 250 mrad."
        )
    if arguments.jobs < 1:
        raise ParameterError(f"{arguments.jobs} processes can't work: choose at least one.")
    if arguments.out.suffix != ".npz":
        raise ParameterError(f"The table '{arguments.out}' must end in .npz: rename it.")


def _text(document: dict[str, Any]) -> str:
    thickness = document["thickness_nm"]
    shown = [t for t in _SHOWN_NM if t <= thickness[-1]]
    places = [_nearest(thickness, t) for t in shown]
    inner, outer = document["detector_mrad"]
    lines = [
        f"{document['crystal']} written to {document['out']}",
        f"Fraction of the beam on {inner:g} to {outer:g} mrad",
        f"{'':<18}" + "".join(f"{t:>7} nm" for t in shown),
    ]
    for label, row in zip(document["orientations"], document["intensity"], strict=True):
        lines.append(f"{label:<18}" + "".join(f"{row[k]:>10.4f}" for k in places))
    return "\n".join(lines)


def _nearest(values: list[float], wanted: float) -> int:
    return min(range(len(values)), key=lambda k: abs(values[k] - wanted))
