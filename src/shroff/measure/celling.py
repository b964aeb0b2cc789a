"""From rows to cells: the queries that count ads, exposure and scores by day.

All that happens to an ad is joined by its id. So the same queries count all ads, a part of them
chosen by their id, or only those whose rows changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shroff.measure.cubing import Cubing
from shroff.measure.decided import FACTS, Sources, facts_sql, joins_sql, record_sql
from shroff.measure.ground import SCENES, bits_sql, own_column, supposed_sql
from shroff.measure.population import week_sql
from shroff.store.sql import ident, idents

__all__ = [
    "CELL_SUMS", "SCORE_BINS", "SCORE_KEYS", "cells_sql", "coded_sql", "codes_sql",
    "exposed_fine_sql", "fine_sql", "frame_sql", "netted_sql", "records_sql",
    "scores_sql", "shown_sql",
]  # fmt: skip

CELL_SUMS = {
    "ads": "BIGINT",
    "shows": "BIGINT",
    "impressions": "DOUBLE",
    "pays": "BIGINT",
    "spend": "DOUBLE",
}
"""What cells add up: ads decided; days an ad was shown and impressions; days it spent and spend."""

SCORE_KEYS = {
    "day": "DATE",
    "model": "VARCHAR",
    "version": "VARCHAR",
    "policy_id": "VARCHAR",
    "shadow": "BOOLEAN",
    "action": "VARCHAR",
    "market": "VARCHAR",
    "bin": "BIGINT",
}
"""What scores are counted by; for the bins see `scores_sql`."""

SCORE_BINS = 1000
"""Bins of scores from 0 to 1."""
_BASE = ("ad_id", "ad_version", "market", "_first", "from_day", "to_day", "decision_day", "week")

_RECORDS = """
WITH {record},
{facts}
SELECT {chosen}
FROM (
  SELECT r.ad_id, r.ad_version, r._first, r.from_day, r.to_day,
         CAST(r.decided_at AS DATE) AS decision_day, {week} AS week,
         COALESCE(r.market, a.market) AS market, {columns}
  FROM record AS r{joins}
) AS joined
"""

_CODES = """
SELECT ROW_NUMBER() OVER (ORDER BY {columns}) AS code,
       DENSE_RANK() OVER (ORDER BY action, market) AS mark, {columns}
FROM (SELECT DISTINCT {columns} FROM {records}) AS alike
"""

_CODED = """
SELECT r.ad_id, r.ad_version, r._first, r.from_day, r.to_day, r.decision_day, c.code, c.mark
FROM {records} AS r
JOIN {codes} AS c ON {same}
"""

_EXPOSED = """
SELECT i.ad_id, r.ad_version, i.day,
       CASE WHEN r.decision_day > i.day THEN r.decision_day ELSE i.day END AS since,
       {code}CAST(COALESCE(i.impressions, 0) AS DOUBLE) AS impressions,
       CAST(COALESCE(i.spend, 0) AS DOUBLE) AS spend
FROM {impressions} AS i
JOIN {coded} AS r
  ON i.ad_id = r.ad_id AND i.day >= r.from_day AND i.day < r.to_day
WHERE r._first = 1"""

_FINE_DECIDED = """
SELECT decision_day AS day, decision_day AS since, FALSE AS shown, code,
       COUNT(*) AS ads, 0 AS shows, CAST(0 AS DOUBLE) AS impressions, 0 AS pays,
       CAST(0 AS DOUBLE) AS spend
FROM {coded}
GROUP BY decision_day, code
"""

_FINE_EXPOSED = """
SELECT day, since, TRUE AS shown, code, 0 AS ads,
       {sign} * SUM(CASE WHEN impressions > 0 THEN 1 ELSE 0 END) AS shows,
       {sign} * SUM(impressions) AS impressions,
       {sign} * SUM(CASE WHEN spend > 0 THEN 1 ELSE 0 END) AS pays,
       {sign} * SUM(spend) AS spend
FROM ({exposed}) AS exposed
GROUP BY day, since, code
"""

_CUT = """
SELECT {number} AS _cut, day, since, shown, {shown}, {sums}
FROM {fine} AS f
JOIN {codes} AS c ON f.code = c.code
GROUP BY day, since, shown, {names}"""

_NETTED = """
SELECT {keys}, {sums}
FROM {source}
GROUP BY {keys}
HAVING {some}
"""

# ISNAN and no comparison: a file's smallest and largest value leave NaN out, and DuckDB trusts them
# TRY_CAST: DuckDB may work the last branch out for values that an earlier one takes
_SCORES = """
SELECT b.day, b.model, b.version, b.policy_id, b.shadow, c.action,
       CASE WHEN b.policy_id IS NULL THEN c.market END AS market, b.bin, SUM(b.n) AS n
