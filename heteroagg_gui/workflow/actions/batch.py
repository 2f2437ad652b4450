"""Changes to the items of the batch."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.progress import Progress
from heteroagg_gui.workflow.action import Action, Parameter
from heteroagg_gui.workflow.state import BatchItem, ItemStatus, SessionState
from heteroagg_gui.workflow.values import Kind

_KEYS = Parameter(
    "keys",
    "Images",
    Kind.KEYS,
    required=True,
    help="The items of the batch, by their keys.",
)


def _remove(state: SessionState, values: Mapping[str, Any], _progress: Progress) -> SessionState:
    kept = tuple(item for item in state.items if item.key not in values["keys"])
    if len(kept) == len(state.items):
        return state
    selected = _nearest_kept(state, {item.key for item in kept})
    return replace(state.with_items(kept), selected_key=selected)


def _nearest_kept(state: SessionState, kept: set[int]) -> int | None:
    """Return the selected item, or the one after it, or the one before it."""
    keys = [item.key for item in state.items]
    if state.selected_key not in keys:
        return None
    place = keys.index(state.selected_key)
    order = [*keys[place:], *reversed(keys[:place])]
    return next((key for key in order if key in kept), None)


def _include(state: SessionState, values: Mapping[str, Any], _progress: Progress) -> SessionState:
    included = values["included"]
    keys = {i.key for i in state.items if i.key in values["keys"] and i.included != included}
    return state.change_items(keys, lambda item: replace(item, included=included))


def _set_group(state: SessionState, values: Mapping[str, Any], _progress: Progress) -> SessionState:
    group = values["group"].strip()
    if not group:
        raise ParameterError("A group needs a name: give one or more letters.")
    keys = {i.key for i in state.items if i.key in values["keys"] and i.group != group}
    return state.change_items(keys, lambda item: replace(item, group=group))


def calibrate(item: BatchItem, pixel_size_nm: float) -> BatchItem:
    """Return the item with the pixel size in nm that the user gave."""
    if item.micrograph is None:
        return item
    micrograph = replace(item.micrograph, pixel_size_nm=pixel_size_nm)
    return replace(item, micrograph=micrograph, status=ItemStatus.READY, reason=None, saved=None)


def _set_pixel_size(
    state: SessionState, values: Mapping[str, Any], _progress: Progress
) -> SessionState:
    size = values["pixel_size_nm"]
    keys = {
        item.key
        for item in state.items
        if item.key in values["keys"]
        and item.micrograph is not None
        and item.micrograph.pixel_size_nm != size
    }
    return state.change_items(keys, lambda item: calibrate(item, size))


REMOVE = Action(
    name="remove",
    title="Remove",
    help="Take images out of the batch; their files stay where they are.",
    parameters=(_KEYS,),
    run=_remove,
    shortcut="Del",
)

INCLUDE = Action(
    name="include",
    title="Include",
    help="Choose whether images take part in the prediction.",
    parameters=(
        _KEYS,
        Parameter("included", "Included", Kind.FLAG, True, help="Whether they take part."),
    ),
    run=_include,
    shortcut="Space",
)

SET_GROUP = Action(
    name="set_group",
    title="Set group...",
    help="Sort images by sample: a prediction is made from the images of one group.",
    parameters=(
        _KEYS,
        Parameter("group", "Group", Kind.TEXT, required=True, help="Name of the sample."),
    ),
    run=_set_group,
)

SET_PIXEL_SIZE = Action(
    name="set_pixel_size",
    title="Set pixel size...",
    help="Give the pixel size of images whose files do not state it, or state it wrongly.",
    parameters=(
        _KEYS,
        Parameter(
            "pixel_size_nm",
            "Pixel size",
            Kind.NUMBER,
            unit="nm",
            minimum=0.001,
            maximum=1000.0,
            required=True,
            help="Edge of a square pixel in nm.",
        ),
    ),
    run=_set_pixel_size,
    command="predict",
)
