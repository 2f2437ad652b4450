"""The wizard: steps at the left, a page, Back and Next."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from heteroagg_gui.gui.icons import IconKeeper
from heteroagg_gui.gui.retrain.box_outline import outline_boxes
from heteroagg_gui.gui.retrain.effort_page import EffortPage
from heteroagg_gui.gui.retrain.materials_page import MaterialsPage
from heteroagg_gui.gui.retrain.microscope_page import MicroscopePage
from heteroagg_gui.gui.retrain.page import GAP, MARGIN, Page
from heteroagg_gui.gui.retrain.particles_page import ParticlesPage
from heteroagg_gui.gui.retrain.step_list import DONE, TO_DO, WRONG, StepList
from heteroagg_gui.gui.retrain.summary_page import SummaryPage
from heteroagg_gui.workflow.retraining.checks import check
from heteroagg_gui.workflow.retraining.curves import missing_packages
from heteroagg_gui.workflow.retraining.draft import PAGES, Draft, Problem
from heteroagg_gui.workflow.retraining.retrain_command import WAYS
from heteroagg_gui.workflow.retraining.trial import time_in_words

_LAST = len(PAGES) - 1


class Wizard(QObject):
    """Shows a draft page by page; ``edited`` carries what a person changed."""

    edited = Signal(dict)
    page_shown = Signal(str)
    start_over_asked = Signal()
    open_asked = Signal()
    save_asked = Signal()
    copy_asked = Signal(str)
    start_asked = Signal()

    def __init__(self, icons: IconKeeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.widget = QWidget()
        self.materials = MaterialsPage(icons, self)
        self.particles = ParticlesPage(icons, self)
        self.microscope = MicroscopePage(icons, self)
        self.effort = EffortPage(icons, self)
        self.summary = SummaryPage(icons, self)
        self.pages: Mapping[str, Page] = dict(
            zip(
                PAGES,
                (self.materials, self.particles, self.microscope, self.effort, self.summary),
                strict=True,
            )
        )
        self.steps = StepList([page.title for page in self.pages.values()])
        self.stack = QStackedWidget()
        self.heading = QLabel()
        self.purpose = QLabel()
        self.source = QLabel()
        self.over = QPushButton("Start over")
        self.open = QPushButton("Open plan…")
        self.save = QPushButton("Save plan…")
        self.copy = QPushButton("Copy as command")
        self.back = QPushButton("&Back")
        self.next = QPushButton("&Next")
        self.start = QPushButton("Start training")
        self.draft = Draft()
        self.current = 0
        self._areas: list[QScrollArea] = []
        self._looked_at: set[str] = set()
        self._touched: set[str] = set()
        self._dress(icons)
        self._build()
        self._connect()
        self.show(Draft())

    def _dress(self, icons: IconKeeper) -> None:
        for button, name, tip in (
            (self.over, "reset", "Forget what stands here and begin with the usual values"),
            (self.open, "open", "Fill the wizard from a plan in a file"),
            (self.save, "save", "Write the plan to a file that any machine can run"),
            (self.copy, "copy", "Copy the line that runs the saved plan in a terminal"),
            (self.back, "previous", "Go to the step before (Alt+B)"),
            (self.next, "next", "Check this page and go on (Alt+N)"),
            (self.start, "predict", "Start the training on this computer"),
        ):
            icons.dress(button, name)
            button.setToolTip(tip)
        menu = QMenu(self.copy)
        for way, title in WAYS.items():
            action = QAction(title, menu)
            action.triggered.connect(lambda _=False, way=way: self.copy_asked.emit(way))
            menu.addAction(action)
        self.copy.setMenu(menu)
        font = self.heading.font()
        font.setPointSizeF(font.pointSizeF() * 1.35)
        font.setBold(True)
        self.heading.setFont(font)
        self.purpose.setWordWrap(True)
        self.source.setWordWrap(True)
        self.next.setDefault(True)

    def _build(self) -> None:
        for page in self.pages.values():
            area = self._scrolled(page)
            self._areas.append(area)
            self.stack.addWidget(area)
            for edit in page.widget.findChildren(QLineEdit):
                edit.setAcceptDrops(False)
            outline_boxes(page.widget)
        left = QVBoxLayout()
        left.setSpacing(GAP)
        left.addWidget(self.steps, 1)
        for widget in (self.source, self.open, self.over):
            left.addWidget(widget)
        foot = QHBoxLayout()
        for button in (self.save, self.copy):
            foot.addWidget(button)
        foot.addStretch()
        for button in (self.back, self.next, self.start):
            foot.addWidget(button)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(self.heading)
        right.addWidget(self.purpose)
        right.addSpacing(GAP)
        right.addWidget(self.stack, 1)
        right.addLayout(foot)
        line = QFrame()
        line.setFrameShape(QFrame.Shape.VLine)
        line.setFrameShadow(QFrame.Shadow.Sunken)
        layout = QHBoxLayout(self.widget)
        layout.setContentsMargins(GAP, GAP, GAP, GAP)
        layout.setSpacing(MARGIN)
        layout.addLayout(left)
        layout.addWidget(line)
        layout.addLayout(right, 1)

    @staticmethod
    def _scrolled(page: Page) -> QScrollArea:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, GAP, GAP)
        column.addWidget(page.widget, 1)
        column.addWidget(page.rest)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        area.setWidget(inner)
        return area

    def _connect(self) -> None:
        for page in self.pages.values():
            page.edited.connect(self._on_edited)
        self.steps.chosen.connect(self.go_to)
        self.back.clicked.connect(lambda: self.go_to(self.current - 1))
        self.next.clicked.connect(self._on_next)
        self.over.clicked.connect(self.start_over_asked)
        self.open.clicked.connect(self.open_asked)
        self.save.clicked.connect(self.save_asked)
        self.start.clicked.connect(self._on_start)

    @property
    def page(self) -> str:
        """Name of the page that is shown."""
        return PAGES[self.current]

    def show(self, draft: Draft) -> None:
        """Show a draft; pages that can't be seen are filled when they are gone to."""
        self.draft = draft
        self._fill()
        self._show_state()

    def _fill(self) -> None:
        if self.page == PAGES[-1]:
            self.effort.show(self.draft)
            self.summary.time = time_in_words(self.effort.trial, self.draft.effort)
        self.pages[self.page].show(self.draft)

    def begin(self, draft: Draft) -> None:
        """Show another draft from the first page on."""
        self._looked_at.clear()
        self._touched.clear()
        self.draft = draft
        self.microscope.forget_taken()
        self.particles.forget_fit()
        self.go_to(0)
        self.show(draft)

    def say_source(self, words: str) -> None:
        """Say which file the plan is in."""
        self.source.setText(words)
        self.source.setVisible(bool(words))

    def go_to(self, number: int) -> None:
        """Show a page, if all before it are sound."""
        number = min(max(number, 0), _LAST)
        if not self._reachable()[number]:
            return
        if number != self.current:
            self._looked_at.add(self.page)
        self.current = number
        self._fill()
        self.stack.setCurrentIndex(number)
        self._areas[number].verticalScrollBar().setValue(0)
        self._show_state()
        self.page_shown.emit(self.page)

    def _problems(self) -> list[list[Problem]]:
        return [check(self.draft, page) for page in PAGES]

    def _reachable(self) -> list[bool]:
        problems = self._problems()
        return [not any(problems[:number]) for number in range(len(PAGES))]

    def _show_state(self) -> None:
        problems = self._problems()
        self._show_problems(problems[self.current])
        states = [self._state(number, found) for number, found in enumerate(problems)]
        reachable = [not any(problems[:number]) for number in range(len(PAGES))]
        self.steps.show_steps(self.current, states, reachable)
        page = self.pages[self.page]
        self.heading.setText(page.title)
        self.purpose.setText(page.purpose)
        last = self.current == _LAST
        sound = not any(problems)
        self.back.setEnabled(self.current > 0)
        self.next.setVisible(not last)
        for button in (self.save, self.copy, self.start):
            button.setVisible(last)
        for button in (self.save, self.copy):
            button.setEnabled(sound)
        self.start.setEnabled(sound and not missing_packages(self.draft))

    def _state(self, number: int, problems: Sequence[Problem]) -> str:
        seen = number < self.current or PAGES[number] in self._looked_at
        if problems:
            return WRONG if seen else TO_DO
        return DONE if seen else TO_DO

    def _show_problems(self, problems: Sequence[Problem]) -> None:
        """Say what is wrong; materials that are still being described are given time."""
        everything = self.current > 0 or self.page in self._looked_at
        shown: dict[str, str] = {}
        for problem in problems:
            if everything or problem.field in self._touched:
                shown.setdefault(problem.field, problem.sentence)
        self.pages[self.page].set_problems(shown)

    def _on_edited(self, changes: dict[str, object]) -> None:
        self._touched |= set(changes)
        self.edited.emit(changes)

    def _on_next(self) -> None:
        problems = check(self.draft, self.page)
        self._looked_at.add(self.page)
        if not problems:
            self.go_to(self.current + 1)
            return
        self._show_state()
        self.pages[self.page].focus(problems[0].field)

    def show_first_problem(self) -> bool:
        """Go to the first page that is not finished; return whether there is one."""
        problems = self._problems()
        number = next((k for k, found in enumerate(problems) if found), None)
        if number is None:
            return False
        self._looked_at.add(PAGES[number])
        self.go_to(number)
        self.pages[self.page].focus(problems[number][0].field)
        return True

    def _on_start(self) -> None:
        self._looked_at.add(self.page)
        self._show_state()
        if self.start.isEnabled():
            self.start_asked.emit()
