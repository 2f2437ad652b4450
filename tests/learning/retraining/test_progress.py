"""The time that is left, and files that survive what happens to them."""

from dataclasses import replace
from pathlib import Path

import pytest

from heteroagg_gui.learning.retraining.record import Record
from heteroagg_gui.learning.retraining.run_folder import RunFolder
from heteroagg_gui.learning.retraining.stage_times import (
    Rates,
    StageTime,
    TimeTable,
    described_images,
    estimated,
)
from tests.learning.retraining.tiny_plan import EFFORT, events, status


def two_parts() -> TimeTable:
    return TimeTable([StageTime("training", 100.0), StageTime("sets", 50.0)])


def test_the_time_left_follows_the_pace_measured_here() -> None:
    times = two_parts()
    times.begin("training")
    assert times.seconds_left is None
    times.advance(0.1, 30.0)
    times.advance(0.2, 50.0)
    assert times.seconds_left == pytest.approx(0.8 * 200.0 + 50.0 * 200.0 / 100.0)
    times.advance(1.0, 210.0)
    times.begin("sets")
    assert times.seconds_left == pytest.approx(50.0 * 210.0 / 100.0)
    times.advance(0.5, 5.0)
    times.advance(0.75, 10.0)
    assert times.seconds_left == pytest.approx(5.0)


def test_the_share_of_the_whole_never_falls() -> None:
    times = two_parts()
    times.begin("training")
    times.advance(0.6, 1.0)
    assert times.fraction == pytest.approx(0.4)
    times.advance(0.3, 2.0)
    assert times.fraction == pytest.approx(0.4)


def test_estimates_count_images_and_updates() -> None:
    rates = Rates(trained_image=0.1, described_image=0.01, head_update=0.2, table=60.0)
    found = estimated(replace(EFFORT, images_per_set=20), 2, 3, rates)
    assert list(found) == ["curves", "training", "sets", "heads", "evaluation"]
    assert described_images(replace(EFFORT, images_per_set=20)) == 16 * 20 + 16 * 12
    assert found["curves"] == 120.0
    assert found["training"] == pytest.approx(3 * 2 * 0.1)
    assert found["sets"] == pytest.approx((320 + 192) * 0.01)
    assert found["heads"] == pytest.approx(2 * 3 * 0.2)
    by_clock = estimated(replace(EFFORT, minutes=3.0), 0, 1, rates)
    assert by_clock["training"] == 180.0
    assert "curves" not in by_clock


def record_in(folder: Path) -> Record:
    return Record(RunFolder(folder), two_parts(), "cpu", "CPU", memory=lambda: (1.0, None))


def test_a_torn_event_does_not_spoil_the_next_one(tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").write_text('{"kind": "row"}\n{"kind": "ro', encoding="utf-8")
    record_in(tmp_path).warn("Mind this.")
    assert events(tmp_path) == [
        {"kind": "row"},
        {"kind": "warning", "sentence": "Mind this."},
    ]
    assert status(tmp_path)["warnings"] == ["Mind this."]


def test_times_go_on_where_an_earlier_process_ended(tmp_path: Path) -> None:
    first = record_in(tmp_path)
    first.begin("training")
    first.times.current.seconds = 7.0
    first._before = 20.0
    first.write()
    second = record_in(tmp_path)
    assert second.seconds == pytest.approx(20.0, abs=1.0)
    assert second.times.stages[0].seconds == 7.0


def test_work_without_reports_hands_over_its_error(tmp_path: Path) -> None:
    record = record_in(tmp_path)
    assert record.meanwhile(lambda: 3) == 3
    with pytest.raises(ZeroDivisionError):
        record.meanwhile(lambda: 1 // 0)
