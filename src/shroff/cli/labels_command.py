"""`shroff labels`: which ads to label, and what became of the labels."""

from __future__ import annotations

import click

from shroff.cli.lazy_group import LazyGroup

__all__ = ["LABELS_COMMANDS", "command"]

LABELS_COMMANDS: dict[str, tuple[str, str]] = {
    "plan": ("labels_plan", "Plan the cheapest labels that make figures as certain as you want."),
    "draw": ("labels_draw", "Draw the batch of a plan, and write it for reviewers."),
    "take": ("labels_take", "Take a labelled batch back."),
    "quality": ("labels_quality", "Tell how far the labels can be trusted."),
}
"""Subcommands: module and summary; a module is imported when its command runs."""


class _Labels(LazyGroup):
    table = LABELS_COMMANDS


@click.group(cls=_Labels)
def command() -> None:
    """Plan which ads to label, draw the batch, take the labels back, and tell how good they are."""
