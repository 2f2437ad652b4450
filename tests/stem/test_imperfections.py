"""Each imperfection against what it must do to an image."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.optimize import brentq

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.stem.curves import Curves
from heteroagg_gui.stem.distortion import drift_at, read_along
from heteroagg_gui.stem.image import render_image
from heteroagg_gui.stem.imperfections import SETTINGS, Imperfections
from heteroagg_gui.stem.microscope import Frame, Microscope
from heteroagg_gui.stem.noise import displace_beam
from heteroagg_gui.stem.realistic_image import render_realistic
from tests.stem.scenes import NOISE_FREE, SHARP, chain, spheres, two_curves

SQUARE = Frame(161, 161, 1.0)


@pytest.fixture
def curves() -> Curves:
    """Return a bending and a straight curve."""
    return two_curves()


def render(imperfections: Imperfections | None, curves: Curves, **changes) -> np.ndarray:
    """Return the image of a chain, or what else is asked for."""
    settings = {
        "aggregate": chain(),
        "microscope": NOISE_FREE,
        "frame": SQUARE,
        "rng": np.random.default_rng(3),
        **changes,
    }
    return render_realistic(curves=curves, imperfections=imperfections, **settings)


@pytest.mark.parametrize(
    "off",
    [
        None,
        Imperfections(),
        Imperfections(flyback_share=0.2, support_slope_x=0.5, support_granularity=0.3),
    ],
)
@pytest.mark.parametrize("frame", [SQUARE, Frame(40, 300, 2.5)])
def test_without_imperfections_nothing_changes(curves: Curves, off, frame: Frame) -> None:
    expected = render_image(chain(), curves, Microscope(), frame, np.random.default_rng(3))
    image = render(off, curves, microscope=Microscope(), frame=frame)
    assert image.dtype == np.float32
    np.testing.assert_array_equal(image, expected)


def test_a_straight_path_reads_what_the_scan_noise_alone_reads() -> None:
    specimen = np.zeros((60, 70))
    specimen[20:40, 25:50] = np.random.default_rng(0).random((20, 25))
    still = np.zeros(58), np.zeros(58), np.zeros(68)
    along = read_along(specimen, 1, *still, 0.3, np.random.default_rng(5))
    displace_beam(specimen, 0.3, np.random.default_rng(5))
    np.testing.assert_allclose(along, specimen[1:-1, 1:-1], rtol=0, atol=1e-13)


def centroids(image: np.ndarray) -> list[tuple[float, float]]:
    """Return row and column of the centroid above and below the middle."""
    half = image.shape[0] // 2
    found = []
    for start, part in ((0, image[:half]), (half, image[half:])):
        rows, columns = np.indices(part.shape)
        weight = part.sum()
        found.append(((rows * part).sum() / weight + start, (columns * part).sum() / weight))
    return found


def test_drift_along_x_shears_by_the_stated_way(curves: Curves) -> None:
    pair = spheres([[0, -60, 0], [0, 60, 0]], [10.0, 10.0], [0, 0])
    drifting = Imperfections(drift_x_nm=9.0)
    (_, upper), (_, lower) = centroids(render(drifting, curves, aggregate=pair, microscope=SHARP))
    assert lower - upper == pytest.approx(9.0 * 120 / 160, abs=0.01)
    assert lower + upper == pytest.approx(160.0, abs=0.01)
    rows = np.array([0.0, 80.0, 160.0])
    np.testing.assert_allclose(drift_at(rows, 9.0, SQUARE), [-4.5, 0.0, 4.5])


def test_drift_along_y_stretches_by_the_stated_way(curves: Curves) -> None:
    pair = spheres([[0, -50, 0], [0, 50, 0]], [5.0, 5.0], [0, 0])
    drifting = Imperfections(drift_y_nm=8.0)
    (upper, _), (lower, _) = centroids(render(drifting, curves, aggregate=pair, microscope=SHARP))
    # The specimen has moved by 8 nm over 160 lines: the beam covers 19/20 of the way it should.
    assert lower - upper == pytest.approx(100 / (1 - 8 / 160), abs=0.1)
    assert lower + upper == pytest.approx(160.0, abs=0.1)


def line_shift(moved: np.ndarray, still: np.ndarray) -> float:
    """Return the shift to the right in pixels by the peak of the cross-correlation."""
    spectrum = np.conj(np.fft.rfft(still)) * np.fft.rfft(moved)
    fine = np.fft.irfft(spectrum, n=still.size * 64)
    peak = int(fine.argmax())
    return (peak if peak < fine.size / 2 else peak - fine.size) / 64


def test_row_jitter_shifts_lines_by_the_stated_sd(curves: Curves) -> None:
    tall = spheres([[0, 0, -200], [0, 0, 200]], [300.0, 300.0], [0, 0])
    frame = Frame(400, 801, 1.0)
    still = render(None, curves, aggregate=tall, frame=frame)
    moved = render(Imperfections(row_jitter_nm=2.0), curves, aggregate=tall, frame=frame)
    shifts = np.array([line_shift(m, s) for m, s in zip(moved, still, strict=True)])
    assert shifts.std() == pytest.approx(2.0, rel=4 / np.sqrt(2 * 400))
    assert abs(shifts.mean()) < 4 * 2.0 / np.sqrt(400)
    neighbouring = np.corrcoef(shifts[1:], shifts[:-1])[0, 1]
    assert abs(neighbouring) < 4 / np.sqrt(400)


@pytest.mark.parametrize("amplitude_nm", [4.0, -3.0])
def test_flyback_displaces_the_start_of_each_line(curves: Curves, amplitude_nm: float) -> None:
    # On a film that rises evenly the intensity tells where the beam is.
    frame = Frame(20, 400, 0.5)
    film = {"support_intensity": 0.2, "support_slope_x": 1.0}
    dot = spheres([[0, 0, 0]], [1e-6], [0])
    still = render(Imperfections(**film), curves, aggregate=dot, frame=frame)
    late = Imperfections(flyback_nm=amplitude_nm, flyback_share=0.1, **film)
    moved = render(late, curves, aggregate=dot, frame=frame)
    displacement_nm = (moved - still) / (0.2 / 400) * 0.5
    along_nm = np.arange(400) * 0.5
    expected = np.tile(amplitude_nm * np.exp(-along_nm / (0.1 * 200.0)), (20, 1))
    np.testing.assert_allclose(displacement_nm, expected, atol=2e-4)


def test_flyback_shows_a_particle_where_the_beam_meets_it(curves: Curves) -> None:
    dot = spheres([[-60, 0, 0], [60, 0, 0]], [5.0, 5.0], [0, 0])
    late = Imperfections(flyback_nm=6.0, flyback_share=0.1)
    image = render(late, curves, aggregate=dot, microscope=SHARP).T
    (left, _), (right, _) = centroids(image)
    expected = brentq(lambda j: j + 6.0 * np.exp(-j / 16.1) - 20.0, 0, 40)
    assert left == pytest.approx(expected, abs=0.15)
    assert right == pytest.approx(140.0, abs=0.01)


def test_the_plane_of_the_support_film_can_be_fitted(curves: Curves) -> None:
    film = Imperfections(support_intensity=0.004, support_slope_x=0.3, support_slope_y=-0.2)
    frame = Frame(120, 160, 2.0)
    added = render(film, curves, frame=frame).astype(float) - render(None, curves, frame=frame)
    rows, columns = np.indices(added.shape)
    plane = np.stack([np.ones(added.size), columns.ravel() / 160, rows.ravel() / 120], axis=1)
    (_, right, down), *_ = np.linalg.lstsq(plane, added.ravel(), rcond=None)
    assert added.mean() == pytest.approx(0.004, rel=1e-5)
    assert right == pytest.approx(0.3 * 0.004, rel=1e-4)
    assert down == pytest.approx(-0.2 * 0.004, rel=1e-4)


@pytest.mark.parametrize("grain_nm", [0.0, 2.0])
def test_grains_have_the_stated_contrast_and_size(curves: Curves, grain_nm: float) -> None:
    film = Imperfections(support_intensity=0.01, support_granularity=0.1, support_grain_nm=grain_nm)
    dot, frame = spheres([[0, 0, 0]], [1e-6], [0]), Frame(500, 500, 1.0)
    relative = render(film, curves, aggregate=dot, frame=frame) / 0.01 - 1
    assert relative.std() == pytest.approx(0.1, rel=0.05)
    lag = 3
    product = (relative[:, lag:] * relative[:, :-lag]).mean() / relative.var()
    expected = np.exp(-(lag**2) / (4 * grain_nm**2)) if grain_nm else 0.0
    assert product == pytest.approx(expected, abs=0.04)


def test_grains_never_make_the_film_dark(curves: Curves) -> None:
    film = Imperfections(support_intensity=0.01, support_granularity=1.0, support_grain_nm=1.0)
    image = render(film, curves)
    assert image.min() == 0.0
    assert (image == 0).mean() < 0.3


def test_background_electrons_are_counted_with_shot_noise(curves: Curves) -> None:
    microscope = Microscope(dose_e_per_a2=20.0)
    image = render(Imperfections(background_intensity=0.02), curves, microscope=microscope)
    empty = image[:, :20].astype(float)
    electrons = 20.0 * 100
    standard_error = np.sqrt(0.02 / electrons / empty.size)
    assert empty.mean() == pytest.approx(0.02, abs=4 * standard_error)
    assert empty.var() == pytest.approx(0.02 / electrons, rel=4 * np.sqrt(2 / empty.size))
    np.testing.assert_allclose(empty * electrons, np.rint(empty * electrons), atol=1e-3)


def test_the_film_moves_with_the_specimen_and_the_background_does_not(curves: Curves) -> None:
    film = {"support_intensity": 0.01, "support_granularity": 0.1, "support_grain_nm": 2.0}
    dot, frame = spheres([[0, 0, 0]], [1e-6], [0]), Frame(200, 1000, 1.0)
    drifting = {"drift_x_nm": 100.0, **film}
    alone = render(Imperfections(**drifting), curves, aggregate=dot, frame=frame)
    both = Imperfections(background_intensity=0.05, **drifting)
    moved = render(both, curves, aggregate=dot, frame=frame)
    np.testing.assert_allclose(moved - alone, 0.05, rtol=1e-4)
    shifts = [line_shift(later - 0.01, line - 0.01) for line, later in pairwise(alone)]
    assert np.mean(shifts) == pytest.approx(100.0 / 199, abs=0.02)


def own_box(frame: Frame) -> tuple[slice, slice]:
    """Return the pixels of the rectangle around the chain's discs."""
    half_height, half_width = (11 * 5 + 22) / 2, (11 * 9 + 22) / 2
    rows = np.abs(np.arange(frame.height) - (frame.height - 1) / 2) * frame.pixel_size_nm
    columns = np.abs(np.arange(frame.width) - (frame.width - 1) / 2) * frame.pixel_size_nm
    inside_rows, inside_columns = rows <= half_height, columns <= half_width
    return (
        slice(inside_rows.argmax(), frame.height - inside_rows[::-1].argmax()),
        slice(inside_columns.argmax(), frame.width - inside_columns[::-1].argmax()),
    )


