"""Berkeley EMD images, found by ncempy: groups marked as data, with one vector per axis."""

import contextlib
from typing import Any, BinaryIO, NoReturn

import numpy as np

from heteroagg_gui.core.errors import MicrographError
from heteroagg_gui.micrograph.acquisition import acquisition, as_text
from heteroagg_gui.micrograph.hdf5 import load, require_own_data
from heteroagg_gui.micrograph.limits import LARGEST_SIDE, refuse_stack, require_image
from heteroagg_gui.micrograph.raw_image import RawImage, Scale


def read(file: BinaryIO) -> RawImage:
    """Read the one image of a Berkeley EMD file of version 0.2."""
    from ncempy.io.emd import NoEmdDataSets, fileEMD

    try:
        document = fileEMD(file)
    except NoEmdDataSets:
        _refuse_empty()
    except (KeyError, RuntimeError) as error:
        raise MicrographError(
            "The file is damaged, or its links lead out of it or in circles: copy it again or "
            "export the image into one file."
        ) from error
    with document:
        group = _choose(document)
        data = group["data"]
        require_image(data.shape, data.dtype)
        require_own_data(data)
        scales = _scales(document, group)
        return RawImage(load(data), scales[0], scales[1], _metadata(document.microscope))


def _refuse_empty() -> NoReturn:
    raise MicrographError(
        "The file holds no EMD image data of version 0.2: export the image as EMD, TIFF or DM4."
    )


def _choose(document: Any) -> Any:
    """Return the one marked group with an image; links into other files are not followed."""
    import h5py

    groups = [
        group
        for group in dict.fromkeys(document.list_emds)
        if group.file == document.file_hdl
        and isinstance(group.get("data", getlink=True), h5py.HardLink)
        and isinstance(group["data"], h5py.Dataset)
    ]
    if not groups:
        _refuse_empty()
    images = [group for group in groups if _extents(group["data"]) > 1] or groups
    if len(images) > 1:
        refuse_stack(len(images))
    return images[0]


def _extents(data: Any) -> int:
    return sum(extent != 1 for extent in data.shape)


def _scales(document: Any, group: Any) -> list[Scale]:
    """Return the steps of rows and columns; none where a vector is missing or damaged."""
    extents = group["data"].shape
    with contextlib.suppress(Exception):
        if all(group[f"dim{axis + 1}"].size <= LARGEST_SIDE for axis in range(len(extents))):
            vectors = document.get_emddims(group)
            return [
                _scale(vector, unit)
                for (vector, _, unit), extent in zip(vectors, extents, strict=True)
                if extent != 1
            ]
    return [Scale(), Scale()]


def _scale(vector: Any, unit: Any) -> Scale:
    if np.size(vector) < 2:
        return Scale()
    return Scale(float(vector[1]) - float(vector[0]), as_text(unit))


def _metadata(microscope: Any) -> dict[str, str]:
    """Return the entries of the microscope group that writers agree on."""
    attributes = dict(microscope.attrs) if microscope is not None else {}
    return acquisition(
        voltage_v=attributes.get("voltage"),
        magnification=attributes.get("magnification"),
        detector=attributes.get("detector"),
        microscope=attributes.get("name"),
    )
