"""`shroff models golden adjudicate`."""

from __future__ import annotations

import click

from shroff.cli.endings import Session
from shroff.cli.options import engine_option, json_option, open_workspace, workspace_option

__all__ = ["command"]


@click.command()
@click.argument("name", required=False, default="")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "xlsx", "jsonl"]),
    default="csv",
    show_default=True,
    help="Format of the file.",
)
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, *, name: str, form: str, folder: str, as_json: bool) -> None:
    """Write the ads on which the two labellers of golden set NAME disagree, for a third.

    The file shows neither answer; what comes back by `models golden take` settles the ad. Without
    NAME, the set that was changed last.
    """
    from shroff.cli.console import print_json
    from shroff.cli.models_golden_draw import show_batches
    from shroff.cli.progress import step

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    with step("reading disputed ads"):
        made = workspace.modeller.golden.adjudicate(name, form=form)
    if as_json:
        print_json(made.record())
    else:
        show_batches(made, workspace.settings.workspace.language)
