"""`shroff models disagreements`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import click

from shroff.cli.endings import Session
from shroff.cli.models_pair import PairOptions, asked_of, pair_options
from shroff.cli.options import (
    engine_option,
    json_option,
    open_workspace,
    period_option,
    workspace_option,
)

if TYPE_CHECKING:
    from shroff.domain.messages import Language
    from shroff.measure.label_desk import DrawnBatch

__all__ = ["command"]


class _Options(PairOptions):
    labels: int
    form: str
    out: str
    period: str
    folder: str
    as_json: bool


@click.command()
@pair_options
@click.option(
    "--labels",
    type=click.IntRange(min=4),
    default=600,
    show_default=True,
    help="Ads to draw; two thirds of them are such on which the versions disagree.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "xlsx", "jsonl"]),
    default="csv",
    show_default=True,
    help="Format of the file.",
)
@click.option("--out", default="", metavar="FILE", help="The file; in audits/ by default.")
@period_option
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, **options: Unpack[_Options]) -> None:
    """Draw ads to label, to learn which of two versions is better.

    Most are ads on which CHAMPION and CHALLENGER disagree at the thresholds of `models compare`;
    the rest are drawn from all others. Labels that come back by `shroff labels take` are used by
    the next comparison of the two.

    \b
    shroff models disagreements v1 v2 --labels 600
    """  # noqa: D301 - click keeps the lines after \b
    from pathlib import Path

    from shroff.cli.console import print_json
    from shroff.cli.progress import step

    workspace = open_workspace(ctx.ensure_object(Session), options["folder"])
    out = options["out"]
    form = (Path(out).suffix.lower().removeprefix(".") if out else "") or options["form"]
    with step("drawing"):
        batch = workspace.analyses.draw_disagreements(
            asked_of(options),
            labels=options["labels"],
            desk=workspace.labels,
            form=form,
            out=out,
            period=options["period"],
        )
    if options["as_json"]:
        print_json(batch.record())
    else:
        _show(batch, workspace.settings.workspace.language)


def _show(batch: DrawnBatch, language: Language) -> None:
    from shroff.domain.messages import say

    if batch.file is None:
        click.echo(say("labels.nothing_drawn", language))
        return
    told: dict[str, str | int | float | None] = {"batch": batch.id, "ads": batch.asked}
    click.echo(say("models.label.drawn", language, told))
    click.echo(str(batch.file))
    click.echo(say("models.label.then", language))
