"""`shroff watch why`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session
from shroff.cli.options import (
    engine_option,
    json_option,
    level_option,
    open_workspace,
    workspace_option,
)

if TYPE_CHECKING:
    from shroff.domain.messages import Language
    from shroff.watch.why_findings import Split, SplitPart, Why

__all__ = ["command"]

_RATIO = ("value", "before", "after", "share_before", "share_after", "rate", "mix", "total", "n")
_COUNT = ("value", "before", "after", "total", "n")
_SHOWN = 6


@click.command()
@click.argument("metric", default="ads_decided")
@click.option(
    "--period",
    default="",
    show_default="the last seven complete days",
    metavar="PERIOD",
    help="2026-W20, 2026-05, 2026-05-01..2026-05-31, last-week, last-month or last-28-days.",
)
@click.option(
    "--against",
    default="",
    show_default="as many days just before",
    metavar="PERIOD",
    help="The period to hold it against.",
)
@click.option(
    "--by",
    multiple=True,
    metavar="COLUMN[,COLUMN]",
    show_default="slice columns of the settings",
    help="Dimensions to look at. Repeatable.",
)
@click.option(
    "--depth",
    type=click.IntRange(1),
    show_default="as many as memory has room for",
    help="Most dimensions of a slice.",
)
@level_option
@click.option("--sql", "as_sql", is_flag=True, help="Show the SQL that was run, too.")
@click.option(
    "--csv", "csv_file", metavar="FILE", help="Write causes and splits to a CSV file; -: stdout."
)
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    metric: str,
    period: str,
    against: str,
    by: tuple[str, ...],
    depth: int | None,
    level: float,
    as_sql: bool,
    csv_file: str | None,
    folder: str,
    as_json: bool,
) -> None:
    """Tell which slices changed a figure, and whether by rate or by mix.

    METRIC is a share of shroff metrics that is counted or rests on labels, or one of ads_decided,
    acted_rate, queue_inflow, first_review_violating_share, first_review_contradicted_rate,
    appeals_filed, appeals_won_share and reports_filed.

    \b
    shroff watch why reject_rate
    shroff watch why leakage --period 2026-05 --against 2026-04 --by market,language
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.cli.tables import write_csv
    from shroff.watch.why_findings import WhyQuestion
    from shroff.watch.why_telling import to_arrow

    question = WhyQuestion(
        metric=metric,
        by=tuple(name.strip() for names in by for name in names.split(",") if name.strip()),
        depth=depth,
        level=level,
    )
    workspace = open_workspace(ctx.ensure_object(Session), folder)
    with step("looking for causes"):
        found = workspace.lookout.why(question, period=period, against=against)
    if as_json:
        print_json(found.record())
    elif csv_file:
        write_csv(to_arrow(found), csv_file)
    else:
        _show(found, workspace.settings.workspace.language)
        if as_sql:
            _show_sql(found)


def _show(found: Why, language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import results
    from shroff.watch.why_telling import cause_sentences, change_sentence, remarks

    click.echo(change_sentence(found).text(language))
    for cause in found.causes:
        told = (each.text(language) for each in cause_sentences(found, cause))
        click.echo("- " + " ".join(told))
    for message in remarks(found):
        results().print(f"[dim]{escape(message.text(language))}[/]")
    for split in found.splits:
        _show_split(found, split, language)


def _show_split(found: Why, split: Split, language: Language) -> None:
    from shroff.cli.console import print_table
    from shroff.domain.messages import say
    from shroff.watch.why_telling import split_sentence

    columns = _COUNT if split.within is None else _RATIO
    titles = [say(f"why.column.{name}", language) for name in columns]
    rest = split.parts[_SHOWN:]
    click.echo()
    click.echo(split_sentence(found, split).text(language))
    rows = [_row(found, part, columns, language) for part in split.parts[:_SHOWN]]
    print_table(titles, rows, right=titles[1:])
    if rest:
        more = sum(max(part.others, 1) for part in rest)
        click.echo(say("why.others", language, {"count": more}))


def _row(
    found: Why, part: SplitPart, columns: tuple[str, ...], language: Language
) -> tuple[str, ...]:
    from shroff.domain.messages import count, percent, say
    from shroff.measure.slice_findings import NO_VALUE
    from shroff.watch.why_telling import added, figure, with_interval

    told = {
        "value": say("why.others", language, {"count": part.others})
        if part.others
        else part.value or NO_VALUE,
        "before": figure(found, part.before),
        "after": figure(found, part.after),
        "share_before": percent(part.share_before),
        "share_after": percent(part.share_after),
        "rate": added(found, part.rate.value) if part.rate else "",
        "mix": added(found, part.mix.value) if part.mix else "",
        "total": with_interval(found, part.total),
        "n": f"{count(part.n_before)} → {count(part.n_after)}",
    }
    return tuple(told[name] for name in columns)


def _show_sql(found: Why) -> None:
    for query in found.queries:
        click.echo(f"\n-- {query.title}\n{query.sql}")
