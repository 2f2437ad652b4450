"""The page on the format, followed to the letter."""

import re
from pathlib import Path
from typing import Any

import numpy as np

from heteroagg_gui.learning.dataset.chunk_file import LAYOUT
from heteroagg_gui.learning.dataset.manifest import FORMAT
from heteroagg_gui.learning.dataset.reading import DataSet


def test_the_example_reads_a_set_with_numpy_alone(project: Path, dataset: DataSet):
    page = (project / "docs" / "data-format.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    assert "heteroagg_gui" not in example
    found: dict[str, Any] = {}
    exec(example.replace('"DIR"', repr(str(dataset.folder))), found)  # noqa: S102
    np.testing.assert_allclose(found["image"], dataset.intensities([3])[0], rtol=1e-5, atol=1e-9)
    rows, columns = np.rint(found["row"]).astype(int), np.rint(found["column"]).astype(int)
    assert len(rows) == len(dataset.aggregate(3))
    assert (found["image"][rows, columns] > 0).all()
    assert (found["image"][columns, rows] > 0).mean() < 0.9


def test_the_page_names_every_array(project: Path):
    page = (project / "docs" / "data-format.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)` \| \w+\d", page, flags=re.MULTILINE)) == set(LAYOUT)
    assert FORMAT in page
