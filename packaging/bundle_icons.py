"""Icon files of the three systems, drawn from the one SVG when a bundle is made."""

import os
import struct
from pathlib import Path

ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)
PNG_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
ICNS_KINDS = {16: b"icp4", 32: b"icp5", 64: b"icp6", 128: b"ic07", 256: b"ic08", 512: b"ic09"}


def draw_png(svg: Path, size: int) -> bytes:
    """Return the drawing as PNG of ``size`` by ``size`` pixels."""
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(svg)).render(painter)
    painter.end()
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(content.data())


def pack_ico(pictures: dict[int, bytes]) -> bytes:
    """Return a Windows icon file of PNG pictures by their size in pixels."""
    entries, body = b"", b""
    offset = 6 + 16 * len(pictures)
    for size, png in sorted(pictures.items()):
        side = size % 256  # 256 is written as 0
        entries += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(png), offset + len(body))
        body += png
    return struct.pack("<HHH", 0, 1, len(pictures)) + entries + body


def pack_icns(pictures: dict[int, bytes]) -> bytes:
    """Return a macOS icon file of PNG pictures by their size in pixels."""
    body = b"".join(
        ICNS_KINDS[size] + struct.pack(">I", 8 + len(png)) + png
        for size, png in sorted(pictures.items())
        if size in ICNS_KINDS
    )
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


def write_icons(svg: Path, folder: Path, name: str = "heteroagg") -> None:
    """Write ``.ico``, ``.icns`` and PNG files named after their size.

    Parameters
    ----------
    svg
        The drawing.
    folder
        Folder to write to; made if it does not exist.
    name
        What the names of the files begin with.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    pictures = {size: draw_png(svg, size) for size in PNG_SIZES}
    folder.mkdir(parents=True, exist_ok=True)
    for size, png in pictures.items():
        (folder / f"{name}-{size}.png").write_bytes(png)
    chosen = {size: pictures[size] for size in ICO_SIZES}
    (folder / f"{name}.ico").write_bytes(pack_ico(chosen))
    (folder / f"{name}.icns").write_bytes(pack_icns(pictures))
