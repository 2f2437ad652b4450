"""What the detector and its electronics make of the electrons."""

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.stem.imperfections import Imperfections


def respond(fractions: NDArray[np.float64], imperfections: Imperfections) -> NDArray[np.float32]:
    """Turn counted electrons into the signal that is stored.

    Parameters
    ----------
    fractions
        Electrons counted over electrons sent, any shape.
    imperfections
        Gain and offset, then saturation, then rounding to whole numbers that fit the bits.

    Returns
    -------
    NDArray
        The signal in counts, float32, which holds 16-bit numbers exactly; fractions of the
        beam where the gain is 1.
    """
    signal = fractions * imperfections.detector_gain_counts + imperfections.detector_offset_counts
    if imperfections.saturation_counts > 0:
        np.minimum(signal, imperfections.saturation_counts, out=signal)
    if imperfections.quantisation_bits:
        largest = 2**imperfections.quantisation_bits - 1
        signal = np.clip(np.rint(signal), 0, largest)
    return signal.astype(np.float32)
