"""A micrograph the way a network is given it."""

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.micrograph import Micrograph


def as_network_sees(micrograph: Micrograph) -> tuple[NDArray[np.uint8], float]:
    """Return the 256 levels that the network reads, and their pixel size in nm."""
    from heteroagg_gui.learning.examples import NETWORK_PIXEL_NM
    from heteroagg_gui.micrograph.prepare import prepare

    prepared = prepare(micrograph, NETWORK_PIXEL_NM)
    return prepared.levels, prepared.pixel_size_nm
