"""TIFF in the dialects of the programs that write it."""

from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from heteroagg_gui.core.errors import MicrographError
from heteroagg_gui.micrograph.reading import read_micrograph
from tests.micrograph.sample_files import PIXEL_NM, speckle, write_imagej

TEXT, DOUBLE = 2, 12


@pytest.mark.parametrize(
    ("unit", "per_nm"),
    [
        ("nm", 1.0),
        ("micron", 1e3),
        ("um", 1e3),
        ("\\u00B5m", 1e3),
        ("pm", 1e-3),
        ("A", 0.1),
        ("mm", 1e6),
    ],
)
def test_imagej_units(tmp_path: Path, unit: str, per_nm: float):
    path = write_imagej(tmp_path / "a.tif", unit, pixels_per_unit=per_nm / PIXEL_NM)
    assert read_micrograph(path).pixel_size_nm == pytest.approx(PIXEL_NM, rel=1e-6)


def test_imagej_unit_in_raw_bytes(tmp_path):
    path = write_imagej(tmp_path / "a.tif", "um", pixels_per_unit=1e3 / PIXEL_NM)
    path.write_bytes(path.read_bytes().replace(b"unit=um", b"unit=\xb5m"))
    assert read_micrograph(path).pixel_size_nm == pytest.approx(PIXEL_NM, rel=1e-6)


@pytest.mark.parametrize("unit", ["pixel", "inch", "furlong"])
def test_imagej_units_that_mean_nothing(tmp_path, unit):
    micrograph = read_micrograph(write_imagej(tmp_path / "a.tif", unit, pixels_per_unit=72))
    assert micrograph.pixel_size_nm is None
    assert micrograph.metadata["calibration"].startswith("the file")


@pytest.mark.parametrize(
    "size_and_unit", [(1.25, "nm"), (1.25e-3, "µm"), (1250.0, "pm"), (12.5, "Å")]
)
def test_ome(tmp_path, size_and_unit):
    size, unit = size_and_unit
    metadata = {
        "axes": "YX",
        "PhysicalSizeX": size,
        "PhysicalSizeXUnit": unit,
        "PhysicalSizeY": size,
        "PhysicalSizeYUnit": unit,
    }
    tifffile.imwrite(tmp_path / "a.ome.tif", speckle("f4"), metadata=metadata)
    micrograph = read_micrograph(tmp_path / "a.ome.tif")
    assert micrograph.pixel_size_nm == pytest.approx(PIXEL_NM)
    np.testing.assert_array_equal(micrograph.pixels, speckle("f4"))


def test_ome_without_units_means_micrometres(tmp_path):
    metadata = {"axes": "YX", "PhysicalSizeX": 1.25e-3, "PhysicalSizeY": 1.25e-3}
    tifffile.imwrite(tmp_path / "a.ome.tif", speckle("f4"), metadata=metadata)
    assert read_micrograph(tmp_path / "a.ome.tif").pixel_size_nm == pytest.approx(PIXEL_NM)


FEI = """[User]
Date=03/02/2024
[System]
SystemType=Helios NanoLab
[Beam]
HV=30000
[Scan]
PixelWidth=1.25e-009
PixelHeight=1.25e-009
Dwelltime=1e-006
[Image]
ResolutionX=48
ResolutionY=40
[Detectors]
Name=HAADF
[PrivateFei]
DatabarHeight=5
"""


def test_fei_text_and_data_bar(tmp_path):
    with_bar = np.vstack([speckle("u1"), np.full((5, 48), 255, np.uint8)])
    tags = [(34682, TEXT, 0, FEI, True)]
    tifffile.imwrite(tmp_path / "a.tif", with_bar, extratags=tags, resolution=(72, 72))
    micrograph = read_micrograph(tmp_path / "a.tif")
    np.testing.assert_array_equal(micrograph.pixels, speckle())
    assert micrograph.pixel_size_nm == pytest.approx(PIXEL_NM)
    assert micrograph.metadata == {
        "voltage": "30 kV",
        "dwell time": "1 µs",
        "detector": "HAADF",
        "microscope": "Helios NanoLab",
        "date": "03/02/2024",
        "data bar": "5 rows below the image cut off",
    }


def test_fei_image_exported_without_its_bar_keeps_all_rows(tmp_path):
    tags = [(34682, TEXT, 0, FEI, True)]
    tifffile.imwrite(tmp_path / "a.tif", speckle("u1"), extratags=tags)
    assert read_micrograph(tmp_path / "a.tif").pixels.shape == speckle().shape


