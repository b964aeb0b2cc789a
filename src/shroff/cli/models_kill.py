"""`shroff models kill`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from shroff.cli.endings import Session
from shroff.cli.options import json_option, open_workspace, workspace_option

if TYPE_CHECKING:
    from shroff.domain.messages import Language
    from shroff.models.modeller import Modeller

__all__ = ["SwitchOptions", "command"]


class SwitchOptions(TypedDict):
    """Options of both turns of the switch."""

    name: str
    reason: str
    who: str
    folder: str
    as_json: bool


@click.command()
@click.argument("name", metavar="[MODEL[/VERSION]]", required=False, default="")
@click.option("--reason", default="", metavar="TEXT", help="Why; kept with the turn.")
@click.option("--who", default="", metavar="NAME", envvar="USER", help="Who does it.")
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, **options: Unpack[SwitchOptions]) -> None:
    """Switch MODEL off, at once; without a name, list what is off.

    It is kept who did it, when and why. Running judges stop before their next request, and its ads
    go to the fallback of each cascade until it is revived.

    \b
    shroff models kill policy_judge --reason "refuses adult ads"
    shroff models kill policy_judge/p2-9d35f6a8 --reason "worse in Chinese"
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.domain.messages import say

    workspace = open_workspace(ctx.ensure_object(Session), options["folder"])
    language = workspace.settings.workspace.language
    modeller = workspace.modeller
    if not options["name"]:
        _list(modeller, language, as_json=options["as_json"])
        return
    model, _, version = options["name"].partition("/")
    turned = modeller.kill(model, version=version, who=options["who"], why=options["reason"])
    if options["as_json"]:
        print_json(turned.record())
        return
    told = {"model": model, "version": version or say("kill.all", language)}
    click.echo(say("kill.done", language, told))
    if not modeller.catalog.models.models(model):
        click.echo(say("kill.unknown", language))


def _list(modeller: Modeller, language: Language, *, as_json: bool) -> None:
    from shroff.cli.console import print_json
    from shroff.domain.messages import say

    found = modeller.off()
    if as_json:
        print_json({"off": [each.record() for each in found]})
        return
    if not found:
        click.echo(say("kill.none", language))
    for each in found:
        version = each.version or say("kill.all", language)
        told = {"model": each.name, "version": version, "at": each.at, "who": each.who or "–"}
        click.echo(say("operations.off", language, {**told, "why": each.why}))