def test_neighbours_touch_the_edge_and_never_the_own_box(curves: Curves) -> None:
    frame = Frame(150, 170, 1.25)
    alone = render(None, curves, frame=frame)
    edges_met = set()
    for seed in range(40):
        rng = np.random.default_rng(seed)
        chosen_first = np.random.default_rng(seed)
        alone = render(None, curves, frame=frame, rng=chosen_first)
        one = Imperfections(neighbours=1)
        added = render(one, curves, frame=frame, rng=rng, neighbours=[chain(7)]) - alone
        assert np.abs(added[own_box(frame)]).max() == 0.0
        edges = (added[0], added[-1], added[:, 0], added[:, -1])
        assert max(edge.max() for edge in edges) > 0.0
        edges_met |= {k for k, edge in enumerate(edges) if edge.max() > 0}
    assert edges_met == {0, 1, 2, 3}


def test_a_neighbour_is_left_out_where_there_is_no_room(curves: Curves) -> None:
    tight = Frame(61, 97, 1.25)
    alone = render(None, curves, frame=tight)
    beside = render(Imperfections(neighbours=2), curves, frame=tight, neighbours=[chain(5)] * 2)
    np.testing.assert_array_equal(beside, alone)


def test_gain_and_offset_make_a_straight_line(curves: Curves) -> None:
    fractions = render(None, curves)
    counts = render(Imperfections(detector_gain_counts=5e4, detector_offset_counts=-120.0), curves)
    np.testing.assert_allclose(counts, 5e4 * fractions.astype(float) - 120.0, atol=0.01)


