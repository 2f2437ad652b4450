"""Networks: shapes, invariances, distributions."""

import numpy as np
import pytest
import torch

from heteroagg_gui.learning.blocks import StandardisedConvolution, freeze_kernels
from heteroagg_gui.learning.losses import Scales, density_loss, observable_loss
from heteroagg_gui.learning.novelty import fit_novelty
from heteroagg_gui.learning.pooling import cluster_facts, geometry
from heteroagg_gui.learning.set_head import SetHead, ThetaDistribution, average
from heteroagg_gui.learning.trunk import Trunk, TrunkSize

SMALL = TrunkSize(channels=(8, 8, 16, 16), blocks=(1, 1, 1), embedding=16)


@pytest.fixture(autouse=True)
def seeded() -> None:
    """Make weights and inputs the same every time."""
    torch.manual_seed(0)


def test_kernels_have_zero_mean_and_the_gain_as_norm() -> None:
    layer = StandardisedConvolution(6, 4)
    with torch.no_grad():
        layer.weight.mul_(7.0).add_(3.0)
    kernel = layer.standardised_kernel().flatten(1)
    assert kernel.mean(dim=1).abs().max() < 1e-6
    torch.testing.assert_close(kernel.norm(dim=1), layer.gain.flatten(), rtol=1e-3, atol=1e-4)


