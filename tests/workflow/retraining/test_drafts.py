"""Drafts of plans: checks page by page, conversion both ways, what is kept."""

import json
from dataclasses import replace

import pytest

from heteroagg_gui.core.errors import HeteroaggError, ParameterError
from heteroagg_gui.core.resources import resource_path
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.learning.retraining.effort import EFFORTS, Effort
from heteroagg_gui.learning.retraining.plan import OwnMaterial, OwnPhase, RetrainingPlan
from heteroagg_gui.learning.retraining.plan_file import plan_document, plan_from
from heteroagg_gui.stem.microscope import Microscope
from heteroagg_gui.workflow.retraining import curves
from heteroagg_gui.workflow.retraining.checks import check, problems_before
from heteroagg_gui.workflow.retraining.conversion import draft_of, plan_of
from heteroagg_gui.workflow.retraining.curves import curves_to_compute, missing_packages
from heteroagg_gui.workflow.retraining.draft import PAGES, Draft, Measured
from heteroagg_gui.workflow.retraining.draft_file import draft_path, keep_draft, kept_draft
from heteroagg_gui.workflow.retraining.own_materials import taken_over
from heteroagg_gui.workflow.retraining.retrain_command import WAYS, retrain_command
from heteroagg_gui.workflow.retraining.samples import make_samples
from heteroagg_gui.workflow.retraining.summary import in_words
from heteroagg_gui.workflow.retraining.trial import devices_from, time_in_words, trial_from

GOLD = OwnMaterial("Au", "gold", 19.3, "#d4af37", (OwnPhase("gold", "data_gold"),))
RUST = OwnMaterial(
    "Fe2O3", "iron oxide", 5.24, "#a04020", (OwnPhase("haematite", "a"), OwnPhase("beta", "b"))
)
UNUSUAL = RetrainingPlan(
    name="gold-on-rust",
    title="Gold on rust",
    ranges=TrainingRanges(
        fractal_dimension=(1.51234567, 2.4),
        largest_cluster=4,
        radius_means_nm=(3.3, 9.123456),
        largest_sizes=(60, 90),
        microscope=Microscope(200.0, 17.4321, 48.76543, 199.0, 0.0, 0.3, -7.0),
        pixel_size_nm=0.512345,
        varied=0.123456,
        imperfect=0.4,
        effects=("support", "drift"),
        system="my-pair",
        sensitivity=((50.0, 0.3), (120.0, 1.0)),
    ),
    materials=(GOLD, RUST),
    start="",
    effort=replace(EFFORTS["quick"], minutes=12.3456789, learning_rate=0.00123456789),
    device="cpu",
    workers=3,
    seed=77,
)


@pytest.mark.parametrize("plan", [RetrainingPlan(), UNUSUAL], ids=["usual", "unusual"])
def test_a_plan_becomes_a_draft_and_the_same_plan_again(plan):
    again = plan_of(draft_of(plan))
    assert again == plan
    assert plan_from(json.loads(json.dumps(plan_document(again)))) == plan


def test_the_usual_draft_is_sound_on_every_page():
    assert [check(Draft(), page) for page in PAGES] == [[]] * len(PAGES)
    assert plan_of(Draft()) == RetrainingPlan()


