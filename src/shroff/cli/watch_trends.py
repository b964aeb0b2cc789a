"""`shroff watch trends`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session
from shroff.cli.options import engine_option, json_option, open_workspace, workspace_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shroff.domain.messages import Language
    from shroff.watch.trend_lines import Trend, Trends
    from shroff.watch.trend_summary import TrendSummary

__all__ = ["command", "sliced"]

_COLUMNS = ("metric", "slice", "weeks", "before", "now", "ahead", "between")
_LARGEST = ("place", "first", "between", "last", "inside", "outside", "ratio")
_BARS = "▁▂▃▄▅▆▇█"


def sliced(told: Sequence[str]) -> dict[str, str]:
    """Read ``COLUMN=VALUE``.

    Parameters
    ----------
    told : sequence of str
        As given.

    Returns
    -------
    dict of str
        Value by column.

    Raises
    ------
    ConfigError
        If one has no ``=``.
    """
    from shroff.errors import ConfigError

    found: dict[str, str] = {}
    for each in told:
        name, sign, value = each.partition("=")
        if not sign or not name.strip():
            raise ConfigError(f"{each!r} is no slice", hint="write COLUMN=VALUE, e.g. market=US")
        found[name.strip()] = value.strip()
    return found


@click.command()
@click.argument("metrics", nargs=-1, metavar="[METRIC]...")
@click.option(
    "--by", multiple=True, metavar="COLUMN[,COLUMN]", help="A line for each value. Repeatable."
)
@click.option(
    "--slice", "within", multiple=True, metavar="COLUMN=VALUE", help="Only these. Repeatable."
)
@click.option(
    "--period",
    default="",
    show_default="the last thirteen weeks",
    metavar="PERIOD",
    help="2026-W20, 2026-05, 2026-05-01..2026-05-31, last-month, last-28-days or all.",
)
@click.option(
    "--ahead",
    type=click.IntRange(0, 60),
    default=14,
    show_default=True,
    help="Days to forecast; 0: none.",
)
@click.option(
    "--level", type=float, default=0.9, show_default=True, help="Coverage of the forecast."
)
@click.option(
    "--csv", "csv_file", metavar="FILE", help="Write every day to a CSV file; -: stdout."
)
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    metrics: tuple[str, ...],
    by: tuple[str, ...],
    within: tuple[str, ...],
    period: str,
    ahead: int,
    level: float,
    csv_file: str | None,
    folder: str,
    as_json: bool,
) -> None:
    """Draw metrics by day, with what is to be expected of the coming days.

    Days whose labels are not all in yet are told apart. Metrics are those of shroff metrics, and
    ads_decided, traffic_share, acted_rate, hit_rate, queue_inflow, first_review_violating_share,
    first_review_contradicted_rate, appeals_filed and appeals_won_share.

    \b
    shroff watch trends reject_rate --by market
    shroff watch trends acted_rate --by policy --slice language=en --period all
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.cli.tables import write_csv
    from shroff.watch.trend_lines import TREND_METRICS, TrendQuestion

    question = TrendQuestion(
        metrics=metrics or TREND_METRICS,
        by=tuple(n.strip() for names in by for n in names.split(",") if n.strip()),
        within=sliced(within),
        ahead=ahead,
        level=level,
    )
    workspace = open_workspace(ctx.ensure_object(Session), folder)
    with step("counting days"):
        found = workspace.lookout.trends(question, period=period)
    if as_json:
        print_json(found.record())
    elif csv_file:
        write_csv(found.to_arrow(), csv_file)
    else:
        _show(found, workspace.settings.workspace.language)


def _show(found: Trends, language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import print_table, results
    from shroff.domain.messages import say

    click.echo(found.lead().text(language))
    if found.lines:
        titles = [say(f"trends.column.{name}", language) for name in _COLUMNS]
        click.echo()
        rows = [_row(line, language) for line in found.lines]
        print_table(titles, rows, right=titles[3:])
        click.echo()
    _show_largest(found, language)
    for message in found.remarks():
        results().print(f"[dim]{escape(message.text(language))}[/]")


def _show_largest(found: Trends, language: Language) -> None:
    """List the largest changes of each line, the clearest first."""
    from shroff.cli.console import print_table
    from shroff.domain.messages import say

    if not found.largest():
        return
    click.echo(say("trends.largest", language))
    click.echo()
    titles = [say(f"trends.largest.column.{name}", language) for name in _LARGEST]
    titles = [titles[0], say("trends.column.metric", language), *titles[1:]]
    rows = [
        (str(place), line.metric.name(language), *each.cells(line.metric))
        for line, place, each in found.largest()
    ]
    print_table(titles, rows, right=titles[5:])
    click.echo()
    for note in found.parts():
        click.echo(note.text(language))


def _row(line: Trend, language: Language) -> tuple[str, ...]:
    from shroff.domain.messages import say
    from shroff.watch.trend_lines import slice_text
    from shroff.watch.trend_summary import summary_of
    from shroff.watch.watched_metrics import shown

    told = summary_of(line)
    between = "–"
    if told.low is not None:
        between = f"{shown(line.metric, told.low)} … {shown(line.metric, told.high)}"
    return (
        line.metric.name(language),
        slice_text(line.series.slice) or say("trends.everything", language),
        _bars(told.weeks),
        shown(line.metric, told.before),
        _with_interval(line, told),
        shown(line.metric, told.ahead),
        between,
    )


def _with_interval(line: Trend, told: TrendSummary) -> str:
    from shroff.watch.watched_metrics import shown

    value = shown(line.metric, told.now)
    if told.now_low is None:
        return value
    return f"{value} ({shown(line.metric, told.now_low)}–{shown(line.metric, told.now_high)})"


def _bars(values: Sequence[float | None]) -> str:
    """Draw figures as bars; a gap where there is none."""
    known = [value for value in values if value is not None]
    if not known:
        return ""
    low, wide = min(known), max(known) - min(known)
    return "".join(
        " "
        if value is None
        else _BARS[round((value - low) / wide * (len(_BARS) - 1))]
        if wide > 0
        else _BARS[len(_BARS) // 2]
        for value in values
    )
