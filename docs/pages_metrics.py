"""The page of the metrics."""

from __future__ import annotations

from itertools import groupby

from markdown import cell, code, table
from shroff.domain.metric_catalogue import CATALOGUE
from shroff.domain.metrics import Direction, Metric, Needs

__all__ = ["page"]

HEAD = """# Metrics

Every metric is one record: the same one that `shroff metrics` prints, that `shroff measure` counts
and that this page is written from. A share is a numerator over a denominator, both SQL predicates
over the labelled decisions. *Needs* says which labels must be there for an estimate; without them
the figure is a proxy, or bounds ([how to read them](../concepts/proxies-and-bounds.md)).
Add your own under `[metrics.NAME]` ([settings](settings.md)).

"""
NEEDS = {
    Needs.POPULATION: "Counted on every machine decision: no labels needed",
    Needs.TRUTH: "Estimated from labels drawn with a known probability",
    Needs.QUEUE: "From the outcome of what was queued",
    Needs.RECHECK: "From ads reviewed twice",
    Needs.APPEALS: "From appeals, by the cohort of the action",
    Needs.TASKS: "From review tasks, open ones included",
    Needs.STAFFING: "From review tasks and the hours on duty",
    Needs.SLICES: "From other figures",
}
DIRECTIONS = {
    Direction.UP_GOOD: "higher is better",
    Direction.DOWN_GOOD: "lower is better",
    Direction.NEUTRAL: "neither way is better by itself",
}


def page() -> str:
    """Write the page.

    Returns
    -------
    str
        Markdown.
    """
    order = list(NEEDS)
    ordered = sorted(CATALOGUE.values(), key=lambda metric: order.index(metric.needs))
    parts = [HEAD, table(("metric", "English", "中文", "unit"), [_row(m) for m in ordered])]
    for needs, metrics in groupby(ordered, key=lambda metric: metric.needs):
        parts.append(f"\n## {NEEDS[needs]}\n")
        parts += [_section(metric) for metric in metrics]
    return "".join(parts)


def _row(metric: Metric) -> tuple[str, ...]:
    link = f"[`{metric.id}`](#{metric.id.replace('_', '-')})"
    return (link, cell(metric.name_en), cell(metric.name_zh), metric.unit)


def _section(metric: Metric) -> str:
    facts = table(
        ("", ""),
        [
            ("name", f"{cell(metric.name_en)} · {cell(metric.name_zh)}"),
            ("definition", cell(metric.definition_en)),
            ("定义", cell(metric.definition_zh)),
            ("numerator", code(metric.numerator)),
            ("denominator", code(metric.denominator)),
            ("counts", f"{metric.weight.value}; unit {metric.unit}; dated by {metric.cohort}"),
            ("direction", DIRECTIONS[metric.direction]),
            ("pitfall", cell(metric.pitfalls_en) or "–"),
            ("误区", cell(metric.pitfalls_zh) or "–"),
        ],
    )
    anchor = metric.id.replace("_", "-")
    return f"\n({anchor})=\n### {metric.id}\n\n{facts}"
