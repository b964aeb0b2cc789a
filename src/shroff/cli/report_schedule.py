"""`shroff report schedule`."""

from __future__ import annotations

from getpass import getuser

import click

from shroff.cli.endings import Session
from shroff.cli.options import json_option, open_workspace, period_option, workspace_option
from shroff.cli.report_options import order_of, order_options

__all__ = ["command"]


@click.command()
@click.option(
    "--when",
    "cron",
    required=True,
    metavar="TIMES",
    help='Minute, hour, day, month, weekday: "0 8 * * 1" is Mondays at 08:00.',
)
@click.option("--zone", default="UTC", show_default=True, help="Time zone, e.g. Asia/Shanghai.")
@click.option("--send", is_flag=True, help="Tell the webhook of the settings each time.")
@click.option("--who", default="", metavar="NAME", help="Who asks for it; you when left out.")
@period_option
@order_options
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    cron: str,
    zone: str,
    send: bool,
    who: str,
    period: str,
    audience: str,
    lang: str,
    kinds: tuple[str, ...],
    where: tuple[str, ...],
    publish: bool,
    folder: str,
    as_json: bool,
) -> None:
    """Have a report written again and again.

    `shroff serve` writes it while it runs; `shroff report run-due` does where nothing is served,
    called by cron or a timer. Days such as last-week are read anew each time.
    """
    from datetime import UTC, datetime

    from shroff.cli.console import print_json
    from shroff.report.due_reports import next_at

    order = order_of(
        audience=audience, period=period, lang=lang, kinds=kinds, where=where, publish=publish
    )
    workspace = open_workspace(ctx.ensure_object(Session), folder)
    made = workspace.reporter.schedule(
        order, cron=cron, zone=zone, sends=send, who=who or getuser()
    )
    due = next_at(made, now=datetime.now(UTC))
    if as_json:
        print_json({"id": made.id, "when": made.cron, "zone": made.zone, "next": due})
        return
    click.echo(f"{made.id}: next {due}")
