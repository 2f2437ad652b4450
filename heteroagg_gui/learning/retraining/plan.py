"""What network is to be made: the plan that the wizard writes and every machine can run."""

import re
from dataclasses import dataclass, field

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.learning.retraining.effort import Effort

DEVICES = ("auto", "cpu", "cuda", "mps")
LARGEST_CIF = 10_000_000
MOST_PHASES = 8

_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def check_name(name: str, what: str) -> None:
    """Refuse a name that can't be that of a file on every system.

    Raises
    ------
    ParameterError
        If there is anything but letters, digits, dots, hyphens and underscores in it.
    """
    if _PLAIN_NAME.fullmatch(name) is None:
        raise ParameterError(
            f"'{name}' can't be the name of {what}: use up to 64 letters, digits, dots, hyphens "
            "and underscores, a letter or digit first."
        )


@dataclass(frozen=True)
class OwnPhase:
    """A crystal structure whose reference curves are computed for the network.

    Parameters
    ----------
    name
        What its reference table is called.
    cif
        The text of its CIF file.
    """

    name: str
    cif: str

    def __post_init__(self) -> None:
        check_name(self.name, "a crystal")
        if not 0 < len(self.cif) <= LARGEST_CIF:
            raise ParameterError(
                f"The CIF of '{self.name}' is empty or larger than 10 MB: choose another file."
            )


@dataclass(frozen=True)
class OwnMaterial:
    """One of the two materials of a system of the user's own.

    Parameters
    ----------
    name, title
        Formula and full name.
    density_g_cm3
        Mass density in g/cm3.
    colour
        Hexadecimal colour it is drawn in.
    phases
        Crystals a particle chooses from at random.
    """

    name: str
    title: str
    density_g_cm3: float
    colour: str
    phases: tuple[OwnPhase, ...]

    def __post_init__(self) -> None:
        if not 0 < len(self.name.strip()) <= 40:
            raise ParameterError("A material needs a formula of up to 40 characters.")
        if not 0.0 < self.density_g_cm3 < 100.0:
            raise ParameterError(
                f"A density of {self.density_g_cm3:g} g/cm3 is not possible: give that of "
                f"{self.name} in g/cm3."
            )
        if _COLOUR.fullmatch(self.colour) is None:
            raise ParameterError(f"'{self.colour}' is no colour: write it as #rrggbb.")
        if not 1 <= len(self.phases) <= MOST_PHASES:
            raise ParameterError(
                f"{self.name} needs 1 to {MOST_PHASES} crystal structures: add a CIF file."
            )


@dataclass(frozen=True)
class RetrainingPlan:
    """Everything that decides what network comes out, and where it is best made.

    Parameters
    ----------
    name
        Folder name of the network.
    title
        One line for people.
    ranges
        What the simulated images are drawn from. With ``materials``, its system is the name
        of the new material system.
    materials
        The materials of label 0 and 1 of a new system; None for the one ``ranges`` names.
    start
        Name of the network whose per-image part the training begins with; empty to begin
        with random weights.
    effort
        Amounts of images and of training.
    device
        Where it is trained: auto, cpu, cuda or mps.
    workers
        Processes that simulate images beside the one that trains.
    seed
        Seed of all random numbers.

    Raises
    ------
    ParameterError
        If something in it is not possible.
    """

    name: str = "my-network"
    title: str = "My network"
    ranges: TrainingRanges = field(default_factory=TrainingRanges)
    materials: tuple[OwnMaterial, OwnMaterial] | None = None
    start: str = "compact"
    effort: Effort = field(default_factory=Effort)
    device: str = "auto"
    workers: int = 1
    seed: int = 1

    def __post_init__(self) -> None:
        check_name(self.name, "a network")
        check_name(self.ranges.system, "a material system")
        if not 0 < len(self.title.strip()) <= 200:
            raise ParameterError("The network needs a title of up to 200 characters.")
        if self.start:
            check_name(self.start, "a network")
        if self.device not in DEVICES:
            raise ParameterError(
                f"There is no device '{self.device}': choose one of {', '.join(DEVICES)}."
            )
        if not 0 <= self.workers <= 1024:
            raise ParameterError(f"{self.workers} processes can't work: choose 0 to 1024.")
        if self.seed < 0:
            raise ParameterError(f"The seed {self.seed} is negative: choose 0 or more.")
        self._check_phases()

    def _check_phases(self) -> None:
        if self.materials is None:
            return
        names = [phase.name for material in self.materials for phase in material.phases]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ParameterError(f"Two crystals are called '{twice}': give each its own name.")
