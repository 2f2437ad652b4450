"""One aggregate in 3D with scale bar, legend and a choice of colours."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette
from PySide6.QtWidgets import QComboBox, QLabel, QStackedLayout, QWidget

from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.errors import HeteroaggError
from heteroagg_gui.gui.material_look import MaterialLook, look_named
from heteroagg_gui.gui.opengl import has_opengl
from heteroagg_gui.gui.panels.legend import Legend
from heteroagg_gui.gui.panels.scale_bar import ScaleBarOverlay
from heteroagg_gui.gui.panels.sphere_scene import (
    SphereScene,
    cluster_colors,
    extent_nm,
    material_colors,
)
from heteroagg_gui.gui.pictures import SCALE
from heteroagg_gui.gui.theme import is_dark

NO_OPENGL = (
    "The 3D view needs OpenGL 3.3, which this computer does not offer: update the graphics "
    "driver. Everything else works, and the shadows can be exported."
)


def ground_color(palette: QPalette) -> QColor:
    """Return the colour behind the spheres."""
    return QColor("#14171b") if is_dark(palette) else QColor("#ffffff")


class AggregateView(QObject):
    """Shows an aggregate, or a sentence; turned and zoomed by mouse.

    Parameters
    ----------
    message
        The sentence.
    along_beam
        Whether the first direction is that of the electron beam, so that the view agrees
        with the image beside it.

    Attributes
    ----------
    widget
        The view itself; ``coloring`` and ``legend`` are placed by the panel it belongs to.
    """

    def __init__(
        self, message: str, parent: QObject | None = None, *, along_beam: bool = False
    ) -> None:
        super().__init__(parent)
        self._along_beam = along_beam
        self._aggregate: Aggregate | None = None
        self.widget = QWidget()
        self.scene: SphereScene | None = None
        self.scale_bar: ScaleBarOverlay | None = None
        self.message = QLabel(message)
        self.legend = Legend()
        self.coloring = QComboBox()
        self._stack = QStackedLayout(self.widget)
        self._stack.addWidget(self.message)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setWordWrap(True)
        self.message.setMargin(24)
        self.coloring.addItems(["Material", "Cluster"])
        self.coloring.setToolTip("Colour by material, or by primary cluster; section 2.1.1")
        self.coloring.setAccessibleName("Colour by")
        self.coloring.currentIndexChanged.connect(self._refresh)
        self.widget.installEventFilter(self)
        self._refresh()

    @property
    def aggregate(self) -> Aggregate | None:
        """The aggregate that is shown."""
        return self._aggregate

    @property
    def look(self) -> MaterialLook:
        """Names and colours of the materials that are shown."""
        return self.legend.look

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the palette."""
        if event.type() == QEvent.Type.PaletteChange and self.scene is not None:
            self.scene.set_ground(ground_color(self.widget.palette()))
        return False

    def open_scene(self) -> None:
        """Make the canvas."""
        self.scene = SphereScene(ground_color(self.widget.palette()), self)
        self._stack.addWidget(self.scene.widget)
        self.scene.widget.setToolTip("Drag to turn, wheel to zoom, Shift and drag to move")
        self.scale_bar = ScaleBarOverlay(self.scene.widget, plate=False)
        self._reset_direction()
        self.scene.view_changed.connect(self._show_scale)
        self._refresh()

    def open_if_possible(self) -> None:
        """Make the canvas, or say why there is none."""
        if has_opengl():
            self.open_scene()
        else:
            self.message.setText(NO_OPENGL)

    def close(self) -> None:
        """Free what the 3D view holds."""
        if self.scene is not None:
            self.scene.close()
            self.scene = None

    def show(self, aggregate: Aggregate | None, system: str = "") -> None:
        """Show an aggregate of a material system, or the sentence where there is none."""
        self._aggregate = aggregate
        if system and system != self.look.system:
            self.legend.set_look(look_named(system))
        self._refresh()

    def set_look(self, look: MaterialLook) -> None:
        """Name and colour the materials anew."""
        self.legend.set_look(look)
        self._refresh()

    def frame(self, diameter_nm: float) -> None:
        """Bring a sphere of this diameter into view."""
        if self.scene is not None:
            self.scene.frame(diameter_nm)

    def reset(self) -> None:
        """Look from the first direction, with the aggregate as large as fits."""
        if self.scene is not None and self._aggregate is not None:
            self._reset_direction()
            self.scene.frame(extent_nm(self._aggregate))

    def _reset_direction(self) -> None:
        if self.scene is not None and self._along_beam:
            self.scene.look_along_beam()
        elif self.scene is not None:
            self.scene.reset_direction()

    def _refresh(self, *_: object) -> None:
        aggregate = self._aggregate
        by_material = self.coloring.currentIndex() == 0
        self.legend.setVisible(aggregate is not None and by_material)
        if self.scene is None:
            return
        if aggregate is None:
            self._stack.setCurrentWidget(self.message)
            return
        colors = (
            material_colors(aggregate, self.look.colors)
            if by_material
            else cluster_colors(aggregate)
        )
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
