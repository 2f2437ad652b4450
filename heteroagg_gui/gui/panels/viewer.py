"""One digital shadow in 3D, and the way from one to the next."""

from PySide6.QtCore import QObject, QSignalBlocker, QSize, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.gui.icons import IconKeeper
from heteroagg_gui.gui.panels.aggregate_view import AggregateView
from heteroagg_gui.gui.panels.legend import Legend
from heteroagg_gui.gui.panels.scale_bar import ScaleBarOverlay
from heteroagg_gui.gui.panels.sphere_scene import SphereScene, extent_nm
from heteroagg_gui.gui.panels.tool_button import tool_button
from heteroagg_gui.gui.symbols import subscript
from heteroagg_gui.shadow.population import ShadowPopulation
from heteroagg_gui.workflow.state import SessionState

NO_SHADOWS = "No shadows yet.\nPredict θ, then draw shadows."


class ViewerPanel(QObject):
    """Shows the selected shadow; turned and zoomed by mouse."""

    shadow_chosen = Signal(int)
    step_asked = Signal(int)
    copy_asked = Signal()
    save_asked = Signal()

    def __init__(self, icons: IconKeeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._population: ShadowPopulation | None = None
        self._index = 0
        self.widget = QWidget()
        self.view = AggregateView(NO_SHADOWS, self)
        self.number = QSpinBox()
        self.of = QLabel()
        self.facts = QLabel()
        self.previous = tool_button(icons, "previous", "Previous shadow ([)")
        self.next = tool_button(icons, "next", "Next shadow (])")
        self.reset = tool_button(icons, "reset", "Reset view: direction, zoom and place (Home)")
        self.copy = tool_button(icons, "copy", "Copy picture")
        self.save = tool_button(icons, "picture", "Save picture…")
        self._build()
        self._connect()

    @property
    def scene(self) -> SphereScene | None:
        """The canvas; None without OpenGL."""
        return self.view.scene

    @property
    def scale_bar(self) -> ScaleBarOverlay | None:
        """The scale bar over the canvas."""
        return self.view.scale_bar

    @property
    def legend(self) -> Legend:
        """Which colour is which material."""
        return self.view.legend

    @property
    def coloring(self) -> QComboBox:
        """What the colours mean."""
        return self.view.coloring

    def _build(self) -> None:
        self.number.setPrefix("Shadow ")
        self.number.setToolTip("Number of the shadow")
        self.number.setAccessibleName("Number of the shadow")
        self.number.setKeyboardTracking(False)
        bar = QHBoxLayout()
        bar.setSpacing(4)
        for widget in (self.number, self.of, self.previous, self.next):
            bar.addWidget(widget)
        bar.addStretch()
        bar.addWidget(self.coloring)
        for button in (self.reset, self.copy, self.save):
            bar.addWidget(button)
        foot = QHBoxLayout()
        foot.addWidget(self.facts, 1)
        foot.addWidget(self.legend)
        layout = QVBoxLayout(self.widget)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(4)
        layout.addLayout(bar)
        layout.addWidget(self.view.widget, 1)
        layout.addLayout(foot)
        self.widget.setMinimumSize(QSize(300, 240))
        self._controls = (self.number, self.previous, self.next, self.coloring)
        self._show_numbers()

    def _connect(self) -> None:
        self.number.valueChanged.connect(lambda value: self.shadow_chosen.emit(value - 1))
        self.previous.clicked.connect(lambda: self.step_asked.emit(-1))
        self.next.clicked.connect(lambda: self.step_asked.emit(1))
        self.reset.clicked.connect(self.reset_view)
        self.copy.clicked.connect(self.copy_asked)
        self.save.clicked.connect(self.save_asked)

    def close(self) -> None:
        """Free what the 3D view holds."""
        self.view.close()

    def open_if_possible(self) -> None:
        """Make the canvas, or say why there is none."""
        self.view.open_if_possible()

    @property
    def aggregate(self) -> Aggregate | None:
        """The aggregate that is shown."""
        if self._population is None or len(self._population) == 0:
            return None
        return self._population.aggregates[self._index]

    def show(self, before: SessionState, after: SessionState) -> None:
        """Show the selected shadow of the new state."""
        fresh = after.shadows is not self._population
        if not fresh and after.selected_shadow == self._index:
            return
        self._population = after.shadows
        count = len(after.shadows) if after.shadows is not None else 0
        self._index = min(max(after.selected_shadow, 0), max(count - 1, 0))
        if fresh and after.shadows is not None and count:
            self._frame(after.shadows)
        self._show_numbers()
        self._show_aggregate()

    def _frame(self, population: ShadowPopulation) -> None:
        """Choose one zoom for the population, so that sizes can be compared."""
        extents = sorted(extent_nm(a) for a in population.aggregates[:200])
        self.view.frame(extents[int(0.9 * (len(extents) - 1))])

    def reset_view(self) -> None:
        """Look at the shadow from the front, as large as fits."""
        self.view.reset()

    def _show_numbers(self) -> None:
        count = len(self._population) if self._population is not None else 0
        for control in (*self._controls, self.reset, self.copy, self.save):
            control.setEnabled(count > 0)
        with QSignalBlocker(self.number):
            self.number.setRange(1 if count else 0, count)
            self.number.setValue(self._index + 1 if count else 0)
        self.of.setText(f"of {count}")
        self.facts.setText(self._facts(self._population) if self._population is not None else "")

    def _facts(self, population: ShadowPopulation) -> str:
        values = {
            key: array[self._index] for key, array in population.descriptors.items() if len(array)
        }
        parts = []
        if "n_particles" in values:
            parts.append(f"N = {values['n_particles']:.0f}")
        if "fractal_dimension" in values:
            parts.append(f"D<sub>f</sub> = {values['fractal_dimension']:.2f}")
        if "mixing_ratio" in values:
            parts.append(f"ρ = {values['mixing_ratio']:.2f}")
        if "radius_of_gyration_nm" in values:
            parts.append(f"R<sub>g</sub> = {values['radius_of_gyration_nm']:.0f} nm")
        return subscript("&nbsp;&nbsp; ".join(parts))

    def _show_aggregate(self) -> None:
        system = self._population.system if self._population is not None else ""
        self.view.show(self.aggregate, system)

    def picture(self) -> QImage:
        """Return the view with its scale bar, at twice the resolution."""
        return self.view.picture()
