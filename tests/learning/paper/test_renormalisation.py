"""Batch renormalisation against batch normalisation and against its definition."""

import pytest
import torch
from torch import Tensor, nn

from heteroagg_gui.learning.paper import renormalisation
from heteroagg_gui.learning.paper.basic import ConvolutionBlock
from heteroagg_gui.learning.paper.renormalisation import BatchRenormalisation


def batch(seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return 3.0 * torch.randn(6, 4, 5, 5, generator=generator) + 2.0


def test_it_is_batch_normalisation_where_r_is_1_and_d_is_0() -> None:
    renorm = BatchRenormalisation(4, largest_r=1.0, largest_d=0.0)
    plain = nn.BatchNorm2d(4, eps=1e-3)
    nn.init.uniform_(renorm.gamma)
    plain.weight.data.copy_(renorm.gamma.data)
    first, second = batch().requires_grad_(), batch().requires_grad_()
    weights = torch.rand(6, 4, 5, 5)
    (renorm(first) * weights).sum().backward()
    (plain(second) * weights).sum().backward()
    torch.testing.assert_close(renorm(batch()), plain(batch()))
    torch.testing.assert_close(first.grad, second.grad)
    torch.testing.assert_close(renorm.gamma.grad, plain.weight.grad)


def test_training_follows_the_definition() -> None:
    layer = BatchRenormalisation(4)
    layer.renorm_mean.uniform_(-1, 1)
    layer.renorm_deviation.uniform_(0.5, 2)
    mean_before, deviation_before = layer.renorm_mean.clone(), layer.renorm_deviation.clone()
    images = batch()
    mean, variance = images.mean((0, 2, 3)), images.var((0, 2, 3), unbiased=False)
    deviation = torch.sqrt(variance + 1e-3)
    normalised = (images - mean[:, None, None]) / deviation[:, None, None]
    r = (deviation / deviation_before)[:, None, None]
    d = ((mean - mean_before) / deviation_before)[:, None, None]
    torch.testing.assert_close(layer(images), normalised * r + d, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(layer.renorm_mean, 0.99 * mean_before + 0.01 * mean)
    torch.testing.assert_close(layer.moving_mean, 0.01 * mean)
    torch.testing.assert_close(layer.moving_deviation, 0.99 + 0.01 * deviation)
    torch.testing.assert_close(layer.moving_variance, layer.moving_deviation.square() - 1e-3)


def test_no_gradient_flows_through_r_and_d() -> None:
    """The output's mean and spread are those of r and d, so that its sum has no gradient."""
    layer = BatchRenormalisation(4)
    images = batch().requires_grad_()
    layer(images).sum().backward()
    assert images.grad is not None
    torch.testing.assert_close(images.grad, torch.zeros_like(images), atol=1e-5, rtol=0)


def test_evaluation_uses_the_moving_statistics_and_leaves_them() -> None:
    layer = BatchRenormalisation(4)
    for seed in range(5):
        layer(batch(seed))
    layer.eval()
    before = {name: value.clone() for name, value in layer.named_buffers()}
    single = batch(9)[:1]
    scale = torch.rsqrt(layer.moving_variance + 1e-3)[:, None, None]
    expected = (single - layer.moving_mean[:, None, None]) * scale
    torch.testing.assert_close(layer(single), expected)
    for name, value in layer.named_buffers():
        assert torch.equal(value, before[name]), name


def test_statistics_converge_so_that_evaluation_equals_training() -> None:
    layer = BatchRenormalisation(4)
    for _ in range(1500):
        trained = layer(batch())
    torch.testing.assert_close(layer.eval()(batch()), trained, rtol=1e-3, atol=1e-3)


def test_a_folded_block_gives_the_same() -> None:
    block = ConvolutionBlock(1, 4)
    nn.init.uniform_(block.norm.gamma)
    images = torch.rand(3, 1, 12, 12)
    for _ in range(3):
        block(images)
    block.eval()
    with torch.inference_mode():
        before = block(images)
    block.fold()
    with torch.inference_mode():
        torch.testing.assert_close(block(images), before, rtol=1e-4, atol=1e-5)


def test_a_team_normalises_by_the_same_formula(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = BatchRenormalisation(4), BatchRenormalisation(4)
    weights = torch.rand(6, 4, 5, 5)
    first, second = batch().requires_grad_(), batch().requires_grad_()
    expected = one(first)
    (expected * weights).sum().backward()
    monkeypatch.setattr(renormalisation, "team_size", lambda: 2)
    monkeypatch.setattr(renormalisation, "mean_over_team", lambda values: values)
    found = other(second)
    (found * weights).sum().backward()
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(second.grad, first.grad, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(other.gamma.grad, one.gamma.grad, rtol=1e-4, atol=1e-4)
    for name, value in one.named_buffers():
        torch.testing.assert_close(other.get_buffer(name), value)
