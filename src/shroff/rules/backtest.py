"""What would these rules have done, and how sure is that?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np

from shroff.domain.messages import Message
from shroff.domain.metrics import Weight
from shroff.measure.brief import Brief
from shroff.measure.counts import count, group_rows
from shroff.measure.frame import Frame, build_frames
from shroff.measure.labelling import DECK
from shroff.measure.population import build_population
from shroff.measure.slicings import slicings_of
from shroff.measure.tasks import build_tasks
from shroff.rules.backtest_figures import FIGURES, Waiting, rule_figures, share_wrong
from shroff.rules.backtest_result import Backtest, RuleResult, WrongHits
from shroff.rules.history_counts import Tally, overlaps, proxies, tallies, waiting
from shroff.rules.history_hits import History, stand_history, stand_logged
from shroff.rules.history_labels import Deck, HistoryLabels, deck_of, flips_sql, read_labels
from shroff.rules.review_work import ReviewWork, review_work
from shroff.rules.rule import Pack
from shroff.stats.estimate import Estimate, Estimates, Status
from shroff.stats.proportions import wilson
from shroff.store.engine import Engine

__all__ = ["Proposal", "backtest", "deck_design", "logged"]

_MOST_SLICES = 8
_MOST_OVERLAPS = 200
_CROWDED = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is to be tried.

    Parameters
    ----------
    packs : tuple of Pack
        The rules.
    against : tuple of Pack
        Rules that would be live beside them, whose hits are nothing new.
    """

    packs: tuple[Pack, ...]
    against: tuple[Pack, ...] = ()

    @property
    def digest(self) -> str:
        """Name the rules by what they do; the same on every machine, whatever compiles them."""
        told = [
            (
                (rule.id, rule.match, rule.allow, rule.unless, int(rule.evasion), rule.fields),
                (rule.across_fields, rule.markets, rule.languages, str(rule.action)),
            )
            for pack in self.packs
            for rule in pack.rules
        ]
        return sha256(repr(told).encode()).hexdigest()


def deck_design(proposal: Proposal) -> str:
    """Name the design that draws ads which a proposal would treat otherwise than was done."""
    return f"{DECK}{proposal.digest[:12]}"


def backtest(engine: Engine, brief: Brief, proposal: Proposal, *, lake: Path) -> Backtest:
    """Tell what rules would have done on the ads of a period.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, slices, designs, level.
    proposal : Proposal
        The rules, and those they are held against.
    lake : Path
        Folder of the lake.

    Returns
    -------
    Backtest
        Hits, precision, recall, what is new, work, overlap, wrong hits, what would have become of
        the ads.

    Notes
    -----
    Ads are read as they were decided. What a model would have made of an ad that one of these very
    rules decided, nobody logged: it counts as new unless another live detector hit it.
    """
    build_population(engine, brief.period, derived=brief.derived, week_starts=brief.week_starts)
    frame = build_frames(engine, brief.designs, weights=[Weight.ADS])[Weight.ADS]
    with stand_history(engine, proposal.packs, against=proposal.against, lake=lake) as history:
        engine.materialise("rule_flips", flips_sql(history))
        return _Trial(engine, brief, proposal, frame, history).run()


def logged(engine: Engine, brief: Brief, proposal: Proposal, *, lake: Path) -> Backtest:
    """Tell of the hits that were logged what `backtest` tells of those that would have been."""
    build_population(engine, brief.period, derived=brief.derived, week_starts=brief.week_starts)
    frame = build_frames(engine, brief.designs, weights=[Weight.ADS])[Weight.ADS]
    with stand_logged(engine, proposal.packs, lake=lake) as history:
        engine.materialise("rule_flips", flips_sql(history))
        return _Trial(engine, brief, proposal, frame, history).run()


