"""Makes the menu bar from the table of commands and keeps it up to date."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from heteroagg_gui.gui.command import Command, Scope, Situation
from heteroagg_gui.gui.commands import COMMANDS
from heteroagg_gui.gui.icons import IconKeeper

Handler = Callable[..., Any]

_ROLES = {"quit": QAction.MenuRole.QuitRole, "about": QAction.MenuRole.AboutRole}
"""What macOS moves into the menu of the application; it would guess from the words."""


class Menus:
    """The menu bar: one action per command.

    Parameters
    ----------
    window
        Gets the menu bar.
    icons
        Colours the icons.
    handlers
        What each command does, by its name; a checkable one gets the new value.
    """

    def __init__(
        self, window: QMainWindow, icons: IconKeeper, handlers: Mapping[str, Handler]
    ) -> None:
        self.menus: dict[str, QMenu] = {}
        self.actions: dict[str, QAction] = {}
        for command in COMMANDS:
            menu = self.menus.get(command.menu)
            if menu is None:
                menu = window.menuBar().addMenu(command.menu)
                menu.setToolTipsVisible(True)
                self.menus[command.menu] = menu
            self._add(window, menu, command, icons, handlers[command.name])

    def _add(
        self,
        window: QMainWindow,
        menu: QMenu,
        command: Command,
        icons: IconKeeper,
        handler: Handler,
    ) -> None:
        if command.parted:
            menu.addSeparator()
        action = QAction(command.text, window)
        action.setObjectName(command.name)
        action.setMenuRole(_ROLES.get(command.name, QAction.MenuRole.NoRole))
        action.setShortcuts([QKeySequence(keys) for keys in command.shortcuts])
        if command.scope is Scope.IMAGES:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        if command.tip:
            keys = f" ({command.shortcuts[0]})" if command.shortcuts else ""
            action.setToolTip(f"{command.tip}{keys}")
        if command.icon:
            icons.dress(action, command.icon)
        action.setCheckable(command.checkable)
        if command.checkable:
            action.toggled.connect(handler)
        else:
            action.triggered.connect(lambda _checked=False: handler())
        menu.addAction(action)
        self.actions[command.name] = action

    def bind(self, widget: QWidget) -> None:
        """Let the shortcuts of scope IMAGES count inside a widget."""
        for command in COMMANDS:
            if command.scope is Scope.IMAGES:
                widget.addAction(self.actions[command.name])

    def update(self, situation: Situation) -> None:
        """Enable what can be done now."""
        for command in COMMANDS:
            self.actions[command.name].setEnabled(command.enabled(situation))