THERMO = """<?xml version="1.0" encoding="utf-8"?>
<Metadata xmlns="http://example.org/x">
<Optics><AccelerationVoltage>200000</AccelerationVoltage></Optics>
<ScanSettings><DwellTime>3e-06</DwellTime></ScanSettings>
<BinaryResult><PixelSize><X unit="m">1.25E-09</X><Y unit="m">1.25E-09</Y></PixelSize>
</BinaryResult></Metadata>"""


def test_thermo_xml(tmp_path):
    tags = [(34683, TEXT, 0, THERMO, True)]
    tifffile.imwrite(tmp_path / "a.tif", speckle("u2"), extratags=tags)
    micrograph = read_micrograph(tmp_path / "a.tif")
    assert micrograph.pixel_size_nm == pytest.approx(PIXEL_NM)
    assert micrograph.metadata == {"voltage": "200 kV", "dwell time": "3 µs"}


def test_xml_that_declares_entities_is_left_alone(tmp_path):
    bomb = '<!DOCTYPE a [<!ENTITY b "x">]>' + THERMO.partition("?>")[2].replace("200000", "&b;")
    tifffile.imwrite(tmp_path / "a.tif", speckle("u2"), extratags=[(34683, TEXT, 0, bomb, True)])
    assert read_micrograph(tmp_path / "a.tif").pixel_size_nm is None


@pytest.mark.parametrize(("unit", "size"), [("nm", 1.25), ("µm", 1.25e-3)])
def test_digitalmicrograph_export(tmp_path, unit, size):
    tags = [
        (65003, TEXT, 0, unit.encode(), True),
        (65004, TEXT, 0, unit.encode(), True),
        (65009, DOUBLE, 1, size, True),
        (65010, DOUBLE, 1, size, True),
    ]
    tifffile.imwrite(tmp_path / "a.tif", speckle("f4"), extratags=tags, resolution=(72, 72))
    assert read_micrograph(tmp_path / "a.tif").pixel_size_nm == pytest.approx(PIXEL_NM)


def test_zeiss(tmp_path):
    text = "AP_IMAGE_PIXEL_SIZE\r\nImage Pixel Size = 1.25 nm\r\n"
    tags = [(34118, TEXT, 0, text, True)]
    tifffile.imwrite(tmp_path / "a.tif", speckle("u1"), extratags=tags)
    assert read_micrograph(tmp_path / "a.tif").pixel_size_nm == pytest.approx(PIXEL_NM)


@pytest.mark.parametrize("dots", [72, 96, 100, 300, 2400])
def test_resolution_of_screens_and_prints_is_no_calibration(tmp_path, dots):
    tifffile.imwrite(
        tmp_path / "a.tif", speckle("u1"), resolution=(dots, dots), resolutionunit="INCH"
    )
    micrograph = read_micrograph(tmp_path / "a.tif")
    assert micrograph.pixel_size_nm is None
    assert "inch per pixel, which no micrograph has" in micrograph.metadata["calibration"]


def test_resolution_in_centimetres_fine_enough_for_a_micrograph(tmp_path):
    per_cm = 1e7 / PIXEL_NM
    tifffile.imwrite(
        tmp_path / "a.tif", speckle("u1"), resolution=(per_cm, per_cm), resolutionunit="CENTIMETER"
    )
    assert read_micrograph(tmp_path / "a.tif").pixel_size_nm == pytest.approx(PIXEL_NM)


