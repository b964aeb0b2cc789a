"""`shroff models card`."""

from __future__ import annotations

from typing import TypedDict, Unpack

import click

from shroff.cli.endings import Session
from shroff.cli.options import (
    engine_option,
    json_option,
    level_option,
    open_workspace,
    period_option,
    workspace_option,
)

__all__ = ["command"]


class _Options(TypedDict):
    version: str
    against: str
    model: str
    policy: str
    at: float | None
    out: str
    languages: tuple[str, ...]
    period: str
    level: float
    folder: str
    as_json: bool


@click.command()
@click.argument("version", required=False, default="")
@click.option("--against", default="", metavar="VERSION", help="The version to hold it against.")
@click.option("--model", default="", help="The model. [default: the one over all policies]")
@click.option("--policy", default="", help="The policy, of a model that scores several.")
@click.option("--at", type=float, help="Score from which the champion acts. [default: as logged]")
@click.option("--out", default="", metavar="DIR", help="Folder; reports/models by default.")
@click.option(
    "--language",
    "languages",
    type=click.Choice(["en", "zh"]),
    multiple=True,
    default=("en", "zh"),
    show_default=True,
    help="Repeatable.",
)
@period_option
@level_option
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, **options: Unpack[_Options]) -> None:
    """Write the model card of a VERSION: one page, HTML and Markdown, English and Chinese.

    Without a VERSION the card is of the one that decides.
    """
    from pathlib import Path

    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.domain.messages import Language
    from shroff.measure.model_work import Asked
    from shroff.report.model_card_page import write_card

    workspace = open_workspace(ctx.ensure_object(Session), options["folder"])
    asked = Asked(
        model=options["model"],
        policy=options["policy"],
        at=options["at"],
    )
    with step("measuring"):
        card = workspace.analyses.model_card(
            options["version"],
            asked=asked,
            against=options["against"],
            period=options["period"],
            level=options["level"],
        )
    folder = Path(options["out"]) if options["out"] else workspace.root / "reports" / "models"
    known = workspace.modeller.registry().of(card.version.model, card.version.version)
    files = write_card(
        card,
        folder=folder,
        languages=[Language(each) for each in options["languages"]],
        registered=known[0] if known else None,
    )
    if options["as_json"]:
        print_json({**files.record(), "card": card.record()})
        return
    click.echo(files.headline)
    for path in (*files.pages, *files.texts):
        click.echo(str(path))
