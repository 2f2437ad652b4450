"""Starts the bundle that `python packaging/bundle.py` has built."""

import json
import os
import subprocess
import sys
from pathlib import Path

import h5py
import hdf5plugin
import numpy as np
import pytest
from PIL import Image

from heteroagg_gui import __version__
from tests.micrograph.sample_files import velox_metadata, write_velox

pytestmark = [pytest.mark.bundle]
SUFFIX = ".exe" if sys.platform == "win32" else ""
TINY_DATA = (
    *("--theta", "1.8", "0.5", "2", "2", "--per-configuration", "4", "--chunk-size", "2"),
    *("--size-range", "20", "22", "--pixels", "128", "--pixel-size", "4", "--jobs", "2"),
)
LONGEST_S = 900
HAS_DISPLAY = sys.platform != "linux" or bool(os.environ.get("DISPLAY"))


@pytest.fixture(scope="module")
def folder(project: Path) -> Path:
    built = project / "dist" / "heteroagg"
    if not (built / f"heteroagg-gui{SUFFIX}").exists():
        pytest.skip("no bundle was built: python packaging/bundle.py")
    return built


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def start(
    folder: Path, name: str, *arguments: object, home: Path, **changes: str
) -> subprocess.CompletedProcess[str]:
    """Run an executable of the bundle where no Python and no tool can be found."""
    kept = ("DISPLAY", "XAUTHORITY", "SYSTEMROOT", "OMP_NUM_THREADS", "OMP_WAIT_POLICY", "TEMP")
    variables = {key: os.environ[key] for key in kept if key in os.environ}
    home.mkdir(exist_ok=True)
    variables |= {"PATH": "", "HOME": str(home), "HETEROAGG_HOME": str(home)}
    return subprocess.run(
        [str(folder / f"{name}{SUFFIX}"), *map(str, arguments)],
        env={**variables, **changes},
        cwd=home,
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )


def test_command_line_predicts(folder: Path, project: Path, home: Path):
    done = start(folder, "heteroagg", "--version", home=home)
    assert done.stdout.strip() == f"heteroagg {__version__}"
    samples = project / "resources" / "samples"
    done = start(folder, "heteroagg", "predict", samples, "--json", home=home)
    assert done.returncode == 0, done.stderr
    truth = json.loads((samples / "truth.json").read_text(encoding="utf-8"))["theta"]
    found = json.loads(done.stdout)["theta"]
    assert found["fractal_dimension"] == pytest.approx(truth["fractal_dimension"], abs=0.15)


def test_kernels_are_kept_between_starts_of_the_command_line(folder: Path, home: Path):
    shadows = ("shadows", "--theta", "1.8", "0.5", "3", "2", "--count", "2")
    kernels = home / "cache" / "kernels"

    def draw(number: int) -> dict[Path, int]:
        done = start(folder, "heteroagg", *shadows, "--out", home / f"out{number}", home=home)
        assert done.returncode == 0, done.stderr
        return {path: path.stat().st_mtime_ns for path in kernels.rglob("*.nb[ci]")}

    first = draw(1)
    assert first
    assert draw(2) == first


def test_processes_of_joblib_make_the_same_data(folder: Path, home: Path):
    contents = []
    for jobs in ("1", "2"):
        out = home / f"data{jobs}"
        command = ("generate", "--out", out, *TINY_DATA[:-1], jobs)
        done = start(folder, "heteroagg", *command, home=home)
        assert done.returncode == 0, done.stderr
        contents.append([path.read_bytes() for path in sorted((out / "chunks").iterdir())])
    assert contents[0] == contents[1]


