"""The tables of scattered intensity, and the ones that ship with the program."""

import json
from pathlib import Path

import numpy as np
import pytest

from heteroagg_gui.core.errors import ParameterError, ResourceError
from heteroagg_gui.core.resources import resource_path
from heteroagg_gui.stem.reference_table import ReferenceTable
from heteroagg_gui.stem.viewing_directions import ORIENTATIONS

DETECTOR_MRAD = (55.0, 250.0)
CRYSTALS = ("rutile", "anatase", "gamma-WO3", "delta-WO3", "ceria")
CHECKED_NM = (10.0, 20.0, 40.0, 60.0)

# Intensities at CHECKED_NM from an independent series of simulations with the same physics.
FIXED_VIEWS = [
    ("rutile", "[100]", (0.0080, 0.0157, 0.0300, 0.0432)),
    ("gamma-WO3", "[100]", (0.0331, 0.0594, 0.1044, 0.1452)),
    ("gamma-WO3", "[100] + 40 deg", (0.0245, 0.0494, 0.0974, 0.1430)),
]
RANDOM_VIEWS = [
    ("anatase", (0.0049, 0.0100, 0.0206, 0.0315)),
    ("delta-WO3", (0.0226, 0.0460, 0.0913, 0.1339)),
]

# Attenuation -ln(1 - I) per micrometre at 20 nm: what real particles of the two oxides show,
# widened towards the somewhat brighter simulation of tungsten oxide.
ATTENUATION_PER_UM = {
    "rutile": (0.35, 0.9),
    "anatase": (0.35, 0.9),
    "gamma-WO3": (1.0, 3.1),
    "delta-WO3": (1.0, 3.1),
}


def small_table() -> ReferenceTable:
    """Two views, three thicknesses, bins from 0 to 40 mrad."""
    rng = np.random.default_rng(1)
    fraction = np.cumsum(rng.uniform(0.0, 0.1, (2, 3, 4)), axis=1)
    return ReferenceTable(
        crystal="test",
        thickness_nm=np.array([0.0, 1.0, 2.5]),
        angle_edges_mrad=np.array([0.0, 10.0, 20.0, 30.0, 40.0]),
        orientations=("[100]", "random"),
        fraction=fraction,
        standard_error=0.01 * fraction,
        settings={"voltage_kv": 300.0, "seed": 3, "software": {"numpy": "2"}},
    )


def test_a_saved_table_is_read_back(tmp_path: Path) -> None:
    table = small_table()
    table.save(tmp_path / "new" / "table.npz")
    again = ReferenceTable.load(tmp_path / "new" / "table.npz")
    assert again.crystal == "test"
    assert again.orientations == table.orientations
    assert again.settings == table.settings
    assert np.array_equal(again.thickness_nm, table.thickness_nm)
    assert np.array_equal(again.angle_edges_mrad, table.angle_edges_mrad)
    assert again.fraction.dtype == np.float64
    assert np.allclose(again.fraction, table.fraction, rtol=1e-6, atol=0.0)
    assert np.allclose(again.standard_error, table.standard_error, rtol=1e-6, atol=0.0)


def test_saving_leaves_only_the_table_behind(tmp_path: Path) -> None:
    small_table().save(tmp_path / "table.npz")
    small_table().save(tmp_path / "table.npz")
    assert [path.name for path in tmp_path.iterdir()] == ["table.npz"]


