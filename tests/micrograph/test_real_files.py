"""Files from real microscopes, where a folder of real micrographs lies beside the checkout."""

import os
from pathlib import Path

import pytest

from heteroagg_gui.core.errors import MicrographError
from heteroagg_gui.micrograph.reading import read_micrograph

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = Path(
    os.environ.get("HETEROAGG_MICROGRAPHS", PROJECT / ".." / "shared" / "data" / "micrographs")
)

READ = {
    "haadf_1024px_3.27nm.ser": ((1024, 1024), 3.270361),
    "haadf_68px_0.2485nm.dm3": ((68, 68), 0.248538),
    "haadf_velox.emd": ((128, 128), 87.370796),
    "haadf_uncalibrated_cu_silica.jpg": ((1024, 1024), None),
    "haadf_uncalibrated_pt_carbon.jpg": ((2048, 2048), None),
}
REFUSED = {
    "nonsquare_different_pixel_size.dm4": "1 nm wide and 0.2 nm high",
    "not_an_image_eels_spectrum.dm3": "spectrum",
    "small_2d.dm4": "tiny (2 x 2",
    "stack_3d.dm4": "stack of 2 images",
    "tiny_2d_nion.dm4": "tiny (2 x 3",
}


def real(name: str) -> Path:
    """Return the path of a real file, or skip."""
    if not (FOLDER / name).is_file():
        pytest.skip(f"no real micrograph {name} in {FOLDER}")
    return FOLDER / name


@pytest.mark.parametrize("name", READ)
def test_real_micrographs_are_read(name):
    shape, pixel_size_nm = READ[name]
    micrograph = read_micrograph(real(name))
    assert micrograph.pixels.shape == shape
    assert micrograph.pixel_size_nm == (pixel_size_nm and pytest.approx(pixel_size_nm, rel=1e-5))


@pytest.mark.parametrize("name", REFUSED)
def test_real_files_that_are_no_micrographs_are_refused(name):
    with pytest.raises(MicrographError) as caught:
        read_micrograph(real(name))
    assert REFUSED[name] in str(caught.value)


def test_settings_of_the_real_velox_file():
    assert dict(read_micrograph(real("haadf_velox.emd")).metadata) == {
        "voltage": "300 kV",
        "semi-angle": "28.7617 mrad",
        "dwell time": "10 µs",
        "camera length": "301 mm",
        "magnification": "7100 x",
        "beam current": "0.0225264 pA",
        "detector": "HAADF",
        "microscope": "Titan",
        "detector angles": "27.4 to 166.4 mrad",
    }