def test_data_loaders_of_torch_have_workers(folder: Path, home: Path):
    command = ("train", "--on-the-fly", "--network", "Df", "--minutes", "0.02", "--batch", "2")
    done = start(
        folder, "heteroagg", *command, "--jobs", "1", "--device", "cpu", "--out", home / "n",
        home=home,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (home / "n" / "card.json").is_file()


def test_refused_input_ends_with_a_sentence(folder: Path, home: Path):
    done = start(folder, "heteroagg", "predict", "nowhere.tif", home=home)
    assert done.returncode == 2
    assert "nowhere.tif" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_command_line_measures_the_start_of_the_window(folder: Path, home: Path):
    if not HAS_DISPLAY:
        pytest.skip("needs a display: start under xvfb-run")
    command = ("benchmark", "--only", "start-up", "--json")
    done = start(folder, "heteroagg", *command, home=home)
    assert done.returncode == 0, done.stderr
    stages = json.loads(done.stdout)["stages"]
    assert all(stage["value"] for stage in stages.values()), stages


def test_a_session_is_saved_and_shown(folder: Path, project: Path, home: Path):
    samples, path = project / "resources" / "samples", home / "a.heteroagg"
    done = start(folder, "heteroagg", "predict", samples, "--session", path, "--json", home=home)
    assert done.returncode == 0, done.stderr
    shown = start(folder, "heteroagg", "session", "show", path, "--json", home=home)
    assert shown.returncode == 0, shown.stderr
    predicted = json.loads(done.stdout)
    assert json.loads(shown.stdout)["prediction"]["theta"] == predicted["theta"]


def test_files_with_the_filters_of_microscopes_are_read(folder: Path, project: Path, home: Path):
    home.mkdir()
    with Image.open(project / "resources" / "samples" / "image_000.tif") as image:
        pixels = np.asarray(image)
    filters = {
        "bitshuffle": hdf5plugin.Bitshuffle(),
        "blosc": hdf5plugin.Blosc(),
        "lz4": hdf5plugin.LZ4(),
        "zstd": hdf5plugin.Zstd(),
    }
    for name, chosen in filters.items():
        path = write_velox(home / f"{name}.emd", (pixels, velox_metadata()))
        with h5py.File(path, "r+") as file:
            (group,) = file["Data/Image"].values()
            del group["Data"]
            group.create_dataset("Data", data=pixels[..., None], chunks=True, compression=chosen)
    done = start(folder, "heteroagg", "predict", *home.glob("*.emd"), "--json", home=home)
    assert done.returncode == 0, done.stderr
    images = json.loads(done.stdout)["images"]
    assert {Path(image["file"]).name for image in images} == {f"{name}.emd" for name in filters}
    assert len({image["fractal_dimension"] for image in images}) == 1


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("retrain", "--devices"), "cpu"),
        (("models", "list"), "compact"),
        (("doctor",), "torch"),
    ],
)
def test_the_command_line_tells_what_is_there(folder: Path, home: Path, command, told: str):
    done = start(folder, "heteroagg", *command, home=home)
    assert done.returncode == 0, done.stderr
    assert told in done.stdout


def test_an_image_is_simulated(folder: Path, home: Path):
    theta = ("--theta", "1.8", "0.5", "3", "2")
    command = ("simulate", *theta, "--seed", "1", "--count", "1", "--out", home / "a")
    done = start(folder, "heteroagg", *command, home=home)
    assert done.returncode == 0, done.stderr
    (path,) = (home / "a").glob("*.tif")
    with Image.open(path) as image:
        assert image.size[0] > 100


@pytest.mark.skipif(sys.platform != "linux", reason="Qt uses ICU on Linux alone")
def test_names_are_still_ordered_by_language(folder: Path):
    libraries = folder / "internal" / "PySide6" / "Qt" / "lib"
    (data,) = libraries.glob("libicudata.so.*")
    number = data.name.rpartition(".")[2]
    code = f"""
import ctypes
for name in ("libicudata", "libicuuc"):
    ctypes.CDLL(f"{libraries}/{{name}}.so.{number}", mode=ctypes.RTLD_GLOBAL)
icu = ctypes.CDLL("{libraries}/libicui18n.so.{number}")
icu.ucol_open_{number}.restype = ctypes.c_void_p
status = ctypes.c_int(0)
rules = ctypes.c_void_p(icu.ucol_open_{number}(b"sv", ctypes.byref(status)))
assert status.value <= 0, status.value
utf16 = lambda text: (ctypes.c_uint16 * len(text))(*map(ord, text))
print(*[icu.ucol_strcoll_{number}(rules, utf16(a), 1, utf16(b), 1) for a, b in ("za", "aB", "zä")])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["1", "-1", "-1"], done.stderr


def test_window_does_the_whole_job(folder: Path, tmp_path: Path, home: Path):
    if not HAS_DISPLAY:
        pytest.skip("needs a display: start under xvfb-run")
    out = tmp_path / "smoke"
    done = start(folder, "heteroagg-gui", "--smoke-test", out, home=home)
    report = json.loads((out / "smoke-test.json").read_text(encoding="utf-8"))
    assert report["failure"] is None
    assert done.returncode == 0, done.stderr
    assert report["bundle"]
    assert "network retrained in child processes" in report["seconds"]
    assert (Path(report["network"]) / "card.json").is_file()
    for picture in ("window.png", "training.png"):
        assert (out / picture).stat().st_size > 20_000
