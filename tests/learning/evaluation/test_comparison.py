"""The comparison with planted errors, and its report."""

import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from heteroagg_gui.core.errors import Cancelled, ParameterError
from heteroagg_gui.export.document import write_json
from heteroagg_gui.learning.baselines.calibration import load_calibration
from heteroagg_gui.learning.dataset.reading import DataSet
from heteroagg_gui.learning.evaluation.classical_estimators import classical_estimators
from heteroagg_gui.learning.evaluation.comparison import evaluate
from heteroagg_gui.learning.evaluation.evidence import EvaluationSettings, draw_sets, gather
from heteroagg_gui.learning.evaluation.image_errors import image_rows
from heteroagg_gui.learning.evaluation.paper_values import ROWS
from heteroagg_gui.learning.evaluation.report.page import write_report
from heteroagg_gui.learning.evaluation.set_errors import (
    errors_by_size,
    errors_by_value,
    set_rows,
)
from tests.learning.evaluation.known_answers import KnownAnswers

SMALL = EvaluationSettings(
    sets=9,
    images_per_set=4,
    largest_set=6,
    shadow_thetas=6,
    shadows=40,
    population=48,
)
VOID = {"meta", "link", "br", "img", "hr", "input"}


@pytest.fixture(scope="module")
def document(data: DataSet, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    constants = load_calibration()
    estimators = [KnownAnswers(dimension=0.05), *classical_estimators(constants)]
    found = evaluate(data, estimators, SMALL, constants)
    path = tmp_path_factory.mktemp("metrics") / "metrics.json"
    write_json(path, found)
    return json.loads(path.read_text(encoding="utf-8"))


def test_sets_hold_evaluation_images_of_one_parameter_vector(data: DataSet):
    groups = draw_sets(data, 15, 5, seed=2)
    assert groups.shape == (15, 5)
    assert np.isin(groups, data.evaluation).all()
    configuration = data.configuration[groups]
    assert (configuration == configuration[:, :1]).all()
    assert all(len(set(group)) == 5 for group in groups.tolist())
    assert sorted(np.bincount(configuration[:, 0]).tolist()) == [2, 2, 2, 3, 3, 3]
    assert set(configuration[:6, 0].tolist()) == set(range(6))
    np.testing.assert_array_equal(groups, draw_sets(data, 15, 5, seed=2))
    assert draw_sets(data, 3, 99, seed=2).shape == (3, 8)


def test_planted_errors_are_measured(data: DataSet):
    estimator = KnownAnswers(dimension=-0.07, ratio=0.1, size=1)
    evidence = gather(data, [estimator], SMALL)
    images, sets = image_rows(evidence, "known"), set_rows(evidence, "known")
    assert images["d_f_mae"]["value"] == pytest.approx(0.07)
    assert images["d_f_bias"]["value"] == pytest.approx(-0.07)
    assert images["d_f_iqr"]["value"] == pytest.approx(0.0, abs=1e-12)
    assert images["n_mae"]["value"] == pytest.approx(2.0)
    assert images["rho_mae"]["value"] == 0.0
    assert sets["theta_d_f_mae"]["value"] == pytest.approx(0.07)
    assert sets["theta_rho_mae"]["value"] == pytest.approx(0.05)
    assert sets["theta_0_exact"]["value"] == 0.0
    assert sets["theta_0_within_one"]["value"] == 1.0
    assert sets["theta_1_exact"]["value"] == 1.0
    assert sets["theta_d_f_mae"]["n"] == 9
    by_size = errors_by_size(evidence)
    ratio = [row["value"] for row in by_size["series"]["known"]["theta_mixing_ratio"]]
    np.testing.assert_allclose(ratio, 0.1 / np.sqrt(by_size["sizes"]))
    by_value = errors_by_value(evidence, "theta_0")["series"]["known"]
    assert by_value["mean"] == [1.0] * len(by_value["values"])
    assert by_value["misses"] == [0.0] * 6 + [1.0] + [0.0] * 4


def test_every_row_has_a_value_or_a_reason(document: dict[str, Any]):
    assert [row["key"] for row in document["rows"]] == [row.key for row in ROWS]
    for row in document["rows"]:
        for name, entry in row["values"].items():
            if "reason" in entry:
                assert entry["reason"].endswith("."), (row["key"], name)
            else:
                assert entry["low"] <= entry["value"] <= entry["high"] or entry["n"] < 7
    box = {row["key"]: row["values"]["box counting"] for row in document["rows"]}
    assert "value" in box["d_f_mae"]
    assert "fractal dimension alone" in box["rho_mae"]["reason"]


def test_the_truth_has_perfect_shadows(data: DataSet):
    found = evaluate(data, [KnownAnswers()], replace(SMALL, shadows=200))
    rows = {row["key"]: row["values"]["known"] for row in found["rows"]}
    assert rows["z_hetero_r2"]["value"] > 0.9
    assert rows["s_tio2_r2"]["value"] > 0.9
    floor = found["figures"]["14"]["same_theta_again"]
    for key in ("z_hetero_mae", "z_total_mae"):
        assert rows[key]["value"] == pytest.approx(floor[key]["value"], rel=0.9)
    wrong = evaluate(data, [KnownAnswers(size=4)], replace(SMALL, shadows=200))
    worse = {row["key"]: row["values"]["known"] for row in wrong["rows"]}
    assert worse["z_hetero_mae"]["value"] > 4 * rows["z_hetero_mae"]["value"]


def test_the_same_seed_gives_the_same_numbers(data: DataSet):
    first, second = (evaluate(data, [KnownAnswers()], replace(SMALL, shadows=20)) for _ in "ab")
    other = evaluate(data, [KnownAnswers()], replace(SMALL, shadows=20, seed=2, jobs=2))
    many = evaluate(data, [KnownAnswers()], replace(SMALL, shadows=20, jobs=2))
    assert json.dumps(first) == json.dumps(second) == json.dumps(many)
    assert first["rows"] != other["rows"]


def test_an_evaluation_can_be_cancelled(data: DataSet):
    def stop(fraction: float, message: str) -> None:
        if fraction > 0.7:
            raise Cancelled

    with pytest.raises(Cancelled):
        evaluate(data, [KnownAnswers()], SMALL, progress=stop)


@pytest.mark.parametrize("change", [{"sets": 1}, {"seed": -1}, {"jobs": 0}])
def test_senseless_settings_are_refused(change: dict[str, int]):
    with pytest.raises(ParameterError):
        replace(SMALL, **change)


class Page(HTMLParser):
    """Collects what a page refers to and checks that its elements are closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.references: list[str] = []
        self.identifiers: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("script", "iframe", "object", "link")
        for name, value in attrs:
            if name in ("src", "href", "data"):
                self.references.append(value or "")
            if name == "id":
                self.identifiers.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def page(document: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Page]:
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(document, path)
    text = path.read_text(encoding="utf-8")
    return text, Page(text)


def test_the_report_is_one_self_contained_page(page: tuple[str, Page]):
    text, parsed = page
    assert "http:" not in text
    assert "https:" not in text
    assert "@import" not in text
    assert len(text) < 6_000_000
    assert len(parsed.identifiers) == len(set(parsed.identifiers))
    images = [r for r in parsed.references if not r.startswith("#")]
    assert images
    assert all(r.startswith("data:image/png;base64,") for r in images)
    own = set(parsed.identifiers)
    assert all(r[1:] in own for r in parsed.references if r.startswith("#"))
    assert "currentColor" in text


def test_the_report_states_every_row_reason_and_estimator(
    page: tuple[str, Page], document: dict[str, Any]
):
    shown = page[1].text
    for row in document["rows"]:
        assert row["title"] in shown
        assert row["group"] in shown
        for entry in row["values"].values():
            assert entry.get("reason", "") in shown
    for entry in document["estimators"].values():
        assert entry["title"] in shown
    for figure in ("4", "5", "9", "10a", "10b", "11b", "11c", "12", "13", "14", "16a", "17"):
        assert f"Fig. {figure}" in shown or f"Figs. {figure}" in shown
    assert "0.0671" in shown
    assert "Table 6" in shown


def test_the_report_repeats_and_leaves_the_users_matplotlib_alone(
    page: tuple[str, Page], document: dict[str, Any], tmp_path: Path
):
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    write_report(document, tmp_path / "report.html")
    assert dict(mpl.rcParams) == before
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == page[0]
