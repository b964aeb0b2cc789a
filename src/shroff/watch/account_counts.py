"""What is counted of each account: its ads by action, labels by weight, appeals, review work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from shroff.domain.metrics import Weight
from shroff.domain.slices import Period
from shroff.measure.appeals import settled_sql
from shroff.measure.decided import facts_sql, record_sql
from shroff.measure.families import Query
from shroff.measure.population import dimensions
from shroff.measure.scorecard import Scorecard
from shroff.measure.truth import TRUTH_SQL
from shroff.stats.proportions import Floats
from shroff.store.engine import Engine
from shroff.store.sql import literal

__all__ = [
    "ACTED",
    "BEGAN",
    "NEW_DAYS",
    "AccountCounts",
    "count_accounts",
    "instant",
    "stand_accounts",
]

ACTED = ("approve", "review", "reject", "restrict")
"""Machine actions, in the order of the columns of `AccountCounts`."""

BEGAN = "account_began"
"""Session table: account, first and last decision, found violations."""

NEW_DAYS = 30
"""An account is new for so many days after its first ad."""

_BEGAN_SQL = """
WITH {record},
{facts},
truth_of AS ({truth}),
of_accounts AS (
  SELECT COALESCE(a.advertiser_id, '') AS advertiser_id, r.ad_id, r.ad_version, r.decided_at,
         CASE WHEN r.action = 'reject' OR (r.action = 'review' AND q.verdict = 'violating')
                   OR t.violating THEN 1 ELSE 0 END AS bad
  FROM record AS r
  JOIN ads AS a ON r.ad_id = a.ad_id AND r.ad_version = a.ad_version
  LEFT JOIN queue_outcome AS q
    ON r.ad_id = q.ad_id AND r.ad_version = q.ad_version AND q._last = 1
  LEFT JOIN truth_of AS t ON r.ad_id = t.ad_id AND r.ad_version = t.ad_version
),
found_bad AS (
  SELECT advertiser_id, ad_id, MIN(decided_at) AS found_at FROM of_accounts WHERE bad = 1
  GROUP BY advertiser_id, ad_id
),
numbered AS (
  SELECT advertiser_id, found_at,
         ROW_NUMBER() OVER (PARTITION BY advertiser_id ORDER BY found_at, ad_id) AS nth
  FROM found_bad
)
SELECT d.advertiser_id, d.began, d.ended, f.found_at AS first_bad, n.found_at AS next_bad
FROM (SELECT advertiser_id, MIN(decided_at) AS began, MAX(decided_at) AS ended
      FROM of_accounts GROUP BY advertiser_id) AS d
LEFT JOIN (SELECT advertiser_id, found_at FROM numbered WHERE nth = 1) AS f
  ON d.advertiser_id = f.advertiser_id
LEFT JOIN (SELECT advertiser_id, found_at FROM numbered WHERE nth = 2) AS n
  ON d.advertiser_id = n.advertiser_id
WHERE d.advertiser_id <> ''
"""

_ADS_SQL = """
WITH {record}
SELECT b.advertiser_id, {tenure} AS tenure,
       {actions},
       CAST(COUNT(*) AS DOUBLE) AS ads
FROM record AS r
JOIN ads AS a ON r.ad_id = a.ad_id AND r.ad_version = a.ad_version
JOIN account_began AS b ON a.advertiser_id = b.advertiser_id
WHERE r.decided_at >= {start}
GROUP BY b.advertiser_id, {tenure}
ORDER BY b.advertiser_id, tenure
"""

_LABELS_SQL = """
SELECT CAST(advertiser_id AS VARCHAR) AS advertiser_id, action,
       CAST(SUM(w) AS DOUBLE) AS w, CAST(SUM(w * w) AS DOUBLE) AS w2,
       CAST(SUM(CASE WHEN any_violating THEN w ELSE 0 END) AS DOUBLE) AS bad,
       CAST(SUM(CASE WHEN any_violating THEN 1 ELSE 0 END) AS DOUBLE) AS found,
       CAST(COUNT(*) AS DOUBLE) AS n
