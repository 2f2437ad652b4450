"""A small data set, made once, and a small cluster."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from dask.distributed import LocalCluster

from heteroagg_gui.core.theta import Theta
from heteroagg_gui.learning.dataset.generation import generate
from heteroagg_gui.learning.dataset.plan import listed_plan
from heteroagg_gui.learning.dataset.reading import DataSet
from heteroagg_gui.stem.microscope import Frame

THETAS = [
    Theta(1.5, 0.3, 1, 2),
    Theta(1.7, 0.5, 2, 3),
    Theta(1.9, 0.7, 3, 1),
    Theta(2.1, 0.4, 4, 2),
    Theta(2.3, 0.6, 2, 6),
    Theta(2.5, 0.1, 6, 1),
]


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> DataSet:
    """Return six parameter vectors with eight training and eight evaluation images each."""
    folder: Path = tmp_path_factory.mktemp("small") / "set"
    plan = listed_plan(THETAS, 16, seed=3, training_per_configuration=8, frame=Frame(330, 330, 2.0))
    return generate(plan, folder)


@pytest.fixture
def cluster() -> Iterator[LocalCluster]:
    """Return a Dask cluster of two worker processes.

    Dask limits the threads of its workers by variables of this process, which the tests that
    follow and their children must not inherit.
    """
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    before = dict(os.environ)
    try:
        with LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster:
            yield cluster
    finally:
        os.environ.clear()
        os.environ.update(before)
