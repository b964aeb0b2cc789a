"""A log file that can be queried, or what is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from shroff.store.plain import Facts, Plain
from shroff.store.reasons import Reason

__all__ = [
    "Carefully", "Fault", "Finder", "Format", "Opened", "cut_fault", "own_names", "shown",
]  # fmt: skip

Format = str
"""``csv``, ``jsonl`` or ``parquet``."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of a file rather than of one of its rows.

    Parameters
    ----------
    reason : Reason
        What is wrong.
    line : int
        Line, 0 for the whole file.
    column : str
        Column it is about, "" for none.
    value : str
        The value at fault.
    raw : str
        The text at fault.
    """

    reason: Reason
    line: int = 0
    column: str = ""
    value: str = ""
    raw: str = ""


class Finder(Protocol):
    """Finds records of a file again by their number."""

    def __call__(self, wanted: set[int], *, among: int) -> str | None:
        """Give a relation of the records wanted; None when the records do not add up."""
        ...


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that can be queried.

    Parameters
    ----------
    label : str
        Its path, as kept with rows in quarantine.
    kind : str
        ``csv``, ``jsonl`` or ``parquet``.
    columns : dict of str
        SQL type of each of its columns.
    relation : str
        Query that gives its columns and ``_fault``.
    find : Finder or None
        How to find records again with ``_line`` and ``_raw``; None when the relation has them.
    broken : str
        Query that gives the records which cannot be read, with ``_line``, ``_raw`` and ``_fault``;
        "" when the relation has them too.
    careful : Opened or None
        The same file through the careful reader, for when DuckDB gives up.
    faults : tuple of Fault
        What is wrong with the file, or was left of it where it is cut off.
    ambiguous : tuple of str
        Names that more than one column has.
    """

    label: str
    kind: Format
    columns: dict[str, str] = field(default_factory=dict)
    relation: str = ""
    broken: str = ""
    find: Finder | None = None
    careful: Carefully | None = None
    faults: tuple[Fault, ...] = ()
    ambiguous: tuple[str, ...] = ()


class Carefully(Protocol):
    """Reads a file again with the careful reader."""

    def __call__(self) -> Opened:
        """Give the file with its records staged one by one."""
        ...


def own_names(fields: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """Give each column a name of its own.

    Parameters
    ----------
    fields : sequence of str
        Names as the file has them.

    Returns
    -------
    names : list of str
        Names that differ by more than case.
    doubles : tuple of str
        Names, in lower case, that the file has more than once.
    """
    bare = [name.strip().replace("\0", "") for name in fields]
    bare = [name or f"column_{number}" for number, name in enumerate(bare, start=1)]
    times = Counter(name.lower() for name in bare)
    names: list[str] = []
    used: set[str] = {"_line", "_raw", "_fault"}
    for name in bare:
        final, number = name, 2
        while final.lower() in used:
            final, number = f"{name}_{number}", number + 1
        used.add(final.lower())
        names.append(final)
    return names, tuple(name for name, count in times.items() if count > 1)


def cut_fault(text: Plain, facts: Facts) -> tuple[Fault, ...]:
    """Say where a packed file broke off; nothing when it did not."""
    if text.cut is None:
        return ()
    return (Fault(Reason.CUT_OFF, line=facts.lines + 1, raw=shown(text.cut)),)


def shown(raw: bytes | None) -> str:
    """Show bytes as text, whatever they are."""
    return (raw or b"")[:10_000].decode("utf-8", "replace").replace("\0", "\N{SYMBOL FOR NULL}")
