"""Would Spark be asked every query? Without Spark: only what is said to it is looked at."""

from __future__ import annotations

import pyarrow as pa
from tests.conformance.comparing import kind_of
from tests.conformance.recorder import Asked, Tape

from shroff.errors import EngineError
from shroff.store.dialect import to_spark
from shroff.store.dialect_kinds import Sort, sort_of_type
from shroff.store.schema import TABLES

__all__ = ["refusals"]

TWICE = 2
"""Queries of one site that are looked at; further ones differ in names and values."""

_KINDS = {
    "integer": "BIGINT",
    "number": "DOUBLE",
    "text": "VARCHAR",
    "bool": "BOOLEAN",
    "date32[day]": "DATE",
    "time in UTC": "TIMESTAMPTZ",
    "list of text": "VARCHAR[]",
}
_seen: dict[str, set[str]] = {}


def refusals(tape: Tape) -> list[str]:
    """Tell which queries of a tape are not translated.

    Parameters
    ----------
    tape : Tape
        What the default engine was asked.

    Returns
    -------
    list of str
        One line a query: its site, and why.
    """
    tables: dict[str, dict[str, str]] = {
        name: {column.name: str(column.kind) for column in table.columns}
        for name, table in TABLES.items()
    }
    found: list[str] = []
    for asked in tape.asked:
        if asked.how in {"query", "stream", "materialise"} and asked.answer != "refused":
            found += _refusal(asked, tables)
        if asked.table:
            tables[asked.table] = _columns(asked)
    return found


def _columns(asked: Asked) -> dict[str, str]:
    if isinstance(asked.answer, pa.Table):
        shown = [
            (field.name, _KINDS.get(kind_of(field.type), "")) for field in asked.answer.schema
        ]
        return dict(shown)
    return {} if isinstance(asked.answer, str) else dict(asked.answer)


def _refusal(asked: Asked, tables: dict[str, dict[str, str]]) -> list[str]:
    before = _seen.setdefault(asked.site, set())
    if len(before) == TWICE or asked.sql in before:
        return []
    before.add(asked.sql)
    sorts: dict[str, set[Sort]] = {}
    for columns in tables.values():
        for name, kind in columns.items():
            sorts.setdefault(name.lower(), set()).add(sort_of_type(kind))
    try:
        to_spark(asked.sql, columns={name: frozenset(each) for name, each in sorts.items()})
    except EngineError as fault:
        return [f"{asked.site}: {fault.cause}"]
    return []
