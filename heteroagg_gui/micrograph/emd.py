"""EMD files (.emd): HDF5 as Velox writes it, or as the Berkeley format defines it."""

from pathlib import Path

import numpy as np

from heteroagg_gui.core.errors import MicrographError
from heteroagg_gui.micrograph import berkeley, velox
from heteroagg_gui.micrograph.raw_image import RawImage


def read(path: Path) -> RawImage:
    """Read the one image of an EMD file of either kind."""
    import h5py

    with h5py.File(path, "r", locking=False) as file:
        data = file.get("Data")
        raw = velox.read(file) if isinstance(data, h5py.Group) else berkeley.read(file)
    if not np.issubdtype(raw.pixels.dtype, np.number) and raw.pixels.dtype != bool:
        raise MicrographError("The file's pixels are no numbers: export the image again.")
    return raw
