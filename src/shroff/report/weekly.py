"""How good was our automation this week? The report, built from measured results."""

from __future__ import annotations

from dataclasses import replace

from shroff.domain.messages import Message
from shroff.report.advice_section import ADVICE, OUTCOMES
from shroff.report.cascade_section import CASCADE
from shroff.report.changes_section import CHANGES
from shroff.report.document import (
    Block,
    CodeBlock,
    Definition,
    Definitions,
    Details,
    Document,
    Paragraph,
    Printing,
    Section,
)
from shroff.report.figures import Figure
from shroff.report.headline import headline, support
from shroff.report.operations_section import OPERATIONS
from shroff.report.provenance import Provenance
from shroff.report.publication import (
    MayShow,
    PublishRule,
    for_publication,
    for_work,
    is_publishable,
)
from shroff.report.registry_section import MODELS
from shroff.report.rules_section import RULES
from shroff.report.simulation_section import SIMULATIONS
from shroff.report.thresholds_section import THRESHOLDS
from shroff.report.weekly_exposure import exposure_section, slices_section
from shroff.report.weekly_flow import (
    appeals_section,
    health_section,
    next_section,
    reviewing_section,
)
from shroff.report.weekly_quality import change_section, scorecard_section, weeks_section
from shroff.report.weekly_results import WeeklyResults
from shroff.report.wording import Bilingual, Plain, Sayable, Sentence

__all__ = ["INSIDE", "published_report", "weekly_report"]

INSIDE = frozenset(
    {ADVICE, CASCADE, CHANGES, MODELS, OPERATIONS, OUTCOMES, RULES, SIMULATIONS, THRESHOLDS}
)
"""Sections that do not leave the team: which rules there are, and what they let through, is nothing
for those they are meant for."""

_DEFAULT = PublishRule()


def weekly_report(results: WeeklyResults, *, rule: PublishRule = _DEFAULT) -> Document:
    """Build the working report: nothing hidden, what is too uncertain greyed.

    Parameters
    ----------
    results : WeeklyResults
        What was measured.
    rule : PublishRule
        How uncertain a firm figure may be.

    Returns
    -------
    Document
        The report, for every language and format.
    """
    return for_work(_document(results, may_show=_anything), rule)


def published_report(results: WeeklyResults, *, rule: PublishRule = _DEFAULT) -> Document:
    """Build the report that leaves the team: what is too uncertain is withheld.

    Parameters
    ----------
    results : WeeklyResults
        What was measured.
    rule : PublishRule
        How uncertain a published figure may be.

    Returns
    -------
    Document
        The report, for every language and format.
    """

    def may_show(figure: Figure) -> bool:
        return is_publishable(figure, rule)

    told = tuple(section for section in results.further if section.id not in INSIDE)
    shown = replace(results, further=told)
    return for_publication(_document(shown, may_show=may_show), rule)


def _anything(_figure: Figure) -> bool:
    return True


def _document(results: WeeklyResults, *, may_show: MayShow) -> Document:
    sections = (
        change_section(results),
        scorecard_section(results),
        exposure_section(results, may_show=may_show),
        slices_section(results, may_show=may_show),
        weeks_section(results, may_show=may_show),
        appeals_section(results),
        reviewing_section(results),
        *results.further,
        health_section(results),
        next_section(results),
        _appendix(results),
    )
    return Document(
        title=Sentence("report.title", {"workspace": Plain(results.workspace)}),
        period=Plain(results.period.label()),
        headline=headline(results, may_show=may_show),
        support=support(results, may_show=may_show),
        sections=tuple(section for section in sections if section is not None),
        meta=_meta(results),
    )


def _appendix(results: WeeklyResults) -> Section:
    blocks: list[Block] = [
        Details(Message("report.appendix.definitions"), (_definitions(results),), Printing.SHOWN),
        Details(
            Message("report.appendix.reading"),
            tuple(Paragraph(Message(f"report.appendix.reading_{n}")) for n in range(1, 6)),
            Printing.SHOWN,
        ),
    ]
    if results.queries:
        code = tuple(
            block
            for name, query in results.queries.items()
            for block in (Paragraph(_title(results, name)), CodeBlock(query))
        )
        blocks.append(Details(Message("report.appendix.sql"), code))
    return Section(
        "appendix",
        Message("report.appendix.title"),
        Message("report.appendix.lead"),
        tuple(blocks),
    )


def _title(results: WeeklyResults, query: str) -> Sayable:
    return results.name(query) if query in results.metrics else Provenance(query)


def _definitions(results: WeeklyResults) -> Definitions:
    return Definitions(
        tuple(
            Definition(
                Bilingual(metric.name_en, metric.name_zh),
                Bilingual(metric.definition_en, metric.definition_zh),
                _pitfall(metric.pitfalls_en, metric.pitfalls_zh),
            )
            for metric in results.metrics.values()
            if metric.id in results.now
        )
    )


def _pitfall(english: str, chinese: str) -> tuple[Sayable, ...]:
    return (Bilingual(english, chinese),) if english else ()


def _meta(results: WeeklyResults) -> tuple[Definition, ...]:
    when = Plain(f"{results.as_of:%Y-%m-%d %H:%M} UTC")
    days = Plain(results.period.label())
    return (
        Definition(Message("report.meta.period"), days),
        Definition(Message("report.meta.before"), Plain(results.before.label())),
        Definition(Message("report.meta.as_of"), when),
        *[Definition(name, fact) for name, fact in results.facts],
    )
