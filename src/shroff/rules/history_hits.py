"""What rules would have hit in the past: the tables that a backtest counts on."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from shroff.measure.families import Query
from shroff.rules.ad_scan import FLAGS, FlagDetector, ads_sql
from shroff.rules.compile import compiled, pack_cache
from shroff.rules.rule import Pack, Rule, RuleAction
from shroff.rules.scratch_hits import attached
from shroff.store.arrow_types import arrow_schema
from shroff.store.engine import Engine

__all__ = ["History", "stand_history", "stand_logged"]

_RULES = {"rule": "BIGINT", "rule_id": "VARCHAR", "rank": "BIGINT"}
_RANKS = {RuleAction.TAG: 0, RuleAction.REVIEW: 1, RuleAction.REJECT: 2}
_READ = """(SELECT a.* FROM ads AS a
  JOIN (SELECT DISTINCT ad_id, ad_version FROM population) AS decided
    ON a.ad_id = decided.ad_id AND a.ad_version = decided.ad_version) AS read_"""
_LIVE_SQL = """
SELECT DISTINCT ad_id, COALESCE(ad_version, 1) AS ad_version, detector
FROM hits WHERE NOT COALESCE(shadow, FALSE)
"""
_LOGGED_SQL = """
SELECT DISTINCT h.ad_id, COALESCE(h.ad_version, 1) AS ad_version, l.rule
FROM hits AS h JOIN rule_list AS l ON h.detector = l.rule_id
"""
_RULE_ADS_SQL = """
SELECT fired.rule, fired.rank, p.decision_id, p.ad_id, p.ad_version, p.action, p.in_period, p.ads,
       p.impressions, p.spend, p.advertiser_id, p.queue_verdict, p.decision_day,
       CASE WHEN p.action = 'approve' THEN 0
            WHEN p.detector = fired.rule_id AND COALESCE(n.detectors, 0) <= fired.own THEN 0
            WHEN fired.whole = 1 AND ours.rule_id IS NOT NULL
                 AND COALESCE(n.detectors, 0) <= fired.own THEN 0
            ELSE 1 END AS caught,
       CASE WHEN b.ad_id IS NULL THEN 0 ELSE 1 END AS before,
       CASE WHEN fired.rank = 2 AND p.action <> 'reject' THEN 'reject'
            WHEN fired.rank = 1 AND p.action = 'approve' THEN 'review' END AS becomes
FROM (
  SELECT h.rule, l.rule_id, l.rank, h.ad_id, h.ad_version, 0 AS whole,
         CASE WHEN o.detector IS NULL THEN 0 ELSE 1 END AS own
  FROM rule_flags AS h
  JOIN rule_list AS l ON h.rule = l.rule
  LEFT JOIN live_hits AS o
    ON h.ad_id = o.ad_id AND h.ad_version = o.ad_version AND l.rule_id = o.detector
  UNION ALL
  SELECT {whole} AS rule, '' AS rule_id, f.rank, f.ad_id, f.ad_version, 1 AS whole,
         COALESCE(o.own, 0) AS own
  FROM (SELECT h.ad_id, h.ad_version, MAX(l.rank) AS rank
        FROM rule_flags AS h JOIN rule_list AS l ON h.rule = l.rule
        GROUP BY h.ad_id, h.ad_version) AS f
  LEFT JOIN (SELECT v.ad_id, v.ad_version, COUNT(*) AS own
             FROM live_hits AS v JOIN rule_list AS l ON v.detector = l.rule_id
             GROUP BY v.ad_id, v.ad_version) AS o
    ON f.ad_id = o.ad_id AND f.ad_version = o.ad_version
) AS fired
JOIN population AS p ON fired.ad_id = p.ad_id AND fired.ad_version = p.ad_version
LEFT JOIN (SELECT ad_id, ad_version, COUNT(*) AS detectors
           FROM live_hits GROUP BY ad_id, ad_version) AS n
  ON fired.ad_id = n.ad_id AND fired.ad_version = n.ad_version
