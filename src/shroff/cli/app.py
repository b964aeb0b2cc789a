"""The `shroff` command: which subcommands there are and how each ends."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import NoReturn

import click

from shroff.cli.endings import Session, ending
from shroff.cli.lazy_group import LazyGroup

__all__ = ["COMMANDS", "main", "run", "shroff"]

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("demo_command", "Write the logs of a synthetic ads platform and report on them."),
    "init": ("init_command", "Make a workspace, with a mapping proposed from your files."),
    "ingest": ("ingest_command", "Read log files into the workspace."),
    "check": ("check_command", "Tell what is wrong with the logs and what it does to metrics."),
    "measure": ("measure_command", "Measure the machine: every metric with its interval."),
    "labels": ("labels_command", "Plan which ads to label, draw them, take the labels back."),
    "models": ("models_command", "Tell what scores are worth, and which version is better."),
    "slices": ("slices_command", "Search all slices for those that are worse than the rest."),
    "find": ("find_command", "Find all ads that say something, in whatever disguise."),
    "rules": ("rules_command", "Write, check, try and run the rules that are yours."),
    "watch": ("watch_command", "Tell what changed, where, why, and what is new."),
    "advise": ("advise_command", "Tell what to change, what it would do, and whether it worked."),
    "decide": ("decide_command", "Decide on ads by what is live now, and say why."),
    "strategy": ("strategy_command", "Tell what decides now, and change which lines are live."),
    "goals": ("goals_command", "Tell which goals are met, and since when that is known."),
    "fewer-labels": (
        "fewer_labels_command",
        "Estimate from labels on few ads and scores on all.",
    ),
    "regulatory": (
        "regulatory_command",
        "Set published indicators of automation beside labels.",
    ),
    "cubes": ("cubes_command", "Tell what is counted and kept; count it again."),
    "report": (
        "report_command",
        "Write the report for its readers, in any format.",
    ),
    "serve": ("serve_command", "Serve the dashboard: the same answers, to look at and dig in."),
    "people": ("people_command", "Say who may come in to the dashboard, tell what they did."),
    "metrics": ("metrics_command", "Tell which metrics there are and what each means."),
    "sql": ("sql_command", "Query the logs, or show the query behind a metric."),
    "quarantine": ("quarantine_command", "List the rows that were rejected, and why."),
    "status": ("status_command", "Tell what is in the workspace and what was done in it."),
    "forget": ("forget_command", "Remove an advertiser or a reviewer from everything."),
    "retention": ("retention_command", "Remove rows that are older than they may be."),
}
"""Subcommands: module and summary; a module is imported when its command runs."""


class _Room(LazyGroup):
    table = COMMANDS


@click.group(
    cls=_Room,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with: shroff demo",
)
@click.version_option(package_name="shroff", message="shroff %(version)s")
def shroff() -> None:
    """From the logs of an ads moderation team to an honest scorecard and a report."""


def run(arguments: Sequence[str]) -> int:
    """Run a command line.

    Parameters
    ----------
    arguments : sequence of str
        What follows ``shroff``.

    Returns
    -------
    int
        Exit code: 0 done; 1 a finding that should stop a pipeline; 2 wrong use; 70 a fault of
        ours; 130 stopped by the user.
    """
    session = Session(as_json="--json" in arguments)
    try:
        code: object = shroff.main(
            list(arguments), prog_name="shroff", standalone_mode=False, obj=session
        )
    except BaseException as fault:  # noqa: BLE001 - the last resort: each fault gets its ending
        return ending(fault, session)
    return code if isinstance(code, int) else 0


def main() -> NoReturn:
    """Run the command line of this process."""
    for stream in (sys.stdout, sys.stderr):
        # a terminal that cannot show Chinese gets question marks, not a crash
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.exit(run(sys.argv[1:]))
