"""Thermo Velox images inside EMD files, found by ncempy."""

import contextlib
from typing import Any, BinaryIO, NoReturn

from heteroagg_gui.core.errors import MicrographError
from heteroagg_gui.micrograph.acquisition import acquisition, as_number, as_text
from heteroagg_gui.micrograph.hdf5 import load, require_own_data
from heteroagg_gui.micrograph.limits import refuse_stack, require_image
from heteroagg_gui.micrograph.raw_image import RawImage, Scale


def read(file: BinaryIO) -> RawImage:
    """Read the one image, or the one HAADF image, of a Velox file."""
    from ncempy.io.emdVelox import fileEMDVelox

    try:
        document = fileEMDVelox(file)
    except KeyError:  # there is no group of images
        _refuse_empty()
    with document:
        images = [
            (group["Data"], _parse_metadata(document, group))
            for group in document.list_data
            if "Data" in group
        ]
        data, metadata = _choose(images)
        frames = data.shape[2] if data.ndim == 3 else 1
        if frames > 1:
            refuse_stack(frames)
        require_image(data.shape[:2], data.dtype)
        require_own_data(data)
        pixels = load(data)
    result = _entry(metadata, "BinaryResult")
    return RawImage(
        pixels,
        vertical=_scale(result, "height", "PixelUnitY"),
        horizontal=_scale(result, "width", "PixelUnitX"),
        metadata=_acquisition(metadata),
    )


def _refuse_empty() -> NoReturn:
    raise MicrographError(
        "The file holds no image, only spectra or settings: export the HAADF-STEM image from Velox."
    )


def _parse_metadata(document: Any, group: Any) -> dict[str, Any]:
    """Return the JSON document of the first frame; empty where it is damaged.

    ncempy keeps the whole document, then asks for entries that not every file has.
    """
    document.metaDataJSON = None
    with contextlib.suppress(Exception):
        document.parseMetaData(group)
    metadata = document.metaDataJSON
    return metadata if isinstance(metadata, dict) else {}


def _entry(document: Any, *path: str) -> Any:
    """Return the value at this path, or None."""
    for name in path:
        document = document.get(name) if isinstance(document, dict) else None
    return document


def _detector(metadata: dict[str, Any]) -> str:
    return as_text(_entry(metadata, "BinaryResult", "Detector"))


def _choose(images: list[tuple[Any, dict[str, Any]]]) -> tuple[Any, dict[str, Any]]:
    if not images:
        _refuse_empty()
    haadf = [image for image in images if "HAADF" in _detector(image[1]).upper()]
    real = [image for image in haadf or images if image[0].dtype.kind != "c"] or images
    if len(real) > 1:
        names = ", ".join(sorted({_detector(metadata) or "unnamed" for _, metadata in real}))
        raise MicrographError(
            f"The file holds {len(real)} images ({names}): export the HAADF image alone."
        )
    return real[0]


def _scale(result: Any, edge: str, unit: str) -> Scale:
    return Scale(as_number(_entry(result, "PixelSize", edge)), as_text(_entry(result, unit)))


def _acquisition(metadata: dict[str, Any]) -> dict[str, str]:
    optics = _entry(metadata, "Optics")
    detector = _detector(metadata)
    angles = _collection_angles(metadata, detector)
    return acquisition(
        voltage_v=_entry(optics, "AccelerationVoltage"),
        semi_angle_rad=_entry(optics, "BeamConvergence"),
        dwell_time_s=_entry(metadata, "Scan", "DwellTime"),
        camera_length_m=_entry(optics, "CameraLength"),
        magnification=_entry(metadata, "CustomProperties", "StemMagnification", "value"),
        beam_current_a=_entry(optics, "LastMeasuredScreenCurrent"),
        detector=detector,
        microscope=_entry(metadata, "Instrument", "InstrumentModel"),
        **{"detector angles": angles},
    )


def _collection_angles(metadata: dict[str, Any], detector: str) -> str | None:
    """Return the inner and outer angle of the detector in mrad, as text."""
    for entry in (_entry(metadata, "Detectors") or {}).values():
        if as_text(_entry(entry, "DetectorName")) == detector:
            inner = as_number(_entry(entry, "CollectionAngleRange", "begin"))
            outer = as_number(_entry(entry, "CollectionAngleRange", "end"))
            if inner is not None and outer is not None and outer > inner:
                return f"{inner * 1e3:.4g} to {outer * 1e3:.4g} mrad"
    return None
