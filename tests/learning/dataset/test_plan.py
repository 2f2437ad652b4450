"""What a set shall hold, before any image is made."""

import json
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from heteroagg_gui.core.errors import DataSetError, ParameterError
from heteroagg_gui.core.theta import PAPER_FRACTAL_DIMENSIONS
from heteroagg_gui.learning.dataset.plan import free_plan, paper_plan, plan_from
from heteroagg_gui.learning.ranges import TrainingRanges
from tests.learning.dataset.small_sets import small_plan


def test_the_papers_set_is_split_as_in_section_2_3():
    plan = paper_plan()
    assert len(plan) == 32_400
    assert (plan.part == 0).sum() == 19_440
    assert (plan.part == 1).sum() == 12_960
    counts = np.zeros((648, 2), dtype=int)
    np.add.at(counts, (plan.configuration, plan.part), 1)
    assert (counts == (30, 20)).all()


def test_every_triple_has_two_fractal_dimensions_of_the_papers_steps():
    configurations = paper_plan(seed=5).configurations
    triples = Counter((t.mixing_ratio, t.theta_0, t.theta_1) for t in configurations)
    assert len(triples) == 9 * 6 * 6
    assert set(triples.values()) == {2}
    assert len(set(configurations)) == 648
    drawn = Counter(t.fractal_dimension for t in configurations)
    assert set(drawn) == set(PAPER_FRACTAL_DIMENSIONS)
    expected = 648 / 11
    assert max(abs(n - expected) for n in drawn.values()) < 5 * np.sqrt(expected)


def test_other_seeds_draw_other_fractal_dimensions():
    assert paper_plan(seed=1) == paper_plan(seed=1)
    assert paper_plan(seed=1).configurations != paper_plan(seed=2).configurations


def test_theta_of_every_image_is_that_of_its_configuration():
    plan = small_plan()
    assert plan.theta.shape == (20, 4)
    assert (plan.theta[:10] == (1.8, 0.5, 2, 3)).all()
    assert (plan.theta[10:] == (2.3, 0.3, 1, 4)).all()


def test_files_cover_every_image_once():
    plan = small_plan()
    assert [list(plan.chunk(k)) for k in range(plan.n_chunks)] == [
        list(range(7)),
        list(range(7, 14)),
        list(range(14, 20)),
    ]


def test_a_plan_survives_json():
    plan = replace(paper_plan(seed=9, per_triple=20), chunk_size=13)
    assert plan_from(json.loads(json.dumps(plan.as_dict()))) == plan


def test_free_plans_draw_theta_from_the_ranges():
    ranges = TrainingRanges(fractal_dimension=(1.6, 1.7), mixing_ratio=(0.2, 0.3))
    plan = free_plan(1001, ranges, per_configuration=10)
    assert len(plan.configurations) == 101
    low, high = plan.theta.min(axis=0), plan.theta.max(axis=0)
    assert low[:2] == pytest.approx((1.6, 0.2), abs=0.01)
    assert high[:2] == pytest.approx((1.7, 0.3), abs=0.01)
    assert (low[:2] >= (1.6, 0.2)).all()
    assert (high[:2] <= (1.7, 0.3)).all()
    assert (low[2:] == 1).all()
    assert (high[2:] == 6).all()


@pytest.mark.parametrize(
    "make",
    [
        lambda: paper_plan(per_triple=7),
        lambda: paper_plan(seed=-1),
        lambda: small_plan(0),
        lambda: small_plan(training_per_configuration=11),
        lambda: small_plan(chunk_size=0),
        lambda: free_plan(0, TrainingRanges()),
    ],
)
def test_plans_without_sense_are_refused(make):
    with pytest.raises(ParameterError):
        make()


@pytest.mark.parametrize("entry", ["configurations", "aggregation", "seed"])
def test_damaged_plans_are_refused(entry: str):
    document = small_plan().as_dict()
    document[entry] = "nonsense"
    with pytest.raises(DataSetError, match="plan"):
        plan_from(document)
