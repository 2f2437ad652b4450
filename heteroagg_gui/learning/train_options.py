"""The options of ``heteroagg train``; needs no torch."""

import argparse
from pathlib import Path

SUMMARY = "Train a network on stored or endless simulated images."
PAPER_KEYS = ("Df", "rho-class", "rho-reg", "theta0", "theta1")
NETWORKS = (*PAPER_KEYS, "paper", "compact")
UPDATES_PER_EPOCH = 500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--data", type=Path, metavar="DIR", help="Training data made by 'heteroagg generate'."
    )
    source.add_argument(
        "--on-the-fly",
        action="store_true",
        help="Simulate images while the network learns; an epoch is 500 updates.",
    )
    parser.add_argument(
        "--network",
        choices=NETWORKS,
        required=True,
        help="One of the paper's five networks, 'paper' for all of them in turn, or 'compact'.",
    )
    parser.add_argument(
        "--features",
        choices=("basic", "inception", "resnet"),
        default="basic",
        help="Subnetwork f of a paper network [default basic].",
    )
    _add_place(parser)
    _add_recipe(parser)


def _add_place(parser: argparse.ArgumentParser) -> None:
    """Declare where and how long to train."""
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="Folder of the trained network."
    )
    parser.add_argument(
        "--device",
        choices=("auto", "cpu", "cuda", "mps"),
        default="auto",
        help="Where to compute [default auto].",
    )
    length = parser.add_mutually_exclusive_group(required=True)
    length.add_argument(
        "--epochs", type=int, metavar="N", help="Passes over the data of each network, in all."
    )
    length.add_argument(
        "--minutes", type=float, metavar="M", help="Minutes of this call, shared by the networks."
    )
    parser.add_argument(
        "--jobs", type=int, default=1, metavar="N", help="Processes that simulate [default 1]."
    )
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="Seed [default 1].")
    parser.add_argument(
        "--resume", action="store_true", help="Go on with the training in the folder, exactly."
    )


def _add_recipe(parser: argparse.ArgumentParser) -> None:
    """Declare how weights are updated."""
    parser.add_argument(
        "--batch",
        type=int,
        metavar="N",
        help="Evaluations per update and process [default the paper's: 16, or 8 sets].",
    )
    parser.add_argument(
        "--learning-rate", type=float, default=1e-4, metavar="X", help="Of Adam [default 0.0001]."
    )
    parser.add_argument(
        "--falling", action="store_true", help="Let the learning rate fall to zero in the end."
    )
    parser.add_argument(
        "--patience", type=int, metavar="N", help="End after N epochs without improvement."
    )
    parser.add_argument(
        "--right-angles",
        action="store_true",
        help="Rotate training images by multiples of 90 degrees only.",
    )
