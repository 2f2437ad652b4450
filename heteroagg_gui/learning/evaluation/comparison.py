"""The whole evaluation: every figure and table that applies, as one plain document."""

from collections.abc import Sequence
from typing import Any

import heteroagg_gui
from heteroagg_gui.core.progress import Progress, no_progress, part_of
from heteroagg_gui.learning.baselines.calibration import Calibration
from heteroagg_gui.learning.dataset.reading import DataSet
from heteroagg_gui.learning.evaluation.estimator import Estimator
from heteroagg_gui.learning.evaluation.evidence import EvaluationSettings, Evidence, gather
from heteroagg_gui.learning.evaluation.image_errors import (
    Measured,
    confusion_table,
    error_scatter,
    image_rows,
)
from heteroagg_gui.learning.evaluation.model_scatter import (
    cluster_sizes,
    hetero_coordination,
    preset_against_actual,
)
from heteroagg_gui.learning.evaluation.paper_values import (
    ARCHITECTURES,
    BOX_COUNTING_A,
    BOX_COUNTING_B,
    ROWS,
)
from heteroagg_gui.learning.evaluation.set_errors import (
    COLUMNS,
    errors_by_size,
    errors_by_value,
    set_rows,
)
from heteroagg_gui.learning.evaluation.shadow_errors import ShadowComparison, comparable

FORMAT = 1
NO_VALUE = "Too few of the images or sets have such a value."


def evaluate(
    data: DataSet,
    estimators: Sequence[Estimator],
    settings: EvaluationSettings,
    calibration: Calibration | None = None,
    progress: Progress = no_progress,
) -> dict[str, Any]:
    """Evaluate estimators on the same images and sets.

    Parameters
    ----------
    data
        A data set; only its evaluation part is predicted.
    estimators
        Networks, classical methods, the oracle; their names must differ.
    settings
        How much is evaluated.
    calibration
        Constants of the classical methods, stated beside the paper's.
    progress
        Receives the share done; may raise to end early.

    Returns
    -------
    dict
        What metrics.json holds, see docs/evaluation.md: ``rows`` of the comparison with the
        paper, ``figures`` by their number in the paper, ``tables``. The same for the same
        data, settings and estimators, but for the run times in ``tables["6"]``.
    """
    evidence = gather(data, estimators, settings, part_of(progress, 0.0, 0.6))
    measured = {
        estimator.name: image_rows(evidence, estimator.name) | set_rows(evidence, estimator.name)
        for estimator in estimators
    }
    figures = _figures(evidence, part_of(progress, 0.6, 0.75))
    shadows = _add_shadows(evidence, measured, part_of(progress, 0.75, 1.0))
    return {
        "format": FORMAT,
        "program_version": heteroagg_gui.__version__,
        "evaluated_on": _description(evidence),
        "estimators": {e.name: {"title": e.title} for e in estimators},
        "rows": [_row(row, measured, estimators) for row in ROWS],
        "figures": figures | {"14": shadows},
        "tables": {"4": confusion_table(evidence), "6": _architectures(evidence, measured)},
        "calibration": _calibration(calibration),
    }


def _description(evidence: Evidence) -> dict[str, Any]:
    plan = evidence.data.plan
    return {
        "data": plan.name,
        "images": len(evidence.images),
        "sets": len(evidence.groups),
        "images_per_set": evidence.images_per_set,
        "largest_set": int(evidence.groups.shape[1]),
        "parameter_vectors": len(set(evidence.set_clusters.tolist())),
        "evaluation_images_in_data": len(evidence.data.evaluation),
        "pixel_size_nm": plan.frame.pixel_size_nm,
        "dose_e_per_a2": plan.microscope.dose_e_per_a2,
        "seed": evidence.settings.seed,
    }


def _figures(evidence: Evidence, progress: Progress) -> dict[str, Any]:
    settings, data = evidence.settings, evidence.data
    parameters = data.plan.aggregation
    drawing = (parameters, settings.population, settings.seed, settings.jobs)
    figures: dict[str, Any] = {
        "4": preset_against_actual(data, data.evaluation, settings.seed),
        "5": cluster_sizes(*drawing),
        "17": hetero_coordination(*drawing),
        "9": errors_by_size(evidence, progress),
        "10a": error_scatter(evidence, "fractal_dimension", "fractal_dimension"),
        "11b": error_scatter(evidence, "mixing_ratio", "mixing_ratio"),
        "16a": error_scatter(evidence, "fractal_dimension", "n_particles"),
        "16b": error_scatter(evidence, "mixing_ratio", "n_particles"),
    }
    for number, quantity in zip(("10b", "11c", "12", "13"), COLUMNS, strict=True):
        figures[number] = errors_by_value(evidence, quantity)
    return figures


def _add_shadows(
    evidence: Evidence, measured: dict[str, Measured], progress: Progress
) -> dict[str, Any]:
    names = comparable(evidence)
    if not names:
        return {}
    comparison = ShadowComparison(evidence)
    share = 1.0 / (len(names) + 2)
    comparison.true_populations(part_of(progress, 0.0, share))
    found = {}
    for k, name in enumerate(names, start=1):
        part = part_of(progress, k * share, (k + 1) * share)
        rows, found[name] = comparison.compare(name, part)
        measured[name] |= rows
    return {
        "parameter_vectors": len(comparison.sets),
        "shadows_each": evidence.settings.shadows,
        "examples": found,
        "same_theta_again": comparison.floor(part_of(progress, 1.0 - share, 1.0)),
    }


def _row(
    row: Any, measured: dict[str, Measured], estimators: Sequence[Estimator]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for estimator in estimators:
        found = measured[estimator.name].get(row.key)
        reason = estimator.reasons.get(row.quantity, NO_VALUE)
        values[estimator.name] = found if found is not None else {"reason": reason}
    return {
        "key": row.key,
        "title": row.title,
        "group": row.group,
        "paper": row.paper,
        "place": row.place,
        "paper_classical": dict(row.classical),
        "share": row.shares,
        "values": values,
    }


def _architectures(evidence: Evidence, measured: dict[str, Measured]) -> dict[str, Any]:
    found = [
        {
            "name": estimator.name,
            "ms_per_image": estimator.cost.ms_per_image,
            "d_f_mae": measured[estimator.name]["d_f_mae"],
        }
        for estimator in evidence.estimators
        if "d_f_mae" in measured[estimator.name]
    ]
    paper = [{"name": n, "relative_run_time": t, "d_f_mae": e} for n, t, e in ARCHITECTURES]
    return {"found": found, "paper": paper}


def _calibration(calibration: Calibration | None) -> dict[str, Any] | None:
    if calibration is None:
        return None
    return {
        "a": calibration.box_counting.a,
        "b": calibration.box_counting.b,
        "paper_a": BOX_COUNTING_A,
        "paper_b": BOX_COUNTING_B,
        "images": calibration.images,
    }
