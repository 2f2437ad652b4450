"""What the bootstrap installs where, decided without a network."""

import json
import subprocess
from pathlib import Path

import environment
import pytest
import system_libraries
import torch_build
from environment import Environment
from failure import BootstrapError
from system_libraries import Need

PIN = "torch==2.13.0"


# Which PyTorch


def test_linux_without_gpu_can_only_get_a_cpu_build():
    sources = torch_build.torch_sources(PIN, "Linux", gpu=False)
    assert [source.arguments[-1] for source in sources] == [f"{PIN}+cpu"] * 2
    assert all("--no-deps" in source.arguments for source in sources)
    assert "--index-url" not in sources[0].arguments
    assert torch_build.CPU_INDEX in sources[1].arguments


def test_linux_with_gpu_takes_the_usual_build():
    (source,) = torch_build.torch_sources(PIN, "Linux", gpu=True)
    assert source.arguments == (PIN,)


def test_windows_takes_cuda_from_its_index_and_falls_back():
    cuda, plain = torch_build.torch_sources(PIN, "Windows", gpu=True)
    assert torch_build.CUDA_INDEX in cuda.arguments
    assert plain.arguments == (PIN,)


@pytest.mark.parametrize("system", ["Windows", "Darwin"])
def test_pypi_is_small_on_windows_and_macos(system: str):
    (source,) = torch_build.torch_sources(PIN, system, gpu=False)
    assert source.arguments == (PIN,)


@pytest.mark.parametrize(
    ("status", "output", "expected"),
    [
        (0, "GPU 0: NVIDIA H100 (UUID: GPU-1)\n", True),
        (0, "No devices found.\n", False),
        (9, "NVIDIA-SMI has failed because it couldn't communicate with the driver", False),
    ],
)
def test_gpu_is_what_the_driver_lists(
    monkeypatch: pytest.MonkeyPatch, status: int, output: str, expected: bool
):
    monkeypatch.setattr(torch_build.shutil, "which", lambda name: "/usr/bin/nvidia-smi")
    monkeypatch.setattr(
        torch_build.subprocess,
        "run",
        lambda command, **options: subprocess.CompletedProcess(command, status, output, ""),
    )
    assert torch_build.has_nvidia_gpu() is expected


