"""Two processes train as one with the doubled batch does."""

import os
import socket
import subprocess
import sys
from pathlib import Path

from safetensors.torch import load_file

from tests.learning.training.team_member import train_some


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_two_processes_train_as_one_with_the_doubled_batch(tmp_path: Path, project: Path) -> None:
    port = str(free_port())
    members = []
    for rank in range(2):
        environment = os.environ | {
            "RANK": str(rank),
            "WORLD_SIZE": "2",
            "MASTER_ADDR": "127.0.0.1",
            "MASTER_PORT": port,
            "GLOO_SOCKET_IFNAME": "lo",
            "OMP_NUM_THREADS": "1",
            "PYTHONPATH": str(project),
        }
        folder = tmp_path / "team"
        command = [sys.executable, "-m", "tests.learning.training.team_member", str(folder), "2"]
        members.append(subprocess.Popen(command, env=environment, cwd=project))
    (tmp_path / "alone").mkdir()
    train_some(tmp_path / "alone", 4)
    assert [member.wait(timeout=120) for member in members] == [0, 0]
    alone, team = (load_file(tmp_path / n / "found.safetensors") for n in ("alone", "team"))
    assert (tmp_path / "team" / "best.safetensors").exists()
    assert alone.keys() == team.keys()
    for name, value in alone.items():
        if name.endswith("convolution.bias"):
            continue  # renormalisation takes every offset away: the gradient is rounding alone
        error = (team[name] - value).abs().max() / value.abs().max()
        assert error < 1e-3, f"{name}: {error}"
