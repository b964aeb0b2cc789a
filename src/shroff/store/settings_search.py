"""Where the settings of a workspace are: in a folder, or in one above it."""

from __future__ import annotations

from pathlib import Path

from shroff.errors import ConfigError
from shroff.store.settings import SETTINGS_FILE, Settings, read_settings

__all__ = ["has_settings", "settings_above"]


def has_settings(path: str | Path) -> bool:
    """Tell whether a folder, or one above it, is a workspace."""
    start = Path(path).expanduser().resolve()
    return any((folder / SETTINGS_FILE).is_file() for folder in (start, *start.parents))


def settings_above(path: str | Path, *, engine: str = "") -> tuple[Path, Settings]:
    """Find the workspace that a folder is in.

    Parameters
    ----------
    path : str or Path
        The folder.
    engine : str
        Engine to ask instead of the one the settings name.

    Returns
    -------
    Path, Settings
        Folder of the workspace, and its settings.

    Raises
    ------
    ConfigError
        If there is no workspace, or its settings cannot be understood.
    """
    start = Path(path).expanduser().resolve()
    for folder in (start, *start.parents):
        if (folder / SETTINGS_FILE).is_file():
            settings = read_settings(folder / SETTINGS_FILE)
            return folder, settings.asking(engine) if engine else settings
    raise ConfigError(
        "there is no workspace here",
        where=str(path),
        hint="make one with shroff init, or try shroff demo",
    )
