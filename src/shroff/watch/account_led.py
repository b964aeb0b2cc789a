"""Which changes are one account's, or a few accounts': advertisers that came, left or ran something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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

__all__ = ["FEW", "HALF", "AccountLed", "told_apart"]

HALF = 0.5
"""Share of a change from which on it is one account's."""
FEW = 3.0
"""Root of the sum of squares of what accounts add, so many times: below, few accounts are it."""
_TRIED = 3
_ACCOUNT = "advertiser_id"
_VOLUMES = (ADS, TRAFFIC)
_WATCHED_FLOW = (ACTED, HITS, *_VOLUMES)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLed:
    """A change that is one account's, or a few accounts'.

    Parameters
    ----------
    change : Candidate
        The change.
    account : str
        The account that adds most to it.
    share : float
        Share of the change that it adds; above 1 where the rest moved the other way.
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
        Those left; those that one account or few are, each account's clearest one; the SQL that
        was run. What people did and what labels say is never told apart, nor anything where ads
        name no advertiser.

    Notes
    -----
    Ads of an account come and go together, so accounts are what varies, not ads. A change is the
    sum of what accounts add to it; divided by the root of the sum of their squares it is a normal
    deviate where accounts are many and independent (the score test with clusters), about 1 where
    one account is all of it, and no more than the root of the number of accounts.
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
    if not change.ratio > 0:
        return False
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
    last = change.last or brief.period.end
    inside = f"decision_day >= {literal(change.onset)} AND decision_day <= {literal(last)}"
    sums = {
        "inside": f"({inside}) AND ({of}) AND ({happened})",
        "base": f"({inside}) AND ({of})",
        "elsewhere": f"NOT ({inside}) AND ({of}) AND ({happened})",
        "other": f"NOT ({inside}) AND ({of})",
    }
    if here and _beside_others(change):  # what it is held against are accounts as well
        sums = {
            **{name: f"({here}) AND {sql}" for name, sql in sums.items()},
            **{f"rest_{name}": f"NOT ({here}) AND {sql}" for name, sql in sums.items()},
        }
        here = ""
    return _sql(place, source, here or "TRUE", sums=sums, own=_own(change))


def _beside_others(change: Candidate) -> bool:
    """Tell whether a slice is held against all other ads: policies and detectors are many."""
    named = {"policy", DETECTED} & set(change.slice.dimensions)
    return change.against == "rest" and change.metric not in _VOLUMES and not named


def _sql(place: int, source: str, here: str, *, sums: Mapping[str, str], own: str) -> str:
    counted = ", ".join(
        f"CAST(SUM(CASE WHEN {sql} THEN 1 ELSE 0 END) AS DOUBLE) AS {n}" for n, sql in sums.items()
    )
    whole = ", ".join(f"SUM({name}) OVER () AS all_{name}" for name in sums)
    account = f"COALESCE(CAST({_ACCOUNT} AS VARCHAR), '')"
    return (
        f"SELECT {place} AS place, t.account, t.own, t.excess, t.square FROM (SELECT r.*,"
        " SUM(r.own) OVER () AS excess, SUM(r.own * r.own) OVER () AS square,"
        " ROW_NUMBER() OVER (ORDER BY ABS(r.own) DESC, r.account) AS nth"
        f" FROM (SELECT w.account, {own} AS own FROM (SELECT s.*, {whole}"
        f" FROM (SELECT {account} AS account, {counted} FROM {source}"
        f" WHERE in_period AND ({here}) GROUP BY {account}) AS s) AS w) AS r) AS t"
        f" WHERE t.nth <= {_TRIED}"
    )


def _own(change: Candidate) -> str:
    """Write what an account adds to a change: its events, less those that the rest let expect."""

    # events expected are what the slice is out of, times the rate of the other days, times what
    # the rest did, linearised: what accounts add sums to the change
    def part(name: str) -> str:
        return f"CASE WHEN all_{name} > 0 THEN {name} / all_{name} ELSE 0.0 END"

    share = part("elsewhere")
    if change.metric != ADS:  # a count is held against days, not against itself
        share = f"{part('base')} + {share} - {part('other')}"
    if _beside_others(change):
        share += f" + {part('rest_inside')} - {part('rest_base')}"
        share += f" - {part('rest_elsewhere')} + {part('rest_other')}"
    return f"inside - all_inside / {float(change.ratio)!r} * ({share})"


def _hit_source(detector: str) -> str:
    hits = (
        "SELECT DISTINCT ad_id, COALESCE(ad_version, 1) AS ad_version FROM hits"
        f" WHERE detector = {literal(detector)} AND NOT COALESCE(shadow, FALSE)"
    )
    return (
        "(SELECT p.*, CASE WHEN h.ad_id IS NULL THEN 0 ELSE 1 END AS hit_it FROM population AS p"
        f" LEFT JOIN ({hits}) AS h ON p.ad_id = h.ad_id AND p.ad_version = h.ad_version) AS scoped"
    )


def _leader(place: int, change: Candidate, rows: Sequence[Mapping[str, Any]]) -> AccountLed | None:
    """Name the account that does most of a change, where it or few like it are the change."""
    mine = [row for row in rows if row["place"] == place and row["account"]]
    if not mine or not mine[0]["excess"] or not mine[0]["square"]:
        return None
    excess, square = float(mine[0]["excess"]), float(mine[0]["square"])
    most = max(mine, key=lambda row: float(row["own"]) / excess)
    share = float(most["own"]) / excess
    if share < HALF and abs(excess) >= FEW * square**0.5:
        return None
    return AccountLed(change=change, account=str(most["account"]), share=share)
