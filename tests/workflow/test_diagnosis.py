import json
from pathlib import Path

import pytest

from heteroagg_gui.core.resources import resource_path
from heteroagg_gui.workflow import benchmark, doctor, places
from heteroagg_gui.workflow.benchmark import STAGES, Stage, measure, paper_grid
from heteroagg_gui.workflow.doctor import Health, diagnose


def test_the_diagnosis_covers_every_section():
    checks = diagnose()
    assert {check.section for check in checks} >= {"versions", "device", "data", "paths"}
    assert all(check.remedy for check in checks if check.health is Health.MISSING)


def test_a_look_that_fails_is_a_finding(monkeypatch: pytest.MonkeyPatch):
    def broken() -> list:
        raise OSError("libtorch is damaged")

    broken.__name__ = "_device"
    monkeypatch.setattr(doctor, "_device", broken)
    found = [check for check in diagnose() if check.section == "device"]
    assert [check.health for check in found] == [Health.MISSING]
    assert "libtorch is damaged" in found[0].value


def test_the_curves_of_every_material_system_are_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HETEROAGG_HOME", str(tmp_path))
    folder = places.user_materials_folder()
    folder.mkdir(parents=True)
    (folder / "broken.json").write_text("{")
    own = json.loads(resource_path("materials", "tio2-wo3.json").read_text())
    own["name"], own["materials"][0]["phases"] = "mine", ["lost"]
    (folder / "mine.json").write_text(json.dumps(own))
    found = {check.name: check for check in diagnose() if check.section == "data"}
    assert found["TiO2-WO3: curves of rutile"].health is Health.OK
    assert found["mine: curves of lost"].health is Health.MISSING
    assert "'lost'" in found["mine: curves of lost"].remedy
    assert found["materials broken"].health is Health.MISSING


def test_a_missing_package_comes_with_its_remedy():
    check = doctor._package("no-such-package")
    assert check.health is Health.MISSING
    assert "pip install no-such-package" in check.remedy


def test_an_unused_nvidia_card_comes_with_one_line(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(doctor.shutil, "which", lambda name: "/usr/bin/" + name)
    assert "pip install torch --index-url https://" in doctor._cuda_remedy()
    monkeypatch.setattr(doctor, "is_bundled", lambda: True)
    assert "bootstrap.py run" in doctor._cuda_remedy()
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    assert "Not needed to predict" in doctor._cuda_remedy()


def test_the_grid_is_the_papers():
    grid = paper_grid(11 * 9 * 36)
    assert len(set(grid)) == len(grid)
    assert paper_grid(10) == grid[:10]


def test_rates_and_durations_are_compared_the_right_way_round():
    assert Stage(lambda: 0.0, "1/s", 100.0, "", True).ratio(200.0) == 2.0
    assert Stage(lambda: 0.0, "s", 2.0, "", False).ratio(1.0) == 2.0


def test_each_stage_is_reported(monkeypatch: pytest.MonkeyPatch):
    from heteroagg_gui.core.errors import ModelError

    def missing() -> float:
        raise ModelError("No network is installed.")

    stages = {
        "fast": Stage(lambda: 8.0, "1/s", 4.0, "a trial", True),
        "none": Stage(missing, "s", 4.0, "a trial", False),
    }
    monkeypatch.setattr(benchmark, "STAGES", stages)
    results = measure(("fast", "none"))["stages"]
    assert results["fast"]["value"] == 8.0
    assert results["fast"]["ratio"] == 2.0
    assert results["none"]["value"] is None
    assert results["none"]["reason"] == "No network is installed."


def test_the_stages_are_those_of_the_program():
    assert set(STAGES) == {
        *("aggregates", "images", "images_two_cores", "image_cpu_time"),
        *("shadows", "prediction", "first_window", "ready_to_predict"),
    }


def test_threads_that_form_images_share_the_work(monkeypatch: pytest.MonkeyPatch):
    import threading

    done = []
    together = threading.Barrier(2, timeout=30)

    def form(index: int) -> None:
        if index < 2:
            together.wait()
        done.append((threading.get_ident(), index))

    monkeypatch.setattr(benchmark, "_image_task", lambda: form)
    assert STAGES["images_two_cores"].measure() > 0
    assert {index for _, index in done} == set(range(benchmark._IMAGES))
    assert len({thread for thread, _ in done} - {threading.get_ident()}) == 2
