"""System libraries that Qt and OpenGL load and that no Python package brings."""

import ctypes
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum

from failure import BootstrapError

OLDEST_GLIBC = (2, 34)


class Need(Enum):
    """What the program is about to do."""

    COMMAND_LINE = "the command line"
    WINDOW = "the window"
    TESTS = "the tests"


# What is loaded by name, and the package of Debian and Ubuntu that holds it.
WINDOW_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
VIRTUAL_DISPLAY = {"xvfb-run": "xvfb", "Xvfb": "xvfb", "xauth": "xauth"}


def has_display(system: str, variables: Mapping[str, str]) -> bool:
    """Return whether a window can be shown."""
    if system == "Windows":
        return True
    if system == "Darwin":
        return "SSH_CONNECTION" not in variables
    return bool(variables.get("DISPLAY") or variables.get("WAYLAND_DISPLAY"))


def is_loadable(library: str) -> bool:
    """Return whether the dynamic loader finds a library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_parts(need: Need, *, virtual_display: bool) -> dict[str, str]:
    """Return the libraries and programs that are missing, each with its Debian package."""
    missing: dict[str, str] = {}
    if need is not Need.COMMAND_LINE:
        missing.update(
            {name: package for name, package in WINDOW_LIBRARIES.items() if not is_loadable(name)}
        )
    if virtual_display:
        missing.update(
            {name: package for name, package in VIRTUAL_DISPLAY.items() if not shutil.which(name)}
        )
    return missing


def is_debian(os_release: Mapping[str, str]) -> bool:
    """Return whether the distribution is Debian, Ubuntu or made from them."""
    family = {os_release.get("ID", ""), *os_release.get("ID_LIKE", "").split()}
    return bool(family & {"debian", "ubuntu"})


def describe_distribution() -> dict[str, str]:
    """Return what /etc/os-release says, or nothing where there is none."""
    try:
        return platform.freedesktop_os_release()
    except OSError:
        return {}


def apt_commands(packages: Iterable[str]) -> list[list[str]]:
    """Return the commands that install packages on Debian and Ubuntu."""
    chosen = sorted(set(packages))
    return [
        ["apt-get", "update"],
        ["apt-get", "install", "-y", "--no-install-recommends", *chosen],
    ]


def check_glibc(version: str) -> None:
    """Refuse a Linux whose C library is too old, or another one, for the packages of PyPI.

    Raises
    ------
    BootstrapError
        If so.
    """
    numbers = version.split(".")
    if len(numbers) >= 2 and tuple(int(number) for number in numbers[:2]) >= OLDEST_GLIBC:
        return
    raise BootstrapError(
        f"This Linux has {'glibc ' + version if version else 'no glibc'} and Qt needs glibc "
        f"{OLDEST_GLIBC[0]}.{OLDEST_GLIBC[1]} or newer: use Debian 12, Ubuntu 22.04 or later."
    )


def ensure_libraries(need: Need, *, virtual_display: bool = False) -> None:
    """Install what is missing where that is possible, otherwise say how to.

    Raises
    ------
    BootstrapError
        If something is missing that could not be installed here.
    """
    if platform.system() != "Linux":
        return
    check_glibc(platform.libc_ver()[1])
    missing = missing_parts(need, virtual_display=virtual_display)
    if not missing:
        return
    install(missing.values(), f"{need.value} needs {', '.join(sorted(missing))}")
    left = missing_parts(need, virtual_display=virtual_display)
    if left:
        raise BootstrapError(f"Still missing after the installation: {', '.join(sorted(left))}.")


def install(packages: Iterable[str], reason: str) -> None:
    """Install packages as root on Debian and Ubuntu.

    Raises
    ------
    BootstrapError
        If the machine is another, or the user is not root, or the installation fails.
    """
    if not (shutil.which("apt-get") and is_debian(describe_distribution())):
        raise BootstrapError(
            f"System libraries are missing ({reason}): install the packages of your distribution "
            "that hold them and start again."
        )
    commands = apt_commands(packages)
    if os.geteuid() != 0:
        raise BootstrapError(
            f"System libraries are missing ({reason}). Install them with\n"
            f"    sudo {' '.join(commands[1])}\nand start again."
        )
    print(f"Installing system libraries: {reason}.", flush=True)
    for command in commands:
        _run_quietly(command)


def _run_quietly(command: Sequence[str]) -> None:
    variables = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
        raise BootstrapError(
            f"'{' '.join(command)}' failed: see the lines above, install the packages by hand "
            "and start again."
        )
