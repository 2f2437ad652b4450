"""What the form of a simulation asks for, as data: the form is built from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from heteroagg_gui.gui.symbols import ThetaQuantity, theta_quantities
from heteroagg_gui.stem.imperfection_ranges import IMPERFECTION_RANGES
from heteroagg_gui.stem.imperfections import BIT_DEPTHS
from heteroagg_gui.workflow.action import Parameter
from heteroagg_gui.workflow.actions.simulate import IMPERFECTIONS, MICROSCOPE, SIMULATE

SMALLEST_SIZE, LARGEST_SIZE = "size_range_low", "size_range_high"
THETA_NAMES = ("fractal_dimension", "mixing_ratio", "theta_0", "theta_1")
FRAME_PIXELS = (64, 96, 128, 192, 256, 384, 512, 768, 1024)
_BEAM = ("voltage_kv", "semi_angle_mrad")


@dataclass(frozen=True)
class Span:
    """What a slider covers, and with how many decimals its value is written.

    Parameters
    ----------
    low, high
        Its ends; a number may lie beyond them.
    decimals
        Digits behind the point; 0 for whole numbers.
    logarithmic
        Whether equal ways are equal ratios.
    off
        Value of the left end of a logarithmic slider, where it stands for none.
    """

    low: float
    high: float
    decimals: int = 0
    logarithmic: bool = False
    off: float | None = None


@dataclass(frozen=True)
class Field:
    """One row of the form.

    Parameters
    ----------
    name
        Key of its value.
    title
        What it is, as rich text.
    default
        Value to begin with.
    unit, minimum, maximum, help
        As a parameter of the action has them.
    span
        What its slider covers; None for a choice.
    choices
        The values of a choice.
    """

    name: str
    title: str
    default: float
    unit: str
    minimum: float
    maximum: float
    help: str
    span: Span | None = None
    choices: tuple[int, ...] = ()


@dataclass(frozen=True)
class Section:
    """Rows under one heading."""

    key: str
    title: str
    fields: tuple[Field, ...]
    folded: bool = False


_SPANS: Mapping[str, Span] = {
    "fractal_dimension": Span(1.2, 2.8, 2),
    "mixing_ratio": Span(0.0, 1.0, 2),
    "theta_0": Span(1, 12),
    "theta_1": Span(1, 12),
    SMALLEST_SIZE: Span(1, 300),
    LARGEST_SIZE: Span(1, 300),
    "radius_mean_nm": Span(3.0, 30.0, 1),
    "radius_sd_nm": Span(0.0, 12.0, 1),
    "pixel_size_nm": Span(0.3, 5.0, 2, logarithmic=True),
    "dose_e_per_a2": Span(1.0, 1e5, 1, logarithmic=True, off=0.0),
    "scan_noise_nm": Span(0.0, 3.0, 2),
    "focus_offset_nm": Span(-400.0, 400.0, 0),
    "detector_inner_mrad": Span(25.0, 150.0, 0),
    "detector_outer_mrad": Span(60.0, 250.0, 0),
}
_DEFAULTS = {"fractal_dimension": 1.8, "mixing_ratio": 0.5, "theta_0": 3, "theta_1": 2}
_THETA_LIMITS = {
    "fractal_dimension": (1.01, 2.99),
    "mixing_ratio": (0.0, 1.0),
    "theta_0": (1, 1000),
    "theta_1": (1, 1000),
}
_WINDOW_UNITS = {"e/A^2": "e/Å²"}
_SHORT_TITLES = {
    "radius_mean_nm": "Particle radius, mean",
    "radius_sd_nm": "Particle radius, spread",
    "detector_inner_mrad": "Detector from",
    "detector_outer_mrad": "Detector to",
    "pixels": "Pixels per side",
}


def _imperfection_span(parameter: Parameter) -> Span:
    """Return a span from no effect to the largest plausible one."""
    plausible = IMPERFECTION_RANGES[parameter.name]
    usual = float(parameter.default)
    whole = isinstance(parameter.default, int)
    decimals = 0 if whole else _decimals(plausible.high)
    if plausible.logarithmic:
        return Span(plausible.low, plausible.high, decimals, logarithmic=True, off=usual)
    return Span(min(usual, plausible.low), max(usual, plausible.high), decimals)


def _decimals(largest: float) -> int:
    """Return the digits behind the point that tell a hundredth of a value."""
    return next((n for n in range(6) if largest * 10**n >= 100), 5)


def _field(parameter: Parameter, span: Span | None, choices: tuple[int, ...] = ()) -> Field:
    return Field(
        parameter.name,
        _SHORT_TITLES.get(parameter.name, parameter.title),
        parameter.default,
        _WINDOW_UNITS.get(parameter.unit, parameter.unit),
        float(parameter.minimum or 0.0),
        float(parameter.maximum or 0.0),
        parameter.help,
        span,
        choices,
    )


def _theta_field(quantity: ThetaQuantity) -> Field:
    low, high = _THETA_LIMITS[quantity.key]
    title = quantity.title.replace("Primary cluster", "Cluster")
    return Field(
        quantity.key,
        f"{title} {quantity.symbol}",
        _DEFAULTS[quantity.key],
        "",
        low,
        high,
        quantity.help,
        _SPANS[quantity.key],
    )


def theta_fields(names: tuple[str, str]) -> tuple[Field, ...]:
    """Return the rows of theta in the words of a material system."""
    return tuple(map(_theta_field, theta_quantities(names)))


def _size_fields() -> tuple[Field, Field]:
    parameter = SIMULATE.parameter("size_range")
    limits = (float(parameter.minimum or 1), float(parameter.maximum or 1))
    first, last = (
        Field(name, title, value, "", *limits, parameter.help, _SPANS[name])
        for name, title, value in zip(
            (SMALLEST_SIZE, LARGEST_SIZE),
            ("Particles, fewest", "Particles, most"),
            parameter.default,
            strict=True,
        )
    )
    return first, last


def _imperfection_field(parameter: Parameter) -> Field:
    if parameter.name == "quantisation_bits":
        return _field(parameter, None, BIT_DEPTHS)
    return _field(parameter, _imperfection_span(parameter))


def sections(names: tuple[str, str]) -> tuple[Section, ...]:
    """Return everything the form asks for.

    Parameters
    ----------
    names
        What to call the materials with labels 0 and 1.
    """
    taken = SIMULATE.parameter
    radii = (taken("radius_mean_nm"), taken("radius_sd_nm"))
    return (
        Section("theta", "Parameters θ", theta_fields(names)),
        Section(
            "aggregate",
            "Aggregate",
            (*_size_fields(), *(_field(radius, _SPANS[radius.name]) for radius in radii)),
        ),
        Section(
            "microscope",
            "Microscope",
            (
                *(_field(p, _SPANS[p.name]) for p in MICROSCOPE if p.name not in _BEAM),
                _field(taken("pixels"), None, FRAME_PIXELS),
                _field(taken("pixel_size_nm"), _SPANS["pixel_size_nm"]),
            ),
        ),
        Section(
            "imperfections",
            "Imperfections",
            tuple(map(_imperfection_field, IMPERFECTIONS)),
            folded=True,
        ),
    )


def as_values(entries: Mapping[str, Any]) -> dict[str, Any]:
    """Return values of the action ``simulate`` for what stands in the form."""
    joined = (*THETA_NAMES, SMALLEST_SIZE, LARGEST_SIZE)
    values = {name: value for name, value in entries.items() if name not in joined}
    values["theta"] = tuple(entries[name] for name in THETA_NAMES)
    values["size_range"] = (entries[SMALLEST_SIZE], entries[LARGEST_SIZE])
    return values
