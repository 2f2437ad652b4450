"""The stages of a training in a row: how far each is and how long it took."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from heteroagg_gui.core.progress import duration
from heteroagg_gui.gui.progress_bar import show_progress
from heteroagg_gui.workflow.trainings.status import Stage, Status


class StageCell(QWidget):
    """One stage: title, bar, time."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = QLabel(title)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.bar.setAccessibleName(title)
        self.words = QLabel()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for widget in (self.title, self.bar, self.words):
            layout.addWidget(widget)

    def show_stage(self, stage: Stage, *, current: bool) -> None:
        """Show how far the stage is."""
        font = self.title.font()
        if font.bold() != current:
            font.setBold(current)
            self.title.setFont(font)
        show_progress(self.bar, round(1000 * stage.done))
        self.words.setText(stage_words(stage))


def stage_words(stage: Stage) -> str:
    """Return how far a stage is and the time it took."""
    took = f", {duration(stage.seconds)}" if stage.seconds > 0.0 else ""
    if stage.done >= 1.0:
        return f"done{took}"
    if stage.done > 0.0 or took:
        return f"{100 * stage.done:.0f} %{took}"
    return "to come"


class StageStrip(QObject):
    """The stages that a training has, in their order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.widget = QWidget()
        self._row = QHBoxLayout(self.widget)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(16)
        self.cells: dict[str, StageCell] = {}
        self._titles: list[tuple[str, str]] = []

    def show(self, status: Status | None) -> None:
        """Show the stages of a training; nothing before its first words."""
        stages = status.stages if status is not None else ()
        titles = [(stage.name, stage.title) for stage in stages]
        if titles != self._titles:
            self._titles = titles
            self._rebuild()
        for stage in stages:
            live = status is not None and status.state in {"running", "paused"}
            current = live and status is not None and stage.name == status.stage
            self.cells[stage.name].show_stage(stage, current=current)
        self.widget.setVisible(bool(stages))

    def _rebuild(self) -> None:
        for cell in self.cells.values():
            self._row.removeWidget(cell)
            cell.hide()
            cell.deleteLater()
        self.cells = {name: StageCell(title) for name, title in self._titles}
        for cell in self.cells.values():
            self._row.addWidget(cell, 1)
