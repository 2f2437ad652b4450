"""Zip files and folders that are broken or hostile leave nothing behind."""

import shutil
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from heteroagg_gui.workflow.model_store import install_model
from heteroagg_gui.workflow.model_store import limits as file_limits
from tests.workflow.installing.sources import WEIGHTS, packed, refused


def with_entry(network: Path, name: str, content: bytes = b"{}", **changes: int) -> Path:
    """Return a zip file of a network with one more entry."""
    path = packed(network)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo(name)
        entry.compress_type = zipfile.ZIP_DEFLATED
        for key, value in changes.items():
            setattr(entry, key, value)
        archive.writestr(entry, content)
    return path


@pytest.mark.parametrize(
    "name",
    [
        "mine/../../escaped.json",
        "../escaped.json",
        "/escaped.json",
        "C:/escaped.json",
        "mine\\..\\escaped.json",
        "mine/./a.json",
        "mine/a\x1b[2J.json",
    ],
)
def test_a_zip_file_cannot_write_elsewhere(network: Path, tmp_path: Path, name: str):
    assert "outside its folder" in refused(with_entry(network, name))
    assert not list(tmp_path.rglob("escaped*"))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO])
def test_links_and_devices_in_a_zip_file_are_refused(network: Path, kind: int):
    path = with_entry(network, "mine/a.json", b"/etc/passwd", external_attr=(kind | 0o777) << 16)
    assert "link or a device" in refused(path)


@pytest.mark.parametrize("name", ["mine/card.json", "mine/CARD.JSON"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_entry_that_comes_twice_is_refused(network: Path, name: str):
    assert "twice" in refused(with_entry(network, name))


@pytest.mark.parametrize(
    "name", ["mine/run.py", "mine/weights.pt", "mine/a.pkl", "mine/deep/er.json", "b.npz"]
)
def test_what_is_no_part_of_a_network_is_refused(network: Path, name: str):
    assert "no part of a network" in refused(with_entry(network, name))


def test_what_a_file_manager_left_is_passed_over(network: Path):
    path = with_entry(network, "__MACOSX/mine/._card.json")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("mine/.DS_Store", b"x")
    assert sorted(p.name for p in install_model(path).iterdir()) == ["card.json", WEIGHTS]


def test_a_password_is_said(network: Path):
    path = packed(network)
    data = bytearray(path.read_bytes())
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    path.write_bytes(bytes(data))
    assert "password" in refused(path)


def test_a_zip_bomb_is_not_unpacked(network: Path):
    assert "almost nothing" in refused(with_entry(network, "mine/b.safetensors", bytes(30_000_000)))
    assert "more than any network" in refused(with_entry(network, "mine/b.txt", bytes(17_000_000)))


def test_many_files_and_more_than_there_is_room_for_are_refused(network: Path, monkeypatch):
    path = packed(network)
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(201):
            archive.writestr(f"mine/{number}.txt", "")
    assert "too many" in refused(path)
    usage = shutil.disk_usage(network)
    monkeypatch.setattr(file_limits.shutil, "disk_usage", lambda _: usage._replace(free=60_000_000))
    monkeypatch.setattr(file_limits, "_SPARE_BYTES", 60_000_000)
    assert "no room" in refused(network)
    assert "no room" in refused(packed(network))


@pytest.mark.parametrize("large", [False, True])
def test_a_long_list_of_files_is_not_read(tmp_path: Path, monkeypatch, large: bool):
    announced, small = 500_000_000, 46
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, small if large else announced, 0, 0)
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, announced, 0)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, 0, 1)
    source = tmp_path / "long.zip"
    source.write_bytes(record + locator + end if large else end)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert "more files than any network has" in refused(source)


def test_a_cut_and_a_changed_zip_file_are_refused(network: Path):
    path = packed(network)
    whole = path.read_bytes()
    path.write_bytes(whole[:-40])
    assert "no network" in refused(path)
    changed = bytearray(whole)
    place = whole.index((network / WEIGHTS).read_bytes()[-100:])
    changed[place] ^= 1
    path.write_bytes(bytes(changed))
    assert "damaged" in refused(path)


def test_a_link_in_a_folder_is_refused(network: Path):
    (network / WEIGHTS).rename(network.parent / "elsewhere")
    (network / WEIGHTS).symlink_to(network.parent / "elsewhere")
    assert "is a link" in refused(network)
