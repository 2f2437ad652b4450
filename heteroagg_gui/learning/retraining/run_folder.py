"""Where everything of a retraining lies."""

from dataclasses import dataclass
from pathlib import Path

from heteroagg_gui.core.folder_lock import LOCK_FILE


@dataclass(frozen=True)
class RunFolder:
    """The folder of one retraining."""

    path: Path

    @property
    def plan(self) -> Path:
        """The plan that is carried out here."""
        return self.path / "plan.json"

    @property
    def status(self) -> Path:
        """How far it is; replaced as a whole."""
        return self.path / "status.json"

    @property
    def events(self) -> Path:
        """What happened, a JSON object a line."""
        return self.path / "events.jsonl"

    @property
    def control(self) -> Path:
        """What a watcher wishes: run, pause or stop."""
        return self.path / "control.json"

    @property
    def lock(self) -> Path:
        """Locked by the process that works here."""
        return self.path / LOCK_FILE

    @property
    def work(self) -> Path:
        """Checkpoints and tables."""
        return self.path / "work"

    @property
    def start(self) -> Path:
        """Copy of the network that the training begins with."""
        return self.work / "start"

    @property
    def samples(self) -> Path:
        """Images whose prediction is reported now and then."""
        return self.work / "samples"

    @property
    def materials(self) -> Path:
        """The material system and reference tables of this training's own."""
        return self.path / "materials"

    @property
    def network(self) -> Path:
        """The result; there only when it is complete."""
        return self.path / "network"

    @property
    def report(self) -> Path:
        """The result's figures for people."""
        return self.path / "report"

    @property
    def has_work(self) -> bool:
        """Whether something was begun here."""
        return self.network.exists() or (self.work.is_dir() and any(self.work.iterdir()))
