"""Documents are valid JSON whatever numbers they carry."""

import json
from pathlib import Path

import numpy as np
import pytest

from heteroagg_gui.export.document import write_json


def test_numpy_values_and_missing_numbers(tmp_path):
    document = {
        "mean": np.float64(1.5),
        "count": np.int64(3),
        "quantiles": np.array([0.1, np.nan, np.inf]),
        "nested": [{"sd": float("nan")}, (1, True, None)],
        "path": Path("a") / "b",
        "name": "µ – TiO₂",
        3: np.bool_(True),
    }
    write_json(tmp_path / "a.json", document)
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert json.loads(text) == {
        "mean": 1.5,
        "count": 3,
        "quantiles": [0.1, None, None],
        "nested": [{"sd": None}, [1, True, None]],
        "path": str(Path("a") / "b"),
        "name": "µ – TiO₂",
        "3": True,
    }
    assert list(json.loads(text)) == [str(key) for key in document]


def test_what_json_does_not_know_is_an_error_and_leaves_the_old_file(tmp_path):
    write_json(tmp_path / "a.json", {"old": 1})
    with pytest.raises(TypeError):
        write_json(tmp_path / "a.json", {"new": object()})
    assert json.loads((tmp_path / "a.json").read_text()) == {"old": 1}
