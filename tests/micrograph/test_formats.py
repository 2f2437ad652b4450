"""Every format gives the pixels, the calibration and the settings that were written."""

import gc
import os
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest
from PIL import Image

from heteroagg_gui.core.errors import MicrographError
from heteroagg_gui.micrograph.reading import SUPPORTED_SUFFIXES, read_micrograph
from tests.micrograph import sample_files
from tests.micrograph.sample_files import (
    PIXEL_NM,
    WRITERS,
    dm_bytes,
    dm_image,
    dm_thumbnail,
    speckle,
    velox_metadata,
    write_berkeley,
    write_dm,
    write_imagej,
    write_mrc,
    write_ser,
    write_velox,
)


@pytest.mark.parametrize("name", WRITERS)
def test_pixels_and_calibration_come_back(tmp_path: Path, name: str):
    path = WRITERS[name](tmp_path / name)
    micrograph = read_micrograph(path)
    np.testing.assert_array_equal(micrograph.pixels, speckle())
    assert micrograph.pixels.dtype == np.float32
    assert micrograph.pixels.flags.c_contiguous
    assert micrograph.pixels.flags.writeable
    assert micrograph.pixel_size_nm == pytest.approx(PIXEL_NM, rel=1e-6)
    assert (micrograph.name, micrograph.path) == (name, path)
    assert "calibration" not in micrograph.metadata


@pytest.mark.parametrize("name", WRITERS)
def test_path_may_be_text(tmp_path: Path, name: str):
    path = WRITERS[name](tmp_path / name.upper())
    assert read_micrograph(str(path)).pixels.shape == speckle().shape


@pytest.mark.parametrize("name", WRITERS)
def test_files_are_closed_and_nothing_is_printed(tmp_path: Path, name: str, capfd):
    path = WRITERS[name](tmp_path / name)
    read_micrograph(path)
    broken = tmp_path / f"broken{path.suffix}"
    broken.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    opened = "/proc/self/fd"
    before = len(os.listdir(opened)) if sys.platform == "linux" else 0  # noqa: PTH208
    read_micrograph(path)
    with pytest.raises(MicrographError):
        read_micrograph(broken)
    gc.collect()
    if sys.platform == "linux":
        assert len(os.listdir(opened)) == before  # noqa: PTH208
    assert capfd.readouterr() == ("", "")


