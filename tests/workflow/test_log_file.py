import logging
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from heteroagg_gui.workflow.log import log_path, start_log


@pytest.fixture(autouse=True)
def tidy_logging():
    loggers = [logging.getLogger(name) for name in ("heteroagg_gui", "py.warnings")]
    before = [(logger, list(logger.handlers), logger.level) for logger in loggers]
    yield
    logging.captureWarnings(False)
    for logger, handlers, level in before:
        for handler in set(logger.handlers) - set(handlers):
            logger.removeHandler(handler)
            handler.close()
        logger.setLevel(level)


def test_what_is_logged_is_in_the_file():
    assert start_log() == log_path()
    logging.getLogger("heteroagg_gui.workflow").info("12 images predicted")
    assert "12 images predicted" in log_path().read_text(encoding="utf-8")


def test_a_place_that_cannot_be_written_does_not_stop_the_start(tmp_path: Path):
    (tmp_path / "file").write_text("")
    assert start_log(tmp_path / "file" / "heteroagg.log") is None


def test_the_file_does_not_grow_for_ever():
    start_log()
    logger = logging.getLogger("heteroagg_gui")
    for _ in range(60):
        logger.info("x" * 50_000)
    sizes = [path.stat().st_size for path in log_path().parent.glob("heteroagg.log*")]
    assert 1 < len(sizes) <= 4
    assert max(sizes) <= 1_100_000


def run(home: Path, code: str) -> subprocess.CompletedProcess[str]:
    start = (
        "import threading\n"
        "from heteroagg_gui.workflow.log import catch_errors, start_log\n"
        "start_log()\n"
        "catch_errors(lambda error: print('told', repr(error)))\n"
    )
    return subprocess.run(
        [sys.executable, "-c", start + code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "code",
    ["1 / 0", "t = threading.Thread(target=lambda: 1 / 0)\nt.start()\nt.join()"],
)
def test_errors_nobody_caught_are_logged_and_told(home: Path, code: str):
    answer = run(home, code)
    assert "told ZeroDivisionError" in answer.stdout
    assert "Traceback" in log_path().read_text(encoding="utf-8")


def test_a_crash_of_compiled_code_leaves_a_trace(home: Path):
    answer = run(home, "import faulthandler\nfaulthandler._sigsegv()")
    assert answer.returncode != 0
    assert "Current thread" in (log_path().parent / "crash.log").read_text(encoding="utf-8")


def test_a_thread_that_exits_is_no_error(home: Path):
    answer = run(home, "t = threading.Thread(target=exit)\nt.start()\nt.join()")
    assert answer.stdout == ""
    assert threading.active_count() >= 1
