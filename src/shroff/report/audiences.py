"""Whom a report is for: which questions they have, in which order, and how much of the answer they need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from shroff.domain.messages import Message
from shroff.domain.metric_catalogue import HEADLINE
from shroff.domain.phrasebook import PHRASEBOOK
from shroff.report.advice_section import ADVICE, OUTCOMES
from shroff.report.cascade_section import CASCADE
from shroff.report.changes_section import CHANGES
from shroff.report.document import (
    Block,
    Charts,
    CodeBlock,
    Definition,
    Details,
    Document,
    Section,
    Table,
)
from shroff.report.operations_section import OPERATIONS
from shroff.report.registry_section import MODELS
from shroff.report.rules_section import RULES
from shroff.report.simulation_section import SIMULATIONS
from shroff.report.thresholds_section import THRESHOLDS
from shroff.report.wording import Listed, Sayable, Sentence, Sentences

__all__ = ["EDITIONS", "Audience", "Edition", "for_audience"]

_ROWS = 10
"""Rows of a table that someone reads who wants the answer only."""


class Audience(StrEnum):
    """Whom a report is for."""

    TEAM = "team"
    """Those who run the automation: everything."""
    EXECUTIVE = "executive"
    """Those who decide about people and money."""
    POLICY = "policy"
    """Those who write and enforce the policies."""
    ML = "ml"
    """Those who train and run models."""
    OPERATIONS = "operations"
    """Those who staff and run the review."""
    SALES = "sales"
    """Those who speak with advertisers; it leaves the team, so unsure figures are withheld."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What an audience reads.

    Parameters
    ----------
    sections : tuple of str
        Ids of the sections, in order; empty for all of them.
    lead : tuple of str
        Metrics it leads with, most important first.
    answers_only : bool
        Whether what opens on demand and long tables are left out.
    leaves_team : bool
        Whether figures that are too uncertain are withheld, and what is for those inside left out.
    """

    sections: tuple[str, ...] = ()
    lead: tuple[str, ...] = HEADLINE
    answers_only: bool = False
    leaves_team: bool = False

    def wants(self, section: str) -> bool:
        """Tell whether a section is in it."""
        return not self.sections or section in self.sections


EDITIONS = {
    Audience.TEAM: Edition(),
    Audience.EXECUTIVE: Edition(
        sections=("goals", "change", "exposure", ADVICE, OUTCOMES, "weeks", "health", "next"),
        lead=("violating_impression_share", "leakage", "reject_precision", "automation_rate"),
        answers_only=True,
    ),
    Audience.POLICY: Edition(
        sections=(
            "change", "exposure", "slices", "worse-slices", "new-terms", "campaigns",
            "advertisers", "appeals", RULES, "published-indicators", CHANGES, "labels", "health",
            "next", "appendix",
        ),
        lead=("leakage", "right_policy_precision", "reject_precision", "recall_any"),
    ),
    Audience.ML: Edition(
        sections=(
            "change", "scorecard", "thresholds", "calibration", MODELS, "golden", "labeller",
            OPERATIONS, CASCADE, "sure-lines", "drift", "why", "worse-slices", "fewer-labels",
            "more-labels", "health", "next", "appendix",
        ),
        lead=("recall_any", "leakage", "reject_precision", "fpr"),
    ),
    Audience.OPERATIONS: Edition(
        sections=(
            "goals", "change", "reviewing", THRESHOLDS, "automation-growth", SIMULATIONS, ADVICE,
            OUTCOMES, "trends", CHANGES, "campaigns", "advertisers", "appeals", "labels",
            "more-labels", "health", "next", "appendix",
        ),
        lead=("turnaround_p90", "backlog_share", "automation_rate", "queue_in_precision"),
    ),
    Audience.SALES: Edition(
        sections=("change", "appeals", "reviewing", "appendix"),
        lead=("reject_precision", "overturns_per_appeal", "turnaround_p90", "automation_rate"),
        answers_only=True,
        leaves_team=True,
    ),
}  # fmt: skip
"""The edition of each audience."""


def for_audience(document: Document, audience: Audience) -> Document:
    """Keep what an audience asks, in their order and in their words.

    Parameters
    ----------
    document : Document
        The report of the team, or the one that leaves it.
    audience : Audience
        Whom it is for.

    Returns
    -------
    Document
        The report for them; it says what it leaves out.
    """
    if audience is Audience.TEAM:
        return document
    edition = EDITIONS[audience]
    known: dict[str, list[Section]] = {}
    for section in document.sections:
        known.setdefault(section.id, []).append(section)
    chosen = [section for name in edition.sections for section in known.get(name, ())]
    left = tuple(each.title for each in document.sections if each.id not in edition.sections)
    notes = [Definition(Message("report.audience.for"), Message(f"report.audience.{audience}"))]
    if left:
        notes.append(Definition(Message("report.audience.left_out"), Listed(left)))
    return replace(
        document,
        title=Sentence(f"report.audience.{audience}.title", {"report": document.title}),
        sections=tuple(_worded(_shortened(each, edition), audience) for each in chosen),
        meta=(*notes, *document.meta),
    )


def _worded(section: Section, audience: Audience) -> Section:
    key = f"report.audience.{audience}.{section.id}"
    return replace(section, title=Message(key)) if key in PHRASEBOOK else section


def _shortened(section: Section, edition: Edition) -> Section:
    if not edition.answers_only:
        return section
    return replace(section, blocks=tuple(_answers(section.blocks)))


def _answers(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, Table):
            yield _first_rows(block)
        elif isinstance(block, Charts) or not isinstance(block, Details | CodeBlock):
            yield block


def _first_rows(table: Table) -> Table:
    if len(table.rows) <= _ROWS:
        return table
    more: Sayable = Message("report.audience.more_rows", {"rows": len(table.rows) - _ROWS})
    note = Sentences((table.note, more)) if table.note.text() else more
    return replace(table, rows=table.rows[:_ROWS], note=note)
