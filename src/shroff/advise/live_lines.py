"""What the lines that are live do with the scores of an ad."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from shroff.advise.live_ads import LiveAd
from shroff.advise.proposal import CascadeChange, Proposal, ThresholdChange
from shroff.domain.decisions import Action
from shroff.domain.registered import ModelState
from shroff.store.model_records import ModelRecord

__all__ = [
    "Judge", "Line", "Lined", "LiveLines", "lined", "live_judges", "rank", "shadow_judges",
]  # fmt: skip

_RANKS = {Action.APPROVE: 0, Action.REVIEW: 1, Action.RESTRICT: 2, Action.REJECT: 3}

Line: TypeAlias = "ThresholdChange | CascadeChange"
"""A line of a proposal."""


def rank(action: Action) -> int:
    """Tell how strict an action is; the strictest of all that speak for an ad is done."""
    return _RANKS[action]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Something whose score decides, or would.

    Parameters
    ----------
    name, version : str
        The model; the version is empty where only ads tell the score.
    policy : str or None
        Policy of the score; None for one over all.
    state : str
        Where the version is in its life; empty where it is not registered.
    model : ModelRecord or None
        As it is registered.
    off : bool
        Whether it was switched off.
    """

    name: str
    version: str = ""
    policy: str | None = None
    state: str = ""
    model: ModelRecord | None = None
    off: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """Name the scores of an ad that are its own, the most exact first."""
        names = (f"{self.name}@{self.version}", self.name) if self.version else (self.name,)
        if self.state in {ModelState.SHADOW, ModelState.CHALLENGER}:
            names = names[:1]  # a bare name is the score that decides
        return names if self.policy is None else tuple(f"{name}/{self.policy}" for name in names)

    def brought(self, ad: LiveAd) -> float | None:
        """Give the score that an ad brings."""
        return next((ad.scores[key] for key in self.keys if key in ad.scores), None)

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "model": self.name,
            "version": self.version or None,
            "policy": self.policy,
            "state": self.state or None,
            "off": self.off,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Lined:
    """What a line does with an ad.

    Parameters
    ----------
    judge : Judge
        Whose score it reads.
    score : float or None
        The score; None where there is none.
    brought : bool
        Whether the ad brought it.
    action : Action or None
        What the line does; None where there is no score.
    line : mapping
        The line, as it was written: slice and scores from which it acts.
    why : str
        ``score``; ``llm`` where an LLM's answer decided, ``no_answer`` where it was missing;
        ``no_score``; ``off`` where the model is switched off; ``failed`` where it could not score.
    """

    judge: Judge
    score: float | None
    brought: bool
    action: Action | None
    line: Mapping[str, object]
    why: str

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            **self.judge.record(),
            "score": self.score,
            "score_from": None if self.score is None else "ad" if self.brought else "model",
            "action": str(self.action) if self.action else None,
            "line": dict(self.line),
            "why": self.why,
        }


@dataclass(frozen=True, slots=True)
class LiveLines:
    """All lines that are live.

    Parameters
    ----------
    proposal : Proposal or None
        Lines that were adopted; of several that fit an ad the first decides.
    judges : tuple of Judge
        Whose scores decide: those that adopted lines name, then the champions they do not.
    off : mapping
        Versions that are switched off, by model; an empty version stands for all.
    """

    proposal: Proposal | None
    judges: tuple[Judge, ...]
    off: Mapping[str, set[str]] = field(default_factory=dict[str, set[str]])

    @property
    def drawn(self) -> tuple[Line, ...]:
        """List the adopted lines."""
        return self.proposal.lines if self.proposal else ()

    def judge_of(self, line: Line) -> Judge:
        """Find whose score a line reads."""
        return next(each for each in self.judges if _key(each) == (line.model, line.policy))

    def of(self, ad: LiveAd) -> list[tuple[Judge, Line | None]]:
        """List the lines an ad falls under: the first adopted one, and what champions bring."""
        named = {_key(each) for each in self.judges[: self._named]}
        first = next((line for line in self.drawn if ad.fits(line.where)), None)
        found: list[tuple[Judge, Line | None]] = [] if first is None else [
            (self.judge_of(first), first)
        ]  # fmt: skip
        return found + [
            (each, None)
            for each in self.judges
            if _key(each) not in named and each.model is not None and each.model.thresholds
        ]

    @property
    def _named(self) -> int:
        return len(dict.fromkeys((line.model, line.policy) for line in self.drawn))

    def queue(self, ad: LiveAd) -> str | None:
        """Name the queue an ad goes to where people are to see it; None for the usual one."""
        routes = self.proposal.routing if self.proposal else ()
        return next((each.queue for each in routes if ad.fits(each.where)), None)


def _key(judge: Judge) -> tuple[str, str | None]:
    return judge.name, judge.policy


