"""Small parts of the window, each alone."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QRectF, QSettings, QUrl
from PySide6.QtGui import QColor, QImage, QPainter

from heteroagg_gui.core.errors import HeteroaggError
from heteroagg_gui.gui.aside import Aside
from heteroagg_gui.gui.binning import MOST_BARS, make_bars
from heteroagg_gui.gui.dropping import paths_of
from heteroagg_gui.gui.help_pages import keys_page, theta_page
from heteroagg_gui.gui.icons import application_icon, icon
from heteroagg_gui.gui.panels.interval_bar import IntervalBar
from heteroagg_gui.gui.panels.jobs import time_left
from heteroagg_gui.gui.panels.levels_bar import LevelsBar, histogram
from heteroagg_gui.gui.panels.probability_bars import ProbabilityBars
from heteroagg_gui.gui.panels.scale_bar import length_text, paint_scale_bar, round_length
from heteroagg_gui.gui.panels.thumbnails import shrink, thumbnail, to_levels
from heteroagg_gui.gui.pictures import save_picture
from heteroagg_gui.gui.presenter import Presenter
from heteroagg_gui.gui.remembered import Remembered
from heteroagg_gui.workflow.session import Session
from heteroagg_gui.workflow.state import BatchItem, SessionState, new_key


@pytest.mark.parametrize(
    ("longest", "expected"),
    [(3.0, 2.0), (9.9, 5.0), (10.0, 10.0), (640 / 3, 200.0), (0.07, 0.05), (0.0, 0.0)],
)
def test_scale_bar_has_a_round_length(longest, expected):
    assert round_length(longest) == pytest.approx(expected)


def test_scale_bar_is_as_long_as_it_says(qapp):
    image = QImage(400, 200, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    painter = QPainter(image)
    paint_scale_bar(painter, QRectF(0, 0, 400, 200), 1.25, QColor("white"), plate=False)
    painter.end()
    row = [image.pixelColor(x, 182).lightnessF() for x in range(400)]
    assert sum(value > 0.9 for value in row) == pytest.approx(100 / 1.25, abs=1)
    assert [length_text(x) for x in (0.5, 50, 2000)] == ["0.5 nm", "50 nm", "2 µm"]


def test_whole_numbers_get_bars_around_whole_numbers():
    bars = make_bars("n", np.array([20.0, 20.0, 21.0, 23.0]))
    assert list(bars.edges) == [19.5, 20.5, 21.5, 22.5, 23.5]
    assert list(bars.counts) == [2, 1, 0, 1]
    assert list(bars.bar(0).members) == [0, 1]
    assert bars.index_at(23.2) == 3
    assert bars.index_at(22.0) is None
    assert bars.index_at(99.0) is None


def test_bars_hold_every_value_but_missing_ones():
    values = np.append(np.random.default_rng(1).normal(size=800), [np.nan, np.nan])
    bars = make_bars("z", values)
    assert bars.counts.sum() == 800
    assert len(bars.edges) - 1 <= MOST_BARS
    members = np.concatenate([bars.bar(k).members for k in range(len(bars.edges) - 1)])
    assert sorted(members) == list(range(800))
    assert make_bars("z", np.full(3, np.nan)) is None
    assert make_bars("z", np.full(3, 1.7)).counts.sum() == 3


def test_thumbnail_is_small_and_stretched():
    pixels = np.zeros((1000, 500), dtype=np.float32)
    pixels[400:600, 200:300] = 7.0
    small = shrink(pixels)
    assert max(small.shape) <= 96
    assert small.mean() == pytest.approx(pixels.mean(), rel=0.1)
    levels = to_levels(pixels)
    assert (levels.min(), levels.max()) == (0, 255)
    assert to_levels(np.full((4, 4), np.nan, dtype=np.float32)).max() == 0
    assert thumbnail(pixels).width() > 0


def test_levels_bar_moves_the_nearer_handle(qtbot):
    bar = LevelsBar()
    qtbot.addWidget(bar)
    bar.resize(214, 44)
    bar.set_image(np.linspace(0, 100, 10_000, dtype=np.float32).reshape(100, 100), (10.0, 90.0))
    told = []
    bar.changed.connect(lambda low, high: told.append((low, high)))
    from PySide6.QtCore import QPoint, Qt

    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(27, 20))
    assert bar.levels == pytest.approx((10.0, 90.0), abs=1.0)
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(57, 20))
    assert told[-1] == pytest.approx((25.0, 90.0), abs=1.0)
    heights, low, high = histogram(np.full((5, 5), 3.0, dtype=np.float32))
    assert (low, high) == (3.0, 4.0)
    assert heights.max() == 1.0


def test_interval_and_probabilities_are_drawn(qtbot):
    interval = IntervalBar((1.5, 2.5))
    bars = ProbabilityBars("#3b7dd8")
    for widget in (interval, bars):
        qtbot.addWidget(widget)
        widget.resize(widget.sizeHint())
    plain = interval.grab().toImage()
    interval.set_value(1.81, (1.75, 1.88))
    assert interval.grab().toImage() != plain
    assert interval.x_of(9.9) <= interval.width()
    empty = bars.grab().toImage()
    bars.set_values(None, 3)
    point = bars.grab().toImage()
    bars.set_values((0.1, 0.2, 0.7, 0.0, 0.0, 0.0), 3)
    assert len({id(empty), id(point)}) == 2
    assert bars.grab().toImage() != point != empty


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, ""),
        (0.4, "nearly done"),
        (8.2, "8 s left"),
        (120, "2 min left"),
        (7200, "2.0 h left"),
    ],
)
def test_time_left_in_words(seconds, text):
    assert time_left(seconds) == text


def test_paths_come_as_addresses_or_as_lines_of_text(tmp_path):
    file = tmp_path / "a b.tif"
    file.touch()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)), QUrl("https://example.org/x.tif")])
    assert paths_of(data) == (file,)
    text = QMimeData()
    text.setText(f'"{file}"\n{QUrl.fromLocalFile(str(tmp_path)).toString()}\n')
    assert paths_of(text) == (file, tmp_path)
    text.setText("nothing/like/that")
    assert paths_of(text) == ()


def test_recent_batches_survive_damage(tmp_path):
    store = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    remembered = Remembered(store)
    batches = [[tmp_path / f"f{k}"] for k in range(12)]
    for batch in batches:
        batch[0].touch()
        remembered.add_recent(batch)
    remembered.add_recent(batches[11])
    assert len(remembered.recent()) == 8
    assert remembered.recent()[0] == (tmp_path / "f11",)
    (tmp_path / "f11").unlink()
    assert remembered.recent()[0] == (tmp_path / "f10",)
    store.setValue("recent", "{not json")
    assert remembered.recent() == []
    assert remembered.bytes_of("geometry") is None


def test_icons_exist_and_follow_the_text_colour(qapp):
    for path in (Path(__file__).parents[2] / "resources" / "icons").glob("*.svg"):
        assert not icon(path.stem).isNull()
    red = icon("ok", QColor("red")).pixmap(32).toImage()
    reds = [red.pixelColor(x, y) for x in range(32) for y in range(32)]
    assert max(color.red() for color in reds if color.alpha() > 128) == 255
    assert not application_icon().isNull()


def test_pictures_are_written_whole_or_not_at_all(qapp, tmp_path):
    image = QImage(10, 10, QImage.Format.Format_RGB32)
    image.fill(QColor("blue"))
    save_picture(image, tmp_path / "a.png")
    assert QImage(str(tmp_path / "a.png")).size() == image.size()
    with pytest.raises(HeteroaggError, match="another place"):
        save_picture(image, tmp_path / "a.png" / "b.png")
    with pytest.raises(HeteroaggError, match="can't be saved"):
        save_picture(image, tmp_path / "a.nonsense")
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_work_aside_answers_in_order_and_tells_failures(qtbot):
    aside = Aside()
    done, failed = [], []
    aside.done.connect(lambda key, result: done.append((key, result)))
    aside.failed.connect(lambda key, error: failed.append((key, str(error))))
    aside.start("a", lambda: 1)
    aside.start("b", lambda: {}["missing"])
    aside.start("c", lambda: 3)
    qtbot.waitUntil(lambda: len(done) + len(failed) == 3)
    assert done == [("a", 1), ("c", 3)]
    assert failed == [("b", "'missing'")]
    aside.stop()


class Recorder:
    """A panel that writes down what it is told, and can change the state meanwhile."""

    def __init__(self, session: Session | None = None) -> None:
        self.widget = None
        self.seen: list[tuple[SessionState, SessionState]] = []
        self._session = session

    def show(self, before: SessionState, after: SessionState) -> None:
        self.seen.append((before, after))
        if self._session is not None and len(after.items) == 1:
            self._session.update(add_item)


def add_item(state: SessionState) -> SessionState:
    return state.with_items((*state.items, BatchItem(new_key(), None, "image")))


def test_presenter_shows_every_panel_the_newest_state_once(qtbot):
    session = Session()
    presenter = Presenter(session)
    first, second = Recorder(session), Recorder()
    presenter.add([first, second])
    session.update(add_item)
    assert [len(after.items) for _, after in second.seen[-2:]] == [1, 2]
    assert presenter.state is session.state
    for panel in (first, second):
        pairs = panel.seen[1:]
        assert all(a[1] is b[0] for a, b in itertools.pairwise(pairs))


def test_presenter_follows_changes_of_worker_threads(qtbot):
    from threading import Thread

    session = Session()
    presenter = Presenter(session)
    panel = Recorder()
    presenter.add([panel])
    threads = [Thread(target=lambda: [session.update(add_item) for _ in range(50)])] * 1
    for thread in threads:
        thread.start()
        thread.join()
    qtbot.waitUntil(lambda: len(presenter.state.items) == 50)
    assert len(panel.seen) <= 52


def test_help_pages_come_from_the_tables():
    assert "Ctrl+D" in keys_page()
    assert "1.5 to 2.5 in the paper" in theta_page(("A", "B"))
