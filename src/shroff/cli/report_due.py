"""`shroff report run-due`."""

from __future__ import annotations

import click

from shroff.cli.endings import FINDING, Session
from shroff.cli.options import engine_option, json_option, open_workspace, workspace_option

__all__ = ["command"]


@click.command()
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, *, folder: str, as_json: bool) -> None:
    """Write the reports that are due; exit code 1 where one could not be written.

    Several may run at once, and beside `shroff serve`: each report is written once.
    """
    from datetime import UTC, datetime

    from shroff.cli.console import print_json
    from shroff.cli.progress import counted

    session = ctx.ensure_object(Session)
    desk = open_workspace(session, folder).reporter
    session.unfinished = "a report that was due is not written; shroff report writes it"
    with counted("writing what is due") as tick:
        done = desk.run_due(now=datetime.now(UTC), tick=tick)
    session.unfinished = ""
    if as_json:
        print_json({"reports": [{"schedule": each.id, **told} for each, told in done]})
    else:
        for each, told in done:
            said = told.get("headline") or told.get("cause")
            click.echo(f"{each.id} {told['state']}: {said}")
    if any(told["state"] == "failed" for _, told in done):
        ctx.exit(FINDING)
