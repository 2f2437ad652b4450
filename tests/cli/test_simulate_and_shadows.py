import contextlib
import csv
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import tifffile

from heteroagg_gui.aggregation.parameters import AggregationParameters
from heteroagg_gui.cli import command_line
from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.export.particles import read_particles_csv
from heteroagg_gui.shadow.draw import draw_shadows

THETA = ("--theta", "1.8", "0.5", "3", "2")
SMALL = ("--pixels", "64", "--pixel-size", "5", "--size-range", "4", "8")


def test_simulate_writes_images_particles_and_truth(run, tmp_path: Path):
    answer = run("simulate", *THETA, *SMALL, "--count", "2", "--out", "sim", "--json")
    assert (answer.code, answer.err) == (0, "")
    names = {path.name for path in (tmp_path / "sim").iterdir()}
    assert names == {
        *("image_000.tif", "image_001.tif", "aggregate_000.csv", "aggregate_001.csv"),
        "truth.json",
    }
    assert answer.document["theta"]["fractal_dimension"] == 1.8
    with tifffile.TiffFile(tmp_path / "sim" / "image_000.tif") as tiff:
        assert tiff.asarray().shape == (64, 64)
        assert tiff.imagej_metadata["unit"] == "nm"


def test_the_options_reach_the_simulation(run_here, tmp_path: Path):
    options = ("--radius", "6.5", "1.8", "--dose", "0", "--detector", "60", "200", "--seed", "4")
    answer = run_here("simulate", *THETA, *SMALL, *options, "--count", "1", "--out", "sim")
    assert answer.code == 0
    truth = json.loads((tmp_path / "sim" / "truth.json").read_text())
    assert truth["seed"] == 4
    assert truth["aggregation"]["radius_mean_nm"] == 6.5
    assert truth["aggregation"]["radius_sd_nm"] == 1.8
    assert truth["microscope"]["dose_e_per_a2"] == 0.0
    assert truth["microscope"]["detector_inner_mrad"] == 60.0
    assert truth["microscope"]["detector_outer_mrad"] == 200.0


def test_imperfections_reach_the_simulation(run_here, tmp_path: Path):
    geometry = ("--drift", "-3", "2.5", "--row-jitter", "0.4", "--flyback", "-1")
    film = ("--support", "0.004", "--support-slope", "0.2", "-0.1", "--background", "0.001")
    detector = ("--gain", "1e4", "--offset", "30", "--saturation", "900", "--bits", "16")
    options = (*geometry, *film, *detector, "--neighbours", "1")
    answer = run_here("simulate", *THETA, *SMALL, *options, "--count", "1", "--out", "sim")
    assert answer.code == 0
    truth = json.loads((tmp_path / "sim" / "truth.json").read_text())["imperfections"]
    assert (truth["drift_x_nm"], truth["drift_y_nm"]) == (-3.0, 2.5)
    assert (truth["support_slope_x"], truth["support_slope_y"]) == (0.2, -0.1)
    assert (truth["flyback_nm"], truth["neighbours"]) == (-1.0, 1)
    image = tifffile.imread(tmp_path / "sim" / "image_000.tif")
    assert image.dtype == "uint16"
    assert image.max() == 900
    assert image.min() > 30


def test_a_seed_gives_the_same_bytes_whatever_the_threads(run, tmp_path: Path):
    for jobs in ("1", "2"):
        options = ("--seed", "7", "--jobs", jobs)
        run("shadows", *THETA, "--count", "40", "--out", f"shadows{jobs}", *options)
        run("simulate", *THETA, *SMALL, "--count", "3", "--out", f"images{jobs}", *options)
    for name in ("particles.csv", "descriptors.csv", "summary.json"):
        one, two = (tmp_path / f"shadows{jobs}" / name for jobs in (1, 2))
        assert one.read_bytes() == two.read_bytes()
    for name in ("image_002.tif", "aggregate_002.csv", "truth.json"):
        one, two = (tmp_path / f"images{jobs}" / name for jobs in (1, 2))
        assert one.read_bytes() == two.read_bytes()


def test_shadows_are_those_of_the_window(run_here, tmp_path: Path):
    firsts = ("--obj", "1", "--xyz", "2", "--vtk", "1")
    answer = run_here(
        "shadows", *THETA, "--count", "3", "--seed", "2", "--out", "out", *firsts, "--json"
    )
    assert answer.code == 0
    population = draw_shadows(Theta(1.8, 0.5, 3, 2), 3, 2, AggregationParameters())
    written = read_particles_csv(tmp_path / "out" / "particles.csv")
    for ours, theirs in zip(written, population.aggregates, strict=True):
        assert (ours.positions_nm == theirs.positions_nm).all()
        assert (ours.radii_nm == theirs.radii_nm).all()
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        *("particles.csv", "descriptors.csv", "summary.json"),
        *("aggregate_000.obj", "aggregate_000.mtl", "aggregate_000.vtp"),
        *("aggregate_000.xyz", "aggregate_001.xyz"),
    }
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert answer.document["summary"] == summary
    assert list(summary) == list(population.descriptors)


