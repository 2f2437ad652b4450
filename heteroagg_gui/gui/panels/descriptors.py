"""The descriptors of the whole population, one histogram each."""

import csv
import io

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QScrollArea,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from heteroagg_gui.aggregation.descriptors import descriptors_for
from heteroagg_gui.gui.highlight import Bar, Highlight
from heteroagg_gui.gui.icons import IconKeeper
from heteroagg_gui.gui.material_look import MaterialLook, look_named
from heteroagg_gui.gui.panels.histogram import Histogram, tool_tip
from heteroagg_gui.gui.pictures import picture_of
from heteroagg_gui.gui.symbols import (
    OPTIONAL_DESCRIPTORS,
    SHOWN_DESCRIPTORS,
    descriptor_symbol,
    subscript,
)
from heteroagg_gui.shadow.population import ShadowPopulation
from heteroagg_gui.workflow.state import SessionState

EMPTY = "No shadows yet: the histograms of their descriptors appear here."


class DescriptorPanel(QObject):
    """Shows how the descriptors are distributed, linked with each other and the 3D view."""

    shadow_chosen = Signal(int)
    copy_asked = Signal()
    save_picture_asked = Signal()
    save_data_asked = Signal()

    def __init__(
        self, icons: IconKeeper, highlight: Highlight, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._highlight = highlight
        self._population: ShadowPopulation | None = None
        self.look = look_named()
        known = {info.key: info for info in descriptors_for(self.look.names)}
        self.histograms: dict[str, Histogram] = {
            key: Histogram(known[key], self)
            for key in (*SHOWN_DESCRIPTORS, *OPTIONAL_DESCRIPTORS)
            if key in known
        }
        self.widget = QWidget()
        self.plots = QWidget()
        self.summary = QLabel()
        self._empty = QLabel(EMPTY)
        self._stack = QStackedLayout()
        self.choice = self._tool("settings", "Shown", "Choose which descriptors are shown", icons)
        self.copy = self._tool("copy", "Copy picture", "Copy the histograms as a picture", icons)
        self.save = self._tool("picture", "Save picture…", "Save the histograms", icons)
        self.data = self._tool(
            "table", "Save data…", "Save the descriptors of every shadow as CSV", icons
        )
        self._build()
        self._connect()

    @staticmethod
    def _tool(name: str, text: str, tip: str, icons: IconKeeper) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAutoRaise(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        icons.dress(button, name)
        return button

    def _build(self) -> None:
        menu = QMenu(self.choice)
        for key, histogram in self.histograms.items():
            action = menu.addAction(histogram.info.title)
            action.setData(key)
            action.setCheckable(True)
            action.setChecked(key in SHOWN_DESCRIPTORS)
            action.setToolTip(tool_tip(histogram.info))
            action.toggled.connect(histogram.widget.setVisible)
            histogram.widget.setVisible(key in SHOWN_DESCRIPTORS)
        menu.setToolTipsVisible(True)
        self.choice.setMenu(menu)
        self.choice.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        row = QHBoxLayout(self.plots)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for histogram in self.histograms.values():
            row.addWidget(histogram.widget, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self.plots)
        bar = QHBoxLayout()
        bar.addWidget(self.summary, 1)
        for button in (self.choice, self.copy, self.save, self.data):
            bar.addWidget(button)
        layout = QVBoxLayout(self.widget)
        layout.setContentsMargins(8, 2, 8, 4)
        layout.setSpacing(2)
        layout.addLayout(bar)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(area)
        layout.addLayout(self._stack, 1)
        self.widget.setMinimumHeight(176)
        self._enable(False)

    def _connect(self) -> None:
        for histogram in self.histograms.values():
            histogram.hovered.connect(self._highlight.hover)
            histogram.clicked.connect(self._on_clicked)
        self._highlight.changed.connect(self._show_highlight)
        self.copy.clicked.connect(self.copy_asked)
        self.save.clicked.connect(self.save_picture_asked)
        self.data.clicked.connect(self.save_data_asked)

    def set_look(self, look: MaterialLook) -> None:
        """Name the descriptors after the materials of another system."""
        self.look = look
        infos = {info.key: info for info in descriptors_for(look.names)}
        for key, histogram in self.histograms.items():
            histogram.set_info(infos[key])
        for action in self.choice.menu().actions():
            info = infos[action.data()]
            action.setText(info.title)
            action.setToolTip(tool_tip(info))

    def _enable(self, on: bool) -> None:
        for button in (self.copy, self.save, self.data):
            button.setEnabled(on)

    def show(self, before: SessionState, after: SessionState) -> None:
        """Show the population of the new state and mark its selected shadow."""
        fresh = after.shadows is not self._population
        if fresh:
            self._population = after.shadows
            self._highlight.clear()
            if after.shadows is not None and after.shadows.system != self.look.system:
                self.set_look(look_named(after.shadows.system))
            for key, histogram in self.histograms.items():
                histogram.set_values(
                    np.empty(0) if after.shadows is None else after.shadows.descriptors[key]
                )
            self._enable(after.shadows is not None)
            self._stack.setCurrentIndex(0 if after.shadows is None else 1)
            self._show_summary()
        if after.shadows is not None and (fresh or after.selected_shadow != before.selected_shadow):
            for histogram in self.histograms.values():
                histogram.set_current(after.selected_shadow)

    def _show_summary(self) -> None:
        bar = self._highlight.bar
        if self._population is None:
            self.summary.clear()
        elif bar is None:
            self.summary.setText(
                f"{len(self._population)} shadows, seed {self._population.seed}.  "
                "Dashed: mean.  Line: current shadow."
            )
        else:
            self.summary.setText(self._words_for(bar, len(self._population)))

    def _words_for(self, bar: Bar, count: int) -> str:
        info = self.histograms[bar.descriptor].info
        symbol = subscript(descriptor_symbol(info))
        unit = f" {info.unit}" if info.unit else ""
        pinned = self._highlight.pinned is bar
        steps = ".  [ and ] step through them" if pinned else ""
        return (
            f"{len(bar.members)} of {count} shadows with {symbol} {bar.low:.4g} to "
            f"{bar.high:.4g}{unit}{steps}"
        )

    def _show_highlight(self) -> None:
        bar = self._highlight.bar
        for histogram in self.histograms.values():
            histogram.set_highlight(bar)
        self._show_summary()

    def _on_clicked(self, bar: Bar | None) -> None:
        pinned = self._highlight.pinned
        again = (
            bar is not None
            and pinned is not None
            and (bar.descriptor, bar.low) == (pinned.descriptor, pinned.low)
        )
        self._highlight.pin(None if again else bar)
        if bar is not None and not again and len(bar.members):
            self.shadow_chosen.emit(int(bar.members[0]))

    def picture(self) -> QImage:
        """Return the histograms as they are shown, at twice the resolution."""
        return picture_of(self.plots)

    def as_csv(self) -> str:
        """Return the descriptors of every shadow, one row each, with a header."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        if self._population is not None:
            columns = self._population.descriptors
            writer.writerow(["aggregate", *columns])
            for k in range(len(self._population)):
                writer.writerow([k, *(repr(float(values[k])) for values in columns.values())])
        return out.getvalue()