def test_trunk_describes_images_of_any_size() -> None:
    trunk = Trunk(SMALL)
    for height, width in ((64, 96), (160, 48)):
        output = trunk(torch.rand(2, 1, height, width))
        assert output.densities.shape == (2, 5, height // 4, width // 4)
        assert output.quantities.shape == (2, 9)
        assert output.cluster_logits.shape == (2, 2, 6)
        assert (output.densities > 0).all()
        sizes = output.cluster_sizes.exp()
        assert sizes.shape == (2, 2, 7, height // 4, width // 4)
        torch.testing.assert_close(sizes.sum(dim=2), torch.ones_like(sizes[:, :, 0]))


def test_images_of_a_batch_do_not_influence_each_other() -> None:
    trunk = Trunk(SMALL).eval()
    images = torch.rand(3, 1, 64, 64)
    together = trunk(images).quantities
    alone = trunk(images[1:2]).quantities
    torch.testing.assert_close(together[1:2], alone, rtol=1e-4, atol=1e-5)


def test_geometry_of_two_known_particles() -> None:
    densities = torch.zeros(1, 5, 40, 40)
    densities[0, 0, 10, 20] = 1.0
    densities[0, 1, 30, 20] = 1.0
    densities[0, 4, 20, 20] = 1.0
    facts = geometry(densities, 2.0)[0]
    assert facts[5] == pytest.approx(float(torch.log1p(torch.tensor(2.0))), rel=1e-5)
    assert facts[6] == pytest.approx(1 / 3, rel=1e-5)
    radius = (torch.exp(facts[9]) - 0.1) * 24.0
    assert radius == pytest.approx(10 * 8.0, rel=1e-3)


def test_particles_are_counted_by_the_size_of_their_clusters() -> None:
    densities = torch.zeros(1, 5, 8, 8)
    densities[0, 0, 2, 2], densities[0, 0, 5, 5], densities[0, 1, 1, 6] = 3.0, 2.0, 4.0
    sizes = torch.zeros(1, 2, 7, 8, 8)
    sizes[:, :, 0] = 1.0
    sizes[0, 0, 0, 2, 2], sizes[0, 0, 2, 2, 2] = 0.25, 0.75
    facts = cluster_facts(densities, sizes)[0]
    counts, shares = torch.expm1(facts[:14]).view(2, 7), facts[14:].view(2, 7)
    torch.testing.assert_close(counts[0], torch.tensor([2.75, 0, 2.25, 0, 0, 0, 0]))
    torch.testing.assert_close(counts[1], torch.tensor([4.0, 0, 0, 0, 0, 0, 0]))
    torch.testing.assert_close(shares[0], counts[0] / 6.0)


def test_observable_loss_is_least_at_the_truth() -> None:
    target = torch.zeros(2, 14, 4, 4)
    target[0, 2, 1, 1], target[0, 8, 2, 2], target[1, 0, 3, 0] = 1.0, 2.0, 1.0
    shares = torch.full((2, 2, 7, 4, 4), 1 / 7)
    unsure = observable_loss(shares.log(), target)
    assert unsure == pytest.approx(float(torch.log(torch.tensor(7.0))), rel=1e-5)
    shares[0, 0, :, 1, 1] = 0.01 / 6
    shares[0, 0, 2, 1, 1] = 0.99
    assert observable_loss(shares.log(), target) < unsure
    shares[0, 0, :, 1, 1] = 0.99 / 6
    shares[0, 0, 2, 1, 1] = 0.01
    assert observable_loss(shares.log(), target) > unsure


def test_density_loss_is_least_at_the_truth() -> None:
    target = torch.rand(2, 5, 8, 8)
    least = density_loss(target, target)
    assert least == pytest.approx(0.0, abs=1e-3)
    assert density_loss(target * 1.1, target) > least
    assert density_loss(target * 0.9, target) > least


def test_scales_are_undone_by_restore() -> None:
    scales = Scales(torch.tensor([1.0, 2.0]), torch.tensor([0.5, 4.0]))
    values = torch.rand(5, 2)
    torch.testing.assert_close(scales.restore(scales.standardise(values)), values)


def test_the_order_of_the_images_does_not_matter() -> None:
    head = SetHead(10).eval()
    descriptions = torch.randn(2, 7, 10)
    present = torch.ones(2, 7, dtype=torch.bool)
    first = head(descriptions, present)
    second = head(descriptions[:, torch.randperm(7)], present)
    torch.testing.assert_close(first.means, second.means, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(first.probabilities, second.probabilities, rtol=1e-4, atol=1e-5)


def test_absent_images_have_no_influence() -> None:
    head = SetHead(10).eval()
    descriptions = torch.randn(1, 5, 10)
    present = torch.tensor([[True, True, True, False, False]])
    changed = descriptions.clone()
    changed[:, 3:] = 100.0
    torch.testing.assert_close(head(descriptions, present).means, head(changed, present).means)
    alone = head(descriptions[:, :3], present[:, :3])
    torch.testing.assert_close(head(descriptions, present).means, alone.means, rtol=1e-4, atol=1e-5)


def mixture() -> ThetaDistribution:
    """Return a bimodal distribution of theta_Df and a normal one of theta_rho."""
    sizes = torch.zeros(1, 2, 2, 6)
    sizes[0, 0, 0, 2], sizes[0, 0, 1, 4] = 1.0, 1.0
    sizes[0, 1] = 1 / 6
    return ThetaDistribution(
        torch.tensor([[0.75, 0.25]]),
        torch.tensor([[[1.6, 2.2], [0.4, 0.4]]]),
        torch.tensor([[[0.02, 0.02], [0.05, 0.05]]]),
        sizes,
    )


def test_the_joint_likelihood_knows_what_belongs_together() -> None:
    likelihood = [
        float(mixture().log_joint(torch.tensor([theta])).exp())
        for theta in ([1.6, 0.4, 3, 1], [1.6, 0.4, 5, 1], [2.2, 0.4, 5, 1])
    ]
    density = 1 / (2 * torch.pi * 0.02 * 0.05)
    assert likelihood[0] == pytest.approx(0.75 * density / 6, rel=1e-4)
    assert likelihood[1] < 1e-5
    assert likelihood[2] == pytest.approx(0.25 * density / 6, rel=1e-4)
    torch.testing.assert_close(
        mixture().probabilities[0, 0], torch.tensor([0, 0, 0.75, 0, 0.25, 0])
    )


def test_draws_have_the_moments_and_correlations_of_the_mixture() -> None:
    drawn = mixture().draw(20000, np.random.default_rng(1))
    assert drawn[:, 0].mean() == pytest.approx(1.75, abs=0.01)
    assert drawn[:, 1].std() == pytest.approx(0.05, rel=0.03)
    low = drawn[:, 0] < 1.9
    assert set(drawn[low, 2]) == {3}
    assert set(drawn[~low, 2]) == {5}
    assert (
        np.abs(np.bincount(drawn[:, 3].astype(int), minlength=7)[1:] / 20000 - 1 / 6).max() < 0.02
    )
    again = mixture().draw(20000, np.random.default_rng(1))
    np.testing.assert_array_equal(drawn, again)


def test_quantiles_invert_the_distribution_function() -> None:
    levels = torch.tensor([0.05, 0.3, 0.5, 0.77, 0.95])
    quantiles = mixture().quantiles(levels)
    torch.testing.assert_close(
        mixture().cumulative(quantiles), levels.expand(1, 2, 5), rtol=1e-3, atol=1e-4
    )
    assert quantiles[0, 1, 0] == pytest.approx(0.4 - 1.645 * 0.05, abs=1e-3)


def test_the_density_is_the_slope_of_the_distribution_function() -> None:
    point, step = torch.tensor([[1.61, 0.43]]), 1e-3
    slope = (
        mixture().cumulative((point + step)[..., None]).squeeze(-1)
        - mixture().cumulative((point - step)[..., None]).squeeze(-1)
    ) / (2 * step)
    torch.testing.assert_close(mixture().log_density(point).exp(), slope, rtol=1e-2, atol=1e-3)


def test_an_ensemble_mixes_its_members() -> None:
    other = mixture()
    other.means = other.means + 0.2
    levels = torch.tensor([[[1.5, 1.9], [0.3, 0.5]]])
    mixed = average([mixture(), other])
    expected = (mixture().cumulative(levels) + other.cumulative(levels)) / 2
    torch.testing.assert_close(mixed.cumulative(levels), expected)


def test_novelty_flags_what_lies_apart() -> None:
    training, held_out = torch.randn(4000, 6), torch.randn(2000, 6)
    novelty = fit_novelty(training, held_out)
    fresh = (novelty.distance(torch.randn(4000, 6)) > novelty.threshold).float().mean()
    assert fresh == pytest.approx(0.005, abs=0.006)
    assert (novelty.distance(torch.randn(100, 6) + 4.0) > novelty.threshold).all()


def test_frozen_kernels_change_no_result() -> None:
    trunk = Trunk(SMALL).eval()
    images = torch.rand(2, 1, 64, 48)
    before = trunk(images)
    freeze_kernels(trunk)
    after = trunk(images)
    torch.testing.assert_close(after.quantities, before.quantities, rtol=1e-4, atol=1e-5)
    with torch.no_grad():
        trunk.entry.weight.add_(1.0).mul_(torch.rand_like(trunk.entry.weight))
    torch.testing.assert_close(trunk(images).densities, after.densities)
