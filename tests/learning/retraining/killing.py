"""Killing a retraining at random moments.

    PYTHONPATH=. python -m tests.learning.retraining.killing FOLDER COUNT [SEED]

kills one COUNT times, spread over all its stages, lets it end, and compares its weights with those
of one that nothing interrupted.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import torch

from heteroagg_gui.learning.retraining.plan_file import write_plan
from tests.learning.retraining.tiny_plan import PLAN, carried_out, status

STAGES = ("training", "sets", "heads", "evaluation")
LONGEST_S = 0.6
PATIENCE_S = 300.0
WEIGHTS = Path("network") / "weights.safetensors"


def killed_again_and_again(folder: Path, count: int, chance: random.Random) -> list[str]:
    """Start the tiny plan in a folder so many times and kill it each time.

    Parameters
    ----------
    folder
        The training's folder.
    count
        How often it is killed; the moments are spread over the stages in their order.
    chance
        Draws how long after the beginning of its stage each kill comes.

    Returns
    -------
    list of str
        The stages in which it was killed; shorter than ``count`` if it finished before.
    """
    folder.mkdir(parents=True, exist_ok=True)
    plan = folder.with_suffix(".plan.json")
    write_plan(PLAN, plan)
    command = [
        sys.executable, "-m", "heteroagg_gui.learning.retraining.command",
        str(plan), "--out", str(folder), "--resume",
    ]  # fmt: skip
    environment = os.environ | {"OMP_NUM_THREADS": str(torch.get_num_threads())}
    kills = []
    for number in range(count):
        child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        if not _reaches(folder, STAGES[number * len(STAGES) // count], child):
            child.wait()
            break
        time.sleep(chance.uniform(0.0, LONGEST_S))
        child.send_signal(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
        if child.wait() == 0:
            break
        kills.append(str(status(folder)["stage"]))
    return kills


def _reaches(folder: Path, stage: str, child: "subprocess.Popen[bytes]") -> bool:
    """Wait until a training is in a stage or a later one; return whether it came there."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and child.poll() is None:
        try:
            found = status(folder)
        except (OSError, ValueError):
            found = {"pid": 0}
        at_work = found["pid"] == child.pid and found["state"] == "running"
        if at_work and STAGES.index(found["stage"]) >= STAGES.index(stage):
            return True
        time.sleep(0.01)
    return False


def main() -> int:
    """Kill, compare and say what came of it; return the exit status."""
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    began = time.monotonic()
    assert carried_out(folder / "whole").state == "finished"
    wanted = (folder / "whole" / WEIGHTS).read_bytes()
    same, kills, runs = 0, [], 0
    while len(kills) < count:
        runs += 1
        killed = folder / f"killed-{runs}"
        chance = random.Random(100 * seed + runs)  # noqa: S311
        found = killed_again_and_again(killed, min(5, count - len(kills)), chance)
        assert carried_out(killed, resume=True).state == "finished"
        if (killed / WEIGHTS).read_bytes() == wanted:
            same += len(found)
        kills += found
        print(f"{same} of {len(kills)} kills: the same weights; {' '.join(found)}", flush=True)
    print(f"{same} of {len(kills)} in {runs} runs, {time.monotonic() - began:.0f} s")
    return 0 if same == len(kills) else 1


if __name__ == "__main__":
    sys.exit(main())
