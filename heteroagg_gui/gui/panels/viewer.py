"""One digital shadow in 3D, and the way from one to the next."""

from PySide6.QtCore import QEvent, QObject, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPalette
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.errors import HeteroaggError
from heteroagg_gui.gui.icons import IconKeeper
from heteroagg_gui.gui.panels.legend import Legend
from heteroagg_gui.gui.panels.scale_bar import ScaleBarOverlay
from heteroagg_gui.gui.panels.sphere_scene import (
    SphereScene,
    cluster_colors,
    extent_nm,
    material_colors,
)
from heteroagg_gui.gui.pictures import SCALE
from heteroagg_gui.gui.symbols import subscript
from heteroagg_gui.gui.theme import is_dark
from heteroagg_gui.shadow.population import ShadowPopulation
from heteroagg_gui.workflow.state import SessionState

NO_SHADOWS = "No shadows yet.\nPredict θ, then draw shadows."
NO_OPENGL = (
    "The 3D view needs OpenGL 3.3, which this computer does not offer: update the graphics "
    "driver. Everything else works, and the shadows can be exported."
)


def ground_color(palette: QPalette) -> QColor:
    """Return the colour behind the spheres."""
    return QColor("#14171b") if is_dark(palette) else QColor("#ffffff")


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
        self.scene: SphereScene | None = None
        self.scale_bar: ScaleBarOverlay | None = None
        self.number = QSpinBox()
        self.of = QLabel()
        self.facts = QLabel()
        self.message = QLabel(NO_SHADOWS)
        self.legend = Legend()
        self.coloring = QComboBox()
        self.previous = self._tool("previous", "Previous shadow ([)", icons)
        self.next = self._tool("next", "Next shadow (])", icons)
        self.reset = self._tool("reset", "Reset view: direction, zoom and place (Home)", icons)
        self.copy = self._tool("copy", "Copy picture", icons)
        self.save = self._tool("picture", "Save picture…", icons)
        self._stack = QStackedLayout()
        self._build()
        self._connect()

    @staticmethod
    def _tool(name: str, tip: str, icons: IconKeeper) -> QToolButton:
        button = QToolButton()
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setAutoRaise(True)
        icons.dress(button, name)
        return button

    def _build(self) -> None:
        self.coloring.addItems(["Material", "Cluster"])
        self.coloring.setToolTip("Colour by material, or by primary cluster; section 2.1.1")
        self.coloring.setAccessibleName("Colour by")
        self.number.setPrefix("Shadow ")
        self.number.setToolTip("Number of the shadow")
        self.number.setAccessibleName("Number of the shadow")
        self.number.setKeyboardTracking(False)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setWordWrap(True)
        self.message.setMargin(24)
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
        self._stack.addWidget(self.message)
        layout = QVBoxLayout(self.widget)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(4)
        layout.addLayout(bar)
        layout.addLayout(self._stack, 1)
        layout.addLayout(foot)
        self.widget.setMinimumSize(QSize(300, 240))
        self._controls = (self.number, self.previous, self.next, self.coloring)
        self._show_numbers()

    def _connect(self) -> None:
        self.number.valueChanged.connect(lambda value: self.shadow_chosen.emit(value - 1))
        self.previous.clicked.connect(lambda: self.step_asked.emit(-1))
        self.next.clicked.connect(lambda: self.step_asked.emit(1))
        self.coloring.currentIndexChanged.connect(self._show_aggregate)
        self.reset.clicked.connect(self.reset_view)
        self.copy.clicked.connect(self.copy_asked)
        self.save.clicked.connect(self.save_asked)
        self.widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the palette."""
        if event.type() == QEvent.Type.PaletteChange and self.scene is not None:
            self.scene.set_ground(ground_color(self.widget.palette()))
        return False

    def do_without_scene(self) -> None:
        """Say why there is no 3D view."""
        self.message.setText(NO_OPENGL)

    def close(self) -> None:
        """Free what the 3D view holds."""
        if self.scene is not None:
            self.scene.close()
            self.scene = None

    def open_scene(self) -> None:
        """Make the canvas."""
        self.scene = SphereScene(ground_color(self.widget.palette()), self)
        self._stack.addWidget(self.scene.widget)
        self.scene.widget.setToolTip("Drag to turn, wheel to zoom, Shift and drag to move")
        self.scale_bar = ScaleBarOverlay(self.scene.widget, plate=False)
        self.scene.view_changed.connect(self._show_scale)
        self._show_aggregate()

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
        if self.scene is None:
            return
        extents = sorted(extent_nm(a) for a in population.aggregates[:200])
        self.scene.frame(extents[int(0.9 * (len(extents) - 1))])

    def reset_view(self) -> None:
        """Look at the shadow from the front, as large as fits."""
        if self.scene is not None and self.aggregate is not None:
            self.scene.reset_direction()
            self.scene.frame(extent_nm(self.aggregate))

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

    def _show_aggregate(self, *_: object) -> None:
        aggregate = self.aggregate
        by_material = self.coloring.currentIndex() == 0
        self.legend.setVisible(aggregate is not None and by_material)
        if self.scene is None:
            return
        if aggregate is None:
            self._stack.setCurrentWidget(self.message)
            return
        colors = material_colors(aggregate) if by_material else cluster_colors(aggregate)
        self._stack.setCurrentWidget(self.scene.widget)
        self.scene.set_aggregate(aggregate, colors)
        self._show_scale()

    def _show_scale(self) -> None:
        if self.scene is not None and self.scale_bar is not None:
            self.scale_bar.set_nm_per_point(self.scene.nm_per_point)

    def picture(self) -> QImage:
        """Return the view with its scale bar, at twice the resolution."""
        if self.scene is None or self.scale_bar is None:
            raise HeteroaggError(NO_OPENGL)
        image = self.scene.picture(SCALE)
        image = image.convertToFormat(QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(SCALE)
        painter = QPainter(image)
        self.scale_bar.paint(painter, QRectF(self.scene.widget.rect()))
        painter.end()
        return image
