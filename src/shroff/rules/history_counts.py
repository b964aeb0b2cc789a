"""How many ads rules hit, whose, and what would have become of them: counted in full."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from shroff.measure.bounded import unlabelled_sql
from shroff.measure.families import Query
from shroff.measure.frame import Frame
from shroff.rules.backtest_figures import ACTIONS, Waiting
from shroff.rules.history_hits import History
from shroff.store.engine import Engine
from shroff.store.sql import literal

__all__ = ["Overlap", "Tally", "overlaps", "proxies", "tallies", "waiting"]

_FLIPS = ("approve>review", "approve>reject", "review>reject", "restrict>reject")
_MOST_PAIRS, _MOST_DETECTORS = 1000, 3
_OVERLAPS_SQL = f"""
SELECT a.rule AS first_rule, b.rule AS second_rule, SUM(a.ads) AS ads
FROM rule_ads AS a
JOIN rule_ads AS b ON a.decision_id = b.decision_id AND a.rule < b.rule
WHERE a.in_period AND b.rule < {{whole}}
GROUP BY a.rule, b.rule
ORDER BY ads DESC, first_rule, second_rule
LIMIT {_MOST_PAIRS}
"""
_DETECTORS_SQL = """
SELECT r.rule, o.detector, SUM(r.ads) AS ads
FROM rule_ads AS r
JOIN live_hits AS o ON r.ad_id = o.ad_id AND r.ad_version = o.ad_version
WHERE r.in_period
GROUP BY r.rule, o.detector
ORDER BY r.rule, ads DESC, o.detector
"""
_ADVERTISERS_SQL = """
SELECT rule, MAX(ads) AS ads
FROM (SELECT rule, advertiser_id, SUM(ads) AS ads FROM rule_ads
      WHERE in_period AND advertiser_id IS NOT NULL GROUP BY rule, advertiser_id) AS each_
GROUP BY rule
"""
_DAYS_SQL = """
SELECT rule, SUM(CAST(ads AS DOUBLE) * ads) AS squares
FROM (SELECT rule, decision_day, SUM(ads) AS ads FROM rule_ads
      WHERE in_period GROUP BY rule, decision_day) AS each_
GROUP BY rule
"""
_PROXIES_SQL = """
SELECT r.rule, COUNT(*) AS labels, SUM(CASE WHEN t.violating THEN 1 ELSE 0 END) AS violating
FROM rule_ads AS r
JOIN truth AS t ON r.ad_id = t.ad_id AND r.ad_version = t.ad_version
WHERE r.in_period
GROUP BY r.rule
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What was counted of one rule over the period.

    Parameters
    ----------
    hits : int
        Decisions of record that it hits.
    advertisers : int
        Who runs those ads.
    top_advertiser : int
        Hits of the advertiser with most.
    new : int
        Hits that nothing live caught.
    beyond : int
        Those of them that the rules it is held against do not hit either.
    actions : mapping
        Hits by what the machine did.
    flips : mapping
        Hits by what would have become of them, such as ``approve>review``.
    impressions, spend : float
        What its ads served in the period.
    detectors : tuple of (str, int)
        Live detectors that hit the same ads, those with most.
    daily_sd : float
        Standard deviation of its hits of a day.
    """

    hits: int = 0
    advertisers: int = 0
    top_advertiser: int = 0
    new: int = 0
    beyond: int = 0
    actions: Mapping[str, int]
    flips: Mapping[str, int]
    impressions: float = 0.0
    spend: float = 0.0
    detectors: tuple[tuple[str, int], ...] = ()
    daily_sd: float = 0.0

    @property
    def top_share(self) -> float:
        """Share of its hits that one advertiser has."""
        return self.top_advertiser / self.hits if self.hits else 0.0

    @property
    def queued(self) -> int:
        """Reviews more, or fewer, than there were."""
        return self.flips.get("approve>review", 0) - self.flips.get("review>reject", 0)

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "hits": self.hits,
            "advertisers": self.advertisers,
            "top_advertiser_share": self.top_share,
            "new": self.new,
            "beyond_against": self.beyond,
            "actions": dict(self.actions),
            "flips": dict(self.flips),
            "impressions": self.impressions,
            "spend": self.spend,
            "hits_daily_sd": self.daily_sd,
            "detectors": [{"detector": name, "ads": ads} for name, ads in self.detectors],
        }


@dataclass(frozen=True, slots=True)
class Overlap:
    """Ads that two rules both hit.

    Parameters
    ----------
    first, second : int
        The rules.
    ads : int
        How many.
    """

    first: int
    second: int
    ads: int


def _sums_sql() -> str:
    actions = ", ".join(
        f"SUM(CASE WHEN in_period AND action = {literal(a)} THEN ads ELSE 0 END) AS was_{a}"
        for a in ACTIONS
    )
    flips = ", ".join(
        f"SUM(CASE WHEN in_period AND action = {literal(was)} AND becomes = {literal(now)}"
        f" THEN ads ELSE 0 END) AS flip_{place}"
        for place, (was, now) in enumerate(flip.split(">") for flip in _FLIPS)
    )
    return f"""
