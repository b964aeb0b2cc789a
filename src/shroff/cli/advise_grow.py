"""`shroff advise grow`."""

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
    from collections.abc import Sequence

    from shroff.advise.grow_result import Candidate, Grow
    from shroff.domain.messages import Language, Message

__all__ = ["command"]

_SHARED = ("where", "band", "change", "ads", "hours", "labels", "wrong")


@click.command()
@click.option("--model", default="", metavar="NAME", help="The score of this model.")
@click.option("--version", default="", metavar="VERSION", help="The score of this version.")
@click.option(
    "--policy", default="", metavar="ID", help="The score for this policy; - for that over all."
)
@click.option(
    "--by",
    show_default="policy,market,language",
    metavar="COLUMNS",
    help="Slice by each and by all together; empty for the score alone.",
)
@click.option("--band", type=float, default=0.1, show_default=True, help="Width of score bands.")
@click.option(
    "--leakage",
    type=float,
    show_default="the goal of leakage, else today's",
    help="Largest violating share of ads approved unseen.",
)
@click.option(
    "--precision",
    type=float,
    show_default="the goal of reject_precision, else today's",
    help="Least precision of rejects.",
)
@click.option(
    "--minutes", type=float, show_default="as logged", help="Minutes of work of a review."
)
@click.option("--most", type=int, default=10, show_default=True, help="Slices told of each kind.")
@period_option
@level_option
@click.option(
    "--csv", "csv_file", metavar="FILE", help="Write the slices to a CSV file; -: stdout."
)
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    model: str,
    version: str,
    policy: str,
    by: str | None,
    band: float,
    leakage: float | None,
    precision: float | None,
    minutes: float | None,
    most: int,
    period: str,
    level: float,
    csv_file: str | None,
    folder: str,
    as_json: bool,
) -> None:
    """Rank slices that are safest to automate next, and those that should not be automated.

    By hours of review saved for each wrong decision, with bounds that hold for all slices at once.
    """
    from shroff.advise.grow import GrowAsked
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.cli.tables import write_csv
    from shroff.measure.score_queries import Chosen

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    columns = None if by is None else tuple(x.strip() for x in by.split(",") if x.strip())
    chosen = Chosen(model=model, version=version, policy=policy)
    asked = GrowAsked(
        chosen=chosen, by=columns, band=band, leakage=leakage, precision=precision,
        minutes=minutes, most=max(most, 1),
    )  # fmt: skip
    with step("ranking slices"):
        found = workspace.adviser.grow(asked, period=period, level=level)
    if as_json:
        print_json(found.record())
    elif csv_file:
        write_csv(found.to_arrow(), csv_file)
    else:
        _show(found, workspace.settings.workspace.language)


def _show(found: Grow, language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import results
    from shroff.domain.messages import Message

    console = results()
    console.print(f"[bold]{found.period.label()}[/]   {escape(found.score.text())}")
    for told in (found.text(), *found.told(), *_bars(found, language)):
        console.print(escape(told.text(language)))
    for name, rows in (("safe", found.safe), ("unsafe", found.unsafe), ("nearly", found.nearly)):
        _table(name, rows, language)
    console.print()
    for note in (Message("grow.table_note"), *found.notes):
        console.print(f"[dim]{escape(note.text(language))}[/]")


def _bars(found: Grow, language: Language) -> tuple[Message, ...]:
    from shroff.domain.messages import Message, say

    sources = (found.limits.leakage_from, found.limits.precision_from)
    words = [say(f"guarantee.floor_from_{each}", language) for each in sources]
    return (Message("grow.bars", {"leakage": words[0], "precision": words[1]}),)


def _table(name: str, rows: Sequence[Candidate], language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import print_table, results
    from shroff.domain.messages import say

    if not rows:
        return
    results().print(f"\n[bold]{escape(say(f'grow.{name}', language))}[/]")
    last = ("per_hour",) if name == "unsafe" else ("per_wrong", "people")
    columns = (*_SHARED, *last, *(("more",) if name == "nearly" else ()))
    titles = [say(f"grow.column.{column}", language) for column in columns]
    print_table(titles, [_row(each, name, language) for each in rows], right=titles[3:])


def _row(each: Candidate, name: str, language: Language) -> tuple[str, ...]:
    from shroff.domain.messages import count, number, percent, say
    from shroff.stats.score_cells import BINS

    low, high = (edge / BINS for edge in each.slice.band)
    changed = (
        f"{say(f'action.{each.slice.action}', language)} → {say(f'action.{each.then}', language)}"
    )
    people = "–" if each.people is None else percent(each.people)
    return (
        each.slice.where or say("guarantee.everything", language),
        f"{low:g}–{high:g}",
        changed,
        count(each.ads),
        number(each.hours),
        count(each.labels),
        f"{percent(each.wrong)} ({percent(each.wrong_low)}–{percent(each.wrong_high)})",
        f"{number(each.per_wrong)} (≥{number(each.per_wrong_low)})",
        *((people,) if name != "unsafe" else ()),
        *((count(each.more),) if name == "nearly" else ()),
    )
