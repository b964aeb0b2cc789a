"""What is done with an ad, by what, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shroff.advise.live_ads import LiveAd
from shroff.advise.live_lines import Lined, rank
from shroff.advise.live_rules import Fired
from shroff.domain.decisions import Action, Source
from shroff.rules.lifecycle import RuleState
from shroff.rules.rule import RuleAction

__all__ = ["Decided", "decide_one", "log_row"]

_ASKS = {RuleAction.REVIEW: Action.REVIEW, RuleAction.REJECT: Action.REJECT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What is done with one ad.

    Parameters
    ----------
    ad : LiveAd
        The ad.
    action : Action
        What is done: the strictest of all that speaks for it.
    source, detector, version : str
        What decided, as the log of decisions names it; the source is ``rule``, ``model``, ``llm``,
        ``fallback`` where a score was missing, or ``nothing`` where nothing spoke.
    policy : str or None
        Policy that is broken.
    queue : str or None
        Queue that adopted lines route it to, where people are to see it.
    tags : tuple of str
        Rules that only tag, and fired.
    rules : tuple of Fired
        Rules that act on it.
    lines : tuple of Lined
        Lines it falls under.
    shadow_rules : tuple of Fired
        Rules in shadow, and others that fired and do not act.
    shadow_lines : tuple of Lined
        What versions that change nothing would do.
    shadow_action : Action
        What would be done if all of these acted as well.
    strategy : str
        Name of the strategy that decided.
    """

    ad: LiveAd
    action: Action
    source: str
    detector: str
    version: str
    policy: str | None
    queue: str | None
    tags: tuple[str, ...]
    rules: tuple[Fired, ...]
    lines: tuple[Lined, ...]
    shadow_rules: tuple[Fired, ...]
    shadow_lines: tuple[Lined, ...]
    shadow_action: Action
    strategy: str

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "ad_id": self.ad.id,
            "ad_version": self.ad.version,
            "action": str(self.action),
            "policy_id": self.policy,
            "decided_by": {
                "source": self.source,
                "detector": self.detector or None,
                "version": self.version or None,
            },
            "queue": self.queue,
            "tags": list(self.tags),
            "rules": [each.record() for each in self.rules],
            "lines": [each.record() for each in self.lines],
            "shadow": {
                "action": str(self.shadow_action),
                "rules": [each.record() for each in self.shadow_rules],
                "lines": [each.record() for each in self.shadow_lines],
            },
            "strategy": self.strategy,
        }


def decide_one(
    ad: LiveAd,
    fired: Sequence[Fired],
    lines: Sequence[Lined],
    *,
    shadows: Sequence[Lined],
    fallback: Action,
    queue: str | None,
    strategy: str,
) -> Decided:
    """Put together what rules and lines say of an ad.

    Parameters
    ----------
    ad : LiveAd
        The ad.
    fired : sequence of Fired
        Rules that fire on it.
    lines : sequence of Lined
        Lines it falls under.
    shadows : sequence of Lined
        What versions in shadow say.
    fallback : Action
        What is done at least where a line lacks its score.
    queue : str or None
        Where it goes if people are to see it.
    strategy : str
        Name of what decides.

    Returns
    -------
    Decided
        The strictest action; of equals rules before lines, the more severe rule first.
    """
    acting = tuple(each for each in fired if each.acts)
    beside = tuple(each for each in fired if not each.acts and _is_watched(each))
    reasons = [*_of_rules(acting), *_of_lines(lines, fallback=fallback)]
    best = max(reasons, key=lambda each: rank(each[0]), default=_NOTHING)
    action, source, detector, version, policy = best
    would = [each[0] for each in _of_rules(beside)] + [e.action for e in shadows if e.action]
    return Decided(
        ad=ad,
        action=action,
        source=source,
        detector=detector,
        version=version,
        policy=policy if action is not Action.APPROVE else None,
        queue=queue if action is Action.REVIEW else None,
        tags=tuple(each.rule.id for each in acting if each.rule.action is RuleAction.TAG),
        rules=acting,
        lines=tuple(lines),
        shadow_rules=beside,
        shadow_lines=tuple(shadows),
        shadow_action=max([action, *would], key=rank),
        strategy=strategy,
    )


_Reason = tuple[Action, str, str, str, str | None]
_NOTHING: _Reason = (Action.APPROVE, "nothing", "", "", None)


def _is_watched(fired: Fired) -> bool:
    """Tell whether a rule that does not act is to be told beside: drafts are nobody's business."""
    return fired.standing.state in {RuleState.SHADOW, RuleState.CANARY, RuleState.LIVE}


def _of_rules(fired: Sequence[Fired]) -> list[_Reason]:
    asking = [each for each in fired if each.rule.action in _ASKS]
    asking.sort(key=lambda each: -each.rule.severity)
    return [
        (
            _ASKS[each.rule.action],
            str(Source.RULE),
            each.rule.id,
            str(each.rule.version),
            each.rule.policy or None,
        )
        for each in asking
    ]


def _of_lines(lines: Sequence[Lined], *, fallback: Action) -> list[_Reason]:
    found: list[_Reason] = []
    for each in lines:
        judge = each.judge
        if each.action is None:
            found.append((fallback, "fallback", judge.name, judge.version, judge.policy))
            continue
        source = Source.LLM if each.why == "llm" else Source.MODEL
        version = judge.version
        name = judge.name
        if source is Source.LLM:
            name, version = str(each.line["llm"]), str(each.line["llm_version"] or "")
        found.append((each.action, str(source), name, version, judge.policy))
    return found


def log_row(decided: Decided, *, at: datetime) -> dict[str, object]:
    """Write a decision as a row of the log of decisions, which ``shroff ingest`` reads.

    Parameters
    ----------
    decided : Decided
        The decision.
    at : datetime
        When it was made.

    Returns
    -------
    dict
        Columns of the table ``decisions``; the name of the strategy besides.
    """
    ad = decided.ad
    scores: list[Mapping[str, object]] = [each.record() for each in decided.lines]
    market = ad.values.get("market")
    known = {str(each) for each in Source}
    return {
        "decision_id": f"{decided.strategy}/{ad.id}/{ad.version}/{market or ''}",
        "ad_id": ad.id,
        "ad_version": ad.version,
        "market": market,
        "decided_at": at.isoformat(timespec="milliseconds"),
        "action": str(decided.action),
        "policy_id": decided.policy,
        "source": decided.source if decided.source in known else str(Source.MODEL),
        "detector": decided.detector or None,
        "version": decided.version or None,
        "shadow": False,
        "score": next((each["score"] for each in scores if each["score"] is not None), None),
        "strategy": decided.strategy,
    }
