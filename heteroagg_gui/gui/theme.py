"""Colours: the platform's own style and palette, one accent."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

SMALLEST_FONT_PT: Final = 9.0
GRID: Final = 8


class Appearance(Enum):
    """What the user asked for."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True)
class Tones:
    """Colours that the palette has no role for."""

    accent: QColor
    good: QColor
    caution: QColor
    bad: QColor
    bars: QColor
    quiet: QColor
    canvas: QColor
    line: QColor


def is_dark(palette: QPalette | None = None) -> bool:
    """Whether text is lighter than the window it stands on."""
    palette = palette if palette is not None else QGuiApplication.palette()
    window = palette.color(QPalette.ColorRole.Window)
    return palette.color(QPalette.ColorRole.WindowText).lightnessF() > window.lightnessF()


def blend(first: QColor, second: QColor, share: float) -> QColor:
    """Mix ``share`` of the second colour into the first."""
    parts = [
        a + (b - a) * share
        for a, b in zip(first.getRgbF()[:3], second.getRgbF()[:3], strict=True)  # type: ignore[index]
    ]
    return QColor.fromRgbF(*parts)


def tones(palette: QPalette | None = None) -> Tones:
    """Derive the extra colours from the palette in force."""
    palette = palette if palette is not None else QGuiApplication.palette()
    dark = is_dark(palette)
    base = palette.color(QPalette.ColorRole.Base)
    text = palette.color(QPalette.ColorRole.Text)
    return Tones(
        accent=QColor("#35b8a6" if dark else "#0b7f73"),
        good=QColor("#58b96b" if dark else "#2c8a43"),
        caution=QColor("#e0b43c" if dark else "#a87400"),
        bad=QColor("#e57373" if dark else "#c03a3a"),
        bars=blend(base, text, 0.42),
        quiet=blend(text, base, 0.35),
        canvas=base,
        line=blend(base, text, 0.22),
    )


def _dark_palette() -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for name, color in {
        role.Window: "#2c3037",
        role.WindowText: "#e4e7eb",
        role.Base: "#191c20",
        role.AlternateBase: "#20242a",
        role.ToolTipBase: "#3a4049",
        role.ToolTipText: "#e4e7eb",
        role.Text: "#e4e7eb",
        role.PlaceholderText: "#8b929c",
        role.Button: "#3a4049",
        role.ButtonText: "#e4e7eb",
        role.BrightText: "#ffffff",
        role.Light: "#505761",
        role.Midlight: "#434a54",
        role.Mid: "#2a2e34",
        role.Dark: "#15181c",
        role.Shadow: "#0a0c0e",
        role.Highlight: "#2f6ea8",
        role.HighlightedText: "#ffffff",
        role.Link: "#7fb4ea",
        role.LinkVisited: "#b79be0",
        role.Accent: "#2f6ea8",
    }.items():
        palette.setColor(name, QColor(color))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor("#767d87"))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor("#3a4048"))
    return palette


def _light_palette() -> QPalette:
    palette = QPalette(QColor("#e9ebee"), QColor("#f3f4f6"))
    role = QPalette.ColorRole
    for name, color in {
        role.WindowText: "#1d2126",
        role.Base: "#ffffff",
        role.AlternateBase: "#f5f6f8",
        role.Text: "#1d2126",
        role.ButtonText: "#1d2126",
        role.PlaceholderText: "#6b727c",
        role.ToolTipBase: "#ffffff",
        role.ToolTipText: "#1d2126",
        role.Highlight: "#2f6ea8",
        role.HighlightedText: "#ffffff",
        role.Link: "#1d5fa8",
        role.Accent: "#2f6ea8",
    }.items():
        palette.setColor(name, QColor(color))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor("#8d949d"))
    return palette


_PALETTES: Final[dict[Appearance, Callable[[], QPalette]]] = {
    Appearance.LIGHT: _light_palette,
    Appearance.DARK: _dark_palette,
}
_SCHEMES: Final = {
    Appearance.SYSTEM: Qt.ColorScheme.Unknown,
    Appearance.LIGHT: Qt.ColorScheme.Light,
    Appearance.DARK: Qt.ColorScheme.Dark,
}


def apply_appearance(application: QApplication, wish: Appearance) -> None:
    """Follow the desktop, or be light or dark against it.

    Desktops that Qt can ask switch their own palette; elsewhere ours takes its place.
    """
    hints = application.styleHints()
    hints.setColorScheme(_SCHEMES[wish])
    application.setPalette(QPalette())
    if wish is Appearance.SYSTEM:
        if hints.colorScheme() is Qt.ColorScheme.Unknown:
            application.setPalette(_light_palette())
    elif is_dark(application.palette()) != (wish is Appearance.DARK) or (
        hints.colorScheme() is not _SCHEMES[wish]
    ):
        application.setPalette(_PALETTES[wish]())


def enforce_readable_font(application: QApplication) -> None:
    """Nothing in the window is smaller than nine points."""
    font = application.font()
    if 0 < font.pointSizeF() < SMALLEST_FONT_PT:
        font.setPointSizeF(SMALLEST_FONT_PT)
        application.setFont(font)
