"""Choosing the network in the tool bar and in the menu: by name, or as the images ask for."""

from pathlib import Path

import pytest

from heteroagg_gui.learning.model_card import ModelCard
from heteroagg_gui.workflow.model_store import Shelf


def card(name: str, system: str = "tio2-wo3", **more: object) -> ModelCard:
    document = {"trained_on": {"material_system": system}, **more}
    return ModelCard(name, f"Title of {name}", "compact-set", Path("/nowhere", name), document)


CLEAN = card("clean")
TOUGH = card("tough", role="robust")
OTHER = card("other", "tio2-ceo2", role="robust")


@pytest.fixture
def names(program):
    def shown(*cards: ModelCard) -> list[str]:
        program.to.models.set_shelf(Shelf(cards, "clean"))
        model = program.toolbar.model
        return [model.itemText(index) for index in range(model.count())]

    return shown


def test_the_choice_is_automatic_where_a_robust_network_is_at_hand(program, names):
    assert names(CLEAN, TOUGH) == ["automatic (clean)", "clean", "tough"]
    assert program.toolbar.model.currentText() == "automatic (clean)"
    assert program.to.models.active_name == "clean"


def test_without_a_companion_of_the_same_materials_networks_are_named_only(program, names):
    assert names(CLEAN, OTHER) == ["clean", "other"]
    assert program.toolbar.model.currentText() == "clean"


def test_a_named_network_is_used_until_the_choice_is_automatic_again(program, names):
    names(CLEAN, TOUGH)
    model = program.toolbar.model
    for index, setting in ((2, "tough"), (1, "clean"), (0, "")):
        model.setCurrentIndex(index)
        model.activated.emit(index)
        assert program.session.state.settings.model == setting
        assert model.currentData() == setting
