"""`shroff models score`."""

from __future__ import annotations

import click

from shroff.cli.endings import FINDING, Session
from shroff.cli.options import engine_option, json_option, open_workspace, workspace_option

__all__ = ["command"]


@click.command()
@click.argument("name")
@click.argument("version", required=False, default="")
@click.option(
    "--period", default="", show_default="all ads", metavar="PERIOD",
    help="Days on which the ads were submitted, e.g. 2026-W20 or last-month.",
)  # fmt: skip
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context, *, name: str, version: str, period: str, folder: str, as_json: bool
) -> None:
    """Run the registered model NAME over ads, and write its scores to the logs.

    Ads that the version scored are left out, so the same command goes on where it was stopped.
    Scores of any but a champion are marked as in shadow; what is no number from 0 to 1 goes to
    quarantine. Ends with 1 where it was stopped.

    \b
    shroff models score text_classifier --period last-month
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json, results
    from shroff.cli.progress import counted

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    with counted("scoring") as tick:
        found = workspace.modeller.scoring.score(name, version, period=period, tick=tick)
    language = workspace.settings.workspace.language
    if as_json:
        print_json(found.record())
    else:
        click.echo(found.summary().text(language))
        for note in found.notes():
            results().print(note.text(language), markup=False, style="dim")
    if found.stopped:
        ctx.exit(FINDING)
