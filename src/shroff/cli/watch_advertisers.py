"""`shroff watch advertisers`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from shroff.cli.endings import Session
from shroff.cli.options import (
    engine_option,
    json_option,
    level_option,
    open_workspace,
    quarter_option,
    workspace_option,
)

if TYPE_CHECKING:
    from shroff.domain.messages import Language
    from shroff.stats.estimate import Estimate
    from shroff.watch.account_watch import AdvertiserRow, Advertisers

__all__ = ["command"]

_COLUMNS = (
    "account", "ads", "share", "raw", "labels", "expected", "of_all", "rejected", "lost", "hours",
)  # fmt: skip
_THIRTY = 1


class _Options(TypedDict):
    by: str
    order: str
    most: int
    period: str
    level: float
    csv_file: str | None
    folder: str
    as_json: bool


@click.command()
@click.option(
    "--by",
    type=click.Choice(["violations", "leaks", "overturns", "reviews"]),
    default="violations",
    show_default=True,
    help="What accounts are ranked by.",
)
@click.option(
    "--order",
    type=click.Choice(["total", "rate"]),
    default="total",
    show_default=True,
    help="By how much they are expected to make, or by how often.",
)
@click.option(
    "--most", type=click.IntRange(min=1), default=20, show_default=True, help="Most accounts."
)
@quarter_option
@level_option
@click.option("--csv", "csv_file", metavar="FILE", help="Write the table to CSV; -: stdout.")
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, **options: Unpack[_Options]) -> None:
    """Tell which accounts drive violations, leaks, overturned rejects and review load.

    Also: new accounts against old ones, and how long accounts stay clean. What is found is a lead
    for people to look at, not a verdict.

    \b
    shroff watch advertisers
    shroff watch advertisers --by leaks --order rate
    shroff watch advertisers --by reviews --period last-month --csv accounts.csv
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.cli.tables import write_csv
    from shroff.watch.account_standing import Drive, Order
    from shroff.watch.account_watch import AdvertiserQuestion

    workspace = open_workspace(ctx.ensure_object(Session), options["folder"])
    question = AdvertiserQuestion(
        by=Drive(options["by"]), order=Order(options["order"]), most=options["most"]
    )
    with step("looking at accounts"):
        found = workspace.lookout.advertisers(
            question, period=options["period"], level=options["level"]
        )
    if options["as_json"]:
        print_json(found.record())
    elif options["csv_file"]:
        write_csv(found.to_arrow(), options["csv_file"])
    else:
        _show(found, workspace.settings.workspace.language)


def _show(found: Advertisers, language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import print_table, results
    from shroff.domain.messages import Message, say

    click.echo(found.summary().text(language))
    click.echo()
    titles = [say(f"advertisers.column.{name}", language) for name in _COLUMNS]
    print_table(titles, [_row(each) for each in found.rows], right=titles[1:])
    click.echo()
    for each in found.tenures:
        told: dict[str, str | int | float | None] = {
            "tenure": say(f"advertisers.tenure_{each.name}", language),
            "violating": _share(each.violating),
            "leaking": _share(each.leaking),
            "ads": each.ads,
            "accounts": each.accounts,
        }
        click.echo("- " + say("advertisers.tenure", language, told))
    repeats: dict[str, str | int | float | None] = {
        "accounts": found.repeats.accounts,
        "repeaters": found.repeats.repeaters,
        "first": _share(found.repeats.first[_THIRTY]),
        "again": _share(found.repeats.again[_THIRTY]),
    }
    click.echo("- " + say("advertisers.repeats", language, repeats))
    notes = [found.lead(), Message("advertisers.how"), Message("advertisers.repeats_note")]
    if found.missing:
        comma = ", " if str(language) == "en" else "、"
        drives = comma.join(say(f"advertisers.drive.{each}", language) for each in found.missing)
        notes.append(Message("advertisers.missing", {"drives": drives}))
    for note in notes:
        results().print(f"[dim]{escape(note.text(language))}[/]")


def _row(each: AdvertiserRow) -> tuple[str, ...]:
    from shroff.domain.messages import count, number, percent

    return (
        each.advertiser_id,
        count(each.ads),
        _share(each.share),
        "–" if each.raw is None else percent(each.raw),
        count(each.labels),
        _total(each.total),
        percent(each.of_all),
        count(each.rejected),
        f"{count(each.lost)} / {count(each.settled)}",
        number(each.hours),
    )


def _share(figure: Estimate) -> str:
    """Write a share with its interval."""
    from shroff.domain.messages import percent

    if figure.value is None or figure.low is None or figure.high is None:
        return "–"
    return f"{percent(figure.value)} ({percent(figure.low)} – {percent(figure.high)})"


def _total(figure: Estimate) -> str:
    """Write a number of ads, with its interval where it is not counted."""
    from shroff.domain.messages import count

    value, low, high = figure.value or 0.0, figure.low or 0.0, figure.high or 0.0
    if low == high:
        return count(round(value))
    return f"{count(round(value))} ({count(low)} – {count(high)})"
