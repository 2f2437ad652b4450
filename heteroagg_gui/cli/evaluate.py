"""heteroagg evaluate: networks and classical methods beside the paper's figures."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heteroagg_gui.cli.options import add_json
from heteroagg_gui.cli.outcome import Outcome
from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.progress import Progress, part_of, with_time_left
from heteroagg_gui.export.document import write_json
from heteroagg_gui.workflow.places import cache_folder
from heteroagg_gui.workflow.predictors import find_model
from heteroagg_gui.workflow.results import check_folder

if TYPE_CHECKING:
    from heteroagg_gui.learning.dataset.reading import DataSet
    from heteroagg_gui.learning.evaluation.estimator import Estimator
    from heteroagg_gui.learning.evaluation.evidence import EvaluationSettings

SUMMARY = "Evaluate networks and classical methods on simulated images, beside the paper."
USUAL_SETS, QUICK_SETS = 200, 24
USUAL_ORACLE, QUICK_ORACLE = 4000, 800
METRICS, REPORT = "metrics.json", "report.html"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    _add_subjects(parser)
    _add_extent(parser)
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="DIR",
        help=f"Folder for {METRICS} and {REPORT}; made if it does not exist.",
    )
    add_json(parser)


def _add_subjects(parser: argparse.ArgumentParser) -> None:
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument(
        "--model",
        action="append",
        metavar="NAME",
        help="Network to evaluate, or its folder; may be given again. [default: the usual one]",
    )
    chosen.add_argument(
        "--no-model",
        action="store_true",
        help="Evaluate the classical methods and the 3D oracle alone.",
    )
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="Data made by 'heteroagg generate'; only their evaluation part is used. "
        "[default: images are simulated and kept for the next time]",
    )


def _add_extent(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--sets",
        type=int,
        metavar="N",
        help="Sets of images, each of one parameter vector; 2 or more "
        f"[default {USUAL_SETS}; {QUICK_SETS} with --quick]",
    )
    parser.add_argument(
        "--quick", action="store_true", help="A first look: fewer images, sets and shadows."
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=1,
        metavar="N",
        help="Seed of images, sets and shadows [default 1]",
    )
    parser.add_argument(
        "--jobs",
        type=int,
        default=1,
        metavar="N",
        help="Processes that simulate images and threads that draw aggregates [default 1]",
    )
    parser.add_argument(
        "--device",
        choices=("auto", "cpu", "cuda", "mps"),
        default="auto",
        help="Where networks compute [default auto]",
    )


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Evaluate and write metrics and report."""
    from heteroagg_gui.learning.baselines.calibration import load_calibration
    from heteroagg_gui.learning.evaluation.comparison import evaluate
    from heteroagg_gui.learning.evaluation.report.page import write_report

    check_folder(arguments.out)
    settings = _settings(arguments)
    estimators = _estimators(arguments)
    timed = with_time_left(progress)
    data = _data(arguments, settings, part_of(timed, 0.0, 0.3))
    document = evaluate(data, estimators, settings, load_calibration(), part_of(timed, 0.3, 0.97))
    write_json(arguments.out / METRICS, document)
    stored = json.loads((arguments.out / METRICS).read_text(encoding="utf-8"))
    write_report(stored, arguments.out / REPORT, part_of(timed, 0.97, 1.0))
    return Outcome({"out": str(arguments.out), **_brief(stored)}, lambda: _text(stored, arguments))


def _settings(arguments: argparse.Namespace) -> "EvaluationSettings":
    from heteroagg_gui.learning.evaluation.evidence import EvaluationSettings

    sets = arguments.sets
    if sets is None:
        sets = QUICK_SETS if arguments.quick else USUAL_SETS
    settings = EvaluationSettings(sets=sets, seed=arguments.seed, jobs=arguments.jobs)
    return settings.quick() if arguments.quick else settings


def _estimators(arguments: argparse.Namespace) -> "list[Estimator]":
    from heteroagg_gui.learning.baselines.calibration import load_calibration
    from heteroagg_gui.learning.evaluation.classical_estimators import classical_estimators
    from heteroagg_gui.learning.evaluation.network_estimators import load_estimator
    from heteroagg_gui.learning.evaluation.oracle_estimator import OracleEstimator

    names = [] if arguments.no_model else arguments.model or [""]
    networks = [load_estimator(find_model(name), arguments.device) for name in names]
    oracle = OracleEstimator(QUICK_ORACLE if arguments.quick else USUAL_ORACLE)
    found = [*networks, *classical_estimators(load_calibration()), oracle]
    taken = [estimator.name for estimator in found]
    for name in taken:
        if taken.count(name) > 1:
            raise ParameterError(f"'{name}' is asked for twice: give each network once.")
    return found


def _data(
    arguments: argparse.Namespace, settings: "EvaluationSettings", progress: Progress
) -> "DataSet":
    from heteroagg_gui.learning.dataset.generation import generate
    from heteroagg_gui.learning.dataset.reading import open_dataset
    from heteroagg_gui.learning.evaluation.own_data import evaluation_plan, folder_name

    if arguments.data is not None:
        return open_dataset(arguments.data)
    plan = evaluation_plan(settings.sets, settings.largest_set, settings.seed)
    folder = cache_folder() / folder_name(plan)
    return generate(plan, folder, jobs=settings.jobs, progress=progress)


def _brief(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document without what only figures need."""
    kept = ("program_version", "evaluated_on", "estimators", "rows", "tables", "calibration")
    return {key: document[key] for key in kept}


def _text(document: dict[str, Any], arguments: argparse.Namespace) -> str:
    names = list(document["estimators"])
    wide = max(len(row["title"]) for row in document["rows"]) + 2
    lines = [f"{'':<{wide}}{'paper':>10}" + "".join(f"{name:>14}" for name in names)]
    for row in document["rows"]:
        values = (row["values"][name].get("value") for name in names)
        cells = "".join(f"{_number(value):>14}" for value in values)
        lines.append(f"{row['title']:<{wide}}{_number(row['paper']):>10}{cells}")
    lines += ["", f"{METRICS} and {REPORT} written to {arguments.out}"]
    return "\n".join(lines)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
