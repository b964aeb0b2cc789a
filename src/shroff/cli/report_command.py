"""`shroff report`."""

from __future__ import annotations

from pathlib import Path

import click

from shroff.cli.endings import Session
from shroff.cli.lazy_group import LazyGroup
from shroff.cli.options import (
    engine_option,
    json_option,
    open_workspace,
    period_option,
    workspace_option,
)
from shroff.cli.report_options import order_of, order_options

__all__ = ["REPORT_COMMANDS", "command"]

REPORT_COMMANDS: dict[str, tuple[str, str]] = {
    "list": ("report_list", "List the reports that were written."),
    "send": ("report_send", "Tell the webhook of the settings of a report."),
    "schedule": ("report_schedule", "Have a report written again and again."),
    "schedules": ("report_schedules", "List what is scheduled, and what came of it."),
    "unschedule": ("report_unschedule", "Have a report written no more."),
    "run-due": ("report_due", "Write the reports that are due."),
}
"""Subcommands: module and summary; a module is imported when its command runs."""


class _Report(LazyGroup):
    table = REPORT_COMMANDS


@click.group(cls=_Report, invoke_without_command=True)
@period_option
@order_options
@click.option(
    "--out", default="", metavar="DIR", help="Folder for the files; one under reports by default."
)
@click.option("--send", is_flag=True, help="Tell the webhook of the settings of it.")
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    period: str,
    audience: str,
    lang: str,
    kinds: tuple[str, ...],
    where: tuple[str, ...],
    publish: bool,
    out: str,
    send: bool,
    folder: str,
    as_json: bool,
) -> None:
    """Write the report: HTML that opens offline, Markdown, PDF, slides, a workbook.

    \b
    shroff report
    shroff report --audience executive --format pdf --format pptx --lang en
    shroff report schedule --when "0 8 * * 1" --audience operations
    """  # noqa: D301 - click keeps the lines after \b
    if ctx.invoked_subcommand is not None:
        return
    from shroff.cli.console import print_json
    from shroff.cli.progress import counted

    order = order_of(
        audience=audience, period=period, lang=lang, kinds=kinds, where=where, publish=publish
    )
    workspace = open_workspace(ctx.ensure_object(Session), folder)
    with counted("writing the report") as tick:
        files = workspace.reporter.write(order, out=Path(out) if out else None, tick=tick)
    host = ""
    if send and files.run is not None:
        host = workspace.reporter.send(files.run, language=order.languages[0])
    if as_json:
        print_json({**files.record(), "sent": host or None})
        return
    click.echo(files.headline)
    for path in (*files.pages, *files.texts, *files.others):
        click.echo(str(path))
    if host:
        click.echo(f"Told {host}.", err=True)
