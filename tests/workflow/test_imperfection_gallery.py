"""The page on image formation shows what the program does."""

import re
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from heteroagg_gui.stem.imperfections import SETTINGS, Imperfections
from heteroagg_gui.workflow.imperfection_gallery import (
    FRAME,
    GALLERY,
    changed_settings,
    microscope_table,
    picture,
    settings_table,
    write_gallery,
)

LARGEST_PICTURE_BYTES = 40_000


@pytest.fixture(scope="module")
def page() -> str:
    """Return the page on image formation."""
    path = Path(__file__).resolve().parents[2] / "docs" / "image-formation.md"
    return path.read_text(encoding="utf-8")


def test_the_tables_are_those_of_the_program(page: str):
    lines = page.splitlines()
    for line in (*microscope_table(), *settings_table()):
        assert line in lines


def test_each_picture_is_on_the_page_with_what_it_shows(page: str, project: Path):
    shown = re.findall(r"\(pictures/imperfections/([\w-]+)\.png\)", page)
    assert sorted(shown) == sorted(GALLERY)
    for name, imperfections in GALLERY.items():
        caption = changed_settings(imperfections)
        assert f"{caption[0].upper()}{caption[1:]}." in page
        path = project / "docs" / "pictures" / "imperfections" / f"{name}.png"
        assert 0 < path.stat().st_size <= LARGEST_PICTURE_BYTES


def test_every_setting_is_shown_in_a_picture():
    default = Imperfections()
    changed = {
        entry.name
        for shown in GALLERY.values()
        for entry in fields(shown)
        if getattr(shown, entry.name) != getattr(default, entry.name)
    }
    assert changed == {s.name for s in SETTINGS} - {"support_slope_y"}


def test_a_picture_shows_the_image_without_and_with():
    both = picture(Imperfections(background_intensity=0.02))
    width = FRAME.width
    assert both.shape[0] == FRAME.height
    assert both.dtype == np.uint8
    corner = both[:20, :20].mean(), both[:20, -20:].mean()
    assert corner[0] == 0
    assert corner[1] > 50
    same = picture(Imperfections())
    np.testing.assert_array_equal(same[:, :width], same[:, -width:])


def test_the_gallery_is_written(tmp_path: Path):
    from PIL import Image

    paths = write_gallery(tmp_path / "new")
    assert [path.stem for path in paths] == list(GALLERY)
    with Image.open(paths[0]) as image:
        assert image.size[1] == FRAME.height
