"""What makes the bundle, without building one."""

import ast
import io
import os
import re
import shutil
import subprocess
import tarfile
import xml.etree.ElementTree as ET
from importlib.util import find_spec
from pathlib import Path

import bundle
import bundle_icons
import linux_package
import pytest
from bundle_contents import HIDDEN_MODULES, NAMED_PACKAGES, UNUSED_MODULES, is_left_out
from bundle_size import EXECUTABLES, REST, part_of, size_table
from failure import BootstrapError
from PIL import Image
from version_resource import version_numbers, version_resource

from heteroagg_gui.gui.names import DESKTOP_FILE, WINDOWS_MODEL_ID
from heteroagg_gui.learning.dataset import provenance
from heteroagg_gui.workflow.doctor import _PACKAGES


@pytest.mark.parametrize(
    "name",
    [
        "torch/include/ATen/ATen.h",
        "torch\\test\\test_nn.py",
        "torch/bin/test_api",
        "PySide6/Qt/translations/qt_de.qm",
        "PySide6/Qt/plugins/platforms/libqeglfs.so",
        "hdf5plugin/plugins/libh5sz3.so",
        "matplotlib/mpl-data/sample_data/logo2.png",
    ],
)
def test_ballast_stays_out(name: str):
    assert is_left_out(name)


@pytest.mark.parametrize(
    "name",
    [
        "torch/bin/torch_shm_manager",
        "torch/lib/libtorch_cpu.so",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqwayland.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/plugins/platforms/qwindows.dll",
        "hdf5plugin/plugins/libh5bshuf.so",
        "hdf5plugin/plugins/libh5blosc.so",
        "vispy/glsl/math/constants.glsl",
        "matplotlib/mpl-data/matplotlibrc",
        "models/compact/weights.safetensors",
        "resources/samples/image_000.tif",
        "heteroagg_gui/stem/projection.py",
    ],
)
def test_what_the_program_opens_stays_in(name: str):
    assert not is_left_out(name)


def test_hidden_modules_exist():
    by_system = {"OpenGL.platform.darwin", "OpenGL.platform.win32"}
    assert [name for name in HIDDEN_MODULES if name not in by_system and not find_spec(name)] == []
    assert not set(HIDDEN_MODULES) & set(UNUSED_MODULES)


def test_versions_that_are_asked_for_are_known():
    assert set(_PACKAGES) <= set(NAMED_PACKAGES)
    assert set(provenance._PACKAGES) <= set(NAMED_PACKAGES)


def test_every_file_belongs_to_one_part(tmp_path: Path):
    assert part_of("internal/torch/lib/libtorch_cpu.so").startswith("PyTorch")
    assert part_of("internal/models/compact/card.json") == "the program's networks"
    assert part_of("heteroagg-gui") == EXECUTABLES
    assert part_of("internal/libssl.so.3") == REST
    for name, size in (("heteroagg", 500_000), ("internal/torch/lib/a.so", 3_000_000)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(bytes(size))
    if os.name == "posix":
        (tmp_path / "internal" / "a.so").symlink_to("torch/lib/a.so")
    table = size_table(tmp_path)
    assert re.search(r"PyTorch \| 3\.0 \|\n.*executables.* \| 0\.5 \|\n.*\*\*4\*\*", table)


def test_another_pyinstaller_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bundle, "version", lambda name: "1.0")
    with pytest.raises(BootstrapError, match=r"needs PyInstaller [\d.]+ and there is 1\.0"):
        bundle.check_pyinstaller()


def test_pruning_removes_ballast_and_dead_links(tmp_path: Path):
    inside = tmp_path / "internal"
    for name in ("torch/test/a.py", "torch/lib/b.so"):
        (inside / name).parent.mkdir(parents=True)
        (inside / name).write_bytes(b"12345")
    if os.name == "posix":
        (inside / "dead").symlink_to("torch/test/a.py")
        (inside / "alive").symlink_to("torch/lib/b.so")
    assert bundle.prune(tmp_path) == 5
    left = {path.name for path in inside.rglob("*") if not path.is_dir()}
    assert left == ({"b.so", "alive"} if os.name == "posix" else {"b.so"})


# Icons and versions


@pytest.fixture(scope="module")
def icons(project: Path, tmp_path_factory: pytest.TempPathFactory, qapp) -> Path:
    folder = tmp_path_factory.mktemp("icons")
    bundle_icons.write_icons(project / "resources" / "icons" / "heteroagg.svg", folder)
    return folder


