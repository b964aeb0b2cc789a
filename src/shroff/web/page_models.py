"""What are the scores worth, and which version is better?"""

from __future__ import annotations

from collections.abc import Sequence

from shroff.report.calibration_section import calibration_section
from shroff.report.curves_section import curves_section
from shroff.report.document import Section
from shroff.report.model_compare_section import model_compare_section
from shroff.web.bench import Bench

__all__ = ["sections"]


def sections(bench: Bench) -> Sequence[Section]:
    """Show what the report says of it, for the ads looked at."""
    return bench.sections(curves_section, calibration_section, model_compare_section) or (
        bench.nothing("models"),
    )
