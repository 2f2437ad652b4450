"""The five networks of the paper: CNN^Df, CNN^rho_class, CNN^rho_reg, CNN^0 and CNN^1."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.learning.paper.basic import SIDE_PIXELS, BasicFeatures, ReadOut, initialise
from heteroagg_gui.learning.paper.inception import InceptionFeatures
from heteroagg_gui.learning.paper.resnet import ResNetFeatures

SET_SIZE = 12
DIMENSION_SCALE = 1.4
DIMENSION_OFFSET = 1.3
MIDDLE_CLUSTER_SIZE = 3.5


def scaled_sigmoid(values: Tensor) -> Tensor:
    """Return 1.4 / (1 + exp(-x)) + 1.3, section 2.3.2: between 1.3 and 2.7."""
    return DIMENSION_SCALE * torch.sigmoid(values) + DIMENSION_OFFSET


@dataclass(frozen=True)
class Purpose:
    """What one of the five networks is for.

    Parameters
    ----------
    key
        Name in commands, cards and files.
    title
        Name in the paper's notation.
    images
        Images b that one evaluation reads.
    batch
        Evaluations n per update, section 2.3.1.
    transfer
        The output's transfer function.
    classifies
        Whether the output is a probability learnt by binary cross entropy; the others
        minimise the mean squared error, Eq. (12).
    inverted
        Whether intensities are inverted first, section 2.3.5.
    """

    key: str
    title: str
    images: int
    batch: int
    transfer: Callable[[Tensor], Tensor]
    classifies: bool = False
    inverted: bool = False


PURPOSES: Mapping[str, Purpose] = {
    purpose.key: purpose
    for purpose in (
        Purpose("Df", "CNN^Df", 1, 16, scaled_sigmoid),
        Purpose("rho-class", "CNN^rho_class", 1, 16, torch.sigmoid, classifies=True),
        Purpose("rho-reg", "CNN^rho_reg", 1, 16, torch.sigmoid),
        Purpose("theta0", "CNN^0", SET_SIZE, 8, functional.relu),
        Purpose("theta1", "CNN^1", SET_SIZE, 8, functional.relu, inverted=True),
    )
}
FEATURE_NETWORKS: Mapping[str, Callable[[int], nn.Module]] = {
    "basic": BasicFeatures,
    "inception": lambda _side: InceptionFeatures(),
    "resnet": lambda _side: ResNetFeatures(),
}


class PaperNetwork(nn.Module):
    """CNN = g(f), Eqs. (11) and (15).

    The output of CNN^0 and CNN^1 starts at 3.5, the middle of what it is to be: a ReLU that
    starts below 0 has no gradient and would never learn.

    Parameters
    ----------
    purpose
        Decides on the number of images and the output.
    features
        Which f: ``basic``, ``inception`` or ``resnet``.
    side
        Pixels of an image's edge.
    """

    def __init__(self, purpose: Purpose, features: str = "basic", side: int = SIDE_PIXELS) -> None:
        super().__init__()
        self.purpose = purpose
        self.features = FEATURE_NETWORKS[features](side)
        self.read_out = ReadOut(purpose.images)
        initialise(self)
        begin_in_the_middle(self.read_out, purpose)

    def scores(self, images: Tensor) -> Tensor:
        """Return the outputs before the transfer function.

        Parameters
        ----------
        images
            Scaled images, shape (evaluations, b, H, H).

        Returns
        -------
        Tensor
            Shape (evaluations,), single precision.
        """
        evaluations, count = images.shape[:2]
        vectors = self.features(images.flatten(0, 1)[:, None]).view(
            evaluations, count * self.read_out_inputs
        )
        return self.read(vectors)

    @property
    def read_out_inputs(self) -> int:
        """Length of the feature vector of one image."""
        return self.read_out.dense.in_features // self.purpose.images

    def read(self, vectors: Tensor) -> Tensor:
        """Apply g to concatenated feature vectors, in single precision whatever f uses."""
        with torch.autocast(vectors.device.type, enabled=False):
            values: Tensor = self.read_out(vectors.float())
        return values

    def forward(self, images: Tensor) -> Tensor:
        """Return estimates, shape (evaluations,); see :meth:`scores`."""
        return self.purpose.transfer(self.scores(images))


def begin_in_the_middle(read_out: ReadOut, purpose: Purpose) -> None:
    """Let CNN^0 and CNN^1 begin with 3.5; see :class:`PaperNetwork`."""
    if purpose.images > 1:
        nn.init.constant_(read_out.output.bias, MIDDLE_CLUSTER_SIZE)


def make_network(
    key: str,
    features: str = "basic",
    *,
    seed: int = 0,
    side: int = SIDE_PIXELS,
    inverted: bool | None = None,
) -> PaperNetwork:
    """Return a network with fresh weights.

    Parameters
    ----------
    key
        ``Df``, ``rho-class``, ``rho-reg``, ``theta0`` or ``theta1``.
    features
        ``basic``, ``inception`` or ``resnet``.
    seed
        Seed of the weights.
    side
        Pixels of an image's edge.
    inverted
        Invert intensities first, section 2.3.5; None for what the paper does with this network.

    Raises
    ------
    ParameterError
        If there is no such network.
    """
    if key not in PURPOSES:
        raise ParameterError(f"There is no network '{key}': choose {', '.join(PURPOSES)}.")
    if features not in FEATURE_NETWORKS:
        known = ", ".join(FEATURE_NETWORKS)
        raise ParameterError(f"There are no features '{features}': choose {known}.")
    purpose = PURPOSES[key]
    if inverted is not None:
        purpose = replace(purpose, inverted=inverted)
    make = partial(PaperNetwork, purpose, features, side)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return make()


def count_numbers(network: nn.Module) -> int:
    """Count parameters and statistics, trainable or not, as Table 3 does."""
    numbers = (*network.parameters(), *network.buffers())
    return sum(tensor.numel() for tensor in numbers if tensor.is_floating_point())