FROM {frame} WHERE in_period AND advertiser_id IS NOT NULL
GROUP BY advertiser_id, action
ORDER BY advertiser_id, action
"""

_APPEALS_SQL = """
SELECT CAST(advertiser_id AS VARCHAR) AS advertiser_id,
       CAST(SUM(settled) AS DOUBLE) AS settled, CAST(SUM(lost * settled) AS DOUBLE) AS lost
FROM {settled} WHERE settled > 0 AND advertiser_id IS NOT NULL
GROUP BY advertiser_id ORDER BY advertiser_id
"""

_WORK_SQL = """
SELECT a.advertiser_id, CAST(COUNT(*) AS DOUBLE) AS tasks,
       CAST(SUM(COALESCE(v.active_ms, 0)) AS DOUBLE) / 3600000 AS hours
FROM reviews AS v
JOIN ads AS a ON v.ad_id = a.ad_id AND COALESCE(v.ad_version, 1) = a.ad_version
WHERE v.decided_at >= {start} AND v.decided_at < {end} AND COALESCE(v.role, 'L1') <> 'LLM'
  AND a.advertiser_id IS NOT NULL
GROUP BY a.advertiser_id ORDER BY a.advertiser_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCounts:
    """What is counted of each account in a period, arrays of shape (accounts,) unless said.

    Parameters
    ----------
    names : pyarrow.StringArray
        Accounts, sorted.
    ads : array of shape (accounts, actions)
        Decisions of record, by machine action.
    young : array of shape (accounts,)
        Those of them in the account's first 30 days.
    labels, hits : array of shape (accounts, actions)
        Labels in effect, and those of them that say violating: weighted labels as so many of a
        simple draw from the account's ads with that action.
    counted, found : array of shape (accounts, actions)
        Labels as they are, and those of them that say violating.
    settled, lost : array
        Settled appeals against the period's actions, and those that the machine lost.
    tasks, hours : array
        Review tasks decided in the period, and time worked on them.
    queries : tuple of Query
        The SQL that was run.
    """

    names: pa.StringArray
    ads: Floats
    young: Floats
    labels: Floats
    hits: Floats
    counted: Floats
    found: Floats
    settled: Floats
    lost: Floats
    tasks: Floats
    hours: Floats
    queries: tuple[Query, ...] = ()

    def __len__(self) -> int:
        """Count the accounts."""
        return len(self.names)


def instant(day: date) -> str:
    """Write the beginning of a day."""
    return f"TIMESTAMPTZ '{day.isoformat()} 00:00:00+00:00'"


def stand_accounts(engine: Engine, *, until: date) -> str:
    """Make the table `BEGAN` of this session: every account since the logs begin.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    until : date
        Day from which decisions do not count.

    Returns
    -------
    str
        The query that made it.
    """
    query = _BEGAN_SQL.format(
        record=record_sql([], until=instant(until)), facts=facts_sql(), truth=TRUTH_SQL
    )
    engine.materialise(BEGAN, query)
    return query


def tenure_sql(column: str, *, first: date) -> str:
    """Write whether an account was new at a time: new, old, or unknown where the logs begin late."""
    young = f"DATE_DIFF('day', b.began, {column}) < {NEW_DAYS}"
    seen = f"b.began >= {instant(first + timedelta(days=NEW_DAYS))}"
    return f"CASE WHEN NOT ({young}) THEN 'old' WHEN {seen} THEN 'new' ELSE 'unknown' END"


