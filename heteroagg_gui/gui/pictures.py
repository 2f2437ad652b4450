"""Taking pictures out: of a widget or a view, at twice its size, to clipboard or file."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QRegion
from PySide6.QtWidgets import QFileDialog, QWidget

from heteroagg_gui.core.errors import HeteroaggError
from heteroagg_gui.core.files import replacing

SCALE = 2
FILTERS = "PNG picture (*.png);;TIFF picture (*.tif);;JPEG picture (*.jpg)"


def blank(width: int, height: int) -> QImage:
    """Return an empty picture that is painted in points and holds twice as many pixels."""
    image = QImage(width * SCALE, height * SCALE, QImage.Format.Format_ARGB32)
    image.setDevicePixelRatio(SCALE)
    image.fill(Qt.GlobalColor.transparent)
    return image


def picture_of(widget: QWidget) -> QImage:
    """Return a widget as it is shown, at twice the resolution."""
    image = blank(widget.width(), widget.height())
    image.fill(widget.palette().window().color())
    painter = QPainter(image)
    # the one of QWidget: views of scenes have a render of their own that leaves widgets out
    QWidget.render(widget, painter, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    painter.end()
    return image


def save_picture(image: QImage, path: Path) -> None:
    """Write a picture; the old file stays until the new one is complete.

    Raises
    ------
    HeteroaggError
        If the folder can't be written to.
    """
    try:
        with replacing(path) as part:
            if not image.save(str(part)):
                raise OSError("the format is unknown or the disk is full")
    except OSError as error:
        raise HeteroaggError(
            f"The picture can't be saved as {path} ({error}): choose another place or name."
        ) from error


def copy_picture(image: QImage) -> None:
    """Put a picture on the clipboard."""
    QGuiApplication.clipboard().setImage(image)


def ask_path(parent: QWidget, title: str, name: str, filters: str) -> Path | None:
    """Ask where to save a file; None if the user changed their mind."""
    chosen, selected = QFileDialog.getSaveFileName(parent, title, name, filters)
    if not chosen:
        return None
    path = Path(chosen)
    if not path.suffix:
        path = path.with_suffix("." + selected.partition("*.")[2].partition(")")[0])
    return path


def save_picture_dialog(parent: QWidget, name: str, make: Callable[[], QImage]) -> Path | None:
    """Ask for a file and write the picture that ``make`` returns."""
    path = ask_path(parent, "Save picture", f"{name}.png", FILTERS)
    if path is not None:
        save_picture(make(), path)
    return path
