"""Which changes are one account's: an advertiser that came, left or ran something by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from shroff.domain.messages import Message
from shroff.domain.metrics import Metric, Needs
from shroff.measure.brief import Brief
from shroff.measure.families import Query
from shroff.measure.flow import scoped_source
from shroff.measure.ground import Ground
from shroff.measure.population import build_population, dimensions
from shroff.store.engine import Engine
from shroff.store.sql import ident, literal
from shroff.watch.change_candidates import Candidate
from shroff.watch.daily_work import DETECTED
from shroff.watch.trend_lines import slice_text
from shroff.watch.watched_metrics import ACTED, ADS, HITS, TRAFFIC, WATCHED

__all__ = ["HALF", "AccountLed", "told_apart"]

HALF = 0.5
"""Share of a change from which on it is one account's."""
_TRIED = 3
_ACCOUNT = "advertiser_id"
_VOLUMES = (ADS, TRAFFIC)
_WATCHED_FLOW = (ACTED, HITS, *_VOLUMES)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLed:
    """A change most of which is one account's.

    Parameters
    ----------
    change : Candidate
        The change.
    account : str
        The account.
    share : float
        Share of the change that goes when the account is left out; above 1 where the rest moved
        the other way.
    """

    change: Candidate
    account: str
    share: float

    def text(self, metrics: Mapping[str, Metric]) -> Message:
        """Say it in a sentence."""
        change = self.change
        metric = metrics.get(change.metric)
        return Message(
            "changes.account_over" if change.last else "changes.account_now",
            {
                "account": self.account,
                "metric": f"{metric.name_en}|{metric.name_zh}" if metric else change.metric,
                "where": slice_text(change.slice) or "all|全部",
                "onset": str(change.onset),
                "last": str(change.last),
                "ratio": f"{change.ratio:.2f}",
                "share": f"{100 * min(self.share, 1.0):.0f}",
            },
        )

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        change = self.change
        return {
            "advertiser_id": self.account,
            "share": self.share,
            "metric": change.metric,
            "slice": change.slice.record(),
            "onset": str(change.onset),
            "last": str(change.last) if change.last else None,
            "ratio": change.ratio,
            "z": change.z,
        }


@dataclass(frozen=True, slots=True)
class _Sums:
    """Events and what they are out of, in the days of a change and on all others."""

    inside: float
    base: float
    elsewhere: float
    other: float

    def without(self, one: _Sums) -> _Sums:
        """Leave an account out."""
        return _Sums(
            self.inside - one.inside,
            self.base - one.base,
            self.elsewhere - one.elsewhere,
            self.other - one.other,
        )

    @property
    def usual(self) -> float:
        """Events that there would be at the rate of the other days."""
        return self.base * (self.elsewhere + 0.5) / max(self.other, 0.5)


def told_apart(
    engine: Engine, brief: Brief, found: Sequence[Candidate], *, ground: Ground
) -> tuple[list[Candidate], tuple[AccountLed, ...], tuple[Query, ...]]:
    """Tell changes that are one account's from those that are not.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, metrics, derived columns.
    found : sequence of Candidate
        Changes.
    ground : Ground
        What the population was counted on; rows are made where cells stand.

    Returns
    -------
    list of Candidate, tuple of AccountLed, tuple of Query
        Those left; those of which the account that does most of them does half or more, each
        account's clearest one; the SQL that was run. What people did and what labels say is never
        told apart, nor anything where ads name no advertiser.
    """
    asked = {n: c for n, c in enumerate(found) if _can_tell(c, brief)}
    if not asked or _ACCOUNT not in dimensions(engine, brief.derived):
        return list(found), (), ()
    if ground.cuts:
        build_population(
            engine, brief.period, derived=brief.derived, week_starts=brief.week_starts
        )
    query = "\nUNION ALL\n".join(_part(n, c, brief) for n, c in asked.items())
    rows = engine.query(query).to_pylist()
    led = {n: one for n, c in asked.items() if (one := _leader(n, c, rows)) is not None}
    left = [each for n, each in enumerate(found) if n not in led]
    clearest: dict[str, AccountLed] = {}
    for one in sorted(led.values(), key=lambda each: -abs(each.change.z)):
        clearest.setdefault(one.account, one)
    told = Query("changes by account", engine.text(query))
    return left, tuple(clearest.values()), (told,)


def _can_tell(change: Candidate, brief: Brief) -> bool:
    if change.metric in _WATCHED_FLOW:
        return True
    metric = brief.metrics.get(change.metric)
    return metric is not None and metric.needs is Needs.POPULATION


