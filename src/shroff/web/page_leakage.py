"""What leaks past approval, and how many people saw it?"""

from __future__ import annotations

from collections.abc import Sequence

from shroff.report.document import Section
from shroff.report.figures import Figure
from shroff.report.weekly_exposure import exposure_section
from shroff.report.weekly_flow import next_section
from shroff.web.bench import Bench

__all__ = ["sections"]


def sections(bench: Bench) -> Sequence[Section]:
    """Show leakage and exposure, and the labels that would tell more."""
    found = (exposure_section(bench.results, may_show=_anything), next_section(bench.results))
    return tuple(section for section in found if section is not None)


def _anything(_: Figure) -> bool:
    return True