FROM (
  SELECT day, model, version, policy_id, shadow, mark, bin, COUNT(*) AS n
  FROM (
    SELECT r.decision_day AS day, s.model, s.version, s.policy_id,
           COALESCE(s.shadow, FALSE) AS shadow, r.mark,
           CASE WHEN s.score IS NULL THEN -2
                WHEN ISNAN(s.score) THEN -3
                WHEN s.score < 0 THEN -1
                WHEN s.score > 1 THEN {bins}
                WHEN s.score = 1 THEN {bins} - 1
                ELSE TRY_CAST(FLOOR(s.score * {bins}) AS BIGINT) END AS bin
    FROM {scores} AS s
    JOIN {coded} AS r ON s.ad_id = r.ad_id AND s.ad_version = r.ad_version
    WHERE r._first = 1
  ) AS binned
  GROUP BY day, model, version, policy_id, shadow, mark, bin
) AS b
JOIN (SELECT DISTINCT mark, action, market FROM {codes}) AS c ON b.mark = c.mark
GROUP BY b.day, b.model, b.version, b.policy_id, b.shadow, c.action,
         CASE WHEN b.policy_id IS NULL THEN c.market END, b.bin
"""


def _record_columns(
    cubing: Cubing, own: Mapping[str, Mapping[str, str]], *, among: frozenset[str] | None
) -> tuple[list[str], list[str]]:
    """Name the columns of decisions to read, and write those of decisions and ads to show."""

    def wanted(name: str) -> bool:
        return name != "market" and (among is None or name.lower() in among)

    decisions = {n: own["decisions"][n] for n in cubing.decisions if wanted(n)}
    ads = {n: own["ads"][n] for n in cubing.ads if wanted(n) and n not in cubing.decisions}
    shown = [f"r.{ident(column)} AS {ident(name)}" for name, column in decisions.items()]
    shown += [f"a.{ident(column)} AS {ident(name)}" for name, column in ads.items()]
    shown += [f"{fact} AS {name}" for name, fact in FACTS.items()]
    return list(decisions.values()), shown


def _records(
    cubing: Cubing,
    own: Mapping[str, Mapping[str, str]],
    *,
    sources: Sources,
    chosen: str,
    among: frozenset[str] | None,
) -> str:
    read, shown = _record_columns(cubing, own, among=among)
    return _RECORDS.format(
        record=record_sql(read, sources=sources),
        facts=facts_sql(sources),
        joins=joins_sql(sources),
        week=week_sql("r.decided_at", cubing.week_starts),
        columns=",\n         ".join(shown),
        chosen=chosen,
    )


def records_sql(cubing: Cubing, own: Mapping[str, Mapping[str, str]], *, sources: Sources) -> str:
    """Write the query for records with the columns that cells need, narrow.

    Parameters
    ----------
    cubing : Cubing
        Which cubes are kept.
    own : mapping
        For decisions and ads, the log's name of each column of theirs.
    sources : mapping
        What stands for each log.

    Returns
    -------
    str
        A SELECT with one row an ad version and market.
    """
    among = cubing.needed()
    base = [*_BASE, *(n for n in [*cubing.decisions, *cubing.ads] if n.lower() in among)]
    base = list(dict.fromkeys((*base, *FACTS)))
    inner = _records(cubing, own, sources=sources, chosen=idents(base), among=among)
    made = [f"({sql}) AS {ident(name)}" for name, sql in cubing.derived.items()]
    source = f"(SELECT {', '.join(['joined.*', *made])} FROM ({inner}) AS joined) AS p"
    source = _read(cubing, source, columns=[*base, *cubing.derived])
    chosen = dict.fromkeys((*_BASE, *cubing.columns))
    return f"SELECT {', '.join(f'p.{ident(name)}' for name in chosen)} FROM {source}"


def _read(cubing: Cubing, source: str, *, columns: list[str]) -> str:
    """Add how the conditions of the user's own metrics read, supposition by supposition."""
    known = list(columns)
    for reading, scenes in SCENES.items():
        mine = {m: (a, b) for m, (a, b, how) in cubing.own.items() if how is reading}
        for number, scene in enumerate(scenes if mine else ()):
            read = {own_column(m, number): bits_sql(a, b) for m, (a, b) in mine.items()}
            source = supposed_sql(source, known, scene=scene, read=read)
            known += read
    return source


def frame_sql(cubing: Cubing, own: Mapping[str, Mapping[str, str]], *, sources: Sources) -> str:
    """Write the query for records with every column of the ads, of those a person looked at.

    Parameters
    ----------
    cubing : Cubing
        Which cubes are kept.
    own : mapping
        For decisions and ads, the log's name of each column of theirs.
    sources : mapping
        What stands for each log; the ads looked at only.

    Returns
    -------
    str
        A SELECT with one row an ad version and market.
    """
    return _records(cubing, own, sources=sources, chosen="joined.*", among=None)


