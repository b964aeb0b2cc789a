"""`shroff watch`: what changed, where, why, and what is new."""

from __future__ import annotations

import click

from shroff.cli.lazy_group import LazyGroup

__all__ = ["WATCH_COMMANDS", "command"]

WATCH_COMMANDS: dict[str, tuple[str, str]] = {
    "changes": ("watch_changes", "Find what changed, once for each event."),
    "incidents": ("watch_incidents", "List incidents, acknowledge or close one."),
    "advertisers": ("watch_advertisers", "Rank accounts by what they drive; new against old."),
    "campaigns": ("watch_campaigns", "Find copies of ads that several accounts run."),
    "drift": ("watch_drift", "Tell how far what comes in moved."),
    "terms": ("watch_terms", "Find words and phrases that are new."),
    "trends": ("watch_trends", "Draw metrics by day, with what is to be expected."),
    "why": ("watch_why", "Tell which slices changed a figure, by rate or by mix."),
}
"""Subcommands: module and summary; a module is imported when its command runs."""


class _Watch(LazyGroup):
    table = WATCH_COMMANDS


@click.group(cls=_Watch)
def command() -> None:
    """Tell what changed, where, why, and what is new."""
