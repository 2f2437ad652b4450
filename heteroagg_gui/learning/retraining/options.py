"""The options of ``heteroagg retrain``; needs no torch."""

import argparse
import time
from pathlib import Path

SUMMARY = "Make a network for other materials, sizes or microscopes from a plan."
TRIAL_S = 10.0
PROCESS_BEGAN = time.time()
"""About when this process was started, in s since 1970."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "plan", type=Path, nargs="?", metavar="PLAN.json", help="Plan that the window saved."
    )
    _add_questions(parser)
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="Folder of the training, the network in DIR/network; with --samples that of the "
        "images.",
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="Go on with the training in DIR, on a processor to the same end bit for bit.",
    )
    parser.add_argument(
        "--finish",
        action="store_true",
        help="Take the per-image network in DIR as it is now and do the rest.",
    )
    parser.add_argument(
        "--device",
        metavar="NAME",
        help="Where to compute: auto, cpu, cuda, cuda:1, ... or mps [default the plan's].",
    )
    parser.add_argument(
        "--jobs",
        type=int,
        metavar="N",
        help="Processes that simulate images, 0 to do it in between [default the plan's].",
    )
    parser.add_argument(
        "--dask", metavar="ADDRESS", help="Let the workers of a Dask cluster simulate instead."
    )
    parser.add_argument(
        "--start",
        metavar="NAME",
        help="Network to begin with, or its folder, instead of the one of the plan's name.",
    )


def _add_questions(parser: argparse.ArgumentParser) -> None:
    """Declare what can be asked for instead of a training."""
    question = parser.add_mutually_exclusive_group()
    question.add_argument(
        "--trial",
        type=float,
        nargs="?",
        const=TRIAL_S,
        metavar="S",
        help="Measure for about S seconds how long the plan will take here and end "
        f"[default {TRIAL_S:g} s].",
    )
    question.add_argument(
        "--samples", type=int, metavar="N", help="Write N images as the training sees them to DIR."
    )
    question.add_argument(
        "--devices", action="store_true", help="List what a training can run on here."
    )
