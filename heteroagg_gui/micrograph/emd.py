"""EMD files (.emd): HDF5 as Velox writes it, or as the Berkeley format defines it."""

from pathlib import Path

from heteroagg_gui.micrograph import berkeley, velox
from heteroagg_gui.micrograph.raw_image import RawImage


def read(path: Path) -> RawImage:
    """Read the one image of an EMD file of either kind.

    The file is opened here, since HDF5 would lock it, and tried with h5py first, since
    ncempy's objects fail once more, where nobody can catch it, if the file can't be opened.
    """
    import h5py

    with path.open("rb") as file:
        with h5py.File(file, "r") as document:
            is_velox = isinstance(document.get("Data"), h5py.Group)
        return velox.read(file) if is_velox else berkeley.read(file)
