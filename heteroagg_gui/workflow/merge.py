"""Bringing the result of a job into a state that moved on while it ran."""

from dataclasses import fields, replace
from typing import TypeVar

from heteroagg_gui.workflow.state import (
    BatchItem,
    SessionState,
    Settings,
    same_inputs,
)

_T = TypeVar("_T", BatchItem, Settings)
_READ = ("status", "reason", "micrograph")


def merge(before: SessionState, after: SessionState, current: SessionState) -> SessionState:
    """Apply what a job changed between ``before`` and ``after`` to ``current``.

    What the user did meanwhile wins: items that were removed stay removed, an item read or
    calibrated twice keeps the current reading, and a prediction or a population whose
    input is no longer the same is dropped.
    """
    if after is before or current is before:
        return after if current is before else current
    merged = current.with_items(_merge_items(before, after, current))
    settings = _changed_fields(before.settings, after.settings, merged.settings)
    if settings is not merged.settings:
        merged = replace(merged, settings=settings)
    if after.file is not before.file and merged.file is before.file:
        merged = replace(merged, file=after.file)
    merged = _merge_selection(before, after, merged)
    merged = _merge_prediction(before, after, merged)
    return _merge_shadows(before, after, merged)


def _merge_items(
    before: SessionState, after: SessionState, current: SessionState
) -> tuple[BatchItem, ...]:
    old = {item.key: item for item in before.items}
    new = {item.key: item for item in after.items}
    kept = []
    for item in current.items:
        if item.key not in old:
            kept.append(item)
        elif item.key in new:
            kept.append(_merge_item(old[item.key], new[item.key], item))
    present = {item.key for item in kept}
    paths = {item.path.absolute() for item in kept if item.path is not None}
    added = [
        item
        for item in after.items
        if item.key not in old
        and item.key not in present
        and (item.path is None or item.path.absolute() not in paths)
    ]
    return (*kept, *added)


def _merge_item(before: BatchItem, after: BatchItem, current: BatchItem) -> BatchItem:
    if before is after:
        return current
    if any(getattr(before, name) is not getattr(current, name) for name in _READ):
        after = replace(after, **{name: getattr(before, name) for name in _READ})
    return _changed_fields(before, after, current)


def _changed_fields(before: _T, after: _T, current: _T) -> _T:
    """Return ``current`` with the fields that only the job changed."""
    changes = {}
    for entry in fields(before):
        old, new = getattr(before, entry.name), getattr(after, entry.name)
        if new is not old and getattr(current, entry.name) == old:
            changes[entry.name] = new
    return replace(current, **changes) if changes else current


def _merge_selection(
    before: SessionState, after: SessionState, merged: SessionState
) -> SessionState:
    selected = merged.selected_key
    if after.selected_key != before.selected_key == selected:
        selected = after.selected_key
    if selected not in {item.key for item in merged.items}:
        selected = None
    return merged if selected == merged.selected_key else replace(merged, selected_key=selected)


def _merge_prediction(
    before: SessionState, after: SessionState, merged: SessionState
) -> SessionState:
    if after.prediction is before.prediction:
        return merged
    if after.prediction is None:
        ours = merged.prediction is before.prediction
        return merged.without_prediction() if ours else merged
    keys = after.prediction_keys
    same_images = same_inputs(after.inputs_beside(keys), merged.inputs_beside(keys))
    if not same_images or merged.settings.model != after.settings.model:
        return merged
    return replace(merged.without_prediction(), prediction=after.prediction, prediction_keys=keys)


def _merge_shadows(before: SessionState, after: SessionState, merged: SessionState) -> SessionState:
    if after.shadows is before.shadows or after.shadows is None:
        return merged
    if not after.shadows_of_given_theta and merged.prediction is not after.prediction:
        return merged
    return replace(
        merged,
        shadows=after.shadows,
        shadows_of_given_theta=after.shadows_of_given_theta,
        selected_shadow=0,
    )
