"""Our own writers are checked with a reader that others wrote, where it is installed."""

import numpy as np
import pytest

from heteroagg_gui.micrograph.reading import read_micrograph
from tests.micrograph.sample_files import PIXEL_NM, WRITERS, speckle

IN_NM = {"scan.ser": 1e9, "scan.mrc": 0.1}


@pytest.mark.parametrize("name", [name for name in WRITERS if not name.endswith("tif")])
def test_files_of_the_tests_are_what_they_claim(tmp_path, name):
    ncempy = pytest.importorskip("ncempy.io")
    path = WRITERS[name](tmp_path / name)
    document = ncempy.read(path)
    np.testing.assert_array_equal(np.squeeze(document["data"]), speckle())
    np.testing.assert_array_equal(read_micrograph(path).pixels, speckle())
    size = float(np.ravel(document["pixelSize"])[-1]) * IN_NM.get(name, 1.0)
    assert size == pytest.approx(PIXEL_NM, rel=1e-6)
