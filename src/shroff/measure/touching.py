"""Ads whose rows changed: what the logs say of them now, and what they said before."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from shroff.measure.decided import AD_TABLES, Sources
from shroff.store.engine import Engine
from shroff.store.lake import Lake
from shroff.store.lake_changes import Arrived
from shroff.store.schema import TABLES
from shroff.store.snapshot import Snapshot
from shroff.store.sql import ident, idents, literal
from shroff.store.views import visible

__all__ = ["Touched", "near_sql", "touched"]

_READ: Mapping[str, frozenset[str]] = {
    name: frozenset({"ad_id", "_version", *columns.split()})
    for name, columns in {
        "decisions": "ad_version market decided_at action policy_id source shadow",
        "ads": "ad_version market",
        "impressions": "day impressions spend",
        "reviews": "ad_version queue_reason sampling_prob decided_at verdict role",
        "reports": "filed_at",
        "scores": "ad_version model version policy_id score shadow",
        "appeals": "ad_version",
    }.items()
}
_MANY_SPANS, _DIGITS = 16, 3
"""Spans of ids to look in at most, and how far beyond what all ids begin with they are told apart."""
_NEWER = {"now": ("corrected", "new"), "was": ("corrected",)}
"""Where corrections of rows are, of what is known now and of what was known before."""
_DAILY = "impressions"
"""The log that gains rows of almost every ad every day; of ads that gain nothing else, only the
days that came are looked at."""


@dataclass(frozen=True, slots=True)
class Touched:
    """Ads whose rows changed.

    Parameters
    ----------
    now : mapping
        What stands for each log: the rows of these ads as they are.
    was : mapping
        The same as it was, of ads that changed by more than exposure.
    count : int
        How many they are.
    reshown : bool
        Whether exposure that was known before was corrected.
    """

    now: Sources
    was: Sources
    count: int
    reshown: bool

    def sources(self, name: str) -> Sources:
        """Give the rows as they are (``now``) or as they were (``was``)."""
        return self.now if name == "now" else self.was

    def seen_sql(self, name: str, logs: Sequence[str]) -> str:
        """Write the query for ads that changed by more than exposure and that some logs tell of."""
        return self._told_sql(name, logs, whole=1)

    def lightly_sql(self, logs: Sequence[str]) -> str:
        """Write the query for ads that only were shown, and that some logs tell of."""
        return self._told_sql("now", logs, whole=0)

    def _told_sql(self, name: str, logs: Sequence[str], *, whole: int) -> str:
        told = " UNION ".join(f"SELECT ad_id FROM {self.sources(name)[log]} AS t" for log in logs)
        return (
            f"SELECT told.ad_id FROM ({told}) AS told"
            f" JOIN kept_ids AS k ON told.ad_id = k.ad_id WHERE k.whole = {whole}"
        )

    def part_sql(self, table: str, *, whole: int) -> str:
        """Write the query for rows of ads that changed by more than exposure (1) or not (0)."""
        return (
            f"SELECT x.* FROM {ident(table)} AS x JOIN kept_ids AS k ON x.ad_id = k.ad_id"
            f" WHERE k.whole = {whole}"
        )

    def exposure(self, name: str, *, whole: int) -> str:
        """Give the exposure of those ads as it is (``now``) or was (``was``)."""
        return f"(SELECT x.* FROM {self.sources(name)[_DAILY]} AS x WHERE x._whole = {whole})"


def touched(
    engine: Engine,
    lake: Lake,
    gained: Mapping[str, Arrived],
    *,
    known: Mapping[str, int],
    wide: Mapping[str, Collection[str]],
) -> Touched:
    """Find the ads whose rows changed, and gather their rows.

    Parameters
    ----------
    engine : Engine
        The logs.
    lake : Lake
        Where their files are.
    gained : mapping
        What each log gained; those that gained nothing are absent.
    known : mapping
        Version that each log was at before.
    wide : mapping
        For decisions and ads, the columns that are kept of them.

    Returns
    -------
    Touched
        The ads; their rows stand in the session.
    """
    states: dict[str, Snapshot] = {}
    for name in AD_TABLES:
        state = lake.state(name, version=known[name]) if name in known else None
        columns = _columns(name, gained[name].columns if name in gained else None, state)
        columns = {c: kind for c, kind in columns.items() if _is_read(name, c, wide)}
        engine.attach(f"kept_old_{name}", _paths(state), columns)
        engine.attach(f"kept_new_{name}", gained[name].files if name in gained else (), columns)
        if state is not None:
            states[name] = state
    engine.materialise("kept_ids", _ids_sql(gained))
    near = near_sql(engine)
    now: dict[str, str] = {}
    was: dict[str, str] = {}
    for name in AD_TABLES:
        engine.materialise(f"kept_rows_{name}", _rows_sql(name, gained.get(name), near=near))
        before = states[name].corrected if name in states else ()
        latest = bool(before) or (name in gained and gained[name].corrections)
        if latest:
            columns = _columns_of(engine, name)
            engine.attach(f"kept_corrected_{name}", [file.path for file in before], columns)
        now[name] = _standing(engine, name, "now", latest=latest)
        was[name] = _standing(engine, name, "was", latest=latest)
    reshown = _DAILY in gained and gained[_DAILY].corrections
    count = engine.query("SELECT COUNT(*) AS n FROM kept_ids").column("n")[0].as_py()
    return Touched(now, was, int(count), reshown=reshown)


def _is_read(name: str, column: str, wide: Mapping[str, Collection[str]]) -> bool:
    """Tell whether a column is worth reading: what is not asked for costs as much."""
    return column in _READ[name] or column in wide.get(name, ()) or column in TABLES[name].key


def _paths(state: Snapshot | None) -> list[str]:
    return [file.path for file in state.files] if state else []


def _columns(name: str, columns: dict[str, str] | None, state: Snapshot | None) -> dict[str, str]:
    stored = columns or (state.columns if state else {})
    whole = Snapshot(0, (), stored)
    return {**visible(TABLES[name], whole), "_version": "BIGINT"}


def _ids_sql(gained: Mapping[str, Arrived]) -> str:
    """Write the query for the ads that any new row speaks of, or spoke of before a correction."""
    parts: list[str] = []
    for name, gain in gained.items():
        whole = 0 if name == _DAILY else 1
        parts.append(f"SELECT ad_id, {whole} AS whole FROM kept_new_{name}")
        if gain.corrections and "ad_id" not in TABLES[name].key:
            parts.append(
                f"SELECT o.ad_id, {whole} AS whole FROM kept_old_{name} AS o"
                f" JOIN kept_new_{name} AS n ON {_same(TABLES[name].key)} WHERE n._version > 1"
            )
    return (
        "SELECT ad_id, MAX(whole) AS whole FROM"
        f" ({' UNION ALL '.join(parts)}) AS told GROUP BY ad_id"
    )


def _same(key: Sequence[str]) -> str:
    return " AND ".join(f"o.{ident(name)} = n.{ident(name)}" for name in key)


def near_sql(engine: Engine) -> str:
    """Write where the ids of ads that changed lie, so that files that hold none are skipped.

    Parameters
    ----------
    engine : Engine
        Where the table ``kept_ids`` is.

    Returns
    -------
    str
        A condition on the rows ``x`` of a log, true for every ad in the table.
    """
    # ids are mostly given in the order of time: those of a day lie close together
    spans = _spans(engine, 0)
    if not spans:
        return "TRUE"
    low, high = spans[0]
    alike = next((i for i, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), len(low))
    for length in range(alike + 1, alike + _DIGITS + 1):
        finer = _spans(engine, length)
        if len(finer) > _MANY_SPANS:
            break
        spans = finer
    tests = (f"x.ad_id >= {literal(low)} AND x.ad_id <= {literal(high)}" for low, high in spans)
    return f"({' OR '.join(tests)})"


def _spans(engine: Engine, length: int) -> list[tuple[str, str]]:
    """Give the first and last id of those that begin alike, or one more such pair than wanted."""
    start = f"SUBSTRING(ad_id, 1, {length})"
    found = engine.query(
        "SELECT low, high FROM (SELECT MIN(ad_id) AS low, MAX(ad_id) AS high FROM kept_ids"
        f" GROUP BY {start}) AS spans WHERE low IS NOT NULL ORDER BY low LIMIT {_MANY_SPANS + 1}"
    )
    return [(row["low"], row["high"]) for row in found.to_pylist()]


def _rows_sql(name: str, gain: Arrived | None, *, near: str) -> str:
    """Write the query for every version of the rows of the ads touched."""
    old = f"""
