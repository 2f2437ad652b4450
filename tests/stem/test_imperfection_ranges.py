"""What a robust network would be trained on."""

from dataclasses import asdict

import numpy as np
import pytest

from heteroagg_gui.stem.imperfection_ranges import (
    EFFECTS,
    IMPERFECTION_RANGES,
    draw_imperfections,
)
from heteroagg_gui.stem.imperfections import SETTINGS, Imperfections

OFF = asdict(Imperfections())
DRAWS = 4000


@pytest.fixture(scope="module")
def drawn() -> list[Imperfections]:
    """Return many draws."""
    rng = np.random.default_rng(0)
    return [draw_imperfections(rng) for _ in range(DRAWS)]


def test_every_setting_has_a_range_within_its_limits() -> None:
    assert list(IMPERFECTION_RANGES) == [setting.name for setting in SETTINGS]
    for setting in SETTINGS:
        limits = IMPERFECTION_RANGES[setting.name]
        assert setting.lowest <= limits.low < limits.high <= setting.highest
    names = [name for effect in EFFECTS.values() for name in effect.settings]
    assert sorted(names) == sorted(IMPERFECTION_RANGES)


def test_drawn_values_fill_their_ranges(drawn: list[Imperfections]) -> None:
    for name, limits in IMPERFECTION_RANGES.items():
        scale = 1.0
        if name.endswith("_counts"):
            kept = [d for d in drawn if d.quantisation_bits == 8]
            scale = 255 / 65535
        else:
            kept = drawn
        values = np.array([getattr(d, name) for d in kept if getattr(d, name) != OFF[name]])
        width = limits.high - limits.low
        assert values.min() >= limits.low * scale
        assert values.max() <= limits.high * scale * (1 + 1e-12)
        assert values.max() - values.min() > 0.9 * width * scale


def test_effects_occur_as_often_as_stated(drawn: list[Imperfections]) -> None:
    for name, effect in EFFECTS.items():
        seen = np.mean([getattr(d, effect.settings[0]) != OFF[effect.settings[0]] for d in drawn])
        share = effect.share * (EFFECTS["detector"].share if name == "saturation" else 1.0)
        assert seen == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / DRAWS))


def test_a_draw_depends_on_its_random_numbers_alone() -> None:
    first, second = np.random.default_rng(4), np.random.default_rng(4)
    ones = [draw_imperfections(first) for _ in range(5)]
    assert ones == [draw_imperfections(second) for _ in range(5)]
    rare = {name: type(effect)(0.0, effect.settings) for name, effect in EFFECTS.items()}
    third = np.random.default_rng(4)
    nothing = [draw_imperfections(third, effects=rare) for _ in range(5)]
    assert not any(imperfections.active for imperfections in nothing)
    assert first.random() == third.random()


@pytest.mark.parametrize("name", EFFECTS)
def test_each_effect_can_occur_alone(name: str) -> None:
    rng = np.random.default_rng(6)
    draws = [draw_imperfections(rng, effects={name: EFFECTS[name]}) for _ in range(40)]
    changed = {setting for d in draws for setting in OFF if getattr(d, setting) != OFF[setting]}
    expected = () if name == "saturation" else EFFECTS[name].settings
    assert changed == set(expected)
