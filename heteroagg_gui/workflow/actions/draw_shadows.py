"""Drawing digital shadows from the stochastic 3D model."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.materials import DEFAULT_SYSTEM
from heteroagg_gui.core.progress import Progress
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.workflow.action import Action, Parameter
from heteroagg_gui.workflow.actions.population import (
    JOBS,
    RADIUS_MEAN,
    RADIUS_SD,
    SEED,
    SIZE_RANGE,
)
from heteroagg_gui.workflow.materials import find_system
from heteroagg_gui.workflow.state import SessionState
from heteroagg_gui.workflow.values import Kind


def _draw_shadows(
    state: SessionState, values: Mapping[str, Any], progress: Progress
) -> SessionState:
    from heteroagg_gui.aggregation.parameters import AggregationParameters
    from heteroagg_gui.shadow.draw import draw_shadows

    thetas = _thetas(state, values)
    system = _system(state, values)
    parameters = AggregationParameters(
        radius_mean_nm=values["radius_mean_nm"],
        radius_sd_nm=values["radius_sd_nm"],
        size_range=values["size_range"],
    )
    population = draw_shadows(
        thetas, values["count"], values["seed"], parameters, values["jobs"], progress
    )
    settings = replace(
        state.settings,
        n_shadows=values["count"],
        **{
            name: values[name]
            for name in (
                "seed",
                "from_distribution",
                "size_range",
                "radius_mean_nm",
                "radius_sd_nm",
            )
        },
    )
    return replace(
        state,
        settings=settings,
        shadows=replace(population, system=system),
        shadows_of_given_theta=values["theta"] is not None,
        selected_shadow=0,
    )


def _thetas(state: SessionState, values: Mapping[str, Any]) -> Theta | tuple[Theta, ...]:
    if values["theta"] is not None:
        theta: Theta = values["theta"]
        return theta
    if state.prediction is None:
        raise ParameterError("There is no theta to draw shadows with: predict it, or give one.")
    if not values["from_distribution"]:
        return state.prediction.theta
    if not state.prediction.draws:
        raise ParameterError(
            f"The network '{state.prediction.model}' gives a point estimate only: "
            "draw the shadows from its centre."
        )
    return state.prediction.draws


def _system(state: SessionState, values: Mapping[str, Any]) -> str:
    """Return the material system that was asked for, or that of the prediction."""
    if values["system"]:
        find_system(values["system"])
        return str(values["system"])
    if values["theta"] is None and state.prediction is not None:
        return state.prediction.system
    return DEFAULT_SYSTEM


DRAW_SHADOWS = Action(
    name="draw_shadows",
    title="Draw shadows",
    help="Draw aggregates from the stochastic 3D model with the predicted theta.",
    parameters=(
        Parameter(
            "count",
            "Number of shadows",
            Kind.INTEGER,
            800,
            minimum=1,
            maximum=1_000_000,
            help="Aggregates to draw.",
            setting="n_shadows",
        ),
        SEED,
        Parameter(
            "from_distribution",
            "From the distribution",
            Kind.FLAG,
            False,
            help="Draw theta anew for each shadow, so that they carry the uncertainty.",
            setting="from_distribution",
        ),
        SIZE_RANGE,
        RADIUS_MEAN,
        RADIUS_SD,
        Parameter(
            "theta",
            "theta",
            Kind.THETA,
            help="D_f, rho, theta_0 and theta_1 to use instead of the predicted ones.",
        ),
        Parameter(
            "system",
            "Material system",
            Kind.TEXT,
            "",
            help="What the labels 0 and 1 stand for; that of the prediction where none is named.",
        ),
        JOBS,
    ),
    run=_draw_shadows,
    shortcut="Ctrl+D",
    command="shadows",
    undoable=False,
)
