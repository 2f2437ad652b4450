"""The second look at each image: it changes nothing untrained, and learns what is there."""

import torch

from heteroagg_gui.learning.examples import QUANTITIES
from heteroagg_gui.learning.image_read_out import REFINED, ImageReadOut, train_image_read_out
from heteroagg_gui.learning.set_data import SetTable


def table(seed: int, sets: int = 60, images: int = 16, size: int = 12) -> SetTable:
    """Return estimates that err by what the description tells, but for a little noise."""
    generator = torch.Generator().manual_seed(seed)
    descriptions = torch.randn(sets, images, size, generator=generator)
    predicted = torch.randn(sets, images, len(QUANTITIES), generator=generator)
    error = torch.zeros_like(predicted)
    error[..., 0] = descriptions[..., 0].abs()
    error[..., 8] = 1.0
    noise = 0.05 * torch.randn(predicted.shape, generator=generator)
    return SetTable(descriptions, predicted + error + noise, predicted, torch.zeros(sets, 4))


def test_untrained_it_changes_nothing() -> None:
    one = table(1)
    read_out = ImageReadOut(12).eval()
    assert torch.equal(read_out(one.descriptions, one.predicted), one.predicted)


def test_it_learns_what_the_description_tells() -> None:
    read_out = train_image_read_out(table(1), 300, seed=1)
    fresh = table(2)
    with torch.no_grad():
        refined = read_out(fresh.descriptions, fresh.predicted)
    before = (fresh.predicted - fresh.quantities).abs().mean(dim=(0, 1))
    after = (refined - fresh.quantities).abs().mean(dim=(0, 1))
    assert after[0] < 0.3 * before[0]
    assert torch.equal(refined[..., REFINED:], fresh.predicted[..., REFINED:])


def test_the_same_seed_gives_the_same_read_out() -> None:
    one, other = (train_image_read_out(table(1), 20, seed=3).state_dict() for _ in range(2))
    assert all(torch.equal(one[key], other[key]) for key in one)
