"""`shroff report`."""

from __future__ import annotations

import click

from shroff.cli.endings import Session
from shroff.cli.options import (
    engine_option,
    json_option,
    open_workspace,
    period_option,
    workspace_option,
)

__all__ = ["LANGUAGES", "command"]

LANGUAGES = {"en": ("en",), "zh": ("zh",), "both": ("en", "zh")}


@click.command()
@period_option
@click.option(
    "--lang",
    type=click.Choice(list(LANGUAGES)),
    default="both",
    show_default=True,
    help="Language of the report.",
)
@click.option(
    "--out", default="", metavar="DIR", help="Folder for the files; reports/PERIOD by default."
)
@click.option(
    "--publish",
    is_flag=True,
    help="Write the report that leaves the team: figures that are too uncertain are withheld.",
)
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    period: str,
    lang: str,
    out: str,
    publish: bool,
    folder: str,
    as_json: bool,
) -> None:
    """Write the report: HTML that opens offline, and Markdown."""
    from shroff.cli.console import print_json
    from shroff.cli.progress import watching

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    with watching(workspace, "writing the report") as watched:
        write = watched.publish if publish else watched.report
        files = write(period=period, languages=LANGUAGES[lang], out=out)
    if as_json:
        print_json(files.record())
        return
    click.echo(files.headline)
    for path in (*files.pages, *files.texts):
        click.echo(str(path))