def codes_sql(cubing: Cubing, *, records: str) -> str:
    """Write the query that numbers the ways in which ads can be alike."""
    return _CODES.format(columns=idents(cubing.columns), records=records)


def coded_sql(cubing: Cubing, *, records: str, codes: str) -> str:
    """Write the query for records that carry the number of what they are like, and no more."""
    same = " AND ".join(
        f"r.{ident(name)} IS NOT DISTINCT FROM c.{ident(name)}" for name in cubing.columns
    )
    return _CODED.format(records=records, codes=codes, same=same)


def shown_sql(coded: str, *, impressions: str) -> str:
    """Write the query for what each ad version was shown each day."""
    return _EXPOSED.format(code="", coded=coded, impressions=impressions)


def fine_sql(coded: str, *, impressions: str) -> str:
    """Write the query that counts ads and exposure by day and what they are like.

    Parameters
    ----------
    coded : str
        Table of `coded_sql`.
    impressions : str
        What stands for the log.

    Returns
    -------
    str
        A SELECT.
    """
    exposed = exposed_fine_sql(coded, impressions=impressions)
    return f"{_FINE_DECIDED.format(coded=coded)}UNION ALL{exposed}"


def exposed_fine_sql(coded: str, *, impressions: str, sign: int = 1) -> str:
    """Write the query that counts exposure alone by day and what ads are like.

    Parameters
    ----------
    coded : str
        Table of `coded_sql`.
    impressions : str
        What stands for the log.
    sign : int
        1 to add, -1 to take away.

    Returns
    -------
    str
        A SELECT.
    """
    exposed = _EXPOSED.format(code="r.code, ", coded=coded, impressions=impressions)
    return _FINE_EXPOSED.format(exposed=exposed, sign=sign)


def cells_sql(
    cubing: Cubing, types: Mapping[str, str], *, fine: str, codes: str, sign: int = 1
) -> str:
    """Write the query that adds cells up, cube by cube.

    Parameters
    ----------
    cubing : Cubing
        Which cubes are kept.
    types : mapping
        Type of each of their columns.
    fine, codes : str
        Tables of `fine_sql` and `codes_sql`.
    sign : int
        1 to add, -1 to take away.

    Returns
    -------
    str
        A SELECT with the number of the cube, its day, values and sums.
    """
    sums = ", ".join(
        f"CAST({sign} * SUM({name}) AS {kind}) AS {name}" for name, kind in CELL_SUMS.items()
    )
    parts = []
    for number, cut in enumerate(cubing.cuts):
        own = {*cubing.keys, *cut}
        shown = [
            ident(name) if name in own else f"CAST(NULL AS {types[name]}) AS {ident(name)}"
            for name in cubing.columns
        ]
        names = idents(name for name in cubing.columns if name in own)
        parts.append(
            _CUT.format(
                number=number,
                shown=", ".join(shown),
                sums=sums,
                fine=fine,
                codes=codes,
                names=names,
            )
        )
    return "\nUNION ALL\n".join(parts)


def netted_sql(source: str, *, keys: Sequence[str], sums: Mapping[str, str]) -> str:
    """Write the query that adds signed cells up and leaves out what comes to nothing.

    Parameters
    ----------
    source : str
        Table, or query in parentheses with an alias.
    keys : sequence of str
        Columns of the cells.
    sums : mapping
        What they add up, with its type.

    Returns
    -------
    str
        A SELECT.

    Notes
    -----
    Spend is a sum of floats, and what is added and taken away again may leave a trace: it counts
    as nothing where no ad spends.
    """
    shown = [f"CAST(SUM({name}) AS {kind}) AS {name}" for name, kind in sums.items()]
    some = " OR ".join(f"SUM({name}) <> 0" for name in sums)
    return _NETTED.format(keys=idents(keys), sums=", ".join(shown), source=source, some=some)


def scores_sql(coded: str, *, codes: str, scores: str) -> str:
    """Write the query that counts scores by day of the decision and bin.

    Parameters
    ----------
    coded, codes : str
        Tables of `coded_sql` and `codes_sql`.
    scores : str
        What stands for the log.

    Returns
    -------
    str
        A SELECT. Only scores over all policies are kept apart by market: policies by markets would
        be more cells than there are scores. Bin 0 to 999 is the score in thousandths, 1 among the last; -1 below 0, 1000
        above 1, -2 without a value, -3 not a number.
    """
    return _SCORES.format(bins=SCORE_BINS, coded=coded, codes=codes, scores=scores)
