"""Image formation against exact results."""

import math

import numpy as np
import pytest
from scipy.ndimage import convolve1d
from scipy.stats import norm

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.stem.curves import Curves
from heteroagg_gui.stem.image import (
    add_noise,
    centred,
    frame_around,
    render_image,
    render_intensity,
)
from heteroagg_gui.stem.microscope import Frame, Microscope
from tests.stem.scenes import SHARP, chain, spheres, two_curves


@pytest.fixture
def curves() -> Curves:
    """Return two curves, one bending and one straight, on a 0.25 nm grid."""
    return two_curves()


def test_a_sphere_shows_its_curve_at_the_chord_length(curves: Curves) -> None:
    sphere = spheres([[0, 0, 0]], [12.0], [0])
    image = render_intensity(sphere, curves, np.array([0]), SHARP, Frame(61, 61, 0.5))
    offset = (np.arange(61) - 30) * 0.5
    rho = np.hypot(offset[:, None], offset[None])
    chord = 2 * np.sqrt(np.maximum(12.0**2 - rho**2, 0))
    expected = np.interp(chord, np.arange(0, 250.25, 0.25), curves.intensity[0])
    np.testing.assert_allclose(image, expected, atol=1e-12)


def test_overlapping_particles_add_their_own_maps(curves: Curves) -> None:
    aggregate = chain()
    frame = frame_around(aggregate, 1.25, 60.0)
    chosen = curves.choose(aggregate.labels, np.random.default_rng(0))
    y, x = np.indices((frame.height, frame.width)) * 1.25
    middle = np.array([frame.width - 1, frame.height - 1]) / 2 * 1.25
    parts = 0.0
    for centre, radius, curve in zip(centred(aggregate), aggregate.radii_nm, chosen, strict=True):
        rho = np.hypot(x - middle[0] - centre[0], y - middle[1] - centre[1])
        chord = 2 * np.sqrt(np.maximum(radius**2 - rho**2, 0))
        parts += np.interp(chord, np.arange(0, 250.25, 0.25), curves.intensity[curve]).sum()
    whole = render_intensity(aggregate, curves, chosen, Microscope(), frame)
    assert whole.sum() == pytest.approx(parts, rel=1e-5)


def test_blur_conserves_the_sum_to_five_digits(curves: Curves) -> None:
    aggregate = chain()
    frame = frame_around(aggregate, 1.25, 60.0)
    chosen = curves.choose(aggregate.labels, np.random.default_rng(0))
    sharp = render_intensity(aggregate, curves, chosen, SHARP, frame)
    blurred = render_intensity(aggregate, curves, chosen, Microscope(), frame)
    assert np.abs(blurred - sharp).max() > 0.01 * sharp.max()
    assert blurred.sum() == pytest.approx(sharp.sum(), rel=1e-5)


def test_blur_width_is_height_times_tangent_of_the_semi_angle(curves: Curves) -> None:
    height_nm = 400.0
    pair = spheres([[0, 0, -height_nm], [0, 0, height_nm]], [5.0, 5.0], [1, 1])
    frame = Frame(201, 201, 0.5)
    microscope = Microscope(dose_e_per_a2=0, scan_noise_nm=0)
    sharp = render_intensity(pair, curves, np.array([1, 1]), SHARP, frame)
    blurred = render_intensity(pair, curves, np.array([1, 1]), microscope, frame)
    axis = (np.arange(201) - 100) * 0.5

    def variance(image: np.ndarray) -> float:
        return float((image.sum(axis=0) * axis**2).sum() / image.sum())

    sigma = math.sqrt(variance(blurred) - variance(sharp))
    assert sigma == pytest.approx(height_nm * math.tan(21.1e-3), rel=0.01)


def test_blur_is_a_gaussian_averaged_over_pixels(curves: Curves) -> None:
    height_nm = 60.0
    pair = spheres([[0, 0, -height_nm], [0, 0, height_nm]], [7.0, 7.0], [0, 1])
    frame = Frame(61, 71, 1.25)
    chosen = np.array([0, 1])
    sharp = render_intensity(pair, curves, chosen, SHARP, frame)
    blurred = render_intensity(pair, curves, chosen, Microscope(), frame)
    sigma = height_nm * math.tan(21.1e-3) / 1.25
    edges = np.arange(-30.5, 31) / sigma
    weights = np.diff(norm.cdf(edges))
    expected = convolve1d(convolve1d(sharp, weights, axis=0), weights, axis=1)
    np.testing.assert_allclose(blurred, expected, atol=2e-4 * expected.max())


