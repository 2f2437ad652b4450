"""What the paper reports, and where; the rows of the comparison."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the comparison.

    Parameters
    ----------
    key
        Name in metrics.json.
    title
        What is measured.
    quantity
        What an estimator must offer for it, see ``IMAGE_QUANTITIES`` and ``SET_QUANTITIES``.
    group
        Heading it stands under.
    paper
        The paper's value for its networks; None where it states none.
    place
        Where in the paper.
    classical
        The paper's value for a classical method, by the estimator's name.
    shares
        Whether the value is a share, shown in per cent.
    """

    key: str
    title: str
    quantity: str
    group: str
    paper: float | None = None
    place: str = ""
    classical: tuple[tuple[str, float], ...] = ()
    shares: bool = False


IMAGES = "Single images"
SETS = "Sets of 12 images"
SHADOWS = "Digital shadows: means over the model at the true and at the predicted theta"

_DF, _RHO, _T0, _T1 = "theta_fractal_dimension", "theta_mixing_ratio", "theta_0", "theta_1"

ROWS: tuple[Row, ...] = (
    Row("d_f_mae", "D_f(A), mean absolute error", "fractal_dimension", IMAGES, 0.0671, "Table 6"),
    Row("d_f_bias", "D_f(A), mean error", "fractal_dimension", IMAGES, -0.006, "Sec. 3.1"),
    Row(
        "d_f_iqr",
        "D_f(A), interquartile range of the error",
        "fractal_dimension",
        IMAGES,
        0.118,
        "Sec. 3.1",
    ),
    Row(
        "rho_mae",
        "ρ(A), mean absolute error",
        "mixing_ratio",
        IMAGES,
        0.053,
        "Sec. 3.2",
        (("thresholds", 0.078),),
    ),
    Row("rho_mae_mixed", "the same, of aggregates of both materials", "mixing_ratio", IMAGES),
    Row("rho_bias_low", "ρ(A), mean error for ρ ≤ 0.1", "mixing_ratio", IMAGES, 0.009, "Sec. 3.2"),
    Row("rho_bias_high", "ρ(A), mean error for ρ ≥ 0.9", "mixing_ratio", IMAGES, 0.02, "Sec. 3.2"),
    Row("n_mae", "N, mean absolute error", "n_particles", IMAGES),
    Row("z_hetero_image_mae", "Z_hetero(A), mean absolute error", "z_hetero", IMAGES),
    Row(
        "homogeneous_correct",
        "homogeneous or heterogeneous, correct",
        "homogeneous",
        IMAGES,
        0.95,
        "Table 4",
        shares=True,
    ),
    Row("theta_d_f_mae", "θ_Df, mean absolute error", _DF, SETS, 0.041, "Sec. 3.1"),
    Row("theta_rho_mae", "θ_ρ, mean absolute error", _RHO, SETS, 0.017, "Sec. 3.2"),
    Row(
        "theta_rho_grid_mae",
        "θ_ρ, mean absolute error when it is known to be 0.1, …, 0.9",
        "theta_mixing_ratio_on_grid",
        SETS,
    ),
    Row("theta_0_exact", "θ_0 exact", _T0, SETS, 0.48, "Sec. 3.3", shares=True),
    Row("theta_0_within_one", "θ_0 within one", _T0, SETS, 0.92, "Sec. 3.3", shares=True),
    Row("theta_0_six", "θ_0 = 6, mean absolute error", _T0, SETS, 1.2, "Sec. 3.3: about 20 %"),
    Row("theta_1_exact", "θ_1 exact", _T1, SETS, 0.32, "Sec. 3.3", shares=True),
    Row("theta_1_within_one", "θ_1 within one", _T1, SETS, 0.82, "Sec. 3.3", shares=True),
    Row("theta_1_six", "θ_1 = 6, mean absolute error", _T1, SETS, 1.44, "Sec. 3.3"),
    Row("theta_d_f_cover", "θ_Df inside the 90 % interval", _DF + "_low", SETS, shares=True),
    Row("theta_rho_cover", "θ_ρ inside the 90 % interval", _RHO + "_low", SETS, shares=True),
    Row("s_tio2_mae", "S_TiO2, mean absolute error", _T1, SHADOWS, 2.165, "Table 5"),
    Row("s_tio2_r2", "S_TiO2, R²", _T1, SHADOWS, 0.84, "Table 5"),
    Row("z_hetero_mae", "Z_hetero, mean absolute error", _T1, SHADOWS, 0.056, "Table 5"),
    Row("z_hetero_r2", "Z_hetero, R²", _T1, SHADOWS, 0.85, "Table 5"),
    Row("z_total_mae", "Z_total, mean absolute error", _T1, SHADOWS, 0.007, "Table 5"),
    Row("z_total_r2", "Z_total, R²", _T1, SHADOWS, 0.87, "Table 5"),
)

BOX_COUNTING_A = 0.74
BOX_COUNTING_B = 2.19
CONFUSION = ((1174, 567), (67, 12082))
"""Table 4; rows: predicted homogeneous, heterogeneous; columns: truly so."""

ARCHITECTURES = (
    ("paper: modified VGG", 1.0, 0.0671),
    ("paper: Inception-v3", 3.8, 0.0958),
    ("paper: ResNet", 5.0, 0.1762),
)
"""Table 6: network, relative run time, mean absolute error of D_f(A)."""
