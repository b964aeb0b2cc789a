"""`shroff report send`."""

from __future__ import annotations

import click

from shroff.cli.endings import Session
from shroff.cli.options import json_option, open_workspace, workspace_option

__all__ = ["command"]


@click.command()
@click.argument("report", type=int)
@click.option(
    "--lang",
    type=click.Choice(["en", "zh"]),
    default=None,
    help="Language of the message; that of the workspace when left out.",
)
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context, *, report: int, lang: str | None, folder: str, as_json: bool
) -> None:
    """Tell the webhook of the settings of REPORT, a number of `shroff report list`.

    It is told what the report says in short and where it can be read; the files stay here.
    """
    from shroff.cli.console import print_json
    from shroff.domain.messages import Language

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    language = Language(lang) if lang else workspace.settings.workspace.language
    host = workspace.reporter.send(report, language=language)
    if as_json:
        print_json({"report": report, "sent": host})
        return
    click.echo(f"Told {host}.")
