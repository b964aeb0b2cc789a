"""`shroff models state`."""

from __future__ import annotations

import click

from shroff.cli.endings import Session
from shroff.cli.options import json_option, open_workspace, workspace_option

__all__ = ["command"]


@click.command()
@click.argument("name")
@click.argument("version")
@click.argument("state", type=click.Choice(["shadow", "challenger", "champion", "retired"]))
@click.option("--why", required=True, metavar="TEXT", help="Why; kept with the step.")
@click.option("--who", default="", metavar="NAME", envvar="USER", help="Who takes the step.")
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    name: str,
    version: str,
    state: str,
    why: str,
    who: str,
    folder: str,
    as_json: bool,
) -> None:
    """Bring a VERSION of the model NAME into another STATE of its life; it is kept who and why.

    A policy has one champion at most: a new one makes the old one a challenger. What is retired
    comes back through shadow.

    \b
    shroff models state text_classifier v2 champion --why "shadow run was better on every slice"
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.cli.models_register import show_registered
    from shroff.domain.registered import ModelState
    from shroff.store.model_records import ModelStep

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    step = ModelStep(name=name, version=version, state=ModelState(state), who=who, why=why)
    found = workspace.modeller.move(step)
    if as_json:
        print_json(found.record())
    else:
        show_registered(found, "registry.moved", workspace.settings.workspace.language)
