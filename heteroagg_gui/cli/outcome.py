"""What a command hands back to be printed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from heteroagg_gui.core.errors import HeteroaggError

DONE = 0
SOME_REFUSED = 1
NOTHING_DONE = 2
STOPPED = 130


@dataclass(frozen=True)
class Outcome:
    """The result of a command.

    Parameters
    ----------
    document
        What ``--json`` prints.
    text
        Makes what people read; called only when it is needed.
    refused
        One sentence for each input that was refused.
    notes
        Sentences that people should read beside the result.
    """

    document: Any
    text: Callable[[], str]
    refused: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def code(self) -> int:
        """The exit status."""
        return SOME_REFUSED if self.refused else DONE


class NothingDoneError(HeteroaggError):
    """Nothing could be done; what is known of each input still goes to ``--json``.

    Parameters
    ----------
    sentence
        Why.
    document
        Further entries of the JSON document.
    """

    def __init__(self, sentence: str, document: dict[str, Any]) -> None:
        super().__init__(sentence)
        self.document = document
