"""`shroff models calibration`."""

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
    from shroff.measure.calibrated import Calibrated, Calibrations
    from shroff.stats.calibration_figures import Calibration
    from shroff.stats.estimate import Estimate

__all__ = ["command"]

_SUMMARY = ("score", "labels", "gap", "ece", "brier", "skill", "steady")
_BINS = ("from", "to", "mean", "share", "weight", "labels")
_WEEKS = ("week", "labels", "mean", "share", "gap")
_PARTS = ("miscalibration", "discrimination", "uncertainty")
_CLEAR = 0.05
_SHOWN = 2  # scores with tables of their own


@click.command()
@click.option("--model", default="", metavar="NAME", help="Scores of this model only.")
@click.option("--version", default="", metavar="VERSION", help="Scores of this version only.")
@click.option(
    "--policy", default="", metavar="ID", help="Scores for this policy only; - for those over all."
)
@period_option
@level_option
@click.option(
    "--csv", "csv_file", metavar="FILE", help="Write the bins to a CSV file; - for stdout."
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
    period: str,
    level: float,
    csv_file: str | None,
    folder: str,
    as_json: bool,
) -> None:
    """Tell whether scores mean what they say: of ads scored 0.8, do eight in ten violate?

    Share of violating ads by range of the score, calibration error without its bias, the Brier
    score and its parts, and week by week whether that drifts.
    """
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.cli.tables import write_csv
    from shroff.measure.score_queries import Chosen

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    chosen = Chosen(model=model, version=version, policy=policy)
    with step("holding scores against labels"):
        found = workspace.analyses.calibration(chosen, period=period, level=level)
    if as_json:
        print_json(found.record())
    elif csv_file:
        write_csv(found.to_arrow(), csv_file)
    else:
        _show(found, workspace.settings.workspace.language)


def _show(found: Calibrations, language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import print_table, results
    from shroff.domain.messages import say

    console = results()
    console.print(f"[bold]{found.brief.period.label()}[/]   {escape(found.design)}")
    titles = [say(f"calibration.column.{name}", language) for name in _SUMMARY]
    print_table(titles, [_row(each, language) for each in found], right=titles[1:-1])
    told = [each for each in found if each.found is not None and each.violating]
    for each in told[:_SHOWN]:
        _one(each, language)
    console.print()
    for text in dict.fromkeys(note.text(language) for note in found.caveats):
        console.print(f"[dim]{escape(text)}[/]")


def _row(each: Calibrated, language: Language) -> tuple[str, ...]:
    from shroff.domain.messages import say

    found = each.found
    if found is None:
        return (each.key.text(), f"{each.labels:,}", *["–"] * 5)
    steady = "–"
    if each.p_steady is not None:
        steady = say(f"calibration.drift_{'yes' if each.p_steady < _CLEAR else 'no'}", language)
    figures = (found.gap, found.ece, found.brier, found.skill)
    return (each.key.text(), f"{each.labels:,}", *map(_number, figures), steady)


def _number(estimate: Estimate) -> str:
    if estimate.value is None:
        return "–"
    return f"{estimate.value:.3f} ({estimate.low:.3f} to {estimate.high:.3f})"


def _one(each: Calibrated, language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import results
    from shroff.domain.messages import Message

    found, console = each.found, results()
    if found is None:
        return
    console.print(f"\n[bold]{escape(each.key.text())}[/]")
    for note in each.notes:
        console.print(escape(note.text(language)))
    _bins(found, language)
    _weeks(each, language)
    if each.p_steady is not None:
        word = "drifted" if each.p_steady < _CLEAR else "steady"
        told = Message(f"calibration.{word}", {"p": f"{each.p_steady:.3f}"})
        console.print(escape(told.text(language)))


def _bins(found: Calibration, language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import print_table, results
    from shroff.domain.messages import Message, say

    console = results()
    titles = [say(f"calibration.column.{name}", language) for name in _BINS]
    bins = found.reliability
    rows = [
        (
            f"{bins.low[place]:.3f}",
            f"{bins.high[place]:.3f}",
            f"{bins.mean_score[place]:.3f}",
            _number(bins.share.at(place)),
            f"{bins.weight[place]:.1%}",
            f"{int(bins.share.n[place]):,}",
        )
        for place in range(len(bins.low))
    ]
    print_table(titles, rows, right=titles)
    figures = (found.miscalibration, found.discrimination, found.uncertainty)
    parts = [
        f"{say(f'calibration.column.{name}', language)} {_number(figure)}"
        for name, figure in zip(_PARTS, figures, strict=True)
    ]
    console.print(escape("   ".join(parts)))
    console.print(
        escape(Message("calibration.how", {"plain": f"{found.ece_plain:.3f}"}).text(language))
    )


def _weeks(each: Calibrated, language: Language) -> None:
    from shroff.cli.console import print_table
    from shroff.domain.messages import say

    if each.weeks:
        titles = [say(f"calibration.column.{name}", language) for name in _WEEKS]
        weeks = [
            (
                str(week.start),
                f"{week.gap.n:,}",
                f"{week.mean_score:.3f}",
                f"{week.share:.3f}",
                _number(week.gap),
            )
            for week in each.weeks
        ]
        print_table(titles, weeks, right=titles[1:])
