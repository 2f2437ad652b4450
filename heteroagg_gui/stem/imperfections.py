"""What real micrographs have beyond the noise of section 2.1.4: settings and their limits."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from heteroagg_gui.core.errors import ParameterError

BIT_DEPTHS = (0, 8, 16)


@dataclass(frozen=True)
class SettingInfo:
    """What is to be known of one imperfection's setting.

    Parameters
    ----------
    name, title
        Its field, and what a form calls it.
    unit
        Its unit, or what a share is a share of; empty for a number of things.
    default
        Value at which it changes nothing, or that has a meaning only beside another one.
    lowest, highest
        Limits, both allowed.
    help
        One sentence.
    """

    name: str
    title: str
    unit: str
    default: float
    lowest: float
    highest: float
    help: str


def _setting(default: Any, title: str, unit: str, low: float, high: float, text: str) -> Any:
    about = {"title": title, "unit": unit, "lowest": low, "highest": high, "help": text}
    return field(default=default, metadata={**about, "default": default})


@dataclass(frozen=True)
class Imperfections:
    """Imperfections of a real microscope, specimen and detector; all are off by default.

    The unit, the limits and the meaning of each field are in :data:`SETTINGS` and in
    docs/image-formation.md.

    Raises
    ------
    ParameterError
        If a value is outside its limits, or a whole number of levels is asked for from a
        signal that is a fraction below 1.
    """

    row_jitter_nm: float = _setting(
        *(0.0, "Row jitter", "nm", 0.0, 20.0),
        "Standard deviation of the shift of a whole scan line along x.",
    )
    drift_x_nm: float = _setting(
        *(0.0, "Drift along x", "nm", -1000.0, 1000.0),
        "Way of the specimen to the right while one frame is scanned.",
    )
    drift_y_nm: float = _setting(
        *(0.0, "Drift along y", "nm", -1000.0, 1000.0),
        "Way of the specimen downwards while one frame is scanned.",
    )
    flyback_nm: float = _setting(
        *(0.0, "Flyback distortion", "nm", -100.0, 100.0),
        "How far to the right of its place the beam still is when a line begins.",
    )
    flyback_share: float = _setting(
        *(0.05, "Flyback decay", "of a line", 0.001, 1.0),
        "Part of a line in which the flyback distortion falls to 1/e.",
    )
    support_intensity: float = _setting(
        *(0.0, "Support film", "of the beam", 0.0, 0.9),
        "Mean intensity of the support film as a fraction of the beam.",
    )
    support_slope_x: float = _setting(
        *(0.0, "Support slope along x", "of its mean", -1.0, 1.0),
        "Rise of the film from the left to the right edge, relative to its mean.",
    )
    support_slope_y: float = _setting(
        *(0.0, "Support slope along y", "of its mean", -1.0, 1.0),
        "Rise of the film from the upper to the lower edge, relative to its mean.",
    )
    support_granularity: float = _setting(
        *(0.0, "Support granularity", "of its mean", 0.0, 1.0),
        "Standard deviation of the film's intensity, relative to its mean.",
    )
    support_grain_nm: float = _setting(
        *(2.0, "Support grain", "nm", 0.0, 1000.0),
        "Standard deviation of the Gaussian that smooths the film's granularity.",
    )
    background_intensity: float = _setting(
        *(0.0, "Background", "of the beam", 0.0, 0.9),
        "Electrons counted everywhere alike, as a fraction of the beam.",
    )
    neighbours: int = _setting(
        *(0, "Neighbours", "", 0, 20),
        "Other aggregates that reach into the field from its edges.",
    )
    detector_gain_counts: float = _setting(
        *(1.0, "Detector gain", "counts", 1e-9, 1e9),
        "Signal for the whole beam, that is for an intensity of 1; 1 keeps fractions.",
    )
    detector_offset_counts: float = _setting(
        *(0.0, "Detector offset", "counts", -1e9, 1e9),
        "Signal without any electron.",
    )
    saturation_counts: float = _setting(
        *(0.0, "Saturation", "counts", 0.0, 1e9),
        "Largest signal the detector gives; 0 for no limit.",
    )
    quantisation_bits: int = _setting(
        *(0, "Quantisation", "bits", 0, 16),
        "Bits of a pixel's whole number, 8 or 16; 0 keeps the signal as it is.",
    )

    def __post_init__(self) -> None:
        for setting in settings_of(self):
            value = getattr(self, setting.name)
            if not setting.lowest <= value <= setting.highest:
                unit = f" {setting.unit}" if setting.unit else ""
                raise ParameterError(
                    f"{setting.title} can't be {value:g}: "
                    f"choose {setting.lowest:g} to {setting.highest:g}{unit}."
                )
        if self.quantisation_bits not in BIT_DEPTHS:
            raise ParameterError(
                f"A quantisation of {self.quantisation_bits} bits is not possible: "
                "choose 8 or 16 bits, or 0 for none."
            )
        if self.quantisation_bits and self.detector_gain_counts <= 1.0:
            raise ParameterError(
                "Whole numbers can't hold a signal that is a fraction of the beam: "
                "give a detector gain in counts too, for example 65535."
            )

    @property
    def active(self) -> bool:
        """Whether anything differs from the image of section 2.1.4."""
        return self.displaces or self.adds or self.measures

    @property
    def displaces(self) -> bool:
        """Whether the beam is elsewhere than it should be."""
        return any((self.row_jitter_nm, self.drift_x_nm, self.drift_y_nm, self.flyback_nm))

    @property
    def adds(self) -> bool:
        """Whether more than the aggregate scatters."""
        return any((self.support_intensity, self.background_intensity, self.neighbours))

    @property
    def measures(self) -> bool:
        """Whether the detector gives anything but the fraction of the beam."""
        return self.pixel_type is not None or bool(
            self.detector_gain_counts != 1.0
            or self.detector_offset_counts
            or self.saturation_counts
        )

    @property
    def pixel_type(self) -> type[np.uint8] | type[np.uint16] | None:
        """Type of whole numbers a pixel is written as; None where it is no whole number."""
        return {0: None, 8: np.uint8, 16: np.uint16}[self.quantisation_bits]


def settings_of(holder: type[Imperfections] | Imperfections) -> Iterator[SettingInfo]:
    """Yield what is to be known of each field."""
    for entry in fields(holder):
        yield SettingInfo(entry.name, **entry.metadata)


SETTINGS: tuple[SettingInfo, ...] = tuple(settings_of(Imperfections))
