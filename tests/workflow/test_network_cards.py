"""What is said of a network: everything its card holds, and nothing where it holds none."""

import json
from pathlib import Path
from typing import Any

import pytest

from heteroagg_gui.core.resources import models_folder
from heteroagg_gui.learning.model_card import ModelCard, read_card
from heteroagg_gui.workflow.model_card.comparison import compare
from heteroagg_gui.workflow.model_card.facts import sections
from heteroagg_gui.workflow.model_card.figures import tables


def card(**document: Any) -> ModelCard:
    return ModelCard("a", "A network", "compact-set", Path("/models/a"), document)


def facts(of: ModelCard) -> dict[str, str]:
    return {fact.label: fact.text for section in sections(of) for fact in section.facts}


@pytest.fixture
def bundled() -> ModelCard:
    return read_card(models_folder() / "compact")


def test_ranges_conditions_and_training_are_said(bundled: ModelCard):
    said = facts(bundled)
    assert said["Materials"] == "TiO2-WO3"
    assert said["Particle radius, log-normal"] == "mean 12 nm, standard deviation 3 nm"
    assert said["Detector"] == "55 to 250 mrad"
    assert said["Dose"] == "149 e/Å²; where varied, 50 to 1000 e/Å²"
    assert said["Simulated images"] == f"{bundled.document['trained_on']['single_images']:,}"
    training = bundled.document["training"]
    seconds = training["trunk_seconds"] + training["heads_and_evaluation_seconds"]
    assert said["Took"] == f"{seconds / 3600:.1f} h"


def test_ranges_of_sizes_are_said_as_ranges():
    ranges = {
        "aggregation": {"radius_mean_nm": 12.0, "radius_sd_nm": 3.0, "size_range": [20, 80]},
        "radius_means_nm": [5.0, 20.0],
        "radius_relative_sds": [0.1, 0.4],
        "largest_sizes": [40, 200],
        "imperfect": 0.5,
        "effects": ["row_jitter", "flyback"],
    }
    said = facts(card(trained_on={"material_system": "tio2-ceo2", "ranges": ranges}))
    assert said["Materials"] == "TiO2-CeO2"
    radius = said["Particle radius, log-normal"]
    assert radius == "mean 5 to 20 nm, standard deviation 10 to 40 % of the mean"
    assert said["Particles"] == "20 to 80, the upper limit drawn from 40 to 200"
    assert said["Images with imperfections"] == "50 %"
    assert said["Imperfections"] == "row jitter, flyback"


def test_the_papers_networks_add_up_their_training():
    note = {"seconds": 600.0, "updates": 50, "device": "cuda", "torch": "2.9"}
    networks = {key: {"training": note} for key in ("Df", "theta0")}
    said = facts(card(networks=networks, trained_on={"images": 19_440, "configurations": 1620}))
    assert (said["Took"], said["Updates"], said["Device"]) == ("20 min", "50, 50", "cuda")
    assert said["Simulated images"] == "19,440"


def test_figures_stand_beside_the_papers_and_the_oracles(bundled: ModelCard):
    table = tables(bundled.document)[0]
    assert table.header[1:] == ("this network", "paper", "3D oracle")
    row = next(row for row in table.rows if row[0] == "theta_0 exactly right")
    figure = bundled.document["figures"]["sets_of_12"]["theta_0_exact"]
    low, high = (round(100 * figure[end]) for end in ("low", "high"))
    assert row[1] == f"{100 * figure['value']:.0f} % ({low} to {high} %)"
    assert row[2:] == ("48 %", "99.9 %")


def test_coverage_and_number_of_images_are_tables(bundled: ModelCard):
    found = {table.title: table for table in tables(bundled.document)}
    by_number = found["By number of images"]
    entries = bundled.document["figures"]["by_number_of_images"]
    assert [row[0] for row in by_number.rows] == [str(entry["images"]) for entry in entries]
    coverage = found["How often intervals hold the truth"]
    assert coverage.header == ("", "50 %", "80 %", "90 %")
    measured = bundled.document["figures"]["sets_of_12"]["coverage"]["mixing_ratio"]["90%"]
    assert coverage.rows[1][0] == "theta_rho"
    assert coverage.rows[1][3] == f"{100 * measured:.1f} %"


def test_calibration_of_any_form_becomes_a_table():
    figures = {
        "coverage": {"12": {"fractal_dimension": {"90%": 0.91}}},
        "rank_histogram": {"mixing_ratio": [3, 5, 4]},
        "reliability": {"theta_0": [{"predicted": 0.5, "actual": 0.47}]},
        "spread": {"predicted": 0.02, "actual": {"value": 0.021, "low": 0.02, "high": 0.022}},
    }
    found = {table.title: table for table in tables({"figures": figures})}
    assert found["How often intervals hold the truth"].rows == (("12, theta_Df", "91.0 %"),)
    assert found["Rank histogram of the truth"].rows == (("theta_rho", "3", "5", "4"),)
    assert found["Reliability of probabilities"].header == ("", "predicted", "actual")
    assert found["Predicted spread and actual error"].rows == (("", "0.02", "0.021"),)


@pytest.mark.parametrize("value", [None, 7, "text", [], {}, [1, 2], {"a": None}, float("nan")])
def test_odd_and_missing_entries_are_left_out(bundled: ModelCard, value: Any):
    for key in bundled.document:
        spoilt = card(**(bundled.document | {key: value}))
        assert sections(spoilt)
        compare(bundled, spoilt)
    deep = json.loads(json.dumps(bundled.document))
    for part in (
        deep["trained_on"],
        deep["training"],
        deep["figures"],
        deep["figures"]["sets_of_12"],
    ):
        for key in part:
            part[key] = value
    assert facts(card(**deep))["Origin"] == "came with the program"
    tables(deep)
    assert tables({}) == []


def test_signs_that_steer_a_terminal_are_taken_out():
    said = facts(card(created="2026\x1b[2J\n"))
    assert said["Made on"].isprintable()


def test_two_cards_are_compared_line_by_line(bundled: ModelCard):
    other = json.loads(json.dumps(bundled.document))
    other["trained_on"]["ranges"]["microscope"]["voltage_kv"] = 200.0
    other["figures"]["sets_of_12"]["theta_0_exact"] = 0.5
    del other["training"]["torch"]
    other["trained_on"]["ranges"] |= {"imperfect": 0.5, "effects": ["flyback"]}
    lines = compare(bundled, ModelCard("b", bundled.title, "compact-set", bundled.folder, other))
    different = {line.label: (line.first, line.second) for line in lines if line.differs}
    assert different.keys() == {
        "Voltage",
        "theta_0 exactly right",
        "PyTorch",
        "Images with imperfections",
        "Imperfections",
    }
    assert different["Voltage"] == ("300 kV", "200 kV")
    assert different["PyTorch"][1] == ""
    order = [line.section for line in lines]
    assert sorted(set(order), key=order.index) == list(dict.fromkeys(order))
    assert len(dict.fromkeys(order)) == sum(
        1 for place, name in enumerate(order) if place == 0 or order[place - 1] != name
    )
