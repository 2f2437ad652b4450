"""Long work of the window is done in pieces, and bars are not painted at once."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QProgressBar

from heteroagg_gui.gui.in_turns import InTurns
from heteroagg_gui.gui.progress_bar import show_progress


def test_each_piece_has_a_turn_of_its_own(qtbot):
    done = []
    work, other = InTurns(), QTimer()
    other.timeout.connect(lambda: done.append("other"))
    other.start(0)
    work.start([lambda: done.append(1), lambda: done.append(2)])
    assert done == []
    assert work.busy
    qtbot.waitUntil(lambda: not work.busy)
    other.stop()
    assert done.index(1) < done.index(2)
    assert "other" in done[done.index(1) : done.index(2)]


def test_new_work_takes_the_place_of_what_is_left(qtbot):
    done = []
    work = InTurns()
    work.start([lambda: work.start([lambda: done.append("new")]), lambda: done.append("old")])
    qtbot.waitUntil(lambda: not work.busy)
    assert done == ["new"]


def test_bar_is_painted_with_everything_else(qtbot):
    painted = []

    class Bar(QProgressBar):
        def paintEvent(self, event):  # noqa: N802 - Qt's name
            painted.append(self.value())

    bar = Bar()
    qtbot.addWidget(bar)
    bar.show()
    qtbot.waitUntil(lambda: bool(painted))
    painted.clear()
    show_progress(bar, 40)
    assert bar.value() == 40
    assert painted == []
    qtbot.waitUntil(lambda: 40 in painted)
