"""`shroff watch drift`."""

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
    from shroff.watch.drift_findings import Drift, Shift

__all__ = ["command"]

_COLUMNS = ("name", "kind", "effect", "size", "moved")


@click.command()
@click.option(
    "--by",
    multiple=True,
    metavar="COLUMN[,COLUMN]",
    show_default="slice columns of the settings",
    help="Columns to compare. Repeatable.",
)
@click.option(
    "--background",
    default="",
    show_default="as many days, just before",
    metavar="PERIOD",
    help="Days to compare with; they end where the period begins.",
)
@period_option
@level_option
@click.option(
    "--csv", "csv_file", metavar="FILE", help="Write what moved to a CSV file; -: stdout."
)
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    by: tuple[str, ...],
    background: str,
    period: str,
    level: float,
    csv_file: str | None,
    folder: str,
    as_json: bool,
) -> None:
    """Tell how far inputs, words, scores and reviewers moved between two periods.

    And what that does to precision and recall: how much of their change the new mix explains.

    \b
    shroff watch drift --period last-28-days
    shroff watch drift --by language,industry --period 2026-05 --json
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.cli.tables import write_csv

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    with step("comparing periods"):
        found = workspace.lookout.drift(
            by=[name.strip() for names in by for name in names.split(",") if name.strip()],
            period=period,
            background=background,
            level=level,
        )
    if as_json:
        print_json(found.record())
    elif csv_file:
        write_csv(found.to_arrow(), csv_file)
    else:
        _show(found, workspace.settings.workspace.language)


def _show(found: Drift, language: Language) -> None:
    from shroff.cli.console import print_table, results
    from shroff.domain.messages import say

    click.echo(found.summary().text(language))
    titles = [say(f"drift.column.{name}", language) for name in _COLUMNS]
    click.echo()
    print_table(titles, [_row(each, language) for each in found.shifts], right=titles[2:3])
    click.echo()
    for link in found.told():
        results().print("- " + link.sentence().text(language), markup=False)
    for note in found.notes:
        results().print(note.text(language), style="dim", markup=False)


def _row(each: Shift, language: Language) -> tuple[str, ...]:
    from shroff.domain.messages import percent, say

    effect = each.effect
    told = "–"
    if effect.value is not None and effect.low is not None and effect.high is not None:
        told = f"{effect.value:.3f} ({effect.low:.3f} – {effect.high:.3f})"
    moved = ", ".join(
        f"{value} {percent(before)} → {percent(after)}" for value, before, after in each.moved
    )
    return (
        each.name,
        say(f"drift.kind.{each.kind}", language),
        told,
        say(f"drift.size.{each.size}", language),
        moved,
    )