@pytest.mark.parametrize("frame", [Frame(), Frame(64, 40, 2.0), Frame(30, 200, 0.7)])
def test_the_unlit_part_of_a_frame_may_be_skipped(curves: Curves, frame: Frame) -> None:
    microscope = Microscope(scan_noise_nm=0.4)
    rng = np.random.default_rng(8)
    chosen = curves.choose(chain().labels, rng)
    whole = render_intensity(chain(), curves, chosen, microscope, frame)
    expected = add_noise(whole, microscope, frame.pixel_size_nm, rng)
    image = render_image(chain(), curves, microscope, frame, np.random.default_rng(8))
    np.testing.assert_array_equal(image, expected.astype(np.float32))


def test_only_the_focal_plane_is_sharp(curves: Curves) -> None:
    pair = spheres([[-30, 0, -100], [30, 0, 100]], [8.0, 8.0], [0, 0])
    frame = Frame(101, 201, 1.0)
    focused = Microscope(focus_offset_nm=100.0)
    image = render_intensity(pair, curves, np.array([0, 0]), focused, frame)
    assert image[:, :100].max() < 0.95 * image[:, 100:].max()
    upside_down = render_intensity(
        pair, curves, np.array([0, 0]), Microscope(focus_offset_nm=-100.0), frame
    )
    np.testing.assert_allclose(upside_down, image[:, ::-1], atol=1e-12)


def test_counts_have_poisson_mean_and_variance() -> None:
    microscope = Microscope(dose_e_per_a2=149.0, scan_noise_nm=0.0)
    level = 0.01
    noisy = add_noise(np.full((400, 400), level), microscope, 1.25, np.random.default_rng(3))
    electrons = 149.0 * 1.25**2 * 100
    assert noisy.mean() == pytest.approx(level, rel=4 / math.sqrt(level * electrons) / 400)
    assert noisy.var() == pytest.approx(level / electrons, rel=0.02)
    counts = noisy * electrons
    np.testing.assert_allclose(counts, np.rint(counts), atol=1e-6)


def test_scan_noise_reads_a_slope_at_displaced_positions() -> None:
    slope = np.tile(np.arange(200.0), (200, 1))
    microscope = Microscope(dose_e_per_a2=0.0, scan_noise_nm=0.01)
    moved = add_noise(slope, microscope, 0.1, np.random.default_rng(1)) - slope
    inner = moved[5:-5, 5:-5]
    assert inner.std() == pytest.approx(0.1, rel=0.02)
    assert abs(inner.mean()) < 0.002


def test_scan_noise_leaves_empty_areas_alone(curves: Curves) -> None:
    image = render_image(
        spheres([[0, 0, 0]], [5.0], [0]),
        curves,
        Microscope(),
        Frame(64, 64, 1.25),
        np.random.default_rng(0),
    )
    assert image[:20].max() == 0.0
    assert image.max() > 0.01
    assert image.dtype == np.float32


def test_the_same_seed_gives_the_same_image(curves: Curves) -> None:
    images = [
        render_image(chain(), curves, Microscope(), Frame(), np.random.default_rng(seed))
        for seed in (5, 5, 6)
    ]
    np.testing.assert_array_equal(images[0], images[1])
    assert np.abs(images[0] - images[2]).max() > 0


def test_particles_beyond_the_border_are_cut_not_wrapped(curves: Curves) -> None:
    sphere = spheres([[0, 0, 0]], [30.0], [0])
    large = render_intensity(sphere, curves, np.array([0]), SHARP, Frame(81, 81, 1.0))
    small = render_intensity(sphere, curves, np.array([0]), SHARP, Frame(21, 31, 1.0))
    np.testing.assert_allclose(small, large[30:51, 25:56], atol=1e-12)


@pytest.mark.parametrize(
    "values",
    [
        {"semi_angle_mrad": -1.0},
        {"dose_e_per_a2": -1.0},
        {"detector_inner_mrad": 300.0},
        {"scan_noise_nm": -0.1},
        {"focus_offset_nm": float("nan")},
    ],
)
def test_impossible_microscopes_are_refused(values: dict[str, float]) -> None:
    with pytest.raises(ParameterError):
        Microscope(**values)


@pytest.mark.parametrize("frame", [(0, 10, 1.0), (10, 20000, 1.0), (10, 10, 0.0)])
def test_impossible_frames_are_refused(frame: tuple[int, int, float]) -> None:
    with pytest.raises(ParameterError):
        Frame(*frame)


@pytest.mark.parametrize("corner", [(0, 0), (0, 39), (29, 0), (29, 39), (12, 17)])
def test_scan_noise_reaches_every_uneven_place(corner: tuple[int, int]) -> None:
    image = np.full((30, 40), 2.0)
    image[corner] = 3.0
    microscope = Microscope(dose_e_per_a2=0.0, scan_noise_nm=0.5)
    changed = np.zeros(image.shape, dtype=bool)
    for seed in range(60):
        changed |= add_noise(image, microscope, 1.0, np.random.default_rng(seed)) != image
    rows, columns = np.ogrid[:30, :40]
    near = np.maximum(abs(rows - corner[0]), abs(columns - corner[1])) <= 1
    np.testing.assert_array_equal(changed, near)
