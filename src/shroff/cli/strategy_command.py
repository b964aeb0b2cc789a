"""`shroff strategy`: what decides on ads now, and which lines are live."""

from __future__ import annotations

import click

from shroff.cli.lazy_group import LazyGroup

__all__ = ["STRATEGY_COMMANDS", "command"]

STRATEGY_COMMANDS: dict[str, tuple[str, str]] = {
    "show": ("strategy_show", "Tell what decides now: rules, lines, models, since when."),
    "adopt": ("strategy_adopt", "Make the lines of a proposal live, from the next ad on."),
    "drop": ("strategy_drop", "Take adopted lines back."),
}
"""Subcommands: module and summary; a module is imported when its command runs."""


class _Strategy(LazyGroup):
    table = STRATEGY_COMMANDS


@click.group(cls=_Strategy)
def command() -> None:
    """Tell what decides on ads now, and change which lines are live."""
