"""The figures of one aggregate in a row."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from heteroagg_gui.aggregation.descriptors import descriptors_for
from heteroagg_gui.gui.panels.histogram import tool_tip
from heteroagg_gui.gui.symbols import descriptor_symbol, subscript

SHOWN = {
    "n_particles": 0,
    "fractal_dimension": 2,
    "mixing_ratio": 2,
    "z_hetero": 2,
    "radius_of_gyration_nm": 0,
}
"""Keys of the descriptors, with the digits behind the point."""
_OF_AGGREGATE = ("fractal_dimension", "mixing_ratio")


class AggregateFacts(QObject):
    """Number of particles, D_f(A), rho(A), Z_hetero and R_g, as the paper defines them."""

    def __init__(self, names: tuple[str, str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.widget = QWidget()
        self.values = {key: QLabel("–") for key in SHOWN}
        self._captions = {key: QLabel() for key in SHOWN}
        row = QHBoxLayout(self.widget)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(20)
        for key, value in self.values.items():
            font = value.font()
            font.setPointSizeF(font.pointSizeF() * 1.25)
            font.setBold(True)
            value.setFont(font)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(value)
            column.addWidget(self._captions[key])
            row.addLayout(column)
        row.addStretch()
        self.set_names(names)

    def set_names(self, names: tuple[str, str]) -> None:
        """Take over the names of the materials with labels 0 and 1."""
        for info in descriptors_for(names):
            if info.key in SHOWN:
                caption = descriptor_symbol(info)
                caption += "(A)" if info.key in _OF_AGGREGATE else ""
                caption = "particles" if info.key == "n_particles" else caption
                self._captions[info.key].setText(subscript(caption))
                for label in (self._captions[info.key], self.values[info.key]):
                    label.setToolTip(tool_tip(info))
                self.values[info.key].setAccessibleName(info.title)

    def show(self, descriptors: Mapping[str, float]) -> None:
        """Show the figures of an aggregate; a dash stands for what does not exist."""
        for key, digits in SHOWN.items():
            value = descriptors[key]
            known = value == value  # noqa: PLR0124  not a number differs from itself
            unit = " nm" if key.endswith("_nm") else ""
            self.values[key].setText(f"{value:.{digits}f}{unit}" if known else "–")
