"""Words, symbols, units and equation numbers of the four model parameters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from heteroagg_gui.core.theta import (
    PAPER_CLUSTER_SIZES,
    PAPER_FRACTAL_DIMENSIONS,
    PAPER_MIXING_RATIOS,
)


@dataclass(frozen=True)
class ThetaQuantity:
    """One component of theta as the window names it.

    Parameters
    ----------
    key
        Field of :class:`~heteroagg_gui.core.theta.Theta`.
    title, symbol, plain
        Words, symbol as rich text, symbol as plain text.
    help
        One sentence with the number of the paper's equation or section.
    grid
        The values of Table 2 that networks are trained on.
    """

    key: str
    title: str
    symbol: str
    plain: str
    help: str
    grid: Sequence[float]


FRACTAL_DIMENSION: Final = ThetaQuantity(
    "fractal_dimension",
    "Fractal dimension",
    "θ<sub>Df</sub>",
    "theta_Df",
    "How densely the particles fill space: near 1 a chain, near 3 a compact ball; Eq. (5).",
    PAPER_FRACTAL_DIMENSIONS,
)
MIXING_RATIO: Final = ThetaQuantity(
    "mixing_ratio",
    "Mixing ratio (WO₃)",
    "θ<sub>ρ</sub>",
    "theta_rho",
    "Intended number fraction of WO₃ particles, between 0 and 1; Eq. (3).",
    PAPER_MIXING_RATIOS,
)
THETA_0: Final = ThetaQuantity(
    "theta_0",
    "Primary cluster size WO₃",
    "θ<sub>0</sub>",
    "theta_0",
    "WO₃ particles that stick together in a primary cluster before the clusters form the "
    "hetero-aggregate; section 2.1.1, Eq. (7).",
    PAPER_CLUSTER_SIZES,
)
THETA_1: Final = ThetaQuantity(
    "theta_1",
    "Primary cluster size TiO₂",
    "θ<sub>1</sub>",
    "theta_1",
    "TiO₂ particles that stick together in a primary cluster before the clusters form the "
    "hetero-aggregate; section 2.1.1, Eq. (7).",
    PAPER_CLUSTER_SIZES,
)
THETA: Final = (FRACTAL_DIMENSION, MIXING_RATIO, THETA_0, THETA_1)

DESCRIPTOR_SYMBOLS: Final = {
    "s_tio2": "S<sub>TiO₂</sub>",
    "s_wo3": "S<sub>WO₃</sub>",
    "z_hetero": "Z<sub>hetero</sub>",
    "z_total": "Z<sub>total</sub>",
    "n_particles": "N",
    "fractal_dimension": "D<sub>f</sub>",
    "mixing_ratio": "ρ",
    "radius_of_gyration_nm": "R<sub>g</sub>",
    "relaxed_attachments": "relaxed",
}
SHOWN_DESCRIPTORS: Final = (
    "s_tio2",
    "z_hetero",
    "z_total",
    "n_particles",
    "fractal_dimension",
    "mixing_ratio",
    "radius_of_gyration_nm",
)
OPTIONAL_DESCRIPTORS: Final = ("s_wo3",)


def subscript(html: str) -> str:
    """Keep subscripts readable: Qt would shrink them to two thirds of the text."""
    return html.replace("<sub>", '<sub style="font-size:large">')
