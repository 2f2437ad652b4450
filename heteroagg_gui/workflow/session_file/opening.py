"""Reading a session file, which may be damaged, newer or made to do harm."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from heteroagg_gui.core.errors import ResourceError
from heteroagg_gui.workflow.session_file.batch_entry import item_of
from heteroagg_gui.workflow.session_file.container import (
    MIME_TYPE,
    DamagedError,
    SessionReader,
    reading,
)
from heteroagg_gui.workflow.session_file.entry import LARGEST_SEED, Entry
from heteroagg_gui.workflow.session_file.prediction_entry import prediction_of
from heteroagg_gui.workflow.session_file.saving import VERSION
from heteroagg_gui.workflow.session_file.shadow_arrays import shadows_of
from heteroagg_gui.workflow.state import SessionFile, SessionState, Settings

_MOST_PARTICLES = 10_000
_MOST_SHADOWS = 1_000_000


def open_session(path: Path, device: str = "auto") -> SessionState:
    """Return what a session file holds; images that lie in files are not read yet.

    Parameters
    ----------
    path
        The session file.
    device
        Where networks run on this computer, which is no matter of the file.

    Raises
    ------
    ResourceError
        If the file can't be read, is damaged or was saved by a newer version; one sentence.
    """
    with reading(path) as reader:
        document = reader.document()
        _check_version(document, path)
        state = _state(reader, Entry(document, "session"), path.absolute().parent, device)
    return replace(state, file=SessionFile(path.absolute(), state))


def _check_version(document: Any, path: Path) -> None:
    entry = Entry(document, "session")
    if entry.raw("format") != MIME_TYPE:
        raise DamagedError("it is something else")
    if entry.whole("version", 1) > VERSION:
        raise ResourceError(
            f"The session '{path}' was saved by a newer version of the program "
            f"({entry.text('program')}): update the program to open it."
        )


def _state(reader: SessionReader, entry: Entry, folder: Path, device: str) -> SessionState:
    items = tuple(item_of(reader, image, folder) for image in entry.entries("images"))
    selected = entry.entry("selected")
    state = SessionState(
        items=items,
        settings=replace(_settings(entry.entry("settings")), device=device),
    )
    if selected.has("image"):
        place = selected.whole("image", 0, len(items) - 1)
        state = replace(state, selected_key=items[place].key)
    if entry.has("prediction"):
        prediction, places = prediction_of(entry.entry("prediction"), len(items))
        keys = tuple(items[place].key for place in places)
        state = replace(state, prediction=prediction, prediction_keys=keys)
    if entry.has("shadows"):
        shadows = entry.entry("shadows")
        population = shadows_of(reader, shadows)
        state = replace(
            state,
            shadows=population,
            shadows_of_given_theta=shadows.flag("of_given_theta"),
            selected_shadow=selected.whole("shadow", 0, len(population) - 1),
        )
    return state


def _settings(entry: Entry) -> Settings:
    low, high = (int(size) for size in entry.numbers("size_range", 2, 1, _MOST_PARTICLES))
    if low > high:
        raise DamagedError("the particles per aggregate are no range")
    return Settings(
        model=entry.text("model"),
        n_shadows=entry.whole("n_shadows", 1, _MOST_SHADOWS),
        seed=entry.whole("seed", 0, LARGEST_SEED),
        from_distribution=entry.flag("from_distribution"),
        size_range=(low, high),
        radius_mean_nm=entry.number("radius_mean_nm", 0.1, 1000.0),
        radius_sd_nm=entry.number("radius_sd_nm", 0.0, 1000.0),
    )
