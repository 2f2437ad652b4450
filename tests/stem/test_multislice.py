"""Multislice: the parts that need numpy only, and one tiny run where abTEM is installed."""

import importlib.util
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from heteroagg_gui.core.errors import Cancelled, MissingExtraError, ParameterError
from heteroagg_gui.stem.crystals import Crystal, crystal_file, crystal_names, load_crystal
from heteroagg_gui.stem.multislice import combine, simulate_plan, simulate_reference
from heteroagg_gui.stem.plane_waves import (
    BeamSettings,
    frozen_atoms,
    speckle_waves,
    spread_shifts,
    wave_grid,
    wavelength_angstrom,
)
from heteroagg_gui.stem.reference_table import ReferenceTable
from heteroagg_gui.stem.simulation_plan import Plan, identity
from heteroagg_gui.stem.simulation_runs import PartialRuns
from heteroagg_gui.stem.viewing_directions import ORIENTATIONS, angle_of, box_of

needs_abtem = pytest.mark.skipif(
    importlib.util.find_spec("abtem") is None,
    reason="abTEM is not installed: pip install heteroagg-gui[multislice]",
)
COARSE = BeamSettings(sampling_angstrom=0.08, outer_mrad=80.0)
TINY = Plan(
    2.0,
    COARSE,
    configurations=2,
    thin_configurations=0,
    zone_axis_configurations=2,
    speckles=1,
    seed=5,
)


def cubic() -> Crystal:
    """A simple cubic crystal of tungsten."""
    return Crystal(
        "cubic", 4.0 * np.eye(3), np.zeros((1, 3)), np.array([74]), np.array([0.004]), 4.77
    )


def test_the_wavelength_at_300_kv() -> None:
    assert wavelength_angstrom(300.0) == pytest.approx(0.0196875, rel=1e-4)
    assert wavelength_angstrom(80.0) == pytest.approx(0.0417572, rel=1e-4)


@pytest.mark.parametrize("voltage_kv", [80.0, 300.0, 1000.0])
def test_the_sampling_carries_all_recorded_angles(voltage_kv: float) -> None:
    beam = BeamSettings.for_microscope(voltage_kv, 21.1)
    assert beam.cutoff_mrad > beam.outer_mrad
    assert beam.sampling_angstrom <= 0.025
    Plan(beam=beam)


def test_a_sampling_that_would_truncate_the_detector_is_refused() -> None:
    with pytest.raises(ParameterError, match="mrad"):
        Plan(beam=BeamSettings(sampling_angstrom=0.031))


@pytest.mark.parametrize(
    "change",
    [
        {"thickness_nm": 0.0},
        {"thickness_nm": float("nan")},
        {"configurations": 0},
        {"speckles": 0},
        {"thin_configurations": -1},
        {"seed": -1},
    ],
)
def test_impossible_plans_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ParameterError):
        Plan(**change)


def test_thin_configurations_stop_at_ten_nm() -> None:
    plan = Plan(
        thickness_nm=30.0, configurations=2, thin_configurations=1, zone_axis_configurations=5
    )
    assert plan.depths_of("random", 1)[-1] == 30.0
    assert plan.depths_of("random", 2)[-1] == 10.0
    assert plan.depths_of("[100]", 4)[-1] == 30.0
    assert plan.depths_of("[100]", 5)[-1] == 10.0
    assert (plan.total_configurations("random"), plan.total_configurations("[100]")) == (3, 6)


def test_the_pixels_are_fine_enough_and_fast_to_transform() -> None:
    box = box_of(cubic(), "[100] + 30 deg", 0)
    for count, side in zip(wave_grid(box, BeamSettings()), box.size_angstrom, strict=True):
        assert side / count <= 0.025
        assert count % 2 == 0
        assert 210**20 % count == 0  # no prime factors but 2, 3, 5 and 7


def test_ten_views_are_named() -> None:
    assert [angle_of(label) for label in ORIENTATIONS] == [
        *(10.0 * n for n in range(9)),
        None,
    ]
    with pytest.raises(ParameterError, match="sideways"):
        angle_of("sideways")


def test_the_random_view_follows_from_crystal_and_seed() -> None:
    views = [box_of(cubic(), "random", seed).axes[2] for seed in (1, 1, 2)]
    assert np.array_equal(views[0], views[1])
    assert not np.allclose(views[0], views[2])


def test_speckle_waves_fill_the_aperture_evenly() -> None:
    beam = BeamSettings(sampling_angstrom=0.1)
    box = box_of(cubic(), "[100]", 0)
    waves = speckle_waves(box, beam, 3, np.random.default_rng(1))
    power = np.abs(np.fft.fft2(waves)) ** 2
    assert power.sum(axis=(1, 2)) == pytest.approx(np.ones(3), rel=1e-5)
    size = [
        np.fft.fftfreq(n, s / n) for n, s in zip(power.shape[1:], box.size_angstrom, strict=True)
    ]
    angle = np.hypot(size[0][:, None], size[1][None, :]) * beam.wavelength_angstrom * 1e3
    inside = angle <= 21.1
    assert np.allclose(power[:, inside], 1.0 / inside.sum(), rtol=1e-3)
    assert power[:, ~inside].max() < 1e-9


