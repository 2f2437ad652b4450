"""Whether a folder holds a network that works: nothing of it is trusted before."""

from pathlib import Path
from typing import TYPE_CHECKING

from heteroagg_gui.core.errors import Cancelled, HeteroaggError, ModelError
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.workflow.model_store.card_form import check_card_form
from heteroagg_gui.workflow.model_store.weights_header import check_weights_file

if TYPE_CHECKING:
    from heteroagg_gui.learning.model_card import ModelCard


def check_network(folder: Path, progress: Progress = no_progress) -> "ModelCard":
    """Check card and weights of a network and load it once, on the CPU.

    Parameters
    ----------
    folder
        Holds plain files only.
    progress
        Receives the share done.

    Returns
    -------
    ModelCard
        Its card.

    Raises
    ------
    ModelError
        In one sentence: what is wrong and what to do.
    """
    from heteroagg_gui.learning.model_card import read_card

    check_card_form(folder)
    card = read_card(folder)
    for path in sorted(folder.glob("*.safetensors")):
        check_weights_file(path, card.name)
    progress(0.2, f"Trying {card.name}")
    _load(folder, card.name)
    progress(1.0, f"Trying {card.name}")
    return card


def _load(folder: Path, name: str) -> None:
    from heteroagg_gui.learning.predictor import load_predictor
    from heteroagg_gui.learning.tensor_fit import check_tensors

    try:
        check_tensors(folder)
        load_predictor(folder, "cpu")
    except (HeteroaggError, Cancelled):
        raise
    except Exception as error:
        raise ModelError(
            f"The network '{name}' can't be loaded ({type(error).__name__}): ask for another "
            "copy of it."
        ) from error
