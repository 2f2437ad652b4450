"""The obvious buttons from left to right: open, predict, draw shadows, export."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QSizePolicy,
    QSpinBox,
    QToolBar,
    QToolButton,
    QWidget,
)

from heteroagg_gui.gui.icons import IconKeeper
from heteroagg_gui.gui.population_popup import PopulationPopup
from heteroagg_gui.workflow.state import SessionState

LARGEST_SEED_SHOWN = 2_147_483_647


class ToolBar(QObject):
    """Shows the settings of the state and asks for changes of them."""

    settings_asked = Signal(dict)
    model_asked = Signal(str)

    def __init__(
        self, icons: IconKeeper, actions: dict[str, QAction], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.widget = QToolBar("Tools")
        self.widget.setObjectName("tools")
        self.widget.setMovable(False)
        self.widget.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.count = QSpinBox()
        self.seed = QSpinBox()
        self.whole = QCheckBox("From the whole distribution")
        self.more = QToolButton()
        self.model = QComboBox()
        self.device = QLabel()
        self.popup = PopulationPopup(self)
        icons.dress(self.more, "settings")
        self._fill(actions)
        self._connect()

    def _fill(self, actions: dict[str, QAction]) -> None:
        self.count.setRange(1, 1_000_000)
        self.count.setSingleStep(100)
        self.count.setFixedWidth(self.count.fontMetrics().horizontalAdvance("1000000 shadows") + 36)
        self.seed.setFixedWidth(self.seed.fontMetrics().horizontalAdvance("seed 100000") + 36)
        self.count.setSuffix(" shadows")
        self.count.setToolTip("How many shadows to draw; the paper draws 800, section 3.4.2")
        self.count.setAccessibleName("Number of shadows")
        self.seed.setRange(0, LARGEST_SEED_SHOWN)
        self.seed.setPrefix("seed ")
        self.seed.setToolTip("The same seed gives the same shadows, bit for bit")
        self.seed.setAccessibleName("Seed")
        self.whole.setToolTip(
            "Draw θ anew for each shadow from its predicted distribution, so that the shadows "
            "carry its uncertainty; otherwise all have the same θ"
        )
        self.more.setToolTip("Size of the aggregates and of their particles")
        self.more.setAccessibleName("Size of the aggregates and of their particles")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(self.popup.menu)
        self.model.setToolTip("The network that predicts")
        self.model.setAccessibleName("Network")
        self.model.setMinimumContentsLength(14)
        self.model.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.device.setToolTip("Where the network runs")
        self.device.setMargin(6)
        for name in ("open", "predict", "draw_shadows"):
            self.widget.addAction(actions[name])
        for widget in (self.count, self.seed, self.whole, self.more):
            self.widget.addWidget(widget)
        self.widget.addSeparator()
        self.widget.addAction(actions["export"])
        space = QWidget()
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.widget.addWidget(space)
        self.widget.addWidget(self.model)
        self.widget.addWidget(self.device)
        self.model.setEnabled(False)

    def _connect(self) -> None:
        self.count.valueChanged.connect(lambda value: self._ask(n_shadows=value))
        self.seed.valueChanged.connect(lambda value: self._ask(seed=value))
        self.whole.toggled.connect(lambda on: self._ask(from_distribution=on))
        self.popup.settings_asked.connect(self.settings_asked)
        self.model.activated.connect(
            lambda index: self.model_asked.emit(self.model.itemData(index))
        )

    def _ask(self, **changes: Any) -> None:
        self.settings_asked.emit(changes)

    def set_models(self, models: Sequence[tuple[str, str, str]], active: str) -> None:
        """List the networks: key, name and what it is."""
        with QSignalBlocker(self.model):
            self.model.clear()
            for key, name, title in models:
                self.model.addItem(name, key)
                self.model.setItemData(self.model.count() - 1, title, Qt.ItemDataRole.ToolTipRole)
            if not models:
                self.model.addItem("no network", "")
            self.model.setCurrentIndex(max(self.model.findData(active), 0))
        self.model.setEnabled(len(models) > 1)

    def set_device(self, name: str) -> None:
        """Say where the network runs."""
        self.device.setText(name)

    def show(self, before: SessionState, after: SessionState) -> None:
        """Show the settings of the new state."""
        settings = after.settings
        if settings is not before.settings:
            with QSignalBlocker(self.count), QSignalBlocker(self.seed), QSignalBlocker(self.whole):
                self.count.setValue(settings.n_shadows)
                self.seed.setValue(min(settings.seed, LARGEST_SEED_SHOWN))
                self.whole.setChecked(settings.from_distribution)
            self.popup.show_settings(settings)
        prediction = after.prediction
        self.whole.setEnabled(prediction is None or bool(prediction.draws))
