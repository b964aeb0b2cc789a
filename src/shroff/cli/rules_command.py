"""`shroff rules`: write, check, try and run the rules that are yours."""

from __future__ import annotations

import click

from shroff.cli.lazy_group import LazyGroup

__all__ = ["RULES_COMMANDS", "command"]

RULES_COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("rules_starter", "Copy starter packs into the workspace, to make them yours."),
    "lint": ("rules_lint", "Tell what is wrong with rule packs, and mend it."),
    "test": ("rules_test", "Test rules by their examples, and by disguises of them."),
    "scan": ("rules_scan", "Scan ads, files or a stream with rule packs."),
    "backtest": ("rules_backtest", "Tell what rules would have done on past ads."),
    "diff": ("rules_diff", "Tell what changed between packs, and what it would have done."),
    "mine": ("rules_mine", "Propose rules, or guards for one, from labelled ads."),
    "status": ("rules_status", "Show what rules hit, held against what was forecast."),
    "watch": ("rules_watch", "Take rules out that break their forecast; for a clock."),
    "promote": ("rules_promote", "Note that a rule comes into shadow, a canary, or live."),
    "stop": ("rules_stop", "Note that a rule is taken out; list the ads that it decided."),
    "show": ("rules_show", "Show a rule pack as a table."),
    "schema": ("rules_schema", "Print the JSON Schema of rule packs, for editors."),
}
"""Subcommands: module and summary; a module is imported when its command runs."""


class _Rules(LazyGroup):
    table = RULES_COMMANDS


@click.group(cls=_Rules)
def command() -> None:
    """Write, check, try and run the rules that are yours."""
