"""Networks compared on imperfect images: the same images for all, and errors that are true."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from heteroagg_gui.aggregation.descriptors import describe
from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.core.prediction import ImagePrediction, Prediction
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.core.resources import models_folder
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.learning.evaluation.compact_figures import paper_thetas
from heteroagg_gui.learning.evaluation.conditions import (
    CONDITIONS,
    SEED,
    compare_on,
    errors_of,
    simulated_set,
)
from heteroagg_gui.learning.model_card import ModelCard, read_card

THETA = Theta(1.8, 0.5, 2, 3)


class Fixed:
    """Says the same of every set, and remembers what it saw."""

    def __init__(self, answer: Theta) -> None:
        self.card: ModelCard = read_card(models_folder() / "compact")
        self.answer = answer
        self.sums: list[float] = []

    def predict(
        self, micrographs: Sequence[Micrograph], progress: Progress = no_progress
    ) -> Prediction:
        self.sums += [float(image.pixels.sum()) for image in micrographs]
        return Prediction(
            "fixed",
            self.answer,
            {"fractal_dimension": (1.0, 3.0), "mixing_ratio": (2.0, 3.0)},
            None,
            tuple(
                ImagePrediction(1.8, 0.5, inside_training_range=k != 0)
                for k in range(len(micrographs))
            ),
        )


def test_every_network_sees_the_same_images() -> None:
    one, other = Fixed(THETA), Fixed(replace(THETA, theta_0=6))
    compare_on({"one": one, "other": other}, CONDITIONS["imperfect"], sets=2, images=3)
    assert one.sums == other.sums
    assert len(set(one.sums)) == 6


def test_errors_are_those_of_the_answer() -> None:
    figures = compare_on({"fixed": Fixed(THETA)}, CONDITIONS["clean"], sets=3, images=2)["fixed"]
    truth = paper_thetas(3, SEED)
    expected = np.mean([abs(theta.fractal_dimension - 1.8) for theta in truth])
    assert figures["theta_fractal_dimension_mae"]["value"] == pytest.approx(expected)
    assert figures["images_flagged"]["value"] == 0.5
    assert figures["sets_flagged"]["value"] == 0.0
    assert figures["fractal_dimension_covered_90"]["value"] == 1.0
    assert figures["mixing_ratio_covered_90"]["value"] == 0.0


def test_errors_per_image_are_means_over_the_set() -> None:
    clean = CONDITIONS["clean"]
    aggregates, micrographs = simulated_set(THETA, clean, clean.curves(), 3, 0)
    found = errors_of(Fixed(THETA).predict(micrographs), THETA, aggregates)
    true = [describe(aggregate)["mixing_ratio"] for aggregate in aggregates]
    assert found["mixing_ratio_mae"] == pytest.approx(np.mean([abs(0.5 - value) for value in true]))


@pytest.mark.parametrize("name", CONDITIONS)
def test_every_condition_can_be_drawn_from(name: str) -> None:
    ranges = CONDITIONS[name]
    _, micrographs = simulated_set(THETA, ranges, ranges.curves(), 2, 1)
    assert all(np.isfinite(image.pixels).all() for image in micrographs)
