"""Logs of any length, fast: a hundred days of decisions written straight into a workspace's lake.

Every ad is a number, and all that is random about it a hash of that number and a seed: any day can be
written on its own, the same whenever it is written. A day holds what a platform logs on that
day: its ads with their decisions and scores, edits of the day before, reviews decided today (those
that were open last night as corrections), the audit, appeals, reports, and the impressions of all ads
of the last week.

What is made up: shares of actions, reviews and edits are near those of ``shroff demo``; impressions
have a heavy tail. Texts repeat, so ads are smaller on disk than real ones; nothing here reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from benchmarks.scale_sql import BASE, DAILY, ONCE, SERVED

from shroff.store.connection import Connection, connect
from shroff.store.delta import NewFile
from shroff.store.lake import Lake, new_ingest_id
from shroff.store.parquet import write_many
from shroff.store.plan import content_of
from shroff.store.schema import TABLES
from shroff.store.sql import ident, idents

__all__ = ["ADS_PER_DECISION", "DAYS", "FIRST_DAY", "make_workspace", "write_days"]

DAYS = 100
FIRST_DAY = date(2026, 1, 5)
ADS_PER_DECISION = 1 / 1.2407
_LOOK_BACK = 6
_BOOKKEEPING = {
    "_version": "BIGINT",
    "_hash": "BIGINT",
    "_ingest": "VARCHAR",
    "_ingested_at": "TIMESTAMPTZ",
}
_EXTRA = {"ads": {"account_age_days": "BIGINT"}, "decisions": {"score": "DOUBLE"}}

SETTINGS = """[workspace]
name = "Scale"

[engine]
memory_gb = {memory_gb}

[slices]
columns = ["market", "language", "industry", "format"]

[designs.audit]
kind = "poisson"
basis = "logged"
queues = ["audit"]
stratum = "action"

[designs.queue]
kind = "census"
basis = "certain"
queues = ["west", "east"]
queue_reasons = ["model", "rule"]

[goals.leakage]
at_most = 0.04

[goals.reject_precision]
at_least = 0.8
"""


def make_workspace(folder: Path, *, memory_gb: float) -> Lake:
    """Make an empty workspace and give its lake."""
    folder.mkdir(parents=True)
    (folder / "shroff.toml").write_text(SETTINGS.format(memory_gb=memory_gb), encoding="utf-8")
    return Lake(folder / "lake")


def write_days(
    lake: Lake,
    *,
    decisions: int,
    days: Iterable[int],
    seed: int = 1,
    memory_gb: float = 2.0,
    more: str = "",
) -> dict[str, int]:
    """Write some of the hundred days, a file a day, in one commit a table; day 0 brings the small tables.

    Parameters
    ----------
    lake : Lake
        Where to.
    decisions : int
        Rows of decisions that all hundred days have together, nearly.
    days : iterable of int
        Days to write, ascending, from 0 to 99.
    seed : int
        Seed of all hashes.
    memory_gb : float
        Memory the writer may use.
    more : str
        Query of further decisions of a day; none when empty.

    Returns
    -------
    dict of int
        Rows written to each table.
    """
    a_day = max(round(decisions * ADS_PER_DECISION / DAYS), 1)
    files: dict[str, list[NewFile]] = {name: [] for name in TABLES}
    work = new_ingest_id()
    with (
        lake.lock(),
        lake.staging(work) as folder,
        closing(connect(spill=folder / "spill", memory_gb=memory_gb)) as con,
    ):
        for day in _with_neighbours(con, days, a_day=a_day, seed=seed):
            for name, query in _queries(day, seed=seed, more=more):
                stored = _stored(name, query, work=work, day=day)
                files[name] += write_many(con, stored, folder=folder / f"{name}-{day}")
        for name, fresh in files.items():
            if fresh:
                columns = {**_columns(name), **_BOOKKEEPING}
                lake.publish(name, fresh, columns=columns, work=work)
    return {name: sum(file.rows for file in fresh) for name, fresh in files.items()}


def _with_neighbours(
    con: Connection, days: Iterable[int], *, a_day: int, seed: int
) -> Iterator[int]:
    """Give day after day, with the ads of the week up to it at hand."""
    made: set[int] = set()
    for day in days:
        near = set(range(max(day - _LOOK_BACK, 0), day + 1))
        for each in sorted(near - made):
            _make_base(con, each, a_day=a_day, seed=seed)
        for each in made - near:
            con.execute(f"DROP TABLE base_{each}")
            con.execute(f"DROP TABLE served_{each}")
        made = near
        yield day


def _make_base(con: Connection, day: int, *, a_day: int, seed: int) -> None:
    about = {"day": day, "a_day": a_day, "seed": seed, "start": _start(day)}
    con.execute(f"CREATE OR REPLACE TEMP TABLE base_{day} AS {BASE.format(**about)}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE served_{day} AS {SERVED.format(**about)}")


def _start(day: int) -> str:
    return f"TIMESTAMPTZ '{FIRST_DAY + timedelta(days=day)} 00:00:00+00'"


def _queries(day: int, *, seed: int, more: str) -> Iterator[tuple[str, str]]:
    before = f"base_{day - 1}" if day else f"(SELECT * FROM base_{day} WHERE FALSE)"
    served = "\nUNION ALL\n".join(
        f"SELECT *, {lag} AS lag FROM served_{day - lag} WHERE life > {lag}"
        for lag in range(min(day, _LOOK_BACK) + 1)
    )
    shown = {
        "base": f"base_{day}",
        "before": before,
        "served": f"({served})",
        "day": day,
        "date": f"DATE '{FIRST_DAY + timedelta(days=day)}'",
        "start": _start(day),
        "seed": seed,
    }
    for name, query in (*DAILY.items(), *(ONCE.items() if day == 0 else ())):
        whole = f"{query}\nUNION ALL\n{more}" if more and name == "decisions" else query
        yield name, whole.format(**shown)


def _columns(name: str) -> dict[str, str]:
    canonical = {column.name: str(column.kind) for column in TABLES[name].columns}
    return {**canonical, **_EXTRA.get(name, {})}


def _stored(name: str, query: str, *, work: str, day: int) -> str:
    """Cast to the lake's columns and add its own, the content hash as an ingest computes it."""
    columns = _columns(name)
    at = datetime.combine(FIRST_DAY, datetime.min.time(), UTC) + timedelta(days=day + 1, hours=1)
    version = "_version" if name == "reviews" else "CAST(1 AS BIGINT) AS _version"
    typed = ", ".join(
        f"CAST({ident(column)} AS {kind}) AS {ident(column)}" for column, kind in columns.items()
    )
    return (
        f"SELECT {idents(columns)}, {version}, "
        f"{content_of(TABLES[name], columns)} AS _hash, '{work}' AS _ingest, "
        f"TIMESTAMPTZ '{at.isoformat()}' AS _ingested_at "
        f"FROM (SELECT {typed}{', _version' * (name == 'reviews')} FROM ({query}))"
    )
