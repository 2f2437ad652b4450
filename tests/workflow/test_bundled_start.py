import sys
from pathlib import Path

import pytest

from heteroagg_gui.core.kernel_cache import FOLDER_VARIABLE, LOCATOR, LOCATOR_VARIABLE
from heteroagg_gui.workflow.bundled_start import FRESH_START, set_up


def test_kernels_are_kept_in_the_users_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HETEROAGG_HOME", str(tmp_path))
    variables: dict[str, str] = {}
    set_up(variables)
    assert Path(variables[FOLDER_VARIABLE]) == tmp_path / "cache" / "kernels"
    assert variables[LOCATOR_VARIABLE] == LOCATOR


def test_the_users_choice_of_folder_stands():
    variables = {FOLDER_VARIABLE: "/elsewhere"}
    set_up(variables)
    assert variables[FOLDER_VARIABLE] == "/elsewhere"


def test_other_programs_get_the_libraries_of_the_system():
    variables = {"LD_LIBRARY_PATH": "/bundle:/opt/lib", "LD_LIBRARY_PATH_ORIG": "/opt/lib"}
    set_up(variables)
    assert variables["LD_LIBRARY_PATH"] == "/opt/lib"
    assert "LD_LIBRARY_PATH_ORIG" not in variables
    variables = {"LD_LIBRARY_PATH": "/bundle"}
    set_up(variables)
    assert "LD_LIBRARY_PATH" not in variables


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a path of libraries")
def test_children_of_the_bundle_are_told_to_find_its_libraries_again():
    variables = {"LD_LIBRARY_PATH": "/bundle"}
    set_up(variables)
    assert variables[FRESH_START] == "1"
