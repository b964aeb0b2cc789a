"""Which slices are safest to automate next, and which should not be automated?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from shroff.advise.grow_reading import read_growing
from shroff.advise.grow_result import Candidate, Grow, Limits
from shroff.advise.grow_slices import GrowSlices, bands_of, slices_of
from shroff.advise.line_labels import chosen_score, columns_of, dimensions_of
from shroff.advise.scored_policy import SCORED_POLICY
from shroff.domain.messages import Message
from shroff.domain.metrics import Weight
from shroff.errors import ConfigError
from shroff.measure.brief import Brief
from shroff.measure.model_versions import model_versions
from shroff.measure.population import dimensions
from shroff.measure.score_labels import ScoreKey, told_by
from shroff.measure.score_queries import ALL_SCORES, Chosen
from shroff.measure.scorecard import Query, Scorecard, scorecard
from shroff.stats.dense import Flags
from shroff.stats.planning import labels_to_show_below
from shroff.stats.proportions import Floats
from shroff.stats.sampling import Strata
from shroff.stats.simultaneous import ManyShares, affordable, even_labels, many_shares
from shroff.store.engine import Engine

__all__ = ["GrowAsked", "grow", "grow_of"]

_USUAL = {"leakage": 0.02, "reject_precision": 0.9}
_HOUR = 60.0
_MOST_SLICES = 50_000
_POWER = 0.8
_LEAST_ADS = 20
_NARROWEST = 0.005
_COLUMNS = ("market", "language")


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowAsked:
    """What is asked.

    Parameters
    ----------
    chosen : Chosen
        Whose score; the one over all policies of the version most in use when empty.
    by : tuple of str
        Columns to slice by, alone and together; policy, market and language, where there are such,
        if None. The policy of an ad is the one with the highest score of its own.
    band : float
        Width of a band of the score.
    leakage : float or None
        Largest share of violating ads that may be approved unseen; None for the goal of
        ``leakage``, else today's.
    precision : float or None
        Least precision of rejects; None for the goal of ``reject_precision``, else today's.
    minutes : float or None
        Minutes of work of a review; None for what the log says.
    most : int
        Slices told of each kind.
    """

    chosen: Chosen = ALL_SCORES
    by: tuple[str, ...] | None = None
    band: float = 0.1
    leakage: float | None = None
    precision: float | None = None
    minutes: float | None = None
    most: int = 10


def grow(engine: Engine, brief: Brief, asked: GrowAsked) -> Grow:
    """Rank slices.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, designs, level; its slices and metrics are not used.
    asked : GrowAsked
        Score, columns, limits.

    Returns
    -------
    Grow
        What to automate next, and what not to.

    Raises
    ------
    ConfigError
        If there is no such score or column, or a number is out of range.
    DesignError
        If no label was drawn at random.
    """
    wanted = ("leakage", "reject_precision", "approve_rate")
    card = scorecard(
        engine, replace(brief, by=tuple({(), dimensions_of(asked.by or ())}), wanted=wanted)
    )
    return grow_of(engine, card, asked)


def grow_of(engine: Engine, card: Scorecard, asked: GrowAsked) -> Grow:
    """Rank slices of a scorecard's ads; its session tables, by rows, must stand.

    Parameters
    ----------
    engine : Engine
        Where the logs and the scorecard's session tables are.
    card : Scorecard
        The scorecard.
    asked : GrowAsked
        Score, columns, limits.

    Returns
    -------
    Grow
        What to automate next, and what not to.

    Raises
    ------
    ConfigError
        If a number is out of range, or nobody knows how long a review takes.
    """
    limits = _limits(card, asked)
    if not 0.005 <= asked.band <= 1:
        raise ConfigError(f"a band of {asked.band:g} is outside 0.005 to 1", where="band")
    chosen, frame = chosen_score(engine, asked.chosen), card.frames[Weight.ADS]
    by = _columns(engine, card.brief) if asked.by is None else columns_of(asked.by)
    read = read_growing(engine, card, by=by, chosen=chosen)
    cut = slices_of(read, edges=_edges(asked.band))
    if len(cut) > _MOST_SLICES:
        raise ConfigError(
            f"{len(cut):,} slices are asked for, at most {_MOST_SLICES:,} can be looked at",
            hint="slice by fewer columns, or give a wider --band",
        )
    minutes = _minutes(asked.minutes, read.minutes.value)
    ranking = _Ranking(cut, read.strata, limits=limits, minutes=minutes, level=card.brief.level)
    reviewed = float(read.ads.n[read.ads.action == 1].sum())
    share = read.found.sum() / read.decided.n.sum() if read.decided.n.sum() else None
    titles = ("labels by slice", "ads by slice", "what people decided")
    return Grow(
        period=card.brief.period,
        score=_score(chosen),
        level=card.brief.level,
        limits=limits,
        minutes=read.minutes,
        asked_minutes=asked.minutes,
        hours=reviewed * minutes / _HOUR,
        found_per_hour=None if share is None else float(share) * _HOUR / minutes,
        safe=ranking.safe()[: asked.most],
        unsafe=ranking.unsafe()[: asked.most],
        nearly=ranking.nearly()[: asked.most],
        looked_at=int(ranking.shares.looked_at.sum()),
        cut=len(cut),
        design=frame.text(),
        notes=_notes(ranking, by_rules=read.by_rules) + told_by(frame),
        queries=tuple(
            Query(title, engine.text(sql)) for title, sql in zip(titles, read.queries, strict=True)
        ),
    )


def _columns(engine: Engine, brief: Brief) -> tuple[str, ...]:
    """Name the usual columns that there are."""
    known = dimensions(engine, brief.derived)
    scored = any(each.policy for each in model_versions(engine) if each.live)
    names = [name for name in _COLUMNS if name in known]
    return tuple([SCORED_POLICY] * scored + names)


def _minutes(asked: float | None, logged: float | None) -> float:
    minutes = asked if asked is not None else logged
    if minutes is None or not minutes > 0:
        raise ConfigError(
            "nobody knows how long a review takes", hint="give the minutes of a review: --minutes"
        )
    return minutes


def _edges(width: float) -> tuple[int, ...]:
    if not _NARROWEST <= width <= 1:
        raise ConfigError(f"a band of {width:g} is outside {_NARROWEST} to 1", where="band")
    return bands_of(width)


def _score(chosen: Chosen) -> ScoreKey:
    policy = None if chosen.policy == "-" else chosen.policy
    return ScoreKey(chosen.model, chosen.version, policy)


def _notes(ranking: _Ranking, *, by_rules: int) -> tuple[Message, ...]:
    told = {"level": ranking.level, "slices": int(ranking.looked_at.sum())}
    return (
        Message("grow.how", told),
        Message("grow.scope"),
        *([Message("guarantee.rules", {"ads": by_rules})] if by_rules else []),
    )


def _limits(card: Scorecard, asked: GrowAsked) -> Limits:
    """Take the limits asked for, else the goals, else what is so today."""
    leakage, whence = _limit(card, "leakage", asked.leakage)
    precision, source = _limit(card, "reject_precision", asked.precision)
    return Limits(leakage=leakage, precision=precision, leakage_from=whence, precision_from=source)


def _limit(card: Scorecard, metric: str, told: float | None) -> tuple[float, str]:
    if told is not None:
        if not 0 < told < 1:
            raise ConfigError(f"{metric} of {told:g} is outside 0 to 1", hint="0.02 means 2%")
        return told, "asked"
    goal = card.brief.goal(metric)
    bar = None if goal is None else goal.at_most if metric == "leakage" else goal.at_least
    if bar is not None and 0 < bar < 1:
        return bar, "goal"
    figure = card.figure(metric)
    today = figure.estimate.value if figure is not None else None
    if today is not None and 0 < today < 1:
        return today, "today"
    return _USUAL[metric], "usual"


class _Ranking:
    """Slices with bounds that hold together, in order of what they are worth."""

    def __init__(
        self, cut: GrowSlices, strata: Strata, *, limits: Limits, minutes: float, level: float
    ) -> None:
        self.cut, self.limits, self.hours = cut, limits, minutes / _HOUR
        self.action = {name: cut.of(name) for name in ("approve", "review", "reject")}
        size = len(cut)
        alike = cut.alike()
        labels = even_labels(cut.labels, strata, alike).count(size)
        easiest = max(limits.leakage, 1 - limits.precision)
        top = np.where(self.action["review"], easiest, 0.5)
        some = self.action["approve"] | self.action["review"] | self.action["reject"]
        looked_at: Flags = affordable(labels, top, level=level) & some
        self.looked_at = looked_at & (cut.counts.ads >= _LEAST_ADS)
        self.level = level
        self.shares: ManyShares = many_shares(
            cut.labels, strata, alike=alike, looked_at=self.looked_at, level=level
        )

    def safe(self) -> tuple[Candidate, ...]:
        """Give the reviewed slices that are surely safe to automate, most hours a risk first."""
        rows: list[Candidate] = []
        for then in ("approve", "reject"):
            good = self.action["review"] & (self._wrong(then)[2] <= self.limits.wrong(then))
            rows += [self._candidate(int(place), then) for place in np.flatnonzero(good)]
        return _apart(rows, key=_worth)

    def unsafe(self) -> tuple[Candidate, ...]:
        """Give the automated slices that are surely over the limit, most prevented an hour first."""
        rows: list[Candidate] = []
        for now in ("approve", "reject"):
            bad = self.action[now] & (self._wrong(now)[1] > self.limits.wrong(now))
            rows += [self._candidate(int(place), "review") for place in np.flatnonzero(bad)]
        return _apart(rows, key=_worth)

    def nearly(self) -> tuple[Candidate, ...]:
        """Give the reviewed slices that look safe, but are not sure, most hours first."""
        safe = self.safe()
        rows: list[Candidate] = []
        for then in ("approve", "reject"):
            expected, _, high = self._wrong(then)
            limit = self.limits.wrong(then)
            good = self.action["review"] & (expected < limit) & (high > limit)
            good &= self.cut.counts.ads >= _LEAST_ADS
            rows += [self._candidate(int(place), then) for place in np.flatnonzero(good)]
        rows = [x for x in rows if not any(x.slice.shares_ads_with(y.slice) for y in safe)]
        return _apart(rows, key=_hours)

    def _wrong(self, then: str) -> tuple[Floats, Floats, Floats]:
        """Give the share of wrong decisions, expected and bounded, if ads were treated so."""
        found = self.shares
        if then == "approve":
            return found.shrunken, found.low, found.high
        return 1 - found.shrunken, 1 - found.high, 1 - found.low

    def _candidate(self, place: int, then: str) -> Candidate:
        cut = self.cut
        automated = then if then != "review" else cut.slices[place].action
        wrong, low, high = (float(each[place]) for each in self._wrong(automated))
        ads = float(cut.counts.ads[place])
        rate, sure = (wrong / self.hours, low / self.hours) if then == "review" else (
            self.hours / max(wrong, 1e-9), self.hours / max(high, 1e-9)
        )  # fmt: skip
        decided = float(cut.counts.decided[place])
        return Candidate(
            slice=cut.slices[place],
            then=then,
            ads=int(ads),
            labels=int(self.shares.labels[place]),
            violating=int(self.shares.hits[place]),
            hours=ads * self.hours,
            wrong=wrong,
            wrong_low=low,
            wrong_high=high,
            per_wrong=rate,
            per_wrong_low=sure,
            people=float(cut.counts.found[place]) / decided if decided else None,
            more=0 if then == "review" else self._more(place, then, wrong=wrong, high=high),
        )

    def _more(self, place: int, then: str, *, wrong: float, high: float) -> int:
        """Count the labels that a slice which is not sure lacks."""
        limit = self.limits.wrong(then)
        if high <= limit or wrong >= limit:
            return 0
        shared = 1 - (1 - self.level) / max(int(self.looked_at.sum()) + 1, 1)
        needed = labels_to_show_below(limit, wrong, level=shared, power=_POWER)
        ads = int(self.cut.counts.ads[place])
        return max(min(needed, ads) - int(self.shares.labels[place]), 0)


def _worth(each: Candidate) -> float:
    return each.per_wrong_low


def _hours(each: Candidate) -> float:
    return each.hours


def _apart(
    rows: Sequence[Candidate], *, key: Callable[[Candidate], float]
) -> tuple[Candidate, ...]:
    """Take the best, then the next that shares no ad with any taken."""
    kept: list[Candidate] = []
    for each in sorted(rows, key=lambda x: (-key(x), -x.ads, x.slice.where, x.slice.band)):
        if not any(each.slice.shares_ads_with(other.slice) for other in kept):
            kept.append(each)
    return tuple(kept)
