"""What is no micrograph is refused with one sentence that says why and what to do."""

import errno
import os
import re
import struct
import sys
import warnings
from pathlib import Path

import h5py
import numpy as np
import pytest
import tifffile
from PIL import Image

from heteroagg_gui.core.errors import MicrographError
from heteroagg_gui.micrograph import reading
from heteroagg_gui.micrograph.raw_image import RawImage
from heteroagg_gui.micrograph.reading import SUPPORTED_SUFFIXES, read_micrograph
from tests.micrograph.sample_files import (
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

ONE_SENTENCE = re.compile(r"[A-Z0-9][^\n]*: [^\n]+[^.]\.", re.DOTALL)


def reason(path: Path) -> str:
    """Return the sentence with which the file is refused."""
    with pytest.raises(MicrographError) as caught:
        read_micrograph(path)
    sentence = str(caught.value)
    assert ONE_SENTENCE.fullmatch(sentence), sentence
    return sentence


def stack(dtype: str, count: int = 3) -> np.ndarray:
    return np.stack([speckle(dtype)] * count)


# ---- more or less than one image ----


def test_stacks_say_how_many_images(tmp_path):
    two_detectors = [(speckle(), velox_metadata(name)) for name in ("BF", "DF4")]
    stacks = [
        write_dm(tmp_path / "a.dm3", stack("<u2")),
        write_mrc(tmp_path / "a.mrc", stack("i2")),
        write_ser(tmp_path / "a.ser", count=3),
        write_velox(tmp_path / "a.emd", (np.moveaxis(stack("<u2"), 0, 2), velox_metadata())),
        write_berkeley(tmp_path / "b.emd", stack("<u2")),
    ]
    for path in stacks:
        assert "stack of 3 images: export one" in reason(path)
    path = write_velox(tmp_path / "c.emd", *two_detectors)
    assert "2 images (BF, DF4): export the HAADF image" in reason(path)


def test_four_dimensions_count_all_images(tmp_path):
    path = write_berkeley(tmp_path / "a.emd", np.stack([stack("<u2")] * 5))
    assert "stack of 15 images" in reason(path)


def test_two_images_in_a_digitalmicrograph_file(tmp_path):
    image = dm_image(speckle(), [(1.0, "nm")] * 2)
    (tmp_path / "a.dm3").write_bytes(dm_bytes([dm_thumbnail(), image, image]))
    assert "stack of 2 images" in reason(tmp_path / "a.dm3")


def test_moving_pictures(tmp_path):
    frames = [Image.fromarray(np.roll(speckle("u1"), shift)) for shift in range(3)]
    frames[0].save(tmp_path / "a.png", save_all=True, append_images=frames[1:])
    assert "stack of 3 images" in reason(tmp_path / "a.png")


def test_spectra(tmp_path):
    row = speckle("<u2").ravel()
    (tmp_path / "a.dm3").write_bytes(dm_bytes([dm_thumbnail(), dm_image(row, [(0.5, "eV")])]))
    assert f"one row of {row.size} values, a spectrum" in reason(tmp_path / "a.dm3")
    assert "holds spectra" in reason(write_ser(tmp_path / "a.ser", kind=0x4120))
    assert "spectrum" in reason(write_dm(tmp_path / "b.dm3", unit="eV"))
    assert "spectrum" in reason(write_berkeley(tmp_path / "b.emd", row))
    with h5py.File(tmp_path / "c.emd", "w") as file:
        file.create_group("Data/SpectrumStream")
    assert "no image, only spectra" in reason(tmp_path / "c.emd")


def test_nothing_inside(tmp_path):
    (tmp_path / "a.dm3").write_bytes(dm_bytes([]))
    assert "settings but no image" in reason(tmp_path / "a.dm3")
    assert "no image, as after an acquisition" in reason(write_ser(tmp_path / "a.ser", count=0))
    h5py.File(tmp_path / "a.emd", "w").close()
    assert "no EMD image data" in reason(tmp_path / "a.emd")


# ---- pixels ----


def test_fourier_transforms_and_diffraction_patterns(tmp_path):
    complex_pixels = speckle().astype("c8")
    refused = [
        write_dm(tmp_path / "a.dm3", complex_pixels),
        write_mrc(tmp_path / "a.mrc", complex_pixels),
        write_ser(tmp_path / "a.ser", complex_pixels),
        write_berkeley(tmp_path / "a.emd", complex_pixels),
        write_velox(tmp_path / "b.emd", (complex_pixels, velox_metadata())),
    ]
    tifffile.imwrite(tmp_path / "a.tif", complex_pixels)
    for path in [*refused, tmp_path / "a.tif"]:
        assert "complex numbers" in reason(path)
    assert "diffraction" in reason(write_ser(tmp_path / "b.ser", step_m=(1e7, 1e7)))
    assert "1/nm, so the file holds a diffraction" in reason(
        write_dm(tmp_path / "b.dm3", unit="1/nm")
    )


@pytest.mark.parametrize("dtype", ["u1", "i2", "f4"])
def test_numbers_with_the_first_byte_first(tmp_path, dtype):
    """Read in the wrong order they would be another image."""
    files = [
        write_dm(tmp_path / "a.dm3", speckle(dtype), order=">"),
        write_dm(tmp_path / "a.dm4", speckle(dtype), order=">", version=4),
        write_mrc(tmp_path / "a.mrc", speckle(dtype), order=">"),
        write_mrc(tmp_path / "b.mrc", speckle(dtype, 128, 200), order=">", stamped=False),
    ]
    for path in files:
        assert "big-endian" in reason(path)


def test_number_types_that_are_not_read(tmp_path):
    assert "MRC mode 12" in reason(write_mrc(tmp_path / "a.mrc", speckle("f2")))
    image = dm_image(speckle(), [(1.0, "nm")] * 2)
    for kind, words in ((39, "DigitalMicrograph's kind 39"), (23, "in colour"), (5, "complex")):
        image["ImageData"]["DataType"] = kind
        (tmp_path / "a.dm3").write_bytes(dm_bytes([image]))
        assert words in reason(tmp_path / "a.dm3")


def test_digitalmicrograph_tags_that_look_like_those_of_the_image(tmp_path):
    """ncempy counts names that contain certain words; other pixels must not come out."""
    image = dm_image(speckle(), [(1.0, "nm")] * 2)
    decoy = {"Data": speckle("<u2") // 2, "DataType": 10, "Dimensions": [48, 40]}
    (tmp_path / "a.dm3").write_bytes(dm_bytes([dm_thumbnail(), image], Decoy=decoy))
    try:
        micrograph = read_micrograph(tmp_path / "a.dm3")
    except MicrographError:
        return
    np.testing.assert_array_equal(micrograph.pixels, speckle())


def test_pixels_that_are_not_square_name_both_edges(tmp_path):
    sentence = reason(write_ser(tmp_path / "a.ser", step_m=(2e-9, 1e-9)))
    assert "(2 nm wide and 1 nm high)" in sentence
    sentence = reason(write_mrc(tmp_path / "a.mrc", cell_angstrom=(48 * 20, 40 * 10)))
    assert "(2 nm wide and 1 nm high)" in sentence
    sentence = reason(write_berkeley(tmp_path / "a.emd", dim1=1.0, dim2=2.0))
    assert "(2 nm wide and 1 nm high)" in sentence


def test_colour(tmp_path):
    colour = np.stack([speckle("u1"), np.roll(speckle("u1"), 5), speckle("u1")], axis=2)
    Image.fromarray(colour).save(tmp_path / "a.png")
    Image.fromarray(colour).save(tmp_path / "a.jpg")
    tifffile.imwrite(tmp_path / "a.tif", colour, photometric="rgb")
    for name in ("a.png", "a.jpg", "a.tif"):
        assert "in colour: export the micrograph as greyscale" in reason(tmp_path / name)


def test_sizes(tmp_path):
    Image.new("L", (31, 200), 3).save(tmp_path / "a.png")
    assert "tiny (31 x 200 pixels)" in reason(tmp_path / "a.png")
    assert "tiny" in reason(write_dm(tmp_path / "a.dm3", speckle(rows=2, columns=2)))
    Image.new("L", (16385, 40), 3).save(tmp_path / "b.png")
    assert "too large (16385 x 40 pixels)" in reason(tmp_path / "b.png")


def test_huge_images_are_refused_without_being_decoded(tmp_path):
    """Each header announces 12 to 100 GiB that the file does not hold, or holds as zeros."""
    wide = 60000
    with h5py.File(tmp_path / "a.emd", "w") as file:
        group = file.create_group("data")
        group.attrs["emd_group_type"] = 1
        group.create_dataset("data", (wide, wide), "f8", chunks=(64, 64))
    head = bytearray(1024)
    struct.pack_into("<4i", head, 0, wide, wide, 1, 2)
    (tmp_path / "a.mrc").write_bytes(head)
    ser = bytearray(write_ser(tmp_path / "a.ser").read_bytes())
    struct.pack_into("<ii", ser, ser.index(struct.pack("<hii", 2, 48, 40)) + 2, wide, wide)
    (tmp_path / "a.ser").write_bytes(ser)
    tifffile.imwrite(tmp_path / "a.tif", speckle("u2"))
    with tifffile.TiffFile(tmp_path / "a.tif", mode="r+b") as tiff:
        tiff.pages[0].tags["ImageWidth"].overwrite(wide)
        tiff.pages[0].tags["ImageLength"].overwrite(wide)
    for name in ("a.emd", "a.mrc", "a.ser", "a.tif"):
        assert f"too large ({wide} x {wide} pixels)" in reason(tmp_path / name)


def test_many_bytes_at_a_permitted_extent(tmp_path):
    with h5py.File(tmp_path / "a.emd", "w") as file:
        group = file.create_group("data")
        group.attrs["emd_group_type"] = 1
        group.create_dataset("data", (16384, 16384), "f8", chunks=(64, 64))
    assert "too large (2.0 GiB)" in reason(tmp_path / "a.emd")


def test_constant_image(tmp_path):
    path = write_mrc(tmp_path / "a.mrc", np.full((40, 48), 7, "i2"))
    assert "same value" in reason(path)


# ---- files ----


@pytest.mark.parametrize("suffix", SUPPORTED_SUFFIXES)
def test_empty_missing_and_folders(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    assert "does not exist" in reason(path)
    path.touch()
    assert "is empty" in reason(path)
    folder = tmp_path / f"folder{suffix}"
    folder.mkdir()
    assert "a folder" in reason(folder)


@pytest.mark.parametrize("suffix", SUPPORTED_SUFFIXES)
@pytest.mark.parametrize("content", [b"\x00", b"not an image\n" * 200, bytes(range(256)) * 64])
def test_other_content_under_a_known_ending(tmp_path, suffix, content):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(content)
    sentence = reason(path)
    assert suffix == ".mrc" or f"ends in {suffix} but does not hold" in sentence


def test_known_content_under_a_wrong_ending(tmp_path):
    path = write_imagej(tmp_path / "a.tif").rename(tmp_path / "a.dm3")
    assert "ends in .dm3 but holds TIFF data" in reason(path)


def test_unknown_endings_are_read_when_the_content_is_known(tmp_path):
    path = write_imagej(tmp_path / "a.tif").rename(tmp_path / "a.scan")
    np.testing.assert_array_equal(read_micrograph(path).pixels, speckle())
    (tmp_path / "a.docx").write_bytes(b"PK\x03\x04")
    assert "Files of this kind (.docx)" in reason(tmp_path / "a.docx")
    (tmp_path / "plain").write_bytes(b"text")
    assert "without an ending" in reason(tmp_path / "plain")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no FIFOs")
def test_pipes_are_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.tif")
    assert "no ordinary file" in reason(tmp_path / "a.tif")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "may not be read by this user"),
        (MemoryError(), "does not fit into memory"),
        (OSError(errno.EIO, "Input/output error"), "Input/output error"),
        (RecursionError(), "RecursionError"),
        (UserWarning("odd"), "odd"),
    ],
)
def test_what_goes_wrong_below_becomes_a_sentence(tmp_path, monkeypatch, error, words):
    def fail(path: Path) -> None:
        raise error

    monkeypatch.setitem(reading._READERS, "TIFF", fail)
    assert words in reason(write_imagej(tmp_path / "a.tif"))


