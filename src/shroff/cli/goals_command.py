"""`shroff goals`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session
from shroff.cli.options import engine_option, json_option, open_workspace, workspace_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shroff.domain.messages import Language
    from shroff.measure.monitoring import Progress

__all__ = ["command"]

_COLUMNS = ("goal", "since", "verdict", "known", "now", "always", "labels", "due", "outlook")


@click.command()
@click.option(
    "--level",
    type=float,
    default=0.95,
    show_default=True,
    help="Chance that no day's verdict is wrong by chance.",
)
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, *, level: float, folder: str, as_json: bool) -> None:
    """Tell which goals are met, missed or not yet known, and since which day that is known.

    Look as often as you like: intervals hold on all days together.
    """
    from shroff.cli.console import print_json
    from shroff.cli.progress import step

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    with step("judging goals"):
        found = workspace.analyses.goals(level=level)
    if as_json:
        print_json({"level": level, "goals": [each.record() for each in found]})
    else:
        _show(found, workspace.settings.workspace.language)


def _show(found: Sequence[Progress], language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import print_table, results
    from shroff.domain.messages import say

    titles = [say(f"goals.column.{name}", language) for name in _COLUMNS]
    print_table(titles, [_row(each, language) for each in found], right=titles[4:7])
    for each in found:
        if each.note is not None:
            note = f"{each.metric.name(language)}: {each.note.text(language)}"
            results().print(f"[dim]{escape(note)}[/]")
    if any(each.verdict == "missed" for each in found):
        click.echo(say("goals.closing", language))
    if any(each.looks for each in found):
        miss = f"{1 - found[0].figure.level:.0%}"
        results().print(f"[dim]{escape(say('goals.how', language, {'miss': miss}))}[/]")


def _row(each: Progress, language: Language) -> tuple[str, ...]:
    from shroff.domain.messages import count, say
    from shroff.report.figures import Figure
    from shroff.report.goals_section import named, outlook_text
    from shroff.report.judging import form_of

    form = form_of(each.metric)
    last = each.looks[-1].estimate if each.looks else each.figure
    return (
        named(each, language),
        str(each.period.start),
        say(f"goals.verdict.{each.verdict}", language),
        str(each.known_since or "–"),
        Figure(each.figure, form).value(language),
        Figure(last, form).interval(language) if each.looks else "",
        count(last.n),
        " · ".join(part for part in (str(each.goal.due or ""), each.goal.owner) if part) or "–",
        outlook_text(each).text(language),
    )
