"""Files that are not what their set says."""

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from heteroagg_gui.core.errors import DataSetError
from heteroagg_gui.learning.dataset.chunk_file import LAYOUT, ChunkFile, pack
from heteroagg_gui.learning.dataset.generation import generate
from heteroagg_gui.learning.dataset.manifest import entry_of, read_manifest
from heteroagg_gui.learning.dataset.reading import open_dataset
from tests.learning.dataset.small_sets import fingerprint, small_plan

SECOND = "chunks/chunk_00001.npz"


class Bomb:
    """Calls print when it is unpickled."""

    def __reduce__(self):
        return print, ("the pickle was loaded",)


def arrays_of(path: Path) -> dict[str, np.ndarray]:
    with np.load(path) as archive:
        return {name: archive[name] for name in LAYOUT}


def replace_chunk(folder: Path, content: bytes) -> None:
    """Replace a chunk and its checksum, as a hostile author would."""
    (folder / SECOND).write_bytes(content)
    manifest = read_manifest(folder)
    manifest.chunks[1] = entry_of(content)
    manifest.write(folder)


def test_a_sound_set_passes(copy: Path):
    said = []
    open_dataset(copy).verify(lambda fraction, message: said.append((fraction, message)))
    assert said[-1] == (1.0, "20 of 20 images checked")


def test_one_flipped_bit_is_found_and_named_and_made_good(copy: Path):
    before = fingerprint(copy)
    content = bytearray((copy / SECOND).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / SECOND).write_bytes(content)
    with pytest.raises(DataSetError, match=r"chunk_00001\.npz.*checksum"):
        open_dataset(copy).verify()
    generate(small_plan(), copy)
    assert fingerprint(copy) == before


def test_a_missing_file_is_named(copy: Path):
    (copy / SECOND).unlink()
    with pytest.raises(DataSetError, match=r"chunk_00001\.npz.*missing"):
        open_dataset(copy).verify()
    with pytest.raises(DataSetError, match=r"chunk_00001\.npz"):
        open_dataset(copy).levels([8])


@pytest.mark.parametrize(
    ("name", "change", "word"),
    [
        ("part", lambda a: 1 - a, "part"),
        ("theta", lambda a: a + 0.1, "theta"),
        ("index", lambda a: a + 1, "other images"),
        ("radii_nm", lambda a: a * 1.1, "overlapping"),
        ("radii_nm", lambda a: a * 0.8, "several pieces"),
        ("descriptors", lambda a: a + 1e-9, "descriptors"),
    ],
)
def test_content_that_contradicts_the_plan_is_found(copy: Path, name: str, change, word: str):
    arrays = arrays_of(copy / SECOND)
    arrays[name] = change(arrays[name])
    replace_chunk(copy, pack(arrays))
    with pytest.raises(DataSetError, match=rf"chunk_00001\.npz.*{word}"):
        open_dataset(copy).verify()


def saved(**arrays: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def compressed(arrays: dict[str, np.ndarray]) -> bytes:
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    return stream.getvalue()


HOSTILE = {
    "pickle": lambda a: saved(**{**a, "labels": np.array([Bomb()], dtype=object)}),
    "header that runs code": lambda a: saved(**a).replace(b"'descr': '<f4'", b"'descr':print(1) "),
    "compressed": compressed,
    "other type": lambda a: saved(**{**a, "levels": a["levels"].astype(np.float64)}),
    "array missing": lambda a: saved(**{k: v for k, v in a.items() if k != "radii_nm"}),
    "box beyond the frame": lambda a: pack({**a, "box": a["box"] + [10_000, 0, 0, 0]}),
    "negative box": lambda a: pack({**a, "box": a["box"] * [-1, 1, 1, 1]}),
    "pixels missing": lambda a: pack({**a, "levels": a["levels"][:-1]}),
    "particles missing": lambda a: pack({**a, "positions_nm": a["positions_nm"][1:]}),
    "cut off": lambda a: pack(a)[:-4000],
    "no archive": lambda a: b"no archive",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_files_are_refused(copy: Path, capsys: pytest.CaptureFixture[str], kind: str):
    replace_chunk(copy, HOSTILE[kind](arrays_of(copy / SECOND)))
    with pytest.raises(DataSetError, match=r"chunk_00001\.npz"):
        open_dataset(copy).levels([8])
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "change",
    [
        lambda d: "no JSON at all",
        lambda d: [],
        lambda d: {**d, "format": "something else"},
        lambda d: {**d, "version": 99},
        lambda d: {**d, "chunks": [{"number": "x"}]},
        lambda d: {k: v for k, v in d.items() if k != "plan"},
        lambda d: {**d, "provenance": 3},
    ],
)
def test_damaged_descriptions_are_refused(copy: Path, change):
    path = copy / "dataset.json"
    changed = change(json.loads(path.read_text()))
    path.write_text(changed if isinstance(changed, str) else json.dumps(changed))
    with pytest.raises(DataSetError, match=r"dataset\.json"):
        open_dataset(copy)


def test_equal_arrays_make_equal_files(finished: Path):
    path = finished / SECOND
    assert pack(arrays_of(path)) == path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_pixels_stay_on_the_disk_until_they_are_needed(finished: Path):
    assert set(LAYOUT) - set(ChunkFile(finished / SECOND).arrays) == {"levels"}