def test_warnings_of_libraries_end_here(tmp_path, monkeypatch):
    def warn(path: Path) -> RawImage:
        warnings.warn("an odd tag", UserWarning, stacklevel=1)
        return RawImage(speckle())

    monkeypatch.setitem(reading._READERS, "TIFF", warn)
    np.testing.assert_array_equal(
        read_micrograph(write_imagej(tmp_path / "a.tif")).pixels, speckle()
    )


@pytest.mark.skipif(sys.platform == "win32" or os.getuid() == 0, reason="root may read anything")
def test_no_permission(tmp_path):
    path = write_imagej(tmp_path / "a.tif")
    path.chmod(0)
    assert "may not be read by this user" in reason(path)


def test_impossible_paths(tmp_path):
    assert reason(tmp_path / ("x" * 300 + ".tif"))
    assert "does not exist" in reason(tmp_path / "nul\x00byte.tif")


def test_data_in_other_files_are_not_followed(tmp_path):
    source = write_berkeley(tmp_path / "source.emd")
    layout = h5py.VirtualLayout(speckle().shape, "u2")
    layout[:] = h5py.VirtualSource(source.name, "data/scan/data", speckle().shape)
    with h5py.File(tmp_path / "a.emd", "w") as file:
        group = file.create_group("a")
        group.attrs["emd_group_type"] = 1
        group.create_virtual_dataset("data", layout)
    assert "in another file" in reason(tmp_path / "a.emd")
    for name in (source.name, str(source)):
        with h5py.File(tmp_path / "b.emd", "w") as file:
            group = file.create_group("a")
            group.attrs["emd_group_type"] = 1
            group["data"] = h5py.ExternalLink(name, "data/scan/data")
        assert "links lead out of it" in reason(tmp_path / "b.emd")
        with h5py.File(tmp_path / "b.emd", "w") as file:
            file["data"] = h5py.ExternalLink(name, "data")
        assert "links lead out of it" in reason(tmp_path / "b.emd")


