"""Predicting theta from the images of one group."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from heteroagg_gui.core.errors import MicrographError, ParameterError
from heteroagg_gui.core.micrograph import SYSTEM_ENTRY, Micrograph
from heteroagg_gui.core.prediction import Prediction
from heteroagg_gui.core.progress import Progress, no_progress, part_of
from heteroagg_gui.workflow.action import Action, Parameter, Steps
from heteroagg_gui.workflow.materials import system_or_stand_in
from heteroagg_gui.workflow.predictors import Predictor, load_predictor_named, robust_companion
from heteroagg_gui.workflow.state import BatchItem, ItemStatus, SessionState
from heteroagg_gui.workflow.values import Kind

DEVICES = ("auto", "cpu", "cuda", "mps")
NOTHING_TO_PREDICT = (
    "There is no image to predict from: open micrographs, or give their pixel size."
)


def _predict(state: SessionState, values: Mapping[str, Any], progress: Progress) -> Steps:
    group = values["group"] or _group_at_hand(state)
    if not state.usable_in(group):
        raise ParameterError(NOTHING_TO_PREDICT)
    progress(0.0, "Loading the network")
    predictor = load_predictor_named(values["model"], values["device"])
    settings = replace(state.settings, model=values["model"], device=values["device"])
    rest = part_of(progress, 0.1, 1.0)
    try:
        prediction = predictor.predict(_images(state.usable_in(group)), rest)
    except MicrographError:
        state = _refuse_unfit(state, group, predictor, rest)
        yield state
        if not state.usable_in(group):
            return
        prediction = predictor.predict(_images(state.usable_in(group)), rest)
    if not values["model"]:
        prediction = _best_suited(prediction, state.usable_in(group), values["device"], progress)
    yield replace(
        state.without_prediction(),
        prediction=_with_doubt(prediction, state.usable_in(group)),
        prediction_keys=tuple(item.key for item in state.usable_in(group)),
        settings=settings,
    )


def _best_suited(
    clean: Prediction, items: Sequence[BatchItem], device: str, progress: Progress
) -> Prediction:
    """Ask the network for imperfect images where the images are unlike clean ones."""
    name = robust_companion(clean.model) if clean.is_unusual else None
    if name is None:
        return clean
    progress(0.9, f"Asking the network '{name}'")
    robust = load_predictor_named(name, device).predict(_images(items), no_progress)
    if _unlike(robust) >= _unlike(clean):
        return clean
    notice = (
        f"{_unlike(clean)} of {len(clean.images)} images are unlike the clean ones that "
        f"'{clean.model}' learnt from: '{name}', which learnt from imperfect images, was used."
    )
    return replace(robust, warnings=(notice, *robust.warnings))


def _unlike(prediction: Prediction) -> int:
    return sum(image.is_unusual for image in prediction.images)


def _with_doubt(prediction: Prediction, items: Sequence[BatchItem]) -> Prediction:
    """Warn where images say that they show other materials than the network was trained for."""
    stated = [system for image in _images(items) if (system := image.metadata.get(SYSTEM_ENTRY))]
    others = [system for system in stated if system != prediction.system]
    if not others:
        return prediction
    shown, trained = (system_or_stand_in(name).name for name in (others[0], prediction.system))
    count = f"{len(others)} of {len(items)} images show" if len(items) > 1 else "The image shows"
    warning = (
        f"{count} {shown}, but the network was trained for {trained}: its answer means nothing "
        "for them."
    )
    return replace(
        prediction, inside_training_range=False, warnings=(warning, *prediction.warnings)
    )


def _images(items: Iterable[BatchItem]) -> list[Micrograph]:
    return [item.micrograph for item in items if item.micrograph is not None]


def _refuse_unfit(
    state: SessionState, group: str, predictor: Predictor, progress: Progress
) -> SessionState:
    """Refuse the images that the network can't take, so that the others go on."""
    reasons: dict[int, str] = {}
    items = state.usable_in(group)
    for done, item in enumerate(items):
        progress(done / len(items), f"Checking {item.name}")
        try:
            predictor.predict(_images([item]), no_progress)
        except MicrographError as error:
            reasons[item.key] = str(error)
        except ParameterError:
            continue  # fit for a network that reads sets; one image is too few for it
    return state.change_items(
        reasons,
        lambda item: replace(item, status=ItemStatus.REFUSED, reason=reasons[item.key]),
    )


def _group_at_hand(state: SessionState) -> str:
    """Return the group of the selected image, or the first one with a usable image."""
    selected = state.selected_item
    if selected is not None and state.usable_in(selected.group):
        return selected.group
    return next((item.group for item in state.usable_items), "")


PREDICT = Action(
    name="predict",
    title="Predict",
    help="Estimate theta from the images of a group.",
    parameters=(
        Parameter(
            "model",
            "Network",
            Kind.TEXT,
            "",
            help="Name of the network; empty for the default one, or its robust companion where "
            "images are unlike clean ones.",
            setting="model",
        ),
        Parameter(
            "device",
            "Device",
            Kind.CHOICE,
            "auto",
            help="Where the network runs; auto takes a graphics card if there is one.",
            choices=DEVICES,
            setting="device",
        ),
        Parameter(
            "group",
            "Group",
            Kind.TEXT,
            "",
            help="Sample to predict; empty for the group of the selected image.",
        ),
    ),
    run=_predict,
    shortcut="Ctrl+R",
    command="predict",
    undoable=False,
)
