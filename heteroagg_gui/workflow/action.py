"""What a user can do, declared once for the window and the command line."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.workflow.state import SessionState
from heteroagg_gui.workflow.values import EXPECTED, Kind, convert

Steps = Iterator[SessionState]
Run = Callable[[SessionState, Mapping[str, Any], Progress], SessionState | Steps]


@dataclass(frozen=True)
class Parameter:
    """One value an action takes.

    Parameters
    ----------
    name
        Key in the action's values.
    title
        What a form calls it.
    kind
        What it holds: one of :class:`~heteroagg_gui.workflow.values.Kind`.
    default
        Value where none is given and ``setting`` names none; None for a value that may
        be left out, or that must be given (``required``).
    unit
        Unit of a physical value.
    minimum, maximum
        Limits, both allowed, in ``unit``.
    help
        One sentence for tooltips and ``--help``.
    choices
        The values of a choice.
    required
        Whether the action means nothing without it.
    setting
        Name of the field of :class:`~heteroagg_gui.workflow.state.Settings` that holds
        the value last used, which stands in for one that is not given.
    """

    name: str
    title: str
    kind: Kind
    default: Any = None
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    help: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    setting: str = ""

    def check(self, value: Any) -> Any:
        """Return the value in its own type.

        Raises
        ------
        ParameterError
            If it is of another kind or outside the limits.
        """
        if value is None:
            if self.required:
                raise ParameterError(f"{self.title} is missing: {self.help}")
            return None
        try:
            converted = convert(self.kind, value)
        except (TypeError, ValueError) as error:
            shown = " ".join(map(str, value)) if isinstance(value, list | tuple) else value
            raise ParameterError(
                f"{self.title} can't be '{shown}': {EXPECTED[self.kind]}."
            ) from error
        if self.choices and converted not in self.choices:
            raise ParameterError(
                f"{self.title} can't be {value!r}: choose one of {', '.join(self.choices)}."
            )
        self._check_limits(converted)
        return converted

    def _check_limits(self, value: Any) -> None:
        numbers = value if isinstance(value, tuple) else (value,)
        for number in numbers:
            if isinstance(number, bool) or not isinstance(number, int | float):
                continue
            if not self._allows(number):
                raise ParameterError(f"{self.title} can't be {number:g}: {self.limits}.")

    def _allows(self, number: float) -> bool:
        low = self.minimum is None or number >= self.minimum
        return low and (self.maximum is None or number <= self.maximum)

    @property
    def limits(self) -> str:
        """The limits in words, with the unit."""
        unit = f" {self.unit}" if self.unit else ""
        if self.minimum is not None and self.maximum is not None:
            return f"choose {self.minimum:g} to {self.maximum:g}{unit}"
        if self.minimum is not None:
            return f"choose {self.minimum:g}{unit} or more"
        return f"choose at most {self.maximum:g}{unit}" if self.maximum is not None else ""


@dataclass(frozen=True)
class Action:
    """One thing a user can do.

    Parameters
    ----------
    name
        Key in the table of actions.
    title
        What the menu calls it.
    help
        One sentence.
    parameters
        What it takes.
    run
        ``run(state, values, progress)`` returns the state after it, or yields the
        states on the way, the last one being the result. It changes nothing it is given.
    shortcut
        Keys, in the portable notation ``Ctrl+O``.
    command
        Sub-command that does the same; None for an action on what is open in a window.
    undoable
        Whether undo takes it back; results that only add to the picture are no step.
    """

    name: str
    title: str
    help: str
    parameters: tuple[Parameter, ...]
    run: Run
    shortcut: str | None = None
    command: str | None = None
    undoable: bool = True

    def parameter(self, name: str) -> Parameter:
        """Return the parameter of this name."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        raise ParameterError(f"{self.title} takes no value called '{name}'.")

    def fill(self, state: SessionState, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return one checked value per parameter: as given, as last used, or the default."""
        for name in values:
            self.parameter(name)
        return {p.name: p.check(_value_of(p, state, values)) for p in self.parameters}

    def steps(
        self,
        state: SessionState,
        values: Mapping[str, Any],
        progress: Progress = no_progress,
    ) -> Steps:
        """Yield the states on the way from ``state``, the last one being the result."""
        outcome = self.run(state, self.fill(state, values), progress)
        if isinstance(outcome, SessionState):
            yield outcome
        else:
            yield from outcome


def _value_of(parameter: Parameter, state: SessionState, values: Mapping[str, Any]) -> Any:
    if parameter.name in values:
        return values[parameter.name]
    if parameter.setting:
        return getattr(state.settings, parameter.setting)
    return parameter.default
