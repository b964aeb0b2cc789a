"""How good is the automation?"""

from __future__ import annotations

from collections.abc import Sequence

from shroff.report.document import Section
from shroff.report.figures import Figure
from shroff.report.slices_section import slices_section as worse_slices
from shroff.report.weekly_exposure import slices_section
from shroff.report.weekly_flow import appeals_section, reviewing_section
from shroff.report.weekly_quality import change_section, scorecard_section, weeks_section
from shroff.web.bench import Bench

__all__ = ["sections"]


def sections(bench: Bench) -> Sequence[Section]:
    """Show every figure, the slices that are worse, the weeks, appeals and reviewing."""
    results = bench.results
    worse = bench.sections(worse_slices)
    found = (
        change_section(results),
        scorecard_section(results),
        slices_section(results, may_show=_anything),
        *worse,
        weeks_section(results, may_show=_anything),
        appeals_section(results),
        reviewing_section(results),
    )
    return tuple(section for section in found if section is not None)


def _anything(_: Figure) -> bool:
    return True
