"""heteroagg simulate: micrographs of aggregates with a known theta."""

import argparse
import json
from pathlib import Path
from typing import Any

from heteroagg_gui.cli.options import add_json, add_option, add_pair, given
from heteroagg_gui.cli.outcome import Outcome
from heteroagg_gui.core.progress import Progress
from heteroagg_gui.workflow.action import Action
from heteroagg_gui.workflow.actions import ACTIONS
from heteroagg_gui.workflow.runner import perform
from heteroagg_gui.workflow.session import Session

SUMMARY = "Simulate HAADF-STEM images of aggregates with a given theta."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    action = ACTIONS["simulate"]
    add_option(parser, action, "theta", required=True)
    where = "Folder for the images, their particles and truth.json; made if it does not exist."
    add_option(parser, action, "folder", "--out", required=True, text=where)
    add_option(parser, action, "count")
    add_option(parser, action, "seed")
    add_option(parser, action, "pixels")
    add_option(parser, action, "pixel_size_nm", "--pixel-size", metavar="NM")
    add_option(parser, action, "size_range")
    add_pair(parser, action, ("radius_mean_nm", "radius_sd_nm"), "--radius", "MEAN SD")
    add_option(parser, action, "dose_e_per_a2", "--dose", metavar="E_PER_A2")
    add_option(parser, action, "scan_noise_nm", "--scan-noise", metavar="NM")
    add_option(parser, action, "focus_offset_nm", "--focus-offset", metavar="NM")
    add_option(parser, action, "voltage_kv", "--voltage", metavar="KV")
    add_option(parser, action, "semi_angle_mrad", "--semi-angle", metavar="MRAD")
    detector = ("detector_inner_mrad", "detector_outer_mrad")
    add_pair(parser, action, detector, "--detector", "INNER OUTER")
    _add_imperfections(parser, action)
    add_option(parser, action, "system")
    add_option(parser, action, "jobs")
    add_json(parser)


def _add_imperfections(parser: argparse.ArgumentParser, action: Action) -> None:
    group = parser.add_argument_group(
        "imperfections of real images", "All off by default; see docs/image-formation.md."
    )
    add_option(group, action, "row_jitter_nm", "--row-jitter", metavar="NM")
    add_pair(group, action, ("drift_x_nm", "drift_y_nm"), "--drift", "X Y")
    add_option(group, action, "flyback_nm", "--flyback", metavar="NM")
    add_option(group, action, "flyback_share", metavar="SHARE")
    add_option(group, action, "support_intensity", "--support", metavar="FRACTION")
    add_pair(group, action, ("support_slope_x", "support_slope_y"), "--support-slope", "X Y")
    add_option(group, action, "support_granularity", metavar="SHARE")
    add_option(group, action, "support_grain_nm", "--support-grain", metavar="NM")
    add_option(group, action, "background_intensity", "--background", metavar="FRACTION")
    add_option(group, action, "neighbours")
    add_option(group, action, "detector_gain_counts", "--gain", metavar="COUNTS")
    add_option(group, action, "detector_offset_counts", "--offset", metavar="COUNTS")
    add_option(group, action, "saturation_counts", "--saturation", metavar="COUNTS")
    add_option(group, action, "quantisation_bits", "--bits", metavar="N")


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Simulate and write the images."""
    values = given(vars(arguments), ACTIONS["simulate"])
    perform(Session(), "simulate", {**values, "add": False}, progress)
    folder = Path(values["folder"])
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    cut = [image["file"] for image in truth["images"] if image["reaches_beyond_frame"]]
    notes = (_cut_note(cut),) if cut else ()
    return Outcome({"out": str(folder), **truth}, lambda: _text(folder, truth), notes=notes)


def _cut_note(cut: list[str]) -> str:
    return (
        f"The aggregates of {len(cut)} images reach beyond the frame, the first in {cut[0]}: "
        "take more or larger pixels to see them whole."
    )


def _text(folder: Path, truth: dict[str, Any]) -> str:
    return f"{len(truth['images'])} images, their particles and truth.json written to {folder}"
