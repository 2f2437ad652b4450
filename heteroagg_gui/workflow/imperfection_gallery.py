"""The pictures and tables of docs/image-formation.md.

``python -m heteroagg_gui.workflow.imperfection_gallery`` takes them again from the
repository's root.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.aggregation.parameters import AggregationParameters
from heteroagg_gui.aggregation.sampler import sample_aggregates
from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.files import replacing
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.stem.curves import load_curves
from heteroagg_gui.stem.imperfection_ranges import IMPERFECTION_RANGES
from heteroagg_gui.stem.imperfections import SETTINGS, Imperfections, SettingInfo
from heteroagg_gui.stem.microscope import Frame, Microscope
from heteroagg_gui.stem.realistic_image import render_realistic
from heteroagg_gui.workflow.actions.simulate import MICROSCOPE, SIMULATE

FOLDER = Path("docs", "pictures", "imperfections")
FRAME = Frame(176, 176, 1.25)
GAP_PIXELS = 4
SEED = 21

GALLERY: Mapping[str, Imperfections] = MappingProxyType(
    {
        "row-jitter": Imperfections(row_jitter_nm=1.5),
        "drift-along-x": Imperfections(drift_x_nm=40.0),
        "drift-along-y": Imperfections(drift_y_nm=40.0),
        "flyback": Imperfections(flyback_nm=40.0, flyback_share=0.25),
        "support-slope": Imperfections(support_intensity=0.006, support_slope_x=1.0),
        "support-grains": Imperfections(
            support_intensity=0.004, support_granularity=0.3, support_grain_nm=3.0
        ),
        "background": Imperfections(background_intensity=0.005),
        "neighbours": Imperfections(neighbours=2),
        "gain-and-offset": Imperfections(
            detector_gain_counts=800.0, detector_offset_counts=20.0, quantisation_bits=8
        ),
        "saturation": Imperfections(detector_gain_counts=6e5, saturation_counts=2e4),
        "quantisation": Imperfections(detector_gain_counts=80.0, quantisation_bits=8),
        "all-together": Imperfections(
            row_jitter_nm=0.5,
            drift_x_nm=8.0,
            flyback_nm=2.0,
            support_intensity=0.003,
            support_slope_x=0.5,
            support_granularity=0.1,
            background_intensity=0.001,
            neighbours=1,
            detector_gain_counts=1000.0,
            detector_offset_counts=5.0,
            quantisation_bits=8,
        ),
    }
)
"""What each picture shows; larger than life, so that it is seen at this size."""


@dataclass(frozen=True, eq=False)
class _Scene:
    aggregate: Aggregate
    neighbours: list[Aggregate]


def _scene() -> _Scene:
    parameters = AggregationParameters(size_range=(18, 22))
    aggregate, *neighbours = sample_aggregates([Theta(1.8, 0.4, 2, 2)] * 3, SEED, parameters)
    return _Scene(aggregate, neighbours)


def picture(imperfections: Imperfections, scene: _Scene | None = None) -> NDArray[np.uint8]:
    """Return the image without and with imperfections side by side.

    The grey value is the root of the signal over the largest one of the perfect image.
    """
    scene = scene or _scene()
    microscope = Microscope()
    curves = load_curves("tio2-wo3", microscope)

    def shown(wanted: Imperfections) -> NDArray[np.float64]:
        neighbours = scene.neighbours[: wanted.neighbours]
        rng = np.random.default_rng(SEED)
        image = render_realistic(
            scene.aggregate, curves, microscope, FRAME, rng, wanted, neighbours
        )
        return image.astype(np.float64) / wanted.detector_gain_counts

    perfect, real = shown(Imperfections()), shown(imperfections)
    gap = np.full((FRAME.height, GAP_PIXELS), perfect.max())
    row = np.hstack([perfect, gap, real]) / perfect.max()
    return np.asarray(np.rint(255 * np.sqrt(np.clip(row, 0.0, 1.0))), dtype=np.uint8)


def write_gallery(folder: Path) -> list[Path]:
    """Write a PNG picture of each imperfection; return their paths."""
    from PIL import Image

    folder.mkdir(parents=True, exist_ok=True)
    scene, paths = _scene(), []
    for name, imperfections in GALLERY.items():
        path = folder / f"{name}.png"
        with replacing(path) as part:
            Image.fromarray(picture(imperfections, scene)).save(part, format="PNG", optimize=True)
        paths.append(path)
    return paths


def changed_settings(imperfections: Imperfections) -> str:
    """Return in words what differs from the defaults."""
    values = {entry.name: getattr(imperfections, entry.name) for entry in fields(imperfections)}
    return ", ".join(
        f"{setting.title.lower()} {_with_unit(values[setting.name], setting)}"
        for setting in SETTINGS
        if values[setting.name] != setting.default
    )


def _with_unit(value: float, setting: SettingInfo) -> str:
    return f"{value:g} {setting.unit}".strip()


def microscope_table() -> Iterator[str]:
    """Yield the lines of the table of microscope and frame in Markdown."""
    yield "| setting | unit | default | limits | meaning |"
    yield "| --- | --- | --- | --- | --- |"
    frame = (SIMULATE.parameter("pixels"), SIMULATE.parameter("pixel_size_nm"))
    for parameter in (*MICROSCOPE, *frame):
        limits = f"{parameter.minimum:g} to {parameter.maximum:g}"
        cells = (f"`{parameter.name}`", parameter.unit or "-", f"{parameter.default:g}", limits)
        yield f"| {' | '.join(cells)} | {parameter.help} |"


def settings_table() -> Iterator[str]:
    """Yield the lines of the table of all imperfections in Markdown."""
    yield "| setting | unit | default | limits | plausible | meaning |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for setting in SETTINGS:
        limits = IMPERFECTION_RANGES[setting.name]
        law = ", log-uniform" if limits.logarithmic else ""
        cells = (
            f"`{setting.name}`",
            setting.unit or "-",
            f"{setting.default:g}",
            f"{setting.lowest:g} to {setting.highest:g}",
            f"{limits.low:g} to {limits.high:g}{law}",
            setting.help,
        )
        yield f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    for written in write_gallery(FOLDER):
        print(written)
    print(*microscope_table(), "", *settings_table(), sep="\n")
