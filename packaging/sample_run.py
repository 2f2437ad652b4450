"""Start the window with the sample micrographs, or do its work without a display."""

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from environment import Environment
from failure import BootstrapError
from system_libraries import Need, ensure_libraries, has_display

SHADOWS = 800
PICTURES = 3
MODULE = ("-m", "heteroagg_gui")


def start(
    environment: Environment, inputs: Sequence[Path], out: Path, *, headless: bool = False
) -> int:
    """Open the window, or predict on the command line where no window can be shown.

    Parameters
    ----------
    environment
        Where the program is installed.
    inputs
        Micrographs or folders; nothing means the sample batch.
    out
        Folder for the results of the command line.
    headless
        Use the command line even where a window could be shown.
    """
    files = list_inputs(environment.project, inputs)
    window = not headless and has_display(platform.system(), os.environ)
    ensure_libraries(Need.WINDOW if window else Need.COMMAND_LINE)
    environment.ensure("run")
    if window:
        print("Starting the window.", flush=True)
        return environment.call(*MODULE, *files)
    if not headless:
        print("No display: working on the command line instead.", flush=True)
    return predict_and_draw(environment, files, out.resolve())


def list_inputs(project: Path, inputs: Sequence[Path]) -> list[str]:
    """Return what the program is to open, as absolute paths.

    Raises
    ------
    BootstrapError
        If a file or folder does not exist.
    """
    paths = [path.resolve() for path in inputs] or [project / "resources" / "samples"]
    for path in paths:
        if not path.exists():
            raise BootstrapError(f"There is no '{path}': name files or folders that exist.")
    return [str(path) for path in paths]


def predict_and_draw(environment: Environment, files: Sequence[str], out: Path) -> int:
    """Predict theta, draw digital shadows and picture a few; say where everything is."""
    out.mkdir(parents=True, exist_ok=True)
    prediction_file = out / "prediction.json"
    status, prediction = _predict(environment, files, prediction_file)
    print(describe_theta(prediction), flush=True)
    commands = result_commands(prediction, prediction_file, out)
    for title, arguments in commands:
        print(f"{title} ...", flush=True)
        failed = environment.call(*MODULE, *arguments)
        if failed:
            return failed
    print(
        f"\ntheta     {prediction_file}\n"
        f"shadows   {out / 'shadows'}  (particles, descriptors, summary, OBJ for 3D viewers)\n"
        f"pictures  {out / 'pictures'}  (simulated micrographs of {PICTURES} such aggregates)"
    )
    return status


def result_commands(
    prediction: dict[str, Any], prediction_file: Path, out: Path
) -> list[tuple[str, list[str]]]:
    """Return what follows the prediction: a title and the program's arguments each."""
    theta = [str(prediction["theta"][name]) for name in THETA]
    shadows = ["shadows", "--prediction", str(prediction_file), "--count", str(SHADOWS)]
    shadows += ["--out", str(out / "shadows"), "--obj", "3"]
    pictures = ["simulate", "--theta", *theta, "--count", str(PICTURES)]
    pictures += ["--out", str(out / "pictures")]
    return [
        (f"Drawing {SHADOWS} digital shadows", shadows),
        (f"Simulating {PICTURES} micrographs of such aggregates", pictures),
    ]


THETA = {
    "fractal_dimension": "fractal dimension D_f",
    "mixing_ratio": "mixing ratio (WO3)",
    "theta_0": "primary cluster size WO3",
    "theta_1": "primary cluster size TiO2",
}


def describe_theta(prediction: dict[str, Any]) -> str:
    """Return the predicted parameters as lines for people."""
    values = prediction["theta"]
    intervals = prediction.get("interval_90") or {}
    lines = ["Predicted parameters of the aggregates:"]
    for name, title in THETA.items():
        line = f"  {title:26}{values[name]:.3g}"
        if name in intervals:
            low, high = intervals[name]
            line += f"   (90 % interval {low:.3g} to {high:.3g})"
        lines.append(line)
    return "\n".join(lines)


def _predict(
    environment: Environment, files: Sequence[str], target: Path
) -> tuple[int, dict[str, Any]]:
    print(f"Predicting from {', '.join(files)} ...", flush=True)
    command = [str(environment.python), *MODULE, "predict", *files, "--json"]
    done = subprocess.run(
        command, cwd=environment.project, stdout=subprocess.PIPE, text=True, check=False
    )
    try:
        prediction = json.loads(done.stdout)
        theta = prediction["theta"]
    except (ValueError, KeyError, TypeError):
        theta = None
    if done.returncode > 1 or theta is None:
        raise BootstrapError("The prediction failed: see the lines above.")
    target.write_text(done.stdout, encoding="utf-8")
    return done.returncode, prediction
