"""Where the program keeps its files on this computer."""

import os
from pathlib import Path

from platformdirs import PlatformDirs

HOME_VARIABLE = "HETEROAGG_HOME"
_DIRS = PlatformDirs("heteroagg", appauthor=False)


def _place(portable: str, usual: str) -> Path:
    home = os.environ.get(HOME_VARIABLE)
    return Path(home).expanduser().absolute() / portable if home else Path(usual)


def config_folder() -> Path:
    """Return the folder of the preferences."""
    return _place("config", _DIRS.user_config_dir)


def data_folder() -> Path:
    """Return the folder of what the user made: trained models, reference curves."""
    return _place("data", _DIRS.user_data_dir)


def cache_folder() -> Path:
    """Return the folder of files that can be made again."""
    return _place("cache", _DIRS.user_cache_dir)


def log_folder() -> Path:
    """Return the folder of the log."""
    return _place("log", _DIRS.user_log_dir)


def user_models_folder() -> Path:
    """Return the folder of the networks that the user trained or installed."""
    return data_folder() / "models"


def deleted_models_folder() -> Path:
    """Return the folder of deleted networks, which can be restored for a while."""
    return data_folder() / "deleted-models"


def user_materials_folder() -> Path:
    """Return the folder of the user's material systems and their reference tables."""
    return data_folder() / "materials"


def user_trainings_folder() -> Path:
    """Return the folder of the trainings that were begun, one folder each."""
    return data_folder() / "trainings"


def preferences_path() -> Path:
    """Return the file of the preferences."""
    return config_folder() / "preferences.json"


def chosen_network_path() -> Path:
    """Return the file that names the network the user made the default one."""
    return config_folder() / "network.json"