def test_saturation_clips_what_is_brighter_and_nothing_else(curves: Curves) -> None:
    clear = Imperfections(detector_gain_counts=1e4, detector_offset_counts=10.0)
    full = render(clear, curves)
    level = float(np.quantile(full, 0.95))
    clipped = render(
        Imperfections(
            detector_gain_counts=1e4, detector_offset_counts=10.0, saturation_counts=level
        ),
        curves,
    )
    np.testing.assert_array_equal(clipped, np.minimum(full, np.float32(level)))
    assert (full > level).sum() > 100


@pytest.mark.parametrize(("bits", "gain"), [(8, 400.0), (8, 1e5), (16, 3e4), (16, 1e7)])
def test_quantisation_leaves_whole_numbers_that_fit(curves: Curves, bits: int, gain: float) -> None:
    analogue = render(Imperfections(detector_gain_counts=gain, detector_offset_counts=-3.0), curves)
    levels = render(
        Imperfections(
            detector_gain_counts=gain, detector_offset_counts=-3.0, quantisation_bits=bits
        ),
        curves,
    )
    assert len(np.unique(levels)) <= 2**bits
    assert levels.min() == 0
    assert levels.max() <= 2**bits - 1
    inside = (analogue > 0) & (analogue < 2**bits - 1)
    assert np.abs(levels - analogue)[inside].max() <= 0.51
    assert inside.any()
    np.testing.assert_array_equal(levels, np.rint(levels))