REFUSALS = [
    ("materials", "system", {"system": "kryptonite"}, "not on this computer"),
    ("materials", "materials.0.phases", {"own": True}, "CIF"),
    ("materials", "materials.1.name", {"own": True}, "formula"),
    ("materials", "materials.0.title", {"own": True}, "name"),
    ("materials", "materials.1.density_g_cm3", {"own": True}, "g/cm³"),
    ("particles", "radius_mean_nm", {"radius_mean_nm": 0.0}, "nm"),
    ("particles", "radius_sd_nm", {"radius_sd_nm": 13.0}, "standard deviation"),
    ("particles", "largest_size", {"largest_size": 10}, "size range"),
    ("particles", "largest_sizes", {"largest_sizes": (10, 30)}, "smallest"),
    ("particles", "mixing_ratio", {"mixing_ratio": (0.9, 0.1)}, "mixing ratios"),
    ("particles", "fractal_dimension", {"fractal_dimension": (1.0, 2.0)}, "between 1 and 3"),
    ("particles", "largest_cluster", {"largest_cluster": 7}, "Primary clusters"),
    ("particles", "radius_means_nm", {"radius_means_nm": (9.0, 3.0)}, "mean radii"),
    ("particles", "prefactor", {"prefactor": 0.0}, "prefactor"),
    ("particles", "contact_factor", {"contact_factor": 3.0}, "contact factor"),
    ("microscope", "voltage_kv", {"voltage_kv": 5.0}, "voltage"),
    ("microscope", "semi_angle_mrad", {"semi_angle_mrad": 300.0}, "semi-angle"),
    ("microscope", "detector_outer_mrad", {"detector_outer_mrad": 40.0}, "ring"),
    ("microscope", "detector_outer_mrad", {"detector_outer_mrad": 300.0}, "reach to"),
    ("microscope", "dose_e_per_a2", {"dose_e_per_a2": -1.0}, "dose"),
    ("microscope", "pixel_size_nm", {"pixel_size_nm": 0.0}, "pixel size"),
    ("microscope", "pixel_sizes_nm", {"pixel_sizes_nm": (2.0, 1.0)}, "pixel sizes"),
    ("microscope", "effects", {"imperfect": 0.5, "effects": ()}, "imperfection"),
    ("microscope", "sensitivity", {"sensitivity": ((9.0, 1.0), (2.0, 1.0))}, "sensitivity"),
    ("effort", "start", {"start": "no-such-network"}, "not on this computer"),
    ("effort", "device", {"device": "abacus"}, "device"),
    ("summary", "name", {"name": "a b"}, "name of a network"),
    ("summary", "title", {"title": " "}, "title"),
]


@pytest.mark.parametrize(("page", "field", "changes", "words"), REFUSALS)
def test_each_page_refuses_with_a_sentence_that_names_the_field(page, field, changes, words):
    draft = replace(Draft(), **changes)
    sentences = {problem.field: problem.sentence for problem in check(draft, page)}
    assert words in sentences[field]
    assert sentences[field].endswith(".")
    others = [other for other in PAGES[: PAGES.index(page)] if check(draft, other)]
    assert others == []
    if page != "summary":
        assert problems_before(draft, "summary")


def test_a_pair_from_the_list_can_be_taken_over_as_own_materials():
    draft = taken_over(Draft())
    assert check(draft, "materials") == []
    plan = plan_of(draft)
    assert [m.name for m in plan.materials] == ["WO3", "TiO2"]
    assert plan.ranges.system == "wo3-tio2"
    assert plan.materials[1].phases[0].cif == resource_path("crystals", "rutile.cif").read_text()
    swapped = replace(draft, materials=draft.materials[::-1])
    assert plan_of(swapped).ranges.system == "tio2-wo3-own"
    assert {p.field for p in check(replace(draft, own_name="tio2-wo3"), "materials")} == {
        "own_name"
    }
    twins = replace(draft, materials=(draft.materials[0],) * 2)
    assert {p.field for p in check(twins, "materials")} == {
        "materials.1.name",
        "materials.1.colour",
        "materials.1.phases",
    }


def test_another_beam_needs_new_curves_where_the_crystals_are_known(monkeypatch):
    assert curves_to_compute(Draft()) == ()
    other = replace(Draft(), voltage_kv=200.0)
    assert check(other, "microscope") == []
    assert curves_to_compute(other) == ("gamma-WO3", "delta-WO3", "rutile", "anatase")
    assert "computed first" in dict(in_words(other)["materials"])["Reference curves"]
    monkeypatch.setattr(curves, "has_simulation_packages", lambda: False)
    assert "multislice" in missing_packages(other)
    assert missing_packages(Draft()) == ""
    monkeypatch.setattr(curves, "crystal_names", lambda: ("rutile",))
    (problem,) = check(other, "microscope")
    assert problem.field == "voltage_kv"
    assert "300 kV" in problem.sentence


def test_an_incomplete_draft_makes_no_plan():
    with pytest.raises(ParameterError):
        plan_of(replace(Draft(), own=True))


