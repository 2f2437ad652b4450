"""What the writers of TIFF files say of pixel size and acquisition, each in its own way."""

from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree as ET

import numpy as np

from heteroagg_gui.core.micrograph import SYSTEM_ENTRY
from heteroagg_gui.micrograph.acquisition import acquisition, as_number, as_text
from heteroagg_gui.micrograph.markup import find_element, find_text, parse_xml
from heteroagg_gui.micrograph.raw_image import Scale

if TYPE_CHECKING:
    from tifffile import TiffPage

_FEI_XML = 34683
_GATAN_UNIT_X, _GATAN_UNIT_Y, _GATAN_SCALE_X, _GATAN_SCALE_Y = 65003, 65004, 65009, 65010
_RESOLUTION_UNITS = {2: "inch", 3: "cm"}
_ZEISS_KEYS = ("ap_image_pixel_size", "ap_pixel_size")


class Stated(NamedTuple):
    """What a TIFF says beside its pixels.

    ``data_bar`` counts the rows of text that FEI's programs append below the image.
    """

    vertical: Scale
    horizontal: Scale
    metadata: dict[str, str]
    data_bar: int = 0


def stated(page: "TiffPage") -> Stated:
    """Return the statement of the most specific writer that made one.

    Plain resolution tags come last; they are checked like all others, so that the
    resolution of a screen or a print (72, 96, 300 dpi) is no pixel size.
    """
    for source in (_fei_text, _fei_xml, _gatan, _zeiss, _ome, _imagej):
        found = source(page)
        if found is not None:
            return found
    return _resolution_tags(page)


def _fei_text(page: "TiffPage") -> Stated | None:
    """FEI and Thermo microscopes since about 2000: sections of ``key=value``."""
    sections = page.parent.fei_metadata
    if not sections:
        return None

    def entry(section: str, key: str) -> Any:
        return (sections.get(section) or {}).get(key)

    bar = as_number(entry("PrivateFei", "DatabarHeight")) or 0
    rows = as_number(entry("Image", "ResolutionY")) or 0
    return Stated(
        Scale(as_number(entry("Scan", "PixelHeight")), "m"),
        Scale(as_number(entry("Scan", "PixelWidth")), "m"),
        acquisition(
            voltage_v=entry("Beam", "HV"),
            dwell_time_s=entry("Scan", "Dwelltime"),
            detector=entry("Detectors", "Name"),
            microscope=entry("System", "SystemType"),
            date=entry("User", "Date"),
        ),
        data_bar=int(bar) if bar > 0 and rows + bar == page.shape[0] else 0,
    )


def _fei_xml(page: "TiffPage") -> Stated | None:
    """Newer Thermo programs: an XML document."""
    text = page.tags.valueof(_FEI_XML)
    root = parse_xml(text) if isinstance(text, (str, bytes)) else None
    size = find_element(root, "BinaryResult", "PixelSize")
    if root is None or size is None:
        return None
    return Stated(
        _xml_scale(find_element(size, "Y")),
        _xml_scale(find_element(size, "X")),
        acquisition(
            voltage_v=find_text(root, "Optics", "AccelerationVoltage"),
            dwell_time_s=find_text(root, "ScanSettings", "DwellTime"),
            detector=find_text(root, "Detectors", "ScanningDetector", "DetectorName"),
            microscope=find_text(root, "Instrument", "InstrumentClass"),
        ),
    )


def _xml_scale(element: ET.Element | None) -> Scale:
    if element is None:
        return Scale()
    return Scale(as_number(element.text), element.get("unit", "m"))


def _gatan(page: "TiffPage") -> Stated | None:
    """DigitalMicrograph: private tags with a scale and a unit per axis."""
    size_x = as_number(_first(page.tags.valueof(_GATAN_SCALE_X)))
    size_y = as_number(_first(page.tags.valueof(_GATAN_SCALE_Y)))
    unit_x = as_text(page.tags.valueof(_GATAN_UNIT_X))
    unit_y = as_text(page.tags.valueof(_GATAN_UNIT_Y))
    if not (size_x and size_y and unit_x and unit_y):
        return None
    return Stated(Scale(size_y, unit_y), Scale(size_x, unit_x), {})


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, tuple) and value else value


def _zeiss(page: "TiffPage") -> Stated | None:
    """Zeiss: a list of named values, each with its number and unit."""
    sections = page.parent.sem_metadata or {}
    for key in _ZEISS_KEYS:
        value = sections.get(key)
        if isinstance(value, tuple) and len(value) == 3:
            scale = Scale(as_number(value[1]), as_text(value[2]))
            return Stated(scale, scale, {})
    return None


def _ome(page: "TiffPage") -> Stated | None:
    """OME-TIFF: an XML document in the description; micrometres unless it says otherwise."""
    text = page.parent.ome_metadata
    root = parse_xml(text) if text else None
    pixels = find_element(root, "Image", "Pixels")
    if pixels is None or "PhysicalSizeX" not in pixels.attrib:
        return None
    width = Scale(as_number(pixels.get("PhysicalSizeX")), pixels.get("PhysicalSizeXUnit", "µm"))
    height = Scale(
        as_number(pixels.get("PhysicalSizeY", pixels.get("PhysicalSizeX"))),
        pixels.get("PhysicalSizeYUnit", width.unit),
    )
    return Stated(height, width, {})


def _imagej(page: "TiffPage") -> Stated | None:
    """ImageJ: resolution tags in pixels per the unit named in the description."""
    described = page.parent.imagej_metadata
    if not described or "unit" not in described:
        return None
    unit = as_text(described["unit"])
    height = _inverse(page.tags.valueof("YResolution"))
    width = _inverse(page.tags.valueof("XResolution"))
    vertical_unit = as_text(described.get("yunit")) or unit
    return Stated(Scale(height, vertical_unit), Scale(width, unit), _noted(described.get("Info")))


def _noted(info: Any) -> dict[str, str]:
    """Return the entries that the program's own simulated images carry in ImageJ's info."""
    if not isinstance(info, str):
        return {}
    lines = (line.partition(": ") for line in info.splitlines())
    return {key: as_text(value) for key, _, value in lines if key == SYSTEM_ENTRY and value}


def _resolution_tags(page: "TiffPage") -> Stated:
    unit = _RESOLUTION_UNITS.get(int(page.tags.valueof("ResolutionUnit", 0) or 0), "")
    height = _inverse(page.tags.valueof("YResolution")) if unit else None
    width = _inverse(page.tags.valueof("XResolution")) if unit else None
    return Stated(Scale(height, unit), Scale(width, unit), {})


def _inverse(ratio: Any) -> float | None:
    """Return the length of a pixel for a resolution stored as a pair of whole numbers."""
    if not isinstance(ratio, tuple) or len(ratio) != 2 or not (ratio[0] and ratio[1]):
        return None
    return float(np.float64(ratio[1]) / np.float64(ratio[0]))
