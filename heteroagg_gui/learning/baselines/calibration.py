"""Calibration of the classical methods on aggregates of known structure, kept as JSON."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.errors import ResourceError
from heteroagg_gui.core.files import replacing
from heteroagg_gui.core.resources import resource_path
from heteroagg_gui.learning.baselines.scaling_law import ScalingLaw, fit_scaling_law
from heteroagg_gui.learning.baselines.silhouettes import Silhouettes
from heteroagg_gui.learning.baselines.thresholds import Thresholds, best_thresholds

FORMAT = 1

Reals = NDArray[np.float64]


@dataclass(frozen=True)
class PowerLaw:
    """D_f = a D_BC^b, Eq. (21)."""

    a: float
    b: float

    def corrected(self, box_dimension: Reals) -> Reals:
        """Turn box-counting dimensions into fractal dimensions."""
        return np.asarray(self.a * box_dimension**self.b)


@dataclass(frozen=True)
class Calibration:
    """All constants of the classical methods.

    Parameters
    ----------
    box_counting
        Eq. (21).
    relative, absolute
        Thresholds on the image's own range, and on fractions of the incident beam; None
        where they were not calibrated.
    scaling_law
        Number of particles and radius of gyration from the projection.
    images
        How many images it was fitted on.
    """

    box_counting: PowerLaw
    relative: Thresholds
    absolute: Thresholds | None
    scaling_law: ScalingLaw
    images: int


def fit_power_law(box_dimension: Reals, fractal_dimension: Reals) -> PowerLaw:
    """Fit Eq. (21) by least squares of the fractal dimension.

    Parameters
    ----------
    box_dimension, fractal_dimension
        Box-counting dimensions and true D_f(A), shape (n,).
    """
    from scipy.optimize import curve_fit

    def law(x: Reals, a: float, b: float) -> Reals:
        return np.asarray(a * x**b)

    (a, b), _ = curve_fit(law, box_dimension, fractal_dimension, p0=(0.74, 2.19))
    return PowerLaw(float(a), float(b))


def calibrate(
    silhouettes: Silhouettes, truth: Mapping[str, Reals], mean_radius_nm: float = 12.0
) -> Calibration:
    """Fit all constants.

    Parameters
    ----------
    silhouettes
        Measurements on n images.
    truth
        ``fractal_dimension``, ``mixing_ratio`` and ``n_particles`` of the aggregates they
        show, shape (n,) each.
    mean_radius_nm
        Mean particle radius in nm.
    """
    dimension, ratio = truth["fractal_dimension"], truth["mixing_ratio"]
    absolute = None
    if silhouettes.absolute.any():
        absolute = best_thresholds(silhouettes.absolute, ratio)
    return Calibration(
        fit_power_law(silhouettes.box_dimension, dimension),
        best_thresholds(silhouettes.relative, ratio),
        absolute,
        fit_scaling_law(
            silhouettes.area_nm2,
            silhouettes.gyration_nm,
            dimension,
            truth["n_particles"],
            mean_radius_nm,
        ),
        len(silhouettes),
    )


def save_calibration(calibration: Calibration, path: Path) -> None:
    """Write a calibration as JSON."""
    text = json.dumps({"format": FORMAT, **asdict(calibration)}, indent=1)
    with replacing(path) as part:
        part.write_text(text + "\n", encoding="utf-8")


def load_calibration(path: Path | None = None) -> Calibration:
    """Read a calibration; without a path the one for TiO2-WO3 that ships with the program.

    Raises
    ------
    ResourceError
        If the file is missing or holds no calibration.
    """
    path = path or resource_path("baselines", "tio2-wo3.json")
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if document["format"] != FORMAT:
            raise ValueError("it was made for another version of the program")
        absolute, law = document["absolute"], dict(document["scaling_law"])
        first, second, third = law.pop("count")
        return Calibration(
            PowerLaw(**document["box_counting"]),
            Thresholds(**document["relative"]),
            Thresholds(**absolute) if absolute is not None else None,
            ScalingLaw(**law, count=(float(first), float(second), float(third))),
            int(document["images"]),
        )
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ResourceError(
            f"The calibration '{path.name}' of the classical methods can't be read ({error}): "
            "make it again, or install the program again."
        ) from error


def main(arguments: list[str] | None = None) -> None:
    """Calibrate on the training part of a data set from the command line."""
    import argparse

    from heteroagg_gui.learning.baselines.silhouettes import measure_data
    from heteroagg_gui.learning.dataset.reading import open_dataset

    parser = argparse.ArgumentParser(description="Calibrate the classical methods.")
    parser.add_argument("--data", type=Path, required=True, help="folder of training data")
    parser.add_argument("--out", type=Path, required=True, help="JSON file to write")
    parser.add_argument("--images", type=int, default=4000, help="images to calibrate on")
    options = parser.parse_args(arguments)
    data = open_dataset(options.data)
    rng = np.random.default_rng(0)
    count = min(options.images, len(data.training))
    chosen = np.sort(rng.choice(data.training, size=count, replace=False))
    truth = {key: values[chosen] for key, values in data.descriptors.items()}
    found = calibrate(measure_data(data, chosen), truth, data.plan.aggregation.radius_mean_nm)
    save_calibration(found, options.out)


if __name__ == "__main__":
    main()