def test_a_tiff_does_not_wait_for_the_library_of_other_formats(tmp_path):
    path = write_imagej(tmp_path / "a.tif")
    code = (
        "import sys; from heteroagg_gui.micrograph.reading import read_micrograph; "
        f"read_micrograph({str(path)!r}); assert not {{'ncempy', 'h5py'}} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize("dtype", ["i2", "i4", "u1", "f4", "f8"])
@pytest.mark.parametrize("version", [3, 4])
def test_digitalmicrograph_versions_and_types(tmp_path, version, dtype):
    path = write_dm(tmp_path / f"a.dm{version}", speckle(dtype), version=version)
    micrograph = read_micrograph(path)
    np.testing.assert_array_equal(micrograph.pixels, speckle(dtype).astype(np.float32))
    assert micrograph.pixel_size_nm == PIXEL_NM


def test_digitalmicrograph_metadata(tmp_path):
    metadata = read_micrograph(write_dm(tmp_path / "a.dm3")).metadata
    assert metadata == {
        "voltage": "300 kV",
        "dwell time": "12 µs",
        "detector": "HAADF",
        "microscope": "Titan",
    }


def test_digitalmicrograph_image_before_a_marked_thumbnail(tmp_path):
    path = tmp_path / "a.dm3"
    images = [dm_image(speckle(), [(PIXEL_NM, "nm")] * 2), dm_thumbnail()]
    path.write_bytes(dm_bytes(images, Thumbnails=[{"ImageIndex": 1}]))
    np.testing.assert_array_equal(read_micrograph(path).pixels, speckle())


def test_digitalmicrograph_file_without_thumbnail(tmp_path):
    path = tmp_path / "a.dm3"
    path.write_bytes(dm_bytes([dm_image(speckle(), [(PIXEL_NM, "nm")] * 2)]))
    np.testing.assert_array_equal(read_micrograph(path).pixels, speckle())


def test_digitalmicrograph_pixels_at_the_very_end_of_a_cut_file(tmp_path):
    data = dm_image(speckle(), [(PIXEL_NM, "nm")] * 2)["ImageData"]
    last = {
        "ImageData": {**{key: data[key] for key in data if key != "Data"}, "Data": data["Data"]}
    }
    content = dm_bytes([last])[:-8]
    (tmp_path / "a.dm3").write_bytes(content)
    np.testing.assert_array_equal(read_micrograph(tmp_path / "a.dm3").pixels, speckle())
    (tmp_path / "a.dm3").write_bytes(content[:-1])
    with pytest.raises(MicrographError, match="cut short"):
        read_micrograph(tmp_path / "a.dm3")


def test_digitalmicrograph_axes_are_not_swapped(tmp_path):
    path = tmp_path / "a.dm3"
    path.write_bytes(dm_bytes([dm_image(speckle(), [(2.0, "nm"), (10.0, "A")])]))
    with pytest.raises(MicrographError, match="2 nm wide and 1 nm high"):
        read_micrograph(path)


@pytest.mark.parametrize("new", [False, True])
@pytest.mark.parametrize("dtype", ["u1", "<u2", "<i4", "<f4"])
def test_tia_versions_and_types(tmp_path, new, dtype):
    path = write_ser(tmp_path / "a.ser", speckle(dtype), new=new)
    np.testing.assert_array_equal(read_micrograph(path).pixels, speckle(dtype).astype(np.float32))


def test_tia_metadata_come_from_the_file_beside(tmp_path):
    path = write_ser(tmp_path / "scan_1.ser")
    assert read_micrograph(path).metadata == {}
    fields = "".join(
        f"<Data><Label>{label}</Label><Value>{value}</Value><Unit>{unit}</Unit></Data>"
        for label, value, unit in [("Magnification", "225000", "x"), ("Microscope", "Titan", "")]
    )
    description = (
        "<ObjectInfo><ExperimentalConditions><MicroscopeConditions><AcceleratingVoltage>200000"
        "</AcceleratingVoltage></MicroscopeConditions></ExperimentalConditions>"
        f"<ExperimentalDescription><Root>{fields}</Root></ExperimentalDescription><AcquireInfo>"
        "<DwellTimePath>4E-06</DwellTimePath></AcquireInfo>"
        "<DetectorRange><StartX>-1</StartX></DetectorRange></ObjectInfo>"
    )
    (tmp_path / "scan.emi").write_bytes(b"JK\x00\x02" + description.encode() + b"\x00\x01")
    assert read_micrograph(path).metadata == {
        "voltage": "200 kV",
        "dwell time": "4 µs",
        "magnification": "225000 x",
        "microscope": "Titan",
    }


@pytest.mark.parametrize("content", [b"", b"<ObjectInfo><a></ObjectInfo>", b"\xff" * 99])
@pytest.mark.parametrize("name", ["scan_1.ser", "scanning.ser"])  # ncempy takes two letters off
def test_a_damaged_companion_does_no_harm(tmp_path, name, content):
    path = write_ser(tmp_path / name)
    for companion in ("scan.emi", "scanning.emi", "scanni.emi"):
        (tmp_path / companion).write_bytes(content)
    micrograph = read_micrograph(path)
    assert micrograph.pixel_size_nm == pytest.approx(PIXEL_NM)
    assert micrograph.metadata == {}


@pytest.mark.parametrize("extended", [b"", b"x" * 80, b"x" * 4])
@pytest.mark.parametrize("stamped", [False, True])
@pytest.mark.parametrize("dtype", ["i1", "i2", "u2", "f4"])
def test_mrc_modes_and_extended_headers(tmp_path, dtype, stamped, extended):
    pixels = (speckle("i4") // 3).astype(dtype)
    path = write_mrc(tmp_path / "a.mrc", pixels, stamped=stamped, extended=extended)
    micrograph = read_micrograph(path)
    np.testing.assert_array_equal(micrograph.pixels, pixels.astype(np.float32))
    assert micrograph.pixel_size_nm == pytest.approx(PIXEL_NM, rel=1e-6)


def test_mrc_bytes_that_imod_marks_as_unsigned(tmp_path):
    pixels = speckle("u1")
    assert pixels.max() > 127
    path = write_mrc(tmp_path / "a.mrc", pixels, imod_unsigned=True)
    np.testing.assert_array_equal(read_micrograph(path).pixels, pixels.astype(np.float32))


@pytest.mark.parametrize("per_pixel", [0.0, 1.0])
def test_mrc_without_calibration_is_not_given_one(tmp_path, per_pixel):
    rows, columns = speckle().shape
    cell = (columns * per_pixel, rows * per_pixel)
    micrograph = read_micrograph(write_mrc(tmp_path / "a.mrc", cell_angstrom=cell))
    assert micrograph.pixel_size_nm is None
    assert micrograph.metadata["calibration"]


def test_velox_metadata(tmp_path):
    assert read_micrograph(write_velox(tmp_path / "a.emd")).metadata == {
        "voltage": "300 kV",
        "semi-angle": "21.1 mrad",
        "dwell time": "2 µs",
        "detector": "HAADF",
        "detector angles": "55 to 250 mrad",
    }


def test_velox_takes_the_haadf_image_among_others(tmp_path):
    others = [(speckle() // 2, velox_metadata(name)) for name in ("BF", "DF4")]
    transform = (np.fft.fft2(speckle()).astype("c8"), velox_metadata(size=1e7, unit="1/m"))
    path = write_velox(
        tmp_path / "a.emd", others[0], transform, (speckle(), velox_metadata()), others[1]
    )
    np.testing.assert_array_equal(read_micrograph(path).pixels, speckle())


def test_velox_with_damaged_metadata_is_uncalibrated(tmp_path):
    path = write_velox(tmp_path / "a.emd")
    with h5py.File(path, "a") as file:
        group = next(iter(file["Data/Image"].values()))
        group["Metadata"][...] = ord("{")
    micrograph = read_micrograph(path)
    assert micrograph.pixel_size_nm is None
    np.testing.assert_array_equal(micrograph.pixels, speckle())


@pytest.mark.parametrize("damage", ["missing", "scalar", "huge"])
def test_berkeley_without_sound_axes_is_uncalibrated(tmp_path, damage):
    path = write_berkeley(tmp_path / "a.emd")
    with h5py.File(path, "a") as file:
        del file["data/scan/dim2"]
        if damage == "scalar":
            file["data/scan/dim2"] = 3.0
        elif damage == "huge":
            file.create_dataset("data/scan/dim2", (2**36,), "f8", chunks=(64,))
    micrograph = read_micrograph(path)
    np.testing.assert_array_equal(micrograph.pixels, speckle())
    assert micrograph.pixel_size_nm is None


def test_berkeley_axis_of_one_element_is_ignored(tmp_path):
    path = write_berkeley(tmp_path / "a.emd", speckle()[None], dim1=7.0)
    micrograph = read_micrograph(path)
    np.testing.assert_array_equal(micrograph.pixels, speckle())
    assert micrograph.pixel_size_nm == pytest.approx(PIXEL_NM)
    assert micrograph.metadata["voltage"] == "300 kV"


@pytest.mark.parametrize("suffix", ["png", "jpg", "jpeg"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_grey_pictures_are_read_and_uncalibrated(tmp_path, suffix, mode):
    path = tmp_path / f"a.{suffix}"
    grey = Image.fromarray(speckle("u1"))
    grey.convert(mode).save(path, quality=100, dpi=(300, 300))
    micrograph = read_micrograph(path)
    assert micrograph.pixel_size_nm is None
    assert micrograph.metadata["calibration"] == "the file states no pixel size"
    assert np.abs(micrograph.pixels - speckle()).max() <= (0 if suffix == "png" else 3)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "I;16", "1"])
def test_png_of_every_kind(tmp_path, mode):
    pixels = speckle("u2") * 300 if mode == "I;16" else speckle("u1")
    if mode == "1":
        pixels = pixels > 100
    image = Image.fromarray(pixels)
    image = image if mode in ("I;16", "1") else image.convert(mode)
    image.save(tmp_path / "a.png")
    np.testing.assert_array_equal(
        read_micrograph(tmp_path / "a.png").pixels, pixels.astype(np.float32)
    )


def test_jpeg_markings_of_faint_colour_are_averaged(tmp_path):
    colour = np.repeat(speckle("u1")[..., None], 3, axis=2)
    colour[0, 0] += np.array([0, 1, 2], np.uint8)
    Image.fromarray(colour).save(tmp_path / "a.png")
    assert read_micrograph(tmp_path / "a.png").pixels[0, 0] == speckle()[0, 0] + 1


def test_every_supported_suffix_is_tried():
    tried = {Path(name).suffix for name in WRITERS} | {".tiff", ".png", ".jpg", ".jpeg"}
    assert tried == set(SUPPORTED_SUFFIXES)
    assert sample_files.PIXEL_NM == PIXEL_NM
