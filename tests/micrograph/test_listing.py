"""Files and folders become one list in the order a person expects."""

import os
import sys
from pathlib import Path

import pytest

from heteroagg_gui.micrograph.listing import find_micrographs
from heteroagg_gui.micrograph.reading import SUPPORTED_SUFFIXES


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def names(folder: Path, found: list[Path]) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in found]


def test_numbers_in_names_count(tmp_path):
    touch(tmp_path, "image_10.tif", "image_2.tif", "Image_1.tif", "day10/a.dm3", "day9/b.dm3")
    assert names(tmp_path, find_micrographs([tmp_path])) == [
        "day9/b.dm3",
        "day10/a.dm3",
        "Image_1.tif",
        "image_2.tif",
        "image_10.tif",
    ]


def test_numbers_against_letters_and_other_digits_compare(tmp_path):
    touch(tmp_path, "1.tif", "a.tif", "²a.tif", "0a.tif", "٣.tif")
    assert len(find_micrographs([tmp_path])) == 5


@pytest.mark.parametrize("suffix", SUPPORTED_SUFFIXES)
def test_every_readable_kind_is_found_whatever_its_case(tmp_path, suffix):
    touch(tmp_path, f"a{suffix}", f"b{suffix.upper()}")
    assert len(find_micrographs([tmp_path])) == 2


def test_companions_and_hidden_files_in_folders_are_passed_over(tmp_path):
    touch(tmp_path, "a.tif", "a.csv", "truth.json", "notes.txt", "README.md", "mesh.obj", "a.emi")
    touch(tmp_path, ".DS_Store", "._a.tif", ".hidden/b.tif", "Thumbs.db")
    assert names(tmp_path, find_micrographs([tmp_path])) == ["a.tif"]


def test_unknown_images_in_folders_are_kept_so_that_they_are_refused(tmp_path):
    touch(tmp_path, "a.bmp", "b.tif")
    assert names(tmp_path, find_micrographs([tmp_path])) == ["a.bmp", "b.tif"]


def test_files_that_are_named_are_kept_whatever_they_are(tmp_path):
    touch(tmp_path, "table.csv", ".hidden.tif")
    missing = tmp_path / "missing.tif"
    given = [tmp_path / "table.csv", missing, tmp_path / ".hidden.tif"]
    assert set(find_micrographs(given)) == set(given)


def test_each_file_once(tmp_path):
    touch(tmp_path, "a/1.tif", "a/2.tif")
    found = find_micrographs([tmp_path / "a" / "2.tif", tmp_path, str(tmp_path / "a")])
    assert names(tmp_path, found) == ["a/1.tif", "a/2.tif"]


def test_nothing_gives_nothing(tmp_path):
    assert find_micrographs([]) == []
    assert find_micrographs([tmp_path]) == []


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need privileges on Windows")
def test_links_in_a_circle_end(tmp_path):
    touch(tmp_path, "a.tif")
    (tmp_path / "again").symlink_to(tmp_path)
    assert names(tmp_path, find_micrographs([tmp_path])) == ["a.tif"]


def test_a_folder_that_may_not_be_entered_is_not_lost(tmp_path, monkeypatch):
    touch(tmp_path, "a.tif", "closed/b.tif")
    scandir = os.scandir

    def refuse(folder: str):
        if str(folder).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(folder))
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    assert set(names(tmp_path, find_micrographs([tmp_path]))) == {"a.tif", "closed"}