SELECT rule, SUM(CASE WHEN in_period THEN ads ELSE 0 END) AS hits,
       COUNT(DISTINCT CASE WHEN in_period THEN advertiser_id END) AS advertisers,
       SUM(CASE WHEN in_period AND caught = 0 THEN ads ELSE 0 END) AS new_hits,
       SUM(CASE WHEN in_period AND caught = 0 AND before = 0 THEN ads ELSE 0 END) AS beyond,
       SUM(CAST(impressions AS DOUBLE)) AS impressions, SUM(CAST(spend AS DOUBLE)) AS spend,
       {actions}, {flips}
FROM rule_ads
GROUP BY rule
ORDER BY rule
"""


def tallies(
    engine: Engine, history: History, *, days: int
) -> tuple[tuple[Tally, ...], tuple[Query, ...]]:
    """Count what each rule hits; the rules together come last.

    Parameters
    ----------
    engine : Engine
        Where the history stands.
    history : History
        The history.
    days : int
        Days of the period.

    Returns
    -------
    tuple of Tally, tuple of Query
        One a rule and one for all, and what was asked.
    """
    sums = _sums_sql()
    found = {int(row["rule"]): row for row in engine.query(sums).to_pylist()}
    most = {
        int(row["rule"]): int(row["ads"]) for row in engine.query(_ADVERTISERS_SQL).to_pylist()
    }
    squares = {
        int(row["rule"]): float(row["squares"]) for row in engine.query(_DAYS_SQL).to_pylist()
    }
    others: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for row in engine.query(_DETECTORS_SQL).to_pylist():
        others[int(row["rule"])].append((str(row["detector"]), int(row["ads"])))
    every = tuple(
        _tally(
            found.get(rule),
            most=most.get(rule, 0),
            spread=(squares.get(rule, 0.0), days),
            detectors=tuple(
                each
                for each in others[rule]
                if rule == history.whole or each[0] != history.rules[rule].id
            )[:_MOST_DETECTORS],
        )
        for rule in range(history.whole + 1)
    )
    asked = (Query("hits of each rule", sums), Query("live detectors", _DETECTORS_SQL))
    return every, asked


def _tally(
    row: dict[str, Any] | None,
    *,
    most: int,
    spread: tuple[float, int],
    detectors: tuple[tuple[str, int], ...],
) -> Tally:
    if row is None:
        return Tally(actions={}, flips={})
    squares, days = spread
    around = max(squares - float(row["hits"]) ** 2 / days, 0.0) / max(days - 1, 1)
    return Tally(
        hits=int(row["hits"]),
        advertisers=int(row["advertisers"]),
        top_advertiser=most,
        new=int(row["new_hits"]),
        beyond=int(row["beyond"]),
        actions={a: int(row[f"was_{a}"]) for a in ACTIONS if row[f"was_{a}"]},
        flips={f: int(row[f"flip_{p}"]) for p, f in enumerate(_FLIPS) if row[f"flip_{p}"]},
        impressions=float(row["impressions"]),
        spend=float(row["spend"]),
        detectors=detectors,
        daily_sd=around**0.5,
    )


def overlaps(engine: Engine, history: History) -> tuple[Overlap, ...]:
    """Count the ads that two rules both hit, pairs with most first."""
    found = engine.query(_OVERLAPS_SQL.format(whole=history.whole)).to_pylist()
    return tuple(
        Overlap(int(row["first_rule"]), int(row["second_rule"]), int(row["ads"])) for row in found
    )


def proxies(engine: Engine, history: History) -> dict[int, tuple[int, int]]:
    """Count all labels of the ads that each rule hits, however they came: labels, violating."""
    del history
    return {
        int(row["rule"]): (int(row["labels"]), int(row["violating"]))
        for row in engine.query(_PROXIES_SQL).to_pylist()
    }


def waiting(engine: Engine, history: History, frame: Frame, *, labelled: str) -> Waiting:
    """Count the ads that had no chance of a label.

    Parameters
    ----------
    engine : Engine
        Where the history and the frame stand.
    history : History
        The history.
    frame : Frame
        The label frame.
    labelled : str
        Condition on ``rule_ads`` of ads that were drawn all the same; ``FALSE`` for none.

    Returns
    -------
    Waiting
        Them, by rule and action.
    """
    none = unlabelled_sql(frame)
    size = (history.whole + 1, len(ACTIONS))
    hit, new, ads = np.zeros(size), np.zeros(size), np.zeros(len(ACTIONS))
    for row in engine.query(
        "SELECT rule, action, SUM(ads) AS ads,"
        " SUM(CASE WHEN caught = 0 AND before = 0 THEN ads ELSE 0 END) AS new_hits"
        f" FROM rule_ads WHERE in_period AND {none} AND NOT ({labelled}) GROUP BY rule, action"
    ).to_pylist():
        place = int(row["rule"]), ACTIONS.index(row["action"])
        hit[place], new[place] = float(row["ads"]), float(row["new_hits"])
    for row in engine.query(
        f"SELECT action, SUM(ads) AS ads FROM population WHERE in_period AND {none}"
        " GROUP BY action"
    ).to_pylist():
        ads[ACTIONS.index(row["action"])] = float(row["ads"])
    for row in engine.query(
        f"SELECT action, SUM(ads) AS ads FROM rule_ads WHERE in_period AND {none}"
        f" AND rule = {history.whole} AND ({labelled}) GROUP BY action"
    ).to_pylist():
        ads[ACTIONS.index(row["action"])] -= float(row["ads"])
    return Waiting(hit=hit, new=new, ads=ads)
