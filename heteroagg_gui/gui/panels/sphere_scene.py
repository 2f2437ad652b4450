"""Spheres in 3D: one instanced draw call, true sizes, true depth."""

import colorsys
from typing import Any

import numpy as np
import vispy
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget

from heteroagg_gui.core.aggregate import Aggregate

Colors = NDArray[np.float32]

_DEPTH_IN_EXTENTS = 12.0
_LARGEST_PICTURE = 4096
_AMBIENT = 0.42
_GOLDEN = 0.618033988749895


def material_colors(aggregate: Aggregate, by_label: tuple[str, str]) -> Colors:
    """Return one colour per particle by its material.

    Parameters
    ----------
    aggregate
        The particles.
    by_label
        Hexadecimal colours of the labels 0 and 1.
    """
    table = np.array([QColor(color).getRgbF() for color in by_label], dtype=np.float32)
    chosen: Colors = table[aggregate.labels.astype(np.intp)]
    return chosen


def cluster_colors(aggregate: Aggregate) -> Colors:
    """Return one colour per particle by its primary cluster; neighbours in number differ."""
    count = int(aggregate.clusters.max()) + 1 if len(aggregate) else 0
    table = np.array(
        [
            (*colorsys.hsv_to_rgb((0.03 + k * _GOLDEN) % 1.0, 0.62, (0.92, 0.72)[k % 2]), 1.0)
            for k in range(count)
        ],
        dtype=np.float32,
    ).reshape(-1, 4)
    chosen: Colors = table[aggregate.clusters]
    return chosen


def extent_nm(aggregate: Aggregate) -> float:
    """Return the diameter of a sphere about the middle that holds the aggregate."""
    if len(aggregate) == 0:
        return 1.0
    middle = middle_of(aggregate)
    reach = np.linalg.norm(aggregate.positions_nm - middle, axis=1) + aggregate.radii_nm
    return float(2.0 * reach.max())


def middle_of(aggregate: Aggregate) -> NDArray[np.float64]:
    """Return the middle of the box around the particle centres."""
    places = aggregate.positions_nm
    middle: NDArray[np.float64] = (places.min(axis=0) + places.max(axis=0)) / 2.0
    return middle


class SphereScene(QObject):
    """A canvas that can be turned and zoomed by mouse.

    Raises
    ------
    RuntimeError, OSError
        If there is no OpenGL that can draw it.
    """

    view_changed = Signal()

    def __init__(self, ground: QColor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        vispy.use(app="pyside6", gl="gl+")
        from vispy import scene
        from vispy.scene.visuals import Markers

        self._canvas: Any = scene.SceneCanvas(keys=None, bgcolor=ground.name(), show=False)
        self._box: Any = self._canvas.central_widget.add_view()
        self._camera: Any = scene.TurntableCamera(fov=0, elevation=20, azimuth=30)
        self._box.camera = self._camera
        self._spheres: Any = Markers(
            method="instanced",
            spherical=True,
            scaling="scene",
            antialias=0,
            edge_width=0,
            light_color=(0.62, 0.62, 0.62),
            light_position=(0.6, -0.7, 1.2),
            light_ambient=_AMBIENT,
            parent=self._box.scene,
        )
        self._spheres.visible = False
        self._extent = 1.0
        self._canvas.events.draw.connect(self._on_draw)
        self._last_scale = 0.0

    @property
    def widget(self) -> QWidget:
        """The widget to place in the window."""
        widget: QWidget = self._canvas.native
        return widget

    def set_ground(self, color: QColor) -> None:
        """Choose the colour behind the spheres."""
        self._canvas.bgcolor = color.name()
        self._canvas.update()

    def set_aggregate(self, aggregate: Aggregate, colors: Colors) -> None:
        """Show an aggregate in these colours, seen from where the last one was."""
        self._spheres.visible = len(aggregate) > 0
        if len(aggregate) > 0:
            self._spheres.set_data(
                (aggregate.positions_nm - middle_of(aggregate)).astype(np.float32),
                size=(2.0 * aggregate.radii_nm).astype(np.float32),
                face_color=colors,
                edge_width=0,
            )
        self._canvas.update()

    def frame(self, diameter_nm: float) -> None:
        """Bring a sphere of this diameter about the middle into view."""
        self._extent = max(diameter_nm, 1e-3)
        self._camera.center = (0.0, 0.0, 0.0)
        self._camera.scale_factor = 1.08 * self._extent
        self._camera.depth_value = _DEPTH_IN_EXTENTS * self._extent
        self._canvas.update()

    def reset_direction(self) -> None:
        """Look from the direction the view began with."""
        self._camera.elevation = 20
        self._camera.azimuth = 30
        self._camera.roll = 0

    def look_along_beam(self) -> None:
        """Look along z with x to the right and y downwards, as images show an aggregate."""
        self._camera.elevation = -90
        self._camera.azimuth = 0
        self._camera.roll = 0

    def turn(self, azimuth: float, elevation: float) -> None:
        """Turn by these angles in degrees."""
        self._camera.orbit(azimuth, elevation)

    @property
    def nm_per_point(self) -> float:
        """Length of a point of the widget in nm."""
        shorter_side = max(int(min(self._canvas.size)), 1)
        return float(self._camera.scale_factor) / shorter_side

    def _on_draw(self, _event: object) -> None:
        scale = self.nm_per_point
        if scale != self._last_scale:
            self._last_scale = scale
            self.view_changed.emit()

    def picture(self, scale: int) -> QImage:
        """Return what is seen with ``scale`` times the points, smooth at the edges."""
        old = self._canvas.size
        ratio = self._canvas.pixel_scale
        wanted = (int(old[0] * scale), int(old[1] * scale))
        finer = 2 if 2 * max(wanted) <= _LARGEST_PICTURE else 1
        factor = max(1.0, scale * finer / ratio)
        try:
            self._canvas.size = (round(old[0] * factor), round(old[1] * factor))
            pixels = np.ascontiguousarray(self._canvas.render(alpha=False))
        finally:
            self._canvas.size = old
        height, width = pixels.shape[:2]
        shared = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
        return smooth_scaled(shared.copy(), *wanted)

    def close(self) -> None:
        """Free what the canvas holds on the graphics card."""
        self._canvas.events.draw.disconnect(self._on_draw)
        self._canvas.close()


def smooth_scaled(image: QImage, width: int, height: int) -> QImage:
    """Return a picture shrunk or grown to a size, averaging pixels."""
    from PySide6.QtCore import Qt

    return image.scaled(
        width,
        height,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
