"""What should change, what would it do, and did the last change work?"""

from __future__ import annotations

from collections.abc import Sequence

from shroff.report.advice_section import outcome_section
from shroff.report.document import Section
from shroff.report.goals_section import goals_section
from shroff.report.grow_section import grow_section
from shroff.report.guarantee_section import guarantee_section
from shroff.report.simulation_section import simulation_section
from shroff.report.thresholds_section import thresholds_section
from shroff.web.bench import Bench

__all__ = ["sections"]


def sections(bench: Bench) -> Sequence[Section]:
    """Show what came of earlier advice, lines, proposals and goals; the plan is worked with above."""
    adviser = bench.workspace.adviser
    _, ledger = adviser.remembered(bench.brief.as_of.date())
    came = outcome_section(ledger)
    lines = bench.sections(thresholds_section, guarantee_section, grow_section)
    tried = simulation_section(adviser.simulated(bench.engine, bench.brief))
    goals = goals_section(bench.engine, bench.brief)
    found = (
        *([came] if came else []),
        *([tried] if tried else []),
        *lines,
        *([goals] if goals else []),
    )
    return found or (bench.nothing("advise"),)
