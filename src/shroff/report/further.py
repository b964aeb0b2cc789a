"""Sections that further analyses add to the report, one builder each."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from shroff.measure.scorecard import Scorecard
from shroff.report.advertisers_section import advertisers_section
from shroff.report.calibration_section import calibration_section
from shroff.report.campaigns_section import campaigns_section
from shroff.report.cascade_section import CASCADE, cascade_section
from shroff.report.curves_section import curves_section
from shroff.report.document import Section
from shroff.report.drift_section import drift_section
from shroff.report.fewer_labels_section import fewer_labels_section
from shroff.report.grow_section import grow_section
from shroff.report.guarantee_section import guarantee_section
from shroff.report.label_plan_section import label_plan_section
from shroff.report.label_quality_section import label_quality_section
from shroff.report.labeller_section import labeller_section
from shroff.report.model_compare_section import model_compare_section
from shroff.report.operations_section import OPERATIONS, operations_section
from shroff.report.registry_section import MODELS
from shroff.report.regulatory_section import regulatory_section
from shroff.report.slices_section import slices_section
from shroff.report.terms_section import terms_section
from shroff.report.thresholds_section import THRESHOLDS, thresholds_section
from shroff.report.why_section import why_section
from shroff.store.engine import Engine

__all__ = ["BUILDERS", "Builder", "further_sections"]

Builder = Callable[[Engine, Scorecard], Section | None]
"""Builds a section, or nothing where the logs say nothing; the scorecard's session tables stand."""

BUILDERS: dict[str, Builder] = {
    "thresholds": curves_section,
    "calibration": calibration_section,
    "worse-slices": slices_section,
    "new-terms": terms_section,
    "campaigns": campaigns_section,
    "advertisers": advertisers_section,
    "labels": label_quality_section,
    "more-labels": label_plan_section,
    "fewer-labels": fewer_labels_section,
    "labeller": labeller_section,
    "published-indicators": regulatory_section,
    MODELS: model_compare_section,
    "sure-lines": guarantee_section,
    "automation-growth": grow_section,
    THRESHOLDS: thresholds_section,
    CASCADE: cascade_section,
    OPERATIONS: operations_section,
    "drift": drift_section,  # the last two replace the session's tables
    "why": why_section,
}
"""By the id of the section, in the order of the report."""


def further_sections(
    engine: Engine, card: Scorecard, *, builders: Iterable[Builder]
) -> tuple[Section, ...]:
    """Build the further sections.

    Parameters
    ----------
    engine : Engine
        Where the logs, and the scorecard's session tables, are.
    card : Scorecard
        The scorecard of the report's period.
    builders : iterable of Builder
        One a section.

    Returns
    -------
    tuple of Section
        The sections that have something to say.
    """
    built = (build(engine, card) for build in builders)
    return tuple(section for section in built if section is not None)