def test_a_failed_write_leaves_the_old_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "table.npz"
    small_table().save(path)
    before = path.read_bytes()

    def fail(*args: object, **kwargs: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(np, "savez_compressed", fail)
    with pytest.raises(OSError, match="disk full"):
        small_table().save(path)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["table.npz"]


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut off"])
def test_a_damaged_file_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.npz"
    path.write_bytes(content)
    with pytest.raises(ResourceError, match=r"broken\.npz"):
        ReferenceTable.load(path)


def test_a_truncated_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.npz"
    small_table().save(path)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(ResourceError):
        ReferenceTable.load(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ResourceError):
        ReferenceTable.load(tmp_path / "none.npz")


def test_an_archive_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.npz"
    np.savez(path, crystal=np.array("x"))
    with pytest.raises(ResourceError):
        ReferenceTable.load(path)


def test_pickled_objects_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "evil.npz"
    small_table().save(path)
    with np.load(path) as stored:
        entries = dict(stored)
    entries["settings"] = np.array({"voltage_kv": 300.0}, dtype=object)
    np.savez(path, allow_pickle=True, **entries)
    with pytest.raises(ResourceError):
        ReferenceTable.load(path)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("thickness_nm", np.array([1.0, 2.0, 3.0])),
        ("thickness_nm", np.array([0.0, 2.0, 1.0])),
        ("angle_edges_mrad", np.array([0.0, 10.0, 20.0, 30.0])),
        ("fraction", np.full((2, 3, 4), -0.1)),
        ("fraction", np.full((2, 3, 4), np.nan)),
        ("orientations", np.array(json.dumps(["one"]))),
        ("settings", np.array("[]")),
    ],
)
def test_inconsistent_contents_are_refused(tmp_path: Path, field: str, value: np.ndarray) -> None:
    path = tmp_path / "table.npz"
    small_table().save(path)
    with np.load(path) as stored:
        entries = dict(stored)
    entries[field] = value
    np.savez(path, **entries)
    with pytest.raises(ResourceError):
        ReferenceTable.load(path)


def test_whole_bins_are_summed() -> None:
    table = small_table()
    expected = table.fraction[:, :, 1:3].sum(axis=2)
    assert np.allclose(table.intensity(10.0, 30.0), expected)


def test_a_partly_covered_bin_counts_in_part() -> None:
    table = small_table()
    bins = table.fraction
    expected = 0.5 * bins[:, :, 1] + bins[:, :, 2] + 0.25 * bins[:, :, 3]
    assert np.allclose(table.intensity(15.0, 32.5), expected)
    inside = table.intensity(12.0, 14.0)
    assert np.allclose(inside, 0.2 * bins[:, :, 1])


def test_the_sensitivity_weighs_the_bins() -> None:
    table = small_table()
    sensitivity = (np.array([0.0, 40.0]), np.array([0.0, 1.0]))
    weights = np.array([0.125, 0.375, 0.625, 0.875])
    assert np.allclose(table.intensity(0.0, 40.0, sensitivity), table.fraction @ weights)


@pytest.mark.parametrize("detector", [(30.0, 30.0), (30.0, 20.0), (-5.0, 20.0), (20.0, 41.0)])
def test_a_detector_outside_the_table_is_refused(detector: tuple[float, float]) -> None:
    with pytest.raises(ParameterError, match="mrad"):
        small_table().intensity(*detector)


def bundled(crystal: str) -> ReferenceTable:
    """One of the tables that ship with the program."""
    return ReferenceTable.load(resource_path("reference", f"{crystal}.npz"))


@pytest.mark.parametrize("crystal", CRYSTALS)
def test_bundled_tables_hold_the_views_to_sixty_nm(crystal: str) -> None:
    table = bundled(crystal)
    assert table.crystal == crystal
    assert table.orientations == ORIENTATIONS
    assert table.thickness_nm[-1] >= 60.0
    assert np.diff(table.thickness_nm).max() <= 1.0 + 1e-9
    assert np.allclose(np.diff(table.angle_edges_mrad), 5.0)
    assert table.angle_edges_mrad[-1] >= 250.0


@pytest.mark.parametrize("crystal", CRYSTALS)
def test_bundled_tables_tell_their_origin(crystal: str) -> None:
    settings = bundled(crystal).settings
    assert settings["voltage_kv"] == 300.0
    assert settings["semi_angle_mrad"] == 21.1
    assert settings["smoothing"] == "none"
    assert {"abtem", "ase", "numpy"} <= set(settings["software"])
    assert set(settings["views"]) == set(bundled(crystal).orientations)


@pytest.mark.parametrize("crystal", CRYSTALS)
def test_bundled_tables_are_small(crystal: str) -> None:
    assert resource_path("reference", f"{crystal}.npz").stat().st_size < 400_000


@pytest.mark.parametrize("crystal", CRYSTALS)
def test_the_beam_enters_whole_and_is_hardly_lost(crystal: str) -> None:
    total = bundled(crystal).fraction.sum(axis=2)
    assert np.allclose(total[:, 0], 1.0, atol=1e-5)
    assert np.all(total <= 1.0 + 1e-5)
    assert np.all(total > 0.97)


