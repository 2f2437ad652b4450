"""Simulating micrographs of aggregates with a known theta."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from heteroagg_gui.core.materials import DEFAULT_SYSTEM
from heteroagg_gui.core.progress import Progress
from heteroagg_gui.stem.imperfections import SETTINGS, SettingInfo
from heteroagg_gui.workflow.action import Action, Parameter
from heteroagg_gui.workflow.actions.population import (
    JOBS,
    RADIUS_MEAN,
    RADIUS_SD,
    SEED,
    SIZE_RANGE,
)
from heteroagg_gui.workflow.results import check_folder
from heteroagg_gui.workflow.state import BatchItem, ItemStatus, SessionState, new_key
from heteroagg_gui.workflow.values import Kind


def _simulate(state: SessionState, values: Mapping[str, Any], progress: Progress) -> SessionState:
    from heteroagg_gui.workflow.simulation import simulate_batch, write_batch

    if values["folder"] is not None:
        check_folder(values["folder"])
    batch = simulate_batch(values, progress)
    if values["folder"] is not None:
        write_batch(values["folder"], batch)
    if not values["add"]:
        return state
    taken = {item.name for item in state.items}
    items = tuple(
        BatchItem(
            new_key(),
            None,
            _name_beside(taken, micrograph.name, batch.seed),
            status=ItemStatus.READY,
            micrograph=micrograph,
            group=values["group"],
        )
        for micrograph in batch.micrographs
    )
    state = state.with_items((*state.items, *items))
    if state.selected_item is None:
        state = replace(state, selected_key=items[0].key)
    return state


def _name_beside(taken: Collection[str], name: str, seed: int) -> str:
    """Return a name that tells the image from those that are open."""
    return f"seed {seed}, {name}" if name in taken else name


def _number(
    name: str, title: str, default: float, unit: str, low: float, high: float, text: str
) -> Parameter:
    return Parameter(name, title, Kind.NUMBER, default, unit, low, high, text)


MICROSCOPE = (
    _number(
        "dose_e_per_a2",
        "Dose",
        149.0,
        "e/A^2",
        0.0,
        1e9,
        "Electrons per square angstrom; 0 leaves the shot noise out.",
    ),
    _number(
        "scan_noise_nm",
        "Scan noise",
        0.01,
        "nm",
        0.0,
        9.9,
        "Standard deviation of the beam's displacement in nm.",
    ),
    _number(
        "focus_offset_nm",
        "Focus offset",
        0.0,
        "nm",
        -10_000.0,
        10_000.0,
        "Height of the focal plane above the middle of the aggregate in nm.",
    ),
    _number(
        "voltage_kv",
        "Acceleration voltage",
        300.0,
        "kV",
        20.0,
        1500.0,
        "Acceleration voltage in kV; there must be reference curves for it.",
    ),
    _number(
        "semi_angle_mrad",
        "Convergence semi-angle",
        21.1,
        "mrad",
        0.0,
        199.0,
        "Convergence semi-angle in mrad, which sets the blur of what is out of focus.",
    ),
    _number(
        "detector_inner_mrad",
        "Detector, inner angle",
        55.0,
        "mrad",
        0.0,
        1000.0,
        "Inner edge of the annular detector in mrad.",
    ),
    _number(
        "detector_outer_mrad",
        "Detector, outer angle",
        250.0,
        "mrad",
        0.0,
        1000.0,
        "Outer edge of the annular detector in mrad.",
    ),
)


def _imperfection(setting: SettingInfo) -> Parameter:
    kind = Kind.INTEGER if isinstance(setting.default, int) else Kind.NUMBER
    return Parameter(
        setting.name,
        setting.title,
        kind,
        setting.default,
        setting.unit,
        setting.lowest,
        setting.highest,
        setting.help,
    )


IMPERFECTIONS = tuple(map(_imperfection, SETTINGS))

SIMULATE = Action(
    name="simulate",
    title="Simulate micrographs",
    help="Draw aggregates with a given theta and form their HAADF-STEM images.",
    parameters=(
        Parameter(
            "theta",
            "theta",
            Kind.THETA,
            required=True,
            help="Give D_f, rho (number fraction of label 0, in tio2-wo3 WO3), theta_0 (of "
            "label 0) and theta_1 (of label 1).",
        ),
        Parameter(
            "count",
            "Number of images",
            Kind.INTEGER,
            12,
            minimum=1,
            maximum=100_000,
            help="Aggregates to draw, one image each.",
        ),
        replace(SEED, setting=""),
        Parameter(
            "pixels",
            "Pixels",
            Kind.INTEGER,
            512,
            minimum=16,
            maximum=8192,
            help="Height and width of an image in pixels.",
        ),
        _number(
            "pixel_size_nm",
            "Pixel size",
            1.25,
            "nm",
            0.001,
            1000.0,
            "Edge of a square pixel in nm.",
        ),
        replace(SIZE_RANGE, setting=""),
        replace(RADIUS_MEAN, setting=""),
        replace(RADIUS_SD, setting=""),
        *MICROSCOPE,
        *IMPERFECTIONS,
        Parameter(
            "system",
            "Material system",
            Kind.TEXT,
            DEFAULT_SYSTEM,
            help="Name of the pair of materials: which crystals the particles are made of.",
        ),
        Parameter("group", "Group", Kind.TEXT, "A", help="Sample the images are added to."),
        Parameter("add", "Add to the batch", Kind.FLAG, True, help="Whether to open the images."),
        Parameter(
            "folder",
            "Folder",
            Kind.FOLDER,
            help="Where to write images, particles and the truth; none to write nothing.",
        ),
        JOBS,
    ),
    run=_simulate,
    command="simulate",
)
