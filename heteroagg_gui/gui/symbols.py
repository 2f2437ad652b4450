"""Words, symbols, units and equation numbers of the four model parameters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from heteroagg_gui.core.theta import (
    PAPER_CLUSTER_SIZES,
    PAPER_FRACTAL_DIMENSIONS,
    PAPER_MIXING_RATIOS,
)

if TYPE_CHECKING:
    from heteroagg_gui.aggregation.descriptors import DescriptorInfo


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


def _mixing_ratio(name: str) -> ThetaQuantity:
    return ThetaQuantity(
        "mixing_ratio",
        f"Mixing ratio ({name})",
        "θ<sub>ρ</sub>",
        "theta_rho",
        f"Intended number fraction of {name} particles, between 0 and 1; Eq. (3).",
        PAPER_MIXING_RATIOS,
    )


def _cluster_size(label: int, name: str) -> ThetaQuantity:
    return ThetaQuantity(
        f"theta_{label}",
        f"Primary cluster size {name}",
        f"θ<sub>{label}</sub>",
        f"theta_{label}",
        f"{name} particles that stick together in a primary cluster before the clusters form "
        "the hetero-aggregate; section 2.1.1, Eq. (7).",
        PAPER_CLUSTER_SIZES,
    )


def theta_quantities(names: tuple[str, str]) -> tuple[ThetaQuantity, ...]:
    """Return the four components of theta in their order.

    Parameters
    ----------
    names
        What to call the materials with labels 0 and 1.
    """
    return (
        FRACTAL_DIMENSION,
        _mixing_ratio(names[0]),
        _cluster_size(0, names[0]),
        _cluster_size(1, names[1]),
    )


def descriptor_symbol(info: "DescriptorInfo") -> str:
    """Return the symbol of a descriptor as rich text, or its title where it has none."""
    head, _, tail = (info.symbol or info.title).partition("_")
    return f"{head}<sub>{tail}</sub>" if tail else head


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