@dataclass(frozen=True, slots=True)
class _Trial:
    """One backtest under way; its tables stand."""

    engine: Engine
    brief: Brief
    proposal: Proposal
    frame: Frame
    history: History

    def run(self) -> Backtest:
        """Count, estimate, and put it together."""
        days = (self.brief.period.end - self.brief.period.start).days
        every, asked = tallies(self.engine, self.history, days=days)
        deck = deck_of(self.engine, deck_design(self.proposal))
        names = self._columns()
        labels, query = read_labels(
            self.engine, self.history, self.frame, deck=deck, columns=names
        )
        figures = self._figures(labels, deck)
        work = self._work()
        shown = [self._result(rule, every[rule], figures, work) for rule in range(len(every))]
        ids = [rule.id for rule in self.history.rules]
        pairs = overlaps(self.engine, self.history)[:_MOST_OVERLAPS]
        return Backtest(
            period=self.brief.period,
            packs=_named(self.proposal.packs),
            against=_named(self.proposal.against),
            digest=self.proposal.digest,
            ads=self._ads(),
            level=self.brief.level,
            rules=tuple(shown[:-1]),
            whole=shown[-1],
            overlaps=tuple((ids[each.first], ids[each.second], each.ads) for each in pairs),
            slices=self._slices(labels, names),
            wait_hours=work.wait_hours,
            minutes=work.minutes,
            notes=self._notes(shown, labels, deck),
            queries=(*self.history.queries, *asked, query),
            snapshot=dict(self.engine.snapshot),
        )

    def _columns(self) -> list[str]:
        plain = slicings_of(self.engine, self.brief).plain
        return list(dict.fromkeys(slicing[0] for slicing in plain if len(slicing) == 1))

    def _ads(self) -> int:
        found = self.engine.query("SELECT SUM(ads) AS ads FROM population WHERE in_period")
        return int(found.column("ads")[0].as_py() or 0)

    def _work(self) -> ReviewWork:
        brief = self.brief
        build_tasks(self.engine, brief.period, as_of=brief.as_of, week_starts=brief.week_starts)
        return review_work(self.engine, level=brief.level)

    def _figures(self, labels: HistoryLabels | None, deck: Deck | None) -> _Figures:
        found = None
        if labels is not None:
            found = rule_figures(
                labels.labels,
                labels.hits,
                policies=[*(rule.policy for rule in self.history.rules), ""],
                waiting=self._waiting(deck),
                level=self.brief.level,
            )
        return _Figures(labels, found, proxies(self.engine, self.history), self.brief.level, deck)

    def _waiting(self, deck: Deck | None) -> Waiting | None:
        if not self.frame.any_probability():
            return None
        drawn = "FALSE"
        if deck is not None:
            drawn = "decision_id IN (SELECT decision_id FROM rule_flips)"
        return waiting(self.engine, self.history, self.frame, labelled=drawn)

    def _result(
        self, place: int, counts: Tally, figures: _Figures, work: ReviewWork
    ) -> RuleResult:
        rule = self.history.rules[place] if place < self.history.whole else None
        packs = {each.id: pack.id for pack in self.proposal.packs for each in pack.rules}
        days = (self.brief.period.end - self.brief.period.start).days
        found = {name: figures.at(name, place, counts) for name in FIGURES}
        precision = found["precision"]
        per_day = _counted(counts.queued / days, self.brief.level)
        return RuleResult(
            rule=rule,
            pack=packs[rule.id] if rule else ", ".join(dict.fromkeys(packs.values())),
            counts=counts,
            labelled=figures.labelled(place, counts.hits),
            reviews_per_day=per_day,
            hours_per_day=work.hours(counts.queued / days),
            wrong_per_day=_wrong(precision, counts.hits / days),
            **found,
        )

    def _slices(self, labels: HistoryLabels | None, names: Sequence[str]) -> tuple[WrongHits, ...]:
        """Tell in which slices most of the wrong hits are."""
        if labels is None:
            return ()
        hit = np.zeros(len(labels.labels), bool)
        hit[labels.hits.label[labels.hits.rule == self.history.whole]] = True
        found = [each for name in names for each in self._wrong_by(labels, name, hit)]
        some = [each for each in found if each.wrong.value]
        some.sort(key=lambda each: -(each.wrong.value or 0.0) * each.hits)
        return tuple(some[:_MOST_SLICES])

    def _wrong_by(self, labels: HistoryLabels, name: str, hit: np.ndarray) -> list[WrongHits]:
        parts, group = group_rows((name,), [labels.columns.column(name)], size=len(hit))
        wrong = share_wrong(
            labels.labels, hit, group=group, groups=len(parts), level=self.brief.level
        )
        cube = count(
            self.engine,
            "(SELECT p.* FROM population AS p JOIN rule_ads AS r"
            f" ON p.decision_id = r.decision_id WHERE r.rule = {self.history.whole}) AS hit_ads",
            slicings=[(name,)],
            sums={"n": "SUM(ads)"},
            where="in_period",
        )
        hits = {cube.slices[g]: int(n) for g, n in zip(cube.group, cube.columns["n"], strict=True)}
        return [
            WrongHits(part, hits.get(part, 0), labels_at(wrong, place, labels))
            for place, part in enumerate(parts)
        ]

    def _notes(
        self, shown: Sequence[RuleResult], labels: HistoryLabels | None, deck: Deck | None
    ) -> tuple[Message, ...]:
        notes = [] if labels is None else list(labels.caveats)
        if deck is not None:
            notes.append(
                Message(
                    "backtest.deck_used",
                    {"labels": deck.labelled, "drawn": deck.drawn, "design": deck.design},
                )
            )
        idle = [each.id for each in shown[:-1] if not each.counts.hits]
        if idle:
            few = ", ".join(idle[:5])
            notes.append(Message("backtest.idle", {"count": len(idle), "rules": few}))
        crowded = [r for r in shown[:-1] if r.counts.top_share > _CROWDED and r.counts.hits > 1]
        notes += [
            Message("backtest.crowded", {"rule": r.id, "share": r.counts.top_share})
            for r in crowded[:3]
        ]
        live = self._live()
        if any(each.id in live for each in shown[:-1]):
            notes.append(Message("backtest.own"))
        return tuple(notes)

    def _live(self) -> set[str]:
        found = self.engine.query("SELECT DISTINCT detector FROM population")
        return {str(name) for name in found.column("detector").to_pylist() if name}


