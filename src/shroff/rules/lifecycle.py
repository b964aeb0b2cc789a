"""The life of a rule: from draft to shadow, to a share of ads, to all of them, and out again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shroff.domain.messages import Message
from shroff.errors import ConfigError
from shroff.measure.label_batch import is_drawn
from shroff.rules.backtest_result import RuleResult, estimate_record
from shroff.rules.forecast import RuleForecast
from shroff.rules.rule import Rule, RuleAction
from shroff.stats.estimate import Status
from shroff.store.catalog_rules import RuleEvent

__all__ = ["RuleState", "Standing", "Step", "in_canary", "objections", "standing_of", "step"]


class RuleState(StrEnum):
    """Where a rule stands.

    ``DRAFT`` nobody uses it; ``SHADOW`` its hits are logged and change nothing; ``CANARY`` it acts
    on a share of ads; ``LIVE`` on all; ``EXPIRED`` its last day is over; ``STOPPED`` it was taken
    out.
    """

    DRAFT = "draft"
    SHADOW = "shadow"
    CANARY = "canary"
    LIVE = "live"
    EXPIRED = "expired"
    STOPPED = "stopped"


_NEXT: Mapping[RuleState, tuple[RuleState, ...]] = {
    RuleState.DRAFT: (RuleState.SHADOW,),
    RuleState.SHADOW: (RuleState.CANARY, RuleState.LIVE, RuleState.STOPPED),
    RuleState.CANARY: (RuleState.CANARY, RuleState.LIVE, RuleState.STOPPED),
    RuleState.LIVE: (RuleState.LIVE, RuleState.STOPPED),
    RuleState.EXPIRED: (RuleState.STOPPED,),
    RuleState.STOPPED: (RuleState.SHADOW,),
}
_ACTING = (RuleState.CANARY, RuleState.LIVE)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a rule stands, and since when.

    Parameters
    ----------
    state : RuleState
        The state.
    since : str
        When it came into it, ISO 8601 in UTC; empty for a draft.
    share : float or None
        Share of ads of a canary.
    version : int
        Version that came into it.
    queued : bool
        Whether the rule once acted by sending ads to people.
    """

    state: RuleState = RuleState.DRAFT
    since: str = ""
    share: float | None = None
    version: int = 0
    queued: bool = False


def standing_of(rule: Rule, events: Sequence[RuleEvent], *, today: date) -> Standing:
    """Tell where a rule stands.

    Parameters
    ----------
    rule : Rule
        The rule as its pack has it.
    events : sequence of RuleEvent
        What became of it, oldest first; those of other rules are passed over.
    today : date
        Today; a rule that acted and whose last day is before it is expired.

    Returns
    -------
    Standing
        A draft where nothing is known.
    """
    mine = [each for each in events if each.rule_id == rule.id]
    if not mine:
        return Standing()
    last = mine[-1]
    queued = any(
        each.state in _ACTING and each.detail.get("action") == RuleAction.REVIEW for each in mine
    )
    state = RuleState(last.state)
    if state in (*_ACTING, RuleState.SHADOW) and rule.expires and rule.expires < today:
        state = RuleState.EXPIRED
    return Standing(state, last.at, last.share, last.version, queued)


def in_canary(rule_id: str, ad_id: str, share: float) -> bool:
    """Tell whether a canary acts on an ad.

    Parameters
    ----------
    rule_id : str
        The rule.
    ad_id : str
        The ad.
    share : float
        Share of ads, in [0, 1].

    Returns
    -------
    bool
        By a hash of both that stays: a larger share holds all ads of a smaller one.
    """
    return is_drawn(ad_id, f"canary/{rule_id}", share)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step that somebody wants to take with a rule.

    Parameters
    ----------
    rule : Rule
        The rule.
    to : RuleState
        Where it is to come.
    share : float or None
        Share of ads, of a canary.
    who, why : str
        Who wants it, and why.
    """

    rule: Rule
    to: RuleState
    share: float | None = None
    who: str
    why: str


def objections(
    step: Step,
    standing: Standing,
    *,
    tried: RuleResult | None,
    forecast: RuleForecast | None,
    bar: float,
) -> tuple[Message, ...]:
    """Say what speaks against a step.

    Parameters
    ----------
    step : Step
        The step.
    standing : Standing
        Where the rule stands.
    tried : RuleResult or None
        What history says of it.
    forecast : RuleForecast or None
        What was kept of it.
    bar : float
        Precision that a rule which rejects must have, in (0, 1).

    Returns
    -------
    tuple of Message
        Nothing, or why not: a rule that is to act needs a forecast that was kept; one that rejects
        must have queued ads for people before, and have a precision whose lower bound clears the
        bar, from labels drawn at random.
    """
    if step.to not in _ACTING:
        return ()
    found: list[Message] = []
    if forecast is None or forecast.version != step.rule.version:
        found.append(Message("life.no_forecast", {"rule": step.rule.id}))
    if step.rule.action is not RuleAction.REJECT:
        return tuple(found)
    if not standing.queued:
        found.append(Message("life.queue_first", {"rule": step.rule.id}))
    precision = tried.precision if tried is not None else None
    low = precision.low if precision and precision.status is Status.ESTIMATE else None
    if low is None or low < bar:
        found.append(Message("life.below_bar", {"rule": step.rule.id, "low": low, "bar": bar}))
    return tuple(found)


def step(
    wanted: Step, standing: Standing, *, at: datetime, tried: RuleResult | None = None
) -> RuleEvent:
    """Take a step.

    Parameters
    ----------
    wanted : Step
        The step; objections are the caller's business.
    standing : Standing
        Where the rule stands.
    at : datetime
        Now.
    tried : RuleResult, optional
        What history says of it, to be remembered with it.

    Returns
    -------
    RuleEvent
        To be noted in the catalog.

    Raises
    ------
    ConfigError
        If there is no such step from where the rule stands, the share of a canary is missing or
        shrinks, or nobody says why.
    """
    known = _NEXT[standing.state]
    if wanted.to not in known:
        raise ConfigError(
            f"{wanted.rule.id} is {standing.state}: it cannot become {wanted.to}",
            where=wanted.rule.id,
            hint="from there it can become " + ", ".join(known),
        )
    if not wanted.why.strip():
        raise ConfigError("a step in the life of a rule needs a reason", where="--why")
    _require_share(wanted, standing)
    detail: dict[str, object] = {"action": str(wanted.rule.action)}
    if tried is not None:
        detail["precision"] = estimate_record(tried.precision)
    return RuleEvent(
        at=at.isoformat(timespec="seconds"),
        rule_id=wanted.rule.id,
        version=wanted.rule.version,
        state=str(wanted.to),
        share=wanted.share if wanted.to is RuleState.CANARY else None,
        who=wanted.who,
        why=wanted.why.strip(),
        detail=detail,
    )


def _require_share(wanted: Step, standing: Standing) -> None:
    if wanted.to is not RuleState.CANARY:
        return
    if wanted.share is None or not 0 < wanted.share < 1:
        raise ConfigError(
            "a canary acts on a share of ads", where="--share", hint="give one between 0 and 1"
        )
    if standing.share is not None and wanted.share < standing.share:
        raise ConfigError(
            f"the canary acts on {standing.share:g} of ads already",
            where="--share",
            hint="a share only grows; stop the rule to take it back",
        )
