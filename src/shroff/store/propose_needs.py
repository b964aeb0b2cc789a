"""What a file lacks, how to supply it, and what it holds beyond the contract."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from shroff.domain.messages import Message
from shroff.store.propose_match import SURE, TableGuess
from shroff.store.propose_profile import FileProfile
from shroff.store.schema import TABLES, Column, Kind
from shroff.store.sql import ident

__all__ = ["Need", "extras_of", "needs_of"]

_LIKELIEST = {"source": "model", "kind": "other"}


@dataclass(frozen=True, slots=True)
class Need:
    """A column that is needed and was not found.

    Parameters
    ----------
    column : str
        Canonical column.
    example : str
        A line of TOML that would supply it; empty when none is known.
    doubt : Message
        What to do about it.
    """

    column: str
    example: str
    doubt: Message


def needs_of(best: TableGuess) -> tuple[Need, ...]:
    """Say which needed columns were not found, and how each could be supplied.

    Parameters
    ----------
    best : TableGuess
        The table that the file is.

    Returns
    -------
    tuple of Need
        One for each column.
    """
    guessed = {guess.column for guess in best.guesses}
    contract = TABLES[best.table]
    keys = {name for name in contract.key if name not in {"ad_version", "policy_id"}}
    wanted = [c for c in contract.columns if c.required and c.name != "ad_version"]
    keyed = [c for c in contract.columns if c.name in keys]
    columns = {c.name: c for c in (*keyed, *wanted) if c.name not in guessed}
    return tuple(_need(best, column) for column in columns.values())


def _need(best: TableGuess, column: Column) -> Need:
    slots: dict[str, str] = {"table": best.table, "column": column.name}
    if column.values:
        value = _LIKELIEST.get(column.name, column.values[0])
        example = f"constants = {{ {column.name} = {json.dumps(value)} }}"
        slots |= {"values": "/".join(column.values), "example": example}
        return Need(column.name, example, Message("propose.needed_values", slots))
    parts = _identifying(best)
    if TABLES[best.table].key == (column.name,) and parts:
        joined = ", '-', ".join(parts)
        sql = json.dumps(f"concat({joined})", ensure_ascii=False)
        example = f"expressions = {{ {column.name} = {sql} }}"
        return Need(
            column.name, example, Message("propose.needed_id", {**slots, "example": example})
        )
    return Need(column.name, "", Message("propose.needed", slots))


def _identifying(best: TableGuess) -> list[str]:
    """Name the ad, the time and the queue in the file: together they tell rows apart."""
    sure = {guess.column: guess.name for guess in best.guesses if guess.score >= SURE}
    times = [c.name for c in TABLES[best.table].columns if c.kind in {Kind.TIME, Kind.DAY}]
    time = next((name for name in times if name in sure), "")
    if "ad_id" not in sure or not time:
        return []
    return [ident(sure[name]) for name in ("ad_id", "queue", time) if name in sure]


def extras_of(seen: FileProfile, best: TableGuess) -> Iterator[Message]:
    """Name the columns that nothing was made of: they are kept beside the canonical ones.

    Parameters
    ----------
    seen : FileProfile
        The file.
    best : TableGuess
        The table that it is.

    Yields
    ------
    Message
        At most one.
    """
    guessed = {guess.name for guess in best.guesses}
    extras = [column.name for column in seen.columns if column.name not in guessed]
    if extras:
        slots = {"file": seen.path.name, "table": best.table, "columns": ", ".join(extras)}
        yield Message("propose.extras", slots)
