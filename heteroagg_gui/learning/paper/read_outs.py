"""The subnetworks g of the five networks, trained on what one common f says of the images.

f comes from :mod:`heteroagg_gui.learning.paper.common_start` and stays as it is: every image is
described once, and each g learns from these feature vectors by the loss of section 2.3.1.
"""

from collections.abc import Iterator, Mapping, Sequence

import torch
from torch import Tensor, nn

from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.learning.paper.basic import BasicFeatures, ReadOut, initialise
from heteroagg_gui.learning.paper.examples import ImageStore
from heteroagg_gui.learning.paper.intensities import network_images
from heteroagg_gui.learning.paper.networks import Purpose, begin_in_the_middle
from heteroagg_gui.learning.paper.orders import Indices
from heteroagg_gui.learning.paper.stored_examples import StoredExamples
from heteroagg_gui.learning.paper.tasks import loss_of, validation_figures
from heteroagg_gui.learning.training.team import Team

READ_AT_ONCE = 24
VALIDATED_EVERY = 100


def describe(
    features: BasicFeatures,
    store: ImageStore,
    indices: Indices,
    *,
    inverted: bool,
    progress: Progress = no_progress,
) -> Tensor:
    """Return the feature vectors f(I) of stored images, shape (n, 112), on the CPU.

    Parameters
    ----------
    features
        In evaluation mode, on the store's device.
    store
        Gives the images.
    indices
        Which ones, shape (n,).
    inverted
        Invert intensities first, section 2.3.5.
    progress
        Receives the share done.
    """
    parts = []
    with torch.inference_mode():
        for start in range(0, len(indices), READ_AT_ONCE):
            levels, full_scale = store.images(indices[start : start + READ_AT_ONCE])
            images = network_images(levels, full_scale, inverted=inverted)
            parts.append(features(images[:, None]).float().cpu())
            progress(min(1.0, (start + READ_AT_ONCE) / len(indices)), "Describing images")
    return torch.cat(parts)


def fresh_read_out(purpose: Purpose, seed: int) -> ReadOut:
    """Return an untrained subnetwork g, as :class:`PaperNetwork` has it."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        read_out = ReadOut(purpose.images)
        initialise(read_out)
    begin_in_the_middle(read_out, purpose)
    return read_out


def joined(vectors: Tensor, rows: Indices) -> Tensor:
    """Return the inputs of g for evaluations of b images each, shape (m, 112 b), Eq. (15)."""
    return vectors[torch.from_numpy(rows)].flatten(1)


class ReadOutTask:
    """One subnetwork g as the training engine sees it.

    Parameters
    ----------
    purpose
        Which network it belongs to.
    read_out
        What is trained.
    examples
        Order and truth of the images.
    vectors
        Feature vectors of all images, shape (n, 112).
    """

    criterion = "validation_loss"

    def __init__(
        self, purpose: Purpose, read_out: ReadOut, examples: StoredExamples, vectors: Tensor
    ) -> None:
        self.network: nn.Module = read_out
        self.kept: Mapping[str, Tensor] = {}
        self.images_per_update = examples.batch * purpose.images
        self.updates_per_epoch = VALIDATED_EVERY
        self._purpose = purpose
        self._read_out = read_out
        self._examples = examples
        self._vectors = vectors

    def chunks(self, first: int, team: Team) -> Iterator[Sequence[Indices]]:
        """Yield the images of one update after the other."""
        update = first
        while True:
            yield [self._examples.rows(update, team.size)[team.rank :: team.size]]
            update += 1

    def losses(self, batch: Indices) -> dict[str, Tensor]:
        """Return the loss of section 2.3.1 and the mean absolute error."""
        target, _ = self._examples.truth(batch)
        return loss_of(self._purpose, self._scores(batch), target)

    def validate(self) -> dict[str, float]:
        """Return errors on the images held out, in units of the descriptor and of theta."""
        self.network.eval()
        with torch.inference_mode():
            sets = [
                (self._scores(rows), *self._examples.truth(rows))
                for rows in self._examples.validation_rows()
            ]
        return validation_figures(self._purpose, sets)

    def _scores(self, rows: Indices) -> Tensor:
        scores: Tensor = self._read_out(joined(self._vectors, rows))
        return scores
