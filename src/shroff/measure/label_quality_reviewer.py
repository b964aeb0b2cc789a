"""How one reviewer judges: for quality assurance, to better guidelines and training."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from shroff.domain.messages import Message
from shroff.domain.metrics import Weight
from shroff.domain.slices import EVERYTHING, Period
from shroff.errors import ConfigError, DesignError
from shroff.measure.blocks import Figure, record_of
from shroff.measure.brief import Brief
from shroff.measure.label_quality_agreement import checks_of
from shroff.measure.label_quality_answers import Answers, Named, read_answers
from shroff.measure.label_quality_change import mix_of
from shroff.measure.label_quality_rates import gold_rates
from shroff.measure.scorecard import scorecard
from shroff.stats.agreement_change import Pairs, adjusted_difference
from shroff.stats.dawid_skene import UNKNOWN, Votes, dawid_skene
from shroff.stats.dawid_skene_doubt import correct_rates, draws, told
from shroff.stats.estimate import Estimate, Estimates
from shroff.stats.linearise import Flags, Ints, add_up
from shroff.stats.proportions import wilson
from shroff.store.engine import Engine

__all__ = ["FEWEST", "ROLE", "Reviewer", "require_qa", "reviewer_of", "reviewer_quality"]

ROLE = "qa"
"""The only role that sees figures about one reviewer."""

FEWEST = 50
"""Fewest answers that can be judged before anything is said of a reviewer."""

_PSEUDONYM = re.compile(r"r_[0-9a-f]{16}")
_ALONE = 30
_TIMES, _NEAR, _SEED, _FEWEST_CLASS = 60, 1e-6, 22, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewer:
    """How one reviewer judges.

    Parameters
    ----------
    reviewer : str
        Pseudonym.
    period : Period
        Days of the answers.
    judged : int
        Answers that were checked, whose truth was known, or that others gave, too.
    figures : mapping of Estimate
        ``judged_otherwise``, ``more_than_others`` on the same mix of queues, policies and weeks'
        guidelines, and sensitivity and specificity on known truth (``gold_``) and by what others
        say of the same ads (``model_``), each where there are answers enough.
    caveats : tuple of Message
        What the reader must know.
    """

    reviewer: str
    period: Period
    judged: int
    figures: Mapping[str, Estimate]
    caveats: tuple[Message, ...]

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        figures = [Figure(name, EVERYTHING, each) for name, each in self.figures.items()]
        return {
            "reviewer": self.reviewer,
            "period": {"start": str(self.period.start), "end": str(self.period.end)},
            "judged": self.judged,
            "figures": [record_of(figure) for figure in figures],
            "caveats": [each.record() for each in self.caveats],
        }


def require_qa(reviewer: str, role: str) -> None:
    """Refuse figures about one reviewer to all but quality assurance.

    Parameters
    ----------
    reviewer : str
        Pseudonym asked for.
    role : str
        Who asks.

    Raises
    ------
    ConfigError
        If the role is another, or no pseudonym is given.
    """
    if role != ROLE:
        raise ConfigError(
            "figures about one reviewer are for quality assurance only",
            where="--reviewer",
            hint="add --as qa if that is your role; everyone else sees queues and groups",
        )
    if not _PSEUDONYM.fullmatch(reviewer):
        raise ConfigError(
            f"{reviewer!r} is no pseudonym",
            where="--reviewer",
            hint="give the reviewer_id as the lake has it: r_ and sixteen digits",
        )


def reviewer_quality(engine: Engine, brief: Brief, reviewer: str, *, role: str) -> Reviewer:
    """Say how one reviewer judges, beside others on the same mix of ads.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period and level.
    reviewer : str
        Pseudonym.
    role : str
        Who asks; only ``qa`` is answered.

    Returns
    -------
    Reviewer
        The figures, each with its interval. There is no list of reviewers, and no rank.
    """
    require_qa(reviewer, role)
    card = scorecard(engine, replace(brief, by=((),), wanted=("leakage",)))
    table = card.frames[Weight.ADS].table
    answers = read_answers(engine, brief.period, frame=table, week_starts=brief.week_starts)
    return reviewer_of(answers, reviewer, period=brief.period, level=brief.level)


def reviewer_of(answers: Answers, reviewer: str, *, period: Period, level: float) -> Reviewer:
    """Say how one reviewer judges, from answers that were read.

    Parameters
    ----------
    answers : Answers
        Answers.
    reviewer : str
        Pseudonym.
    period : Period
        Days of the answers.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Reviewer
        The figures.

    Raises
    ------
    DesignError
        If fewer than 50 of the reviewer's answers can be judged.
    """
    judged = _judged(answers)
    mine = answers.is_(answers.person, reviewer)
    own = int(np.count_nonzero(mine[judged.row]))
    shared = int(np.count_nonzero(mine & _shared(answers)))
    if max(own, shared) < FEWEST:
        raise DesignError(
            f"{max(own, shared)} answers of this reviewer can be judged; {FEWEST} are needed",
            where=reviewer,
            hint="check more of the queue at random, take a longer period, or look at the group",
        )
    figures: dict[str, Estimate] = {}
    if own >= FEWEST:
        figures |= _held(answers, judged, mine, level=level)
    if shared >= FEWEST:
        figures |= _model(answers, reviewer, level=level)
    return Reviewer(
        reviewer=reviewer,
        period=period,
        judged=max(own, shared),
        figures=figures,
        caveats=(
            Message("labels.quality.reviewer", {"n": max(own, shared)}),
            Message("labels.quality.independent"),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Judged:
    """Answers that something can be said of, one an ad and person, and whether they were wrong."""

    row: Ints
    wrong: Flags


def _judged(answers: Answers) -> _Judged:
    """Hold answers against known truth, else against the check of the same ad."""
    known = np.flatnonzero(answers.known & answers.inside)
    checks = checks_of(answers)
    fresh = ~np.isin(checks.row, known)
    row = np.concatenate([known, checks.row[fresh]])
    wrong = np.concatenate(
        [
            answers.violating[known] != (answers.gold[known] == 1),
            (checks.first != checks.check)[fresh],
        ]
    )
    _, once = np.unique(
        np.column_stack([answers.item[row], answers.person.codes[row]]), axis=0, return_index=True
    )
    return _Judged(row[once], wrong[once])


def _shared(answers: Answers) -> Flags:
    """Tell which answers are on ads that somebody else answered, too."""
    pairs = np.unique(np.column_stack([answers.item, answers.person.codes]), axis=0)
    people = np.bincount(pairs[:, 0], minlength=1)
    found: Flags = (people[answers.item] >= 2) & answers.inside
    return found


def _held(answers: Answers, judged: _Judged, mine: Flags, *, level: float) -> dict[str, Estimate]:
    """Hold one reviewer's answers against checks and known truth, and against others' answers."""
    gap = _gap(answers, judged, mine, level=level)
    return {
        "judged_otherwise": _share(judged, mine, level=level),
        **({} if gap is None else {"more_than_others": gap}),
        **_gold(answers, mine, level=level),
    }


def _share(judged: _Judged, mine: Flags, *, level: float) -> Estimate:
    own = judged.wrong[mine[judged.row]]
    return wilson(int(np.count_nonzero(own)), len(own), level=level)


def _gap(answers: Answers, judged: _Judged, mine: Flags, *, level: float) -> Estimate | None:
    """Compare with others on the same queues, policies and guidelines."""
    size = len(answers.guideline.names) + 1
    mix = mix_of(answers).codes * size + answers.guideline.codes
    strata, where = np.unique(mix[judged.row], return_inverse=True)
    own = mine[judged.row]

    def up(kept: Flags) -> np.ndarray:
        return add_up(where, kept.astype(np.float64), size=len(strata))

    pairs = Pairs(
        group=np.zeros(len(strata), dtype=np.intp),
        first_hits=up(~own & judged.wrong),
        first=up(~own),
        second_hits=up(own & judged.wrong),
        second=up(own),
    )
    found = adjusted_difference(pairs, groups=1, level=level)
    return found.at(0) if found.n[0] else None


def _gold(answers: Answers, mine: Flags, *, level: float) -> dict[str, Estimate]:
    every = Named(np.zeros(len(answers), dtype=np.intp), ("",))
    if not np.any(answers.known & mine & answers.inside):
        return {}
    rates = gold_rates(answers, mine & answers.inside, every, level=level)
    return {f"gold_{rate}": found.at(0) for rate, found in rates.items() if _enough(found, 0)}


def _model(answers: Answers, reviewer: str, *, level: float) -> dict[str, Estimate]:
    """Fit every reviewer of the queue at once, and tell of one."""
    rows = np.flatnonzero(_shared(answers) & (answers.person.codes >= 0))
    items, first, place = np.unique(answers.item[rows], return_index=True, return_inverse=True)
    rater = _raters(answers.person.codes[rows])
    own = rater[answers.person.codes[rows] == answers.person.names.index(reviewer)]
    truth = np.where(answers.gold[rows][first] < 0, UNKNOWN, answers.gold[rows][first])
    votes = Votes(
        item=place.reshape(-1),
        rater=rater,
        label=answers.violating[rows].astype(np.intp),
        items=len(items),
        raters=int(rater.max()) + 1,
        classes=2,
        truth=truth,
    )
    fit = dawid_skene(votes)
    if not told(votes, fit):
        return {}
    rng = np.random.default_rng(_SEED)
    again = draws(votes, fit, rng=rng, times=_TIMES, tolerance=_NEAR)
    rates = correct_rates(votes, fit, again, level=level)
    one = 2 * int(own[0])
    found = {"model_specificity": one, "model_sensitivity": one + 1}
    return {name: rates.at(place) for name, place in found.items() if _enough(rates, place)}


def _raters(person: Ints) -> Ints:
    """Give each person a number; those of few answers, who tell too little alone, share one."""
    counts = np.bincount(person)
    _, rater = np.unique(np.where(counts[person] >= _ALONE, person, -1), return_inverse=True)
    return rater.reshape(-1)


def _enough(figures: Estimates, place: int) -> bool:
    return bool(figures.n[place] >= _FEWEST_CLASS)
