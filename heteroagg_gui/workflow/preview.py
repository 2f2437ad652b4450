"""One simulated image and its aggregate, made anew as fast as a slider moves."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from heteroagg_gui.aggregation.descriptors import describe
from heteroagg_gui.aggregation.sampler import sample_aggregates
from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.stem.curves import load_curves, made_for
from heteroagg_gui.workflow.actions.simulate import SIMULATE
from heteroagg_gui.workflow.materials import find_system
from heteroagg_gui.workflow.simulation import (
    SimulatedBatch,
    draw_neighbours,
    form_image,
    planned_batch,
)
from heteroagg_gui.workflow.state import SessionState


@dataclass(frozen=True, eq=False)
class Preview:
    """The first image that the action ``simulate`` would make of some values.

    Parameters
    ----------
    batch
        Conditions, and one aggregate with its image.
    descriptors
        Of that aggregate, by their keys.
    """

    batch: SimulatedBatch
    descriptors: Mapping[str, float]

    @property
    def aggregate(self) -> Aggregate:
        """What is on the image."""
        return self.batch.aggregates[0]

    @property
    def micrograph(self) -> Micrograph:
        """The image."""
        return self.batch.micrographs[0]

    @property
    def cut_off(self) -> bool:
        """Whether the aggregate reaches beyond the frame."""
        return self.batch.cut_off[0]


def with_beam(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values of ``simulate`` with the beam that the system's curves were made for.

    A voltage or a semi-angle among the values stays.

    Raises
    ------
    ParameterError, ResourceError
        If there is no such system, or its curves are missing.
    """
    name = values.get("system", SIMULATE.parameter("system").default)
    voltage_kv, semi_angle_mrad = made_for(find_system(name))
    return {"voltage_kv": voltage_kv, "semi_angle_mrad": semi_angle_mrad, **values}


class PreviewMaker:
    """Makes previews; what two in a row have in common is made once.

    A change of the microscope alone keeps the aggregate, object for object.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Hashable, Any]] = {}

    def make(self, values: Mapping[str, Any]) -> Preview:
        """Return the preview for values of the action ``simulate``.

        Raises
        ------
        ParameterError, ResourceError
            If a value makes no sense or the curves are missing.
        """
        filled = SIMULATE.fill(SessionState(), with_beam(values))
        batch = planned_batch(filled)
        drawn = (batch.theta, batch.seed, batch.parameters)
        aggregate, descriptors = self._keep("aggregate", drawn, lambda: _draw(batch))
        batch = replace(batch, aggregates=(aggregate,))
        around = (*drawn, batch.imperfections.neighbours)
        neighbours = self._keep("neighbours", around, lambda: draw_neighbours(batch, 0))
        system, microscope = find_system(batch.system), batch.microscope
        curves = self._keep(
            "curves",
            (system, microscope.detector_inner_mrad, microscope.detector_outer_mrad),
            lambda: load_curves(system, microscope),
        )
        image = form_image(batch, curves, 0, neighbours)
        return Preview(replace(batch, micrographs=(image,)), descriptors)

    def _keep(self, name: str, key: Hashable, make: Any) -> Any:
        known = self._kept.get(name)
        if known is None or known[0] != key:
            known = (key, make())
            self._kept[name] = known
        return known[1]


def _draw(batch: SimulatedBatch) -> tuple[Aggregate, dict[str, float]]:
    (aggregate,) = sample_aggregates([batch.theta], batch.seed, batch.parameters)
    return aggregate, describe(aggregate, batch.parameters)
