"""Settings of the simulated microscope and of the image frame."""

import math
from dataclasses import dataclass

from heteroagg_gui.core.errors import ParameterError

SQUARE_ANGSTROM_PER_SQUARE_NM = 100.0


@dataclass(frozen=True)
class Microscope:
    """A probe-corrected STEM with an annular dark-field detector, sections 2.1.3-2.1.4.

    Parameters
    ----------
    voltage_kv
        Acceleration voltage in kV; must be the one the reference curves were made for.
    semi_angle_mrad
        Convergence semi-angle beta in mrad, which sets the blur of what is out of focus.
    detector_inner_mrad, detector_outer_mrad
        Edges of the annular detector in mrad.
    dose_e_per_a2
        Electrons per square angstrom; 0 leaves the shot noise out.
    scan_noise_nm
        Standard deviation of the beam's displacement in nm.
    focus_offset_nm
        Height of the focal plane above the aggregate's mid-plane in nm.

    Raises
    ------
    ParameterError
        If a value makes no physical sense.
    """

    voltage_kv: float = 300.0
    semi_angle_mrad: float = 21.1
    detector_inner_mrad: float = 55.0
    detector_outer_mrad: float = 250.0
    dose_e_per_a2: float = 149.0
    scan_noise_nm: float = 0.01
    focus_offset_nm: float = 0.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.semi_angle_mrad < 200.0:
            raise ParameterError(
                f"A convergence semi-angle of {self.semi_angle_mrad} mrad is not possible: "
                "choose 0 to 200 mrad."
            )
        if not 0.0 <= self.detector_inner_mrad < self.detector_outer_mrad:
            raise ParameterError(
                f"The detector ring from {self.detector_inner_mrad} to "
                f"{self.detector_outer_mrad} mrad is empty: the inner angle must be smaller."
            )
        if not 0.0 <= self.dose_e_per_a2 < math.inf:
            raise ParameterError(
                f"A dose of {self.dose_e_per_a2} electrons per square angstrom is not "
                "possible: give 0 (no shot noise) or more."
            )
        if not 0.0 <= self.scan_noise_nm < 10.0:
            raise ParameterError(
                f"A scan noise of {self.scan_noise_nm} nm is not possible: choose 0 to 10 nm."
            )
        if not math.isfinite(self.focus_offset_nm):
            raise ParameterError("The focus offset must be a number of nm.")

    @property
    def blur_per_nm(self) -> float:
        """Blur sigma per nm of height, tan(beta), section 2.1.4."""
        return math.tan(self.semi_angle_mrad * 1e-3)


@dataclass(frozen=True)
class Frame:
    """The pixel grid of an image, centred on the aggregate.

    Parameters
    ----------
    height, width
        Pixels.
    pixel_size_nm
        Edge of a square pixel in nm.

    Raises
    ------
    ParameterError
        If the frame is empty or too large to be an image.
    """

    height: int = 512
    width: int = 512
    pixel_size_nm: float = 1.25

    def __post_init__(self) -> None:
        if not (1 <= self.height <= 16384 and 1 <= self.width <= 16384):
            raise ParameterError(
                f"An image of {self.width} x {self.height} pixels is not possible: "
                "choose 1 to 16384 pixels a side."
            )
        if not 0.001 <= self.pixel_size_nm <= 1000.0:
            raise ParameterError(
                f"A pixel size of {self.pixel_size_nm} nm is not possible: choose 0.001 to 1000 nm."
            )