def test_no_driver_means_no_gpu(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(torch_build.shutil, "which", lambda name: None)
    assert torch_build.has_nvidia_gpu() is False


def test_sources_are_tried_in_order(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(environment.platform, "system", lambda: "Linux")
    statuses = iter([1, 0])
    asked = []

    def try_pip(self, *arguments):
        asked.append(arguments)
        return subprocess.CompletedProcess(arguments, next(statuses), "", "none found")

    monkeypatch.setattr(Environment, "_try_pip", try_pip)
    Environment(tmp_path)._install_torch(PIN, gpu=False)
    assert len(asked) == 2
    assert "PyTorch's CPU index" in capsys.readouterr().out


def test_unreachable_torch_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(environment.platform, "system", lambda: "Linux")
    monkeypatch.setattr(
        Environment,
        "_try_pip",
        lambda self, *arguments: subprocess.CompletedProcess(arguments, 1, "", "none found"),
    )
    with pytest.raises(BootstrapError, match=r"download\.pytorch\.org.*PIP_FIND_LINKS"):
        Environment(tmp_path)._install_torch(PIN, gpu=False)


# The environment


@pytest.fixture
def small_project(tmp_path: Path) -> Path:
    folder = tmp_path / "requirements"
    folder.mkdir()
    for name in ("run.txt", "dev.txt"):
        (folder / name).write_text("numpy==2.4.6\n", encoding="utf-8")
    (folder / "torch.txt").write_text(f"# the network library\n{PIN}\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    return tmp_path


def test_fingerprint_follows_the_pins_and_the_machine(small_project: Path):
    home = Environment(small_project)
    before = home.fingerprint("run", gpu=False)
    assert home.fingerprint("run", gpu=False) == before
    assert home.fingerprint("run", gpu=True) != before
    (small_project / "requirements" / "dev.txt").write_text("", encoding="utf-8")
    assert home.fingerprint("run", gpu=False) == before
    (small_project / "requirements" / "run.txt").write_text("", encoding="utf-8")
    assert home.fingerprint("run", gpu=False) != before


def test_environment_is_filled_once(small_project: Path, monkeypatch: pytest.MonkeyPatch):
    installed = []
    monkeypatch.setattr(torch_build, "has_nvidia_gpu", lambda: False)
    monkeypatch.setattr(Environment, "_works", lambda self: True)
    monkeypatch.setattr(
        Environment, "_install", lambda self, purpose, gpu: installed.append(purpose)
    )
    home = Environment(small_project)
    home.folder.mkdir()
    for purpose in ("run", "run", "test", "run", "test"):
        home.ensure(purpose)
    assert installed == ["run", "test"]


def test_interrupted_installation_is_repeated(small_project: Path, monkeypatch: pytest.MonkeyPatch):
    def interrupt(self, purpose, gpu):
        raise KeyboardInterrupt

    monkeypatch.setattr(torch_build, "has_nvidia_gpu", lambda: False)
    monkeypatch.setattr(Environment, "_works", lambda self: True)
    monkeypatch.setattr(Environment, "_install", interrupt)
    home = Environment(small_project)
    home.folder.mkdir()
    home._stamp_path.write_text(json.dumps({"run": "of other pins"}), encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        home.ensure("run")
    assert not home._stamp_path.exists()


def test_pip_installs_wheels_into_the_environment_only(
    small_project: Path, monkeypatch: pytest.MonkeyPatch
):
    commands = []

    def record(command, **options):
        commands.append(command)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(environment.subprocess, "run", record)
    monkeypatch.setattr(environment.platform, "system", lambda: "Linux")
    Environment(small_project)._install("test", gpu=False)
    assert len(commands) == 3
    assert all(command[0] == str(Environment(small_project).python) for command in commands)
    assert all("--require-virtualenv" in command for command in commands)
    assert [name for name in commands[0] if name.endswith(".txt")] == [
        str(small_project / "requirements" / "run.txt"),
        str(small_project / "requirements" / "dev.txt"),
    ]
    assert f"{PIN}+cpu" in commands[1]
    assert "--editable" in commands[2]


@pytest.mark.parametrize(
    ("name", "parts"), [("nt", ("Scripts", "python.exe")), ("posix", ("bin", "python"))]
)
def test_interpreter_lies_where_the_system_puts_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, parts: tuple[str, str]
):
    home = Environment(tmp_path)
    monkeypatch.setattr(environment.os, "name", name)
    found = home.python
    monkeypatch.undo()
    assert found == tmp_path.joinpath(".venv", *parts)


# The system


@pytest.mark.parametrize(
    ("os_release", "expected"),
    [
        ({"ID": "debian"}, True),
        ({"ID": "ubuntu", "ID_LIKE": "debian"}, True),
        ({"ID": "linuxmint", "ID_LIKE": "ubuntu debian"}, True),
        ({"ID": "fedora"}, False),
        ({}, False),
    ],
)
def test_debian_and_its_children_are_known(os_release: dict[str, str], expected: bool):
    assert system_libraries.is_debian(os_release) is expected


def test_apt_gets_each_package_once():
    update, install = system_libraries.apt_commands(["xvfb", "libgl1", "xvfb"])
    assert update == ["apt-get", "update"]
    assert install[-2:] == ["libgl1", "xvfb"]
    assert "--no-install-recommends" in install


def lack_everything(monkeypatch: pytest.MonkeyPatch, *, debian: bool, user: int) -> list[list[str]]:
    """Make this a Linux without any library; return the commands that are run."""
    commands: list[list[str]] = []
    monkeypatch.setattr(system_libraries.platform, "system", lambda: "Linux")
    monkeypatch.setattr(system_libraries.platform, "libc_ver", lambda: ("glibc", "2.36"))
    monkeypatch.setattr(system_libraries, "is_loadable", lambda name: False)
    monkeypatch.setattr(
        system_libraries.shutil, "which", lambda name: "apt-get" if name == "apt-get" else None
    )
    release = {"ID": "debian" if debian else "fedora"}
    monkeypatch.setattr(system_libraries, "describe_distribution", lambda: release)
    monkeypatch.setattr(system_libraries.os, "geteuid", lambda: user, raising=False)
    monkeypatch.setattr(system_libraries, "_run_quietly", commands.append)
    return commands


def test_root_on_debian_installs_what_is_missing(monkeypatch: pytest.MonkeyPatch):
    commands = lack_everything(monkeypatch, debian=True, user=0)
    with pytest.raises(BootstrapError, match="Still missing"):
        system_libraries.ensure_libraries(Need.TESTS, virtual_display=True)
    assert {"libgl1", "libxcb-cursor0", "xvfb", "xauth"} <= set(commands[1])


def test_others_on_debian_are_told_the_command(monkeypatch: pytest.MonkeyPatch):
    commands = lack_everything(monkeypatch, debian=True, user=1000)
    with pytest.raises(BootstrapError, match=r"sudo apt-get install -y .*libegl1"):
        system_libraries.ensure_libraries(Need.WINDOW)
    assert commands == []


def test_other_distributions_are_told_the_libraries(monkeypatch: pytest.MonkeyPatch):
    commands = lack_everything(monkeypatch, debian=False, user=0)
    with pytest.raises(BootstrapError, match=r"libEGL\.so\.1"):
        system_libraries.ensure_libraries(Need.WINDOW)
    assert commands == []


def test_the_command_line_needs_no_library(monkeypatch: pytest.MonkeyPatch):
    commands = lack_everything(monkeypatch, debian=True, user=0)
    system_libraries.ensure_libraries(Need.COMMAND_LINE)
    assert commands == []


@pytest.mark.parametrize("system", ["Windows", "Darwin"])
def test_windows_and_macos_bring_their_libraries(monkeypatch: pytest.MonkeyPatch, system: str):
    commands = lack_everything(monkeypatch, debian=False, user=1000)
    monkeypatch.setattr(system_libraries.platform, "system", lambda: system)
    system_libraries.ensure_libraries(Need.TESTS)
    assert commands == []


@pytest.mark.parametrize("version", ["2.34", "2.36", "3.0"])
def test_new_glibc_passes(version: str):
    system_libraries.check_glibc(version)


@pytest.mark.parametrize(("version", "named"), [("2.31", "glibc 2.31"), ("", "no glibc")])
def test_old_glibc_is_refused(version: str, named: str):
    with pytest.raises(BootstrapError, match=named):
        system_libraries.check_glibc(version)


@pytest.mark.parametrize(
    ("system", "variables", "expected"),
    [
        ("Windows", {}, True),
        ("Darwin", {}, True),
        ("Darwin", {"SSH_CONNECTION": "1.2.3.4"}, False),
        ("Linux", {}, False),
        ("Linux", {"DISPLAY": ""}, False),
        ("Linux", {"DISPLAY": ":0"}, True),
        ("Linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
    ],
)
def test_display_is_known(system: str, variables: dict[str, str], expected: bool):
    assert system_libraries.has_display(system, variables) is expected
