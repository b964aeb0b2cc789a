"""What a proposal does while some of its LLMs are switched off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from shroff.advise.proposal import CascadeChange, Proposal
from shroff.advise.simulate import simulate
from shroff.advise.simulate_question import SimulateQuestion
from shroff.advise.simulation import Simulation
from shroff.domain.messages import Message
from shroff.measure.brief import Brief
from shroff.models.kill_switch import Switched, switched_off
from shroff.store.catalog import Catalog
from shroff.store.engine import Engine

__all__ = ["fallen_back", "simulate_now"]


def fallen_back(
    proposal: Proposal, off: Sequence[Switched]
) -> tuple[Proposal, tuple[Message, ...]]:
    """Let ads of LLMs that are off go to the fallback of their cascade.

    Parameters
    ----------
    proposal : Proposal
        What is proposed.
    off : sequence of Switched
        What is switched off.

    Returns
    -------
    Proposal, tuple of Message
        The proposal as it would run now, and which LLMs it does without.
    """
    gone = {
        (each.llm, each.llm_version): turn
        for each in proposal.cascades
        for turn in off
        if each.llm and turn.meets(each.llm, each.llm_version)
    }
    if not gone:
        return proposal, ()
    cascades = tuple(
        _without(each) if (each.llm, each.llm_version) in gone else each
        for each in proposal.cascades
    )
    notes = tuple(
        Message("cascade.off", {"llm": f"{llm} {version}".strip(), "reason": turn.why})
        for (llm, version), turn in gone.items()
    )
    return replace(proposal, cascades=cascades), notes


def _without(each: CascadeChange) -> CascadeChange:
    """Send the middle to people, or approve it."""
    if each.fallback == "approve":
        return replace(each, llm="", llm_version="", ask_from=each.reject_from)
    return replace(each, llm="", llm_version="")


def simulate_now(
    engine: Engine, brief: Brief, question: SimulateQuestion, *, lake: Path, catalog: Catalog
) -> Simulation:
    """Replay history under a proposal as it would run now: without LLMs that are switched off.

    Parameters
    ----------
    engine, brief, question, lake
        As for `simulate`.
    catalog : Catalog
        Where turns of the switch are kept.

    Returns
    -------
    Simulation
        The replay; what it does without is told first.
    """
    proposal, notes = fallen_back(question.proposal, switched_off(catalog))
    asked = sorted({each.llm for each in proposal.cascades if each.llm})
    if asked:
        notes = (*notes, Message("cascade.unasked", {"llm": ", ".join(asked)}))
    found = simulate(engine, brief, replace(question, proposal=proposal), lake=lake)
    return replace(found, proposal=question.proposal, notes=(*notes, *found.notes))
