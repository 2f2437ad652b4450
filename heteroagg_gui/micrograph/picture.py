"""PNG and JPEG pictures, which carry no pixel size."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.micrograph.limits import refuse_stack, require_image
from heteroagg_gui.micrograph.raw_image import RawImage

PNG_SIGNATURE = b"\x89PNG"
_PLAIN_MODES = ("1", "L", "I", "I;16", "I;16B", "F", "RGB", "RGBA", "LA")


def read(path: Path) -> RawImage:
    """Read a PNG or JPEG picture; its resolution is that of a print and ignored."""
    from PIL import JpegImagePlugin, PngImagePlugin

    with path.open("rb") as file:
        is_png = file.read(len(PNG_SIGNATURE)) == PNG_SIGNATURE
        file.seek(0)
        plugin: Any = PngImagePlugin.PngImageFile if is_png else JpegImagePlugin.JpegImageFile
        with plugin(file) as picture:
            return RawImage(decode(picture))


def decode(picture: Any) -> NDArray[Any]:
    """Return the pixels of a still picture.

    Raises
    ------
    MicrographError
        If the picture is animated, too small or too large.
    """
    frames = getattr(picture, "n_frames", 1)
    if frames > 1:
        refuse_stack(frames)
    return decode_frame(picture)


def decode_frame(picture: Any) -> NDArray[Any]:
    """Return the current frame of an opened Pillow image once its size is known to be fit.

    Raises
    ------
    MicrographError
        If the picture is too small or too large.
    """
    require_image((picture.height, picture.width), np.dtype("u1"))
    plain = picture if picture.mode in _PLAIN_MODES else picture.convert("RGB")
    return np.asarray(plain)
