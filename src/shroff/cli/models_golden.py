"""`shroff models golden`: ads whose truth people settled, to hold every version against."""

from __future__ import annotations

import click

from shroff.cli.lazy_group import LazyGroup

__all__ = ["GOLDEN_COMMANDS", "command"]

GOLDEN_COMMANDS: dict[str, tuple[str, str]] = {
    "draw": ("models_golden_draw", "Draw a set, and write a file for each of two labellers."),
    "adopt": ("models_golden_adopt", "Make a set of ads that a design drew and two labelled."),
    "take": ("models_golden_take", "Take labels back, and settle what both say alike."),
    "adjudicate": ("models_golden_adjudicate", "Write what is disputed, for a third labeller."),
    "list": ("models_golden_list", "List the golden sets."),
    "show": ("models_golden_show", "Show a set: coverage, too thin cells, stale ads."),
    "run": ("models_golden_run", "Put a set to a model, several times where one asks."),
    "results": ("models_golden_results", "Tell how good a version is on a set."),
    "consistency": ("models_golden_consistency", "Tell whether a version says the same again."),
}
"""Subcommands: module and summary; a module is imported when its command runs."""


class _Golden(LazyGroup):
    table = GOLDEN_COMMANDS


@click.group(cls=_Golden)
def command() -> None:
    """Keep golden sets: drawn by chance, labelled by two who do not see each other, adjudicated.

    A set is versioned: each time labels are taken it gets a revision with a hash of its content.
    """
