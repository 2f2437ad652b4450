"""The form of a card from elsewhere: what is missing is fine, what is of another type is not."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from heteroagg_gui.core.errors import ModelError
from heteroagg_gui.workflow.model_store.limits import CARD

_LONGEST_LINE = 300
_DIGEST = re.compile(r"[0-9a-f]{64}")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_FIGURES = re.compile(
    r"(theta_)?(fractal_dimension|mixing_ratio)_mae|theta_[01]_(exact|within_one)"
)
Test = Callable[[Any], bool]


def _is_line(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_LINE and value.isprintable()


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_figure(value: Any) -> bool:
    """Whether this is a number, or one with its interval."""
    if isinstance(value, Mapping):
        return "value" in value and all(_is_number(part) for part in value.values())
    return _is_number(value)


def _is_mapping(value: Any) -> bool:
    return isinstance(value, Mapping)


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, str) for entry in value)


_ENTRIES: dict[str, tuple[Test, str]] = {
    "kind": (_is_line, "one line of text"),
    "name": (_is_line, "one line of text"),
    "title": (_is_line, "one line of text"),
    "created": (_is_line, "one line of text"),
    "program_version": (_is_line, "one line of text"),
    "sha256": (lambda v: _is_text(v) and _DIGEST.fullmatch(v) is not None, "64 hex digits"),
    "default": (lambda v: isinstance(v, bool), "true or false"),
    "trained_on": (_is_mapping, "an object"),
    "training": (_is_mapping, "an object"),
    "figures": (_is_mapping, "an object"),
    "paper": (_is_mapping, "an object"),
    "networks": (_is_mapping, "an object"),
    "limits": (_is_list_of_texts, "a list of texts"),
    "history": (_is_list_of_texts, "a list of texts"),
}


def check_card_form(folder: Path) -> None:
    """Check the types of what a card says, whatever of it is there.

    Parameters
    ----------
    folder
        The network's folder.

    Raises
    ------
    ModelError
        If the card can't be read, was made by a newer program, or an entry is of a type
        it can't have.
    """
    document = _read(folder)
    _check_version(document, folder.name)
    for key, (holds, wanted) in _ENTRIES.items():
        if document.get(key) is not None and not holds(document[key]):
            raise _wrong(folder.name, key, wanted)
    system = (document.get("trained_on") or {}).get("material_system")
    if system is not None and not (_is_text(system) and _PLAIN_NAME.fullmatch(system)):
        raise _wrong(folder.name, "material_system", "the plain name of a material system")
    figures = document.get("figures") or {}
    parts = (figures, figures.get("sets_of_12"), figures.get("per_image"), document.get("paper"))
    for part in parts:
        _check_figures(part, folder.name)


def _read(folder: Path) -> dict[str, Any]:
    try:
        document = json.loads((folder / CARD).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelError(
            f"The folder '{folder.name}' holds no network: a {CARD} and its weights are expected "
            "in it."
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(
            f"The card of the network '{folder.name}' can't be read: copy or download the network "
            "again."
        ) from error
    if not isinstance(document, dict):
        raise _wrong(folder.name, CARD, "an object")
    return document


def _check_version(document: Mapping[str, Any], name: str) -> None:
    from heteroagg_gui.learning.model_card import CARD_FORMAT

    form = document.get("format")
    if type(form) is not int:
        raise _wrong(name, "format", f"the number {CARD_FORMAT}")
    if form > CARD_FORMAT:
        version = document.get("program_version")
        made_by = f" ({version})" if _is_line(version) else ""
        raise ModelError(
            f"The network '{name}' was made by a newer version of the program{made_by}: update "
            "this program and install the network again."
        )


def _check_figures(part: Any, name: str) -> None:
    if part is not None and not isinstance(part, Mapping):
        raise _wrong(name, "figures", "objects with numbers")
    for key, value in (part or {}).items():
        if _FIGURES.fullmatch(str(key)) and not _is_figure(value):
            raise _wrong(name, str(key), "a number, or one with its interval")


def _wrong(name: str, key: str, wanted: str) -> ModelError:
    return ModelError(
        f"The card of the network '{name}' is damaged: '{key[:80]}' must be {wanted}; ask for the "
        "network again."
    )
