"""What goes into the wheel, and that each fact about it is written down once."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import heteroagg_gui
from heteroagg_gui.learning.model_card import read_card, weights_files

FOLDERS = ("heteroagg_gui", "resources", "models")


@pytest.fixture(scope="module")
def pyproject(project: Path) -> dict:
    return tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def wheel(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def wheel_names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def shipped_files(project: Path, folder: str) -> set[str]:
    """Return the files of a folder as they are named inside the wheel."""
    inside = "" if folder == "heteroagg_gui" else "heteroagg_gui/"
    return {
        inside + path.relative_to(project).as_posix()
        for path in (project / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }


@pytest.mark.parametrize("folder", FOLDERS)
def test_wheel_carries_every_file(project: Path, wheel_names: set[str], folder: str):
    expected = shipped_files(project, folder)
    assert expected, f"{folder} is empty"
    assert expected <= wheel_names


def test_wheel_carries_networks_with_their_weights(project: Path, wheel_names: set[str]):
    cards = [name for name in wheel_names if re.fullmatch(r".*/models/[^/]+/card\.json", name)]
    assert cards
    for card in cards:
        folder, _, _ = card.rpartition("/")
        document = read_card(project / "models" / folder.rpartition("/")[2]).document
        for name in weights_files(document, folder):
            assert f"{folder}/{name}" in wheel_names


def test_wheel_carries_nothing_else(wheel_names: set[str]):
    tops = {name.partition("/")[0] for name in wheel_names}
    assert tops == {"heteroagg_gui", f"heteroagg_gui-{heteroagg_gui.__version__}.dist-info"}
    assert not [name for name in wheel_names if "__pycache__" in name]


def test_version_is_written_once(pyproject: dict, wheel: Path):
    assert "version" not in pyproject["project"]
    assert pyproject["project"]["dynamic"] == ["version"]
    assert wheel.name.startswith(f"heteroagg_gui-{heteroagg_gui.__version__}-")


def test_changelog_opens_with_this_version(project: Path):
    text = (project / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+)", text, flags=re.MULTILINE)
    assert newest is not None
    assert newest.group(1) == heteroagg_gui.__version__


def test_wheel_starts_both_faces(wheel: Path):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        text = archive.read(name).decode()
    assert "heteroagg = heteroagg_gui.__main__:command_line" in text
    assert "heteroagg-gui = heteroagg_gui.__main__:window" in text


def requirement_names(lines: list[str]) -> dict[str, str]:
    """Return each requirement's version part by its normalised name."""
    pattern = re.compile(r"([A-Za-z0-9._-]+?)\s*([=<>!~].*)?$")
    found = [pattern.match(line.strip()) for line in lines if line.strip() and line[0] != "#"]
    return {normalise(match.group(1)): match.group(2) or "" for match in found if match}


def normalise(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(project: Path, *names: str) -> dict[str, str]:
    folder = project / "requirements"
    lines = [(folder / name).read_text(encoding="utf-8").splitlines() for name in names]
    return requirement_names([line for part in lines for line in part])


def test_every_dependency_is_pinned(project: Path, pyproject: dict):
    run = pins(project, "run.txt", "torch.txt")
    dev = pins(project, "dev.txt")
    assert all(version.startswith("==") for version in (*run.values(), *dev.values()))
    assert set(requirement_names(pyproject["project"]["dependencies"])) <= set(run)
    extra = pyproject["project"]["optional-dependencies"]["dev"]
    assert set(requirement_names(extra)) <= set(run) | set(dev)
    assert not set(run) & set(dev)


def imported_packages(folder: Path) -> set[str]:
    """Return the packages from outside that a folder's modules name anywhere."""
    names = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.partition(".")[0])
    return names - sys.stdlib_module_names - {"heteroagg_gui"}


def test_every_import_is_declared(project: Path, pyproject: dict):
    extras = pyproject["project"]["optional-dependencies"]
    declared = set(requirement_names(pyproject["project"]["dependencies"]))
    for extra in ("multislice", "cluster"):
        declared |= set(requirement_names(extras[extra]))
    owners = packages_distributions()
    undeclared = {
        name
        for name in imported_packages(project / "heteroagg_gui")
        if not {normalise(owner) for owner in owners.get(name, [name])} & declared
    }
    assert undeclared == set()
