"""The window itself: pages, jobs below, files dropped anywhere, one question when closed."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPaintEvent,
)
from PySide6.QtOpenGLWidgets import QOpenGLWidget
from PySide6.QtWidgets import (
    QMainWindow,
    QMessageBox,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from heteroagg_gui.gui.dropping import paths_of
from heteroagg_gui.gui.icons import application_icon
from heteroagg_gui.gui.names import DISPLAY_NAME
from heteroagg_gui.gui.opengl import has_opengl
from heteroagg_gui.gui.remembered import Remembered
from heteroagg_gui.workflow.state import SessionState
from heteroagg_gui.workflow.unsaved import is_unsaved

FIRST_SIZE = (1440, 900)
SMALLEST_SIZE = (1024, 640)


class Window(QMainWindow):
    """A frame around the pages; what happens in it is decided elsewhere."""

    painted = Signal()
    dropped = Signal(tuple)
    dragged_over = Signal(bool)
    palette_changed = Signal()
    tab_shown = Signal(str)

    def __init__(
        self, welcome: QWidget, jobs: QWidget, remembered: Remembered, *, with_opengl: bool = True
    ) -> None:
        super().__init__()
        self._remembered = remembered
        self._painted = False
        self._ended = False
        self.running_jobs: Callable[[], Sequence[str]] = tuple
        self.unsaved: Callable[[], bool] = lambda: False
        self.settle: Callable[[Sequence[str]], bool] = lambda _running: True
        self.running_training: Callable[[], str] = str
        self.closed: Callable[[], None] = lambda: None
        self.setWindowIcon(application_icon())
        self.setWindowTitle(DISPLAY_NAME)
        self.setAcceptDrops(True)
        self.setMinimumSize(*SMALLEST_SIZE)
        self.pages = QStackedWidget()
        self.pages.addWidget(welcome)
        self.workbench: QWidget | None = None
        middle = QWidget()
        self.tabs = QTabWidget()
        self._analyse = QVBoxLayout()
        self._make_tabs()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.tabs, 1)
        layout.addWidget(jobs)
        self.setCentralWidget(middle)
        if with_opengl and has_opengl():
            self._prepare_for_opengl(middle)
        self._restore()

    def _make_tabs(self) -> None:
        analyse = QWidget()
        analyse.setLayout(self._analyse)
        self._analyse.setContentsMargins(0, 0, 0, 0)
        self._analyse.setSpacing(0)
        self._analyse.addWidget(self.pages, 1)
        simulate = QWidget()
        QVBoxLayout(simulate).setContentsMargins(0, 0, 0, 0)
        retrain = QWidget()
        QVBoxLayout(retrain).setContentsMargins(0, 0, 0, 0)
        self._places = {"analyse": analyse, "simulate": simulate, "retrain": retrain}
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(analyse, "Analyse")
        self.tabs.addTab(simulate, "Simulate")
        self.tabs.addTab(retrain, "Retrain")
        self.tabs.setTabToolTip(0, "From micrographs to theta and digital shadows (Ctrl+1)")
        self.tabs.setTabToolTip(1, "Make images of aggregates with a theta of your choice (Ctrl+2)")
        self.tabs.setTabToolTip(2, "Make a network for your materials and microscope (Ctrl+3)")
        self.tabs.currentChanged.connect(lambda _: self.tab_shown.emit(self.tab))

    def set_toolbar(self, toolbar: QWidget) -> None:
        """Put the tool bar above the pages of the Analyse tab."""
        self._analyse.insertWidget(0, toolbar)

    @property
    def tab(self) -> str:
        """Name of the tab that is shown."""
        shown = self.tabs.currentWidget()
        return next(name for name, place in self._places.items() if place is shown)

    def show_tab(self, name: str) -> None:
        """Show a tab."""
        self.tabs.setCurrentWidget(self._places[name])

    def fill_tab(self, name: str, widget: QWidget) -> None:
        """Put a panel into a tab that waits for it."""
        layout = self._places[name].layout()
        if layout is not None:
            layout.addWidget(widget)

    @staticmethod
    def _prepare_for_opengl(parent: QWidget) -> None:
        """Make the window one that OpenGL can draw in before it is first shown.

        Otherwise it would vanish and come back when the 3D view is added to it.
        """
        seed = QOpenGLWidget(parent)
        seed.resize(1, 1)
        seed.hide()

    def _restore(self) -> None:
        stored = self._remembered.bytes_of("geometry")
        if stored is None or not self.restoreGeometry(stored):
            room = self.screen().availableGeometry()
            self.resize(min(FIRST_SIZE[0], room.width()), min(FIRST_SIZE[1], room.height() - 40))

    def set_workbench(self, workbench: QWidget) -> None:
        """Add the page that is shown while something is open."""
        self.workbench = workbench
        self.pages.addWidget(workbench)

    def show_state(self, state: SessionState) -> None:
        """Choose the page, and say in the title what is open and whether it is saved."""
        something = bool(state.items) or state.shadows is not None
        if something and self.workbench is not None:
            self.pages.setCurrentWidget(self.workbench)
        elif not something:
            self.pages.setCurrentIndex(0)
        name = _name_of(state)
        self.setWindowTitle(f"{name}[*] – {DISPLAY_NAME}" if name else DISPLAY_NAME)
        self.setWindowModified(bool(name) and is_unsaved(state))

    def set_full_screen(self, on: bool) -> None:
        """Fill the screen, or go back."""
        if on:
            self.showFullScreen()
        else:
            self.showNormal()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell, once, that the window can be seen."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self.painted.emit)

    def changeEvent(self, event: QEvent) -> None:
        """Tell when the colours changed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.palette_changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take files that are dropped on a widget with a mind of its own."""
        kind = event.type()
        if kind == QEvent.Type.DragEnter and isinstance(event, QDragEnterEvent):
            self.dragEnterEvent(event)
        elif kind == QEvent.Type.DragMove and isinstance(event, QDragMoveEvent):
            self.dragMoveEvent(event)
        elif kind == QEvent.Type.Drop and isinstance(event, QDropEvent):
            self.dropEvent(event)
        else:
            return super().eventFilter(watched, event)
        return event.isAccepted()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take what names files or folders."""
        if paths_of(event.mimeData()):
            event.acceptProposedAction()
            self.dragged_over.emit(True)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Take it anywhere."""
        if paths_of(event.mimeData()):
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Stop looking inviting."""
        self.dragged_over.emit(False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open everything that was dropped."""
        self.dragged_over.emit(False)
        paths = paths_of(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask once if something would be lost, and remember the window's place."""
        if not self._ended and not self._may_close():
            event.ignore()
            return
        self._ended = True
        self._remembered.keep_bytes("geometry", self.saveGeometry())
        self.closed()
        super().closeEvent(event)

    def _may_close(self) -> bool:
        running, training = self.running_jobs(), self.running_training()
        if self.unsaved():
            paused = (f"the training {training}, which is paused",) if training else ()
            return self.settle((*paused, *running))
        if training:
            return self._ask_to_pause(training, running)
        return not running or self._ask_to_stop(running)

    def _ask_to_stop(self, running: Sequence[str]) -> bool:
        return self._ask(running, "Stop and close the window?", "Stop and close", "Go on")

    def _ask_to_pause(self, training: str, running: Sequence[str]) -> bool:
        also = " Everything else that runs is stopped." if running else ""
        return self._ask(
            (f"the training {training}", *running),
            "The training is saved, and you can go on with it when the program is started "
            f"again.{also}",
            "Pause and close",
            "Stay",
        )

    def _ask(self, running: Sequence[str], question: str, yes: str, no: str) -> bool:
        names = ", ".join(dict.fromkeys(running))
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(f"Still running: {names}.")
        box.setInformativeText(question)
        close = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
        box.addButton(no, QMessageBox.ButtonRole.RejectRole)
        box.exec()
        return box.clickedButton() is close


def _name_of(state: SessionState) -> str:
    """Return the name of the session file, or else how much is open."""
    if state.file is not None:
        return state.file.path.name.replace("[*]", "[*][*]")
    count = len(state.items)
    if count:
        return f"{count} image{'s' if count != 1 else ''}"
    return f"{len(state.shadows)} shadows" if state.shadows is not None else ""
