"""Who was forgotten, as keyed hashes: so that reading old files again brings nobody back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from shroff.store.connection import Connection, records
from shroff.store.lake import QUARANTINE
from shroff.store.snapshot import Snapshot, scan
from shroff.store.sql import ident, literal, literals

__all__ = ["Returned", "hashes_of", "returned"]

_AT_ONCE = 500
_WORDS = "regexp_extract_all(coalesce(raw, ''), '[0-9A-Za-z_.@-]+')"


@dataclass(frozen=True, slots=True)
class Returned:
    """Ids that were forgotten and are in the logs again.

    Parameters
    ----------
    names : tuple of str
        Advertisers and reviewers.
    ads : tuple of str
        Ads of forgotten advertisers.
    """

    names: tuple[str, ...]
    ads: tuple[str, ...]


def hashes_of(connection: Connection, names: Sequence[str], *, ads: Sequence[str]) -> list[str]:
    """Give the tombstones of ids; none can be turned back into its id without the key.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Connection that was given the key of the workspace.
    names : sequence of str
        Ids of an advertiser or a reviewer.
    ads : sequence of str
        Ids of ads.

    Returns
    -------
    list of str
        Hashes, one an id.
    """
    found: list[str] = []
    for kind, ids in (("name", names), ("ad", ads)):
        for at in range(0, len(ids), _AT_ONCE):
            part = literals(ids[at : at + _AT_ONCE])
            query = f"SELECT {_hash(kind, 'id')} AS h FROM (SELECT unnest([{part}]) AS id)"
            found += [str(row["h"]) for row in records(connection, query)]
    return found


def returned(
    connection: Connection,
    table: str,
    *,
    state: Snapshot | None,
    tombstones: Collection[str],
    settled: Iterable[str],
) -> Returned:
    """Find forgotten ids among the rows that came in lately.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Connection that was given the key of the workspace.
    table : str
        Table of the lake.
    state : Snapshot or None
        What it holds.
    tombstones : collection of str
        Hashes of the forgotten ids.
    settled : iterable of str
        Ingests searched before; a killed ingest is not among them.

    Returns
    -------
    Returned
        The ids found.
    """
    if state is None or not state.files or not tombstones:
        return Returned((), ())
    work = "ingest_id" if table == QUARANTINE else "_ingest"
    known = literals([*settled, ""])
    fresh = f"(SELECT * FROM ({scan(state.columns, state.files)}) WHERE {work} NOT IN ({known}))"
    ids = " UNION ".join(_ids(table, state, fresh))
    buried = f"(SELECT unnest([{literals(sorted(tombstones))}]) AS h)"
    query = (
        f"SELECT kind, id FROM ({ids}) AS ids WHERE id IS NOT NULL AND"
        f" CASE WHEN kind = 'ad' THEN {_hash('ad', 'id')} ELSE {_hash('name', 'id')} END"
        f" IN (SELECT h FROM {buried} AS buried) ORDER BY kind, id"
    )
    rows = records(connection, query)
    return Returned(
        tuple(str(row["id"]) for row in rows if row["kind"] == "name"),
        tuple(str(row["id"]) for row in rows if row["kind"] == "ad"),
    )


def _ids(table: str, state: Snapshot, fresh: str) -> list[str]:
    """Write queries of what may be an id: each text of a table, each word of a refused row."""
    if table == QUARANTINE:
        words = f"SELECT unnest({_WORDS}) AS id FROM {fresh} AS rows_"
        return [f"SELECT {literal(kind)} AS kind, id FROM ({words})" for kind in ("name", "ad")]
    found = [
        f"SELECT 'name' AS kind, {_value(name, kind)} AS id FROM {fresh} AS rows_"
        for name, kind in state.columns.items()
        if kind in {"VARCHAR", "VARCHAR[]"} and not name.startswith("_")
    ]
    if "ad_id" in state.columns:
        found.append(f"SELECT 'ad' AS kind, ad_id AS id FROM {fresh} AS rows_")
    return found


def _value(column: str, kind: str) -> str:
    return f"unnest({ident(column)})" if kind == "VARCHAR[]" else ident(column)


def _hash(kind: str, read: str) -> str:
    once = (
        f"sha256(concat(getvariable('inner_key'), {literal('tombstone ' + kind + ' ')}, {read}))"
    )
    return f"sha256(concat(getvariable('outer_key'), {once}))"
