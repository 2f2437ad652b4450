"""A prediction as an entry of the session document, and back."""

from dataclasses import asdict
from typing import Any

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.prediction import ImagePrediction, Interval, Prediction
from heteroagg_gui.core.theta import PAPER_CLUSTER_SIZES, Theta
from heteroagg_gui.export.document import as_plain
from heteroagg_gui.workflow.session_file.container import DamagedError
from heteroagg_gui.workflow.session_file.entry import Entry, as_number, as_text, as_whole

_INTERVALS = ("fractal_dimension", "mixing_ratio")
_SIZES = ("theta_0", "theta_1")


def prediction_entry(prediction: Prediction, places: list[int]) -> dict[str, Any]:
    """Return everything that a prediction says.

    Parameters
    ----------
    prediction
        The prediction.
    places
        For each of its images the place among the session's images.
    """
    entry: dict[str, Any] = as_plain(
        {
            "model": prediction.model,
            "system": prediction.system,
            "theta": list(prediction.theta.as_dict().values()),
            "interval_90": prediction.interval_90,
            "probabilities": prediction.probabilities,
            "images": [
                {"image": place, **asdict(image)}
                for place, image in zip(places, prediction.images, strict=True)
            ],
            "draws": [list(draw.as_dict().values()) for draw in prediction.draws],
            "inside_training_range": prediction.inside_training_range,
            "warnings": prediction.warnings,
            "details": prediction.details,
        }
    )
    return entry


def theta_of(value: Any, place: str) -> Theta:
    """Return theta from a list of its four values.

    Raises
    ------
    DamagedError
        If it is none.
    """
    if not isinstance(value, list) or len(value) != len(_INTERVALS) + len(_SIZES):
        raise DamagedError(f"{place} is no theta")
    dimension, ratio = (as_number(number, place) for number in value[:2])
    first, second = (as_whole(number, place) for number in value[2:])
    try:
        return Theta(dimension, ratio, first, second)
    except ParameterError as error:
        raise DamagedError(f"{place} is no theta") from error


def prediction_of(entry: Entry, n_images: int) -> tuple[Prediction, tuple[int, ...]]:
    """Return a prediction, and the places of its images among the session's images.

    Raises
    ------
    DamagedError
        If a value makes no sense.
    """
    images = entry.entries("images")
    places = tuple(image.whole("image", 0, n_images - 1) for image in images)
    if len(set(places)) < len(places):
        raise DamagedError("an image has two estimates")
    draws = entry.values("draws")
    warnings = entry.values("warnings")
    details = entry.raw("details")
    prediction = Prediction(
        model=entry.text("model"),
        theta=theta_of(entry.raw("theta"), "theta"),
        interval_90=_intervals(entry),
        probabilities=_probabilities(entry),
        images=tuple(map(_image, images)),
        draws=tuple(theta_of(draw, f"draws[{k}]") for k, draw in enumerate(draws)),
        inside_training_range=_range(entry),
        warnings=tuple(as_text(warning, "a warning") for warning in warnings),
        details=details if isinstance(details, dict) else {},
        system=entry.text("system"),
    )
    return prediction, places


def _image(entry: Entry) -> ImagePrediction:
    return ImagePrediction(
        fractal_dimension=entry.number("fractal_dimension"),
        mixing_ratio=entry.number("mixing_ratio"),
        n_particles=entry.number("n_particles") if entry.has("n_particles") else None,
        inside_training_range=_range(entry),
        reason=entry.text("reason") if entry.has("reason") else None,
    )


def _range(entry: Entry) -> bool | None:
    return entry.flag("inside_training_range") if entry.has("inside_training_range") else None


def _intervals(entry: Entry) -> dict[str, Interval] | None:
    if not entry.has("interval_90"):
        return None
    intervals = entry.entry("interval_90")
    found = {}
    for name in filter(intervals.has, _INTERVALS):
        low, high = intervals.numbers(name, 2)
        found[name] = (low, high)
    return found


def _probabilities(entry: Entry) -> dict[str, tuple[float, ...]] | None:
    if not entry.has("probabilities"):
        return None
    found = entry.entry("probabilities")
    count = len(PAPER_CLUSTER_SIZES)
    named = filter(found.has, _SIZES)
    return {name: found.numbers(name, count, 0.0, 1.0 + 1e-9) for name in named}
