"""`shroff advise cascade`."""

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
    from shroff.advise.cascade import CascadeAsked
    from shroff.advise.cascade_plan import CascadeFound
    from shroff.domain.messages import Language

__all__ = ["command"]

_FIGURES = (
    "violating_impressions",
    "less",
    "recall",
    "reject_precision",
    "money",
    "review_hours",
    "cost_1000",
    "delay",
)
_FRONTIER = ("limit", "money", "less", "recall", "violating_impressions", "review_hours")
_CELLS = ("ads", "asked", "ask", "reject", "people", "llm_reject")
_MOST_CELLS = 12


class _Options(TypedDict):
    cheap: str
    llm: str
    by: tuple[str, ...]
    edges_by: str
    alike: float | None
    money: float | None
    llm_hours: float | None
    hours: float | None
    precision: float | None
    out: str | None
    period: str
    level: float
    csv_file: str | None
    folder: str
    as_json: bool


@click.command()
@click.option(
    "--cheap", default="", metavar="MODEL[/VERSION]", help="The cheap score; the one that decides."
)
@click.option(
    "--llm", default="", metavar="MODEL[/VERSION]", help="The LLM; the one that judged last."
)
@click.option(
    "--by",
    multiple=True,
    metavar="COLUMN[,COLUMN]",
    show_default="policy,market,language",
    help="Columns that cells are made of. Repeatable.",
)
@click.option(
    "--edges-by",
    default="language",
    show_default=True,
    metavar="COLUMN",
    help="Column whose values treat the LLM's answers in their own way; - for all alike.",
)
@click.option(
    "--alike",
    type=click.FloatRange(0, 1, min_open=True),
    metavar="SHARE",
    show_default="equal creatives only",
    help="Ask once about ads whose texts share so much, such as 0.8.",
)
@click.option("--money", type=float, show_default="no limit", help="Most money a day for calls.")
@click.option(
    "--llm-hours", type=float, show_default="no limit", help="Most hours a day that it is busy."
)
@click.option("--hours", type=float, show_default="today's", help="Most hours of review a day.")
@click.option(
    "--precision", type=float, show_default="today's", help="Least reject precision, in (0, 1)."
)
@click.option("--out", metavar="FILE", help="Write the cascade as a proposal.")
@period_option
@level_option
@click.option(
    "--csv", "csv_file", metavar="FILE", help="Write every cell to a CSV file; -: stdout."
)
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, **options: Unpack[_Options]) -> None:
    """Find the best cascade: a cheap score, an LLM for what is between its lines, then people.

    Fewest violating impressions within money, time of the LLM, review hours and reject precision;
    beside today's strategy, the score alone and the LLM on all ads.

    \b
    shroff advise cascade --money 50 --out cascade.yaml
    shroff advise cascade --llm policy_judge --hours 20 --precision 0.95
    """  # noqa: D301 - click keeps the lines after \b
    from pathlib import Path

    from shroff.advise.proposal_file import write_proposal
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.cli.tables import write_csv

    workspace = open_workspace(ctx.ensure_object(Session), options["folder"])
    with step("finding cascades"):
        found = workspace.adviser.cascade(
            _asked(options), period=options["period"], level=options["level"]
        )
    out = options["out"]
    if out and found.plan is not None:
        write_proposal(found.proposal(), Path(out))
    if options["as_json"]:
        print_json(found.record())
    elif options["csv_file"]:
        write_csv(found.to_arrow(), options["csv_file"])
    else:
        _show(found, workspace.settings.workspace.language)
        if out and found.plan is not None:
            _tell_file(found, out, workspace.settings.workspace.language)


def _asked(options: _Options) -> CascadeAsked:
    from shroff.advise.cascade import CascadeAsked
    from shroff.measure.score_queries import Chosen

    cheap, _, cheap_version = options["cheap"].partition("/")
    llm, _, version = options["llm"].partition("/")
    columns = (name.strip() for names in options["by"] for name in names.split(","))
    return CascadeAsked(
        cheap=Chosen(model=cheap, version=cheap_version) if cheap else None,
        llm=llm,
        version=version,
        by=tuple(name for name in columns if name),
        edges_by=options["edges_by"],
        alike=options["alike"],
        money=options["money"],
        llm_hours=options["llm_hours"],
        hours=options["hours"],
        precision=options["precision"],
    )


def _tell_file(found: CascadeFound, out: str, language: Language) -> None:
    from shroff.domain.messages import say

    click.echo(say("cascade.written", language, {"file": out, "id": found.proposal().id}))


def _show(found: CascadeFound, language: Language) -> None:
    from shroff.advise.cascade_words import cascade_words
    from shroff.cli.console import print_table, results
    from shroff.domain.messages import say

    click.echo(found.summary().text(language))
    click.echo()
    titles = [say(f"cascade.column.{name}", language) for name in ("strategy", *_FIGURES)]
    rows = []
    for each in found.strategies():
        told = cascade_words(found, each)
        name = say(f"cascade.strategy.{each.name}", language)
        rows.append((name, *(told[figure] for figure in _FIGURES)))
    print_table(titles, rows, right=titles[1:])
    click.echo()
    click.echo(say("cascade.frontier", language))
    titles = [say(f"cascade.column.{name}", language) for name in _FRONTIER]
    told_all = [cascade_words(found, each) for each in found.frontier]
    print_table(
        titles, [tuple(told[name] for name in _FRONTIER) for told in told_all], right=titles
    )
    _cells(found, language)
    click.echo()
    for note in found.notes:
        results().print(note.text(language), style="dim", markup=False)


def _cells(found: CascadeFound, language: Language) -> None:
    from shroff.advise.cascade_words import cascade_cell_words
    from shroff.cli.console import print_table
    from shroff.domain.messages import say

    if not found.cells:
        return
    titles = [say(f"cascade.column.{name}", language) for name in ("cell", *_CELLS)]
    rows: list[tuple[str, ...]] = []
    for each in found.cells[:_MOST_CELLS]:
        told = cascade_cell_words(each, never=say("cascade.never", language))
        if not each.edges.asked:
            told |= {"people": say("cascade.no_llm", language), "llm_reject": ""}
        where = " · ".join(value or "–" for value in each.where.values()) or "–"
        rows.append((where, *(told[name] for name in _CELLS)))
    click.echo()
    print_table(titles, rows, right=titles[1:])
    if len(found.cells) > _MOST_CELLS:
        click.echo(say("cascade.more_cells", language, {"more": len(found.cells) - _MOST_CELLS}))
