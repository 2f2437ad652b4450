"""descriptors.csv has one row per aggregate and one column per descriptor."""

import numpy as np
import pytest

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.export.descriptors import write_descriptors_csv


def test_order_whole_numbers_and_missing_values(tmp_path):
    columns = {
        "n_particles": np.array([20.0, 80.0]),
        "s_tio2": np.array([np.nan, 1.1]),
        "fractal_dimension": np.array([1 / 3, 2.0]),
        "relaxed_attachments": np.array([0, 3]),
    }
    write_descriptors_csv(tmp_path / "a.csv", columns)
    assert (tmp_path / "a.csv").read_bytes() == (
        b"aggregate,n_particles,s_tio2,fractal_dimension,relaxed_attachments\n"
        b"0,20,,0.3333333333333333,0\n"
        b"1,80,1.1,2.0,3\n"
    )


def test_columns_of_different_length_are_refused(tmp_path):
    with pytest.raises(ParameterError, match="different lengths"):
        write_descriptors_csv(tmp_path / "a.csv", {"a": [1.0], "b": [1.0, 2.0]})
    assert not any(tmp_path.iterdir())


def test_a_population_of_none(tmp_path):
    write_descriptors_csv(tmp_path / "a.csv", {"n_particles": []})
    assert (tmp_path / "a.csv").read_text() == "aggregate,n_particles\n"
