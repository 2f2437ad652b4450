"""Whether there is something that would be lost."""

from dataclasses import replace

from heteroagg_gui.workflow.state import BatchItem, SessionState


def has_results(state: SessionState) -> bool:
    """Return whether work was done that no other file holds.

    Images that were merely opened are none; a prediction, shadows and simulated images are.
    """
    simulated = any(item.path is None for item in state.items)
    return simulated or state.prediction is not None or state.shadows is not None


def is_unsaved(state: SessionState) -> bool:
    """Return whether saving would write anything that the session file does not hold yet.

    Where there is no session file, whether there is a result.
    """
    if state.file is None:
        return has_results(state)
    saved = state.file.state
    return (
        tuple(map(_facts, state.items)) != tuple(map(_facts, saved.items))
        or replace(state.settings, device="") != replace(saved.settings, device="")
        or state.prediction is not saved.prediction
        or state.shadows is not saved.shadows
    )


def _facts(item: BatchItem) -> tuple[object, ...]:
    """Return what a session file says of an item, whether it has been read yet or not."""
    return item.key, item.included, item.group, item.pixel_size_nm
