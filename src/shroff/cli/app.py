"""The `shroff` command: which subcommands there are and how each ends."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import NoReturn

import click

from shroff.cli.endings import Session, ending

__all__ = ["COMMANDS", "main", "run", "shroff"]

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("demo_command", "Write the logs of a synthetic ads platform and report on them."),
    "init": ("init_command", "Make a workspace, with a mapping proposed from your files."),
    "ingest": ("ingest_command", "Read log files into the workspace."),
    "check": ("check_command", "Tell what is wrong with the logs and what it does to metrics."),
    "measure": ("measure_command", "Measure the machine: every metric with its interval."),
    "report": ("report_command", "Write the report, HTML and Markdown, English and Chinese."),
    "metrics": ("metrics_command", "Tell which metrics there are and what each means."),
    "sql": ("sql_command", "Query the logs, or show the query behind a metric."),
    "quarantine": ("quarantine_command", "List the rows that were rejected, and why."),
    "status": ("status_command", "Tell what is in the workspace and what was done in it."),
    "forget": ("forget_command", "Remove an advertiser or a reviewer from everything."),
    "retention": ("retention_command", "Remove rows that are older than they may be."),
}
"""Subcommands: module and summary; a module is imported when its command runs."""


class _Room(click.Group):
    """A group that imports a command when it is asked for, so that help is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order of work."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in COMMANDS:
            ctx.fail(_no_command(cmd_name))
        module = import_module(f"shroff.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


def _no_command(name: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, COMMANDS, n=1)
    hint = f"did you mean '{close[0]}'?" if close else "see shroff --help"
    return f"there is no command '{name}'; {hint}"


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
