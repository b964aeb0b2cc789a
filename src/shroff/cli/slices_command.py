"""`shroff slices`."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    from shroff.measure.slice_findings import SliceFinding, WorseSlices

__all__ = ["command"]

_COLUMNS = ("slice", "standing", "value", "elsewhere", "errors", "base", "labels")


@click.command()
@click.option(
    "--metric",
    default="leakage",
    show_default=True,
    metavar="METRIC",
    help="A metric that rests on labels, or overturns_per_appeal.",
)
@click.option(
    "--by",
    multiple=True,
    metavar="COLUMN[,COLUMN]",
    show_default="slice columns of the settings",
    help="Columns that make slices. Repeatable.",
)
@click.option(
    "--depth",
    type=click.IntRange(1, 3),
    default=3,
    show_default=True,
    help="Most columns of a slice.",
)
@click.option(
    "--false-share",
    type=float,
    default=0.05,
    show_default=True,
    help="Share of false ones among the slices found that is allowed, on average.",
)
@click.option(
    "--held-out",
    type=click.Choice(["later", "hash"]),
    default="later",
    show_default=True,
    help="Labels left for confirming: of the last days, or by the ad's id.",
)
@period_option
@level_option
@click.option(
    "--csv", "csv_file", metavar="FILE", help="Write the findings to a CSV file; -: stdout."
)
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    metric: str,
    by: tuple[str, ...],
    depth: int,
    false_share: float,
    held_out: str,
    period: str,
    level: float,
    csv_file: str | None,
    folder: str,
    as_json: bool,
) -> None:
    """Search all slices of some columns for those that are worse than the rest.

    Each finding is confirmed, or not, by labels that the search did not see.

    \b
    shroff slices --metric leakage --by market,format,industry
    shroff slices --metric reject_precision --depth 2 --period last-month
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.cli.tables import write_csv

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    with step("searching slices"):
        found = workspace.analyses.slices(
            metric,
            by=[name.strip() for names in by for name in names.split(",") if name.strip()],
            depth=depth,
            false_share=false_share,
            held_out=held_out,
            period=period,
            level=level,
        )
    if as_json:
        print_json(found.record())
    elif csv_file:
        write_csv(found.to_arrow(), csv_file)
    else:
        _show(found, workspace.settings.workspace.language)


def _show(found: WorseSlices, language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import print_table, results
    from shroff.domain.messages import say

    click.echo(found.summary().text(language))
    if found.findings:
        titles = [say(f"slices.column.{name}", language) for name in _COLUMNS]
        click.echo()
        print_table(titles, [_row(each, language) for each in found.findings], right=titles[2:])
        click.echo()
    for each in found.findings:
        click.echo("- " + each.text(found.metric).text(language))
    notes = (found.held_out(), found.rule(), *found.notes)
    for note in notes:
        results().print(f"[dim]{escape(note.text(language))}[/]")


def _row(each: SliceFinding, language: Language) -> tuple[str, ...]:
    from shroff.domain.messages import count, percent, say
    from shroff.measure.slice_findings import named

    def share(value: float | None) -> str:
        return "–" if value is None else percent(value)

    return (
        named(each.slice),
        say(f"slices.standing.{each.standing}", language),
        share(each.later.value),
        share(each.elsewhere.value),
        share(each.of_errors.value),
        share(each.of_base.value),
        count(each.later.n),
    )
