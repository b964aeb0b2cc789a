"""`shroff models curves`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session
from shroff.cli.options import (
    engine_option,
    json_option,
    open_workspace,
    period_option,
    workspace_option,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shroff.domain.messages import Language
    from shroff.measure.curve_points import Point
    from shroff.measure.curves import Curve, Curves
    from shroff.stats.estimate import Estimate

__all__ = ["command"]

_SUMMARY = ("score", "scored", "labels", "violating")
_POINT = ("point", "threshold", "sure_at")
_METRICS = ("precision", "recall", "fpr")
_VOLUMES = ("ads_per_day", "review", "reject", "now_approve")


@click.command()
@click.option("--model", default="", metavar="NAME", help="Scores of this model only.")
@click.option("--version", default="", metavar="VERSION", help="Scores of this version only.")
@click.option(
    "--policy", default="", metavar="ID", help="Scores for this policy only; - for those over all."
)
@click.option("--by", default="", metavar="COLUMNS", help="Slice, e.g. market or market,language.")
@click.option(
    "--precision",
    type=float,
    multiple=True,
    default=(0.8, 0.9, 0.95),
    show_default=True,
    help="Precision to find the lowest threshold for.",
)
@click.option(
    "--recall",
    type=float,
    multiple=True,
    default=(0.5, 0.8),
    show_default=True,
    help="Recall to find the highest threshold for.",
)
@click.option(
    "--reject-at",
    type=float,
    show_default="where the highest --precision is met",
    help="Score from which ads would be rejected; those under it are reviewed.",
)
@period_option
@click.option(
    "--level",
    type=float,
    default=0.95,
    show_default=True,
    help="Chance that a band holds at all thresholds.",
)
@click.option(
    "--csv", "csv_file", metavar="FILE", help="Write every threshold to a CSV file; - for stdout."
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
    by: str,
    precision: tuple[float, ...],
    recall: tuple[float, ...],
    reject_at: float | None,
    period: str,
    level: float,
    csv_file: str | None,
    folder: str,
    as_json: bool,
) -> None:
    """Tell what each threshold on a score would catch, and how many ads it would take.

    One curve a model version and policy. Bands hold at all thresholds together. The tables of
    operating points are of the first curves; narrow with --model, --version, --policy.
    """
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.cli.tables import write_csv
    from shroff.measure.curves import CurvesAsked
    from shroff.measure.score_queries import Chosen

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    asked = CurvesAsked(
        chosen=Chosen(model=model, version=version, policy=policy),
        by=tuple(name.strip() for name in by.split(",") if name.strip()),
        precision=precision,
        recall=recall,
        reject_at=reject_at,
    )
    with step("drawing curves"):
        found = workspace.analyses.curves(asked, period=period, level=level)
    if as_json:
        print_json(found.record())
    elif csv_file:
        write_csv(found.to_arrow(), csv_file)
    else:
        _show(found, workspace.settings.workspace.language)


_SHOWN = 3  # curves with a table of their own


def _show(found: Curves, language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import print_table, results
    from shroff.domain.messages import Message, say

    console = results()
    console.print(f"[bold]{found.brief.period.label()}[/]   {escape(found.design)}")
    metrics = ("auc", "average_precision")
    titles = [say(f"curves.column.{name}", language) for name in _SUMMARY]
    titles += [say(f"curves.metric.{name}", language) for name in metrics]
    print_table(titles, [_row(curve) for curve in found], right=titles[1:])
    for curve in [each for each in found if each.violating][:_SHOWN]:
        _points(curve, language)
    said = [
        Message("curves.how", {"level": f"{100 * found.brief.level:.4g}%"}),
        Message("curves.scope"),
    ]
    if found.unlabelled:
        said.append(Message("curves.unlabelled", {"scores": len(found.unlabelled)}))
    console.print()
    for text in dict.fromkeys(note.text(language) for note in (*said, *found.caveats)):
        console.print(f"[dim]{escape(text)}[/]")


def _row(curve: Curve) -> tuple[str, ...]:
    ranks = curve.ranking
    return (
        curve.key.text(),
        f"{curve.scored:,}",
        f"{curve.labels:,}",
        f"{curve.violating:,}",
        _number(ranks.auc),
        _number(ranks.average_precision),
    )


def _number(estimate: Estimate) -> str:
    if estimate.value is None:
        return "–"
    return f"{estimate.value:.3f} ({estimate.low:.3f}–{estimate.high:.3f})"


def _share(estimate: Estimate | None, language: Language) -> str:
    from shroff.report.figures import Figure

    if estimate is None or estimate.value is None:
        return "–"
    shown = Figure(estimate)
    interval = shown.interval(language)
    return f"{shown.value(language)} ({interval})" if interval else shown.value(language)


def _points(curve: Curve, language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import print_table, results
    from shroff.domain.messages import Message, say

    console = results()
    console.print(f"\n[bold]{escape(curve.key.text())}[/]")
    for note in curve.notes:
        console.print(escape(note.text(language)))
    titles = [say(f"curves.column.{name}", language) for name in _POINT]
    titles += [say(f"curves.metric.{name}", language) for name in _METRICS]
    titles += [say(f"curves.column.{name}", language) for name in _VOLUMES]
    rows: Sequence[tuple[str, ...]] = [_cells(point, language) for point in curve.points]
    print_table(titles, rows, right=titles[1:])
    if curve.reject_at is not None:
        line = Message("curves.line", {"threshold": f"{curve.reject_at:.3f}"})
        console.print(f"[dim]{escape(line.text(language))}[/]")


def _cells(point: Point, language: Language) -> tuple[str, ...]:
    from shroff.domain.messages import say

    name = point.name.text(language)
    if point.threshold is None:
        return (name, say("curves.none", language), *["–"] * (1 + len(_METRICS) + len(_VOLUMES)))
    sure = "–" if point.sure_at is None else f"{point.sure_at:.3f}"
    return (
        name,
        f"{point.threshold:.3f}",
        sure,
        *(_share(each, language) for each in (point.precision, point.recall, point.fpr)),
        f"{point.ads_per_day:,.1f}",
        f"{point.review:,}",
        f"{point.reject:,}",
        f"{(point.now or {}).get('approve', 0):,}",
    )