def test_speckles_of_one_configuration_are_shifted_copies() -> None:
    beam = BeamSettings(sampling_angstrom=0.1)
    box = box_of(cubic(), "[100]", 0)
    first, second = np.fft.fft2(speckle_waves(box, beam, 2, np.random.default_rng(1)))
    chosen = np.abs(first) > 1e-6
    turned = np.angle(second[chosen] / first[chosen])
    assert np.ptp(turned) > 1.0
    repeats = box.size_angstrom[0] / box.repeat_angstrom[0]
    assert repeats == pytest.approx(round(repeats))
    # Waves that differ by a vector of the view's reciprocal lattice, and no others, see a
    # shift by a whole repeat as none: neighbouring ones here do not.
    assert not np.allclose(first, second)


def test_shifts_fill_the_unit_square() -> None:
    points = spread_shifts(64, np.random.default_rng(0))
    assert np.all((points >= 0.0) & (points < 1.0))
    counts = np.histogram2d(points[:, 0], points[:, 1], bins=4, range=[[0, 1], [0, 1]])[0]
    assert counts.min() >= 3
    assert counts.max() <= 5


def test_atoms_vibrate_with_the_stated_amplitude() -> None:
    crystal = cubic()
    box = box_of(crystal, "[100]", 0)
    still = Crystal(
        "cubic", crystal.cell_angstrom, crystal.fractional, crystal.numbers, np.zeros(1), 4.77
    )
    origin = np.array([0.5, 0.5, 0.5])
    there, numbers = frozen_atoms(crystal, box, 400.0, origin, np.random.default_rng(1))
    here, _ = frozen_atoms(still, box, 400.0, origin, np.random.default_rng(1))
    assert set(numbers) == {74}
    assert there.shape == here.shape
    assert (there - here).std(axis=0) == pytest.approx([0.004**0.5] * 3, rel=0.05)


def test_the_mean_and_its_error_over_configurations() -> None:
    runs = [np.full((3, 2), value) for value in (1.0, 2.0, 6.0)]
    fraction, error = combine(runs)
    assert np.allclose(fraction, 3.0)
    assert np.allclose(error, np.std([1.0, 2.0, 6.0], ddof=1) / np.sqrt(3))


def test_one_configuration_has_no_error_estimate() -> None:
    assert np.all(combine([np.ones((3, 2))])[1] == 0.0)


def test_thin_configurations_refine_the_start_and_leave_no_step() -> None:
    slopes = np.array([1.0, 2.0, 3.0, 6.0])
    ramps = [slope * np.arange(5.0)[:, None] for slope in slopes]
    fraction, error = combine(ramps[:2], [ramp[:3] for ramp in ramps[2:]])
    assert np.allclose(fraction[:, 0], [0.0, 3.0, 6.0, 7.5, 9.0])
    assert error[2, 0] == pytest.approx(2 * slopes.std(ddof=1) / 2)


def test_the_error_beyond_the_thin_end_is_that_of_the_estimate() -> None:
    rng = np.random.default_rng(0)
    means, errors = [], []
    for _ in range(2000):
        walks = np.cumsum(rng.normal(1.0, 0.3, (7, 6, 1)), axis=1)
        fraction, error = combine(list(walks[:3]), list(walks[3:, :3]))
        means.append(fraction[-1, 0])
        errors.append(error[-1, 0])
    assert np.mean(means) == pytest.approx(6.0, abs=0.03)
    assert np.sqrt(np.mean(np.square(errors))) == pytest.approx(np.std(means), rel=0.08)


def test_partial_results_belong_to_their_settings(tmp_path: Path) -> None:
    plans = [TINY, replace(TINY, seed=6), replace(TINY, speckles=2)]
    stores = [PartialRuns.for_settings(tmp_path / "a.npz", identity(cubic(), p)) for p in plans]
    assert len({store.digest for store in stores}) == 3
    more = replace(TINY, configurations=9)
    assert PartialRuns.for_settings(tmp_path / "a.npz", identity(cubic(), more)) == stores[0]


@pytest.mark.parametrize("name", crystal_names())
def test_crystals_ship_with_displacements(name: str) -> None:
    text = crystal_file(name).read_text(encoding="utf-8")
    assert "_atom_site_U_iso_or_equiv" in text
    assert "_space_group_IT_number" in text


def test_an_unknown_crystal_is_refused() -> None:
    with pytest.raises(ParameterError, match="brookite"):
        crystal_file("brookite")


