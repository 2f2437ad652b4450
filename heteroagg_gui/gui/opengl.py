"""Whether this computer can draw the 3D view."""

from functools import cache

from PySide6.QtGui import QOffscreenSurface, QOpenGLContext, QSurfaceFormat

NEEDED = (3, 3)


@cache
def has_opengl() -> bool:
    """Return whether a context of the version that instanced drawing needs can be made."""
    wanted = QSurfaceFormat()
    wanted.setVersion(*NEEDED)
    surface = QOffscreenSurface()
    surface.setFormat(wanted)
    surface.create()
    context = QOpenGLContext()
    context.setFormat(wanted)
    if not context.create() or not context.makeCurrent(surface):
        return False
    version = (context.format().majorVersion(), context.format().minorVersion())
    context.doneCurrent()
    return version >= NEEDED
