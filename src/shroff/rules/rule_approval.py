"""Steps in the life of a rule that take a second person: what was asked for is what is done."""

from __future__ import annotations

from pathlib import Path

from shroff.domain.slices import Period
from shroff.errors import ConfigError
from shroff.rules.backtest import Proposal
from shroff.rules.rule import Pack
from shroff.rules.rule_steps import Ask, Hold
from shroff.store.catalog import Catalog
from shroff.store.catalog_approvals import ApprovalRequest
from shroff.store.catalog_rules import RuleEvent
from shroff.store.second_word import held

__all__ = ["holding"]


def holding(catalog: Catalog, ask: Ask, pack: Pack, *, period: str | Period) -> Hold:
    """Make what lets a step wait, with all it takes to do it later.

    Parameters
    ----------
    catalog : Catalog
        The workspace's memory.
    ask : Ask
        The step.
    pack : Pack
        Its pack, with this rule alone.
    period : str or Period
        Days on which it is tried.

    Returns
    -------
    callable
        Gives what waits, or None.

    Raises
    ------
    ConfigError
        If the rule says something else by now than when the step was asked for.
    """
    said = Proposal(packs=(pack,)).digest
    if ask.said and ask.said != said:
        raise ConfigError(
            f"{ask.rule_id} says something else than when this was asked for",
            where=pack.path or pack.id,
            hint="refuse it, and have it asked for again",
        )

    def hold(event: RuleEvent) -> ApprovalRequest | None:
        asked = {
            "to": event.state, "share": event.share, "bar": ask.bar, "despite": ask.despite,
            "packs": [str(Path(pack.path).resolve())] if pack.path else [], "said": said, "version": event.version,
            "period": period.label() if isinstance(period, Period) else period,
        }  # fmt: skip
        request = ApprovalRequest(
            kind="rule", subject=ask.rule_id, asked=asked, who=ask.who, why=ask.why
        )
        return held(catalog, request, ask.word)

    return hold
