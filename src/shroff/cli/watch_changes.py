"""`shroff watch changes`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session
from shroff.cli.options import engine_option, json_option, open_workspace, workspace_option

if TYPE_CHECKING:
    from shroff.domain.messages import Language
    from shroff.watch.incident_desk import Changes
    from shroff.workspace import Workspace

__all__ = ["command"]

_COLUMNS = ("incident", "state", "onset", "last", "metric", "where", "ratio", "count")


@click.command()
@click.option(
    "--period",
    default="",
    show_default="the last 26 weeks",
    metavar="PERIOD",
    help="Days to look at: 2026-05, 2026-03-01..2026-05-31, last-90-days or all.",
)
@click.option("--send", is_flag=True, help="Post new incidents to the webhook of the settings.")
@click.option(
    "--mail", "mail_file", metavar="FILE", help="Write new incidents as an e-mail: FILE.eml."
)
@click.option(
    "--fail", is_flag=True, help="Exit 1 when there are new incidents, to stop a pipeline."
)
@click.option("--csv", "csv_file", metavar="FILE", help="Write incidents to CSV; -: stdout.")
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    period: str,
    send: bool,
    mail_file: str | None,
    fail: bool,
    csv_file: str | None,
    folder: str,
    as_json: bool,
) -> None:
    """Find what changed, once for each event, and keep it as incidents.

    Every watched metric is looked at over everything, by the columns of the settings, by policy and
    market or language, by queue and reviewer group. A second look does not open again what people
    closed.

    \b
    shroff watch changes
    shroff watch changes --send --fail
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.cli.tables import write_csv

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    with step("looking for changes"):
        found = workspace.lookout.changes(period=period)
    if as_json:
        print_json(found.record())
    elif csv_file:
        write_csv(found.to_arrow(), csv_file)
    else:
        _show(found, workspace.settings.workspace.language)
    _tell(found, workspace, send=send, mail_file=mail_file)
    if fail and found.new:
        ctx.exit(1)


def _tell(found: Changes, workspace: Workspace, *, send: bool, mail_file: str | None) -> None:
    from shroff.domain.messages import Message
    from shroff.watch.incident_sending import post, write_mail

    language = workspace.settings.workspace.language
    if not found.new:
        return
    told = {"metrics": found.metrics, "workspace": workspace.name}
    if send:
        host = post(workspace.settings.watch, found.new, language=language, **told)  # type: ignore[arg-type]
        message = Message("changes.sent", {"count": len(found.new), "host": host})
        click.echo(message.text(language), err=True)
    if mail_file:
        file = write_mail(
            Path(mail_file),
            found.new,
            settings=workspace.settings.watch,
            language=language,
            **told,  # type: ignore[arg-type]
        )
        click.echo(Message("changes.written", {"file": str(file)}).text(language), err=True)


def _show(found: Changes, language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import print_table, results
    from shroff.cli.watch_incidents import row, sentences
    from shroff.domain.messages import say

    click.echo(found.lead().text(language))
    if found.reported:
        titles = [say(f"changes.column.{name}", language) for name in _COLUMNS]
        click.echo()
        rows = [
            row(each.incident, found.metrics, language, new=each.new) for each in found.reported
        ]
        print_table(titles, rows, right=titles[6:])
        click.echo()
    for each in found.reported:
        for line in sentences(each.incident, found.metrics, language):
            click.echo(line)
    for note in found.remarks():
        results().print(f"[dim]{escape(note.text(language))}[/]")
