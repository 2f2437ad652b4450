"""How an image looks, and what is said where it looks unusual."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from heteroagg_gui.aggregation.parameters import AggregationParameters
from heteroagg_gui.aggregation.sampler import sample_aggregate
from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.core.resources import models_folder
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.learning.appearance import (
    APPEARANCE,
    WORDS,
    UsualRange,
    appearance,
    training_appearance,
    usual_range,
)
from heteroagg_gui.learning.predictor import load_predictor
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.micrograph.prepare import prepare
from heteroagg_gui.stem.curves import load_curves
from heteroagg_gui.stem.image import frame_around, render_image
from heteroagg_gui.stem.microscope import Microscope

CURVES = load_curves()


def image(seed: int, radius_nm: float = 12.0, microscope: Microscope | None = None) -> Micrograph:
    rng = np.random.default_rng(seed)
    parameters = AggregationParameters(radius_nm, radius_nm / 4)
    aggregate = sample_aggregate(Theta(1.9, 0.5, 2, 2), rng, parameters)
    frame = frame_around(aggregate, 1.25, 30.0)
    pixels = render_image(aggregate, CURVES, microscope or Microscope(), frame, rng)
    return Micrograph(pixels, 1.25, "image")


def looks(micrograph: Micrograph) -> dict[str, float]:
    values = appearance(prepare(micrograph, 2.0).levels, 2.0).tolist()
    return dict(zip(APPEARANCE, values, strict=False))


def test_the_feature_size_follows_the_radius() -> None:
    small, large = (
        np.mean([looks(image(k, radius))["feature_nm"] for k in range(6)])
        for radius in (12.0, 24.0)
    )
    assert 1.6 < large / small < 2.3


def test_noise_follows_the_dose() -> None:
    doses = (1000.0, 100.0, 10.0)
    grain = [looks(image(1, microscope=Microscope(dose_e_per_a2=d)))["noise"] for d in doses]
    assert grain == sorted(grain)


def test_an_aggregate_on_dark_ground_is_one_object() -> None:
    assert looks(image(2))["detached"] == 0.0
    assert looks(image(2))["border"] < 0.05


def test_objects_apart_are_noticed() -> None:
    one = image(3).pixels
    pair = Micrograph(np.concatenate([one, one], axis=1), 1.25, "pair")
    assert looks(pair)["detached"] == pytest.approx(0.5, abs=0.02)


def test_an_inverted_image_has_a_bright_border() -> None:
    one = image(4)
    assert looks(replace(one, pixels=one.pixels.max() - one.pixels))["border"] > 0.5


def test_an_empty_image_is_measured_without_a_complaint() -> None:
    values = appearance(np.zeros((32, 32), dtype=np.uint8), 2.0)
    assert np.all(np.isfinite(values))


def test_nearly_all_training_images_are_usual() -> None:
    ranges = TrainingRanges()
    usual = usual_range(training_appearance(ranges, 150, 1))
    fresh = training_appearance(ranges, 100, 2)
    assert sum(bool(usual.oddities(values)) for values in fresh) <= 3


RANGE = UsualRange(torch.zeros(6), torch.ones(6))


@pytest.mark.parametrize("index", range(6))
def test_what_is_odd_is_said_in_words(index: int) -> None:
    values = np.full(6, 0.5)
    assert RANGE.oddities(values) == []
    values[index] = 1.5
    assert RANGE.oddities(values) == [WORDS[APPEARANCE[index]][1]]


def test_the_oddest_comes_first() -> None:
    values = np.array([1.2, 0.5, 3.0, 0.5, 0.5, 0.5])
    assert RANGE.oddities(values) == [WORDS["noise"][1], WORDS["feature_nm"][1]]


def test_a_bright_background_explains_what_follows_from_it() -> None:
    values = np.array([9.0, 9.0, 0.5, 2.0, 0.5, 9.0])
    assert RANGE.oddities(values) == [WORDS["border"][1]]


NETWORK = load_predictor(models_folder() / "compact", "cpu")


@pytest.mark.parametrize(
    ("odd", "words"),
    [
        (replace(image(5), pixel_size_nm=2.5), "particles look larger"),
        (replace(image(5), pixels=-image(5).pixels), "background is too bright"),
        (image(5, microscope=Microscope(dose_e_per_a2=3.0)), "noisier"),
        (Micrograph(np.tile(image(6).pixels, (1, 2)), 1.25, "two"), "objects lie apart"),
    ],
)
def test_the_bundled_network_names_the_reason(odd: Micrograph, words: str) -> None:
    prediction = NETWORK.predict([odd])
    assert not prediction.inside_training_range
    assert words in (prediction.images[0].reason or "")
    assert NETWORK.predict([image(5)]).inside_training_range
