"""A bundled executable in place of the interpreter, played by a script."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from heteroagg_gui import __version__
from heteroagg_gui.core.bundled_child import act_as_interpreter

EXECUTABLE = """#!{python} -B
import multiprocessing, sys
sys.path.insert(0, {project!r})
if __name__ == "__main__":
    if "from multiprocessing.resource_tracker" in sys.argv[-1]:  # PyInstaller does this
        sys.exit(exec(sys.argv[-1]))
    multiprocessing.freeze_support()
    from heteroagg_gui.core.bundled_child import act_as_interpreter
    act_as_interpreter(sys.argv)
    print("the window", *sys.argv[1:])
"""
WORK_IN_PROCESSES = """
import sys
sys.executable = sys.argv[1]
from joblib.externals.loky.backend import spawn
spawn._python_exe = sys.argv[1]
from joblib import Parallel, delayed
import math, os
print(sum(Parallel(n_jobs=2, backend="loky")(delayed(math.factorial)(k) for k in range(5))))
"""


@pytest.fixture
def executable(project: Path, tmp_path: Path) -> Path:
    if os.name != "posix":
        pytest.skip("an executable script needs a POSIX system")
    path = tmp_path / "heteroagg-gui"
    path.write_text(EXECUTABLE.format(python=sys.executable, project=str(project)))
    path.chmod(0o755)
    return path


def output_of(*command: object, cwd: Path) -> str:
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_modules_of_the_program_run(executable: Path, tmp_path: Path):
    found = output_of(executable, "-m", "heteroagg_gui", "--version", cwd=tmp_path)
    assert found == f"heteroagg {__version__}"
    flags = ("-I", "-X", "utf8", "-W", "ignore")
    found = output_of(executable, *flags, "-m", "heteroagg_gui", "--version", cwd=tmp_path)
    assert found == f"heteroagg {__version__}"


def test_joblib_finds_its_workers(executable: Path, tmp_path: Path):
    found = output_of(sys.executable, "-c", WORK_IN_PROCESSES, executable, cwd=tmp_path)
    assert found == "34"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["-m"],
        ["image.tif"],
        ["image.tif", "-m", "heteroagg_gui"],
        ["-m", "http.server"],
        ["-m", "heteroagg_gui_of_another"],
        ["-c", "print('anything')"],
        ["--smoke-test", "folder"],
    ],
)
def test_everything_else_is_left_to_the_program(arguments: list[str]):
    before = list(sys.argv)
    act_as_interpreter(["heteroagg-gui", *arguments])
    assert sys.argv == before
