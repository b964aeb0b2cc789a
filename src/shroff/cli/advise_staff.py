"""`shroff advise staff`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from shroff.cli.endings import Session
from shroff.cli.options import (
    engine_option,
    json_option,
    open_workspace,
    period_option,
    workspace_option,
)

if TYPE_CHECKING:
    from shroff.advise.queue_need import Need
    from shroff.domain.messages import Language

__all__ = ["command"]


class _Options(TypedDict):
    share: float
    within: float
    proposal: str
    first: tuple[str, ...]
    period: str
    folder: str
    as_json: bool


@click.command()
@click.argument("queue", metavar="QUEUE")
@click.option(
    "--share", type=float, default=0.9, show_default=True, help="Share of tasks done in time."
)
@click.option(
    "--within", type=float, default=24.0, show_default=True, metavar="HOURS", help="In time."
)
@click.option("--proposal", default="", metavar="FILE", help="What would be changed besides.")
@click.option(
    "--first",
    multiple=True,
    metavar="REASON",
    help="Review tasks that are done first: appeal, report, rule, ... Repeatable, in order.",
)
@period_option
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, queue: str, **options: Unpack[_Options]) -> None:
    """Tell how many reviewers QUEUE needs, so that enough tasks are done in time.

    \b
    shroff advise staff en_sea --share 0.9 --within 4
    shroff advise staff en_sea --within 4 --proposal lines.yaml
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.advise.proposal_file import read_proposal
    from shroff.cli.console import print_json
    from shroff.cli.progress import step

    workspace = open_workspace(ctx.ensure_object(Session), options["folder"])
    proposal = read_proposal(Path(options["proposal"])) if options["proposal"] else None
    with step("working queues off"):
        need = workspace.adviser.staff(
            queue,
            share=options["share"],
            within=options["within"],
            proposal=proposal,
            first=options["first"],
            period=options["period"],
        )
    if options["as_json"]:
        print_json(need.record())
    else:
        _show(need, workspace.settings.workspace.language)


def _show(need: Need, language: Language) -> None:
    for message in need.messages():
        click.echo(message.text(language))
