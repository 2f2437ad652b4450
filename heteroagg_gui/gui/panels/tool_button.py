"""Small flat buttons beside a view."""

from PySide6.QtWidgets import QToolButton

from heteroagg_gui.gui.icons import IconKeeper


def tool_button(icons: IconKeeper, name: str, tip: str) -> QToolButton:
    """Return a button with an icon; the tip is also what a screen reader says."""
    button = QToolButton()
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setAutoRaise(True)
    icons.dress(button, name)
    return button
