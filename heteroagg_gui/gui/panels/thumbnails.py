"""Small pictures of micrographs, made beside the window's own thread."""

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.gui.aside import Aside

SIDE = 96


def to_levels(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Stretch intensities over 256 grey levels; the square root keeps faint particles visible."""
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return np.zeros(values.shape, dtype=np.uint8)
    low, high = np.percentile(finite, (0.5, 99.8))
    if high <= low:
        low, high = float(finite.min()), float(finite.max())
    span = float(high - low) or 1.0
    scaled = np.nan_to_num((values - low) / span)
    levels: NDArray[np.uint8] = (np.sqrt(np.clip(scaled, 0.0, 1.0)) * 255).astype(np.uint8)
    return levels


def shrink(pixels: NDArray[np.float32], side: int = SIDE) -> NDArray[np.float32]:
    """Average blocks so that the longer edge has about ``side`` pixels."""
    step = max(1, -(-max(pixels.shape) // side))
    height, width = (n // step * step for n in pixels.shape)
    if height == 0 or width == 0:
        return pixels
    blocks = pixels[:height, :width].reshape(height // step, step, width // step, step)
    small: NDArray[np.float32] = blocks.mean(axis=(1, 3), dtype=np.float32)
    return small


def to_image(levels: NDArray[np.uint8]) -> QImage:
    """Return a grey picture that owns its pixels."""
    levels = np.ascontiguousarray(levels)
    height, width = levels.shape
    shared = QImage(levels.data, width, height, width, QImage.Format.Format_Grayscale8)
    return shared.copy()


def thumbnail(pixels: NDArray[np.float32]) -> QImage:
    """Return the small picture of an image."""
    return to_image(to_levels(shrink(pixels)))


class Thumbnailer(QObject):
    """Makes one small picture per image; answers with :attr:`made`."""

    made = Signal(int, QImage)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._aside = Aside(self)
        self._aside.done.connect(self._on_done)
        self._asked: dict[int, int] = {}

    def request(self, key: int, micrograph: Micrograph) -> None:
        """Make the picture unless it was asked for already."""
        if self._asked.get(key) != id(micrograph.pixels):
            self._asked[key] = id(micrograph.pixels)
            self._aside.start(key, partial(thumbnail, micrograph.pixels))

    def _on_done(self, key: int, image: QImage) -> None:
        self.made.emit(key, image)

    def stop(self) -> None:
        """Forget what has not begun and wait for the rest."""
        self._aside.stop()
