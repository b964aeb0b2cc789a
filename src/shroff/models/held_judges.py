"""Where judges are held against people: results, repeat runs, the gate, LLMs as labellers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

from shroff.domain.labels import DesignKind
from shroff.domain.messages import Message
from shroff.domain.slices import Period
from shroff.errors import ConfigError
from shroff.measure.briefing import brief_of
from shroff.measure.periods import covered
from shroff.models.gate import Gate, GateAsked, gate_of
from shroff.models.gold_labels import Gold, SlicedGold, gold_of, sliced
from shroff.models.golden_consistency import Consistency, consistency_of
from shroff.models.golden_policies import PolicyBook, iso, policy_book
from shroff.models.golden_results import GoldenResults, paired_with, results_of
from shroff.models.golden_standing import GoldenStanding, newest_versions, standing
from shroff.models.judge_answers import (
    Answer,
    Judge,
    JudgeKind,
    choose_judge,
    known_judges,
    policies_of,
    read_answers,
    stand_asked,
)
from shroff.models.labeller import LabellerAsked, labeller
from shroff.models.labeller_result import Labeller
from shroff.store.catalog import Catalog
from shroff.store.engine import Engine
from shroff.store.golden_records import GoldenSet
from shroff.store.settings import Settings
from shroff.store.sql import literal

__all__ = ["BY", "JudgeNamed", "Judging"]

BY = (("policy",), ("language",), ("policy", "language"))
"""How results are cut."""

_LEAST_TOLD, _MOST_TOLD = 100, 6
_Read = dict[tuple[str, int], list[Answer]]


@dataclass(frozen=True, slots=True)
class JudgeNamed:
    """A judge as a user names it.

    Parameters
    ----------
    name : str
        ``NAME@VERSION``, or a name or version that only one has.
    at : float or None
        Score from which it calls an ad violating; of scores only.
    """

    name: str
    at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """Where judges are held against people.

    Parameters
    ----------
    settings : Settings
        What the workspace's shroff.toml says.
    catalog : Catalog
        What was done, and the golden sets.
    engine : callable
        Opens a query engine over the logs.
    """

    settings: Settings
    catalog: Catalog
    engine: Callable[[], AbstractContextManager[Engine]]

    def results(
        self,
        named: JudgeNamed,
        *,
        golden: str = "",
        against: JudgeNamed | None = None,
        policies: Sequence[str] = (),
        level: float = 0.95,
    ) -> GoldenResults:
        """Say how good a version is on a golden set.

        Parameters
        ----------
        named : JudgeNamed
            The version.
        golden : str
            The set; the one that was changed last when empty.
        against : JudgeNamed, optional
            Another version, to be compared with on the same ads.
        policies : sequence of str
            Policies that figures are about; those the version is asked about when empty.
        level : float
            Coverage of the intervals, in (0, 1).

        Returns
        -------
        GoldenResults
            Recall, precision, false-positive rate, ads without an answer; by policy and language.
        """
        found = self.catalog.golden.find(golden)
        with self.engine() as engine:
            work = _Held(engine, self.settings, self.catalog, found)
            judge, mine = work.answers(named)
            pair = work.answers(against) if against else None
            args = {"judge": judge.label, "golden": found.label}
            with self.catalog.noted("golden results", args=args, snapshot=engine.snapshot):
                both = [judge, pair[0]] if pair else [judge]
                cut = work.cut(work.asked(policies) or policies_of(both))
                told = results_of(
                    cut, mine, judge, golden=found.label, level=level, notes=work.notes()
                )
                if pair is None:
                    return told
                said = cut.said(mine, judge), cut.said(pair[1], pair[0])
                paired = paired_with(cut, said[0], said[1], other=pair[0], level=level)
                return replace(told, paired=paired)

    def told(self, engine: Engine) -> tuple[GoldenStanding, tuple[GoldenResults, ...]] | None:
        """Say how LLMs, and models with a registered threshold, do on the newest golden set.

        Parameters
        ----------
        engine : Engine
            Where the logs are.

        Returns
        -------
        tuple or None
            What the set is worth, and results of those that judged at least 100 of its ads, or
            half of them, those that judged most first; None without a set.
        """
        sets = self.catalog.golden.sets()
        if not sets or not sets[-1].settled:
            return None
        work = _Held(engine, self.settings, self.catalog, sets[-1])
        found: list[GoldenResults] = []
        for each in known_judges(engine):
            judge = _with_line(self.catalog, each, None)
            if judge.kind is JudgeKind.RULE or (
                judge.kind is JudgeKind.SCORE and judge.at is None
            ):
                continue
            answers = work.read(judge)
            if len(answers) >= min(_LEAST_TOLD, len(sets[-1].settled) / 2):
                cut = work.cut(policies_of([judge]))
                label = sets[-1].label
                found.append(results_of(cut, answers, judge, golden=label, notes=work.notes()))
        found.sort(key=_most_judged)
        return work.standing(), tuple(found[:_MOST_TOLD])

    def consistency(
        self, named: JudgeNamed, *, golden: str = "", level: float = 0.95
    ) -> Consistency:
        """Say how often a version says the same of a golden ad when it is asked again.

        Parameters
        ----------
        named : JudgeNamed
            The version.
        golden : str
            The set; the one that was changed last when empty.
        level : float
            Coverage of the intervals, in (0, 1).

        Returns
        -------
        Consistency
            Share of ads with one answer throughout, and the chance that two answers differ.

        Raises
        ------
        ConfigError
            If the version is no LLM's.
        """
        found = self.catalog.golden.find(golden)
        with self.engine() as engine:
            work = _Held(engine, self.settings, self.catalog, found)
            judge, answers = work.answers(named)
            if judge.kind is not JudgeKind.LLM:
                raise ConfigError(
                    f"{judge.label} is no LLM: its answer to an ad is kept once",
                    hint="repeat runs are read from the log of judgements",
                )
            args = {"judge": judge.label, "golden": found.label}
            with self.catalog.noted("golden consistency", args=args, snapshot=engine.snapshot):
                return consistency_of(work.gold, answers, judge, golden=found.label, level=level)

    def gate(
        self,
        challenger: JudgeNamed,
        champion: JudgeNamed,
        asked: GateAsked,
        *,
        golden: str = "",
        policies: Sequence[str] = (),
        by: Sequence[str] = (),
    ) -> Gate:
        """Say whether a challenger may take the champion's place.

        Parameters
        ----------
        challenger, champion : JudgeNamed
            The versions.
        asked : GateAsked
            What is checked.
        golden : str
            The set; the one that was changed last when empty.
        policies : sequence of str
            Policies that it is about; those the two are asked about when empty.
        by : sequence of str
            ``policy`` or ``language``: check each slice as well.

        Returns
        -------
        Gate
            Every check, and what it could have seen.
        """
        found = self.catalog.golden.find(golden)
        with self.engine() as engine:
            work = _Held(engine, self.settings, self.catalog, found)
            new, old = work.answers(challenger), work.answers(champion)
            args = {"challenger": new[0].label, "champion": old[0].label, "golden": found.label}
            with self.catalog.noted("models gate", args=args, snapshot=engine.snapshot):
                return gate_of(
                    work.cut(
                        work.asked(policies) or policies_of((new[0], old[0])),
                        by=[(x,) for x in by],
                    ),
                    (new[1], old[1]),
                    (new[0], old[0]),
                    asked=asked,
                    golden=found.label,
                    notes=work.notes(),
                )

    def labeller(
        self,
        named: JudgeNamed,
        *,
        golden: str = "",
        by: Sequence[str | Sequence[str]] = (),
        metrics: Sequence[str] = (),
        period: str | Period = "",
        level: float = 0.95,
    ) -> Labeller:
        """Say what an LLM's labels are worth beside those of people.

        Parameters
        ----------
        named : JudgeNamed
            The LLM, or any other judge.
        golden : str
            Golden set that its errors are held against; the people's labels of the period when
            empty.
        by : sequence
            Slicings of the corrected figures.
        metrics : sequence of str
            Metrics to correct; the usual ones when empty.
        period : str or Period
            As for `Workspace.measure`.
        level : float
            Coverage of the intervals, in (0, 1).

        Returns
        -------
        Labeller
            Its errors by policy and language; figures with and without it; labels saved.
        """
        found = self.catalog.golden.find(golden) if golden else None
        with self.engine() as engine:
            brief = brief_of(
                self.settings, engine, by=by, period=period, wanted=metrics, level=level
            )
            book = policy_book(engine)
            judge = _named(engine, self.catalog, named)
            gold = None
            if found is not None:
                gold = gold_of(found, kind=_kind(self.settings, found))
                stand_asked(engine, _reviewed(found))
            asked = LabellerAsked(
                judge=judge,
                gold=gold,
                gold_name=found.label if found else "",
                metrics=tuple(metrics),
            )
            args = {"judge": judge.label, "period": brief.period.label(), "golden": golden}
            with self.catalog.noted("models labeller", args=args, snapshot=engine.snapshot):
                return labeller(engine, brief, asked, book=book)


@dataclass(frozen=True, slots=True)
class _Held:
    """One golden set under an open engine."""

    engine: Engine
    settings: Settings
    catalog: Catalog
    golden: GoldenSet

    @property
    def gold(self) -> Gold:
        return gold_of(self.golden, kind=_kind(self.settings, self.golden))

    @property
    def book(self) -> PolicyBook:
        return policy_book(self.engine)

    def answers(self, named: JudgeNamed) -> tuple[Judge, _Read]:
        judge = _named(self.engine, self.catalog, named)
        return judge, self.read(judge)

    def read(self, judge: Judge) -> _Read:
        stand_asked(self.engine, _reviewed(self.golden))
        return read_answers(self.engine, judge)

    def asked(self, policies: Sequence[str]) -> Sequence[str]:
        named = (name for each in self.gold.policies for name in each)
        return self.book.require(policies, named=named)

    def cut(self, policies: Sequence[str], *, by: Sequence[Sequence[str]] = BY) -> SlicedGold:
        return sliced(self.gold, book=self.book, scope=policies, by=by)

    def standing(self) -> GoldenStanding:
        return standing(
            self.golden,
            book=self.book,
            newest=newest_versions(self.engine, self.golden),
            now=iso(covered(self.engine).as_of),
        )

    def notes(self) -> tuple[Message, ...]:
        """Say what is known against the set."""
        golden, notes = self.golden, list[Message]()
        found = self.standing()
        if found.stale:
            told: dict[str, str | int | float | None] = {
                "stale": len(found.stale),
                "items": len(golden.settled),
            }
            told |= {why: found.stale_by(why) for why in ("policy", "age", "edited")}
            notes.append(Message("golden.stale", told))
        if waiting := sum(found.open.values()):
            notes.append(
                Message(
                    "golden.open", {"open": waiting, "disputed": found.open.get("disputed", 0)}
                )
            )
        return tuple(notes)


def _reviewed(golden: GoldenSet) -> str:
    design = literal(golden.design_id)
    return f"(SELECT ad_id, ad_version FROM reviews WHERE design_id = {design})"


def _kind(settings: Settings, golden: GoldenSet) -> DesignKind:
    spec = settings.designs.get(golden.design_id)
    return DesignKind(spec.kind) if spec is not None else DesignKind.POISSON


def _most_judged(found: GoldenResults) -> tuple[int, str]:
    return -found.judged, found.judge.label


def _named(engine: Engine, catalog: Catalog, named: JudgeNamed) -> Judge:
    return _with_line(catalog, choose_judge(known_judges(engine), named.name), named.at)


def _with_line(catalog: Catalog, judge: Judge, at: float | None) -> Judge:
    """Give a judge that scores the score from which it acts: as asked, or as registered."""
    if judge.kind is not JudgeKind.SCORE:
        return judge
    if at is not None and not 0 <= at <= 1:
        raise ConfigError(f"no score is {at:g}", where="--at", hint="scores are from 0 to 1")
    if at is None:
        known = [m for m in catalog.models.models(judge.name) if m.version == judge.version]
        lines = [line for model in known for line in model.thresholds.values()]
        at = min(lines) if lines else None
    return replace(judge, at=at)
