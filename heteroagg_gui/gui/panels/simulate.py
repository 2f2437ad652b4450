"""The Simulate tab: a form, the image it makes, and the aggregate behind it."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from heteroagg_gui.gui.icons import IconKeeper, pixmap
from heteroagg_gui.gui.material_look import look_named
from heteroagg_gui.gui.panels.aggregate_facts import AggregateFacts
from heteroagg_gui.gui.panels.aggregate_view import AggregateView
from heteroagg_gui.gui.panels.simulated_image import Levels, SimulatedImage
from heteroagg_gui.gui.panels.simulation_form import SimulationForm
from heteroagg_gui.gui.panels.sphere_scene import extent_nm
from heteroagg_gui.gui.panels.tool_button import tool_button
from heteroagg_gui.gui.theme import tones
from heteroagg_gui.gui.toolbar import LARGEST_SEED_SHOWN
from heteroagg_gui.workflow.preview import Preview

PREPARING = "Preparing…"
CUT_OFF = "The aggregate reaches beyond the frame: take more or larger pixels to see it whole."
MOST_AT_ONCE = 64
GROUP = "simulated"


class SimulatePanel(QObject):
    """Shows the newest preview and asks for the next; it makes nothing itself."""

    changed = Signal()
    shown = Signal()
    add_asked = Signal()
    save_asked = Signal()
    copy_asked = Signal()

    def __init__(self, icons: IconKeeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.widget = QWidget()
        self.form = SimulationForm(icons, self)
        self.image = SimulatedImage(icons, self)
        self.aggregate = AggregateView(PREPARING, self, along_beam=True)
        self.facts = AggregateFacts(self.form.look.names, self)
        self.preview: Preview | None = None
        self._framed_nm = 0.0
        self.seed = QSpinBox()
        self.dice = QPushButton("New aggregate")
        self.status = QLabel(PREPARING)
        self.notice = QFrame()
        self._notice_icon = QLabel()
        self.sentence = QLabel()
        self.count = QSpinBox()
        self.group = QLineEdit(GROUP)
        self.add = QPushButton("Add to batch")
        self.save = QPushButton("Save…")
        self.copy = QPushButton("Copy as command")
        self.reset = tool_button(icons, "reset", "Reset view: look along the beam, as on the image")
        self.copy_3d = tool_button(icons, "copy", "Copy picture of the aggregate")
        self.save_3d = tool_button(icons, "picture", "Save picture of the aggregate…")
        for button, name in (
            (self.dice, "dice"),
            (self.add, "sample"),
            (self.save, "save"),
            (self.copy, "copy"),
        ):
            icons.dress(button, name)
        self._explain()
        self._build()
        self._connect()
        self._tell("")
        self._enable(False)

    def _explain(self) -> None:
        self.seed.setRange(0, LARGEST_SEED_SHOWN)
        self.seed.setPrefix("seed ")
        self.seed.setKeyboardTracking(False)
        self.seed.setAccessibleName("Seed")
        self.seed.setToolTip("The same seed gives the same aggregate and image, bit for bit")
        self.dice.setToolTip("Draw another aggregate with the next seed (Ctrl+G)")
        self.count.setRange(1, MOST_AT_ONCE)
        self.count.setValue(12)
        self.count.setSuffix(" images")
        self.count.setAccessibleName("Number of images")
        self.count.setToolTip("Images to make: the one shown, and others drawn with the same seed")
        self.group.setMaximumWidth(120)
        self.group.setAccessibleName("Group")
        self.group.setToolTip("Sample that the images are added to; each is predicted on its own")
        self.add.setToolTip("Make the images and add them to the batch of the Analyse tab (Ctrl+B)")
        self.save.setToolTip(
            "Write calibrated TIFFs, the particles as CSV and truth.json to a folder"
        )
        self.copy.setToolTip("Copy the line that makes the same images in a terminal")
        self.sentence.setWordWrap(True)

    def _build(self) -> None:
        head = QHBoxLayout()
        for widget in (self.seed, self.dice, self.status):
            head.addWidget(widget)
        head.addStretch()
        head.addWidget(self.aggregate.coloring)
        for button in (self.reset, self.copy_3d, self.save_3d):
            head.addWidget(button)
        self.views = QSplitter(Qt.Orientation.Horizontal)
        self.views.addWidget(self.image.widget)
        self.views.addWidget(self._make_solid())
        self.views.setChildrenCollapsible(False)
        self.views.setSizes([1000, 1000])
        right = QVBoxLayout()
        right.setContentsMargins(8, 4, 8, 8)
        right.setSpacing(8)
        right.addLayout(head)
        right.addWidget(self._make_notice())
        right.addWidget(self.views, 1)
        right.addWidget(self.facts.widget)
        right.addLayout(self._actions())
        line = QFrame()
        line.setFrameShape(QFrame.Shape.VLine)
        line.setFrameShadow(QFrame.Shadow.Sunken)
        layout = QHBoxLayout(self.widget)
        layout.setContentsMargins(4, 4, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.form.widget)
        layout.addWidget(line)
        layout.addLayout(right, 1)

    def _make_solid(self) -> QWidget:
        """Return the 3D view with its legend, as high as the image with its levels."""
        solid = QWidget()
        column = QVBoxLayout(solid)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.aggregate.widget, 1)
        column.setSpacing(4)
        foot = QWidget()
        foot.setFixedHeight(self.image.levels.sizeHint().height())
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch()
        row.addWidget(self.aggregate.legend)
        column.addWidget(foot)
        self.aggregate.widget.setMinimumSize(240, 200)
        return solid

    def _make_notice(self) -> QWidget:
        self.notice.setFrameShape(QFrame.Shape.StyledPanel)
        row = QHBoxLayout(self.notice)
        row.setContentsMargins(8, 4, 8, 4)
        row.addWidget(self._notice_icon)
        row.addWidget(self.sentence, 1)
        return self.notice

    def _actions(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(self.add)
        row.addWidget(self.count)
        row.addWidget(QLabel("to group"))
        row.addWidget(self.group)
        row.addStretch()
        row.addWidget(self.save)
        row.addWidget(self.copy)
        return row

    def _connect(self) -> None:
        self.form.changed.connect(self.changed)
        self.seed.valueChanged.connect(self.changed)
        self.dice.clicked.connect(self.throw_dice)
        self.reset.clicked.connect(self._reset_view)
        self.add.clicked.connect(self.add_asked)
        self.save.clicked.connect(self.save_asked)
        self.copy.clicked.connect(self.copy_asked)
        self.widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell when the tab is shown, and follow the palette."""
        if event.type() == QEvent.Type.Show:
            self.shown.emit()
        elif event.type() == QEvent.Type.PaletteChange:
            self._paint_icon()
        return False

    def throw_dice(self) -> None:
        """Take the next seed."""
        self.seed.setValue((self.seed.value() + 1) % LARGEST_SEED_SHOWN)

    def entries(self) -> dict[str, Any]:
        """Return what stands in the form, with seed, number and group."""
        return {
            **self.form.entries(),
            "seed": self.seed.value(),
            "count": self.count.value(),
            "group": self.group.text().strip() or GROUP,
        }

    def set_entries(self, entries: Mapping[str, Any]) -> None:
        """Show what stood in the form before; nonsense is passed over."""
        for name, box in (("seed", self.seed), ("count", self.count)):
            if type(entries.get(name)) is int:
                with QSignalBlocker(box):
                    box.setValue(min(max(entries[name], box.minimum()), box.maximum()))
        if isinstance(entries.get("group"), str) and entries["group"]:
            self.group.setText(entries["group"])
        self.form.set_entries(entries)

    def show_preview(self, preview: Preview, levels: Levels) -> None:
        """Show an image and its aggregate."""
        fresh = self.preview is None or preview.aggregate is not self.preview.aggregate
        system = preview.batch.system
        relabelled = self.preview is None or self.preview.batch.system != system
        self.preview = preview
        if fresh:
            self.aggregate.show(preview.aggregate, system)
            self._frame(extent_nm(preview.aggregate))
            self.facts.show(preview.descriptors)
        if relabelled:
            look = look_named(system)
            self.aggregate.set_look(look)
            self.facts.set_names(look.names)
        frame, microscope = preview.batch.frame, preview.batch.microscope
        self.image.show(preview.micrograph.pixels, frame.pixel_size_nm, levels)
        self.form.show_beam(microscope.voltage_kv, microscope.semi_angle_mrad)
        field = frame.width * frame.pixel_size_nm
        self.status.setText(f"{frame.width} × {frame.height} pixels, {field:.4g} nm wide")
        self._tell(CUT_OFF if preview.cut_off else "")
        self._enable(True)

    def _frame(self, extent: float) -> None:
        """Keep the zoom, so that sizes can be compared, while the aggregate fits it well."""
        if not 0.4 * self._framed_nm <= extent <= self._framed_nm:
            self._framed_nm = extent
            self.aggregate.frame(extent)

    def _reset_view(self) -> None:
        self.aggregate.reset()
        if self.preview is not None:
            self._framed_nm = extent_nm(self.preview.aggregate)

    def show_error(self, sentence: str) -> None:
        """Say why there is no image for what stands in the form."""
        self._tell(sentence)
        self._enable(False)

    def _enable(self, on: bool) -> None:
        for button in (self.add, self.save, self.copy):
            button.setEnabled(on)

    def _tell(self, sentence: str) -> None:
        self.sentence.setText(sentence)
        self.notice.setVisible(bool(sentence))
        self._paint_icon()

    def _paint_icon(self) -> None:
        caution = tones(self.widget.palette()).caution
        ratio = self.widget.devicePixelRatioF()
        self._notice_icon.setPixmap(pixmap("warning", caution, 20, ratio))
