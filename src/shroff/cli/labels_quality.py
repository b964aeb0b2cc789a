"""`shroff labels quality`."""

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

    from shroff.domain.messages import Language
    from shroff.measure.blocks import Block, Figure
    from shroff.measure.label_quality import LabelQuality
    from shroff.measure.label_quality_reviewer import Reviewer
    from shroff.stats.estimate import Estimate
    from shroff.workspace import Workspace

__all__ = ["command"]

_AGREEMENT = ("blind_agreement", "krippendorff_alpha", "gwet_ac1", "fleiss_kappa")
_CHECKS = ("check_overturn", "cohen_kappa")
_RATES = ("sensitivity", "specificity")
_COEFFICIENTS = frozenset({"krippendorff_alpha", "gwet_ac1", "fleiss_kappa", "cohen_kappa"})
_FEWEST = 10  # fewer answers of a queue or group are in JSON and CSV only
_POOLING = ("majority_right", "dawid_skene_right", "dawid_skene_gain")
_DIFFERENCES = frozenset({"guideline_effect", "dawid_skene_gain", "more_than_others"})


@click.command()
@period_option
@level_option
@click.option(
    "--csv", "csv_file", metavar="FILE", help="Write all figures to a CSV file; - for stdout."
)
@click.option(
    "--reviewer",
    metavar="PSEUDONYM",
    help="Figures about one reviewer instead; needs --as qa and 50 answers that can be judged.",
)
@click.option("--as", "role", metavar="ROLE", default="", help="Your role: qa, or none.")
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    period: str,
    level: float,
    csv_file: str | None,
    reviewer: str | None,
    role: str,
    folder: str,
    as_json: bool,
) -> None:
    """Tell how far the labels can be trusted: agreement, error rates, drift, corrected figures.

    Figures are about queues and groups. Those about one reviewer serve guidelines and training,
    are asked for one by one, and that they were asked for is kept in the workspace.
    """
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.cli.tables import write_csv

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    if reviewer is not None:
        one = _one(workspace, reviewer, role=role, period=period, level=level)
        print_json(one.record()) if as_json else _show_one(one, workspace)
        return
    with step("holding labels against each other"):
        found = _measured(workspace, period=period, level=level)
    if as_json:
        print_json(found.record())
    elif csv_file:
        write_csv(found.to_arrow(), csv_file)
    else:
        _show(found, workspace.settings.workspace.language)


def _measured(workspace: Workspace, *, period: str, level: float) -> LabelQuality:
    from shroff.measure.briefing import brief_of
    from shroff.measure.label_quality import label_quality

    with workspace.engine() as engine:
        brief = brief_of(workspace.settings, engine, by=(), period=period, level=level)
        args = {"period": brief.period.label()}
        with workspace.catalog.noted("label quality", args=args, snapshot=engine.snapshot):
            return label_quality(engine, brief)


def _one(workspace: Workspace, reviewer: str, *, role: str, period: str, level: float) -> Reviewer:
    from shroff.measure.briefing import brief_of
    from shroff.measure.label_quality_reviewer import require_qa, reviewer_quality

    require_qa(reviewer, role)
    with workspace.engine() as engine:
        brief = brief_of(workspace.settings, engine, by=(), period=period, level=level)
        args = {"period": brief.period.label(), "reviewer": reviewer, "role": role}
        with workspace.catalog.noted("reviewer quality", args=args, snapshot=engine.snapshot):
            return reviewer_quality(engine, brief, reviewer, role=role)


