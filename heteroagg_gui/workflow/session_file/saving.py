"""Writing what is open to a session file."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from heteroagg_gui import __version__
from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.workflow.session_file import check_name
from heteroagg_gui.workflow.session_file.batch_entry import add_image, item_entry
from heteroagg_gui.workflow.session_file.container import MIME_TYPE, SessionWriter, writing
from heteroagg_gui.workflow.session_file.prediction_entry import prediction_entry
from heteroagg_gui.workflow.session_file.shadow_arrays import add_shadows, shadows_entry
from heteroagg_gui.workflow.state import SessionFile, SessionState

VERSION = 1


def save_session(path: Path, state: SessionState, progress: Progress = no_progress) -> SessionState:
    """Write a session; an interrupted write leaves an older file in place.

    Parameters
    ----------
    path
        The session file, ``*.heteroagg``.
    state
        What is open.
    progress
        Receives the fraction written; may raise to end early.

    Returns
    -------
    SessionState
        The state, which knows now that it is saved.

    Raises
    ------
    ParameterError
        If the name is none of a session or the file can't be written.
    """
    check_name(path)
    try:
        with writing(path) as writer:
            _write(writer, state, path.absolute().parent, progress)
    except OSError as error:
        raise ParameterError(
            f"The session can't be saved as '{path}' ({error.strerror or error}): "
            "choose another place."
        ) from error
    progress(1.0, f"Saved {path.name}")
    return replace(state, file=SessionFile(path.absolute(), replace(state, file=None)))


def _write(writer: SessionWriter, state: SessionState, folder: Path, progress: Progress) -> None:
    entries: list[dict[str, Any]] = []
    for number, item in enumerate(state.items):
        progress(0.8 * number / len(state.items), f"Saving {item.name}")
        entries.append(item_entry(item, number, folder))
        add_image(writer, item, entries[-1])
    places = {item.key: number for number, item in enumerate(state.items)}
    document = {
        "format": MIME_TYPE,
        "version": VERSION,
        "program": __version__,
        "images": entries,
        "settings": asdict(state.settings),
        "prediction": None,
        "shadows": None,
        "selected": {"image": places.get(state.selected_key or 0), "shadow": state.selected_shadow},
    }
    if state.prediction is not None:
        images = [places[key] for key in state.prediction_keys]
        document["prediction"] = prediction_entry(state.prediction, images)
    if state.shadows is not None:
        progress(0.8, f"Saving {len(state.shadows)} shadows")
        given = {"of_given_theta": state.shadows_of_given_theta}
        document["shadows"] = shadows_entry(state.shadows) | given
        add_shadows(writer, state.shadows)
    writer.add_document(document)
