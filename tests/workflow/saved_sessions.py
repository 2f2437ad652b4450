"""A session with everything in it, and what two states have in common."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from heteroagg_gui.core.prediction import ImagePrediction, Prediction
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.workflow.runner import perform
from heteroagg_gui.workflow.session import Session
from heteroagg_gui.workflow.state import BatchItem, ItemStatus, SessionState, new_key
from tests.workflow.fakes import DRAWS, make_micrograph, write_image

THETA = Theta(1.8, 1 / 3, 3, 2)


RANGES = (False, True, None)


class PredictorOfAll:
    """Predicts everything that a prediction can say."""

    def predict(self, micrographs, progress) -> Prediction:
        images = tuple(
            ImagePrediction(1.7 + 0.1 * k, 0.1 * k, 40.0 + k if k else None, RANGES[k % 3], None)
            for k in range(len(micrographs))
        )
        return Prediction(
            "fake",
            THETA,
            {"fractal_dimension": (1.7, 1.9), "mixing_ratio": (0.1 + 0.2, 0.5)},
            {"theta_0": (0.0, 0.1, 0.8, 0.1, 0.0, 0.0), "theta_1": (0.2, 0.6, 0.2, 0.0, 0.0, 0.0)},
            images,
            DRAWS,
            inside_training_range=False,
            warnings=("Two images are alike.",),
            details={"outputs": {"theta_0": 2.75}},
        )


def write_images(folder: Path) -> list[Path]:
    folder.mkdir(parents=True)
    return [
        write_image(folder / f"image {k}.tif", 1.25 if k < 3 else None, seed=k) for k in range(4)
    ]


def full_session(images: list[Path]) -> Session:
    """Return a session with four files in two groups, a simulated image and all results."""
    session = Session()
    perform(session, "open", {"paths": images})
    keys = [item.key for item in session.state.items]
    perform(session, "set_pixel_size", {"keys": keys[2:], "pixel_size_nm": 0.1 + 0.2})
    perform(session, "set_group", {"keys": keys[3:], "group": "B"})
    perform(session, "include", {"keys": keys[1:2], "included": False})
    simulated = BatchItem(
        new_key(),
        None,
        "made here",
        ItemStatus.READY,
        micrograph=replace(make_micrograph("made here"), metadata={"material system": "x"}),
    )
    session.update(lambda state: state.with_items((*state.items, simulated)))
    perform(session, "predict", {"group": "A"})
    perform(session, "draw_shadows", {"count": 5, "seed": 7, "size_range": (20, 25)})
    session.update(lambda state: replace(state, selected_key=keys[2], selected_shadow=3))
    return session


def assert_same_results(state: SessionState, saved: SessionState) -> None:
    """Check that prediction and shadows are the same, bit for bit."""
    assert state.prediction == saved.prediction
    places = [
        [[item.key for item in s.items].index(key) for key in s.prediction_keys]
        for s in (state, saved)
    ]
    assert places[0] == places[1]
    assert len(state.shadows) == len(saved.shadows)
    for ours, theirs in zip(state.shadows.aggregates, saved.shadows.aggregates, strict=True):
        for name in ("positions_nm", "radii_nm", "labels", "clusters"):
            one, other = getattr(ours, name), getattr(theirs, name)
            assert one.dtype == other.dtype
            assert one.flags.writeable
            assert np.array_equal(one, other)
        assert ours.relaxations == theirs.relaxations
    assert state.shadows.thetas == saved.shadows.thetas
    assert list(state.shadows.descriptors) == list(saved.shadows.descriptors)
    for key, values in saved.shadows.descriptors.items():
        assert np.array_equal(state.shadows.descriptors[key], values, equal_nan=True)
    assert (state.shadows.seed, state.shadows.system) == (saved.shadows.seed, saved.shadows.system)


def facts(item: BatchItem) -> tuple:
    return (item.name, item.status, item.reason, item.included, item.group, item.pixel_size_nm)
