"""Figures of a scorecard as a table on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from shroff.cli.console import print_table
from shroff.domain.messages import Language, count, number, say
from shroff.report.figures import Figure
from shroff.report.judging import form_of
from shroff.report.publication import PublishRule, is_publishable

if TYPE_CHECKING:
    from shroff.domain.metrics import Metric
    from shroff.measure.scorecard import Scorecard

__all__ = ["show_slicing"]

_LABELS = ("value", "interval", "n", "n_effective", "design_effect", "worth")


def show_slicing(
    card: Scorecard, by: Sequence[str], *, rule: PublishRule, language: Language
) -> bool:
    """Print the figures of one slicing.

    Parameters
    ----------
    card : Scorecard
        The figures.
    by : sequence of str
        The slicing.
    rule : PublishRule
        Figures that are more uncertain are greyed, none is hidden.
    language : Language
        Language of names.

    Returns
    -------
    bool
        Whether a figure was greyed.
    """
    rows: list[tuple[str, ...]] = []
    faint: set[int] = set()
    for block in card.blocks:
        if block.dimensions != tuple(by):
            continue
        metric = card.brief.metrics[block.metric]
        for found in block:
            figure = Figure(found.estimate, form_of(metric))
            if not is_publishable(figure, rule):
                faint.add(len(rows))
            values = dict(found.slice.terms)
            parts = [values[name] if values[name] is not None else "–" for name in by]
            rows.append((_name(metric, language), *map(str, parts), *_cells(figure, language)))
    level = f"{100 * card.brief.level:g}%"
    titles = [say(f"terminal.{label}", language, {"level": level}) for label in _LABELS]
    print_table(
        (say("terminal.metric", language), *by, *titles), rows, right=titles[:5], faint=faint
    )
    return bool(faint)


def _name(metric: Metric, language: Language) -> str:
    return f"{metric.name(language)} ({metric.id})"


def _cells(figure: Figure, language: Language) -> tuple[str, ...]:
    estimate = figure.estimate
    return (
        figure.value(language),
        figure.interval(language) if figure.has_interval else "",
        count(estimate.n),
        count(estimate.n_effective) if estimate.n_effective is not None else "",
        number(estimate.design_effect) if estimate.design_effect is not None else "",
        say(f"terminal.{estimate.status}", language),
    )
