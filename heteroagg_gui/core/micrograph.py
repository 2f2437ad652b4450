"""One image with its calibration."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SYSTEM_ENTRY = "material system"
"""Key of ``Micrograph.metadata`` under which simulated images name their materials."""


@dataclass(frozen=True, eq=False)
class Micrograph:
    """A HAADF-STEM image.

    Parameters
    ----------
    pixels
        Intensities, shape (height, width), float32, in the file's own units.
    pixel_size_nm
        Edge of a square pixel in nm; None where the file does not say.
    name
        What to call it: the file's name, or a description.
    path
        The file it was read from, if any.
    metadata
        What the file says of its acquisition, as text.
    """

    pixels: NDArray[np.float32]
    pixel_size_nm: float | None
    name: str
    path: Path | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)

    @property
    def field_of_view_nm(self) -> tuple[float, float] | None:
        """Height and width of the field of view in nm, if the image is calibrated."""
        if self.pixel_size_nm is None:
            return None
        height, width = self.pixels.shape
        return height * self.pixel_size_nm, width * self.pixel_size_nm
