"""Which figures are there, and what does each mean?"""

from __future__ import annotations

from collections.abc import Sequence

from shroff.domain.messages import Message
from shroff.domain.metrics import Metric
from shroff.report.document import Definition, Definitions, Section
from shroff.report.wording import Bilingual, Plain, Sayable
from shroff.web.bench import Bench

__all__ = ["sections"]


def sections(bench: Bench) -> Sequence[Section]:
    """Show every metric: what is divided by what, and how it misleads."""
    metrics = bench.workspace.metrics()
    items = tuple(_definition(each) for each in metrics.values())
    lead = Message("web.metrics.lead", {"metrics": len(items)})
    return (Section("all", Message("web.metrics.all"), lead, (Definitions(items),)),)


def _definition(metric: Metric) -> Definition:
    notes: list[Sayable] = [Plain(metric.id)]
    if metric.pitfalls_en:
        notes.append(Bilingual(metric.pitfalls_en, metric.pitfalls_zh or metric.pitfalls_en))
    name = Bilingual(metric.name_en, metric.name_zh)
    meaning = Bilingual(metric.definition_en, metric.definition_zh)
    return Definition(name, meaning, tuple(notes))