@dataclass(frozen=True, slots=True)
class _Figures:
    """Figures from labels, and where there are none, what any review said."""

    labels: HistoryLabels | None
    found: Mapping[str, Estimates] | None
    reviewed: Mapping[int, tuple[int, int]]
    level: float
    deck: Deck | None

    def at(self, name: str, rule: int, counts: Tally) -> Estimate:
        """Give a figure of a rule."""
        if self.labels is not None and self.found is not None:
            figure = labels_at(self.found[name], rule, self.labels)
            if figure.status is Status.PROXY and name == "new_precision" and self._drawn(counts):
                return replace(figure, status=Status.ESTIMATE)
            if figure.status is not Status.UNKNOWN:
                return figure
        if name == "precision" and rule in self.reviewed:
            labels, violating = self.reviewed[rule]
            told = (Message("backtest.reviewed"),)
            return replace(
                wilson(violating, labels, level=self.level),
                status=Status.PROXY,
                design="every review of its hits, however it came about",
                caveats=told,
            )
        return _unknown(self.level)

    def _drawn(self, counts: Tally) -> bool:
        """Tell whether all hits that are new had a chance to be in the deck."""
        approved = sum(n for flip, n in counts.flips.items() if flip.startswith("approve>"))
        return self.deck is not None and counts.new == approved

    def labelled(self, rule: int, hits: int) -> Estimate:
        """Say which share of a rule's hits has a label."""
        n = 0
        if self.labels is not None:
            n = int(np.count_nonzero(self.labels.hits.rule == rule))
        if not hits:
            return _unknown(self.level)
        share = _counted(n / hits, self.level)
        return replace(share, n=n, numerator=float(n), denominator=float(hits))


def labels_at(figures: Estimates, place: int, labels: HistoryLabels) -> Estimate:
    """Give one figure with how its labels were drawn."""
    return figures.at(place, status=labels.status, design=labels.design)


def _unknown(level: float) -> Estimate:
    return Estimate(
        value=None, low=None, high=None, level=level, status=Status.UNKNOWN, method="none", n=0
    )


def _counted(value: float, level: float) -> Estimate:
    return Estimate(
        value=value, low=value, high=value, level=level, status=Status.COUNT, method="count", n=0
    )


def _wrong(precision: Estimate, per_day: float) -> Estimate:
    """Turn a share of hits that violate into compliant ads a day."""

    def turned(share: float | None) -> float | None:
        return None if share is None else (1 - share) * per_day

    return replace(
        precision,
        value=turned(precision.value),
        low=turned(precision.high),
        high=turned(precision.low),
        numerator=None,
        denominator=None,
    )


def _named(packs: Sequence[Pack]) -> tuple[str, ...]:
    return tuple(f"{pack.id} v{pack.version}" for pack in packs)
