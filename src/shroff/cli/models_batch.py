"""`shroff models batch`: half-price judging by files."""

from __future__ import annotations

import click

from shroff.cli.lazy_group import LazyGroup

__all__ = ["BATCH_COMMANDS", "command"]

BATCH_COMMANDS: dict[str, tuple[str, str]] = {
    "write": ("models_batch_write", "Write ads as files of requests, for a server's batch mode."),
    "read": ("models_batch_read", "Take back the files of answers; write the judgements."),
}
"""Subcommands: module and summary; a module is imported when its command runs."""


class _Batch(LazyGroup):
    table = BATCH_COMMANDS


@click.group(cls=_Batch)
def command() -> None:
    """Judge ads by files of requests, which many servers answer at half the price."""
