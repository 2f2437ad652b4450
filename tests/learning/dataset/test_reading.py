"""A finished set as those who train see it."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from heteroagg_gui.aggregation.descriptors import DESCRIPTORS, describe
from heteroagg_gui.aggregation.sampler import sample_aggregate
from heteroagg_gui.core.errors import DataSetError, ParameterError
from heteroagg_gui.learning.dataset.generation import generate
from heteroagg_gui.learning.dataset.plan import random_stream
from heteroagg_gui.learning.dataset.reading import DataSet, open_dataset
from heteroagg_gui.stem.curves import load_curves
from heteroagg_gui.stem.image import render_image
from tests.learning.dataset.small_sets import THETAS, small_plan


def test_descriptors_follow_from_the_stored_geometry(dataset: DataSet):
    assert list(dataset.descriptors) == [info.key for info in DESCRIPTORS]
    for index in range(len(dataset)):
        for key, value in describe(dataset.aggregate(index)).items():
            np.testing.assert_array_equal(dataset.descriptors[key][index], value)


@pytest.mark.parametrize("index", [0, 6, 7, 19])
def test_aggregate_and_image_are_those_of_their_random_streams(dataset: DataSet, index: int):
    plan = dataset.plan
    aggregate = sample_aggregate(
        THETAS[index // 10], random_stream(plan.seed, 1, index), plan.aggregation
    )
    stored = dataset.aggregate(index)
    for field in ("positions_nm", "radii_nm", "labels", "clusters"):
        np.testing.assert_array_equal(getattr(stored, field), getattr(aggregate, field))
    assert stored.relaxations == aggregate.relaxations
    noise = random_stream(plan.seed, 2, index)
    image = render_image(aggregate, load_curves(), plan.microscope, plan.frame, noise)
    full_scale = dataset.full_scale[index]
    assert full_scale == image.max()
    roots = np.sqrt(dataset.intensities([index])[0] / full_scale) - np.sqrt(image / full_scale)
    assert 255 * np.abs(roots).max() <= 0.5 + 1e-4


def test_images_come_in_the_order_asked_for(dataset: DataSet):
    everything = dataset.levels(range(20))
    assert everything.shape == (20, 256, 256)
    assert (everything.max(axis=(1, 2)) == 255).all()
    np.testing.assert_array_equal(dataset.levels([17, 2, 2]), everything[[17, 2, 2]])


def test_indices_beyond_the_set_are_errors(dataset: DataSet):
    for index in (-1, 20):
        with pytest.raises(IndexError):
            dataset.levels([index])


def test_a_set_travels_to_other_processes(dataset: DataSet):
    before = dataset.levels([3])
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(dataset)).levels([3]), before)  # noqa: S301


def test_batches_are_of_one_configuration_and_one_part(dataset: DataSet):
    assert len(dataset.training) == 12
    assert len(dataset.evaluation) == 8
    for part, members, per_pass in ((0, dataset.training, 4), (1, dataset.evaluation, 2)):
        batches = dataset.batches(part, 3, seed=4)
        assert len(batches) == per_pass
        for batch in batches:
            assert len(set(batch)) == 3
            assert set(batch) <= set(members)
            assert len(set(dataset.configuration[batch])) == 1
        assert len(np.unique(np.concatenate(batches))) == 3 * per_pass


def test_more_batches_than_a_pass_holds_use_all_images_evenly(dataset: DataSet):
    batches = dataset.batches(0, 4, count=301, seed=1)
    assert len(batches) == 301
    assert all(len(set(batch)) == 4 for batch in batches)
    uses = np.bincount(np.concatenate(batches), minlength=20)[dataset.training]
    assert np.abs(uses - 301 * 4 / 12).max() < 5 * np.sqrt(301 * 4 / 12)


def test_batches_depend_on_their_seed_alone(dataset: DataSet):
    first, again, other = (np.array(dataset.batches(0, 3, seed=s)) for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


@pytest.mark.parametrize("size", [0, 7])
def test_batches_that_no_configuration_fills_are_refused(dataset: DataSet, size: int):
    with pytest.raises(ParameterError, match="every configuration has 6"):
        dataset.batches(0, size)


def test_a_folder_without_data_is_refused(tmp_path: Path):
    with pytest.raises(DataSetError, match="holds no training data"):
        open_dataset(tmp_path)


def test_an_unfinished_set_is_refused(tmp_path: Path):
    def stop(fraction: float, message: str) -> None:
        if fraction > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(small_plan(), tmp_path, progress=stop)
    with pytest.raises(DataSetError, match="2 of 3 files"):
        open_dataset(tmp_path)
