"""Which ads say this, in whatever disguise, and who catches them already?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import KW_ONLY, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa

from shroff.domain.calendar import parse_period
from shroff.domain.slices import Period
from shroff.errors import ConfigError, DataError
from shroff.measure.decided import record_sql
from shroff.measure.families import Query
from shroff.rules.ad_scan import SPOTS, SpotDetector, ads_sql, texts_read
from shroff.rules.clauses import AllOf
from shroff.rules.compile import compiled
from shroff.rules.found import OPEN, Disguise, Found, FoundAd, Part, Spot
from shroff.rules.query import parse_query
from shroff.rules.rule import Pack, Rule
from shroff.rules.scratch_hits import attached
from shroff.store.engine import Engine
from shroff.store.sql import ident, literal, literals

__all__ = ["Reads", "Search", "browse", "find", "submitted_days", "submitted_sql"]

Reads: TypeAlias = Callable[[int, int], None]
"""Told how many ads were read, of how many; what it raises ends the search."""

_TOP = 5
_AT_ONCE = 1 << 14
_ADS_SQL = """
WITH {record}
SELECT a.ad_id, a.ad_version, a.advertiser_id, a.market, a.language, a.created_at,
       f.plain, d.action, COALESCE(i.impressions, 0) AS impressions,
       COALESCE(i.spend, 0) AS spend, CASE WHEN h.ad_id IS NULL THEN 0 ELSE 1 END AS hit
FROM ads AS a
JOIN ({chosen}) AS f
  ON a.ad_id = f.ad_id AND a.ad_version = f.ad_version
LEFT JOIN (SELECT ad_id, ad_version, action FROM record WHERE _first = 1) AS d
  ON a.ad_id = d.ad_id AND a.ad_version = d.ad_version
LEFT JOIN (SELECT ad_id, SUM(CAST(impressions AS DOUBLE)) AS impressions,
                  SUM(CAST(spend AS DOUBLE)) AS spend
           FROM impressions GROUP BY ad_id) AS i
  ON a.ad_id = i.ad_id
LEFT JOIN (SELECT DISTINCT ad_id, COALESCE(ad_version, 1) AS ad_version
           FROM hits WHERE NOT COALESCE(shadow, FALSE)) AS h
  ON a.ad_id = h.ad_id AND a.ad_version = h.ad_version
"""
_SPOTTED_SQL = """SELECT ad_id, ad_version, MAX(CASE WHEN evasion IN ({open}) THEN 1 ELSE 0 END) AS plain
      FROM found_spots GROUP BY ad_id, ad_version"""
_DECIDED_SQL = """SELECT ad_id, ad_version, 1 AS plain FROM record
      WHERE decided_at >= {first} AND decided_at < {end} GROUP BY ad_id, ad_version"""
_TOTALS_SQL = """
SELECT COUNT(*) AS ads, COUNT(DISTINCT advertiser_id) AS advertisers,
       CAST(MIN(created_at) AS DATE) AS first_day, CAST(MAX(created_at) AS DATE) AS last_day,
       COALESCE(SUM(CASE WHEN plain = 0 THEN 1 ELSE 0 END), 0) AS hidden,
       COALESCE(SUM(hit), 0) AS caught,
       COALESCE(SUM(CASE WHEN hit = 0 AND action = 'approve' THEN 1 ELSE 0 END), 0) AS missed
FROM found_ads
"""
_REACH_SQL = """
SELECT COALESCE(SUM(impressions), 0) AS impressions, COALESCE(SUM(spend), 0) AS spend
FROM (SELECT ad_id, MAX(impressions) AS impressions, MAX(spend) AS spend
      FROM found_ads GROUP BY ad_id) AS served
"""
_DETECTORS_SQL = """
SELECT h.detector AS name, COUNT(*) AS ads
FROM found_ads AS a
JOIN (SELECT DISTINCT ad_id, COALESCE(ad_version, 1) AS ad_version, detector
      FROM hits WHERE NOT COALESCE(shadow, FALSE)) AS h
  ON a.ad_id = h.ad_id AND a.ad_version = h.ad_version