def test_saturation_below_the_largest_number_holds_for_whole_numbers_too(curves: Curves) -> None:
    settings = {"detector_gain_counts": 1e4, "quantisation_bits": 8, "saturation_counts": 200.0}
    assert render(Imperfections(**settings), curves).max() == 200.0


def test_everything_at_once_is_repeatable_and_fits_any_frame(curves: Curves) -> None:
    everything = Imperfections(
        row_jitter_nm=0.5,
        drift_x_nm=3.0,
        drift_y_nm=-2.0,
        flyback_nm=1.0,
        support_intensity=0.003,
        support_slope_y=0.4,
        support_granularity=0.1,
        background_intensity=0.001,
        neighbours=1,
        detector_gain_counts=2000.0,
        quantisation_bits=8,
    )
    for frame in (Frame(150, 170, 1.25), Frame(40, 90, 1.25)):
        settings = {"frame": frame, "microscope": Microscope(), "neighbours": [chain(4)]}
        images = [
            render(everything, curves, rng=np.random.default_rng(seed), **settings)
            for seed in (1, 1, 2)
        ]
        assert images[0].shape == (frame.height, frame.width)
        np.testing.assert_array_equal(images[0], images[1])
        assert not np.array_equal(images[0], images[2])


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_values_beyond_the_limits_are_refused(setting) -> None:
    for value in (setting.lowest - 1, setting.highest * 1.01 + 1, float("nan")):
        with pytest.raises(ParameterError, match=setting.title):
            Imperfections(**{setting.name: value})


@pytest.mark.parametrize(
    "values",
    [{"quantisation_bits": 12}, {"quantisation_bits": 8}],
)
def test_impossible_pixels_are_refused(values: dict) -> None:
    with pytest.raises(ParameterError):
        Imperfections(**values)


@pytest.mark.parametrize(
    "impossible",
    [
        Imperfections(flyback_nm=9.0, flyback_share=0.05),
        Imperfections(drift_y_nm=900.0),
        Imperfections(neighbours=2),
    ],
)
def test_what_the_frame_cannot_show_is_refused(curves: Curves, impossible) -> None:
    with pytest.raises(ParameterError):
        render(impossible, curves)
