"""What the user prefers, kept in one JSON file that never blocks the start."""

import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from heteroagg_gui.core.files import replacing
from heteroagg_gui.workflow.places import preferences_path
from heteroagg_gui.workflow.state import Settings

_log = logging.getLogger(__name__)

VERSION = 1
THEMES = ("system", "light", "dark")


@dataclass(frozen=True)
class Preferences:
    """Choices that outlive a session.

    Parameters
    ----------
    theme
        Colours of the window: system, light or dark.
    model
        Network to start with; empty for the default one.
    device
        Where networks run: auto, cpu, cuda or mps.
    predict_on_open
        Whether calibrated images are predicted as soon as they are open.
    draw_after_predict
        Whether shadows are drawn as soon as theta is predicted.
    n_shadows
        Digital shadows to draw.
    from_distribution
        Whether shadows carry the uncertainty of theta.
    size_range
        Fewest and most particles of an aggregate.
    radius_mean_nm, radius_sd_nm
        Mean and standard deviation of the particle radius in nm.
    last_folder
        Where the file dialogs open.
    """

    theme: str = "system"
    model: str = ""
    device: str = "auto"
    predict_on_open: bool = True
    draw_after_predict: bool = True
    n_shadows: int = Settings.n_shadows
    from_distribution: bool = False
    size_range: tuple[int, int] = Settings.size_range
    radius_mean_nm: float = Settings.radius_mean_nm
    radius_sd_nm: float = Settings.radius_sd_nm
    last_folder: str = ""

    def settings(self) -> Settings:
        """Return the settings a new session starts with."""
        names = {entry.name for entry in fields(Settings)}
        return Settings(**{k: v for k, v in vars(self).items() if k in names})


def load_preferences(path: Path | None = None) -> Preferences:
    """Read the preferences.

    A missing file gives the defaults; so does a broken one, which is put aside under
    another name first. A single value that makes no sense is replaced by its default.
    """
    path = path or preferences_path()
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(document, dict):
            raise ValueError("not an object")
    except FileNotFoundError:
        return Preferences()
    except (OSError, ValueError) as error:
        _log.warning("The preferences in %s can't be read: %s", path, error)
        _put_aside(path)
        return Preferences()
    return _from_document(document)


def save_preferences(preferences: Preferences, path: Path | None = None) -> None:
    """Write the preferences; an interrupted write leaves the old ones in place."""
    text = json.dumps({"version": VERSION, **asdict(preferences)}, indent=2)
    with replacing(path or preferences_path()) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


def _put_aside(path: Path) -> None:
    try:
        path.replace(path.with_suffix(".broken.json"))
    except OSError as error:
        _log.warning("%s can't be put aside: %s", path, error)


def _from_document(document: dict[str, Any]) -> Preferences:
    usual = Preferences()
    kept = {
        entry.name: value
        for entry in fields(Preferences)
        if entry.name in document
        and (value := _understood(entry.name, document[entry.name], getattr(usual, entry.name)))
        is not None
    }
    return Preferences(**kept)


def _understood(name: str, value: Any, default: Any) -> Any:
    """Return ``value`` in the type of ``default``, or None where it makes no sense."""
    if isinstance(default, tuple) and isinstance(value, list):
        value = tuple(value)
    if isinstance(default, float) and type(value) is int:
        value = float(value)
    if type(value) is not type(default):
        return None
    return value if _LIMITS.get(name, _anything)(value) else None


def _anything(_value: Any) -> bool:
    return True


def _is_size_range(value: tuple[Any, ...]) -> bool:
    return [type(v) for v in value] == [int, int] and 1 <= value[0] <= value[1] <= 10_000


_LIMITS: dict[str, Callable[[Any], bool]] = {
    "theme": lambda value: value in THEMES,
    "device": lambda value: value in ("auto", "cpu", "cuda", "mps"),
    "n_shadows": lambda value: 1 <= value <= 1_000_000,
    "size_range": _is_size_range,
    "radius_mean_nm": lambda value: 0.1 <= value <= 1000.0,
    "radius_sd_nm": lambda value: 0.0 <= value <= 1000.0,
}
