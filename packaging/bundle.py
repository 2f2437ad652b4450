#!/usr/bin/env python3
"""Build the bundle: the program with everything it needs, for computers without Python.

    python packaging/bundle.py              the folder dist/heteroagg, and what it weighs
    python packaging/bundle.py --package    also the file people download
    python packaging/bundle.py --weigh      what the bundle that is there weighs

Needs the environment of the program (`packaging/bootstrap.py`) and the packages of
`requirements/bundle.txt`.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bundle_contents import is_left_out
from bundle_icons import write_icons
from bundle_size import files_of, size_table
from failure import BootstrapError
from icu_data import trim_icu
from linux_package import pack
from version_resource import DESCRIPTIONS, version_resource

PROJECT = Path(__file__).resolve().parent.parent
MADE = PROJECT / "build" / "made"
WORK = PROJECT / "build" / "pyinstaller"
DIST = PROJECT / "dist"
BUNDLE = DIST / "heteroagg"
# Libraries that were moved into a wheel may not load any more without their symbols.
UNSTRIPPED = (".libs/",)


def program_version() -> str:
    """Return the version of the program in the source tree."""
    sys.path.insert(0, str(PROJECT))
    from heteroagg_gui import __version__

    return __version__


def check_pyinstaller() -> None:
    """Refuse to build with another PyInstaller than the pinned one."""
    pins = (PROJECT / "requirements" / "bundle.txt").read_text(encoding="utf-8").splitlines()
    (pinned,) = [line.partition("==")[2] for line in pins if line.startswith("pyinstaller==")]
    try:
        found = version("pyinstaller")
    except PackageNotFoundError:
        found = "none"
    if found != pinned:
        raise BootstrapError(
            f"Building needs PyInstaller {pinned} and there is {found}: run "
            f"'{sys.executable} -m pip install -r requirements/bundle.txt'."
        )


def make_parts(program: str) -> None:
    """Make the icons and the version resources."""
    shutil.rmtree(MADE, ignore_errors=True)
    for name in ("heteroagg", "session-file"):
        write_icons(PROJECT / "resources" / "icons" / f"{name}.svg", MADE, name)
    for name in DESCRIPTIONS:
        text = version_resource(name, program)
        (MADE / f"{name}-version.txt").write_text(text, encoding="utf-8")


def run_pyinstaller() -> None:
    """Build the folder.

    Raises
    ------
    BootstrapError
        If PyInstaller fails.
    """
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--workpath", str(WORK), "--distpath", str(DIST)]
    command.append(str(PROJECT / "packaging" / "heteroagg.spec"))
    variables = {**os.environ, "HETEROAGG_BUNDLE_MADE": str(MADE)}
    if subprocess.run(command, cwd=PROJECT, env=variables, check=False).returncode:
        raise BootstrapError("PyInstaller failed: see the lines above.")


def prune(bundle: Path) -> int:
    """Remove what nothing opens, and links that lead nowhere since; return the bytes saved."""
    saved = 0
    inside = bundle / "internal"
    for name, size in files_of(inside).items():
        if is_left_out(name):
            (inside / name).unlink()
            saved += size
    for path in inside.rglob("*"):
        if path.is_symlink() and not path.exists():
            path.unlink()
    return saved


def strip_libraries(bundle: Path) -> int:
    """Remove symbols for debuggers on Linux; return the bytes saved."""
    if platform.system() != "Linux" or not shutil.which("strip"):
        return 0
    saved = 0
    inside = bundle / "internal"
    for name, before in files_of(inside).items():
        if ".so" in Path(name).name and not any(part in name for part in UNSTRIPPED):
            command = ["strip", "--strip-unneeded", str(inside / name)]
            subprocess.run(command, check=False, capture_output=True)
            saved += before - (inside / name).stat().st_size
    return saved


def link_command_line(bundle: Path) -> None:
    """Let the one executable of Linux be called by both names."""
    if platform.system() == "Linux":
        link = bundle / "heteroagg"
        link.unlink(missing_ok=True)
        link.symlink_to("heteroagg-gui")


def build() -> None:
    """Build, prune and weigh the bundle."""
    start = time.monotonic()
    check_pyinstaller()
    make_parts(program_version())
    run_pyinstaller()
    saved = prune(BUNDLE) + strip_libraries(BUNDLE) + trim_icu(BUNDLE)
    link_command_line(BUNDLE)
    minutes = (time.monotonic() - start) / 60
    print(f"\n{BUNDLE}: built in {minutes:.1f} min, {saved / 1e6:.0f} MB taken out again\n")
    print(size_table(BUNDLE))


def package() -> Path:
    """Make the file that people download; return its path.

    Raises
    ------
    BootstrapError
        If a tool is missing or fails.
    """
    program = program_version()
    if platform.system() == "Linux":
        return pack(BUNDLE, MADE, PROJECT, program)
    if platform.system() == "Darwin":
        target = DIST / f"heteroagg-{program}-macos-{platform.machine()}.zip"
        command = ["ditto", "-c", "-k", "--keepParent", str(DIST / "Heteroagg.app"), str(target)]
    else:
        target = DIST / f"heteroagg-{program}-windows-setup.exe"
        script = PROJECT / "packaging" / "windows" / "heteroagg.iss"
        command = ["iscc", "/Qp", f"/DVersion={program}", str(script)]
    try:
        done = subprocess.run(command, cwd=PROJECT, check=False)
    except FileNotFoundError as error:
        raise BootstrapError(f"'{command[0]}' is not installed: install it first.") from error
    if done.returncode:
        raise BootstrapError(f"'{command[0]}' failed: see the lines above.")
    return target


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks; return the exit status."""
    parser = argparse.ArgumentParser(prog="bundle.py", description="Build the bundle.")
    parser.add_argument("--package", action="store_true", help="also make the file to download")
    parser.add_argument("--weigh", action="store_true", help="weigh what is there, build nothing")
    options = parser.parse_args(arguments)
    try:
        if options.weigh:
            print(size_table(BUNDLE))
        else:
            build()
        if options.package:
            print(f"\n{package()}")
    except BootstrapError as error:
        print(f"\n{error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
