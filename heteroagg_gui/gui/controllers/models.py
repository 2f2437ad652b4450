"""Which networks there are, which one is used, and where it runs."""

from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from heteroagg_gui.gui.controllers.analysis import AnalysisController
from heteroagg_gui.workflow.session import Session

DEVICE_NAMES = {"cpu": "CPU", "cuda": "GPU (CUDA)", "mps": "GPU (Metal)"}


class Card(Protocol):
    """What is known of a network."""

    name: str
    title: str
    document: dict[str, Any]


class ModelsController(QObject):
    """Keeps the list of networks and what is said about the one in use."""

    listed = Signal(object)
    device_known = Signal(str, object)

    def __init__(
        self, session: Session, analysis: AnalysisController, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._analysis = analysis
        self._auto = ""
        self.cards: tuple[Card, ...] = ()
        self.devices: tuple[str, ...] = ()

    def set_cards(self, cards: Sequence[Card]) -> None:
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
    def active(self) -> Card | None:
        """The network that is used."""
        name = self._session.state.settings.model or self.default_name
        return next((card for card in self.cards if card.name == name), None)

    @property
    def default_name(self) -> str:
        """Name of the network that is used when none is chosen."""
        from heteroagg_gui.core.errors import HeteroaggError
        from heteroagg_gui.workflow.predictors import find_model

        try:
            return find_model().name
        except HeteroaggError:
            return ""

    def choose(self, name: str) -> None:
        """Use another network."""
        self._analysis.choose_model(name)
        self.listed.emit(self.cards)

    def choose_device(self, name: str) -> None:
        """Run the network elsewhere."""
        self._analysis.choose_device(name)
        self.device_known.emit(self.device_name, self.devices)
