"""Preprocessing, transfer functions and estimators against the paper's formulas."""

import numpy as np
import pytest
import torch

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.learning.dataset.levels import to_intensity, to_levels
from heteroagg_gui.learning.paper.estimators import cluster_size, combined_mixing_ratio
from heteroagg_gui.learning.paper.intensities import (
    decode,
    encode,
    invert,
    network_images,
    scale,
)
from heteroagg_gui.learning.paper.networks import make_network, scaled_sigmoid


def test_the_scaled_sigmoid_lies_between_1_3_and_2_7() -> None:
    values = scaled_sigmoid(torch.tensor([-50.0, 0.0, 50.0]))
    torch.testing.assert_close(values, torch.tensor([1.3, 2.0, 2.7]))


def test_images_are_scaled_to_their_full_range_and_256_levels() -> None:
    images = torch.rand(3, 20, 20) * torch.tensor([0.1, 1.0, 7.0])[:, None, None] + 0.3
    scaled = scale(images)
    assert torch.equal(scaled.amin((1, 2)), torch.full((3,), -0.5))
    torch.testing.assert_close(scaled.amax((1, 2)), torch.full((3,), 0.5))
    levels = (scaled + 0.5) * 255
    torch.testing.assert_close(levels, levels.round(), rtol=0, atol=1e-3)
    low, high = images.amin((1, 2), keepdim=True), images.amax((1, 2), keepdim=True)
    error = scaled + 0.5 - (images - low) / (high - low)
    assert error.abs().max() <= 0.5 / 255 + 1e-6
    assert torch.equal(scale(torch.full((1, 4, 4), 0.2)), torch.full((1, 4, 4), -0.5))


def test_what_is_no_background_is_inverted() -> None:
    intensities = torch.tensor([0.0, 0.0005, 0.001, 0.0011, 0.02, 0.5])
    expected = torch.tensor([0.0, 0.0005, 0.001, 1 / 0.0011, 50.0, 2.0])
    torch.testing.assert_close(invert(intensities), expected)


def test_inversion_comes_before_scaling_and_is_of_fractions_of_the_beam() -> None:
    levels = torch.tensor([[[0, 10, 51, 255]]], dtype=torch.uint8)
    full_scale = torch.tensor([0.25])
    fractions = 0.25 * (np.array([0, 10, 51, 255]) / 255) ** 2
    inverted = np.where(fractions > 0.001, 1 / np.maximum(fractions, 1e-9), fractions)
    expected = np.rint((inverted - inverted.min()) / np.ptp(inverted) * 255) / 255 - 0.5
    found = network_images(levels, full_scale, inverted=True)[0, 0].numpy()
    np.testing.assert_allclose(found, expected, atol=1e-6)
    plain = network_images(levels, full_scale, inverted=False)[0, 0].numpy()
    np.testing.assert_allclose(plain, np.rint((fractions / 0.25) * 255) / 255 - 0.5, atol=1e-6)


def test_stored_images_are_decoded_as_they_were_encoded() -> None:
    intensity = np.random.default_rng(0).random((30, 30), dtype=np.float32) * 0.3
    levels, full_scale = to_levels(intensity)
    expected = to_intensity(levels[None], np.array([full_scale]))
    decoded = decode(torch.from_numpy(levels)[None], torch.tensor([full_scale]))
    np.testing.assert_allclose(decoded.numpy(), expected, rtol=1e-5, atol=1e-8)
    own, own_scale = encode(torch.from_numpy(intensity)[None])
    np.testing.assert_array_equal(own[0].numpy(), levels)
    assert float(own_scale) == full_scale


def test_the_mixing_ratio_of_homogeneous_aggregates_is_rounded() -> None:
    regressed = torch.tensor([0.1, 0.1, 0.8, 0.8, 0.5])
    homogeneous = torch.tensor([0.6, 0.5, 0.6, 0.4, 0.9])
    found = combined_mixing_ratio(regressed, homogeneous)
    torch.testing.assert_close(found, torch.tensor([0.0, 0.1, 1.0, 0.8, 1.0]))


def test_cluster_sizes_are_rounded_and_not_limited() -> None:
    outputs = torch.tensor([0.2, 1.49, 1.5, 2.5, 7.8])
    assert cluster_size(outputs).tolist() == [0, 1, 2, 3, 8]


def test_unknown_networks_are_refused() -> None:
    with pytest.raises(ParameterError, match="no network 'x'"):
        make_network("x")
    with pytest.raises(ParameterError, match="no features 'x'"):
        make_network("Df", "x")


def test_weights_depend_on_the_seed_alone() -> None:
    first, again, other = (make_network("Df", side=160, seed=s) for s in (1, 1, 2))
    weights = [network.read_out.dense.weight for network in (first, again, other)]
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])
