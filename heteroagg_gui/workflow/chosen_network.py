"""Which network the user made the default one, for the command line and the window."""

import json
import logging

from heteroagg_gui.core.files import replacing
from heteroagg_gui.workflow.places import chosen_network_path

_log = logging.getLogger(__name__)


def chosen_network() -> str:
    """Return the name of the user's default network; empty where none was chosen.

    A file that can't be read counts as no choice, so that it never blocks a prediction.
    """
    try:
        document = json.loads(chosen_network_path().read_text(encoding="utf-8"))
        name = document["default"]
    except FileNotFoundError:
        return ""
    except (OSError, ValueError, KeyError, TypeError) as error:
        _log.warning("The choice of the default network can't be read: %s", error)
        return ""
    return name if isinstance(name, str) else ""


def remember_chosen_network(name: str) -> None:
    """Keep the name of the default network; empty leaves the choice to the program."""
    if not name:
        chosen_network_path().unlink(missing_ok=True)
        return
    with replacing(chosen_network_path()) as temporary:
        temporary.write_text(json.dumps({"default": name}) + "\n", encoding="utf-8")
