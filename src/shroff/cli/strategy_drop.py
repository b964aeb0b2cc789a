"""`shroff strategy drop`."""

from __future__ import annotations

import click

from shroff.cli.endings import Session
from shroff.cli.options import json_option, open_workspace, workspace_option

__all__ = ["command"]


@click.command()
@click.option("--why", required=True, metavar="TEXT", help="Why; kept on record.")
@click.option("--who", default="", metavar="NAME", envvar="USER", help="Who does it.")
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, *, why: str, who: str, folder: str, as_json: bool) -> None:
    """Take adopted lines back: the thresholds that models were registered with decide again."""
    from shroff.advise.adopted_lines import drop
    from shroff.cli.console import print_json, results
    from shroff.domain.messages import say

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    found = drop(workspace.catalog, who=who, why=why)
    if as_json:
        print_json(found.record())
        return
    language = workspace.settings.workspace.language
    results().print(say("decide.lines_own", language, {}), markup=False)
