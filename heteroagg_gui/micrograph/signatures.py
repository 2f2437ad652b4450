"""Telling file formats apart by their first bytes."""

SIGNATURE_BYTES = 256

DIGITALMICROGRAPH = "DigitalMicrograph"
EMD = "EMD (HDF5)"
SER = "TIA series"
MRC = "MRC"
TIFF = "TIFF"
PNG = "PNG"
JPEG = "JPEG"

_STARTS = (
    (b"\x00\x00\x00\x03", DIGITALMICROGRAPH),
    (b"\x00\x00\x00\x04", DIGITALMICROGRAPH),
    (b"\x89HDF\r\n\x1a\n", EMD),
    (b"II\x97\x01", SER),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"II+\x00", TIFF),
    (b"MM\x00+", TIFF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
)
_MRC_STAMP_AT = 208


def format_of(head: bytes) -> str | None:
    """Return the format that the first bytes of a file announce, or None.

    Parameters
    ----------
    head
        The first :data:`SIGNATURE_BYTES` bytes, or fewer of a short file.
    """
    if head[_MRC_STAMP_AT : _MRC_STAMP_AT + 4] == b"MAP ":
        return MRC
    return next((name for start, name in _STARTS if head.startswith(start)), None)
