"""What changed, when and why?"""

from __future__ import annotations

from collections.abc import Sequence

from shroff.report.changes_section import changes_section
from shroff.report.document import Section
from shroff.report.drift_section import drift_section
from shroff.report.trends_section import trends_section
from shroff.report.why_section import why_section
from shroff.web.bench import Bench

__all__ = ["sections"]


def sections(bench: Bench) -> Sequence[Section]:
    """Show incidents, lines by day, what moved a figure, and drift."""
    causes = bench.sections(why_section)
    drifts = bench.sections(drift_section)
    told = bench.workspace.lookout.told(bench.engine, bench.brief)
    if told is None:
        return (*causes, *drifts) or (bench.nothing("changes"),)
    drawn = trends_section(told.trends)
    return (changes_section(told.changes), *([drawn] if drawn else []), *causes, *drifts)
