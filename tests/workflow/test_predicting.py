from collections.abc import Sequence
from dataclasses import replace

import pytest

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.core.prediction import Prediction
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.workflow.actions import predict
from heteroagg_gui.workflow.runner import perform
from heteroagg_gui.workflow.session import Session
from heteroagg_gui.workflow.state import ItemStatus
from tests.workflow.fakes import DRAWS, FakePredictor, make_item, make_state


@pytest.fixture
def session() -> Session:
    return Session(make_state("a.tif", "b.tif", "c.tif"))


def test_a_prediction_names_its_images(session: Session, use_predictor):
    predictor = use_predictor(FakePredictor())
    left_out = session.state.items[1].key
    perform(session, "include", {"keys": [left_out], "included": False})
    state = perform(session, "predict", {})
    assert predictor.seen == [["a.tif", "c.tif"]]
    assert state.prediction_keys == (state.items[0].key, state.items[2].key)
    assert len(state.prediction.images) == 2


def test_predicting_is_no_step_of_undo(session: Session, use_predictor):
    use_predictor(FakePredictor())
    perform(session, "predict", {})
    assert not session.can_undo


def test_without_images_there_is_nothing_to_predict(use_predictor):
    use_predictor(FakePredictor())
    with pytest.raises(ParameterError, match="no image"):
        perform(Session(), "predict", {})


def test_one_group_is_predicted_at_a_time(session: Session, use_predictor):
    predictor = use_predictor(FakePredictor())
    second = session.state.items[1].key
    perform(session, "set_group", {"keys": [second], "group": "B"})
    perform(session, "predict", {})
    session.update(lambda state: replace(state, selected_key=second), undoable=False)
    perform(session, "predict", {})
    perform(session, "predict", {"group": "A"})
    assert predictor.seen == [["a.tif", "c.tif"], ["b.tif"], ["a.tif", "c.tif"]]


def test_an_image_the_network_cannot_take_is_refused_and_the_rest_goes_on(
    session: Session, use_predictor
):
    use_predictor(FakePredictor(unfit=["b.tif"]))
    state = perform(session, "predict", {})
    assert [item.status is ItemStatus.REFUSED for item in state.items] == [False, True, False]
    assert "stands out" in state.items[1].reason
    assert state.items[1].micrograph is not None
    assert len(state.prediction.images) == 2


class ReadsPairs(FakePredictor):
    """Needs two images, as the paper's networks need twelve."""

    def predict(self, micrographs: Sequence[Micrograph], progress: Progress) -> Prediction:
        prediction = super().predict(micrographs, progress)
        if len(micrographs) < 2:
            raise ParameterError("Two images are needed: add one.")
        return prediction


def test_one_image_being_too_few_does_not_make_it_unfit(session: Session, use_predictor):
    use_predictor(ReadsPairs(unfit=["b.tif"]))
    state = perform(session, "predict", {})
    assert [item.status is ItemStatus.REFUSED for item in state.items] == [False, True, False]
    assert len(state.prediction.images) == 2


def test_too_few_images_are_told_as_such_and_none_is_refused(use_predictor):
    session = Session(make_state("a.tif"))
    use_predictor(ReadsPairs())
    with pytest.raises(ParameterError, match="Two images"):
        perform(session, "predict", {})
    assert session.state.items[0].usable


def test_when_no_image_fits_all_are_refused(session: Session, use_predictor):
    use_predictor(FakePredictor(unfit=["a.tif", "b.tif", "c.tif"]))
    state = perform(session, "predict", {})
    assert state.prediction is None
    assert {item.status for item in state.items} == {ItemStatus.REFUSED}


def change_include(session: Session) -> None:
    keys = [session.state.items[0].key]
    perform(session, "include", {"keys": keys, "included": False})


def change_pixel_size(session: Session) -> None:
    keys = [session.state.items[0].key]
    perform(session, "set_pixel_size", {"keys": keys, "pixel_size_nm": 2.0})


def change_group(session: Session) -> None:
    perform(session, "set_group", {"keys": [session.state.items[0].key], "group": "B"})


def remove_image(session: Session) -> None:
    perform(session, "remove", {"keys": [session.state.items[0].key]})


def add_image(session: Session) -> None:
    session.update(lambda state: state.with_items((*state.items, make_item("new.tif"))))


def change_model(session: Session) -> None:
    session.update(lambda state: replace(state, settings=replace(state.settings, model="other")))


