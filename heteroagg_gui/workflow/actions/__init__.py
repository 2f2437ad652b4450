"""Everything a user can do, by name."""

from collections.abc import Mapping
from types import MappingProxyType

from heteroagg_gui.workflow.action import Action
from heteroagg_gui.workflow.actions.batch import INCLUDE, REMOVE, SET_GROUP, SET_PIXEL_SIZE
from heteroagg_gui.workflow.actions.draw_shadows import DRAW_SHADOWS
from heteroagg_gui.workflow.actions.export import EXPORT
from heteroagg_gui.workflow.actions.open import OPEN, RETRY
from heteroagg_gui.workflow.actions.predict import PREDICT
from heteroagg_gui.workflow.actions.session import OPEN_SESSION, SAVE_SESSION
from heteroagg_gui.workflow.actions.simulate import SIMULATE

_ALL = (
    OPEN,
    RETRY,
    REMOVE,
    INCLUDE,
    SET_GROUP,
    SET_PIXEL_SIZE,
    PREDICT,
    DRAW_SHADOWS,
    EXPORT,
    SIMULATE,
    SAVE_SESSION,
    OPEN_SESSION,
)

ACTIONS: Mapping[str, Action] = MappingProxyType({action.name: action for action in _ALL})
