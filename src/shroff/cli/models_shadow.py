"""`shroff models shadow`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

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

if TYPE_CHECKING:
    from shroff.domain.messages import Language
    from shroff.models.shadow_run import ShadowRun, ShadowSlice
    from shroff.stats.estimate import Estimate

__all__ = ["command"]

_COLUMNS = ("slice", "ads", "agree", "up", "down", "right")
_MOST = 14


class _Options(TypedDict):
    model: str
    shadow: str
    champion: str
    period: str
    level: float
    folder: str
    as_json: bool


@click.command()
@click.argument("model", required=False, default="")
@click.option("--shadow", default="", metavar="VERSION", help="The version that ran in shadow.")
@click.option("--champion", default="", metavar="VERSION", help="The version that decides.")
@period_option
@level_option
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, **options: Unpack[_Options]) -> None:
    """Hold a version of MODEL that ran in shadow beside the one that decides, on the same ads.

    Told: how often they agree, which ads would be judged otherwise, and which is right where labels
    tell. For scores, see ``shroff models compare``; ``shroff models disagreements`` draws ads to label.

    \b
    shroff models shadow
    shroff models shadow policy_judge --shadow p2-9d35f6a8 --champion p1-4be07c21
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.models.shadow_run import ShadowAsked

    workspace = open_workspace(ctx.ensure_object(Session), options["folder"])
    asked = ShadowAsked(
        model=options["model"], shadow=options["shadow"], champion=options["champion"]
    )
    with step("comparing versions"):
        found = workspace.modeller.shadow(asked, period=options["period"], level=options["level"])
    if options["as_json"]:
        print_json(found.record())
    else:
        _show(found, workspace.settings.workspace.language)


def _show(found: ShadowRun, language: Language) -> None:
    from shroff.cli.console import print_table
    from shroff.domain.messages import say

    for sentence in found.told():
        click.echo(sentence.text(language))
    click.echo()
    titles = [say(f"shadow.column.{name}", language) for name in _COLUMNS]
    cut = sorted(found.slices, key=lambda each: -(each.up + each.down))[:_MOST]
    print_table(titles, [_row(each, language) for each in (found.whole, *cut)], right=titles[1:])


def _row(each: ShadowSlice, language: Language) -> tuple[str, ...]:
    from shroff.domain.messages import count, say

    name = f"{each.cut} = {each.value or '–'}" if each.cut else say("shadow.all", language)
    agree, right = _told(each.agree), "–" if each.right is None else _told(each.right)
    return (name, count(each.agree.n), agree, count(each.up), count(each.down), right)


def _told(estimate: Estimate) -> str:
    from shroff.domain.messages import percent

    if estimate.value is None:
        return "–"
    low, high = estimate.low or 0.0, 1.0 if estimate.high is None else estimate.high
    return f"{percent(estimate.value)} ({percent(low)} – {percent(high)})"
