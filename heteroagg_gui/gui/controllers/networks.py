"""The dialog of networks: opens it, asks what it needs to know, and passes wishes on."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, SignalInstance
from PySide6.QtWidgets import QFileDialog, QWidget

from heteroagg_gui.core.progress import Progress
from heteroagg_gui.gui.controllers.models import ModelsController
from heteroagg_gui.gui.icons import IconKeeper
from heteroagg_gui.gui.job_board import JobBoard
from heteroagg_gui.workflow.model_store import free_name, proposed_name

if TYPE_CHECKING:
    from heteroagg_gui.gui.networks.comparison import ComparisonDialog
    from heteroagg_gui.gui.networks.dialog import NetworksDialog
    from heteroagg_gui.gui.networks.naming_dialog import NamingDialog

LOOKING = "Looking at a network"
FILTER = "Networks (*.zip);;All files (*)"


class NetworksController(QObject):
    """Joins the dialog of networks with what is done with them."""

    def __init__(
        self,
        models: ModelsController,
        board: JobBoard,
        icons: IconKeeper,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._models = models
        self._board = board
        self._icons = icons
        self._window = window
        self._wanted = ""
        self.dialog: NetworksDialog | None = None
        self.naming: NamingDialog | None = None
        self.comparison: ComparisonDialog | None = None
        models.listed.connect(lambda _: self._refresh())
        models.installed.connect(self._on_installed)
        models.deleted.connect(self._on_deleted)

    def open(self) -> None:
        """Show the dialog beside the window."""
        if self.dialog is None:
            from heteroagg_gui.gui.networks.dialog import NetworksDialog

            self.dialog = NetworksDialog(self._icons, self._window)
            self.dialog.asked.connect(self._on_asked)
            self.dialog.compare_asked.connect(self._compare)
            self.dialog.restore_asked.connect(self._models.restore)
            self.dialog.file_asked.connect(self.ask_file)
            self.dialog.folder_asked.connect(self.ask_folder)
            self.dialog.dropped.connect(self.install)
        self._refresh()
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        self.dialog.list.widget.setFocus()

    def _refresh(self) -> None:
        if self.dialog is not None:
            self.dialog.show_shelf(self._models.shelf, self._models.active_name, self._wanted)
            self._wanted = ""

    def _on_installed(self, name: str) -> None:
        self._wanted = name

    def _on_deleted(self, name: str, key: str) -> None:
        if self.dialog is not None:
            self.dialog.undo_bar.offer(name, key)

    @property
    def _parent(self) -> QWidget:
        """What further dialogs belong to."""
        return self.dialog if self.dialog is not None and self.dialog.isVisible() else self._window

    def ask_file(self) -> None:
        """Let the user choose the file of a network and add it to those that are known."""
        names, _ = QFileDialog.getOpenFileNames(self._parent, "File of a network", "", FILTER)
        self.install([Path(name) for name in names])

    def ask_folder(self) -> None:
        """Let the user choose the folder of a network and add it to those that are known."""
        name = QFileDialog.getExistingDirectory(self._parent, "Folder of a network")
        if name:
            self.install([Path(name)])

    def install(self, sources: Sequence[Path]) -> None:
        """Add networks; a name that is taken is asked for."""
        for source in sources:
            self._board.start(LOOKING, partial(_names, source), partial(self._install, source))

    def _install(self, source: Path, names: tuple[str, str]) -> None:
        proposed, free = names
        self.open()
        if proposed == free:
            self._models.install(source, proposed)
            return
        reason = f"There is a network {proposed} already. Add the new one under another name."
        self._ask_name("Add a network", reason, free, None).connect(
            lambda name, _title: self._models.install(source, name)
        )

    def _ask_name(self, heading: str, reason: str, name: str, title: str | None) -> SignalInstance:
        from heteroagg_gui.gui.networks.naming_dialog import NamingDialog

        self.naming = NamingDialog(heading, reason, name, title, self._parent)
        self.naming.open()
        return self.naming.chosen

    def _on_asked(self, wish: str, name: str) -> None:
        if self.dialog is not None and wish != "delete":
            self.dialog.undo_bar.forget()
        {
            "use": self._models.choose,
            "default": self._models.make_default,
            "rename": self._rename,
            "export": self._export,
            "delete": self._models.delete,
        }[wish](name)

    def _rename(self, name: str) -> None:
        card = self.dialog.card(name) if self.dialog is not None else None
        if card is not None:
            self._ask_name(f"Rename {name}", "", name, card.title).connect(
                partial(self._models.rename, name)
            )

    def _export(self, name: str) -> None:
        target, _ = QFileDialog.getSaveFileName(
            self._parent, f"Export {name}", f"{name}.zip", "Networks (*.zip)"
        )
        if target:
            path = Path(target)
            self._models.export(
                name, path if path.suffix.lower() == ".zip" else path.with_name(f"{path.name}.zip")
            )

    def _compare(self, first: str, second: str) -> None:
        from heteroagg_gui.gui.networks.comparison import ComparisonDialog

        if self.dialog is None:
            return
        one, other = self.dialog.card(first), self.dialog.card(second)
        if one is not None and other is not None:
            self.comparison = ComparisonDialog(one, other, self.dialog)
            self.comparison.show()


def _names(source: Path, _progress: Progress) -> tuple[str, str]:
    """Return what a network would be called, and the nearest name that is free."""
    proposed = proposed_name(source)
    return proposed, free_name(proposed)