def rename_group(session: Session) -> None:
    keys = [item.key for item in session.state.items]
    perform(session, "set_group", {"keys": keys, "group": "Z"})


def add_refused_image(session: Session) -> None:
    bad = make_item("bad.tif", status=ItemStatus.REFUSED, micrograph=None)
    session.update(lambda state: state.with_items((*state.items, bad)))


def add_to_other_group(session: Session) -> None:
    other = make_item("other.tif", group="B")
    session.update(lambda state: state.with_items((*state.items, other)))


def select_another(session: Session) -> None:
    session.update(lambda state: replace(state, selected_key=state.items[-1].key))


CHANGES_INPUT = [
    change_include,
    change_pixel_size,
    change_group,
    remove_image,
    add_image,
    change_model,
]
CHANGES_NOTHING = [rename_group, add_refused_image, add_to_other_group, select_another]


@pytest.mark.parametrize("change", CHANGES_INPUT)
def test_a_prediction_whose_input_changed_meanwhile_is_dropped(
    session: Session, use_predictor, change
):
    use_predictor(FakePredictor(meanwhile=lambda: change(session)))
    before = session.state
    state = perform(session, "predict", {})
    assert state.prediction is None
    assert state is not before


@pytest.mark.parametrize("change", CHANGES_NOTHING)
def test_a_prediction_survives_what_does_not_concern_it(session: Session, use_predictor, change):
    use_predictor(FakePredictor(meanwhile=lambda: change(session)))
    state = perform(session, "predict", {})
    assert state.prediction is not None
    assert len(state.prediction_keys) == 3


@pytest.mark.parametrize("change", [c for c in CHANGES_INPUT if c is not change_model])
def test_a_shown_prediction_is_dropped_when_its_input_changes(
    session: Session, use_predictor, change
):
    use_predictor(FakePredictor())
    perform(session, "predict", {})
    perform(session, "draw_shadows", {"count": 2})
    change(session)
    assert session.state.prediction is None
    assert session.state.shadows is None
    session.undo()
    assert session.state.prediction is not None
    assert session.state.shadows is not None


@pytest.mark.parametrize("change", CHANGES_NOTHING)
def test_a_shown_prediction_stays_otherwise(session: Session, use_predictor, change):
    use_predictor(FakePredictor())
    perform(session, "predict", {})
    change(session)
    assert session.state.prediction is not None


def test_a_new_prediction_replaces_the_shadows_of_the_old_one(session: Session, use_predictor):
    use_predictor(FakePredictor())
    perform(session, "predict", {})
    perform(session, "draw_shadows", {"count": 2})
    assert perform(session, "predict", {"model": "other"}).shadows is None
    assert session.state.settings.model == "other"


def test_draws_reach_the_state(session: Session, use_predictor):
    use_predictor(FakePredictor())
    assert perform(session, "predict", {}).prediction.draws == DRAWS


class Doubtful(FakePredictor):
    """Finds some images unlike those it learnt from."""

    def __init__(self, name: str, unlike: int) -> None:
        super().__init__()
        self.name = name
        self.unlike = unlike

    def predict(
        self, micrographs: Sequence[Micrograph], progress: Progress = no_progress
    ) -> Prediction:
        found = super().predict(micrographs, progress)
        images = tuple(
            replace(image, inside_training_range=k >= self.unlike)
            for k, image in enumerate(found.images)
        )
        inside = self.unlike == 0
        return replace(found, model=self.name, images=images, inside_training_range=inside)


@pytest.mark.parametrize(
    ("clean", "robust", "asked", "used"),
    [
        (3, 0, "", "tough"),
        (3, 1, "", "tough"),
        (2, 2, "", "clean"),
        (0, 0, "", "clean"),
        (3, 0, "clean", "clean"),
    ],
)
def test_the_robust_network_takes_over_where_it_suits_the_images_better(
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    clean: int,
    robust: int,
    asked: str,
    used: str,
):
    at_hand = {"clean": Doubtful("clean", clean), "tough": Doubtful("tough", robust)}
    monkeypatch.setattr(predict, "load_predictor_named", lambda name, _: at_hand[name or "clean"])
    monkeypatch.setattr(predict, "robust_companion", lambda name: "tough")
    state = perform(session, "predict", {"model": asked})
    assert state.prediction.model == used
    assert any("'tough'" in warning for warning in state.prediction.warnings) == (used == "tough")
    assert state.settings.model == asked
