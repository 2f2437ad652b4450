"""Two processes retrain as one with the same batch does."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from safetensors.torch import load_file

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.learning.retraining.plan_file import write_plan
from heteroagg_gui.learning.train_trunk import TrunkPlan, TrunkTraining
from heteroagg_gui.learning.training.team import Team
from tests.learning.retraining.tiny_plan import EFFORT, PLAN, carried_out, status
from tests.learning.training.test_team import free_port


@pytest.mark.slow
def test_two_processes_train_as_one(tmp_path: Path, project: Path) -> None:
    plan = replace(PLAN, effort=replace(EFFORT, updates=2))
    write_plan(plan, tmp_path / "a.plan.json")
    team = tmp_path / "team"
    command = [
        sys.executable, "-m", "heteroagg_gui.learning.retraining.command",
        str(tmp_path / "a.plan.json"), "--out", str(team),
    ]  # fmt: skip
    environment = os.environ | {
        "WORLD_SIZE": "2",
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(free_port()),
        "GLOO_SOCKET_IFNAME": "lo",
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(project),
    }
    members = [
        subprocess.Popen(command, env=environment | {"RANK": str(rank)}) for rank in range(2)
    ]
    alone = tmp_path / "alone"
    assert carried_out(alone, plan).state == "finished"
    assert [member.wait(timeout=180) for member in members] == [0, 0]
    assert status(team)["state"] == "finished"
    assert (team / "network" / "card.json").is_file()
    first, second = (load_file(f / "work" / "trunk.safetensors") for f in (alone, team))
    start = load_file(alone / "work" / "start" / "weights.safetensors")
    moved = apart = 0.0
    for name, value in first.items():
        if name.startswith("weights."):
            before = start[name.replace("weights.", "trunk.")].float()
            moved += float((value - before).square().sum())
            apart += float((value - second[name]).square().sum())
    assert moved > 0.0
    assert apart < 1e-4 * moved


def test_images_that_can_not_be_shared_evenly_are_refused(tmp_path: Path) -> None:
    plan = TrunkPlan(steps=1, batch=1, batches=1)
    training = TrunkTraining(plan, tmp_path, team=Team(0, 2))
    with pytest.raises(ParameterError, match="can't share the 1 images"):
        training.task.chunks(0, training.team)
