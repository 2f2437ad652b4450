"""Command lines that run a plan: on one machine, on a Dask cluster, on several graphics cards."""

import shlex
from collections.abc import Mapping
from pathlib import PurePath
from types import MappingProxyType
from typing import Final

from heteroagg_gui.learning.retraining.plan import RetrainingPlan
from heteroagg_gui.learning.retraining.plan_file import PLAN_SUFFIX

WAYS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "machine": "For one machine",
        "dask": "For a Dask cluster",
        "torchrun": "For several graphics cards (torchrun)",
    }
)
"""Where a plan can be run, with what people call it."""

SCHEDULER = "tcp://SCHEDULER:8786"
ALL_CARDS = "gpu"
_MODULE = "heteroagg_gui.learning.retraining.command"


def plan_file_name(plan: RetrainingPlan) -> str:
    """Return the usual name of the file of a plan."""
    return f"{plan.name}{PLAN_SUFFIX}"


def retrain_command(plan: RetrainingPlan, way: str = "machine", file: str = "") -> str:
    """Return the command line that runs a plan.

    Parameters
    ----------
    plan
        Decides names, device and processes.
    way
        One of :data:`WAYS`.
    file
        Where the plan is saved; its usual name if empty.
    """
    file = file or plan_file_name(plan)
    out = PurePath(file).name.removesuffix(PLAN_SUFFIX).removesuffix(".json") or plan.name
    words = [file, "--out", out, "--resume"]
    if way == "torchrun":
        start = ["torchrun", "--standalone", f"--nproc-per-node={ALL_CARDS}", "-m", _MODULE]
        return shlex.join([*start, *words])
    if way == "dask":
        words += ["--dask", SCHEDULER]
    if plan.device != "auto":
        words += ["--device", plan.device]
    return shlex.join(["heteroagg", "retrain", *words])
