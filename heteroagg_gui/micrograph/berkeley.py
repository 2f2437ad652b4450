"""Berkeley EMD images: groups marked as data, with one vector per axis."""

from typing import Any

import numpy as np

from heteroagg_gui.core.errors import MicrographError
from heteroagg_gui.micrograph.acquisition import acquisition, as_text
from heteroagg_gui.micrograph.hdf5 import load, require_own_data
from heteroagg_gui.micrograph.limits import refuse_stack, require_image
from heteroagg_gui.micrograph.raw_image import RawImage, Scale

_MARKS = (1, "array", b"array")
"""Values of ``emd_group_type`` for data in versions 0.2 and 1.0 of the format."""


def read(file: Any) -> RawImage:
    """Read the one image of an open Berkeley EMD file."""
    groups = _data_groups(file)
    if not groups:
        raise MicrographError(
            "The file holds no EMD image data: export the image as EMD, TIFF or DM4."
        )
    images = [group for group in groups if _extents(group["data"]) > 1] or groups
    if len(images) > 1:
        refuse_stack(len(images))
    group = images[0]
    data = group["data"]
    require_image(data.shape, data.dtype)
    require_own_data(data)
    scales = [_scale(group, axis) for axis, extent in enumerate(data.shape) if extent != 1]
    return RawImage(load(data), scales[0], scales[1], _metadata(file))


def _extents(data: Any) -> int:
    return sum(extent != 1 for extent in data.shape)


def _data_groups(file: Any) -> list[Any]:
    """Return the marked groups; links into other files are not followed."""
    import h5py

    found: list[Any] = []

    def visit(_: str, item: Any) -> None:
        if not isinstance(item, h5py.Group) or "data" not in item:
            return
        mark = item.attrs.get("emd_group_type")
        is_data = isinstance(item.get("data", getlink=True), h5py.HardLink) and isinstance(
            item["data"], h5py.Dataset
        )
        if is_data and np.ndim(mark) == 0 and mark in _MARKS:
            found.append(item)

    file.visititems(visit)
    return found


def _scale(group: Any, axis: int) -> Scale:
    """Return the step of an axis: vectors are numbered from 1, or from 0 since 1.0."""
    first = 0 if "dim0" in group else 1
    vector = group.get(f"dim{axis + first}")
    if vector is None or vector.shape == () or vector.shape[0] < 2:
        return Scale()
    start, second = (float(value) for value in vector[:2])
    unit = vector.attrs.get("units", "")
    return Scale(second - start, as_text(np.ravel(unit)[0] if np.size(unit) else ""))


def _metadata(file: Any) -> dict[str, str]:
    """Return the entries of the microscope group that writers agree on."""
    group = file.get("microscope")
    attributes = dict(group.attrs) if group is not None else {}
    return acquisition(
        voltage_v=attributes.get("voltage"),
        magnification=attributes.get("magnification"),
        detector=attributes.get("detector"),
        microscope=attributes.get("name"),
    )
