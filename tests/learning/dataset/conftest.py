"""One finished small set for the tests that only read, and copies for those that damage."""

import shutil
from pathlib import Path

import pytest

from heteroagg_gui.learning.dataset.generation import generate
from heteroagg_gui.learning.dataset.reading import DataSet, open_dataset
from tests.learning.dataset.small_sets import small_plan


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a finished set; not to be changed."""
    folder = tmp_path_factory.mktemp("sets") / "finished"
    generate(small_plan(), folder)
    return folder


@pytest.fixture
def dataset(finished: Path) -> DataSet:
    """Return a finished set."""
    return open_dataset(finished)


@pytest.fixture
def copy(finished: Path, tmp_path: Path) -> Path:
    """Return the folder of a finished set that may be damaged."""
    return Path(shutil.copytree(finished, tmp_path / "copy"))
