"""Entries of the menus that depend on this computer: recent files, networks, devices, docks."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from heteroagg_gui.gui.choice_menu import ChoiceMenu
from heteroagg_gui.gui.controllers.bundle import Controllers
from heteroagg_gui.gui.controllers.models import DEVICE_NAMES
from heteroagg_gui.gui.menus import Menus
from heteroagg_gui.gui.panels.welcome import batch_title
from heteroagg_gui.gui.remembered import Batch, Remembered
from heteroagg_gui.gui.theme import Appearance
from heteroagg_gui.workflow.preferences import Preferences

if TYPE_CHECKING:
    pass

_APPEARANCES = {
    Appearance.SYSTEM: "Like the &desktop",
    Appearance.LIGHT: "&Light",
    Appearance.DARK: "&Dark",
}


class Parts(Protocol):
    """What the entries act on."""

    menus: Menus
    to: Controllers
    remembered: Remembered
    preferences: Preferences

    def prefer(self, **changes: Any) -> None:
        """Change preferences."""


class SideMenus(QObject):
    """Submenus with contents of their own."""

    def __init__(self, parts: Parts) -> None:
        menus = parts.menus
        super().__init__(menus.menus["&File"])
        self._parts = parts
        actions = menus.actions
        self.recent = menus.menus["&File"].addMenu("Open &recent")
        menus.menus["&File"].insertMenu(actions["open_sample"], self.recent)
        self._view = menus.menus["&View"]
        appearance = self._view.addMenu("&Appearance")
        self._view.insertMenu(actions["full_screen"], appearance)
        self.appearance = ChoiceMenu(appearance)
        self.appearance.fill(
            [(wish.value, text, "") for wish, text in _APPEARANCES.items()],
            parts.preferences.theme,
        )
        self.appearance.chosen.connect(lambda value: parts.prefer(theme=value))
        models = menus.menus["&Models"]
        device = models.addMenu("Run on")
        models.insertMenu(actions["install_model"], device)
        self.models = ChoiceMenu(models, device.menuAction())
        self.models.chosen.connect(parts.to.models.choose)
        models.insertSeparator(device.menuAction())
        self.devices = ChoiceMenu(device)
        self.devices.chosen.connect(parts.to.models.choose_device)

    def set_recent(self, batches: Sequence[Batch]) -> None:
        """List what was opened before."""
        self.recent.clear()
        self.recent.setEnabled(bool(batches))
        for batch in batches:
            action = self.recent.addAction(batch_title(batch))
            action.triggered.connect(
                lambda _=False, chosen=batch: self._parts.to.files.open_paths(chosen)
            )
        self.recent.addSeparator()
        self.recent.addAction("Forget these").triggered.connect(self._forget)

    def _forget(self) -> None:
        self._parts.remembered.clear_recent()
        self._parts.to.files.recent_changed.emit()

    def set_models(self, models: Sequence[tuple[str, str, str]], active: str) -> None:
        """List the networks: key, name and what it is."""
        self.models.fill(models, active)

    def set_devices(self, available: Sequence[str], wish: str) -> None:
        """List where networks can run."""
        options = [("auto", "Best there is", "A graphics card if there is one")]
        options += [(name, DEVICE_NAMES.get(name, name), "") for name in available]
        self.devices.fill(options, wish)

    def add_regions(self, actions: Sequence[QAction]) -> None:
        """Let each region of the workbench be shown or hidden."""
        first = self._parts.menus.actions["log"]
        self._view.insertActions(first, list(actions))