def test_icons_of_all_systems_show_the_drawing(icons: Path):
    with Image.open(icons / "heteroagg-256.png") as picture:
        assert picture.size == (256, 256)
        assert picture.getpixel((0, 0))[3] == 0
        blue = picture.getpixel((112, 90))
        assert blue[3] == 255
        assert blue[2] > blue[0]
    with Image.open(icons / "heteroagg.ico") as picture:
        assert picture.info["sizes"] == {(side, side) for side in bundle_icons.ICO_SIZES}
        picture.load()
    content = (icons / "heteroagg.icns").read_bytes()
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.size == (512, 512)
        picture.load()


def test_version_resource_is_what_pyinstaller_reads():
    text = version_resource("heteroagg-gui", "1.2.3")
    ast.parse(text)
    assert "filevers=(1, 2, 3, 0)" in text
    assert "'heteroagg-gui.exe'" in text
    assert version_numbers("1.2rc1") == (1, 0, 0, 0)


# Linux


@pytest.fixture
def unpacked(project: Path, icons: Path, tmp_path: Path) -> Path:
    """Return the folder of an unpacked package around a bundle that is none."""
    if os.name != "posix":
        pytest.skip("the package is for Linux")
    fake = tmp_path / "dist" / "heteroagg"
    (fake / "internal").mkdir(parents=True)
    for name in ("heteroagg", "heteroagg-gui"):
        (fake / name).write_text(f"#!/bin/sh\necho {name} $@\n")
        (fake / name).chmod(0o755)
    package = linux_package.pack(fake, icons, project, "1.2.3")
    assert package.name == f"{linux_package.package_name('1.2.3')}.tar.gz"
    with tarfile.open(package) as archive:
        archive.extractall(tmp_path / "un packed", filter="data")
    return tmp_path / "un packed" / linux_package.package_name("1.2.3")


def run_script(script: Path, home: Path) -> None:
    variables = {key: value for key, value in os.environ.items() if key != "PREFIX"}
    done = subprocess.run(
        ["sh", str(script)],
        env={**variables, "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def files_below(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if not p.is_dir()}


def test_package_installs_without_root_and_leaves_nothing_behind(unpacked: Path, tmp_path: Path):
    home = tmp_path / "my home"
    home.mkdir()
    for _ in range(2):  # a second time takes the place of the first
        run_script(unpacked / "install.sh", home)
    started = subprocess.run(
        [str(home / ".local/bin/heteroagg-gui"), "a.tif"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert started.stdout == "heteroagg-gui a.tif\n"
    entry = home / ".local/share/applications" / f"{DESKTOP_FILE}.desktop"
    text = entry.read_text()
    assert f'Exec="{home}/.local/opt/heteroagg/heteroagg-gui" %F' in text
    assert "@" not in text
    icon = re.search(r"^Icon=(.*)$", text, flags=re.MULTILINE).group(1)
    installed = files_below(home / ".local")
    assert f"share/icons/hicolor/scalable/apps/{icon}.svg" in installed
    assert f"share/icons/hicolor/128x128/apps/{icon}.png" in installed
    if shutil.which("desktop-file-validate"):
        subprocess.run(["desktop-file-validate", str(entry)], check=True)

    run_script(home / ".local/opt/heteroagg/uninstall.sh", home)
    made_by_the_system = {n for n in files_below(home / ".local") if "cache" in n or "/mime/" in n}
    assert files_below(home / ".local") == made_by_the_system


def test_metadata_is_filled_in(unpacked: Path):
    (path,) = (unpacked / "share" / "metainfo").iterdir()
    root = ET.parse(path).getroot()  # noqa: S314  our own file
    assert root.find("releases/release").get("version") == "1.2.3"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", root.find("releases/release").get("date"))
    assert root.find("launchable").text == f"{DESKTOP_FILE}.desktop"


def test_menu_entry_names_known_file_types_only(project: Path):
    linux = project / "packaging" / "linux"
    text = (linux / "heteroagg-gui.desktop").read_text(encoding="utf-8")
    types = set(re.search(r"^MimeType=(.*);$", text, flags=re.MULTILINE).group(1).split(";"))
    own = ET.parse(linux / "heteroagg-mime.xml").getroot()  # noqa: S314  our own file
    described = {node.get("type") for node in own}
    assert described <= types
    assert types - described == {
        *("image/tiff", "image/png", "image/jpeg", "image/bmp"),
        "inode/directory",
    }


def test_windows_groups_window_and_shortcut_under_one_name(project: Path):
    script = (project / "packaging" / "windows" / "heteroagg.iss").read_text(encoding="utf-8")
    assert f'#define ModelId "{WINDOWS_MODEL_ID}"' in script