def _show(found: LabelQuality, language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import results
    from shroff.domain.messages import Message

    console = results()
    console.print(f"[bold]{found.brief.period.label()}[/]")
    supply = {
        "twice": found.supply.twice,
        "checked": found.supply.checked,
        "seeded": found.supply.seeded,
        "seeds": found.supply.seeds,
        "settled": found.supply.settled,
    }
    console.print(escape(Message("labels.quality.supply", supply).text(language)))
    _table(found, ("queue",), _AGREEMENT, language=language)
    _table(found, ("queue",), _CHECKS, language=language)
    _table(found, ("group",), _CHECKS, language=language)
    for source in ("gold", "queue", "audit"):
        for dimension in ("queue", "group"):
            metrics = tuple(f"{source}_{rate}" for rate in _RATES)
            _table(found, (dimension,), metrics, language=language, source=source)
    _table(found, ("guideline", "group"), ("guideline_effect",), language=language)
    _table(found, (), _POOLING, language=language)
    _corrected(found, language)
    for finding in found.findings:
        console.print("[bold]" + escape(finding.text(language)) + "[/]")
    caveats = [caveat for block in found.blocks for caveat in block.caveats]
    said = [*found.notes, *caveats, Message("labels.quality.people_note")]
    for text in dict.fromkeys(note.text(language) for note in said):
        console.print(f"[dim]{escape(text)}[/]")


def _table(
    found: LabelQuality,
    by: tuple[str, ...],
    metrics: Sequence[str],
    *,
    language: Language,
    source: str = "",
) -> None:
    """Print the figures of one slicing, a column a metric."""
    from shroff.cli.console import print_table, results
    from shroff.domain.messages import say

    blocks = [block for metric in metrics if (block := found.block(metric, *by)) is not None]
    rows = _rows(blocks) if blocks else []
    if not rows:
        return
    first = say("labels.quality.column.slice", language)
    if source:
        known = say("labels.quality.column.source", language)
        first = f"{first} ({known}: {say(f'labels.quality.source.{source}', language)})"
    unit = "ads" if metrics[0] in _AGREEMENT else "answers"
    columns = [first, say(f"labels.quality.column.{unit}", language)]
    columns += [_title(block.metric, language) for block in blocks]
    results().print()
    print_table(columns, rows, right=columns[1:])


def _rows(blocks: list[Block]) -> list[tuple[str, ...]]:
    slices = list(dict.fromkeys(part for block in blocks for part in block.slices))
    rows: list[tuple[str, ...]] = []
    for part in slices:
        figures = [block.find(part) for block in blocks]
        name = " ".join(value or "–" for _, value in part.terms)
        most = max(figure.estimate.n for figure in figures if figure is not None)
        if most < _FEWEST:
            continue
        rows.append((name, f"{most:,}", *(_cell(figure) for figure in figures)))
    return rows


def _title(metric: str, language: Language) -> str:
    from shroff.domain.messages import say

    bare = metric.partition("_")[2] if metric.endswith(_RATES) else metric
    return say(f"labels.quality.{bare}", language)


def _cell(figure: Figure | None) -> str:
    return "–" if figure is None else _written(figure.metric, figure.estimate)


def _written(metric: str, estimate: Estimate) -> str:
    from shroff.report.figures import Figure, Form

    form = Form.SHARE
    if metric in _COEFFICIENTS:
        form = Form.NUMBER
    elif metric in _DIFFERENCES:
        form = Form.POINTS
    shown = Figure(estimate, form)
    interval = shown.interval()
    return f"{shown.value()} ({interval})" if interval else shown.value()


def _corrected(found: LabelQuality, language: Language) -> None:
    from shroff.cli.console import print_table, results
    from shroff.domain.messages import say

    measured = {figure.metric: figure.estimate for figure in found.measured}
    rows: list[tuple[str, ...]] = []
    for figure in found:
        source, mark, name = figure.metric.partition("corrected_")
        if not mark:
            continue
        label = say(f"labels.quality.{name}", language)
        known = say(f"labels.quality.source.{'gold' if source else 'audit'}", language)
        before = _written(name, measured[name]) if name in measured else "–"
        rows.append((label, before, _written(name, figure.estimate), known))
    if not rows:
        return
    titles = ("", "measured", "corrected", "source")
    columns = [say(f"labels.quality.column.{key}", language) if key else "" for key in titles]
    results().print(f"\n[bold]{say('labels.quality.correct_title', language)}[/]")
    print_table(columns, rows, right=columns[1:3])


def _show_one(one: Reviewer, workspace: Workspace) -> None:
    from rich.markup import escape

    from shroff.cli.console import print_table, results
    from shroff.domain.messages import say

    language = workspace.settings.workspace.language
    console = results()
    console.print(f"[bold]{one.period.label()}[/]   {escape(one.reviewer)}")
    rows = [
        (_one_title(name, language), f"{each.n:,}", _written(name, each))
        for name, each in one.figures.items()
    ]
    answers = say("labels.quality.column.answers", language)
    print_table(("", answers, ""), rows, right=(answers,))
    for caveat in one.caveats:
        console.print(f"[dim]{escape(caveat.text(language))}[/]")


def _one_title(name: str, language: Language) -> str:
    from shroff.domain.messages import say

    source, _, rate = name.partition("_")
    if rate not in _RATES:
        return say(f"labels.quality.{name}", language)
    known = say(f"labels.quality.source.{source}", language)
    return f"{say(f'labels.quality.{rate}', language)} ({known})"
