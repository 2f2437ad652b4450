"""Whatever happens to a file, it is read or refused; nothing else comes out."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from heteroagg_gui.core.errors import MicrographError
from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.micrograph.reading import read_micrograph
from tests.micrograph.sample_files import WRITERS, speckle


def _picture(path: Path) -> Path:
    Image.fromarray(speckle("u1")).save(path)
    return path


def _lzw(path: Path) -> Path:
    Image.fromarray(speckle("u1")).save(path, compression="tiff_lzw")
    return path


ALL_WRITERS = {
    **WRITERS,
    "picture.png": _picture,
    "picture.jpg": _picture,
    "lzw.tif": _lzw,
}


@pytest.fixture(scope="module")
def valid_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("valid")
    return {name: write(folder / name).read_bytes() for name, write in ALL_WRITERS.items()}


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch")


def outcome(path: Path) -> Micrograph | None:
    """Read the file; a refusal must be one sentence, anything else is let through."""
    try:
        micrograph = read_micrograph(path)
    except MicrographError as error:
        micrograph, sentence = None, str(error)
    if micrograph is None:
        assert sentence.endswith(".")
        assert "\n" not in sentence
    else:
        assert np.isfinite(micrograph.pixels).all()
    return micrograph


@pytest.mark.parametrize("name", ALL_WRITERS)
@settings(max_examples=40)
@given(fraction=st.floats(0, 1, exclude_max=True))
@example(fraction=0.0)
@example(fraction=0.999)
def test_a_file_cut_anywhere_is_read_or_refused(name, fraction, valid_files, scratch):
    content = valid_files[name]
    path = scratch / name
    path.write_bytes(content[: int(fraction * len(content))])
    outcome(path)


@pytest.mark.parametrize("name", ALL_WRITERS)
def test_a_file_without_its_last_pixels_is_not_read(name, valid_files, scratch):
    """Rows of zeros instead of the lost ones would pass for dark background."""
    content = valid_files[name]
    for lost in (0.3, 0.6, 0.9):
        path = scratch / name
        path.write_bytes(content[: int((1 - lost) * len(content))])
        assert outcome(path) is None


@pytest.mark.parametrize("name", ALL_WRITERS)
@settings(max_examples=40)
@given(
    spots=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=8),
    in_head=st.booleans(),
)
def test_a_file_with_wrong_bytes_is_read_or_refused(name, spots, in_head, valid_files, scratch):
    content = bytearray(valid_files[name])
    reach = min(len(content), 1024) if in_head else len(content)
    for place, value in spots:
        content[int(place * reach)] = value
    path = scratch / name
    path.write_bytes(content)
    outcome(path)
