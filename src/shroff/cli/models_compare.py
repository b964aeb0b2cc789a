"""`shroff models compare`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import click

from shroff.cli.endings import Session
from shroff.cli.models_pair import PairOptions, asked_of, pair_options
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
    from shroff.measure.model_figures import Operating, Versus
    from shroff.measure.model_verdict import ModelComparison

__all__ = ["command"]

_MOST_SLICES = 12


class _Options(PairOptions):
    by: tuple[str, ...]
    period: str
    level: float
    csv_file: str | None
    folder: str
    as_json: bool


@click.command()
@pair_options
@click.option("--by", multiple=True, metavar="COLUMNS", help="Slice by these. Repeatable.")
@period_option
@level_option
@click.option("--csv", "csv_file", metavar="FILE", help="Write all differences; - for stdout.")
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, **options: Unpack[_Options]) -> None:
    """Tell which of two versions of a model is better, on the same ads.

    CHAMPION is the version that decides and CHALLENGER one that was scored in shadow; without
    names, those that scored most ads.

    \b
    shroff models compare v1 v2
    shroff models compare v1 v2 --same volume --by market --by market,language
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.cli.tables import write_csv

    workspace = open_workspace(ctx.ensure_object(Session), options["folder"])
    with step("comparing versions"):
        found = workspace.analyses.compare_models(
            asked_of(options),
            by=[each.split(",") for each in options["by"]] or None,
            period=options["period"],
            level=options["level"],
        )
    if options["as_json"]:
        print_json(found.record())
    elif options["csv_file"]:
        write_csv(found.to_arrow(), options["csv_file"])
    else:
        _show(found, workspace.settings.workspace.language)


def _show(found: ModelComparison, language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import results

    console = results()
    console.print(f"[bold]{escape(found.verdict_text(language))}[/]")
    for line in found.supply():
        console.print(escape(line.text(language)))
    _operating(found, language)
    _slices(found, language)
    console.print()
    for reach in found.detectable:
        console.print(escape(reach.text().text(language)))
    for note in dict.fromkeys(note.text(language) for note in found.notes):
        console.print(f"[dim]{escape(note)}[/]")


def _operating(found: ModelComparison, language: Language) -> None:
    from shroff.cli.console import print_table, results
    from shroff.domain.messages import count, say

    names = (found.pair.champion.version, found.pair.challenger.version)
    rows: list[tuple[str, ...]] = []
    for each in found.operating:
        held = say(f"models.basis.{each.basis}", language)
        volume = (f"{count(each.acts.champion)}", f"{count(each.acts.challenger)}")
        rows.append((held, say("models.column.at", language), *_ends(each), "", ""))
        rows.append(("", say("models.column.acts", language), *volume, "", ""))
        rows += [("", *_row(versus, language)) for versus in each.figures]
    if found.ranking is not None:
        rows.append(("", *_row(found.ranking, language)))
    titles = (
        say("models.column.held", language),
        say("models.column.metric", language),
        *names,
        say("models.column.difference", language),
        say("models.column.p", language),
    )
    results().print()
    print_table(titles, rows, right=titles[2:])


def _ends(each: Operating) -> tuple[str, str]:
    return f"{each.champion_at:.4g}", f"{each.challenger_at:.4g}"


def _row(versus: Versus, language: Language) -> tuple[str, ...]:
    from shroff.domain.messages import say
    from shroff.report.figures import Figure, Form

    form = Form.NUMBER if versus.metric == "auc" else Form.SHARE
    difference = Figure(versus.difference, Form.POINTS)
    told = difference.value(language)
    if difference.interval(language):
        told = f"{told} ({difference.interval(language)})"
    return (
        say(f"models.metric.{versus.metric}", language),
        Figure(versus.champion, form).value(language),
        Figure(versus.challenger, form).value(language),
        told,
        "–" if versus.p is None else _p(versus.p),
    )


def _p(value: float) -> str:
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def _slices(found: ModelComparison, language: Language) -> None:
    from shroff.cli.console import print_table, results
    from shroff.domain.messages import say

    gaps = sorted(found.slices, key=lambda gap: gap.p_adjusted)[:_MOST_SLICES]
    if not gaps:
        return
    rows = [(gap.label, *_row(gap.versus, language)[:-1], _p(gap.p_adjusted)) for gap in gaps]
    titles = (
        say("models.column.slice", language),
        say("models.column.metric", language),
        found.pair.champion.version,
        found.pair.challenger.version,
        say("models.column.difference", language),
        say("models.column.p_adjusted", language),
    )
    results().print()
    print_table(titles, rows, right=titles[2:])
    results().print(f"[dim]{say('models.adjusted', language)}[/]")
