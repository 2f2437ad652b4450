"""What makes the bundle, without building one."""

import ast
import ctypes
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
import icu_data
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
from heteroagg_gui.workflow.session_file import SUFFIX
from heteroagg_gui.workflow.session_file.container import MIME_TYPE
from heteroagg_gui.workflow.session_file.saving import save_session
from heteroagg_gui.workflow.state import SessionState


@pytest.mark.parametrize(
    "name",
    [
        "torch/include/ATen/ATen.h",
        "torch\\test\\test_nn.py",
        "torch/bin/test_api",
        "PySide6/Qt/translations/qt_de.qm",
        "PySide6/Qt/plugins/platforms/libqeglfs.so",
        "hdf5plugin/plugins/libh5sz3.so",
        "hdf5plugin/plugins/libh5blosc2.so",
        "pillow.libs/libwebp-51b0b3f7.so.7.2.0",
        "sklearn/_loss/_loss.pyx",
        "matplotlib/mpl-data/sample_data/logo2.png",
        "models/paper/features-plain-0.safetensors",
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


def icu_package(names: list[str]) -> tuple[bytes, dict[str, bytes]]:
    """Return a package of ICU's data of these items, and the items."""
    header = b"\x20\x00\xda\x27" + bytes(8) + b"CmnD" + bytes(16)
    items = {name: name.encode() * k for k, name in enumerate(sorted(names), start=1)}
    return icu_data.packed(header, items), items


def test_data_of_icu_lose_only_what_qt_never_asks_for():
    kept = ["icudt73l/coll/root.res", "icudt73l/res_index.res", "icudt73l/root.res"]
    data, items = icu_package([*kept, "icudt73l/lang/de.res", "icudt73l/zone/zu.res"])
    assert [item.rstrip(b"\0") for item in icu_data.items_of(data).values()] == [*items.values()]
    left = icu_data.items_of(icu_data.without_dropped(data))
    assert {name: item.rstrip(b"\0") for name, item in left.items()} == {n: items[n] for n in kept}
    assert all(len(item) % 16 == 0 for item in left.values())
    with pytest.raises(BootstrapError, match="another format"):
        icu_data.items_of(b"\0" * 64)


def test_library_of_icu_is_made_anew(tmp_path: Path):
    if os.name != "posix" or not all(map(shutil.which, icu_data.TOOLS)):
        pytest.skip("needs a compiler on Linux")
    data, _ = icu_package(["icudt73l/root.res", "icudt73l/zone/zu.res"])
    library = tmp_path / "internal" / "PySide6" / "Qt" / "lib" / "libicudata.so.73"
    library.parent.mkdir(parents=True)
    icu_data.write_library(data + bytes(100_000), library)
    assert icu_data.read_library(library)[: len(data)] == data
    assert icu_data.trim_icu(tmp_path) > 0
    trimmed = ctypes.CDLL(str(library))
    symbol = (ctypes.c_char * 16).in_dll(trimmed, "icudt73_dat")
    assert symbol.raw[12:16] == b"CmnD"
    assert list(icu_data.items_of(icu_data.read_library(library))) == ["icudt73l/root.res"]


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
    for name in ("heteroagg", "session-file"):
        bundle_icons.write_icons(project / "resources" / "icons" / f"{name}.svg", folder, name)
    return folder


def test_icons_of_all_systems_show_the_drawing(icons: Path):
    with Image.open(icons / "heteroagg-256.png") as picture:
        assert picture.size == (256, 256)
        assert picture.getpixel((0, 0))[3] == 0
        blue = picture.getpixel((112, 90))
        assert blue[3] == 255
        assert blue[2] > blue[0]
    with Image.open(icons / "session-file-256.png") as picture:
        assert picture.getpixel((0, 0))[3] == 0
        page = picture.getpixel((60, 60))
        assert min(page) > 220
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
    kind = linux_package.SESSION_TYPE
    assert f"share/icons/hicolor/scalable/mimetypes/{kind}.svg" in installed
    assert f"share/icons/hicolor/64x64/mimetypes/{kind}.png" in installed
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
    assert root.find("provides/mediatype").text == MIME_TYPE
    if shutil.which("appstreamcli"):
        command = ["appstreamcli", "validate", "--no-net", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


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


MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"


def test_a_saved_session_is_known_by_its_name_and_by_its_first_bytes(project: Path, tmp_path: Path):
    described = ET.parse(project / "packaging" / "linux" / "heteroagg-mime.xml")  # noqa: S314
    (kind,) = [node for node in described.getroot() if node.get("type") == MIME_TYPE]
    assert kind.find(f"{MIME}glob").get("pattern") == f"*{SUFFIX}"
    assert kind.find(f"{MIME}icon").get("name") == linux_package.SESSION_TYPE
    save_session(tmp_path / "a.heteroagg", SessionState())
    content = (tmp_path / "a.heteroagg").read_bytes()
    matches = list(kind.iter(f"{MIME}match"))
    assert len(matches) == 2
    for match in matches:
        value = match.get("value").encode().decode("unicode_escape").encode("latin-1")
        assert content[int(match.get("offset")) :].startswith(value)


def test_the_system_tells_a_session_from_other_archives(project: Path, tmp_path: Path):
    if not shutil.which("update-mime-database"):
        pytest.skip("needs update-mime-database")
    packages = tmp_path / "share" / "mime" / "packages"
    packages.mkdir(parents=True)
    shutil.copy(project / "packaging" / "linux" / "heteroagg-mime.xml", packages)
    done = subprocess.run(
        ["update-mime-database", str(packages.parent)], capture_output=True, text=True, check=True
    )
    assert "heteroagg" not in done.stderr
    assert (packages.parent / f"{MIME_TYPE}.xml").is_file()


def macos_properties(project: Path) -> dict:
    """Return the literals of ``info_plist`` in PyInstaller's recipe."""
    recipe = ast.parse((project / "packaging" / "heteroagg.spec").read_text(encoding="utf-8"))
    (entry,) = [
        node.value
        for node in ast.walk(recipe)
        if isinstance(node, ast.keyword) and node.arg == "info_plist"
    ]
    return ast.literal_eval(entry)


def test_macos_opens_sessions_with_the_program(project: Path):
    properties = macos_properties(project)
    (exported,) = properties["UTExportedTypeDeclarations"]
    tags = exported["UTTypeTagSpecification"]
    assert tags["public.filename-extension"] == [SUFFIX.removeprefix(".")]
    assert tags["public.mime-type"] == [MIME_TYPE]
    (session,) = [
        kind
        for kind in properties["CFBundleDocumentTypes"]
        if exported["UTTypeIdentifier"] in kind.get("LSItemContentTypes", ())
    ]
    assert session["LSHandlerRank"] == "Owner"
    assert session["CFBundleTypeIconFile"] == exported["UTTypeIconFile"]
    recipe = (project / "packaging" / "heteroagg.spec").read_text(encoding="utf-8")
    assert f'made / "{exported["UTTypeIconFile"]}"' in recipe


def registry_entries(script: str) -> list[dict[str, str]]:
    """Return the entries of the section Registry, names filled in."""
    for name, value in re.findall(r'^#define (\w+) "(.*)"$', script, flags=re.MULTILINE):
        script = script.replace(f"{{#{name}}}", value)
    section = script.partition("[Registry]")[2].partition("[Run]")[0]
    lines = [line for line in section.splitlines() if line.startswith("Root:")]
    pattern = re.compile(r'(\w+): ("(?:[^"]|"")*"|[^;]*)')
    return [{key: unquoted(value) for key, value in pattern.findall(line)} for line in lines]


def unquoted(value: str) -> str:
    return value[1:-1].replace('""', '"') if value.startswith('"') else value


def test_windows_opens_sessions_with_the_program_and_forgets_it_again(project: Path):
    script = (project / "packaging" / "windows" / "heteroagg.iss").read_text(encoding="utf-8")
    classes = "Software\\Classes\\"
    entries = registry_entries(script)
    assert all(entry["Root"] == "HKA" for entry in entries)
    values = {(e["Subkey"], e.get("ValueName", "")): e for e in entries if "ValueType" in e}
    kind = values[classes + SUFFIX, ""]["ValueData"]
    assert values[classes + SUFFIX, "Content Type"]["ValueData"] == MIME_TYPE
    assert (classes + SUFFIX + "\\OpenWithProgids", kind) in values
    command = values[f"{classes}{kind}\\shell\\open\\command", ""]["ValueData"]
    assert command == '"{app}\\heteroagg-gui.exe" "%1"'
    icon = values[f"{classes}{kind}\\DefaultIcon", ""]["ValueData"]
    name = icon.removeprefix("{app}\\").partition(",")[0]
    assert f'Source: "build\\made\\{name}"' in script
    for entry in entries:
        under = entry["Subkey"].removeprefix(classes)
        if under.startswith((SUFFIX, kind)):
            roots = [e for e in entries if entry["Subkey"].startswith(e["Subkey"])]
            assert any("uninsdelete" in e.get("Flags", "") for e in roots)
    assert "ChangesAssociations=yes" in script


def test_windows_groups_window_and_shortcut_under_one_name(project: Path):
    script = (project / "packaging" / "windows" / "heteroagg.iss").read_text(encoding="utf-8")
    assert f'#define ModelId "{WINDOWS_MODEL_ID}"' in script
