"""Session files that are damaged, newer, or made to do harm: one sentence each."""

import contextlib
import io
import json
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from heteroagg_gui.core.errors import ResourceError
from heteroagg_gui.workflow.runner import perform
from heteroagg_gui.workflow.session import Session
from heteroagg_gui.workflow.session_file.opening import open_session
from heteroagg_gui.workflow.state import ItemStatus, SessionState
from tests.workflow.saved_sessions import PredictorOfAll, full_session, write_images

Members = dict[str, bytes]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Members:
    """Return the members of a session with everything in it."""
    folder = tmp_path_factory.mktemp("damaged")
    path = folder / "all.heteroagg"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "heteroagg_gui.workflow.actions.predict.load_predictor_named",
            lambda name, device: PredictorOfAll(),
        )
        session = full_session(write_images(folder / "images"))
    perform(session, "save_session", {"path": path})
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(path: Path, members: Members, packing: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", packing) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def assert_refused(path: Path, *words: str) -> None:
    with pytest.raises(ResourceError) as caught:
        open_session(path)
    sentence = str(caught.value)
    assert path.name in sentence
    assert "\n" not in sentence
    for word in words:
        assert word in sentence


def npy(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=array.dtype == object)
    return stream.getvalue()


def test_what_was_not_touched_opens(original: Members, tmp_path: Path):
    assert open_session(write(tmp_path / "a.heteroagg", original)).shadows is not None


def set_in(document: Any, place: str, value: Any) -> None:
    *way, last = (int(part) if part.isdigit() else part for part in place.split("."))
    for part in way:
        document = document[part]
    document[last] = value


WRONG_VALUES = [
    ("format", "application/zip"),
    ("version", "1"),
    ("version", 0),
    ("version", None),
    ("images", {}),
    ("images", None),
    ("images.0", "image.tif"),
    ("images.0.name", 7),
    ("images.0.name", "x" * 100_000),
    ("images.0.group", ""),
    ("images.0.group", ["A"]),
    ("images.0.included", 1),
    ("images.0.refused", {"a": 1}),
    ("images.0.pixel_size_nm", -1.0),
    ("images.0.pixel_size_nm", 10**400),
    ("images.0.pixel_size_nm", "1.25"),
    ("images.0.pixel_size_nm", True),
    ("images.0.digest", "0"),
    ("images.0.absolute", 5),
    ("images.4.array", "../../etc/passwd"),
    ("images.4.array", "shadows/labels"),
    ("images.4.metadata", []),
    ("images.4.metadata", {"seed": 5}),
    ("settings", None),
    ("settings.n_shadows", 10**12),
    ("settings.n_shadows", 1.5),
    ("settings.seed", -1),
    ("settings.size_range", [80, 20]),
    ("settings.size_range", [1, 2, 3]),
    ("settings.size_range", [1, 10**9]),
    ("settings.radius_mean_nm", 0),
    ("settings.from_distribution", "no"),
    ("prediction", []),
    ("prediction.theta", [1.8, 0.5, 3]),
    ("prediction.theta", [9.0, 0.5, 3, 2]),
    ("prediction.theta", [1.8, 0.5, 3.5, 2]),
    ("prediction.theta", [1.8, 0.5, 10**30, 2]),
    ("prediction.interval_90.mixing_ratio", [0.1]),
    ("prediction.interval_90", [1, 2]),
    ("prediction.probabilities.theta_0", [2.0] * 6),
    ("prediction.probabilities.theta_1", [0.5] * 5),
    ("prediction.images.0.image", 99),
    ("prediction.images.0.image", -1),
    ("prediction.images.0.image", 2),
    ("prediction.images.0.fractal_dimension", None),
    ("prediction.draws", [[1]]),
    ("prediction.warnings", [{}]),
    ("prediction.model", None),
    ("shadows.count", 0),
    ("shadows.count", 4),
    ("shadows.count", 10**15),
    ("shadows.seed", -5),
    ("shadows.system", 1),
    ("shadows.descriptors", ["a"]),
    ("shadows.of_given_theta", None),
    ("selected", None),
    ("selected.image", 5),
    ("selected.shadow", 5),
]


@pytest.mark.parametrize(("place", "value"), WRONG_VALUES)
def test_a_wrong_value_is_refused(original: Members, tmp_path: Path, place: str, value: Any):
    document = json.loads(original["session.json"])
    set_in(document, place, value)
    members = original | {"session.json": json.dumps(document).encode()}
    assert_refused(write(tmp_path / "a.heteroagg", members), "damaged or no session")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{",
        '{"format": NaN}',
        "[" * 200_000,
        '{"a": ' * 50_000,
        "1" * 10_000,
        "\ud800",
    ],
)
def test_a_document_that_is_none_is_refused(original: Members, tmp_path: Path, text: str):
    members = original | {"session.json": text.encode("utf-8", "surrogatepass")}
    assert_refused(write(tmp_path / "a.heteroagg", members))


