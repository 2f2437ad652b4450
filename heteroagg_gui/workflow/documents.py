"""The JSON document of a prediction: what the command prints and the window exports."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from heteroagg_gui.core.errors import ParameterError, ResourceError
from heteroagg_gui.core.materials import DEFAULT_SYSTEM
from heteroagg_gui.core.prediction import ImagePrediction, Interval, Prediction
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.export.document import as_plain, write_json
from heteroagg_gui.workflow.state import BatchItem, ItemStatus, SessionState

Document = dict[str, Any]


def as_json(document: Any) -> str:
    """Return a document as plain ASCII, which every terminal and JSON reader takes."""
    return json.dumps(as_plain(document), indent=2, allow_nan=False)


def readable(path: Path) -> str:
    """Return a path as text, with replacement characters where its bytes are none."""
    return os.fsencode(path).decode("utf-8", "replace")


def image_entries(state: SessionState, *, of_all_groups: bool = False) -> list[Document]:
    """Return one entry per file of the groups that belong to the prediction, or of all."""
    estimates: dict[int, ImagePrediction] = {}
    if state.prediction is not None:
        estimates = dict(zip(state.prediction_keys, state.prediction.images, strict=True))
    groups = {item.group for item in state.items if item.key in estimates}
    return [
        _entry(item, estimates.get(item.key))
        for item in state.items
        if of_all_groups or not groups or item.group in groups
    ]


def _entry(item: BatchItem, estimate: ImagePrediction | None) -> Document:
    entry: Document = {
        "file": readable(item.path) if item.path is not None else item.name,
        "status": "ok",
        "pixel_size_nm": item.pixel_size_nm,
        "fractal_dimension": None,
        "mixing_ratio": None,
        "n_particles": None,
        "inside_training_range": None,
        "reason": item.reason,
    }
    if item.status is not ItemStatus.READY:
        entry["status"] = "refused"
    elif not item.included:
        entry["status"] = "excluded"
    if estimate is not None:
        entry["fractal_dimension"] = estimate.fractal_dimension
        entry["mixing_ratio"] = estimate.mixing_ratio
        entry["n_particles"] = estimate.n_particles
        entry["inside_training_range"] = estimate.inside_training_range
        entry["reason"] = estimate.reason or item.reason
    return entry


def prediction_document(state: SessionState) -> Document:
    """Return the prediction of a session with what became of each file.

    Raises
    ------
    ParameterError
        If there is no prediction.
    """
    prediction = state.prediction
    if prediction is None:
        raise ParameterError("There is no prediction to write: predict first.")
    document: Document = {
        "model": prediction.model,
        "images": image_entries(state),
        "theta": prediction.theta.as_dict(),
        "interval_90": prediction.interval_90,
        "probabilities": prediction.probabilities,
        "inside_training_range": prediction.inside_training_range,
        "warnings": prediction.warnings,
        "system": prediction.system,
    }
    if prediction.draws:
        document["draws"] = [list(theta.as_dict().values()) for theta in prediction.draws]
    cleaned: Document = as_plain(document)
    return cleaned


def write_prediction(path: Path, state: SessionState) -> None:
    """Write the prediction of a session as JSON."""
    write_json(path, prediction_document(state))


def read_prediction(path: Path) -> Prediction:
    """Read a prediction written before; its per-image estimates are left out.

    Raises
    ------
    ResourceError
        If the file is missing or no such document.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return Prediction(
            model=str(document.get("model", "")),
            theta=_theta(document["theta"]),
            interval_90=_intervals(document.get("interval_90")),
            probabilities=_probabilities(document.get("probabilities")),
            images=(),
            draws=tuple(Theta(*draw) for draw in document.get("draws") or ()),
            inside_training_range=_range(document.get("inside_training_range", True)),
            warnings=tuple(str(warning) for warning in document.get("warnings") or ()),
            system=str(document.get("system") or DEFAULT_SYSTEM),
        )
    except OSError as error:
        raise ResourceError(
            f"The prediction '{path}' can't be read ({error.strerror or error}): check the path."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, ParameterError) as error:
        raise ResourceError(
            f"The file '{path}' holds no prediction: "
            "give a file that 'heteroagg predict --json' printed."
        ) from error


def _theta(entry: Mapping[str, Any]) -> Theta:
    return Theta(
        float(entry["fractal_dimension"]),
        float(entry["mixing_ratio"]),
        int(entry["theta_0"]),
        int(entry["theta_1"]),
    )


def _range(value: Any) -> bool | None:
    return None if value is None else bool(value)


def _intervals(entry: Mapping[str, Any] | None) -> dict[str, Interval] | None:
    if entry is None:
        return None
    return {name: (float(low), float(high)) for name, (low, high) in entry.items()}


def _probabilities(entry: Mapping[str, Any] | None) -> dict[str, tuple[float, ...]] | None:
    if entry is None:
        return None
    return {name: tuple(float(p) for p in values) for name, values in entry.items()}
