from pathlib import Path

import pytest

from heteroagg_gui.core.files import replacing


def test_a_complete_write_takes_the_place_of_the_old_file(tmp_path: Path):
    path = tmp_path / "deep" / "table.csv"
    for text in ("old", "new"):
        with replacing(path) as part:
            part.write_text(text)
    assert path.read_text() == "new"
    assert list(path.parent.iterdir()) == [path]


def test_an_interrupted_write_leaves_the_old_file(tmp_path: Path):
    path = tmp_path / "table.csv"
    path.write_text("old")

    def write_half() -> None:
        with replacing(path) as part:
            part.write_text("ne")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_half()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_temporary_file_keeps_the_ending(tmp_path: Path):
    with replacing(tmp_path / "image.tif") as part:
        assert part.suffix == ".tif"
        assert part.parent == tmp_path
        part.write_text("")


def test_nothing_written_is_an_error(tmp_path: Path):
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "a.txt"):
        pass
