"""Eight bits of the square root of the intensity."""

import numpy as np
import pytest

from heteroagg_gui.learning.dataset.levels import bright_box, to_intensity, to_levels

ELECTRONS_PER_PIXEL = 149 * 125.0**2 / 100**2 * 100


def test_the_root_is_restored_within_half_a_level():
    intensity = np.random.default_rng(1).exponential(0.05, (80, 90)).astype(np.float32)
    levels, full_scale = to_levels(intensity)
    assert levels.max() == 255
    restored = to_intensity(levels, full_scale)
    steps = 255 * np.abs(np.sqrt(restored / full_scale) - np.sqrt(intensity / full_scale))
    assert steps.max() <= 0.5 + 1e-4


def test_shot_noise_is_equally_large_at_every_brightness():
    rng = np.random.default_rng(2)
    brightness = np.array([0.02, 0.08, 0.16])
    counts = rng.poisson(brightness[:, None] * ELECTRONS_PER_PIXEL, (3, 40_000))
    counts[0, 0] = 0.2 * ELECTRONS_PER_PIXEL
    levels, _ = to_levels((counts / ELECTRONS_PER_PIXEL).astype(np.float32))
    spread = levels[:, 1:].std(axis=1)
    expected = 0.5 * 255 / np.sqrt(0.2 * ELECTRONS_PER_PIXEL)
    assert spread == pytest.approx(np.sqrt(expected**2 + 1 / 12), rel=0.02)


def test_an_empty_image_stays_empty():
    levels, full_scale = to_levels(np.zeros((3, 4), dtype=np.float32))
    assert full_scale == 0
    assert bright_box(levels) == (0, 0, 0, 0)
    assert not to_intensity(levels, full_scale).any()


def test_the_box_is_the_smallest_that_holds_everything():
    levels = np.zeros((9, 8), dtype=np.uint8)
    levels[2, 5] = levels[6, 3] = 1
    assert bright_box(levels) == (2, 3, 5, 3)
