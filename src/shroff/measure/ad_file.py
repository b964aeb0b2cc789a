"""What is known of one ad: each of its versions, and everything the logs say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from shroff.errors import DataError
from shroff.measure.truth import TRUTH_SQL
from shroff.store.engine import Engine
from shroff.store.schema import TABLES, Table
from shroff.store.sql import ident, literal

__all__ = ["AD_LOGS", "AdFile", "LogRow", "ad_file"]

LogRow: TypeAlias = Mapping[str, Any]
"""A row of a log, by column."""

AD_LOGS = (
    "decisions", "scores", "judgements", "hits", "reviews", "appeals", "reports", "impressions",
)  # fmt: skip
"""Logs that tell of single ads, beside that of the ads themselves."""

_MOST = 2000
_COPIES = 20
_SHARED = ("creative_hash", "landing_final_url", "landing_url")


@dataclass(frozen=True, slots=True, kw_only=True)
class AdFile:
    """Everything that is known of one ad.

    Parameters
    ----------
    ad_id : str
        The ad.
    versions : tuple of mapping
        Its versions, oldest first, with every column of the log of ads.
    logs : mapping
        For each log of `AD_LOGS` the rows about this ad, in the order of their time.
    cut : tuple of str
        Logs of which only the newest rows are given.
    truth : mapping
        By version, what the reviews that are believed say: ``violating``, ``policies``, ``tier``.
    alike : mapping
        By column that tells copies, other ads with the same value in their newest version.
    snapshot : mapping
        Version of the lake each table was read at.
    """

    ad_id: str
    versions: tuple[LogRow, ...]
    logs: Mapping[str, tuple[LogRow, ...]]
    cut: tuple[str, ...]
    truth: Mapping[int, LogRow]
    alike: Mapping[str, tuple[LogRow, ...]]
    snapshot: Mapping[str, int]


def ad_file(engine: Engine, ad_id: str) -> AdFile:
    """Gather what is known of an ad.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    ad_id : str
        The ad.

    Returns
    -------
    AdFile
        Its versions, what was decided, scored, judged, hit, reviewed, appealed and reported, what
        it served, and which other ads have the same creative or landing page.

    Raises
    ------
    DataError
        If no log knows the ad.
    """
    versions = _rows(engine, TABLES["ads"], ad_id)
    read = {name: _rows(engine, TABLES[name], ad_id) for name in AD_LOGS}
    if not versions and not any(read.values()):
        raise DataError(
            f"no log knows an ad {ad_id!r}",
            where="ad",
            hint="see how its id is written in the log, or whether its advertiser was forgotten",
        )
    return AdFile(
        ad_id=ad_id,
        versions=tuple(sorted(versions, key=lambda row: int(row["ad_version"] or 1))),
        logs={name: tuple(found[-_MOST:]) for name, found in read.items()},
        cut=tuple(name for name, found in read.items() if len(found) > _MOST),
        truth=_truth(engine, ad_id),
        alike={name: _alike(engine, name, ad=versions[-1]) for name in _SHARED}
        if versions
        else {},
        snapshot=dict(engine.snapshot),
    )


def _rows(engine: Engine, table: Table, ad_id: str) -> list[dict[str, Any]]:
    """Read what a log says of an ad, oldest first; one row more than is given tells that it was cut."""
    known = engine.columns(table.name)
    order = [name for name in (table.time, *table.key) if name in known]
    down = ", ".join(f"{ident(name)} DESC" for name in order)
    found = engine.query(
        f"SELECT * FROM {ident(table.name)} WHERE ad_id = {literal(ad_id)}"
        f" ORDER BY {down} LIMIT {_MOST + 1}"
    )
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows[::-1]


def _truth(engine: Engine, ad_id: str) -> dict[int, LogRow]:
    found = engine.query(
        f"SELECT * FROM ({TRUTH_SQL}) AS truth WHERE ad_id = {literal(ad_id)} ORDER BY ad_version"
    )
    return {int(row["ad_version"]): row for row in found.to_pylist()}


def _alike(engine: Engine, column: str, *, ad: LogRow) -> tuple[LogRow, ...]:
    """List other ads with the same value, newest first."""
    value = ad.get(column)
    if not value:
        return ()
    found = engine.query(
        "SELECT ad_id, MAX(advertiser_id) AS advertiser_id, MAX(market) AS market,"
        " MAX(created_at) AS created_at FROM ads"
        f" WHERE {ident(column)} = {literal(str(value))} AND ad_id <> {literal(str(ad['ad_id']))}"
        f" GROUP BY ad_id ORDER BY created_at DESC, ad_id LIMIT {_COPIES + 1}"
    )
    return tuple(found.to_pylist())