def test_resolution_without_a_unit_is_no_calibration(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", speckle("u1"), resolution=(0.8, 0.8), resolutionunit=1)
    assert read_micrograph(tmp_path / "a.tif").pixel_size_nm is None


@pytest.mark.parametrize("compression", [None, "zlib"])
@pytest.mark.parametrize("options", [{}, {"tile": (16, 16)}, {"rowsperstrip": 7}])
@pytest.mark.parametrize("bigtiff", [False, True])
def test_layouts(tmp_path, compression, options, bigtiff):
    path = tmp_path / "a.tiff"
    tifffile.imwrite(path, speckle("u2"), compression=compression, bigtiff=bigtiff, **options)
    np.testing.assert_array_equal(read_micrograph(path).pixels, speckle())


@pytest.mark.parametrize("compression", ["tiff_lzw", "jpeg", "group4", "packbits"])
def test_compressions_of_other_writers(tmp_path, compression):
    pixels = speckle("u1") > 100 if compression == "group4" else speckle("u1")
    Image.fromarray(pixels).save(tmp_path / "a.tif", compression=compression)
    difference = np.abs(read_micrograph(tmp_path / "a.tif").pixels - pixels)
    assert difference.max() <= (60 if compression == "jpeg" else 0)


def test_lzw_of_16_bits(tmp_path):
    pixels = speckle("u2") * 300
    Image.fromarray(pixels).save(tmp_path / "a.tif", compression="tiff_lzw")
    np.testing.assert_array_equal(read_micrograph(tmp_path / "a.tif").pixels, pixels)


def test_unknown_compression_is_named(tmp_path):
    Image.fromarray(speckle("u1")).save(tmp_path / "a.tif", compression="tiff_lzw")
    with tifffile.TiffFile(tmp_path / "a.tif", mode="r+b") as tiff:
        tiff.pages[0].tags["Compression"].overwrite(34712)  # JPEG 2000
    with pytest.raises(MicrographError, match=r"unpacked \(JPEG2000\)"):
        read_micrograph(tmp_path / "a.tif")


def test_white_is_zero_is_turned_over(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", 255 - speckle("u1"), photometric="miniswhite")
    np.testing.assert_array_equal(read_micrograph(tmp_path / "a.tif").pixels, speckle())


def test_grey_palette_is_applied(tmp_path):
    ramp = np.tile(np.arange(255, -1, -1, dtype=np.uint16) * 257, (3, 1))
    tifffile.imwrite(tmp_path / "a.tif", speckle("u1"), photometric="palette", colormap=ramp)
    expected = (255 - speckle("f4")) * 257
    np.testing.assert_array_equal(read_micrograph(tmp_path / "a.tif").pixels, expected)


def test_colour_palette_is_refused(tmp_path):
    fire = np.zeros((3, 256), np.uint16)
    fire[0] = np.arange(256) * 257
    tifffile.imwrite(tmp_path / "a.tif", speckle("u1"), photometric="palette", colormap=fire)
    with pytest.raises(MicrographError, match="in colour"):
        read_micrograph(tmp_path / "a.tif")


@pytest.mark.parametrize("planar", ["contig", "separate"])
@pytest.mark.parametrize("channels", [3, 4])
def test_grey_rgb(tmp_path, planar, channels):
    axis = -1 if planar == "contig" else 0
    colour = np.stack([speckle("u1")] * channels, axis=axis)
    tifffile.imwrite(tmp_path / "a.tif", colour, photometric="rgb", planarconfig=planar)
    np.testing.assert_array_equal(read_micrograph(tmp_path / "a.tif").pixels, speckle())


def test_small_copy_behind_the_image_is_no_second_image(tmp_path):
    with tifffile.TiffWriter(tmp_path / "a.tif") as tiff:
        tiff.write(speckle("u2"))
        tiff.write(speckle("u2")[::2, ::2], subfiletype=1)
    np.testing.assert_array_equal(read_micrograph(tmp_path / "a.tif").pixels, speckle())


@pytest.mark.parametrize("count", [2, 40])
@pytest.mark.parametrize("imagej", [False, True])
def test_stacks_are_counted(tmp_path, count, imagej):
    stack = np.repeat(speckle("u2")[None], count, axis=0)
    options = {"imagej": True} if imagej else {"photometric": "minisblack"}
    tifffile.imwrite(tmp_path / "a.tif", stack, **options)
    with pytest.raises(MicrographError, match=f"stack of {count} images"):
        read_micrograph(tmp_path / "a.tif")


def test_imagej_stacks_of_one_page_are_counted(tmp_path):
    path = write_imagej(tmp_path / "a.tif")
    path.write_bytes(path.read_bytes().replace(b"images=1\n", b"images=7\n"))
    with pytest.raises(MicrographError, match="stack of 7 images"):
        read_micrograph(path)


def test_a_file_cut_before_its_directory(tmp_path):
    Image.fromarray(speckle("u1")).save(tmp_path / "a.tif")
    content = (tmp_path / "a.tif").read_bytes()
    (tmp_path / "a.tif").write_bytes(content[:8] + bytes(100))
    with pytest.raises(MicrographError, match="cut short"):
        read_micrograph(tmp_path / "a.tif")


@pytest.mark.parametrize("compression", [None, "zlib"])
def test_strips_behind_the_end_are_missed(tmp_path, compression):
    tifffile.imwrite(tmp_path / "a.tif", speckle("u2"), rowsperstrip=4, compression=compression)
    content = (tmp_path / "a.tif").read_bytes()
    (tmp_path / "a.tif").write_bytes(content[:-200])
    with pytest.raises(MicrographError, match="cut short"):
        read_micrograph(tmp_path / "a.tif")


def test_strips_that_were_never_written_are_not_read_as_zeros(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", speckle("u2"), rowsperstrip=4, compression="zlib")
    with tifffile.TiffFile(tmp_path / "a.tif", mode="r+b") as tiff:
        tag = tiff.pages[0].tags["StripByteCounts"]
        tag.overwrite([*tag.value[:-1], 0])
    with pytest.raises(MicrographError, match="cut short"):
        read_micrograph(tmp_path / "a.tif")
