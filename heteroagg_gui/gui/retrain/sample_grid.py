"""Training images as the network will see them, in rows."""

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRect
from PySide6.QtGui import QColor, QHelpEvent, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from heteroagg_gui.workflow.retraining.samples import COUNT, Sample

COLUMNS = 4
_GAP = 4
_GROUND = QColor("#14171b")


class SampleGrid(QWidget):
    """Draws all images at one scale, as large as fits; theta is in the tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.samples: tuple[Sample, ...] = ()
        self.images: list[QImage] = []
        self.setMinimumSize(320, 240)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Sample images")

    def show_samples(self, samples: Sequence[Sample]) -> None:
        """Show images; none shows empty places."""
        self.samples = tuple(samples)
        self.images = [_image_of(sample) for sample in samples]
        self.update()

    def _cell(self, index: int) -> QRect:
        rows = math.ceil(COUNT / COLUMNS)
        width = (self.width() - (COLUMNS - 1) * _GAP) / COLUMNS
        height = (self.height() - (rows - 1) * _GAP) / rows
        row, column = divmod(index, COLUMNS)
        return QRect(
            round(column * (width + _GAP)), round(row * (height + _GAP)), int(width), int(height)
        )

    def _scale(self) -> float:
        """Return screen points a pixel, one for all, so that sizes can be compared."""
        cell = self._cell(0)
        scales = (
            min(cell.width() / image.width(), cell.height() / image.height())
            for image in self.images
        )
        return min(scales, default=1.0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the images."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        scale = self._scale()
        for index in range(COUNT):
            cell = self._cell(index)
            painter.fillRect(cell, _GROUND)
            if index < len(self.images):
                image = self.images[index]
                place = QRect(QPoint(0, 0), image.size() * scale)
                place.moveCenter(cell.center())
                painter.drawImage(place, image)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Tell theta of the image under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = next((k for k in range(COUNT) if self._cell(k).contains(event.pos())), COUNT)
            if index < len(self.samples):
                QToolTip.showText(event.globalPos(), _words(self.samples[index]), self)
            return True
        return super().event(event)


def _image_of(sample: Sample) -> QImage:
    levels = np.ascontiguousarray(sample.levels)
    height, width = levels.shape
    return QImage(levels.data, width, height, width, QImage.Format.Format_Grayscale8).copy()


def _words(sample: Sample) -> str:
    theta = sample.theta
    return (
        f"D_f {theta.fractal_dimension:.2f}, ρ {theta.mixing_ratio:.2f}, "
        f"clusters of {theta.theta_0} and {theta.theta_1}"
    )
