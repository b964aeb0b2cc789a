"""`shroff advise`: what to change, what it would do, and whether it worked."""

from __future__ import annotations

import click

from shroff.cli.lazy_group import LazyGroup

__all__ = ["ADVISE_COMMANDS", "command"]

ADVISE_COMMANDS: dict[str, tuple[str, str]] = {
    "plan": ("advise_plan", "Rank everything that could be done by what it adds."),
    "accept": ("advise_accept", "Record that a recommendation will be done."),
    "reject": ("advise_reject", "Record that a recommendation will not be done."),
    "cascade": ("advise_cascade", "Find the best cascade of a score, an LLM and people."),
    "done": ("advise_done", "Record that a recommendation was done."),
    "grow": ("advise_grow", "Rank what is safest to automate next, and what is not."),
    "guarantee": ("advise_guarantee", "Find reject lines whose precision is sure."),
    "outcome": ("advise_outcome", "Tell whether a change did what was forecast."),
    "schema": ("advise_schema", "Print the JSON Schema of proposals."),
    "simulate": ("advise_simulate", "Replay history under a proposal."),
    "staff": ("advise_staff", "Tell how many reviewers a queue needs."),
    "thresholds": ("advise_thresholds", "Find the best lines to review and reject from."),
}
"""Subcommands: module and summary; a module is imported when its command runs."""


class _Advise(LazyGroup):
    table = ADVISE_COMMANDS


@click.group(cls=_Advise)
def command() -> None:
    """Tell what to change, what it would do, how sure that is, and whether it worked."""
