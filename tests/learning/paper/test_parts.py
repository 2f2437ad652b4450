"""Maps computed where something is seen are those computed everywhere."""

from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional

from heteroagg_gui.learning.paper.basic import BasicFeatures
from heteroagg_gui.learning.paper.networks import make_network
from heteroagg_gui.learning.paper.parts import Parts, seen_parts
from heteroagg_gui.learning.paper.speed import everywhere, where_seen

SIDE = 180


def images_with(boxes: list[tuple[int, int, int, int]], seed: int = 0) -> Tensor:
    """Return images that differ from their background in a box (row, column, height, width)."""
    rng = torch.Generator().manual_seed(seed)
    images = torch.full((len(boxes), 1, SIDE, SIDE), -0.5, dtype=torch.float64)
    for image, (row, column, height, width) in zip(images, boxes, strict=True):
        image[:, row : row + height, column : column + width] += torch.rand(
            (height, width), generator=rng, dtype=torch.float64
        )
    return images


BOXES = {
    "middle": [(70, 60, 40, 55), (80, 80, 10, 12), (60, 40, 70, 90)],
    "borders": [(2, 2, 30, 20), (150, 160, 30, 20), (0, 90, 180, 4)],
    "everywhere": [(0, 0, 180, 180), (0, 0, 180, 180), (60, 60, 10, 10)],
    "nothing": [(0, 0, 0, 0), (60, 60, 20, 20), (0, 0, 0, 0)],
}


def derivatives(
    describe: Callable[[BasicFeatures, Tensor], Tensor], images: Tensor, *, train: bool
) -> tuple[Tensor, dict[str, Tensor], dict[str, Tensor]]:
    """Return vectors, gradients and statistics after one evaluation."""
    network = make_network("Df", seed=3, side=SIDE).double().features
    weights = torch.linspace(-1, 1, 112, dtype=torch.float64)
    network.train()
    everywhere(network, images_with(BOXES["middle"], seed=9))
    network.train(train)
    vectors = describe(network, images)
    ((vectors * weights).sum(dim=1) + 0.3).square().sum().backward()
    gradients = {n: p.grad for n, p in network.named_parameters() if p.grad is not None}
    return vectors.detach(), gradients, dict(network.named_buffers())


@pytest.mark.parametrize("train", [False, True])
@pytest.mark.parametrize("name", BOXES)
def test_parts_give_the_same_vectors_gradients_and_statistics(name: str, train: bool) -> None:
    images = images_with(BOXES[name])
    by_parts = derivatives(where_seen, images, train=train)
    whole = derivatives(everywhere, images, train=train)
    torch.testing.assert_close(by_parts[0], whole[0], rtol=1e-9, atol=1e-13)
    for one, other in zip(by_parts[1:], whole[1:], strict=True):
        for key, value in other.items():
            if "convolution.bias" in key and train:
                assert float(one[key].abs().max()) < 1e-10, key
            else:
                torch.testing.assert_close(one[key], value, rtol=1e-6, atol=1e-11, msg=key)


@settings(max_examples=60, deadline=None)
@given(
    row=st.integers(0, 24),
    column=st.integers(0, 24),
    height=st.integers(1, 25),
    width=st.integers(1, 25),
    side=st.integers(25, 33),
)
def test_convolving_and_pooling_parts_equals_doing_so_to_whole_maps(
    row: int, column: int, height: int, width: int, side: int
) -> None:
    maps = torch.full((1, 2, side, side), 0.25)
    maps[:, 1] = -1.0
    part = torch.rand(1, 2, min(height, side - row), min(width, side - column))
    maps[:, :, row : row + part.shape[2], column : column + part.shape[3]] = part
    given_part = Parts([part], torch.tensor([0.25, -1.0]), [(row, column)], side)
    kernel = torch.rand(3, 2, 3, 3)

    def convolve(values: Tensor) -> Tensor:
        return functional.conv2d(values, kernel)

    convolved = given_part.convolved(convolve)
    torch.testing.assert_close(convolved.whole(), convolve(maps))
    torch.testing.assert_close(convolved.pooled().whole(), functional.max_pool2d(convolve(maps), 2))
    assert convolved.pixels_seen + convolved.pixels_beyond == (side - 2) ** 2


def test_only_what_is_seen_is_cut_out() -> None:
    parts = seen_parts(images_with(BOXES["middle"]))
    assert parts.pixels_seen < 0.3 * 3 * SIDE**2
    noisy = torch.rand(2, 1, SIDE, SIDE)
    assert seen_parts(noisy).pixels_beyond == 0
