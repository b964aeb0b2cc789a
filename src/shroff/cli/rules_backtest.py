"""`shroff rules backtest`."""

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
    from collections.abc import Collection

    from shroff.domain.messages import Language
    from shroff.rules.backtest_result import Backtest, RuleResult
    from shroff.rules.rule import Pack
    from shroff.stats.estimate import Estimate
    from shroff.workspace import Workspace

__all__ = ["command", "share_text", "show_backtest"]

_COLUMNS = (
    "rule", "action", "hits", "new", "labels", "precision", "new_precision", "recall",
    "reviews", "advertiser", "impressions",
)  # fmt: skip
_PAIRS = 5


class _Options(TypedDict):
    against: tuple[str, ...]
    by: tuple[str, ...]
    rule: str
    deck: str
    labels: int
    freeze: bool
    period: str
    level: float
    csv_file: str | None
    folder: str
    as_json: bool


@click.command()
@click.argument("packs", nargs=-1, required=True)
@click.option(
    "--against",
    multiple=True,
    metavar="PACK",
    help="Pack that is or will be live: what it hits is nothing new. Repeatable.",
)
@click.option(
    "--by",
    multiple=True,
    metavar="COLUMN",
    show_default="slice columns of the settings",
    help="Column by which wrong hits are told. Repeatable.",
)
@click.option("--rule", default="", metavar="ID", help="Show this rule alone.")
@click.option(
    "--deck",
    default="",
    metavar="FILE",
    help="Draw ads that would be treated otherwise, and write them to this .csv, .xlsx or .jsonl"
    " to be labelled.",
)
@click.option(
    "--labels", type=click.IntRange(min=1), default=200, show_default=True, help="Ads in the deck."
)
@click.option("--freeze", is_flag=True, help="Keep the forecast, to be scored after launch.")
@period_option
@level_option
@click.option("--csv", "csv_file", metavar="FILE", help="Write the rules to CSV; -: stdout.")
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, packs: tuple[str, ...], **options: Unpack[_Options]) -> None:
    """Tell what rule PACKS would have done on the ads of a period.

    Hits, precision and recall with intervals, what nothing live caught, work, overlap, wrong hits.
    Labels of a deck, taken back by `shroff labels take`, make the next backtest surer.

    \b
    shroff rules backtest packs/health.yaml --period last-month
    shroff rules backtest packs/new.yaml --against packs/live.yaml --deck flips.csv --labels 150
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.cli.progress import reading
    from shroff.cli.tables import write_csv
    from shroff.rules.pack_paths import read_packs

    workspace = open_workspace(ctx.ensure_object(Session), options["folder"])
    chosen, against = read_packs(packs), read_packs(options["against"])
    with reading("reading past ads"):
        tried = workspace.rules.backtest(
            chosen,
            against=against,
            by=options["by"] or None,
            period=options["period"],
            level=options["level"],
        )
    if options["rule"]:
        tried = tried.only(options["rule"])
    forecast = workspace.rules.freeze(tried) if options["freeze"] else ""
    deck = _deck(workspace, chosen, options) if options["deck"] else None
    language = workspace.settings.workspace.language
    if options["as_json"]:
        print_json({**tried.record(), "forecast_id": forecast or None, "deck": deck})
    elif options["csv_file"]:
        write_csv(tried.to_arrow(), options["csv_file"])
    else:
        show_backtest(tried, language)
        _told(forecast, deck, language)


def _deck(workspace: Workspace, packs: tuple[Pack, ...], options: _Options) -> dict[str, object]:
    from pathlib import Path

    from shroff.cli.progress import reading

    form = Path(options["deck"]).suffix.lower().removeprefix(".") or "csv"
    with reading("drawing"):
        batch = workspace.rules.draw_deck(
            packs,
            desk=workspace.labels,
            labels=options["labels"],
            form=form,
            out=options["deck"],
            period=options["period"],
        )
    return batch.record()


def _told(forecast: str, deck: dict[str, object] | None, language: Language) -> None:
    from shroff.domain.messages import say

    if forecast:
        click.echo(say("backtest.frozen", language, {"id": forecast}))
    if deck is not None and deck["file"]:
        ads = int(str(deck["asked"]))
        click.echo(
            say("labels.drawn", language, {"batch": str(deck["id"]), "ads": ads, "kept": 0})
        )
        click.echo(str(deck["file"]))
        click.echo(say("labels.then_take", language))


def show_backtest(
    tried: Backtest, language: Language, *, only: Collection[str] | None = None
) -> None:
    """Print a backtest on the terminal.

    Parameters
    ----------
    tried : Backtest
        What was found.
    language : Language
        Language of the workspace.
    only : collection of str, optional
        Rules that have a row; all when absent.
    """
    from shroff.cli.console import print_table, results
    from shroff.domain.messages import say

    console = results()
    console.print(tried.summary().text(language), style="bold", markup=False)
    for flip in tried.flips() or (None,):
        line = flip.text(language) if flip else say("backtest.no_flip", language)
        console.print(line, markup=False)
    console.print(_load(tried, language), markup=False)
    console.print()
    titles = tuple(say(f"backtest.column.{name}", language) for name in _COLUMNS)
    shown = [each for each in tried.rules if only is None or each.id in only]
    rows = [_row(each, language) for each in (*shown, tried.whole)]
    print_table(titles, rows, right=titles[2:])
    _more(tried, language)
    for note in dict.fromkeys(note.text(language) for note in tried.notes):
        console.print(note, style="dim", markup=False)


def _load(tried: Backtest, language: Language) -> str:
    from shroff.domain.messages import say
    from shroff.report.figures import Figure, Form

    whole = tried.whole
    return say(
        "backtest.load",
        language,
        {
            "reviews": Figure(whole.reviews_per_day, Form.NUMBER).value(language),
            "hours": Figure(whole.hours_per_day, Form.NUMBER).text(language),
            "wait": Figure(tried.wait_hours, Form.NUMBER).text(language),
        },
    )


def _row(result: RuleResult, language: Language) -> tuple[str, ...]:
    from shroff.domain.messages import count, percent, say
    from shroff.report.figures import Figure, Form

    counts = result.counts
    action = say(f"backtest.action.{result.rule.action}", language) if result.rule else ""
    return (
        result.id or say("backtest.all", language),
        action,
        count(counts.hits),
        count(counts.beyond),
        count(result.labelled.n),
        share_text(result.precision, language),
        share_text(result.new_precision, language),
        share_text(result.recall, language),
        Figure(result.reviews_per_day, Form.NUMBER).value(language),
        percent(counts.top_share) if counts.hits else "–",
        count(counts.impressions),
    )


def share_text(estimate: Estimate, language: Language) -> str:
    """Write a share with its interval, and a word where it is a proxy."""
    from shroff.domain.messages import say
    from shroff.report.figures import Figure
    from shroff.stats.estimate import Status

    if estimate.status is Status.UNKNOWN:
        return "–"
    figure = Figure(estimate)
    told = figure.value(language)
    if figure.interval(language):
        told = f"{told} ({figure.interval(language)})"
    if estimate.status is Status.PROXY:
        told += " " + say("backtest.proxy", language)
    return told


def _more(tried: Backtest, language: Language) -> None:
    from shroff.cli.console import results
    from shroff.domain.messages import count, say
    from shroff.measure.slice_findings import named

    console = results()
    console.print()
    if tried.overlaps:
        pairs = [
            say("backtest.pair", language, {"first": first, "second": second, "ads": ads})
            for first, second, ads in tried.overlaps[:_PAIRS]
        ]
        told = f"{say('backtest.overlap', language)}: {'; '.join(pairs)}"
        console.print(told, markup=False)
    if tried.slices:
        parts = [
            f"{named(each.slice)} {share_text(each.wrong, language)} / {count(each.hits)}"
            for each in tried.slices[:_PAIRS]
        ]
        console.print(f"{say('backtest.slices', language)}: {'; '.join(parts)}", markup=False)