LEFT JOIN rule_list AS ours ON p.detector = ours.rule_id
LEFT JOIN (SELECT DISTINCT ad_id, ad_version FROM against_flags) AS b
  ON fired.ad_id = b.ad_id AND fired.ad_version = b.ad_version
"""


@dataclass(frozen=True, slots=True)
class History:
    """Session tables of one backtest.

    ``rule_ads`` has a row for each rule and decision of record that it hits, and one for the rules
    together under the number after the last rule's: ``caught`` is 1 where something live other than
    the rule acted on the ad, ``before`` where the rules it is held against hit it, ``becomes`` the
    action that it would have had instead. ``rule_list`` has the rules, ``live_hits`` who else hit
    each ad.

    Parameters
    ----------
    rules : tuple of Rule
        The rules by their numbers.
    queries : tuple of Query
        What was run.
    """

    rules: tuple[Rule, ...]
    queries: tuple[Query, ...]

    @property
    def whole(self) -> int:
        """Number under which all rules together stand."""
        return len(self.rules)


@contextmanager
def stand_history(
    engine: Engine, packs: Sequence[Pack], *, against: Sequence[Pack] = (), lake: Path
) -> Generator[History]:
    """Let rules read the ads of ``population``, and keep who hits what for this session.

    Parameters
    ----------
    engine : Engine
        Where ``population`` stands.
    packs : sequence of Pack
        The rules.
    against : sequence of Pack
        Rules that they are held against; none for what the log tells alone.
    lake : Path
        Folder of the lake.

    Yields
    ------
    History
        The tables, for as long as the context lasts.
    """
    rules = tuple(rule for pack in packs for rule in pack.rules)
    with ExitStack() as open_:
        read = _stand(engine, packs, name="rule_flags", lake=lake, open_=open_)
        _stand(engine, against, name="against_flags", lake=lake, open_=open_)
        listed = attached(engine, "rule_list", [_listed(rules)], columns=_RULES, lake=lake)
        open_.enter_context(listed)
        engine.materialise("live_hits", _LIVE_SQL)
        fired = _RULE_ADS_SQL.format(whole=len(rules))
        engine.materialise("rule_ads", fired)
        queries = (Query("ads that rules read", read), Query("what rules hit", fired))
        yield History(rules, queries)


@contextmanager
def stand_logged(engine: Engine, packs: Sequence[Pack], *, lake: Path) -> Generator[History]:
    """Stand the tables of `stand_history` on hits that were logged, in shadow or not.

    Parameters
    ----------
    engine : Engine
        Where ``population`` stands.
    packs : sequence of Pack
        The rules; they are found in the log by their ids.
    lake : Path
        Folder of the lake.

    Yields
    ------
    History
        The tables, for as long as the context lasts.
    """
    rules = tuple(rule for pack in packs for rule in pack.rules)
    with attached(engine, "rule_list", [_listed(rules)], columns=_RULES, lake=lake):
        engine.materialise("rule_flags", _LOGGED_SQL)
        engine.attach("against_flags", [], FLAGS)
        engine.materialise("live_hits", _LIVE_SQL)
        fired = _RULE_ADS_SQL.format(whole=len(rules))
        engine.materialise("rule_ads", fired)
        yield History(rules, (Query("what rules hit", fired),))


def _stand(
    engine: Engine, packs: Sequence[Pack], *, name: str, lake: Path, open_: ExitStack
) -> str:
    rules = [rule for pack in packs for rule in pack.rules]
    if not rules:
        engine.attach(name, [], FLAGS)
        return ""
    sql = ads_sql(engine, rules, source=_READ)
    found = engine.detect(sql, FlagDetector(compiled(packs, cache=pack_cache())))
    open_.enter_context(attached(engine, name, found, columns=FLAGS, lake=lake))
    return sql


def _listed(rules: Sequence[Rule]) -> pa.RecordBatch:
    columns = [
        list(range(len(rules))),
        [rule.id for rule in rules],
        [_RANKS[rule.action] for rule in rules],
    ]
    arrays = [
        pa.array(each, kind.type) for each, kind in zip(columns, arrow_schema(_RULES), strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=arrow_schema(_RULES))
