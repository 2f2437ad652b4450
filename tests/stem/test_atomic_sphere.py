"""The fast renderer against multislice of a whole sphere of real atoms.

``atomic_sphere.npz`` is made by ``atomic_sphere.py``: every point of the image is a
multislice run through all the atoms of a sphere of tungsten oxide, 3 nm across.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.resources import resource_path
from heteroagg_gui.stem.curves import STEP_NM, Curves, extend
from heteroagg_gui.stem.image import render_intensity
from heteroagg_gui.stem.microscope import Frame, Microscope
from heteroagg_gui.stem.reference_table import ReferenceTable

FINE_NM = 0.05


@pytest.fixture(scope="module")
def atomic() -> tuple[np.ndarray, np.ndarray, dict]:
    """Intensities, their standard errors and the settings of the atomic simulation."""
    with np.load(Path(__file__).with_name("atomic_sphere.npz"), allow_pickle=False) as stored:
        settings = json.loads(str(stored["settings"]))
        return stored["intensity"], stored["standard_error"], settings


def fast_image(settings: dict) -> np.ndarray:
    """The same sphere by the fast renderer, averaged over the same envelope."""
    table = ReferenceTable.load(resource_path("reference", f"{settings['crystal']}.npz"))
    row = table.orientations.index(settings["orientation"])
    curve = extend(table.thickness_nm, table.intensity(*settings["detector_mrad"])[row])
    curves = Curves(curve[None], STEP_NM, (((0, 1),), ((0, 1),)), ("sphere",))
    sphere = Aggregate(
        positions_nm=np.zeros((1, 3)),
        radii_nm=np.array([settings["radius_nm"]]),
        labels=np.zeros(1, dtype=np.uint8),
        clusters=np.zeros(1, dtype=np.int32),
    )
    frame = Frame(161, 161, FINE_NM)
    chosen = np.zeros(1, dtype=np.int64)
    sharp = render_intensity(sphere, curves, chosen, Microscope(), frame)
    smooth = gaussian_filter(sharp, settings["envelope_sigma_nm"] / FINE_NM)
    stride = round(settings["step_nm"] / FINE_NM)
    reach = stride * (settings["points"] - 1) // 2
    picked = np.arange(80 - reach, 80 + reach + 1, stride)
    return np.asarray(smooth[np.ix_(picked, picked)])


def distances_nm(settings: dict) -> np.ndarray:
    """Distance of every point of the image from the sphere's axis in nm."""
    along = (np.arange(settings["points"]) - (settings["points"] - 1) / 2) * settings["step_nm"]
    return np.hypot(along[:, None], along[None, :])


def test_the_fast_image_is_that_of_the_atoms(atomic: tuple[np.ndarray, np.ndarray, dict]) -> None:
    intensity, _, settings = atomic
    fast = fast_image(settings)
    inside = distances_nm(settings) <= settings["radius_nm"]
    difference = intensity[inside] - fast[inside]
    assert np.sqrt(np.mean(difference**2)) < 0.10 * fast[inside].mean()


def test_the_sphere_scatters_as_much_in_all(atomic: tuple[np.ndarray, np.ndarray, dict]) -> None:
    intensity, _, settings = atomic
    assert intensity.sum() == pytest.approx(fast_image(settings).sum(), rel=0.05)


def test_the_atomic_image_is_precise_enough_to_compare(
    atomic: tuple[np.ndarray, np.ndarray, dict],
) -> None:
    intensity, error, settings = atomic
    inside = distances_nm(settings) <= 0.8 * settings["radius_nm"]
    assert settings["realisations"] >= 6
    assert (error[inside] / intensity[inside]).mean() < 0.08