SELECT x.*, k.whole AS _whole, FALSE AS _fresh FROM (SELECT x.* FROM kept_old_{name} AS x WHERE {near}) AS x
JOIN kept_ids AS k ON x.ad_id = k.ad_id"""
    new = f"""
SELECT x.*, k.whole AS _whole, TRUE AS _fresh FROM kept_new_{name} AS x
JOIN kept_ids AS k ON x.ad_id = k.ad_id"""
    if name != _DAILY:
        return f"{old}\nUNION ALL{new}"
    parts = [f"{old}\nWHERE k.whole = 1", new]
    if gain is not None and gain.corrections:
        days = (
            f"SELECT DISTINCT n.ad_id, n.day FROM kept_new_{name} AS n"
            " JOIN kept_ids AS k ON n.ad_id = k.ad_id WHERE k.whole = 0"
        )
        parts.append(
            f"\nSELECT o.*, 0 AS _whole, FALSE AS _fresh FROM kept_old_{name} AS o"
            f" JOIN ({days}) AS n ON o.ad_id = n.ad_id AND o.day = n.day"
        )
    return "\nUNION ALL".join(parts)


def _columns_of(engine: Engine, name: str) -> dict[str, str]:
    return engine.columns(f"kept_old_{name}")


def _standing(engine: Engine, name: str, moment: str, *, latest: bool) -> str:
    """Give what stands for a log: asked several times, its latest versions are looked for once."""
    query = _latest_sql(engine, name, _NEWER[moment], latest=latest)
    if not latest:
        return query
    table = f"kept_{moment}_{name}"
    engine.materialise(table, query)
    return f"(SELECT x.* FROM {table} AS x)"


def _latest_sql(engine: Engine, name: str, newer: Sequence[str], *, latest: bool) -> str:
    """Write what stands for a log: the latest version of each row, of all or those known before.

    A correction may have moved a row to another ad, of which nothing changed since: so the latest
    version of a row is looked for among all rows.

    Returns
    -------
    str
        A query in parentheses.
    """
    before = "NOT x._fresh" if name == _DAILY else "NOT x._fresh AND x._whole = 1"
    fresh = "" if "new" in newer else f" WHERE {before}"
    if not latest:
        return f"(SELECT x.* FROM kept_rows_{name} AS x{fresh})"
    names, key = list(engine.columns(f"kept_old_{name}")), TABLES[name].key
    if "ad_id" in key:
        columns = idents([*names, "_whole"])
        return f"""(
  SELECT {columns} FROM (
    SELECT x.*, ROW_NUMBER() OVER (PARTITION BY {idents(key)} ORDER BY _version DESC) AS _latest
    FROM kept_rows_{name} AS x{fresh}) AS versions
  WHERE _latest = 1)"""
    known = " UNION ALL ".join(
        f"SELECT {idents(key)}, _version FROM kept_{each}_{name} WHERE _version > 1"
        for each in newer
    )
    shown = ", ".join(f"o.{ident(column)}" for column in names)
    return f"""(
  SELECT {shown} FROM (SELECT x.* FROM kept_rows_{name} AS x{fresh}) AS o
  LEFT JOIN (SELECT {idents(key)}, MAX(_version) AS _version FROM ({known}) AS every_
             GROUP BY {idents(key)}) AS n ON {_same(key)}
  WHERE n._version IS NULL OR o._version >= n._version)"""
