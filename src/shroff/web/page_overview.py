"""What needs me this week?"""

from __future__ import annotations

from collections.abc import Sequence

from shroff.report.document import Section
from shroff.report.weekly_quality import change_section
from shroff.web.bench import Bench

__all__ = ["sections"]


def sections(bench: Bench) -> Sequence[Section]:
    """Show how the figures that matter moved; what waits is told above them."""
    return (change_section(bench.results),)