def _part(place: int, change: Candidate, brief: Brief) -> str:
    """Write the sums of the accounts that may have made a change, and those of all."""
    terms = dict(change.slice.terms)
    source, happened = scoped_source(cited="TRUE"), "TRUE"
    of = "TRUE"
    if change.metric == HITS:
        source, happened = _hit_source(str(terms.pop(DETECTED))), "hit_it = 1"
    elif change.metric not in _VOLUMES:
        metric = {**brief.metrics, **WATCHED}[change.metric]
        happened, of = metric.numerator, metric.denominator
    if "policy" in terms:
        happened = f"policy_id = {literal(terms.pop('policy'))} AND ({happened})"
    here = " AND ".join(f"CAST({ident(n)} AS VARCHAR) = {literal(v)}" for n, v in terms.items())
    if change.metric == TRAFFIC:
        happened, here = here or "TRUE", ""
    last = change.last or brief.period.end - timedelta(days=1)
    inside = f"decision_day >= {literal(change.onset)} AND decision_day <= {literal(last)}"
    sums = {
        "inside": f"({inside}) AND ({of}) AND ({happened})",
        "base": f"({inside}) AND ({of})",
        "elsewhere": f"NOT ({inside}) AND ({of}) AND ({happened})",
        "other": f"NOT ({inside}) AND ({of})",
    }
    counted = ", ".join(
        f"SUM(CASE WHEN {sql} THEN 1 ELSE 0 END) AS {n}" for n, sql in sums.items()
    )
    whole = ", ".join(f"SUM({name}) OVER () AS all_{name}" for name in sums)
    days = (last - change.onset).days + 1
    rest = max(brief.period.days - days, 1)
    ranked = ", ".join(
        f"ROW_NUMBER() OVER (ORDER BY ABS({one} * {rest} - {two} * {days}) DESC, account)"
        f" AS by_{one}"
        for one, two in (("inside", "elsewhere"), ("base", "other"))
    )
    return (
        f"SELECT {place} AS place, r.* FROM (SELECT s.*, {whole}, {ranked}"
        f" FROM (SELECT COALESCE(CAST({_ACCOUNT} AS VARCHAR), '') AS account, {counted}"
        f" FROM {source} WHERE in_period AND ({here or 'TRUE'})"
        f" GROUP BY COALESCE(CAST({_ACCOUNT} AS VARCHAR), '')) AS s) AS r"
        f" WHERE r.by_inside <= {_TRIED} OR r.by_base <= {_TRIED}"
    )


def _hit_source(detector: str) -> str:
    hits = (
        "SELECT DISTINCT ad_id, COALESCE(ad_version, 1) AS ad_version FROM hits"
        f" WHERE detector = {literal(detector)} AND NOT COALESCE(shadow, FALSE)"
    )
    return (
        "(SELECT p.*, CASE WHEN h.ad_id IS NULL THEN 0 ELSE 1 END AS hit_it FROM population AS p"
        f" LEFT JOIN ({hits}) AS h ON p.ad_id = h.ad_id AND p.ad_version = h.ad_version) AS scoped"
    )


def _leader(
    place: int, change: Candidate, rows: Sequence[Mapping[str, object]]
) -> AccountLed | None:
    """Find the account without which most of a change would not be there."""
    best: AccountLed | None = None
    for row in rows:
        if row["place"] != place or not row["account"]:
            continue
        names = ("inside", "base", "elsewhere", "other")
        one = _Sums(*(float(str(row[name])) for name in names))
        whole = _Sums(*(float(str(row[f"all_{name}"])) for name in names))
        share = _share(change, whole, one)
        if share >= HALF and (best is None or share > best.share):
            best = AccountLed(change=change, account=str(row["account"]), share=share)
    return best


def _share(change: Candidate, whole: _Sums, one: _Sums) -> float:
    """Tell which share of a change goes with an account, its own days and the rest's as they were."""
    if change.metric == ADS:  # a count is held against days, not against itself
        whole, one = replace(whole, base=1.0, other=1.0), replace(one, base=0.0, other=0.0)
    if not change.ratio > 0 or whole.usual <= 0:
        return 0.0
    times = whole.inside / change.ratio / whole.usual  # what the rest did on these days
    excess = whole.inside - times * whole.usual
    left = whole.without(one)
    if not excess:
        return 0.0
    return 1 - (left.inside - times * left.usual) / excess
