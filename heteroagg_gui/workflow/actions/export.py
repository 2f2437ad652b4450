"""Writing what was found to a folder."""

from collections.abc import Mapping
from typing import Any

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.progress import Progress, part_of
from heteroagg_gui.workflow.action import Action, Parameter
from heteroagg_gui.workflow.state import SessionState
from heteroagg_gui.workflow.values import Kind


def _export(state: SessionState, values: Mapping[str, Any], progress: Progress) -> SessionState:
    from heteroagg_gui.workflow.documents import write_prediction
    from heteroagg_gui.workflow.results import make_folder, write_shadows

    with_prediction = values["prediction"] and state.prediction is not None
    if not with_prediction and state.shadows is None:
        raise ParameterError("There is nothing to export: predict theta or draw shadows first.")
    folder = values["folder"]
    make_folder(folder)
    if with_prediction:
        progress(0.0, "Writing prediction.json")
        write_prediction(folder / "prediction.json", state)
    if state.shadows is not None:
        firsts = {kind: values[kind] for kind in ("obj", "xyz", "vtk")}
        write_shadows(folder, state.shadows, firsts, part_of(progress, 0.1, 1.0))
    progress(1.0, f"Written to {folder}")
    return state


def _first(name: str, title: str, help_text: str) -> Parameter:
    return Parameter(name, title, Kind.INTEGER, 0, minimum=0, maximum=1_000_000, help=help_text)


EXPORT = Action(
    name="export",
    title="Export...",
    help="Write the prediction, the shadows and their descriptors to a folder.",
    parameters=(
        Parameter(
            "folder",
            "Folder",
            Kind.FOLDER,
            required=True,
            help="Where the files go; it is made if it does not exist.",
        ),
        Parameter(
            "prediction",
            "Prediction",
            Kind.FLAG,
            True,
            help="Write prediction.json: theta, its uncertainty and the estimate of each image.",
        ),
        _first("obj", "Shadows as OBJ", "Write the first N shadows as OBJ with materials, in nm."),
        _first("xyz", "Shadows as XYZ", "Write the first N shadows as extended XYZ (for OVITO)."),
        _first("vtk", "Shadows as VTK", "Write the first N shadows as VTK PolyData."),
    ),
    run=_export,
    shortcut="Ctrl+E",
    command="shadows",
    undoable=False,
)
