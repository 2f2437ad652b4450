"""What a session holds, as the command line tells it."""

from dataclasses import asdict

from heteroagg_gui.export.document import as_plain
from heteroagg_gui.workflow.documents import (
    Document,
    image_entries,
    prediction_document,
    readable,
)
from heteroagg_gui.workflow.state import SessionState


def session_document(state: SessionState) -> Document:
    """Return images, settings, prediction and shadows of an open session as plain values.

    The images come with what became of their files, and with the estimates of the
    prediction, if there is one.
    """
    images = [
        {**entry, "group": item.group, "included": item.included, "stored": item.path is None}
        for entry, item in zip(image_entries(state, of_all_groups=True), state.items, strict=True)
    ]
    prediction = None
    if state.prediction is not None:
        prediction = prediction_document(state)
        del prediction["images"]
    document: Document = as_plain(
        {
            "file": readable(state.file.path) if state.file is not None else None,
            "images": images,
            "settings": asdict(state.settings),
            "prediction": prediction,
            "shadows": _shadows(state),
        }
    )
    return document


def _shadows(state: SessionState) -> Document | None:
    from heteroagg_gui.shadow.summary import summarise

    population = state.shadows
    if population is None:
        return None
    return {
        "count": len(population),
        "seed": population.seed,
        "system": population.system,
        "of_given_theta": state.shadows_of_given_theta,
        "summary": summarise(population),
    }
