"""`shroff models golden adopt`."""

from __future__ import annotations

import click

from shroff.cli.endings import Session
from shroff.cli.options import engine_option, json_option, open_workspace, workspace_option

__all__ = ["command"]


@click.command()
@click.argument("name")
@click.option(
    "--design", required=True, metavar="ID", help="The design, as in design_id of reviews."
)
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, *, name: str, design: str, folder: str, as_json: bool) -> None:
    """Make a golden set NAME of ads that a design of the logs drew and two people labelled blind.

    Ads on which the two disagree are settled where an expert has said so.
    """
    from shroff.cli.console import print_json
    from shroff.cli.models_golden_take import show_taken
    from shroff.cli.progress import step

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    with step("settling labels"):
        made = workspace.modeller.golden.adopt(name, design=design)
    if as_json:
        print_json(made.record())
    else:
        show_taken(made, workspace.settings.workspace.language)