def test_the_summary_says_every_quantity_with_its_unit():
    words = {page: " ".join(map(" ".join, lines)) for page, lines in in_words(Draft()).items()}
    assert "mean 12 nm, standard deviation 3 nm" in words["particles"]
    assert "300 kV, semi-angle 21.1 mrad" in words["microscope"]
    assert "149 e/Å²" in words["microscope"]
    assert "1500 updates of 16 images" in words["effort"]
    unknown = in_words(draft_of(UNUSUAL))
    assert "3.3 to 9.12346 nm" in dict(unknown["particles"])["Particle radius"]
    assert "12.3457 minutes" in dict(unknown["effort"])["Training"]
    assert dict(unknown["effort"])["Begins with"] == "random weights"


def test_a_draft_is_kept_until_the_next_start(home, caplog):
    assert kept_draft() == Draft()
    draft = replace(
        draft_of(UNUSUAL), own_name="", measured=Measured("a.csv", (1.0, 2.5), 2), title=""
    )
    keep_draft(draft)
    assert kept_draft() == draft
    keep_draft(Draft())
    assert not draft_path().exists()
    draft_path().write_text('{"draft": {"radius_mean_nm": "wide"}}')
    assert kept_draft() == Draft()
    assert "can't be read" in caplog.text


def test_commands_for_every_way_of_running_a_plan():
    plan = replace(RetrainingPlan(), device="cuda")
    assert retrain_command(plan) == (
        "heteroagg retrain my-network.plan.json --out my-network --resume --device cuda"
    )
    lines = {way: retrain_command(RetrainingPlan(), way, "/a b/x.plan.json") for way in WAYS}
    assert lines["machine"] == "heteroagg retrain '/a b/x.plan.json' --out x --resume"
    assert lines["dask"].endswith(" --dask tcp://SCHEDULER:8786")
    assert lines["torchrun"].startswith("torchrun --standalone --nproc-per-node=gpu -m ")
    assert "heteroagg_gui.learning.retraining.command '/a b/x.plan.json'" in lines["torchrun"]


def test_samples_are_drawn_from_the_ranges_of_the_draft():
    small = replace(Draft(), smallest_size=3, largest_size=5, fractal_dimension=(1.9, 2.0))
    first, again = make_samples(small, 2), make_samples(small, 2)
    assert [s.theta for s in first] == [s.theta for s in again]
    assert all((a.levels == b.levels).all() for a, b in zip(first, again, strict=True))
    assert all(1.9 <= sample.theta.fractal_dimension <= 2.0 for sample in first)
    large = make_samples(replace(small, radius_mean_nm=24.0, radius_sd_nm=6.0), 2)
    assert large[0].levels.size > 1.5 * first[0].levels.size


def test_a_trial_tells_the_time_of_other_efforts():
    stages = {"curves": 100.0, "training": 480.0, "sets": 60.0, "heads": 40.0, "evaluation": 20.0}
    document = {"device_title": "CPU, 1 thread", "training": 50.0, "stages": stages}
    trial = trial_from(document, Effort())
    assert trial.seconds_for(Effort()) == pytest.approx(700.0)
    assert trial.seconds_for(replace(Effort(), updates=3000)) == pytest.approx(1180.0)
    assert trial.seconds_for(replace(Effort(), heads=8)) == pytest.approx(740.0)
    assert trial.seconds_for(replace(Effort(), test_sets=400)) == pytest.approx(720.0)
    twice = replace(Effort(), training_sets=1600, calibration_sets=300)
    assert trial.seconds_for(twice) == pytest.approx(760.0)
    assert time_in_words(None, Effort()) == "not measured yet"
    assert time_in_words(trial, Effort()) == "about 12 min"
    assert time_in_words(trial, replace(Effort(), minutes=60.0)) == "about 64 min"
    with pytest.raises(HeteroaggError, match="no usable answer"):
        trial_from({"stages": {}}, Effort())


def test_devices_come_with_what_they_are():
    found = [
        {"name": "cuda", "title": "H100", "detail": "80 GB of memory"},
        {"name": "cuda:1", "title": "H100", "detail": "80 GB of memory"},
        {"name": "cpu", "title": "CPU, 8 threads", "detail": "8 cores"},
    ]
    devices = devices_from({"devices": found})
    assert [name for name, _ in devices] == ["auto", "cuda", "cpu"]
    assert dict(devices)["cuda"] == "H100, 80 GB of memory"
    with pytest.raises(HeteroaggError):
        devices_from({})
