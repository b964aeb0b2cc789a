"""What is new: terms, phrases, campaigns?"""

from __future__ import annotations

from collections.abc import Sequence

from shroff.report.campaigns_section import campaigns_section
from shroff.report.document import Section
from shroff.report.terms_section import terms_section
from shroff.web.bench import Bench

__all__ = ["sections"]


def sections(bench: Bench) -> Sequence[Section]:
    """Show what the report says of it, for the ads looked at."""
    return bench.sections(terms_section, campaigns_section) or (bench.nothing("emerging"),)