def test_without_the_extra_one_sentence_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "abtem", None)
    monkeypatch.setitem(sys.modules, "ase.io.cif", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'heteroagg-gui\[multislice\]'"):
        simulate_reference("rutile", tmp_path / "table.npz")
    with pytest.raises(MissingExtraError, match=r"pip install 'heteroagg-gui\[multislice\]'"):
        load_crystal("rutile")


@needs_abtem
@pytest.mark.parametrize(
    ("name", "density_g_cm3", "distances_angstrom"),
    [
        ("rutile", 4.248, (1.948, 1.980)),
        ("anatase", 3.893, (1.934, 1.980)),
        ("gamma-WO3", 7.269, (1.736, 2.177)),
        ("delta-WO3", 7.299, (1.712, 2.212)),
    ],
)
def test_bundled_crystals_are_octahedral_oxides(
    name: str, density_g_cm3: float, distances_angstrom: tuple[float, float]
) -> None:
    crystal = load_crystal(name)
    assert crystal.density_g_cm3 == pytest.approx(density_g_cm3, abs=0.002)
    places = crystal.fractional @ crystal.cell_angstrom
    steps = np.stack(np.meshgrid(*[[-1, 0, 1]] * 3), axis=-1).reshape(-1, 3)
    metal, oxygen = places[crystal.numbers > 8], places[crystal.numbers == 8]
    images = (oxygen[None] + (steps @ crystal.cell_angstrom)[:, None]).reshape(-1, 3)
    distances = np.linalg.norm(metal[:, None] - images[None], axis=2)
    bonds = np.sort(distances, axis=1)[:, :7]
    assert bonds[:, 0].min() == pytest.approx(distances_angstrom[0], abs=0.002)
    assert bonds[:, 5].max() == pytest.approx(distances_angstrom[1], abs=0.002)
    assert bonds[:, 6].min() > 2.9
    heavy = crystal.displacement_angstrom2[crystal.numbers > 8]
    assert set(heavy) == {0.006 if crystal.numbers.max() == 22 else 0.004}


@needs_abtem
def test_a_broken_structure_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "broken.cif"
    path.write_text("data_x\n_cell_length_a nonsense\n", encoding="utf-8")
    with pytest.raises(ParameterError, match=r"broken\.cif"):
        load_crystal(path)


@needs_abtem
def test_a_tiny_simulation_is_physical_and_repeatable(tmp_path: Path) -> None:
    table = simulate_plan("gamma-WO3", tmp_path / "one.npz", TINY, ["[100]", "random"])
    assert list(tmp_path.iterdir()) == [tmp_path / "one.npz"]
    assert table.fraction.shape == (2, 3, 16)
    assert np.allclose(table.fraction[:, 0].sum(axis=1), 1.0, atol=1e-5)
    scattered = table.intensity(40.0, 80.0)
    assert np.all(scattered[:, 0] < 1e-9)
    assert np.all(np.diff(scattered, axis=1) > 0.0)
    # Single-atom cross-sections of W and O into 40-80 mrad give about 0.009 in 2 nm.
    assert 0.003 < scattered[:, 2].mean() < 0.03
    json.dumps(table.settings)
    again = simulate_plan("gamma-WO3", tmp_path / "two.npz", TINY, ["[100]", "random"])
    assert np.array_equal(again.fraction, table.fraction)


@needs_abtem
def test_a_last_slab_of_its_own_is_recorded_like_the_others(tmp_path: Path) -> None:
    whole = simulate_plan("rutile", tmp_path / "6.npz", replace(TINY, thickness_nm=6.0), ["[100]"])
    part = simulate_plan("rutile", tmp_path / "5.npz", replace(TINY, thickness_nm=5.0), ["[100]"])
    assert whole.fraction.shape == (1, 7, 16)
    growth = np.diff(whole.intensity(40.0, 80.0)[0])
    assert growth[-1] == pytest.approx(growth[-2], rel=0.5)
    assert part.fraction.shape == (1, 6, 16)


@needs_abtem
def test_an_interrupted_simulation_goes_on_to_the_same_result(tmp_path: Path) -> None:
    whole = simulate_plan("rutile", tmp_path / "whole.npz", TINY, ["[100]"])
    path = tmp_path / "parts.npz"

    def interrupt(fraction: float, message: str) -> None:
        if fraction > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        simulate_plan("rutile", path, TINY, ["[100]"], 1, interrupt)
    assert not path.exists()
    assert len(list(tmp_path.glob("parts.*.run.npz"))) == 1
    seen: list[float] = []
    resumed = simulate_plan("rutile", path, TINY, ["[100]"], 1, lambda f, _: seen.append(f))
    assert min(seen) >= 0.5
    assert np.array_equal(resumed.fraction, whole.fraction)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["parts.npz", "whole.npz"]


@needs_abtem
@pytest.mark.slow
def test_the_result_does_not_depend_on_the_number_of_workers(tmp_path: Path) -> None:
    one = simulate_plan("rutile", tmp_path / "one.npz", TINY, ["[100]"], workers=1)
    two = simulate_plan("rutile", tmp_path / "two.npz", TINY, ["[100]"], workers=2)
    assert np.array_equal(one.fraction, two.fraction)
    assert np.array_equal(one.standard_error, two.standard_error)
    assert ReferenceTable.load(tmp_path / "two.npz").orientations == ("[100]",)
