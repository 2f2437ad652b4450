"""The options of ``heteroagg simulate``, and the command line that repeats a simulation."""

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from heteroagg_gui.workflow.actions.simulate import SIMULATE
from heteroagg_gui.workflow.state import SessionState


@dataclass(frozen=True)
class Option:
    """One option of the command.

    Parameters
    ----------
    names
        The parameters of the action that it holds, one or two.
    flag
        What is written before the values.
    marks
        What stands for the values in the help; one word for each.
    """

    names: tuple[str, ...]
    flag: str
    marks: str = ""


OPTIONS = (
    Option(("count",), "--count"),
    Option(("seed",), "--seed"),
    Option(("pixels",), "--pixels"),
    Option(("pixel_size_nm",), "--pixel-size", "NM"),
    Option(("size_range",), "--size-range"),
    Option(("radius_mean_nm", "radius_sd_nm"), "--radius", "MEAN SD"),
    Option(("dose_e_per_a2",), "--dose", "E_PER_A2"),
    Option(("scan_noise_nm",), "--scan-noise", "NM"),
    Option(("focus_offset_nm",), "--focus-offset", "NM"),
    Option(("voltage_kv",), "--voltage", "KV"),
    Option(("semi_angle_mrad",), "--semi-angle", "MRAD"),
    Option(("detector_inner_mrad", "detector_outer_mrad"), "--detector", "INNER OUTER"),
    Option(("system",), "--system"),
)
IMPERFECTION_OPTIONS = (
    Option(("row_jitter_nm",), "--row-jitter", "NM"),
    Option(("drift_x_nm", "drift_y_nm"), "--drift", "X Y"),
    Option(("flyback_nm",), "--flyback", "NM"),
    Option(("flyback_share",), "--flyback-share", "SHARE"),
    Option(("support_intensity",), "--support", "FRACTION"),
    Option(("support_slope_x", "support_slope_y"), "--support-slope", "X Y"),
    Option(("support_granularity",), "--support-granularity", "SHARE"),
    Option(("support_grain_nm",), "--support-grain", "NM"),
    Option(("background_intensity",), "--background", "FRACTION"),
    Option(("neighbours",), "--neighbours"),
    Option(("detector_gain_counts",), "--gain", "COUNTS"),
    Option(("detector_offset_counts",), "--offset", "COUNTS"),
    Option(("saturation_counts",), "--saturation", "COUNTS"),
    Option(("quantisation_bits",), "--bits", "N"),
)


def simulate_command(values: Mapping[str, Any], folder: str) -> str:
    """Return the command line that makes the same images in a folder.

    Parameters
    ----------
    values
        Values of the action ``simulate``; those that are its defaults are left out.
    folder
        Where the images are to go.

    Raises
    ------
    ParameterError
        If a value makes no sense.
    """
    filled = SIMULATE.fill(SessionState(), {**values, "folder": None})
    words = ["heteroagg", "simulate", "--theta", *_words(filled["theta"].as_dict().values())]
    words += ["--out", folder]
    for option in (*OPTIONS, *IMPERFECTION_OPTIONS):
        usual = [SIMULATE.parameter(name).default for name in option.names]
        chosen = [filled[name] for name in option.names]
        if chosen != usual or option.flag in ("--count", "--seed"):
            words += [option.flag, *_words(chosen)]
    return shlex.join(words)


def _words(values: Any) -> Iterator[str]:
    """Write values as text that is read back to the last bit, without exponents."""
    for value in values:
        if isinstance(value, tuple):
            yield from _words(value)
        elif isinstance(value, float):
            yield np.format_float_positional(value, trim="-")
        else:
            yield str(value)
