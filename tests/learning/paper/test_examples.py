"""Which images a network sees, and how often."""

from itertools import islice

import numpy as np
import pytest
import torch

from heteroagg_gui.core.errors import DataSetError
from heteroagg_gui.learning.paper.examples import ResidentImages, StreamedImages
from heteroagg_gui.learning.paper.networks import PURPOSES
from heteroagg_gui.learning.paper.orders import (
    balanced_images,
    fewer_evaluated,
    sets_of_images,
    split_off_validation,
)
from heteroagg_gui.learning.paper.simulated_examples import SimulatedExamples
from heteroagg_gui.learning.paper.stored_examples import StoredExamples
from heteroagg_gui.learning.training.augmentation import Augmentation
from heteroagg_gui.learning.training.team import ALONE, Team
from heteroagg_gui.stem.microscope import Frame
from tests.learning.paper.tiny_data import TinyData

CPU = torch.device("cpu")


def examples(key: str, data: TinyData | None = None, **settings: object) -> StoredExamples:
    data = data or TinyData()
    return StoredExamples(
        data, StreamedImages(data, CPU), PURPOSES[key], augmentation=Augmentation(), **settings
    )


def test_homogeneous_aggregates_are_repeated_until_classes_are_balanced() -> None:
    homogeneous = np.arange(100) % 10 == 0
    rows = balanced_images(np.arange(100) + 50, homogeneous, np.random.default_rng(0))[:, 0] - 50
    counts = np.bincount(rows, minlength=100)
    assert (counts[~homogeneous] == 1).all()
    assert (counts[homogeneous] == 9).all()
    assert not (np.diff(homogeneous[rows].astype(int)) == 0).all()


def test_the_classifier_sees_as_many_homogeneous_aggregates_as_others() -> None:
    found = examples("rho-class", batch=8)
    rows = np.concatenate([found.rows(k) for k in range(found.updates_per_epoch)])
    share = np.isin(found._data.descriptors["mixing_ratio"][rows], (0.0, 1.0)).mean()
    assert share == pytest.approx(0.5, abs=0.06)


def test_validation_takes_whole_configurations_of_the_training_part() -> None:
    data = TinyData()
    learnt, held_out = split_off_validation(data, 0.34, 1)
    assert set(data.configuration[learnt]).isdisjoint(data.configuration[held_out])
    assert sorted([*learnt, *held_out]) == sorted(data.training)
    assert len(held_out) == 26


def test_fewer_evaluated_images_are_whole_configurations() -> None:
    data = TinyData(configurations=5)
    per = np.count_nonzero(data.configuration[data.evaluation] == 0)
    fewer = fewer_evaluated(data, 2 * per, seed=3)
    found, counts = np.unique(data.configuration[fewer], return_counts=True)
    assert len(found) == 2
    assert (counts == per).all()
    assert np.isin(fewer, data.evaluation).all()
    np.testing.assert_array_equal(fewer, fewer_evaluated(data, 2 * per, seed=3))
    np.testing.assert_array_equal(fewer_evaluated(data, 10_000, seed=3), data.evaluation)


def test_sets_are_of_one_configuration_and_hold_no_image_twice() -> None:
    data = TinyData()
    rows = sets_of_images(data.configuration, data.training, 12, np.random.default_rng(0))
    assert rows.shape == (6, 12)
    assert (np.ptp(data.configuration[rows], axis=1) == 0).all()
    assert len(np.unique(rows)) == rows.size


def test_an_epoch_holds_every_image_once_and_no_evaluation_image() -> None:
    found = examples("Df", batch=4, validation_share=0.0)
    rows = np.concatenate([found.rows(k) for k in range(found.updates_per_epoch)])
    assert len(np.unique(rows)) == rows.size == 76
    assert np.isin(rows, found._data.training).all()
    assert not np.array_equal(found.rows(0), found.rows(found.updates_per_epoch))


def test_batches_depend_on_the_update_alone() -> None:
    found = examples("theta0", batch=1)
    all_batches = list(islice(found.batches(0, ALONE), 4))
    later = next(found.batches(3, ALONE))
    assert torch.equal(all_batches[3].levels, later.levels)
    assert torch.equal(all_batches[3].transforms, later.transforms)
    assert len(later.levels) == 12
    assert later.target.tolist() == later.theta.tolist()


def test_processes_share_a_batch() -> None:
    alone = next(examples("Df", batch=4).batches(2, ALONE))
    parts = [next(examples("Df", batch=2, processes=2).batches(2, Team(k, 2))) for k in (0, 1)]
    for k, part in enumerate(parts):
        assert torch.equal(part.levels, alone.levels[k::2])
        assert torch.equal(part.transforms, alone.transforms[k::2])
        assert torch.equal(part.target, alone.target[k::2])


def test_images_on_the_device_are_those_of_the_disk() -> None:
    data = TinyData()
    resident = ResidentImages(data, data.training, CPU)
    for one, other in zip(
        resident.images(data.training[5:9]),
        StreamedImages(data, CPU).images(data.training[5:9]),
        strict=True,
    ):
        assert torch.equal(one, other)


def test_too_few_images_are_refused() -> None:
    with pytest.raises(DataSetError, match=r"12 images for training"):
        examples("theta1", TinyData(per=12, trained=8))


def test_simulated_examples_are_the_same_for_any_number_of_workers() -> None:
    def first(workers: int) -> torch.Tensor:
        source = SimulatedExamples(
            "Df",
            CPU,
            augmentation=Augmentation(),
            batch=2,
            workers=workers,
            frame=Frame(64, 64, 10),
        )
        batch = next(source.batches(5, ALONE))
        assert batch.target.min() > 1
        return batch.levels

    assert torch.equal(first(0), first(1))
    assert first(0).any()


def test_simulated_sets_are_of_one_theta() -> None:
    source = SimulatedExamples(
        "theta0", CPU, augmentation=Augmentation(), batch=2, frame=Frame(32, 32, 20)
    )
    batch = next(source.batches(0, ALONE))
    assert batch.levels.shape == (24, 32, 32)
    assert batch.target.shape == (2,)
    assert set(batch.target.tolist()) <= {1, 2, 3, 4, 5, 6}