def test_the_tables_have_the_promised_columns(run_here, tmp_path: Path):
    run_here("shadows", *THETA, "--count", "2", "--out", "out")
    with (tmp_path / "out" / "particles.csv").open(newline="") as file:
        assert ",".join(next(csv.reader(file))) == (
            "aggregate,particle,x_nm,y_nm,z_nm,radius_nm,label"
        )
    with (tmp_path / "out" / "descriptors.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert ",".join(rows[0]) == (
        "aggregate,n_particles,fractal_dimension,mixing_ratio,radius_of_gyration_nm,"
        "s_tio2,s_wo3,z_hetero,z_total,relaxed_attachments"
    )
    assert [row[0] for row in rows[1:]] == ["0", "1"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["simulate", "--theta", "4", "0.5", "3", "2", "--out", "x"],
        ["simulate", "--theta", "1.8", "half", "3", "2", "--out", "x"],
        ["simulate", *THETA, "--out", "x", "--count", "0"],
        ["simulate", *THETA, "--out", "x", "--voltage", "200"],
        ["simulate", *THETA, "--out", "file/below"],
        ["shadows", *THETA, "--out", "x", "--size-range", "80", "20"],
        ["shadows", *THETA, "--out", "x", "--seed", "-1"],
        ["shadows", *THETA, "--out", "x", "--from-distribution"],
        ["shadows", "--prediction", "missing.json", "--out", "x"],
        ["shadows", "--prediction", "file", "--out", "x"],
    ],
)
@pytest.mark.parametrize("json_wanted", [False, True])
def test_what_cannot_be_done_is_said_in_one_sentence(
    run_here, tmp_path: Path, arguments: list[str], json_wanted: bool
):
    (tmp_path / "file").write_text("text")
    answer = run_here(*arguments, *(["--json"] if json_wanted else []))
    assert answer.code == 2
    assert answer.sentence
    if json_wanted:
        assert answer.document == {"error": answer.sentence}
    else:
        assert answer.out == ""


def test_a_cut_off_aggregate_is_said_and_is_no_failure(run_here):
    frame = ("--pixels", "16", "--pixel-size", "1")
    answer = run_here("simulate", *THETA, *frame, "--count", "1", "--out", "sim", "--json")
    assert answer.code == 0
    assert "beyond the frame" in answer.sentence
    assert answer.document["images"][0]["reaches_beyond_frame"]


LISTENING_TO_CTRL_C = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in background jobs
from heteroagg_gui.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX terminals and signals")
def test_interrupting_ends_with_one_sentence_and_no_files(tmp_path: Path, project: Path):
    import pty

    screen, terminal = pty.openpty()
    command = [sys.executable, "-c", LISTENING_TO_CTRL_C, "shadows", *THETA]
    process = subprocess.Popen(
        [*command, "--count", "1000000", "--out", "out"],
        stdout=subprocess.PIPE,
        stderr=terminal,
        cwd=tmp_path,
        env={"PYTHONPATH": str(project), "HETEROAGG_HOME": str(tmp_path)},
    )
    os.close(terminal)
    shown = os.read(screen, 10_000)
    process.send_signal(signal.SIGINT)
    with contextlib.suppress(OSError):  # the terminal's end, once the program has ended
        while more := os.read(screen, 10_000):
            shown += more
    output = process.communicate(timeout=60)[0]
    os.close(screen)
    assert (process.returncode, output) == (130, b""), shown
    assert b"Stopped" in shown
    assert b"aggregates drawn" in shown
    assert b"Traceback" not in shown
    assert not (tmp_path / "out").exists()


def test_ctrl_c_inside_compiled_code_is_an_interruption(run_here, monkeypatch):
    def interrupted(chosen, progress):
        raise SystemError("a result with an exception set") from KeyboardInterrupt()

    doctor = command_line.COMMANDS["doctor"]
    monkeypatch.setitem(command_line.COMMANDS, "doctor", replace(doctor, run=interrupted))
    answer = run_here("doctor")
    assert answer.code == 130
    assert answer.sentence.startswith("Stopped")


def test_debug_shows_where_an_error_comes_from(run_here):
    with pytest.raises(ParameterError):
        run_here("simulate", "--theta", "9", "1", "1", "1", "--out", "x", "--debug")


def test_a_process_fails_as_promised(run, tmp_path: Path):
    (tmp_path / "file").write_text("text")
    answer = run("shadows", *THETA, "--out", "file/below", "--json")
    assert answer.code == 2
    assert answer.document == {"error": answer.sentence}
