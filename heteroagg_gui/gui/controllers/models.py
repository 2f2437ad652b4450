"""Which networks there are, which one is used, and where it runs."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from heteroagg_gui.core.progress import Progress
from heteroagg_gui.gui.controllers.analysis import AnalysisController
from heteroagg_gui.gui.job_board import JobBoard
from heteroagg_gui.workflow.model_store import (
    DeletedModel,
    Shelf,
    delete_model,
    export_model,
    install_model,
    networks_at_hand,
    rename_model,
    restore_model,
    set_default_model,
)
from heteroagg_gui.workflow.predictors import companion_among
from heteroagg_gui.workflow.session import Session

if TYPE_CHECKING:
    from heteroagg_gui.learning.model_card import ModelCard

INSTALLING = "Adding a network"
EXPORTING = "Exporting a network"
RENAMING = "Renaming a network"
DELETING = "Deleting a network"
RESTORING = "Restoring a network"
CHOOSING = "Choosing the default network"
DEVICE_NAMES = {"cpu": "CPU", "cuda": "GPU (CUDA)", "mps": "GPU (Metal)"}


class ModelsController(QObject):
    """Keeps the list of networks and what is said about the one in use."""

    listed = Signal(object)
    device_known = Signal(str, object)
    installed = Signal(str)
    deleted = Signal(str, str)
    said = Signal(str)

    def __init__(
        self, session: Session, board: JobBoard, analysis: AnalysisController, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session = session
        self._board = board
        self._analysis = analysis
        self._auto = ""
        self._deleted_in_use: set[str] = set()
        self.shelf = Shelf()
        self.devices: tuple[str, ...] = ()

    @property
    def cards(self) -> "tuple[ModelCard, ...]":
        """The networks that can be used."""
        return self.shelf.cards

    def set_shelf(self, shelf: Shelf) -> None:
        """Take over the networks at hand; predict what waited for one."""
        self._take_over(shelf, self.active_name)

    def _take_over(self, shelf: Shelf, before: str) -> None:
        """List networks; predict anew where another one is used than ``before``."""
        self.shelf = shelf
        self._analysis.has_model = bool(shelf.cards)
        wish = self._session.state.settings.model
        if wish and shelf.cards and all(card.name != wish for card in shelf.cards):
            self._analysis.change_settings({"model": ""})
        self.listed.emit(shelf.cards)
        if before and before != self.active_name:
            self._analysis.start_over()
        else:
            self._analysis.predict_if_wanted()

    def set_devices(self, auto: str, available: Sequence[str]) -> None:
        """Take over where networks can run."""
        self._auto = auto
        self.devices = tuple(available)
        self.device_known.emit(self.device_name, self.devices)

    @property
    def device_name(self) -> str:
        """Name for people of the device that is used."""
        wish = self._session.state.settings.device
        device = self._auto if wish == "auto" else wish
        return DEVICE_NAMES.get(device, device)

    @property
    def active(self) -> "ModelCard | None":
        """The network that is used."""
        name = self._session.state.settings.model or self.default_name
        return next((card for card in self.cards if card.name == name), None)

    @property
    def training_ranges(self) -> Mapping[str, Any]:
        """The ranges of theta that the network in use was trained on, as its card has them."""
        card = self.active
        trained = card.document.get("trained_on") if card is not None else None
        ranges = trained.get("ranges") if isinstance(trained, Mapping) else None
        return ranges if isinstance(ranges, Mapping) else {}

    @property
    def default_name(self) -> str:
        """Name of the network that is used when none is chosen."""
        return self.shelf.default

    @property
    def active_name(self) -> str:
        """Name of the network that is used; empty where there is none."""
        return self.active.name if self.active is not None else ""

    @property
    def choices(self) -> list[tuple[str, str, str]]:
        """What can be chosen: the setting's value, what to call it, and what it means."""
        choices = [(card.name, card.name, card.title) for card in self.cards]
        companion = companion_among(self.cards, self.default_name)
        if companion is None:
            return choices
        usual = self.default_name
        tip = f"{usual}, or {companion} where images are unlike the clean ones {usual} learnt from"
        return [("", f"automatic ({usual})", tip), *choices]

    @property
    def choice(self) -> str:
        """Which of the :attr:`choices` holds."""
        wish = self._session.state.settings.model
        automatic = any(key == "" for key, _, _ in self.choices)
        return wish or ("" if automatic else self.active_name)

    def _change(
        self, title: str, deed: Callable[[Progress], Any], then: Callable[[Any], str | None]
    ) -> None:
        """Change what is on the disk beside the window, and take over what there is then.

        ``then`` gets the result; it may return what the network in use is called now.
        """

        def work(progress: Progress) -> tuple[Any, Shelf]:
            return deed(progress), networks_at_hand()

        def done(found: tuple[Any, Shelf]) -> None:
            result, shelf = found
            before = self.active_name
            self._take_over(shelf, then(result) or before)

        self._board.start(title, work, done)

    def install(self, source: Path, name: str = "") -> None:
        """Copy a network to the user's own and list it."""

        def then(folder: Path) -> None:
            self.said.emit(f"Added the network {folder.name}")
            self.installed.emit(folder.name)

        self._change(
            INSTALLING, lambda progress: install_model(source, name=name, progress=progress), then
        )

    def export(self, name: str, target: Path) -> None:
        """Write a network to one file."""
        self._board.start(
            EXPORTING,
            lambda progress: export_model(name, target, progress),
            lambda path: self.said.emit(f"The network {name} was written to {path}"),
        )

    def rename(self, name: str, new_name: str, title: str) -> None:
        """Give a network another name or title."""

        def then(folder: Path) -> str | None:
            in_use = self.active_name == name
            if self._session.state.settings.model == name:
                self._analysis.change_settings({"model": folder.name})
            self.installed.emit(folder.name)
            return folder.name if in_use else None

        self._change(RENAMING, lambda _: rename_model(name, new_name, title), then)

    def delete(self, name: str) -> None:
        """Take a network away; another one is used where it was the one in use."""
        in_use = self._session.state.settings.model == name

        def then(deleted: DeletedModel) -> None:
            if in_use:
                self._deleted_in_use.add(deleted.key)
            self.deleted.emit(deleted.name, deleted.key)

        self._change(DELETING, lambda _: delete_model(name), then)

    def restore(self, key: str) -> None:
        """Bring a deleted network back; it is used again where it was the one in use."""

        def then(folder: Path) -> None:
            self.installed.emit(folder.name)
            if key in self._deleted_in_use:
                self._deleted_in_use.discard(key)
                self._analysis.change_settings({"model": folder.name})

        self._change(RESTORING, lambda _: restore_model(key), then)

    def make_default(self, name: str) -> None:
        """Use a network from now on, in the window and on the command line."""

        def then(_result: None) -> None:
            self._analysis.change_settings({"model": ""})

        self._change(CHOOSING, lambda _: set_default_model(name), then)

    def choose(self, name: str) -> None:
        """Use another network."""
        self._analysis.choose_model(name)
        self.listed.emit(self.cards)

    def choose_device(self, name: str) -> None:
        """Run the network elsewhere."""
        self._analysis.choose_device(name)
        self.device_known.emit(self.device_name, self.devices)
