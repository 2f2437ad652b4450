"""Reading one image out of an HDF5 file."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.errors import MicrographError


def require_own_data(dataset: Any) -> None:
    """Refuse data that lie in other files or that no installed filter can unpack.

    Raises
    ------
    MicrographError
        If the data can't be had from this file alone.
    """
    import h5py

    if dataset.is_virtual or dataset.external:
        raise MicrographError(
            "The file keeps its pixels in another file: export the image into one file."
        )
    creation = dataset.id.get_create_plist()
    filters = [creation.get_filter(index) for index in range(creation.get_nfilters())]
    for code, _, _, name in filters:
        if not h5py.h5z.filter_avail(code):
            raise MicrographError(
                f"The pixels are compressed with {name.decode(errors='replace') or code}, which "
                "the program does not unpack: save the image without compression."
            )


def load(dataset: Any) -> NDArray[Any]:
    """Return the dataset's image with extents of 1 left out."""
    return np.squeeze(np.asarray(dataset[()]))
