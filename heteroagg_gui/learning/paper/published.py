"""What the paper reports of its networks, sections 3.1-3.3, Tables 4 and 6."""

from typing import Any

PUBLISHED: dict[str, Any] = {
    "fractal_dimension_mae": 0.0671,
    "fractal_dimension_bias": -0.006,
    "fractal_dimension_iqr": 0.118,
    "theta_fractal_dimension_mae": 0.041,
    "mixing_ratio_mae": 0.053,
    "mixing_ratio_mae_regression_only": 0.059,
    "theta_mixing_ratio_mae": 0.017,
    "theta_mixing_ratio_mae_regression_only": 0.027,
    "classification": {
        "homogeneous_as_homogeneous": 1174,
        "heterogeneous_as_homogeneous": 567,
        "homogeneous_as_heterogeneous": 67,
        "heterogeneous_as_heterogeneous": 12082,
    },
    "theta_0_exact": 0.48,
    "theta_0_within_one": 0.92,
    "theta_1_exact": 0.32,
    "theta_1_within_one": 0.82,
    "fractal_dimension_mae_by_features": {"basic": 0.0671, "inception": 0.0958, "resnet": 0.1762},
}
