"""Steps in the life of a rule: asked for, checked against history, noted in the catalog."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from difflib import get_close_matches

import pyarrow as pa

from shroff.domain.messages import Message
from shroff.errors import ConfigError
from shroff.rules.backtest_result import RuleResult
from shroff.rules.forecast import RuleForecast
from shroff.rules.lifecycle import RuleState, Step, objections, standing_of, step
from shroff.rules.rule import Pack, Rule
from shroff.store.catalog_approvals import ApprovalRequest
from shroff.store.catalog_rules import RuleBook, RuleEvent
from shroff.store.second_word import OWN_WORD, Word

__all__ = ["Ask", "Stopped", "Taken", "acting_since", "rule_in", "stop", "take"]

Hold = Callable[[RuleEvent], ApprovalRequest | None]
"""Lets a step wait for a second person; None where it may be taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A step that is asked for.

    Parameters
    ----------
    rule_id : str
        The rule.
    to : str
        State it is to come into.
    share : float or None
        Share of ads, of a canary.
    who, why : str
        Who asks, and why.
    bar : float
        Precision that a rule which rejects must have.
    despite : bool
        Whether to take the step whatever speaks against it.
    word : Word or None
        Who approved it.
    said : str
        What the rule must still say, as `Proposal.digest` names it; whatever it says when empty.
    """

    rule_id: str
    to: str
    share: float | None = None
    who: str = ""
    why: str = ""
    bar: float = 0.95
    despite: bool = False
    word: Word | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a step.

    Parameters
    ----------
    event : RuleEvent or None
        What was noted; None where the step was not taken.
    objections : tuple of Message
        What speaks against it.
    waiting : ApprovalRequest or None
        What waits for a second person, where the step takes one.
    """

    event: RuleEvent | None
    objections: tuple[Message, ...]
    waiting: ApprovalRequest | None = None

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "event": asdict(self.event) if self.event else None,
            "objections": [each.record() for each in self.objections],
            "waiting": self.waiting.record() if self.waiting else None,
        }


@dataclass(frozen=True, slots=True)
class Stopped:
    """A rule that was taken out.

    Parameters
    ----------
    event : RuleEvent
        What was noted.
    again : Table
        Ads that it decided since it acted, to be looked at again.
    """

    event: RuleEvent
    again: pa.Table

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {"event": asdict(self.event), "again": self.again.to_pylist()}


def rule_in(packs: Sequence[Pack], rule_id: str) -> Rule:
    """Find a rule.

    Parameters
    ----------
    packs : sequence of Pack
        Packs.
    rule_id : str
        Its id.

    Returns
    -------
    Rule
        The rule.

    Raises
    ------
    ConfigError
        If no pack has it.
    """
    rules = {rule.id: rule for pack in packs for rule in pack.rules}
    if rule_id in rules:
        return rules[rule_id]
    close = get_close_matches(rule_id, rules, n=1)
    raise ConfigError(
        f"there is no rule {rule_id!r} in {', '.join(pack.path or pack.id for pack in packs)}",
        where="rule",
        hint=f"did you mean {close[0]!r}?" if close else "shroff rules show PACK lists them",
    )


def take(
    ask: Ask,
    rule: Rule,
    *,
    book: RuleBook,
    now: datetime,
    tried: RuleResult | None = None,
    forecast: RuleForecast | None = None,
    hold: Hold = lambda _: None,
) -> Taken:
    """Check a step and note it, unless something speaks against it.

    Parameters
    ----------
    ask : Ask
        The step.
    rule : Rule
        The rule.
    book : RuleBook
        Where it is noted.
    now : datetime
        Now.
    tried : RuleResult, optional
        What history says of it.
    forecast : RuleForecast, optional
        What was kept of it.
    hold : callable
        Lets a step wait that takes a second person, and gives what waits.

    Returns
    -------
    Taken
        What was noted, and what speaks against it.
    """
    standing = standing_of(rule, book.events(rule.id), today=now.date())
    wanted = Step(rule=rule, to=RuleState(ask.to), share=ask.share, who=ask.who, why=ask.why)
    event = step(wanted, standing, at=now, tried=tried)
    against = objections(wanted, standing, tried=tried, forecast=forecast, bar=ask.bar)
    if against and not ask.despite:
        return Taken(None, against)
    if event.state in {RuleState.CANARY, RuleState.LIVE}:
        waiting = hold(event)
        if waiting is not None:
            return Taken(None, against, waiting)
        event = replace(event, detail={**event.detail, **(ask.word or OWN_WORD).told()})
    if against:
        told = {**event.detail, "despite": [each.id for each in against]}
        event = replace(event, detail=told)
    book.note(event)
    return Taken(event, against)


def stop(ask: Ask, rule: Rule, *, book: RuleBook, now: datetime) -> tuple[RuleEvent, str]:
    """Note that a rule is taken out.

    Parameters
    ----------
    ask : Ask
        Who takes it out, and why.
    rule : Rule
        The rule.
    book : RuleBook
        Where it is noted.
    now : datetime
        Now.

    Returns
    -------
    RuleEvent, str
        What was noted, and since when the rule had acted; empty where nobody noted that.
    """
    events = book.events(rule.id)
    standing = standing_of(rule, events, today=now.date())
    wanted = Step(rule=rule, to=RuleState.STOPPED, who=ask.who, why=ask.why)
    event = step(wanted, standing, at=now)
    book.note(event)
    return event, acting_since(events)


def acting_since(events: Sequence[RuleEvent]) -> str:
    """Say since when a rule has acted, after it was last taken out.

    Parameters
    ----------
    events : sequence of RuleEvent
        What became of it, oldest first.

    Returns
    -------
    str
        An instant, ISO 8601; empty where nobody noted one.
    """
    acting = {RuleState.CANARY, RuleState.LIVE}
    stopped = [place for place, each in enumerate(events) if each.state == RuleState.STOPPED]
    since = [each.at for each in events[stopped[-1] if stopped else 0 :] if each.state in acting]
    return since[0] if since else ""
