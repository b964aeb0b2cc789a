"""Where a workspace is watched: what changed in its logs, where, why, and what is new."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from shroff.measure.upkeep import Upkeep
from shroff.store.catalog import Catalog
from shroff.store.engine import Engine
from shroff.store.lake import Lake
from shroff.store.settings import Settings

__all__ = ["Lookout"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookout:
    """Where a workspace's logs are watched.

    Parameters
    ----------
    root : Path
        Folder of the workspace.
    settings : Settings
        What its shroff.toml says.
    lake : Lake
        The logs.
    catalog : Catalog
        What was done.
    engine : callable
        Opens a query engine over the logs.
    upkeep : callable
        Gives what keeps cubes of the logs.
    """

    root: Path
    settings: Settings
    lake: Lake
    catalog: Catalog
    engine: Callable[[], AbstractContextManager[Engine]]
    upkeep: Callable[[Engine], Upkeep]