WRONG_ARRAYS = [
    ("shadows/positions_nm", np.full((3, 3), np.nan)),
    ("shadows/positions_nm", np.zeros((2, 3))),
    ("shadows/radii_nm", np.zeros(3)),
    ("shadows/radii_nm", np.ones(3, np.float32)),
    ("shadows/radii_nm", np.ones((3, 1))),
    ("shadows/radii_nm", np.array([1.0, np.inf, 1.0])),
    ("shadows/labels", np.full(3, 2, np.uint8)),
    ("shadows/clusters", np.full(3, -1, np.int32)),
    ("shadows/counts", np.array([2, 2])),
    ("shadows/counts", np.array([4, -1])),
    ("shadows/counts", np.array([2**62, 2**62])),
    ("shadows/thetas", np.full((2, 4), np.nan)),
    ("shadows/thetas", np.full((2, 4), 1.5)),
    ("shadows/relaxations", np.zeros((2, 3), np.int64)),
    ("shadows/descriptors", np.full((9, 2), np.inf)),
    ("shadows/descriptors", np.array([[{"a": 1}]], dtype=object)),
    ("shadows/radii_nm", np.array([os.getcwd] * 3, dtype=object)),
]


@pytest.fixture(scope="module")
def small(original: Members) -> Members:
    """Return a session with two shadows of three particles in all."""
    document = json.loads(original["session.json"])
    document["shadows"]["count"] = 2
    document["selected"]["shadow"] = 0
    arrays = {
        "counts": np.array([2, 1]),
        "positions_nm": np.arange(9.0).reshape(3, 3),
        "radii_nm": np.ones(3),
        "labels": np.array([0, 1, 0], np.uint8),
        "clusters": np.zeros(3, np.int32),
        "thetas": np.array([[1.8, 0.5, 3.0, 2.0]] * 2),
        "relaxations": np.zeros((2, 4), np.int64),
        "descriptors": np.ones((9, 2)),
    }
    members = {f"shadows/{name}.npy": npy(array) for name, array in arrays.items()}
    return original | members | {"session.json": json.dumps(document).encode()}


def test_two_small_shadows_open(small: Members, tmp_path: Path):
    assert len(open_session(write(tmp_path / "a.heteroagg", small)).shadows) == 2


@pytest.mark.parametrize(("name", "array"), WRONG_ARRAYS)
def test_a_wrong_array_is_refused(small: Members, tmp_path: Path, name: str, array: np.ndarray):
    members = small | {f"{name}.npy": npy(array)}
    assert_refused(write(tmp_path / "a.heteroagg", members), "damaged")


@pytest.mark.parametrize(
    "header",
    [
        b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000, 3), }",
        b"{'descr': '<f8', 'fortran_order': False, 'shape': (-3,), }",
        b"{'descr': '|O', 'fortran_order': False, 'shape': (3,), }",
        b"__import__('os').system('true')",
        b"((((((((((",
        b"'",
    ],
)
def test_a_wrong_header_is_refused(small: Members, tmp_path: Path, header: bytes):
    header = header.ljust(117) + b"\n"
    content = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + bytes(24)
    members = small | {"shadows/radii_nm.npy": content}
    assert_refused(write(tmp_path / "a.heteroagg", members), "damaged")


