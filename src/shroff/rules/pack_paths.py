"""Rule packs by the names of their files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from shroff.errors import ConfigError, DataError
from shroff.rules.pack_file import load_pack
from shroff.rules.rule import Pack

__all__ = ["read_packs"]


def read_packs(paths: Sequence[str | Path]) -> tuple[Pack, ...]:
    """Read the packs of files.

    Parameters
    ----------
    paths : sequence of str or Path
        Files, or folders with the .yaml files in them.

    Returns
    -------
    tuple of Pack
        In the order given.

    Raises
    ------
    DataError
        If there is none in a folder.
    ConfigError
        If two rules have one id, so that nobody could tell their hits apart.
    RuleError
        If one cannot be read, or is not written as packs are.
    """
    files = [file for path in paths for file in _files(Path(path))]
    packs = tuple(load_pack(file) for file in files)
    ids = Counter(rule.id for pack in packs for rule in pack.rules)
    twice = [name for name, count in ids.items() if count > 1]
    if twice:
        raise ConfigError(
            f"two rules are called {twice[0]!r}",
            where=", ".join(pack.path for pack in packs),
            hint="the log of hits tells rules apart by their ids: give each its own",
        )
    return packs


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted([*path.glob("*.yaml"), *path.glob("*.yml")])
    if not found:
        raise DataError("there is no pack (*.yaml) in this folder", where=str(path))
    return found
