"""The Analyse tab names and colours the materials of the system its results belong to."""

from dataclasses import replace

import pytest

from heteroagg_gui.gui.report import as_text
from heteroagg_gui.workflow.runner import perform


@pytest.fixture
def ceria(program, predictor, micrographs, until):
    """Return the program with a prediction by a network for the second system."""
    predict = predictor.predict
    predictor.predict = lambda *a: replace(predict(*a), system="tio2-ceo2")
    program.to.files.open_paths([micrographs])
    until(lambda: program.session.state.shadows is not None and not program.board.running)
    return program


def test_names_and_colours_are_those_of_the_networks_system(ceria):
    views = ceria.views
    assert views.viewer.legend.look.names == ("CeO₂", "TiO₂")
    assert views.viewer.legend.look.colors == ("#2a9d6f", "#e8871e")
    assert views.viewer.legend.accessibleName() == "Green is CeO₂, orange is TiO₂"
    titles = [row.title.text() for row in views.prediction.rows]
    assert titles[1].startswith("Mixing ratio (CeO₂)")
    assert titles[2].startswith("Primary cluster size CeO₂")
    assert titles[3].startswith("Primary cluster size TiO₂")
    assert "CeO₂" in views.prediction.table.widget.horizontalHeaderItem(2).toolTip()
    assert views.descriptors.histograms["s_wo3"].info.title == "Mean CeO₂ cluster size"
    assert views.descriptors.choice.menu().actions()[-1].text() == "Mean CeO₂ cluster size"
    assert "Primary cluster size CeO₂ theta_0 = 3" in as_text(ceria.session.state)


def test_the_usual_names_come_back_with_other_shadows(ceria, until):
    values = {"theta": (1.8, 0.5, 2, 2), "count": 3, "system": "tio2-wo3"}
    perform(ceria.session, "draw_shadows", values)
    until(lambda: ceria.views.viewer.legend.look.names == ("WO₃", "TiO₂"))
    assert ceria.views.descriptors.histograms["s_wo3"].info.title == "Mean WO₃ cluster size"
    assert ceria.views.descriptors.as_csv().startswith("aggregate,n_particles")
    assert ",s_tio2,s_wo3," in ceria.views.descriptors.as_csv().splitlines()[0]
