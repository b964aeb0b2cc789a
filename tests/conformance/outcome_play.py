"""What came of a change, as a user asks: by hash, by market, at once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from shroff.advise.outcome_question import Forecast, OutcomeQuestion, Rollout
from shroff.errors import ShroffError

if TYPE_CHECKING:
    from shroff.workspace import Workspace

__all__ = ["ask_what_came"]


def ask_what_came(workspace: Workspace) -> object:
    """Ask of one change in every way; hostile logs have few labels, so that most are refused."""
    said = []
    for rollout in Rollout:
        question = OutcomeQuestion(
            metric="leakage" if rollout is Rollout.HASH else "approve_rate",
            on=date(2024, 3, 8),
            rollout=rollout,
            within=(("language", "zh"),) if rollout is Rollout.ALL else (),
            values=("中国",),
            key="canary/it's",
            share=0.5,
            forecast=Forecast(value=-0.1, low=-0.2, high=0.0),
        )
        try:
            said.append(workspace.adviser.outcome(question).lead().text())
        except ShroffError as error:
            said.append(error.cause)
    return said
