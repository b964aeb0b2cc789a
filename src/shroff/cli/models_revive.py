"""`shroff models revive`."""

from __future__ import annotations

from typing import Unpack

import click

from shroff.cli.endings import Session
from shroff.cli.models_kill import SwitchOptions
from shroff.cli.options import json_option, open_workspace, workspace_option

__all__ = ["command"]


@click.command()
@click.argument("name", metavar="MODEL[/VERSION]")
@click.option("--reason", default="", metavar="TEXT", help="Why; kept with the turn.")
@click.option("--who", default="", metavar="NAME", envvar="USER", help="Who does it.")
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, **options: Unpack[SwitchOptions]) -> None:
    """Switch MODEL on again; without a version, every version of it.

    \b
    shroff models revive policy_judge --reason "prompt fixed, golden set passed"
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.domain.messages import say

    workspace = open_workspace(ctx.ensure_object(Session), options["folder"])
    language = workspace.settings.workspace.language
    model, _, version = options["name"].partition("/")
    turned = workspace.modeller.revive(
        model, version=version, who=options["who"], why=options["reason"]
    )
    if options["as_json"]:
        print_json(turned.record())
        return
    told = {"model": model, "version": version or say("kill.all", language)}
    click.echo(say("kill.revived", language, told))
