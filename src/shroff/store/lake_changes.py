"""What changed in a log between two states of the lake: files that came, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from shroff.store.lake import Lake
from shroff.store.snapshot import Snapshot

__all__ = ["Arrived", "arrived"]


@dataclass(frozen=True, slots=True)
class Arrived:
    """What a log gained since a state.

    Parameters
    ----------
    before : Snapshot or None
        The log as it was; None when there was none.
    files : tuple of str
        Files with the rows that came since, as paths.
    corrections : bool
        Whether rows among them correct others.
    columns : dict of str
        SQL type of each column as it is now.
    """

    before: Snapshot | None
    files: tuple[str, ...]
    corrections: bool
    columns: dict[str, str]

    @property
    def known(self) -> list[str]:
        """Files of the log as it was."""
        return [file.path for file in self.before.files] if self.before else []


def arrived(lake: Lake, name: str, *, since: int | None, until: int) -> Arrived | None:
    """Find what a log gained between two of its versions.

    A compaction in between changes nothing: it says so in the table's log.

    Parameters
    ----------
    lake : Lake
        The logs.
    name : str
        Table.
    since : int or None
        Version it was at; None when there was no such log.
    until : int
        Version it is at.

    Returns
    -------
    Arrived or None
        None when rows were removed, or the way from one to the other is not known any more.
    """
    now = lake.state(name, version=until)
    if now is None:
        return None
    if since is None:
        return _gained(now, None, [(f.path, f.newest) for f in now.files])
    folder = lake.root / name
    before = lake.state(name, version=since)
    if before is None or since > until or not _present(f.path for f in before.files):
        return None
    fresh: list[tuple[str, int]] = []
    for version in range(since + 1, until + 1):
        actions = _actions(folder, version)
        if actions is None:
            return None
        for kind, told in actions:
            if not told.get("dataChange", True):
                continue
            if kind == "remove":
                return None
            fresh.append((str(folder / unquote(str(told["path"]))), _newest(told)))
    return _gained(now, before, fresh) if _present(path for path, _ in fresh) else None


def _gained(now: Snapshot, before: Snapshot | None, fresh: list[tuple[str, int]]) -> Arrived:
    paths = tuple(path for path, _ in fresh)
    return Arrived(before, paths, any(newest > 1 for _, newest in fresh), now.columns)


def _present(paths: Iterator[str]) -> bool:
    return all(Path(path).is_file() for path in paths)


def _actions(folder: Path, version: int) -> list[tuple[str, dict[str, object]]] | None:
    """Read the files that one commit added and removed; None when it is not there any more."""
    try:
        text = (folder / "_delta_log" / f"{version:020d}.json").read_text(encoding="utf-8")
    except OSError:
        return None
    lines = [json.loads(line) for line in text.splitlines() if line.strip()]
    return [(kind, each[kind]) for each in lines for kind in ("add", "remove") if each.get(kind)]


def _newest(added: dict[str, object]) -> int:
    """Give the highest row version in a file; 2 when it is not known."""
    try:
        stats = json.loads(str(added.get("stats") or "{}"))
        return int(stats["maxValues"]["_version"])
    except (KeyError, TypeError, ValueError):
        return 2