GROUP BY h.detector
ORDER BY ads DESC, name
"""
_DISGUISES_SQL = """
SELECT evasion, COUNT(*) AS ads, MIN(ad_id) AS example
FROM (SELECT DISTINCT evasion, ad_id, ad_version FROM found_spots) AS ways
GROUP BY evasion
ORDER BY ads DESC, evasion
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What to search for.

    Parameters
    ----------
    query : str
        One line in the language of rules.
    period : Period or None
        Days on which ads were submitted; None for all.
    limit : int
        Ads to show.
    reads : Reads or None
        Told how far it is.
    """

    query: str
    period: Period | None = None
    limit: int = 20
    reads: Reads | None = None


def find(engine: Engine, search: Search, *, lake: Path) -> Found:
    """Search all ads.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    search : Search
        What to search for.
    lake : Path
        Folder of the lake.

    Returns
    -------
    Found
        The ads: how many, since when, whose, what they served, who catches them already, how the
        words are hidden, and some of them.

    Raises
    ------
    ConfigError
        If the limit is negative.
    RuleError
        If the query cannot be read.
    """
    if search.limit < 0:
        raise ConfigError("a limit below zero", where="limit", hint="0 shows no ad")
    rule = parse_query(search.query)
    detector = SpotDetector(compiled([Pack(id="find", rules=(rule,))]))
    sql = ads_sql(engine, [rule], source=submitted_sql(search.period))
    scanned = _submitted(engine, search.period)
    spots = engine.detect(sql, detector, rows=_AT_ONCE)
    if search.reads:
        spots = _told(spots, scanned, search.reads)
    with attached(engine, "found_spots", spots, columns=SPOTS, lake=lake):
        chosen = _SPOTTED_SQL.format(open=literals(["", *sorted(OPEN)]))
        asked = [Query("ads that are read", sql)]
        return _Finding(engine, search, rule, asked, scanned=scanned).run(chosen)


def browse(engine: Engine, search: Search) -> Found:
    """List the ads that the machine decided on in a period, whatever they say.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    search : Search
        Days of decisions, which have to be named, and how many ads to show; its query is empty.

    Returns
    -------
    Found
        As for `find`, without a match: nothing is scanned.

    Raises
    ------
    ConfigError
        If there is a query, or no period.
    """
    if search.query or search.period is None:
        raise ConfigError("a list of ads is of some days, and looks for nothing", where="query")
    engine.attach("found_spots", [], SPOTS)
    first, end = _ends(search.period)
    every = Rule("all", AllOf(()))
    finding = _Finding(engine, search, every, [], scanned=0)
    return finding.run(_DECIDED_SQL.format(first=first, end=end))


def _told(batches: Iterator[pa.RecordBatch], total: int, reads: Reads) -> Iterator[pa.RecordBatch]:
    """Tell how many ads were read; where workers read them, that comes in leaps."""
    reads(0, total)
    for number, batch in enumerate(batches, start=1):
        reads(min(number * _AT_ONCE, total), total)
        yield batch


def _submitted(engine: Engine, period: Period | None) -> int:
    sql = f"SELECT COUNT(*) AS n FROM {submitted_sql(period)}"
    return int(engine.query(sql).column("n")[0].as_py())


def _ends(period: Period) -> tuple[str, str]:
    """Write the first instant of a period, and the one after its last."""
    days = (
        datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (period.start, period.end)
    )
    first, end = map(literal, days)
    return first, end


def submitted_days(engine: Engine, period: str | Period, *, week_starts: str) -> Period | None:
    """Read on which days the ads of a search were submitted.

    Parameters
    ----------
    engine : Engine
        Where the ads are.
    period : str or Period
        E.g. ``2026-W20`` or ``last-month``; empty or ``all`` for any day.
    week_starts : str
        First day of a week.

    Returns
    -------
    Period or None
        The days; None for any.

    Raises
    ------
    DataError
        If there is no ad from whose days the period could be told.
    """
    if not period or period == "all":
        return None
    if isinstance(period, Period):
        return period
    days = engine.query(
        "SELECT CAST(MIN(created_at) AS DATE) AS first_day,"
        " CAST(MAX(created_at) AS DATE) AS last_day FROM ads"
    ).to_pylist()[0]
    if days["first_day"] is None:
        raise DataError("there is no ad", where="ads", hint="shroff ingest ads FILES")
    return parse_period(
        period, first=days["first_day"], last=days["last_day"], week_starts=week_starts
    )


def submitted_sql(period: Period | None) -> str:
    """Write what stands for the ads that were submitted in a period; None for all."""
    if period is None:
        return "ads"
    first, end = _ends(period)
    return f"(SELECT * FROM ads WHERE created_at >= {first} AND created_at < {end}) AS submitted"


@dataclass(frozen=True, slots=True)
class _Finding:
    """One search under way; ``found_spots`` stands."""

    engine: Engine
    search: Search
    rule: Rule
    queries: list[Query]
    _: KW_ONLY
    scanned: int

    def run(self, chosen: str) -> Found:
        """Count the ads that a query over ``record`` chooses, and read some of them."""
        self._stand(chosen)
        totals, reach = self._asked("ads", _TOTALS_SQL)[0], self._asked("reach", _REACH_SQL)[0]
        disguises, shown = self._texts()
        return Found(
            query=self.search.query,
            rule=self.rule,
            period=self.search.period,
            scanned=self.scanned or int(totals["ads"]),
            ads=int(totals["ads"]),
            advertisers=int(totals["advertisers"]),
            first=str(totals["first_day"] or ""),
            last=str(totals["last_day"] or ""),
            weeks=self._parts("CAST(DATE_TRUNC('week', created_at) AS DATE)", most=None),
            markets=self._parts("market"),
            languages=self._parts("language"),
            top_advertisers=self._parts("advertiser_id"),
            actions=self._parts("action"),
            detectors=tuple(map(_part, self._asked("live detectors", _DETECTORS_SQL))),
            impressions=float(reach["impressions"]),
            spend=float(reach["spend"]),
            caught=int(totals["caught"]),
            missed=int(totals["missed"]),
            hidden=int(totals["hidden"]),
            disguises=disguises,
            shown=shown,
            queries=tuple(self.queries),
            snapshot=dict(self.engine.snapshot),
        )

    def _stand(self, chosen: str) -> None:
        sql = _ADS_SQL.format(record=record_sql([]), chosen=chosen)
        self.queries.append(Query("ads that match", sql))
        self.engine.materialise("found_ads", sql)

    def _asked(self, title: str, sql: str) -> list[dict[str, Any]]:
        self.queries.append(Query(title, sql))
        found: list[dict[str, Any]] = self.engine.query(sql).to_pylist()
        return found

    def _parts(self, key: str, *, most: int | None = _TOP) -> tuple[Part, ...]:
        """Count the ads by a key: those with most ads, or all in their order."""
        order = "name" if most is None else "ads DESC, name"
        limit = "" if most is None else f" LIMIT {most}"
        found = self.engine.query(
            f"SELECT CAST({key} AS VARCHAR) AS name, COUNT(*) AS ads FROM found_ads"
            f" GROUP BY CAST({key} AS VARCHAR) ORDER BY {order}{limit}"
        )
        return tuple(map(_part, found.to_pylist()))

    def _texts(self) -> tuple[tuple[Disguise, ...], tuple[FoundAd, ...]]:
        """Read the ads that are shown, and one for each disguise."""
        ways = self._asked("disguises", _DISGUISES_SQL)
        wanted = (
            "SELECT ad_id, ad_version FROM (SELECT ad_id, ad_version FROM found_ads"
            " ORDER BY impressions DESC, created_at DESC, ad_id, ad_version"
            f" LIMIT {self.search.limit}) AS most"
        )
        if ways:
            examples = literals(dict.fromkeys(str(way["example"]) for way in ways))
            wanted += f" UNION SELECT ad_id, ad_version FROM found_ads WHERE ad_id IN ({examples})"
        self.engine.materialise("found_shown", wanted)
        ads = self._read()
        disguises = tuple(
            Disguise(kinds, int(way["ads"]), _example(ads, str(way["example"]), kinds))
            for way in ways
            for kinds in [_kinds(way["evasion"])]
        )
        return disguises, tuple(ads[: self.search.limit])

    def _read(self) -> list[FoundAd]:
        """Read ads with their texts, those seen most first."""
        spots: dict[tuple[str, int], list[Spot]] = {}
        for row in self.engine.query(
            'SELECT s.ad_id, s.ad_version, s.field, s.start, s."end", s.evasion'
            " FROM found_spots AS s JOIN found_shown AS w"
            " ON s.ad_id = w.ad_id AND s.ad_version = w.ad_version"
            ' ORDER BY s.ad_id, s.ad_version, s.field, s.start, s."end"'
        ).to_pylist():
            if row["field"] is None:  # it matches by what is not there
                continue
            spot = Spot(row["field"], int(row["start"]), int(row["end"]), _kinds(row["evasion"]))
            spots.setdefault((row["ad_id"], int(row["ad_version"])), []).append(spot)
        known = self.engine.columns("ads")
        fields = [name for name in texts_read([self.rule]) if name in known]
        listed = "".join(f", a.{ident(name)} AS {ident(f'text_{name}')}" for name in fields)
        found = self.engine.query(
            "SELECT f.ad_id, f.ad_version, f.market, f.language, f.advertiser_id, f.action,"
            f" f.impressions{listed} FROM found_ads AS f"
            " JOIN found_shown AS w ON f.ad_id = w.ad_id AND f.ad_version = w.ad_version"
            " JOIN ads AS a ON f.ad_id = a.ad_id AND f.ad_version = a.ad_version"
            " ORDER BY f.impressions DESC, f.created_at DESC, f.ad_id, f.ad_version"
        )
        return [_ad(row, fields, spots) for row in found.to_pylist()]


def _ad(
    row: dict[str, Any], fields: list[str], spots: dict[tuple[str, int], list[Spot]]
) -> FoundAd:
    mine = tuple(spots.get((row["ad_id"], int(row["ad_version"])), ()))
    matching = {spot.field for spot in mine}
    return FoundAd(
        ad_id=row["ad_id"],
        ad_version=int(row["ad_version"]),
        market=row["market"],
        language=row["language"],
        advertiser=row["advertiser_id"],
        action=row["action"],
        impressions=float(row["impressions"]),
        texts={
            name: row[f"text_{name}"] or "" for name in fields if name in matching or not matching
        },
        spots=mine,
    )


def _example(ads: list[FoundAd], ad_id: str, kinds: tuple[str, ...]) -> FoundAd | None:
    mine = [ad for ad in ads if ad.ad_id == ad_id]
    return next((ad for ad in mine if any(s.evasion == kinds for s in ad.spots)), None)


def _kinds(told: str) -> tuple[str, ...]:
    return tuple(filter(None, told.split("+")))


def _part(row: dict[str, Any]) -> Part:
    return Part(row["name"], int(row["ads"]))
