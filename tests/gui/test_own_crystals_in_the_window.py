"""From two CIF files to a network in use: by the wizard, and by the plan that it saves.

With real multislice, about ten minutes of two cores for each of the two ways.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from heteroagg_gui.__main__ import main
from heteroagg_gui.gui.controllers import retraining as controller
from heteroagg_gui.gui.retrain.wizard import Wizard
from heteroagg_gui.stem.crystal_facts import has_simulation_packages
from heteroagg_gui.stem.reference_table import ReferenceTable
from heteroagg_gui.workflow.retraining import trial
from heteroagg_gui.workflow.retraining.draft import PAGES
from tests.gui.dragging import drop
from tests.gui.whole_training import (
    DEVICES,
    LEAST,
    PROJECT,
    START,
    adopt,
    finished,
    install_start,
    patience,
    simulated,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not has_simulation_packages(),
        reason="abTEM is not installed: pip install heteroagg-gui[multislice]",
    ),
]

PATIENCE_MS = 3_600_000
CENTRED = [(0.0, 0.0, 0.0), (0.0, 0.5, 0.5), (0.5, 0.0, 0.5), (0.5, 0.5, 0.0)]
SHIFTED = [(0.5, 0.0, 0.0), (0.5, 0.5, 0.5), (0.0, 0.0, 0.5), (0.0, 0.5, 0.0)]
RADIUS_NM = 4.0


@pytest.fixture
def patient(qtbot):
    return patience(qtbot, PATIENCE_MS)


def write_cif(path: Path, edge_angstrom: float, atoms: list[tuple[str, float, list]]) -> Path:
    """Write a cubic crystal: elements, mean-square displacements and places."""
    lines = [
        f"data_{path.stem}",
        *(f"_cell_length_{axis} {edge_angstrom}" for axis in "abc"),
        *(f"_cell_angle_{angle} 90" for angle in ("alpha", "beta", "gamma")),
        "_space_group_name_H-M_alt 'P 1'",
        "loop_",
        "_space_group_symop_operation_xyz",
        "'x,y,z'",
        "loop_",
        *(f"_atom_site_{name}" for name in ("label", "type_symbol", "fract_x", "fract_y")),
        *(f"_atom_site_{name}" for name in ("fract_z", "U_iso_or_equiv")),
    ]
    for element, displacement, places in atoms:
        lines += [
            f"{element}{number} {element} {x} {y} {z} {displacement}"
            for number, (x, y, z) in enumerate(places, start=1)
        ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def describe_materials(wizard: Wizard, settled, folder: Path) -> None:
    """Drop the two CIF files and say what they are."""
    gold = write_cif(folder / "gold.cif", 4.0782, [("Au", 0.008, CENTRED)])
    oxide = [("Mg", 0.004, CENTRED), ("O", 0.0045, SHIFTED)]
    magnesia = write_cif(folder / "magnesia.cif", 4.2117, oxide)
    page = wizard.materials
    page.own.click()
    assert drop(page.cards[0].widget, [gold])
    assert drop(page.cards[1].widget, [magnesia])
    settled()
    for card, title, density in zip(page.cards, ("gold", "magnesia"), (19.3, 3.6), strict=True):
        card.title.setText(title)
        card.title.textEdited.emit(title)
        card.density.setValue(density)


def fill_in(wizard: Wizard, settled, folder: Path) -> None:
    """Go through all pages up to the summary."""
    describe_materials(wizard, settled, folder)
    values = {"radius_mean_nm": RADIUS_NM, "radius_sd_nm": 0.4, "pixel_size_nm": 0.45}
    for page in PAGES[:-1]:
        assert wizard.page == page
        for group in getattr(getattr(wizard, page), "groups", ()):
            for name in values.keys() & group.rows.keys():
                group.rows[name].box.setValue(values[name])
        if page == "effort":
            settled()
            wizard.effort.start.setCurrentIndex(wizard.effort.start.findData(START))
            for name, row in wizard.effort.advanced.rows.items():
                row.box.setValue(getattr(LEAST, name))
        wizard.next.click()
    settled()
    wizard.summary.name.setText("gold")
    wizard.summary.name.textEdited.emit("gold")


def test_from_crystals_to_a_network_in_use(make_program, patient, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    monkeypatch.setattr(trial, "ask_child", lambda *_: DEVICES)
    install_start(tmp_path, "tio2-wo3")
    program = make_program(draw_after_predict=False)
    program.window.show_tab("retrain")
    patient(lambda: program.retrain_tab is not None)
    wizard = program.retrain_tab.wizard

    def settled() -> None:
        patient(lambda: not program.board.running and not program.to.retraining.sampler.busy)

    fill_in(wizard, settled, tmp_path)
    plan = tmp_path / "gold.plan.json"
    monkeypatch.setattr(controller, "ask_path", lambda *_: plan)
    wizard.save.click()
    settled()

    out = tmp_path / "by-plan"
    assert main(["retrain", str(plan), "--out", str(out)]) == 0
    options = ("--system", "au-mgo", "--radius", "4", "0.4")
    assert main(["models", "install", str(out / "network"), "--name", "by-plan"]) == 0
    images = simulated(tmp_path / "images", *options, "--pixel-size", "0.45")
    capsys.readouterr()
    assert main(["predict", *images, "--model", "by-plan", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["model"] == "by-plan"

    wizard.start.click()
    panel = program.trainings_panel
    finished(panel, patient)
    folder = panel.training.folder
    for phase in ("gold", "magnesia"):
        tables = [
            ReferenceTable.load(place / "materials" / f"{phase}.npz") for place in (out, folder)
        ]
        assert tables[0].thickness_nm[-1] == 12.0
        np.testing.assert_array_equal(tables[0].fraction, tables[1].fraction)
    gold, magnesia = (
        ReferenceTable.load(folder / "materials" / f"{phase}.npz").intensity(55.0, 200.0)
        for phase in ("gold", "magnesia")
    )
    # Rutherford: proportional to the squares of the charges, 79 against 12 and 8, per volume.
    assert 15.0 < np.median(gold[:, 3] / magnesia[:, 3]) < 45.0
    assert adopt(program, patient, "gold") == "gold"
    program.window.show_tab("analyse")
    program.to.files.open_paths([tmp_path / "images"])
    patient(lambda: program.session.state.prediction is not None and not program.board.running)
    assert program.session.state.prediction.model == "gold"
