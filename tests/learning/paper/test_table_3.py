"""The networks have as many numbers as Table 3 says, layer by layer."""

import pytest
import torch
from torch import nn

from heteroagg_gui.learning.paper.basic import ConvolutionBlock
from heteroagg_gui.learning.paper.networks import PURPOSES, count_numbers, make_network
from heteroagg_gui.learning.train_options import PAPER_KEYS

CONVOLUTIONS = [
    (80, 56),
    (1168, 112),
    (4640, 224),
    (18496, 448),
    (36928, 448),
    (73856, 896),
    (147584, 896),
    (295168, 1792),
    (590080, 1792),
]


@pytest.mark.parametrize(("key", "images"), [("Df", 1), ("rho-class", 1), ("theta0", 12)])
def test_the_total_is_the_tables(key: str, images: int) -> None:
    network = make_network(key)
    assert PURPOSES[key].images == images
    assert count_numbers(network) == 9_457_713 + 4_928 * images


def test_every_layer_is_the_tables() -> None:
    network = make_network("theta1")
    blocks = [b for b in network.features.blocks if isinstance(b, ConvolutionBlock)]
    counted = [(count_numbers(b.convolution), count_numbers(b.norm)) for b in blocks]
    assert counted == CONVOLUTIONS
    assert count_numbers(network.features) == 9_457_624
    assert count_numbers(network.features.dense) == 8_257_760
    assert count_numbers(network.features.features) == 25_200
    assert count_numbers(network.read_out.dense) == 112 * 12 * 44 + 44
    assert count_numbers(network.read_out.output) == 45


def test_the_shapes_are_the_tables() -> None:
    network = make_network("Df").eval()
    shapes: list[tuple[int, ...]] = []
    for block in network.features.blocks:
        block.register_forward_hook(lambda _m, _i, output: shapes.append(tuple(output.shape[1:])))
    with torch.inference_mode():
        network.features.blocks(torch.full((1, 1, 256, 256), -0.5))
    sides = [254, 252, 250, 125, 123, 121, 60, 58, 56, 28, 26, 24, 12]
    channels = [8, 16, 32, 32, 64, 64, 64, 128, 128, 128, 256, 256, 256]
    assert shapes == [(c, s, s) for c, s in zip(channels, sides, strict=True)]


def trainable(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


@pytest.mark.parametrize(
    ("features", "published", "colour"),
    [("inception", 21_785_568, 2 * 32 * 9), ("resnet", 23_508_032, 2 * 64 * 49)],
)
def test_other_features_are_the_published_ones_for_one_channel(
    features: str, published: int, colour: int
) -> None:
    network = make_network("Df", features)
    assert trainable(network.features.stages) == published - colour
    assert trainable(network.features.features) == 2048 * 112 + 112
    with torch.inference_mode():
        outputs = network.eval()(torch.zeros(1, 1, 128 + 64, 128 + 64))
    assert outputs.shape == (1,)


def test_f_is_applied_to_each_image_and_g_to_all_features() -> None:
    network = make_network("theta0", side=160).eval()
    images = torch.rand(2, 12, 160, 160) - 0.5
    with torch.inference_mode():
        vectors = [
            torch.cat([network.features(image[None, None])[0] for image in evaluation])
            for evaluation in images
        ]
        expected = torch.relu(network.read_out(torch.stack(vectors)))
        torch.testing.assert_close(network(images), expected, rtol=1e-4, atol=1e-5)


def test_a_network_for_cluster_sizes_starts_where_it_can_learn() -> None:
    with torch.inference_mode():
        outputs = make_network("theta1", side=160)(torch.rand(2, 12, 160, 160) - 0.5)
    assert ((outputs > 1) & (outputs < 6)).all()


def test_the_command_knows_the_networks_by_the_same_names() -> None:
    assert tuple(PURPOSES) == PAPER_KEYS
