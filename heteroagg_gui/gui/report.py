"""A prediction as text to paste: for people, and as comma-separated values."""

import csv
import io

from heteroagg_gui.core.prediction import RANGE_WORDS, Prediction
from heteroagg_gui.gui.material_look import look_named
from heteroagg_gui.gui.symbols import ThetaQuantity, theta_quantities
from heteroagg_gui.workflow.state import SessionState


def number(quantity: ThetaQuantity, value: float) -> str:
    """Write a component of theta with the digits that mean something."""
    return f"{value:.0f}" if quantity.key in ("theta_0", "theta_1") else f"{value:.2f}"


def _doubt(prediction: Prediction, quantity: ThetaQuantity) -> str:
    if prediction.interval_90 and quantity.key in prediction.interval_90:
        low, high = prediction.interval_90[quantity.key]
        return f"  (90 % interval {low:.2f} to {high:.2f})"
    if prediction.probabilities and quantity.key in prediction.probabilities:
        shares = prediction.probabilities[quantity.key]
        words = ", ".join(f"{k + 1}: {100 * p:.0f} %" for k, p in enumerate(shares))
        return f"  ({words})"
    return "  (point estimate)"


def as_text(state: SessionState) -> str:
    """Return the prediction as lines of text."""
    prediction = state.prediction
    if prediction is None:
        return ""
    lines = [f"Prediction by {prediction.model} from {len(prediction.images)} images"]
    for quantity in theta_quantities(look_named(prediction.system).names):
        value = number(quantity, getattr(prediction.theta, quantity.key))
        lines.append(f"{quantity.title} {quantity.plain} = {value}{_doubt(prediction, quantity)}")
    lines.append(f"{RANGE_WORDS[prediction.inside_training_range]}.")
    lines += prediction.warnings
    return "\n".join(lines) + "\n"


ESTIMATE_COLUMNS = (
    "image",
    "fractal_dimension",
    "mixing_ratio",
    "n_particles",
    "theta_0",
    "theta_1",
    "inside_training_range",
)


def as_csv(state: SessionState) -> str:
    """Return the estimates of every image and of the set, one row each, with a header."""
    prediction = state.prediction
    if prediction is None:
        return ""
    names = {item.key: item.name for item in state.items}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(ESTIMATE_COLUMNS)
    for key, image in zip(state.prediction_keys, prediction.images, strict=False):
        count = "" if image.n_particles is None else image.n_particles
        writer.writerow(
            [
                names.get(key, key),
                image.fractal_dimension,
                image.mixing_ratio,
                count,
                "",
                "",
                image.inside_training_range,
            ]
        )
    theta = prediction.theta
    writer.writerow(
        [
            "all",
            theta.fractal_dimension,
            theta.mixing_ratio,
            "",
            theta.theta_0,
            theta.theta_1,
            prediction.inside_training_range,
        ]
    )
    return out.getvalue()
