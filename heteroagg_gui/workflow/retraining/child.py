"""Asking a child process of the program for a document."""

import contextlib
import json
import subprocess
from collections.abc import Mapping
from typing import Any

from heteroagg_gui.core.child_program import HIDDEN_CONSOLE, child_command
from heteroagg_gui.core.errors import HeteroaggError
from heteroagg_gui.core.progress import Progress

_LOOK_EVERY_S = 0.1
_PATIENCE_S = 5.0


def ask_child(arguments: tuple[str, ...], message: str, progress: Progress) -> Mapping[str, Any]:
    """Run a command of the program with ``--json`` in a child and return what it prints.

    Parameters
    ----------
    arguments
        The command and its options.
    message
        What it does, for people.
    progress
        Called every 0.1 s; may raise, which ends the child.

    Raises
    ------
    HeteroaggError
        If the child fails: its own sentence.
    """
    child = subprocess.Popen(
        child_command(*arguments, "--json"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        creationflags=HIDDEN_CONSOLE,
    )
    try:
        while True:
            progress(0.0, message)
            try:
                out, errors = child.communicate(timeout=_LOOK_EVERY_S)
                break
            except subprocess.TimeoutExpired:
                continue
    except BaseException:
        _end(child)
        raise
    if child.returncode != 0:
        raise HeteroaggError(_reason(out, errors))
    return _document(out)


def _end(child: "subprocess.Popen[bytes]") -> None:
    child.terminate()
    try:
        child.communicate(timeout=_PATIENCE_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()


def _reason(out: bytes, errors: bytes) -> str:
    with contextlib.suppress(HeteroaggError):
        sentence = _document(out).get("error")
        if isinstance(sentence, str) and sentence:
            return sentence
    lines = [line for line in errors.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1].strip() if lines else "The other process ended without a word: try again."


def _document(out: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(out.decode("utf-8"))
    except ValueError as error:
        raise HeteroaggError("The other process gave no usable answer: try again.") from error
    if not isinstance(document, Mapping):
        raise HeteroaggError("The other process gave no usable answer: try again.")
    return document
