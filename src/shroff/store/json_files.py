"""JSON Lines files: one object a line, whatever keys each has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb

from shroff.store.connection import Connection, records
from shroff.store.opened import Fault, Opened, cut_fault, own_names
from shroff.store.plain import Plain, facts_of
from shroff.store.reasons import Reason
from shroff.store.records import LONGEST, json_records, stage
from shroff.store.sql import ident, literal, literals

__all__ = ["open_json"]

_SINGLE = "line"
_OBJECT = f"CASE WHEN json_valid({_SINGLE}) THEN json_type({_SINGLE}) = 'OBJECT' ELSE FALSE END"

_NUL_KEY = f"len(list_filter(json_keys({_SINGLE}), lambda k: contains(k, chr(0)))) > 0"
"""Whether a key holds a NUL character: no engine can name such a column."""


def open_json(path: Path, text: Plain, *, connection: Connection, staging: Path) -> Opened:
    """Open a JSON Lines file.

    Parameters
    ----------
    path : Path
        The file.
    text : Plain
        Its bytes.
    connection : DuckDBPyConnection
        Where it will be queried.
    staging : Path
        Folder for what has to be written first.

    Returns
    -------
    Opened
        The file; its columns are the keys of all its lines.
    """
    facts = facts_of(text.path)
    nothing = Opened(str(path), "jsonl", faults=cut_fault(text, facts))
    if not _may_be_lines(text.path):
        hint = "not JSON Lines: one object a line is wanted"
        return replace(nothing, faults=(Fault(Reason.UNREADABLE, value=hint),))

    def careful() -> Opened:
        target = staging / "records.parquet"
        stage(json_records(text.path), target, names=[_SINGLE])
        relation, names = _taken_apart(connection, _staged(target))
        return replace(nothing, columns=dict.fromkeys(names, "VARCHAR"), relation=relation)

    if not facts.regular:
        return careful()
    quick = _quick(text.path)
    try:
        relation, names = _taken_apart(connection, quick)
    except duckdb.Error:
        return careful()

    def find(wanted: set[int], *, among: int) -> str | None:
        target = staging / "refused.parquet"
        seen, _ = stage(json_records(text.path), target, names=[_SINGLE], only=wanted)
        return relation.replace(quick, _staged(target)) if seen == among else None

    columns = dict.fromkeys(names, "VARCHAR")
    return replace(nothing, columns=columns, relation=relation, find=find, careful=careful)


def _may_be_lines(path: Path) -> bool:
    with path.open("rb") as stream:
        start = stream.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    binary = b"\0" in start and b"{" not in start
    return not start.startswith(b"[") and not binary


def _staged(target: Path) -> str:
    return f"SELECT * FROM read_parquet({literal(str(target))})"


def _quick(path: Path) -> str:
    return (
        f"SELECT {_SINGLE}, CAST(NULL AS VARCHAR) AS _fault FROM read_csv({literal(str(path))}, "
        f"auto_detect=false, header=false, delim=chr(1), quote='', escape='', "
        f"max_line_size={LONGEST}, columns={{{literal(_SINGLE)}: 'VARCHAR'}}) "
        f"WHERE trim({_SINGLE}, ' \t\r') <> ''"
    )


def _taken_apart(connection: Connection, lines: str) -> tuple[str, list[str]]:
    """Write the query that gives a column for each key, and name the columns."""
    found = _keys(connection, lines)
    keys = [key for key in found if "\0" not in key]
    sound = _OBJECT if len(keys) == len(found) else f"({_OBJECT} AND NOT {_NUL_KEY})"
    names, _ = own_names(keys)
    columns = [f"x_[{number}] AS {ident(name)}" for number, name in enumerate(names, start=1)]
    paths = literals(f"/{_escaped(key)}" for key in keys)
    items = f"json_extract_string({_SINGLE}, [{paths}])" if keys else "CAST([] AS VARCHAR[])"
    relation = (
        f"SELECT {', '.join([*columns, f'* EXCLUDE (x_, {_SINGLE})'])} FROM (SELECT * REPLACE ("
        f"CASE WHEN _fault IS NOT NULL THEN _fault WHEN {sound} THEN NULL "
        f"ELSE {literal(Reason.BAD_JSON)} END AS _fault), "
        f"CASE WHEN {sound} THEN {items} END AS x_ FROM ({lines}))"
    )
    return relation, names


def _keys(connection: Connection, lines: str) -> list[str]:
    """Name all keys of all lines: one that first comes in the last line is a column too."""
    query = (
        f"SELECT DISTINCT CASE WHEN {_OBJECT} THEN json_keys({_SINGLE}) END AS keys FROM ({lines})"
    )
    keys: dict[str, None] = {}
    for row in records(connection, query):
        found = row["keys"]
        if isinstance(found, list):
            keys.update(dict.fromkeys(str(key) for key in found))
    return sorted(keys)


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
