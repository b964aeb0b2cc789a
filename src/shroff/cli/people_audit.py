"""`shroff people audit`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shroff.cli.endings import FINDING
from shroff.cli.options import json_option, workspace_option
from shroff.cli.people_here import people_file

if TYPE_CHECKING:
    from shroff.store.audit_trail import AuditLine, Checked

__all__ = ["command"]


@click.command()
@click.option("--who", default="", metavar="NAME", help="Only what this person did.")
@click.option("--did", default="", metavar="ACT", help='Only such acts, e.g. "changed".')
@click.option(
    "--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="Lines shown."
)
@click.option(
    "--head", default="", metavar="SEAL", help="Seal noted earlier, which must be in the log."
)
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context, *, who: str, did: str, limit: int, head: str, folder: str, as_json: bool
) -> None:
    """Tell who saw and changed what at the dashboard, newest first, and check the whole log.

    Each line is sealed with those before it. Ends with 1 where a line was changed or taken out.
    Lines cut off at the end show only against a seal that was noted elsewhere: note the one that
    is printed, and give it as --head later.
    """
    from shroff.cli.console import print_json
    from shroff.store.audit_trail import AuditTrail

    trail = AuditTrail(people_file(ctx, folder))
    lines = trail.lines(limit=limit, who=who, did=did)
    checked = trail.check(head)
    if as_json:
        print_json({"lines": [each.record() for each in lines], "check": checked.record()})
    else:
        _show(lines, checked)
    if not checked.whole:
        ctx.exit(FINDING)


def _show(lines: tuple[AuditLine, ...], checked: Checked) -> None:
    from shroff.cli.console import print_table

    rows = [[each.at[:19], each.who or "–", each.did, each.what] for each in lines]
    if rows:
        print_table(("at", "who", "did", "what"), rows)
    if checked.whole:
        click.echo(f"The log is whole: {checked.lines:,} lines, seal {checked.head or '–'}")
    elif checked.broken:
        click.echo(f"Line {checked.broken} is not as it was written.", err=True)
    else:
        click.echo("The seal that was noted is not in the log: lines were taken out.", err=True)