def live_judges(
    proposal: Proposal | None, models: Sequence[ModelRecord], *, off: Mapping[str, set[str]]
) -> tuple[Judge, ...]:
    """Name whose scores decide.

    Parameters
    ----------
    proposal : Proposal or None
        Adopted lines.
    models : sequence of ModelRecord
        Everything that is registered.
    off : mapping
        Versions that are switched off, by model; an empty version stands for all.

    Returns
    -------
    tuple of Judge
        Those that adopted lines name, in their order, then the champions with thresholds of
        their own that no line names.
    """
    versions = dict(proposal.versions) if proposal else {}
    lines = proposal.lines if proposal else ()
    asked = dict.fromkeys((line.model, line.policy) for line in lines)
    champions = [each for each in models if each.state is ModelState.CHAMPION]
    found = [
        _judge(name, policy, models=models, version=versions.get(name, ""), off=off)
        for name, policy in asked
    ]
    for each in champions:
        policies = each.policies if len(each.policies) == 1 else (None,)
        if each.thresholds and (each.name, policies[0]) not in asked:
            found.append(_of_record(each, policies[0], off=off))
    return tuple(found)


def _judge(
    name: str,
    policy: str | None,
    *,
    models: Sequence[ModelRecord],
    version: str,
    off: Mapping[str, set[str]],
) -> Judge:
    """Find the version a line means: the one it names, else the champion."""
    own = [each for each in models if each.name == name]
    if version:
        own = [each for each in own if each.version == version]
    else:
        own = [each for each in own if each.state is ModelState.CHAMPION]
    own = [each for each in own if policy is None or policy in each.policies] or own
    if own:
        return _of_record(own[0], policy, off=off)
    gone = off.get(name, set())
    return Judge(name=name, version=version, policy=policy, off=bool(gone & {"", version}))


def _of_record(model: ModelRecord, policy: str | None, *, off: Mapping[str, set[str]]) -> Judge:
    return Judge(
        name=model.name,
        version=model.version,
        policy=policy,
        state=str(model.state),
        model=model,
        off=bool(off.get(model.name, set()) & {"", model.version}),
    )


def shadow_judges(
    models: Sequence[ModelRecord], live: Sequence[Judge], *, off: Mapping[str, set[str]]
) -> tuple[Judge, ...]:
    """Name the versions whose scores change nothing, and are told beside.

    Parameters
    ----------
    models : sequence of ModelRecord
        Everything that is registered.
    live : sequence of Judge
        Whose scores decide.
    off : mapping
        As for `live_judges`.

    Returns
    -------
    tuple of Judge
        Challengers and those in shadow.
    """
    acting = {(each.name, each.version) for each in live}
    watched = {ModelState.SHADOW, ModelState.CHALLENGER}
    return tuple(
        _of_record(each, each.policies[0] if len(each.policies) == 1 else None, off=off)
        for each in models
        if each.state in watched and (each.name, each.version) not in acting
    )


def lined(
    judge: Judge,
    line: Line | None,
    ad: LiveAd,
    *,
    ran: float | None,
    failed: bool = False,
    off: Mapping[str, set[str]],
) -> Lined:
    """Tell what a line does with an ad.

    Parameters
    ----------
    judge : Judge
        Whose score it reads.
    line : ThresholdChange, CascadeChange or None
        The line; None for the thresholds that the model was registered with.
    ad : LiveAd
        The ad.
    ran : float or None
        Score that the model gave here.
    failed : bool
        Whether it was asked and could not say.
    off : mapping
        Versions that are switched off; an LLM among them gives no answer.

    Returns
    -------
    Lined
        What is done, and why.
    """
    own = judge.model.thresholds if judge.model else {}
    told = line.record() if line is not None else {"thresholds": dict(own)}
    brought = None if judge.off else judge.brought(ad)
    score = None if judge.off else (brought if brought is not None else ran)
    if score is None:
        why = "off" if judge.off else "failed" if failed else "no_score"
        action = None
    elif line is None:
        action, why = _by_thresholds(own, score), "score"
    elif isinstance(line, CascadeChange):
        action, why = _by_cascade(line, score, ad, off=off)
    else:
        action, why = _by_lines(line.review_from, line.reject_from, score), "score"
    return Lined(
        judge=judge, score=score, brought=brought is not None, action=action, line=told, why=why
    )


def _by_thresholds(thresholds: Mapping[str, float], score: float) -> Action:
    passed = [Action(name) for name, least in thresholds.items() if score >= least]
    return max(passed, key=rank, default=Action.APPROVE)


def _by_lines(review_from: float, reject_from: float, score: float) -> Action:
    if score >= reject_from:
        return Action.REJECT
    return Action.REVIEW if score >= review_from else Action.APPROVE


def _by_cascade(
    line: CascadeChange, score: float, ad: LiveAd, *, off: Mapping[str, set[str]]
) -> tuple[Action, str]:
    if score >= line.reject_from:
        return Action.REJECT, "score"
    if score < line.ask_from:
        return Action.APPROVE, "score"
    if not line.llm:
        return Action.REVIEW, "score"
    silent = bool(off.get(line.llm, set()) & {"", line.llm_version})
    asked = (line.policy, None) if line.policy else (None,)
    told = (
        Judge(name=line.llm, version=line.llm_version, policy=policy).brought(ad)
        for policy in asked
    )
    answer = None if silent else next((each for each in told if each is not None), None)
    if answer is None:
        return Action(line.fallback), "no_answer"
    return _by_lines(line.people_from, line.llm_reject_from, answer), "llm"
