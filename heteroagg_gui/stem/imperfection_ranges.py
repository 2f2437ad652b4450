"""Plausible sizes of the imperfections, to train a network that is robust against them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from heteroagg_gui.stem.imperfections import Imperfections

FULL_SCALE_16_BIT = 65535.0
FULL_SCALE_8_BIT = 255.0


@dataclass(frozen=True)
class PlausibleRange:
    """Where a setting's value is drawn from.

    Parameters
    ----------
    low, high
        Limits in the unit of the setting.
    logarithmic
        Whether the logarithm is uniform rather than the value.
    """

    low: float
    high: float
    logarithmic: bool = False

    def draw(self, rng: np.random.Generator) -> float:
        """Draw a value."""
        if self.logarithmic:
            return float(np.exp(rng.uniform(np.log(self.low), np.log(self.high))))
        return float(rng.uniform(self.low, self.high))


IMPERFECTION_RANGES: Mapping[str, PlausibleRange] = MappingProxyType(
    {
        "row_jitter_nm": PlausibleRange(0.05, 1.0, True),
        "drift_x_nm": PlausibleRange(-5.0, 5.0),
        "drift_y_nm": PlausibleRange(-5.0, 5.0),
        "flyback_nm": PlausibleRange(-2.0, 2.0),
        "flyback_share": PlausibleRange(0.03, 0.15),
        "support_intensity": PlausibleRange(0.0003, 0.006, True),
        "support_slope_x": PlausibleRange(-0.5, 0.5),
        "support_slope_y": PlausibleRange(-0.5, 0.5),
        "support_granularity": PlausibleRange(0.0, 0.15),
        "support_grain_nm": PlausibleRange(0.5, 3.0, True),
        "background_intensity": PlausibleRange(0.0003, 0.005, True),
        "neighbours": PlausibleRange(1, 3),
        "detector_gain_counts": PlausibleRange(65535.0, 655350.0, True),
        "detector_offset_counts": PlausibleRange(0.0, 6000.0),
        "saturation_counts": PlausibleRange(30000.0, 65535.0),
        "quantisation_bits": PlausibleRange(8, 16),
    }
)
"""The range of every setting; those in counts hold for 16 bits and are scaled down for 8."""


@dataclass(frozen=True)
class Effect:
    """Settings that belong together and occur together.

    Parameters
    ----------
    share
        Share of the images it occurs in.
    settings
        Fields of :class:`~heteroagg_gui.stem.imperfections.Imperfections`.
    """

    share: float
    settings: tuple[str, ...]


_FILM = ("intensity", "slope_x", "slope_y", "granularity", "grain_nm")

EFFECTS: Mapping[str, Effect] = MappingProxyType(
    {
        "row jitter": Effect(0.5, ("row_jitter_nm",)),
        "drift": Effect(0.5, ("drift_x_nm", "drift_y_nm")),
        "flyback": Effect(0.5, ("flyback_nm", "flyback_share")),
        "support": Effect(0.5, tuple(f"support_{name}" for name in _FILM)),
        "background": Effect(0.5, ("background_intensity",)),
        "neighbours": Effect(0.3, ("neighbours",)),
        "detector": Effect(
            0.5, ("detector_gain_counts", "detector_offset_counts", "quantisation_bits")
        ),
        "saturation": Effect(0.2, ("saturation_counts",)),
    }
)
"""The effects; saturation occurs in its share of the images that have a detector."""


def draw_imperfections(
    rng: np.random.Generator,
    ranges: Mapping[str, PlausibleRange] = IMPERFECTION_RANGES,
    effects: Mapping[str, Effect] = EFFECTS,
) -> Imperfections:
    """Draw the imperfections of one image, which fit fields of 70 nm and more.

    Parameters
    ----------
    rng
        Source of randomness; every call takes as many numbers from it, whatever is drawn.
    ranges
        Range of each setting; pixels get the number of bits, 8 or 16, that is nearer.
    effects
        Share of images and settings of each effect.
    """
    drawn = {name: limits.draw(rng) for name, limits in ranges.items()}
    present = {name: rng.random() < effect.share for name, effect in effects.items()}
    if "saturation" in present:
        present["saturation"] &= present.get("detector", False)
    drawn["neighbours"] = round(drawn["neighbours"])
    drawn["quantisation_bits"] = 8 if drawn["quantisation_bits"] < 12 else 16
    if drawn["quantisation_bits"] == 8:
        for name in (name for name in drawn if name.endswith("_counts")):
            drawn[name] *= FULL_SCALE_8_BIT / FULL_SCALE_16_BIT
    names = [name for effect in effects if present[effect] for name in effects[effect].settings]
    return Imperfections(**{name: drawn[name] for name in names})  # type: ignore[arg-type]
