import sys
import time
from pathlib import Path

import pytest

from heteroagg_gui.core.errors import ResourceError
from heteroagg_gui.workflow import benchmark, start_up
from heteroagg_gui.workflow.benchmark import measure

PROGRAM = """#!{python} -S
import json, sys, time
now = time.time()
assert sys.argv[1] == "--start-up-times"
open(sys.argv[2], "w").write(json.dumps({{"painted": now + 100, "ready": now + 200}}))
sys.exit({status})
"""


@pytest.fixture
def make_program(tmp_path: Path):
    if sys.platform == "win32":
        pytest.skip("an executable script needs a POSIX system")
    start_up.start_up_times.cache_clear()

    def make(status: int = 0) -> Path:
        path = tmp_path / f"heteroagg-gui-{status}"
        path.write_text(PROGRAM.format(python=sys.executable, status=status))
        path.chmod(0o755)
        return path

    return make


def test_times_count_from_the_start_of_the_process(make_program):
    stages = measure(("start-up",), program=make_program())["stages"]
    assert list(stages) == ["first_window", "ready_to_predict"]
    assert 100.0 < stages["first_window"]["value"] < 160.0
    assert 200.0 < stages["ready_to_predict"]["value"] < 260.0


def test_a_program_without_a_window_is_a_reason(make_program, tmp_path: Path):
    with pytest.raises(ResourceError, match="did not end well"):
        start_up.start_up_times(make_program(3))
    result = measure(("first_window",), program=tmp_path / "nowhere")["stages"]["first_window"]
    assert result["value"] is None
    assert "shows no window here" in result["reason"]


def test_what_a_program_said_before_it_broke_down_is_told(make_program):
    program = make_program(1)
    program.write_text(f"#!{sys.executable} -S\nraise SystemExit('libxyz.so.2 is missing')\n")
    with pytest.raises(ResourceError, match=r"no window here \(libxyz.so.2 is missing\)"):
        start_up.start_up_times(program)


def test_this_program_is_measured_where_no_other_is_named(monkeypatch: pytest.MonkeyPatch):
    asked = []

    def start_once(command: list[str]) -> dict[str, float]:
        asked.append(command)
        return {"painted": time.time(), "ready": 2.0}

    start_up.start_up_times.cache_clear()
    monkeypatch.setattr(start_up, "_start_once", start_once)
    assert benchmark.STAGES["ready_to_predict"].measure() == 2.0
    assert asked[0] == [sys.executable, "-m", "heteroagg_gui"]
    start_up.start_up_times.cache_clear()
