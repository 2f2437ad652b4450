"""How grainy an image is."""

import numpy as np
import torch

from heteroagg_gui.core.theta import Theta
from heteroagg_gui.learning.examples import image_stream, make_example
from heteroagg_gui.learning.noise_level import noise_level
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.stem.curves import load_curves


def blocks(deviations: tuple[float, ...]) -> torch.Tensor:
    """Bright squares on black ground with noise of a number of levels."""
    generator = torch.Generator().manual_seed(1)
    images = torch.zeros(len(deviations), 1, 96, 96)
    for image, deviation in zip(images, deviations, strict=True):
        noise = torch.randn(60, 60, generator=generator) * deviation / 255.0
        image[0, 20:80, 20:80] = 0.5 + noise
    return images


def test_the_noise_is_measured_whatever_its_size() -> None:
    found = torch.exp(noise_level(blocks((0.5, 1.0, 2.0, 4.0))) * 0.3 + 0.3) - 0.1
    for value, true in zip(found.flatten(), (0.5, 1.0, 2.0, 4.0), strict=True):
        assert abs(float(value) / true - 1.0) < 0.15


def test_padding_and_neighbours_in_the_batch_change_nothing() -> None:
    images = blocks((1.0, 3.0))
    wide = torch.zeros(2, 1, 128, 160)
    wide[:, :, :96, :96] = images
    torch.testing.assert_close(noise_level(wide), noise_level(images))
    torch.testing.assert_close(noise_level(images[1:]), noise_level(images)[1:])


def test_an_image_without_foreground_is_no_error() -> None:
    assert torch.isfinite(noise_level(torch.zeros(1, 1, 32, 32))).all()


def test_titania_alone_is_grainier_than_tungsten_oxide_alone() -> None:
    curves, ranges = load_curves(), TrainingRanges(varied=0.0)
    levels = {}
    for ratio in (0.0, 1.0):
        found = []
        for k in range(12):
            theta = Theta(1.8, ratio, 3, 3)
            stream = image_stream(5, k)
            image = make_example(theta, ranges, curves, stream, with_maps=False).levels
            pixels = torch.from_numpy(image)[None, None].float() / 255.0
            found.append(float(noise_level(pixels)))
        levels[ratio] = np.array(found)
    assert levels[0.0].mean() > levels[1.0].mean() + 2.0 * levels[1.0].std()