def count_accounts(engine: Engine, card: Scorecard, *, first: date) -> AccountCounts:
    """Count the ads, labels, appeals and reviews of each account.

    Parameters
    ----------
    engine : Engine
        Where the logs, the scorecard's session tables and `BEGAN` are.
    card : Scorecard
        The scorecard of the period.
    first : date
        First day of the logs.

    Returns
    -------
    AccountCounts
        The counts.
    """
    period = card.brief.period
    asked = {
        "ads of each account": _ads_sql(period, first),
        "labels of each account": _labels_sql(engine, card),
        "appeals of each account": _appeals_sql(engine, card),
        "reviews of each account": _WORK_SQL.format(
            start=instant(period.start), end=instant(period.end)
        ),
    }
    found = {title: engine.query(sql) for title, sql in asked.items() if sql}
    ads = found["ads of each account"]
    names = sorted(set(ads.column("advertiser_id").to_pylist()))
    place = {name: at for at, name in enumerate(names)}
    labels = _labels(found.get("labels of each account"), place)
    settled, lost = _columns(found.get("appeals of each account"), place, "settled", "lost")
    tasks, hours = _columns(found["reviews of each account"], place, "tasks", "hours")
    acted = np.stack([_columns(ads, place, action)[0] for action in ACTED], axis=1)
    young = ads.filter(
        pa.array([t == "new" for t in ads.column("tenure").to_pylist()], pa.bool_())
    )
    return AccountCounts(
        names=pa.array(names, pa.string()),
        ads=acted,
        young=_columns(young, place, "ads")[0],
        labels=labels[0],
        hits=labels[1],
        counted=labels[2],
        found=labels[3],
        settled=settled,
        lost=lost,
        tasks=tasks,
        hours=hours,
        queries=tuple(Query(title, engine.text(sql)) for title, sql in asked.items() if sql),
    )


def _ads_sql(period: Period, first: date) -> str:
    actions = ",\n       ".join(
        f"CAST(SUM(CASE WHEN r.action = {literal(action)} THEN 1 ELSE 0 END) AS DOUBLE)"
        f" AS {action}"
        for action in ACTED
    )
    return _ADS_SQL.format(
        record=record_sql([], until=instant(period.end)),
        tenure=tenure_sql("r.decided_at", first=first),
        actions=actions,
        start=instant(period.start),
    )


def _labels_sql(engine: Engine, card: Scorecard) -> str:
    frame = card.frames[Weight.ADS]
    known = "advertiser_id" in dimensions(engine, card.brief.derived)
    return _LABELS_SQL.format(frame=frame.table) if known and frame.any_probability() else ""


def _appeals_sql(engine: Engine, card: Scorecard) -> str:
    if "appeals" not in engine.snapshot:
        return ""
    if "advertiser_id" not in dimensions(engine, card.brief.derived):
        return ""
    settled = settled_sql(card.brief, ["advertiser_id"], ground=card.ground)
    return _APPEALS_SQL.format(settled=settled)


def _columns(table: pa.Table | None, place: dict[str, int], *names: str) -> list[Floats]:
    """Add up columns by account; an account that is not there is passed over."""
    if table is None:
        return [np.zeros(len(place)) for _ in names]
    rows = np.array(
        [place.get(name, -1) for name in table.column("advertiser_id").to_pylist()], int
    )
    kept = rows >= 0
    found = []
    for name in names:
        values = table.column(name).to_numpy().astype(np.float64)
        found.append(np.bincount(rows[kept], weights=values[kept], minlength=len(place)))
    return [np.asarray(one, np.float64) for one in found]


def _labels(
    table: pa.Table | None, place: dict[str, int]
) -> tuple[Floats, Floats, Floats, Floats]:
    """Turn weighted labels into labels of a simple draw that would know as much."""
    labels, hits, counted, found = (np.zeros((len(place), len(ACTED))) for _ in range(4))
    for at, action in enumerate(ACTED):
        mine = None
        if table is not None:
            chosen = [each == action for each in table.column("action").to_pylist()]
            mine = table.filter(pa.array(chosen, pa.bool_()))
        w, w2, bad, n, seen_bad = _columns(mine, place, "w", "w2", "bad", "n", "found")
        seen = w > 0
        labels[seen, at] = w[seen] ** 2 / w2[seen]
        hits[seen, at] = labels[seen, at] * np.clip(bad[seen] / w[seen], 0, 1)
        counted[:, at], found[:, at] = n, seen_bad
    return labels, hits, counted, found
