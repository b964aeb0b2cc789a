"""How good are the labels, and which ones next?"""

from __future__ import annotations

from collections.abc import Sequence

from shroff.report.document import Section
from shroff.report.fewer_labels_section import fewer_labels_section
from shroff.report.label_plan_section import label_plan_section
from shroff.report.label_quality_section import label_quality_section
from shroff.web.bench import Bench

__all__ = ["sections"]


def sections(bench: Bench) -> Sequence[Section]:
    """Show what the report says of it, for the ads looked at."""
    return bench.sections(label_quality_section, label_plan_section, fewer_labels_section) or (
        bench.nothing("labels"),
    )