def test_a_missing_part_is_named(original: Members, tmp_path: Path):
    for name in ("session.json", "shadows/labels.npy", "images/4.npy"):
        members = {key: content for key, content in original.items() if key != name}
        assert_refused(write(tmp_path / "a.heteroagg", members), name.removesuffix(".npy"))


def test_packed_parts_cannot_grow_in_memory(original: Members, tmp_path: Path):
    bomb = original | {"images/4.npy": bytes(50_000_000)}
    path = write(tmp_path / "a.heteroagg", bomb, zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 1_000_000
    assert_refused(path, "packed")


def test_one_part_cannot_be_many_images(original: Members, tmp_path: Path):
    document = json.loads(original["session.json"])
    document["images"] += [document["images"][4]] * 3
    members = original | {"session.json": json.dumps(document).encode()}
    assert_refused(write(tmp_path / "a.heteroagg", members), "twice")


def test_a_part_that_claims_to_be_larger_than_the_file_is_refused(
    original: Members, tmp_path: Path
):
    path = write(tmp_path / "a.heteroagg", original)
    content = bytearray(path.read_bytes())
    place = content.rindex(b"PK\x01\x02")
    content[place + 20 : place + 28] = struct.pack("<II", 2**31, 2**31)
    path.write_bytes(content)
    assert_refused(path)


def test_any_cut_or_flipped_byte_gives_an_error_for_people_or_a_session(
    small: Members, tmp_path: Path
):
    path = write(tmp_path / "a.heteroagg", small)
    content = path.read_bytes()
    rng = np.random.default_rng(3)
    for k in range(200):
        damaged = bytearray(content)
        if k % 4 == 0:
            damaged = damaged[: rng.integers(len(damaged))]
        else:
            damaged[rng.integers(len(damaged))] ^= int(rng.integers(1, 256))
        path.write_bytes(damaged)
        with contextlib.suppress(ResourceError):
            open_session(path)


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06", b"II*\0 a micrograph", bytes(5000)])
def test_another_file_of_that_name_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "a.heteroagg"
    path.write_bytes(content)
    assert_refused(path, "no session")


def test_a_missing_file_or_a_folder_is_refused(tmp_path: Path):
    assert_refused(tmp_path / "nowhere.heteroagg", "check the path")
    (tmp_path / "folder.heteroagg").mkdir()
    assert_refused(tmp_path / "folder.heteroagg", "check the path")


def test_a_newer_file_asks_for_a_newer_program(original: Members, tmp_path: Path):
    document = json.loads(original["session.json"]) | {"version": 2, "program": "9.9"}
    del document["images"]
    members = original | {"session.json": json.dumps(document).encode()}
    assert_refused(write(tmp_path / "a.heteroagg", members), "newer", "9.9", "update")


def opened_with_paths(
    original: Members, path: Path, change: Callable[[dict[str, Any]], None]
) -> SessionState:
    document = json.loads(original["session.json"])
    change(document["images"][0])
    members = original | {"session.json": json.dumps(document).encode()}
    session = Session()
    perform(session, "open_session", {"path": write(path, members)})
    return session.state


@pytest.mark.parametrize("place", ["/dev/zero", "/dev", "bad\0name", "x" * 5000])
def test_only_files_are_read(original: Members, tmp_path: Path, place: str):
    def change(image: dict[str, Any]) -> None:
        image |= {"relative": place, "absolute": place}

    state = opened_with_paths(original, tmp_path / "a.heteroagg", change)
    assert state.items[0].status is ItemStatus.REFUSED
    assert "gone" in state.items[0].reason
    assert state.prediction is not None


def test_a_path_of_another_system_is_looked_for_beside_the_session(
    original: Members, tmp_path: Path
):
    def change(image: dict[str, Any]) -> None:
        image |= {"relative": None, "absolute": "Q:\\images\\a.tif", "name": "../a.tif"}

    state = opened_with_paths(original, tmp_path / "a.heteroagg", change)
    assert state.items[0].path == tmp_path / "a.tif"
    assert state.items[0].status is ItemStatus.REFUSED
