"""`shroff models golden take`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session
from shroff.cli.options import engine_option, json_option, open_workspace, workspace_option

if TYPE_CHECKING:
    from shroff.domain.messages import Language
    from shroff.models.golden_batches import GoldenTaken

__all__ = ["command", "show_taken"]


@click.command()
@click.argument("files", nargs=-1, required=True)
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, *, files: tuple[str, ...], folder: str, as_json: bool) -> None:
    """Take labelled FILES of a golden set back, whole or in part, as often as you like.

    What both labellers say alike is settled; where they differ a third decides. What came back
    must be what was drawn.
    """
    from shroff.cli.console import print_json
    from shroff.cli.progress import step

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    with step("taking labels"):
        taken = workspace.modeller.golden.take(files)
    if as_json:
        print_json(taken.record())
    else:
        show_taken(taken, workspace.settings.workspace.language)


def show_taken(taken: GoldenTaken, language: Language) -> None:
    """Say what a set holds now.

    Parameters
    ----------
    taken : GoldenTaken
        What came back.
    language : Language
        Language to say it in.
    """
    from shroff.domain.messages import say

    golden = taken.golden
    for each in taken.taken:
        click.echo(each.text().text(language))
    told: dict[str, str | int | float | None] = {
        "name": golden.name,
        "revision": golden.revision,
        "hash": golden.hash[:10],
        "settled": len(golden.settled),
        "ads": len(golden.items),
        "disputed": taken.disputed,
    }
    click.echo(say("golden.taken", language, told))
    if taken.disputed:
        click.echo(say("golden.then_adjudicate", language, {"name": golden.name}))
