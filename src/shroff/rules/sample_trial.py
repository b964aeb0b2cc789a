"""Rules tried at once on a random sample of past ads, while they are being written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from shroff.domain.slices import Period
from shroff.errors import DataError
from shroff.measure.brief import Brief
from shroff.measure.population import build_population
from shroff.rules.ad_scan import columns_read, texts_read
from shroff.rules.compile import compiled
from shroff.rules.match import Scanner
from shroff.rules.rule import Pack, RuleAction
from shroff.stats.estimate import Estimate, Status
from shroff.stats.proportions import wilson
from shroff.store.engine import Engine

__all__ = ["HistorySample", "SampledHits", "draw_history", "try_on_sample"]

Flags: TypeAlias = NDArray[np.bool_]

_SEED = 2026
_SIZE = "SELECT COUNT(*) AS n FROM population WHERE in_period"
_PICKED_SQL = """
SELECT p.action AS _action, a.*
FROM (SELECT ad_id, ad_version, action, ROW_NUMBER() OVER (ORDER BY decision_id) AS place
      FROM population WHERE in_period) AS p
JOIN ads AS a ON p.ad_id = a.ad_id AND p.ad_version = a.ad_version
{which}
ORDER BY p.place
"""


@dataclass(frozen=True, slots=True)
class HistorySample:
    """Decisions of record of a period, drawn at random, with what their ads say.

    Parameters
    ----------
    period : Period
        The period.
    ads : int
        Decisions of record that there are.
    rows : Table
        Those drawn: columns of ads, and ``_action``, what the machine did.
    """

    period: Period
    ads: int
    rows: pa.Table


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledHits:
    """What a rule hits in a sample.

    Parameters
    ----------
    rule : str
        The rule; empty for all together.
    hits : int
        Decisions of the sample that it hits.
    share : Estimate
        Share of all decisions that it hits.
    flips : Estimate
        Share of all decisions that would be treated otherwise.
    """

    rule: str
    hits: int
    share: Estimate
    flips: Estimate

    def record(self, ads: int) -> dict[str, object]:
        """Give it as a JSON-ready record, scaled up to a number of decisions."""
        return {
            "rule": self.rule or None,
            "hits": self.hits,
            "n": self.share.n,
            "of_all": _scaled(self.share, ads),
            "flips_of_all": _scaled(self.flips, ads),
        }


def _scaled(share: Estimate, ads: int) -> dict[str, float | None]:
    ends = {"value": share.value, "low": share.low, "high": share.high}
    return {name: None if end is None else end * ads for name, end in ends.items()}


def draw_history(engine: Engine, brief: Brief, *, size: int, seed: int = _SEED) -> HistorySample:
    """Draw decisions of record of a period.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        The period.
    size : int
        Decisions wanted; all where there are no more.
    seed : int
        Decides which.

    Returns
    -------
    HistorySample
        Each decision with the same chance.

    Raises
    ------
    DataError
        If the machine decided nothing in the period.
    """
    build_population(engine, brief.period, derived=brief.derived, week_starts=brief.week_starts)
    ads = int(engine.query(_SIZE).column("n")[0].as_py())
    if not ads:
        raise DataError("the machine decided on no ad in this period", where="decisions")
    which = ""
    if size < ads:
        drawn = np.random.default_rng(seed).choice(ads, size, replace=False) + 1
        which = f"WHERE p.place IN ({', '.join(map(str, np.sort(drawn).tolist()))})"
    rows = engine.query(_PICKED_SQL.format(which=which))
    return HistorySample(brief.period, ads, rows)


def try_on_sample(
    sample: HistorySample, packs: Sequence[Pack], *, level: float = 0.95
) -> tuple[SampledHits, ...]:
    """Tell what rules would hit.

    Parameters
    ----------
    sample : HistorySample
        Past ads.
    packs : sequence of Pack
        The rules.
    level : float
        Coverage of the intervals, in (0, 1).

    Returns
    -------
    tuple of SampledHits
        A rule each, and all together at the end. Where every decision was drawn the shares are
        counts, as `backtest` gives them.
    """
    rules = [rule for pack in packs for rule in pack.rules]
    count = sample.rows.num_rows
    hit = np.zeros((len(rules), count), bool)
    if rules and count:
        wanted = [*texts_read(rules), *columns_read(rules)]
        row, fired = Scanner(compiled(packs)).flags(_batch(sample.rows, wanted))
        hit[fired, row] = True
    action = np.array(sample.rows.column("_action").to_pylist(), dtype=object)
    turns = {
        RuleAction.REJECT: action != "reject",
        RuleAction.REVIEW: action == "approve",
        RuleAction.TAG: np.zeros(count, bool),
    }
    flip = np.zeros_like(hit)
    for place, rule in enumerate(rules):
        flip[place] = hit[place] & turns[rule.action]
    told = [
        _told(rule.id, hit[place], flip[place], sample=sample, level=level)
        for place, rule in enumerate(rules)
    ]
    return (
        *told,
        _told("", hit.sum(axis=0) > 0, flip.sum(axis=0) > 0, sample=sample, level=level),
    )


def _batch(rows: pa.Table, wanted: Sequence[str]) -> dict[str, pa.ChunkedArray | pa.Array]:
    known = set(rows.column_names)
    return {name: rows.column(name) for name in dict.fromkeys(wanted) if name in known}


def _told(
    rule: str, hit: Flags, flips: Flags, *, sample: HistorySample, level: float
) -> SampledHits:
    hits, flipped, count = int(hit.sum()), int(flips.sum()), len(hit)
    whole = count >= sample.ads
    return SampledHits(
        rule=rule,
        hits=hits,
        share=_counted(hits, count, level) if whole else wilson(hits, count, level=level),
        flips=_counted(flipped, count, level) if whole else wilson(flipped, count, level=level),
    )


def _counted(hits: int, count: int, level: float) -> Estimate:
    value = hits / count
    return Estimate(
        value=value,
        low=value,
        high=value,
        level=level,
        status=Status.COUNT,
        method="count",
        n=count,
    )
