import os
import subprocess
import sys
from pathlib import Path

import pytest

from heteroagg_gui.core import kernel_cache
from heteroagg_gui.core.kernel_cache import (
    FOLDER_VARIABLE,
    LOCATOR,
    LOCATOR_VARIABLE,
    BundledKernels,
)

COMPILE = """
import sys, types
bundle = sys._MEIPASS = sys.argv[1]
import numba
source = open(bundle + "/part/kernels.py").read()
module = sys.modules["kernels"] = types.ModuleType("kernels")
exec(compile(source, "part/kernels.py", "exec"), module.__dict__)
kernel = numba.njit(cache=True)(module.triple)
print(kernel(2), sum(kernel.stats.cache_hits.values()))
"""


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bundle"
    (folder / "part").mkdir(parents=True)
    (folder / "part" / "kernels.py").write_text("def triple(x):\n    return 3 * x\n")
    monkeypatch.setattr(sys, "_MEIPASS", str(folder), raising=False)
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "kernels"))
    return folder


def kernel(x: int) -> int:
    return x


def test_kernels_are_kept_and_made_anew_when_their_source_changed(
    bundle: Path, tmp_path: Path, project: Path
):
    variables = {
        **os.environ,
        LOCATOR_VARIABLE: LOCATOR,
        "PYTHONPATH": str(project),
    }

    def run() -> list[str]:
        command = [sys.executable, "-c", COMPILE, str(bundle)]
        done = subprocess.run(
            command, env=variables, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    assert [run(), run()] == [["6", "0"], ["6", "1"]]
    assert list((tmp_path / "kernels" / "part").glob("*.nbc"))
    (bundle / "part" / "kernels.py").write_text("def triple(x):\n    return x + x + x + 1\n")
    assert run() == ["7", "0"]


def test_a_folder_that_cant_be_written_is_replaced_for_the_time_being(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
):
    blocked = bundle / "part" / "kernels.py" / "no folder"
    monkeypatch.setenv(FOLDER_VARIABLE, str(blocked))
    kernel_cache._passing_folder.cache_clear()
    locator = BundledKernels.from_function(kernel, "part/kernels.py")
    assert locator is not None
    assert Path(locator.get_cache_path()).is_dir()
    assert not Path(locator.get_cache_path()).is_relative_to(bundle)


def test_kernels_of_others_are_left_to_numba(bundle: Path):
    assert BundledKernels.from_function(kernel, "elsewhere.py") is None


def test_equal_names_are_told_apart_by_line(bundle: Path):
    def kernel(x: int) -> int:
        return x

    names = {
        BundledKernels.from_function(one, "part/kernels.py").get_disambiguator()
        for one in (kernel, globals()["kernel"])
    }
    assert len(names) == 2
