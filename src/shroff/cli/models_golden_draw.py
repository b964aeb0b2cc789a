"""`shroff models golden draw`."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    from shroff.domain.messages import Language
    from shroff.models.golden_batches import GoldenBatches

__all__ = ["command", "show_batches"]


@click.command()
@click.argument("name")
@click.option(
    "--ads",
    type=click.IntRange(min=1),
    default=600,
    show_default=True,
    help="Ads to draw, about: each is drawn on its own.",
)
@click.option(
    "--bands",
    default="0.1,0.5",
    show_default=True,
    metavar="SCORES",
    help="Scores at which ads are cut into bands, beside policy and language.",
)
@click.option("--model", default="", help="Whose scores. [default: the one with most scores]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "xlsx", "jsonl"]),
    default="csv",
    show_default=True,
    help="Format of the files.",
)
@period_option
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    name: str,
    ads: int,
    bands: str,
    model: str,
    form: str,
    period: str,
    folder: str,
    as_json: bool,
) -> None:
    """Draw ads for the golden set NAME, by policy, language and score, with known chances.

    Two files are written, for two labellers who do not see each other's answers. They show nothing
    of what the machine made of the ads.

    \b
    shroff models golden draw ads-2026 --ads 800 --period last-month
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.models.golden_draw import DrawAsked

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    asked = DrawAsked(name=name, ads=ads, bands=_bands(bands), model=model)
    with step("drawing"):
        made = workspace.modeller.golden.draw(asked, period=period, form=form)
    if as_json:
        print_json(made.record())
    else:
        show_batches(made, workspace.settings.workspace.language)


def _bands(text: str) -> tuple[float, ...]:
    from shroff.errors import ConfigError

    try:
        return tuple(float(each) for each in text.split(",") if each.strip())
    except ValueError:
        raise ConfigError(
            f"{text!r} are no scores", where="--bands", hint="such as 0.1,0.5"
        ) from None


def show_batches(made: GoldenBatches, language: Language) -> None:
    """Say what was written.

    Parameters
    ----------
    made : GoldenBatches
        The files.
    language : Language
        Language to say it in.
    """
    from shroff.domain.messages import say

    files = [(who, batch) for who, batch in made.batches if batch.file is not None]
    if not files:
        click.echo(say("golden.nothing_drawn", language))
        return
    told: dict[str, str | int | float | None] = {"name": made.golden.name, "strata": made.strata}
    told["ads"] = files[0][1].asked
    third = files[0][0] == "third"
    click.echo(say("golden.drawn_third" if third else "golden.drawn", language, told))
    for who, batch in files:
        click.echo(f"  {say(f'golden.for.{who}', language)}: {batch.file}")
    click.echo(say("golden.then_take", language))
