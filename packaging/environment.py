"""The virtual environment beside the project, and what is installed into it."""

import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import torch_build
from failure import BootstrapError
from system_libraries import install as install_system_packages

STAMP = "heteroagg-installed.json"
PINS = {"run": ("run.txt", "torch.txt"), "test": ("run.txt", "torch.txt", "dev.txt")}


class Environment:
    """The folder ``.venv`` of a project.

    Parameters
    ----------
    project
        The project's folder, which holds ``requirements/``.
    """

    def __init__(self, project: Path) -> None:
        self.project = project
        self.folder = project / ".venv"

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        if os.name == "nt":
            return self.folder / "Scripts" / "python.exe"
        return self.folder / "bin" / "python"

    def ensure(self, purpose: str) -> None:
        """Make the environment, or renew it where the pins have changed since.

        Parameters
        ----------
        purpose
            ``run`` or ``test``, which needs more.
        """
        gpu = torch_build.has_nvidia_gpu()
        if not self._works():
            self._create()
        wanted = {
            name: self.fingerprint(name, gpu=gpu) for name in PINS if name in {"run", purpose}
        }
        stamp = self._read_stamp()
        if all(stamp.get(name) == value for name, value in wanted.items()):
            return
        start = time.monotonic()
        self._stamp_path.unlink(missing_ok=True)
        self._install(purpose, gpu=gpu)
        self._stamp_path.write_text(json.dumps(wanted, indent=1), encoding="utf-8")
        print(f"The environment is ready ({time.monotonic() - start:.0f} s).", flush=True)

    def fingerprint(self, purpose: str, *, gpu: bool) -> str:
        """Return a digest of everything that decides what must be installed."""
        digest = hashlib.sha256()
        for name in PINS[purpose]:
            digest.update((self.project / "requirements" / name).read_bytes())
        digest.update((self.project / "pyproject.toml").read_bytes())
        digest.update(repr((str(self.project), platform.system(), gpu)).encode())
        return digest.hexdigest()

    def call(self, *arguments: str, variables: Mapping[str, str] | None = None) -> int:
        """Run the environment's Python in the project's folder; return the exit status."""
        command = [str(self.python), *arguments]
        return subprocess.run(command, cwd=self.project, env=variables, check=False).returncode

    @property
    def _stamp_path(self) -> Path:
        return self.folder / STAMP

    def _read_stamp(self) -> dict[str, str]:
        try:
            stamp = json.loads(self._stamp_path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return stamp if isinstance(stamp, dict) else {}

    def _works(self) -> bool:
        if not self.python.exists():
            return False
        asked = [str(self.python), "-c", "import pip, sys; print(sys.version_info >= (3, 11))"]
        try:
            answer = subprocess.run(asked, capture_output=True, text=True, check=False)
        except OSError:
            return False
        return answer.stdout.strip() == "True"

    def _create(self) -> None:
        if self.folder.exists():
            print(f"{self.folder} does not work and is made anew.", flush=True)
            shutil.rmtree(self.folder)
        if importlib.util.find_spec("ensurepip") is None:
            package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
            install_system_packages([package], "Python's venv module is not installed")
        print(f"Making the virtual environment {self.folder}.", flush=True)
        command = [sys.executable, "-m", "venv", str(self.folder)]
        if subprocess.run(command, check=False).returncode:
            raise BootstrapError(
                f"The virtual environment {self.folder} could not be made: see the lines above."
            )

    def _install(self, purpose: str, *, gpu: bool) -> None:
        requirements = self.project / "requirements"
        print("Installing the pinned packages; the first time takes a few minutes.", flush=True)
        names = [name for name in PINS[purpose] if name != "torch.txt"]
        pins = [part for name in names for part in ("-r", str(requirements / name))]
        self._pip("--only-binary", ":all:", *pins)
        self._install_torch(_read_pin(requirements / "torch.txt"), gpu=gpu)
        self._pip("--no-deps", "--no-build-isolation", "--editable", str(self.project))

    def _install_torch(self, requirement: str, *, gpu: bool) -> None:
        if gpu:
            print("An NVIDIA GPU is present: PyTorch comes with CUDA (about 3 GB).", flush=True)
        answers = []
        for source in torch_build.torch_sources(requirement, platform.system(), gpu=gpu):
            done = self._try_pip("--only-binary", ":all:", *source.arguments)
            if not done.returncode:
                print(f"PyTorch comes from {source.title}.", flush=True)
                return
            answers.append(f"{source.title}:\n{done.stdout}{done.stderr}")
        print(*answers, sep="\n", file=sys.stderr)
        raise BootstrapError(torch_build.refusal(requirement))

    def _pip(self, *arguments: str) -> None:
        done = self._try_pip(*arguments)
        if done.returncode:
            print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
            raise BootstrapError(
                "pip could not install the packages: see its lines above; a network that needs "
                "a proxy or a mirror is set up with 'pip config'."
            )

    def _try_pip(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(self.python), "-m", "pip", "install", "--require-virtualenv"]
        command += ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
        return subprocess.run(
            [*command, *arguments], capture_output=True, text=True, check=False, cwd=self.project
        )


def _read_pin(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(line.strip() for line in lines if line.strip() and not line.startswith("#"))
