"""Decisions on recommendations: who may take them alone, and which take two people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shroff.store.catalog import Catalog
from shroff.store.catalog_advice import Advice, AdviceStep
from shroff.store.catalog_approvals import ApprovalRequest
from shroff.store.second_word import OWN_WORD, Word, held

__all__ = ["ACTING", "Decided", "decide"]

ACTING = frozenset(
    {
        "cascade",
        "grow",
        "guarantee",
        "model",
        "rule_new",
        "rule_queue",
        "rule_retire",
        "thresholds",
    }
)
"""Kinds of recommendations that change what the machine decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What is decided of a recommendation.

    Parameters
    ----------
    advice : str
        Its id, or the beginning of it.
    state : str
        ``accepted``, ``rejected`` or ``done``.
    who, why : str
        Who decides, and the reason.
    told : mapping
        What is told with it: owner, due date, day and way of a roll-out.
    word : Word or None
        Who approved it, where someone did.
    """

    advice: str
    state: str
    who: str
    why: str
    told: Mapping[str, Any] = field(default_factory=dict[str, Any])
    word: Word | None = None


def decide(catalog: Catalog, said: Decided) -> tuple[Advice, tuple[AdviceStep, ...]]:
    """Record a decision; what changes decisions waits for a second person where people sign in.

    Parameters
    ----------
    catalog : Catalog
        The workspace's memory.
    said : Decided
        The decision.

    Returns
    -------
    Advice, tuple of AdviceStep
        The recommendation as it stands now, and all decisions on it.
    """
    book = catalog.advice
    known = book.find(said.advice)
    state, told = said.state, dict(said.told)
    if said.state == "accepted" and known.kind in ACTING:
        request = ApprovalRequest(
            kind="advice",
            subject=known.id,
            asked={"told": told, "what": known.subject, "kind": known.kind},
            who=said.who,
            why=said.why,
        )
        waiting = held(catalog, request, said.word)
        if waiting is not None:
            state, told = "waiting", {**told, "request": waiting.id}
        else:
            told |= (said.word or OWN_WORD).told()
    if (state, known.state) != ("waiting", "waiting"):
        step = AdviceStep(
            at="", advice_id=known.id, state=state, who=said.who, why=said.why, detail=told
        )
        book.move(step)
    return book.find(known.id), book.steps(known.id)
