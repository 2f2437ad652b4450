import pytest

from heteroagg_gui.core import progress
from heteroagg_gui.core.progress import with_time_left


@pytest.mark.parametrize(
    ("seconds", "fraction", "left"),
    [
        (0.5, 0.5, ""),
        (10, 0.6, ", 10 s left"),
        (600, 0.4, ", 30 min left"),
        (3600, 0.3, ", 7.0 h left"),
    ],
)
def test_the_rest_is_told_at_the_pace_of_this_run(
    monkeypatch: pytest.MonkeyPatch, seconds: float, fraction: float, left: str
):
    clock = iter([100.0, 100.0 + seconds])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    said: list[tuple[float, str]] = []
    report = with_time_left(lambda *what: said.append(what))
    report(0.2, "begun before")
    report(fraction, "going on")
    assert said == [(0.2, "begun before"), (fraction, f"going on{left}")]


def test_nothing_is_left_at_the_end(monkeypatch: pytest.MonkeyPatch):
    clock = iter([0.0, 50.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    said: list[str] = []
    report = with_time_left(lambda fraction, message: said.append(message))
    report(0.0, "begun")
    report(1.0, "done")
    assert said == ["begun", "done"]
