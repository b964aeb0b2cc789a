"""What scores and judges here, what is it worth, how does it run, and which version is better?"""

from __future__ import annotations

from collections.abc import Sequence

from shroff.models.registry import read_registry
from shroff.report.calibration_section import calibration_section
from shroff.report.curves_section import curves_section
from shroff.report.document import Section
from shroff.report.golden_section import golden_section
from shroff.report.labeller_section import labeller_section
from shroff.report.model_compare_section import model_compare_section
from shroff.report.operations_section import operations_section
from shroff.report.registry_section import every_model_section
from shroff.web.bench import Bench

__all__ = ["sections"]


def sections(bench: Bench) -> Sequence[Section]:
    """Show what the report says of it, for the ads looked at; registry and golden sets are of all."""
    measured = bench.sections(
        curves_section,
        calibration_section,
        model_compare_section,
        labeller_section,
        operations_section,  # replaces the session's tables
    )
    told = (_registry(bench), _golden(bench), *measured)
    return tuple(each for each in told if each is not None) or (bench.nothing("models"),)


def _registry(bench: Bench) -> Section | None:
    here = bench.workspace
    return every_model_section(read_registry(bench.engine, catalog=here.catalog, root=here.root))


def _golden(bench: Bench) -> Section | None:
    held = bench.workspace.modeller.judging.told(bench.engine)
    return None if held is None else golden_section(*held)
