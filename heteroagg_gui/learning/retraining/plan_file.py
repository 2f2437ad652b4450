"""The plan of a retraining as JSON."""

import dataclasses
import json
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import heteroagg_gui
from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.files import replacing
from heteroagg_gui.learning.retraining.plan import RetrainingPlan

PLAN_FORMAT = 1
PLAN_SUFFIX = ".plan.json"
LARGEST_FILE = 200_000_000
_NOT_STORED = frozenset({"system_folder"})


def plan_document(plan: RetrainingPlan) -> dict[str, Any]:
    """Return a plan as JSON holds it."""
    return {
        "format": PLAN_FORMAT,
        "kind": "heteroagg-retraining-plan",
        "program_version": heteroagg_gui.__version__,
        "plan": as_plain(plan),
    }


def write_plan(plan: RetrainingPlan, path: Path) -> None:
    """Write a plan to a file."""
    with replacing(path) as part:
        part.write_text(json.dumps(plan_document(plan), indent=1), encoding="utf-8")


def read_plan(path: Path) -> RetrainingPlan:
    """Read a plan from a file.

    Raises
    ------
    ParameterError
        If there is none, or it can't be used.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ParameterError(f"'{path.name}' is too large to be a plan: choose another file.")
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = error.strerror or error
        raise ParameterError(
            f"The plan '{path}' can't be read ({reason}): choose a file that the wizard saved."
        ) from error
    except (ValueError, RecursionError) as error:
        raise ParameterError(
            f"'{path.name}' is no plan of a training: choose a file that the wizard saved."
        ) from error
    return plan_from(document)


def plan_from(document: Any) -> RetrainingPlan:
    """Return the plan that a document holds.

    Raises
    ------
    ParameterError
        If it holds none, was written by a newer program, or something in it is not possible.
    """
    if not isinstance(document, Mapping) or not isinstance(document.get("plan"), Mapping):
        raise ParameterError("This is no plan of a training: choose a file that the wizard saved.")
    version = document.get("format")
    if isinstance(version, int) and version > PLAN_FORMAT:
        raise ParameterError(
            "The plan was saved by a newer version of the program: install that one here, or make "
            "the plan anew with this one."
        )
    if version != PLAN_FORMAT:
        raise ParameterError(
            "The plan was written by another version of the program: make it anew with this one."
        )
    plan = from_plain(document["plan"], RetrainingPlan, "plan")
    if not isinstance(plan, RetrainingPlan):
        raise TypeError(type(plan))
    return plan


def as_plain(value: Any) -> Any:
    """Return a plan, or a part of it, as JSON holds it: records by name, tuples as lists."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = (entry.name for entry in dataclasses.fields(value))
        return {name: as_plain(getattr(value, name)) for name in names if name not in _NOT_STORED}
    if isinstance(value, tuple):
        return [as_plain(part) for part in value]
    return value


def from_plain(value: Any, wanted: Any, where: str) -> Any:
    """Return a JSON value as the annotated type has it.

    Parameters
    ----------
    value
        What :func:`as_plain` returned.
    wanted
        The type: a number, text, a tuple, a frozen dataclass, or one of them or None.
    where
        Name of the value, for the message.

    Raises
    ------
    ParameterError
        If the value is not of this type.
    """
    origin, parts = typing.get_origin(wanted), typing.get_args(wanted)
    if origin in {types.UnionType, typing.Union}:
        inner = next(part for part in parts if part is not type(None))
        return None if value is None else from_plain(value, inner, where)
    if origin is tuple and isinstance(value, list):
        if parts[-1] is Ellipsis:
            return tuple(from_plain(part, parts[0], where) for part in value)
        if len(parts) == len(value):
            return tuple(from_plain(v, part, where) for v, part in zip(value, parts, strict=True))
    elif dataclasses.is_dataclass(wanted) and isinstance(value, Mapping):
        return _record(value, wanted, where)
    elif wanted is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    elif wanted in {int, str, bool} and type(value) is wanted:
        return value
    raise ParameterError(f"The plan has no usable value for '{where}': make it anew.")


def _record(value: Mapping[str, Any], wanted: Any, where: str) -> Any:
    types_of = typing.get_type_hints(wanted)
    known = {entry.name for entry in dataclasses.fields(wanted)} - _NOT_STORED
    unknown = sorted(set(value) - known)
    if unknown:
        raise ParameterError(
            f"The plan has an entry '{unknown[0]}' in '{where}' that this program does not know: "
            "install a newer version of the program."
        )
    missing = [
        entry.name
        for entry in dataclasses.fields(wanted)
        if entry.name not in value
        and entry.default is dataclasses.MISSING
        and entry.default_factory is dataclasses.MISSING
    ]
    if missing:
        raise ParameterError(f"The plan lacks '{missing[0]}' in '{where}': make it anew.")
    return wanted(**{name: from_plain(part, types_of[name], name) for name, part in value.items()})
