"""heteroagg models: the networks at hand."""

import argparse
import json
from pathlib import Path
from typing import Any

from heteroagg_gui.cli.options import Parser, add_json
from heteroagg_gui.cli.outcome import Outcome
from heteroagg_gui.core.progress import Progress
from heteroagg_gui.workflow import model_store
from heteroagg_gui.workflow.documents import as_json
from heteroagg_gui.workflow.predictors import default_model, find_model, list_model_cards

SUMMARY = "List, show, install and export networks."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the sub-commands."""
    parts = parser.add_subparsers(dest="part", required=True, parser_class=Parser, metavar="PART")
    add_json(parts.add_parser("list", help="List the networks."))
    show = parts.add_parser("show", help="Show the card of a network.")
    show.add_argument("name", metavar="NAME")
    add_json(show)
    install = parts.add_parser("install", help="Add a network from a folder or a zip file.")
    install.add_argument("path", type=Path, metavar="PATH")
    install.add_argument(
        "--replace", action="store_true", help="Replace an installed network of the same name."
    )
    add_json(install)
    export = parts.add_parser("export", help="Write a network to a folder or a zip file.")
    export.add_argument("name", metavar="NAME")
    export.add_argument("path", type=Path, metavar="PATH", help="New folder, or file.zip.")
    add_json(export)


def run(arguments: argparse.Namespace, _progress: Progress) -> Outcome:
    """Do what the sub-command says."""
    if arguments.part == "list":
        return _list()
    if arguments.part == "show":
        return _show(arguments.name)
    if arguments.part == "install":
        folder = model_store.install_model(arguments.path, replace=arguments.replace)
        return _placed(folder.name, folder, "installed in")
    path = model_store.export_model(arguments.name, arguments.path)
    return _placed(arguments.name, path, "written to")


def _list() -> Outcome:
    cards = list_model_cards()
    usual = default_model().name if cards else None
    entries = [
        {
            "name": card.name,
            "title": card.title,
            "kind": card.kind,
            "folder": str(card.folder),
            "default": card.name == usual,
        }
        for card in cards
    ]
    return Outcome({"models": entries}, lambda: _table(entries))


def _table(entries: list[dict[str, Any]]) -> str:
    if not entries:
        return "No network is installed: train one, or add one with 'heteroagg models install'."
    return "\n".join(
        f"{'*' if entry['default'] else ' '} {entry['name']:<24}{entry['title']}"
        for entry in entries
    )


def _show(name: str) -> Outcome:
    folder = find_model(name)
    card = model_store.read_model_card(folder)
    document = {"name": card.name, "folder": str(card.folder), "card": card.document}
    return Outcome(document, lambda: as_json(json.loads(as_json(document))))


def _placed(name: str, path: Path, verb: str) -> Outcome:
    document = {"name": name, "path": str(path)}
    return Outcome(document, lambda: f"{name} {verb} {path}")