def test_links_that_lead_back(tmp_path):
    path = write_berkeley(tmp_path / "a.emd")
    with h5py.File(path, "a") as file:
        file["again"] = h5py.SoftLink("/data")
    np.testing.assert_array_equal(read_micrograph(path).pixels, speckle())
    with h5py.File(path, "a") as file:
        file["data/circle"] = h5py.SoftLink("/")
    assert "in circles" in reason(path)


def test_emd_of_version_1_is_refused_by_name(tmp_path):
    with h5py.File(tmp_path / "a.emd", "w") as file:
        group = file.create_group("root/scan")
        group.attrs["emd_group_type"] = "array"
        group["data"] = speckle()
    assert "no EMD image data of version 0.2" in reason(tmp_path / "a.emd")


def test_pickled_arrays_are_not_loaded(tmp_path):
    np.save(tmp_path / "a.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    assert "Files of this kind (.npy)" in reason(tmp_path / "a.npy")
    with h5py.File(tmp_path / "a.emd", "w") as file:
        group = file.create_group("a")
        group.attrs["emd_group_type"] = 1
        group.create_dataset("data", (40, 48), h5py.string_dtype())
    assert "no plain intensities" in reason(tmp_path / "a.emd")


def test_every_writer_makes_a_file_that_is_read(tmp_path):
    for name, write in WRITERS.items():
        assert read_micrograph(write(tmp_path / name)).pixel_size_nm is not None
