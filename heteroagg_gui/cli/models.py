"""heteroagg models: the networks at hand."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

from heteroagg_gui.cli.model_text import card_text, comparison_text, entry_of, list_text
from heteroagg_gui.cli.options import Parser, add_json
from heteroagg_gui.cli.outcome import Outcome
from heteroagg_gui.core.progress import Progress
from heteroagg_gui.workflow import model_store
from heteroagg_gui.workflow.model_card.comparison import compare
from heteroagg_gui.workflow.model_store.trash import KEPT_DAYS
from heteroagg_gui.workflow.predictors import find_model

SUMMARY = "List, show, compare, install, export, rename and delete networks."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the sub-commands."""
    parts = parser.add_subparsers(dest="part", required=True, parser_class=Parser, metavar="PART")

    def part(name: str, text: str, *names: str) -> argparse.ArgumentParser:
        declared = parts.add_parser(name, help=text, description=text)
        for metavar in names:
            declared.add_argument(metavar.lower(), metavar=metavar)
        add_json(declared)
        return declared

    part("list", "List the networks; * marks the default one.")
    part("show", "Show what a network was trained on, and its figures beside the paper's.", "NAME")
    part("compare", "Show the cards of two networks side by side.", "FIRST", "SECOND")
    _add_install(part("install", "Add a network from a folder or a zip file."))
    export = part("export", "Write a network to one zip file, or to a new folder.", "NAME")
    export.add_argument("path", type=Path, metavar="PATH", help="file.zip, or a new folder.")
    rename = part("rename", "Give a network of your own another name.", "NAME", "NEW")
    rename.add_argument("--title", default="", metavar="TEXT", help="New title, one line.")
    part("delete", f"Delete a network of your own; kept for {KEPT_DAYS} days.", "NAME")
    restore = part("restore", "Bring a deleted network back.")
    restore.add_argument("key", nargs="?", default="", metavar="NAME", help="[default: the latest]")
    restore.add_argument("--name", default="", metavar="NEW", help="Restore it under another name.")
    default = part("default", "Show or choose the network that is used when none is named.")
    choice = default.add_mutually_exclusive_group()
    choice.add_argument("name", nargs="?", default="", metavar="NAME")
    choice.add_argument("--reset", action="store_true", help="Leave the choice to the program.")


def _add_install(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", type=Path, metavar="PATH", help="Folder or zip file.")
    parser.add_argument(
        "--name", default="", metavar="NAME", help="What to call it [default: as its folder]"
    )
    parser.add_argument(
        "--materials",
        type=Path,
        metavar="DIR",
        help="Folder with its material system [default: 'materials' in or beside its folder]",
    )
    parser.add_argument(
        "--replace", action="store_true", help="Replace an installed network of the same name."
    )


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Do what the sub-command says."""
    return _PARTS[arguments.part](arguments, progress)


def _list(_arguments: argparse.Namespace, _progress: Progress) -> Outcome:
    shelf = model_store.networks_at_hand()
    deleted = [
        {"name": entry.name, "key": entry.key, "kept_until": entry.kept_until.date().isoformat()}
        for entry in shelf.deleted
    ]
    entries = [entry_of(card, shelf.default) for card in shelf.cards]
    return Outcome(
        {"models": entries, "deleted": deleted}, lambda: list_text(shelf.cards, entries, deleted)
    )


def _show(arguments: argparse.Namespace, _progress: Progress) -> Outcome:
    card = model_store.read_model_card(find_model(arguments.name))
    document = {"name": card.name, "folder": str(card.folder), "card": card.document}
    return Outcome(document, lambda: card_text(card))


def _compare(arguments: argparse.Namespace, _progress: Progress) -> Outcome:
    cards = [
        model_store.read_model_card(find_model(name))
        for name in (arguments.first, arguments.second)
    ]
    lines = compare(*cards)
    document = {
        "models": [card.name for card in cards],
        "lines": [
            {
                "section": line.section,
                "label": line.label,
                "values": [line.first, line.second],
                "differs": line.differs,
            }
            for line in lines
        ],
    }
    return Outcome(document, lambda: comparison_text(cards, lines))


def _install(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    folder = model_store.install_model(
        arguments.path,
        name=arguments.name,
        replace=arguments.replace,
        materials=arguments.materials,
        progress=progress,
    )
    return _placed(folder.name, folder, "installed in")


def _export(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    path = model_store.export_model(arguments.name, arguments.path, progress)
    return _placed(arguments.name, path, "written to")


def _rename(arguments: argparse.Namespace, _progress: Progress) -> Outcome:
    folder = model_store.rename_model(arguments.name, arguments.new, arguments.title)
    document = {"name": folder.name, "former_name": arguments.name, "path": str(folder)}
    return Outcome(document, lambda: f"{arguments.name} is called {folder.name} now")


def _delete(arguments: argparse.Namespace, _progress: Progress) -> Outcome:
    model_store.forget_old()
    deleted = model_store.delete_model(arguments.name)
    until = deleted.kept_until.date().isoformat()
    document = {"name": deleted.name, "key": deleted.key, "kept_until": until}
    return Outcome(
        document,
        lambda: (
            f"{deleted.name} deleted; 'heteroagg models restore {deleted.name}' brings it "
            f"back until {until}"
        ),
    )


def _restore(arguments: argparse.Namespace, _progress: Progress) -> Outcome:
    folder = model_store.restore_model(arguments.key, name=arguments.name)
    return _placed(folder.name, folder, "restored to")


def _default(arguments: argparse.Namespace, _progress: Progress) -> Outcome:
    if arguments.name or arguments.reset:
        model_store.set_default_model(arguments.name)
    default = model_store.networks_at_hand().default
    return Outcome({"default": default or None}, lambda: default or "No network is installed.")


def _placed(name: str, path: Path, verb: str) -> Outcome:
    document = {"name": name, "path": str(path)}
    return Outcome(document, lambda: f"{name} {verb} {path}")


_PARTS: Mapping[str, Callable[[argparse.Namespace, Progress], Outcome]] = {
    "list": _list,
    "show": _show,
    "compare": _compare,
    "install": _install,
    "export": _export,
    "rename": _rename,
    "delete": _delete,
    "restore": _restore,
    "default": _default,
}
