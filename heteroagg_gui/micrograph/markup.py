"""XML that microscope programs leave inside their files."""

from xml.etree import ElementTree as ET


def parse_xml(text: str | bytes) -> ET.Element | None:
    """Return the root element; None where the text is damaged or declares entities.

    Entity declarations have no place in microscope metadata and can expand without end.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", errors="replace")
    text = text.strip().strip("\x00")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return None
    if text.startswith("<?xml"):
        text = text[text.find("?>") + 2 :]
    try:
        return ET.fromstring(text)  # noqa: S314 - entities are refused above
    except ET.ParseError:
        return None


def local_name(element: ET.Element) -> str:
    """Return the tag without its namespace."""
    return str(element.tag).rpartition("}")[2]


def find_element(root: ET.Element | None, *path: str) -> ET.Element | None:
    """Return the first element at this path of local names below ``root``, or None."""
    element = root
    for name in path:
        if element is None:
            return None
        element = next((child for child in element if local_name(child) == name), None)
    return element


def find_text(root: ET.Element | None, *path: str) -> str | None:
    """Return the text of the first element at this path, or None."""
    element = find_element(root, *path)
    return None if element is None else element.text
