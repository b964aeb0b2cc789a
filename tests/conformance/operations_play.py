"""How judges run, what shadows would change, and cascades over odd judgements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance.hostile_logs import write_late_judge

from shroff.advise.cascade import CascadeAsked
from shroff.advise.operation_changes import operation_changes
from shroff.errors import ShroffError
from shroff.models.shadow_run import ShadowAsked

if TYPE_CHECKING:
    from shroff.workspace import Workspace

__all__ = ["run_judges"]


def run_judges(workspace: Workspace) -> object:
    """Ask how judges run, hold one in shadow beside itself, and find a cascade."""
    found = workspace.modeller.operations(period="all")
    told: list[object] = [
        [each.record() for each in (*found.versions, *found.cuts, *found.beside)],
        [each.record() for each in found.drifts],
        len(found.days),
        len(operation_changes(found)),
    ]
    for asked in (ShadowAsked(), ShadowAsked(model="gpt-judge", shadow="abc", champion="it's")):
        try:
            told.append(workspace.modeller.shadow(asked, period="all").record())
        except ShroffError as fault:
            told.append(fault.cause)
    workspace.ingest("judgements", [write_late_judge(workspace.root / "more")])
    for question in (
        CascadeAsked(llm="gpt-judge"),
        CascadeAsked(by=("market", "类别"), edges_by="market", money=1.0, precision=0.3),
        CascadeAsked(by=("market",), alike=0.8),
        CascadeAsked(llm="nobody"),
    ):
        try:
            best = workspace.adviser.cascade(question, period="all")
            told.append([best.llm, best.version, best.judged, best.ads, best.labels])
        except ShroffError as fault:
            told.append(fault.cause)
    plan = workspace.adviser.plan(sources=("cascade",), period="all")
    told.append([each.what.kind for each in plan.steps])
    return str(_rough(told))


def _rough(value: object) -> object:
    """Round numbers: engines add up in different orders."""
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, dict):
        return {name: _rough(each) for name, each in value.items()}
    return [_rough(each) for each in value] if isinstance(value, list | tuple) else value
