"""A few images with the truth and what the network says of them now."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from heteroagg_gui.gui.symbols import subscript
from heteroagg_gui.workflow.trainings.details import ShownSample

SIDE: Final = 104
_QUANTITIES: Final = (
    ("theta_fractal_dimension", "θ<sub>Df</sub>", 2),
    ("theta_mixing_ratio", "θ<sub>ρ</sub>", 2),
    ("fractal_dimension", "D<sub>f</sub>(A)", 2),
    ("mixing_ratio", "ρ(A)", 2),
    ("n_particles", "N", 0),
)


def sample_table(truth: Mapping[str, float], predicted: Mapping[str, float]) -> str:
    """Return truth and prediction as a small table."""
    rows = "".join(
        f"<tr><td>{symbol}&nbsp;</td><td align='right'>{truth[key]:.{digits}f}&nbsp;</td>"
        f"<td align='right'><b>{predicted[key]:.{digits}f}</b></td></tr>"
        for key, symbol, digits in _QUANTITIES
        if key in truth and key in predicted
    )
    head = "<tr><td></td><td align='right'>true&nbsp;</td><td align='right'>said</td></tr>"
    return subscript(f"<table cellspacing='0' cellpadding='1'>{head}{rows}</table>")


class SampleCell(QWidget):
    """One image beside its table."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = QLabel()
        self.picture.setFixedSize(QSize(SIDE, SIDE))
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.words)
        self._shown: object = None

    def show_sample(self, shown: ShownSample) -> None:
        """Show an image and the newest answer."""
        self.words.setText(sample_table(shown.sample.truth, shown.sample.predicted))
        self.setToolTip(f"Validation image after {shown.sample.update} updates of the weights")
        if shown.pixels is self._shown:
            return
        self._shown = shown.pixels
        if shown.pixels is None:
            self.picture.setText("no picture")
            return
        rows, columns = shown.pixels.shape
        image = QImage(
            shown.pixels.data, columns, rows, columns, QImage.Format.Format_Grayscale8
        ).copy()
        ratio = self.devicePixelRatioF()
        side = round(SIDE * ratio)
        scaled = image.scaled(
            side,
            side,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        scaled.setDevicePixelRatio(ratio)
        self.picture.setPixmap(QPixmap.fromImage(scaled))


class SampleStrip(QObject):
    """The validation images in a row."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.widget = QWidget()
        self._row = QHBoxLayout()
        self._row.setSpacing(24)
        self.cells: list[SampleCell] = []
        layout = QVBoxLayout(self.widget)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(QLabel("<b>Images it has not learnt from</b>"))
        layout.addLayout(self._row)

    def show(self, samples: tuple[ShownSample, ...]) -> None:
        """Show the newest answers."""
        if len(samples) != len(self.cells):
            self._rebuild(len(samples))
        for cell, sample in zip(self.cells, samples, strict=True):
            cell.show_sample(sample)
        self.widget.setVisible(bool(samples))

    def _rebuild(self, count: int) -> None:
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.cells = [SampleCell() for _ in range(count)]
        for cell in self.cells:
            self._row.addWidget(cell)
        self._row.addStretch(1)
