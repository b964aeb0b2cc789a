"""Who drives violations, leaks and review load?"""

from __future__ import annotations

from collections.abc import Sequence

from shroff.report.advertisers_section import advertisers_section
from shroff.report.document import Section
from shroff.web.bench import Bench

__all__ = ["sections"]


def sections(bench: Bench) -> Sequence[Section]:
    """Show what the report says of it, for the ads looked at."""
    return bench.sections(advertisers_section) or (bench.nothing("advertisers"),)
