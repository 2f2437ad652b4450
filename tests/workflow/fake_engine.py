"""A stand-in for the command that trains: writes the same files, computes nothing.

    python fake_engine.py MODE DIR [--finish]

It works for ``updates`` steps of a few milliseconds and looks at control.json at each. MODE says
how it ends: finish, deaf (does not listen), oom, disk-full, device-lost, diverged, input, crash,
killed, silent, slow, linger (works slowly, and lives on after its last word).
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from heteroagg_gui.core.folder_lock import FolderLock

KINDS = {"oom": "out-of-memory"}
STAGES = (("training", "Training on images"), ("sets", "Sets of images"), ("heads", "Set heads"))


def replace(path: Path, document: object) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(document), encoding="utf-8")
    part.replace(path)


class Engine:
    def __init__(self, mode: str, folder: Path, finish: bool) -> None:
        self.mode, self.folder, self.finish = mode, folder, finish
        self.work = folder / "work"
        self.work.mkdir(exist_ok=True)
        self.kept = self.work / "checkpoint.json"
        self.update = json.loads(self.kept.read_text())["update"] if self.kept.exists() else 0
        self.total = 4000 if mode in {"slow", "linger"} else 12

    def say(self, state: str, stage: str = "training", **more: object) -> None:
        done = min(1.0, self.update / self.total)
        stages = [
            {"name": n, "title": t, "done": done if n == stage else 0.0, "seconds": 0.1}
            for n, t in STAGES
        ]
        document = {
            "format": 1, "state": state, "stage": stage, "stages": stages, "fraction": done,
            "message": f"Update {self.update}", "seconds": 0.05 * self.update,
            "seconds_left": 3.0, "images": 16 * self.update, "images_per_s": 21.5,
            "device": "cpu", "device_title": "CPU, 1 thread", "memory_mb": 321.0,
            "gpu_memory_mb": None, "pid": os.getpid(), "updated": time.time(),
            "warnings": ["Fewer images than usual."], "error": None, **more,
        }  # fmt: skip
        replace(self.folder / "status.json", document)

    def event(self, **event: object) -> None:
        with (self.folder / "events.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(event) + "\n")

    def wish(self) -> str:
        try:
            return json.loads((self.folder / "control.json").read_text())["wish"]
        except (OSError, ValueError, KeyError):
            return "run"

    def stop_if_wished(self) -> None:
        if self.mode == "deaf":
            return
        while self.wish() == "pause":
            self.say("paused")
            time.sleep(0.02)
        if self.wish() == "stop":
            replace(self.kept, {"update": self.update})
            self.say("stopped")
            sys.exit(0)

    def run(self) -> int:
        if self.mode == "input":
            print("The plan asks for what can't be: change it.", file=sys.stderr)
            return 2
        self.say("starting")
        (self.folder / "seen.txt").open("a").write(f"{os.getpid()} {self.finish}\n")
        if self.update:
            self.event(kind="resumed", update=self.update)
        if not self.finish:
            self.train()
        self.say("running", "heads")
        self.make_network()
        self.say("finished", "heads", fraction=1.0, seconds_left=0.0)
        return 0

    def train(self) -> None:
        while self.update < self.total:
            self.update += 1
            self.say("running")
            errors = {"fractal_dimension": 1 / self.update, "n_particles": 40 / self.update}
            self.event(
                kind="row", update=self.update, images=16 * self.update, seconds=self.update,
                loss=10 / self.update, errors=errors,
            )  # fmt: skip
            if self.update == 4:
                self.go_wrong()
            time.sleep(0.01)
            self.stop_if_wished()

    def go_wrong(self) -> None:
        if self.mode == "killed":
            worker = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
            (self.folder / "worker.txt").write_text(str(worker.pid))
            os.kill(os.getpid(), signal.SIGKILL)
        elif self.mode == "crash":
            raise RuntimeError("a defect")
        elif self.mode == "silent":
            sys.exit(0)
        elif self.mode == "deaf":
            self.say("running")
            (self.folder / "deaf.txt").touch()
            time.sleep(60)
        elif self.mode in {"oom", "disk-full", "device-lost", "diverged"}:
            replace(self.kept, {"update": self.update})
            error = {
                "kind": KINDS.get(self.mode, self.mode), "sentence": "It went wrong.",
                "remedy": "Do this.", "details": "Traceback",
            }  # fmt: skip
            self.say("failed", error=error)
            sys.exit(1)

    def make_network(self) -> None:
        network = self.folder / "network"
        network.mkdir(exist_ok=True)
        (network / "weights.safetensors").write_bytes(b"weights")
        card = {
            "format": 1, "kind": "compact-set", "title": "A network of a test",
            "figures": {
                "per_image": {"fractal_dimension_mae": {"value": 0.03, "low": 0.02, "high": 0.04}},
                "sets_of_12": {
                    "theta_0_exact": {"value": 0.5, "low": 0.4, "high": 0.6},
                    "theta_1_exact": {"value": 0.62, "low": 0.58, "high": 0.66},
                    "coverage": {"fractal_dimension": {"50%": 0.52, "90%": 0.91}},
                },
                "rank_histogram": {
                    "fractal_dimension": [30, 10, 10, 10, 10, 10, 10, 10, 10, 40],
                    "theta_1": [15] * 10,
                },
                "reliability": {
                    "theta_0": [
                        {"stated": 0.05, "true": 0.1, "count": 400},
                        {"stated": 0.7, "true": 0.5, "count": 90},
                    ]
                },
                "by_number_of_images": [
                    {"images": n, "theta_fractal_dimension_mae": {"value": 0.05 / n}}
                    for n in (1, 12)
                ],
            },
            "paper": {"theta_0_exact": 0.48},
            "trained_on": {"material_system": "tio2-wo3"},
        }  # fmt: skip
        replace(network / "card.json", card)


def main() -> int:
    mode, folder = sys.argv[1], Path(sys.argv[2])
    try:
        with FolderLock(folder / "lock"):
            return Engine(mode, folder, "--finish" in sys.argv).run()
    finally:
        if mode == "linger":
            time.sleep(60)


if __name__ == "__main__":
    sys.exit(main())
