"""Which networks there are, which one is used, and where it runs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from heteroagg_gui.core.progress import Progress
from heteroagg_gui.gui.controllers.analysis import AnalysisController
from heteroagg_gui.gui.job_board import JobBoard
from heteroagg_gui.workflow.session import Session

if TYPE_CHECKING:
    from heteroagg_gui.learning.model_card import ModelCard

INSTALLING = "Adding a network"
DEVICE_NAMES = {"cpu": "CPU", "cuda": "GPU (CUDA)", "mps": "GPU (Metal)"}


class ModelsController(QObject):
    """Keeps the list of networks and what is said about the one in use."""

    listed = Signal(object)
    device_known = Signal(str, object)

    def __init__(
        self, session: Session, board: JobBoard, analysis: AnalysisController, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session = session
        self._board = board
        self._analysis = analysis
        self._window = window
        self._auto = ""
        self.cards: tuple[ModelCard, ...] = ()
        self.devices: tuple[str, ...] = ()

    def set_cards(self, cards: Sequence["ModelCard"]) -> None:
        """Take over the list of networks; predict what waited for it."""
        self.cards = tuple(cards)
        self._analysis.has_model = bool(cards)
        self.listed.emit(self.cards)
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
        from heteroagg_gui.core.errors import HeteroaggError
        from heteroagg_gui.workflow.predictors import find_model

        try:
            return find_model().name
        except HeteroaggError:
            return ""

    def ask_install(self) -> None:
        """Let the user choose the folder of a network and add it to those that are known."""
        name = QFileDialog.getExistingDirectory(self._window, "Folder of a network")
        if name:
            self.install(Path(name))

    def install(self, folder: Path) -> None:
        """Copy a network to the user's own and list it."""

        def work(_progress: Progress) -> Sequence["ModelCard"]:
            from heteroagg_gui.workflow.model_store import install_model
            from heteroagg_gui.workflow.predictors import list_model_cards

            install_model(folder)
            return list_model_cards()

        self._board.start(INSTALLING, work, self.set_cards)

    def choose(self, name: str) -> None:
        """Use another network."""
        self._analysis.choose_model(name)
        self.listed.emit(self.cards)

    def choose_device(self, name: str) -> None:
        """Run the network elsewhere."""
        self._analysis.choose_device(name)
        self.device_known.emit(self.device_name, self.devices)
