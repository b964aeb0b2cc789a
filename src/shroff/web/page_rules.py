"""What do the rules catch, and what do they cost?"""

from __future__ import annotations

from collections.abc import Sequence

from shroff.report.document import Section
from shroff.report.rules_section import rules_section
from shroff.web.bench import Bench

__all__ = ["sections"]


def sections(bench: Bench) -> Sequence[Section]:
    """Show the league table of the rules."""
    found = bench.workspace.rules.watched(bench.engine, bench.brief)
    section = rules_section(found, bench.brief)
    return (bench.nothing("rules"),) if section is None else (section,)