@pytest.mark.parametrize("crystal", CRYSTALS)
def test_bundled_curves_start_at_zero_and_grow(crystal: str) -> None:
    intensity = bundled(crystal).intensity(*DETECTOR_MRAD)
    assert np.all(intensity[:, 0] < 1e-9)
    assert np.all(np.diff(intensity, axis=1) > 0.0)


@pytest.mark.parametrize("crystal", CRYSTALS)
def test_bundled_curves_are_precise(crystal: str) -> None:
    table = bundled(crystal)
    detector = (table.angle_edges_mrad[:-1] >= 55.0) & (table.angle_edges_mrad[1:] <= 250.0)
    # The bins of one run err together: their errors add up at most.
    error = table.standard_error[:, :, detector].sum(axis=2)
    relative = error[:, 10:] / table.intensity(*DETECTOR_MRAD)[:, 10:]
    assert np.all(relative > 0.0)
    assert np.all(relative < 0.05)
    assert np.all(relative.mean(axis=1) < 0.02)


@pytest.mark.parametrize("crystal", list(ATTENUATION_PER_UM))
def test_the_attenuation_is_that_of_real_aggregates(crystal: str) -> None:
    table = bundled(crystal)
    at_20_nm = table.intensity(*DETECTOR_MRAD)[:, np.searchsorted(table.thickness_nm, 20.0)]
    per_um = -np.log1p(-at_20_nm) / 0.020
    low, high = ATTENUATION_PER_UM[crystal]
    assert low < np.median(per_um) < high
    assert np.all(per_um > low)
    assert np.all(per_um[1:] < high)
    assert per_um[0] < 1.05 * high  # along the zone axis channelling adds a few per cent


def test_tungsten_oxide_is_the_brighter_material() -> None:
    means = {
        crystal: bundled(crystal).intensity(*DETECTOR_MRAD)[:, 20].mean() for crystal in CRYSTALS
    }
    titania = 0.5 * (means["rutile"] + means["anatase"])
    tungsten_oxide = 0.5 * (means["gamma-WO3"] + means["delta-WO3"])
    assert 2.5 < tungsten_oxide / titania < 6.0


def at_checked_thicknesses(crystal: str, orientation: str) -> np.ndarray:
    """The bundled intensities of one view at ``CHECKED_NM``."""
    table = bundled(crystal)
    curve = table.intensity(*DETECTOR_MRAD)[table.orientations.index(orientation)]
    return np.interp(CHECKED_NM, table.thickness_nm, curve)


@pytest.mark.parametrize(("crystal", "orientation", "expected"), FIXED_VIEWS)
def test_fixed_views_agree_with_an_independent_series(
    crystal: str, orientation: str, expected: tuple[float, ...]
) -> None:
    assert np.allclose(at_checked_thicknesses(crystal, orientation), expected, rtol=0.03)


@pytest.mark.parametrize(("crystal", "expected"), RANDOM_VIEWS)
def test_random_views_agree_with_another_draw(crystal: str, expected: tuple[float, ...]) -> None:
    assert np.allclose(at_checked_thicknesses(crystal, "random"), expected, rtol=0.035)


@pytest.mark.parametrize("crystal", ["rutile", "anatase", "ceria"])
def test_views_that_symmetry_makes_equal_share_a_simulation(crystal: str) -> None:
    table = bundled(crystal)
    for angle in (50, 60, 70, 80):
        label, equal = f"[100] + {angle} deg", f"[100] + {90 - angle} deg"
        assert table.settings["equal_views"][label] == equal
        rows = [table.orientations.index(name) for name in (label, equal)]
        assert np.array_equal(table.fraction[rows[0]], table.fraction[rows[1]])


@pytest.mark.parametrize("crystal", ["gamma-WO3", "delta-WO3"])
def test_crystals_of_low_symmetry_are_simulated_in_every_view(crystal: str) -> None:
    table = bundled(crystal)
    assert table.settings["equal_views"] == {}
    curves = table.intensity(*DETECTOR_MRAD)
    assert len(np.unique(curves[:, 30])) == 10


def test_ceria_lies_between_titania_and_tungsten_oxide() -> None:
    at_20_nm = {name: bundled(name).intensity(*DETECTOR_MRAD)[:, 20].mean() for name in CRYSTALS}
    assert at_20_nm["rutile"] < at_20_nm["ceria"] < at_20_nm["gamma-WO3"]
