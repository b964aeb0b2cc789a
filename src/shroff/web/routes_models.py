"""The addresses of models: what there is, two versions compared, shadow, the kill switch."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request

from shroff.store.model_records import ModelStep
from shroff.web.bench import Bench
from shroff.web.bench_opening import benched
from shroff.web.desk import Desk
from shroff.web.job_records import JobTold, job_told
from shroff.web.jobs import Finished, Job
from shroff.web.models_requests import CompareAsked, Moved, ShadowWanted, Switch
from shroff.web.people import Act, Person, needs

__all__ = ["add"]

_Seer = Annotated[Person, Depends(needs(Act.SEE))]
_Approver = Annotated[Person, Depends(needs(Act.APPROVE))]


def add(app: FastAPI, desk: Desk) -> None:
    """Add the addresses of models."""
    _add_registry(app, desk)
    _add_comparing(app, desk)


def _add_registry(app: FastAPI, desk: Desk) -> None:
    @app.get("/api/v1/models/registry", tags=["models"])
    def registry(_: _Seer) -> dict[str, Any]:
        """List everything that scores or judges, and what is switched off."""
        modeller = desk.workspace.modeller
        off = [each.record() for each in modeller.off()]
        return {**modeller.registry().record(), "off": off}

    @app.post("/api/v1/models/kill", tags=["models"])
    def kill(asked: Switch, person: _Approver) -> dict[str, Any]:
        """Switch a model off, at once: it decides nothing until it is revived."""
        modeller = desk.workspace.modeller
        turned = modeller.kill(
            asked.name, version=asked.version, who=person.name, why=asked.reason
        )
        return turned.record()

    @app.post("/api/v1/models/revive", tags=["models"])
    def revive(asked: Switch, person: _Approver) -> dict[str, Any]:
        """Switch a model on again."""
        modeller = desk.workspace.modeller
        turned = modeller.revive(
            asked.name, version=asked.version, who=person.name, why=asked.reason
        )
        return turned.record()

    @app.post("/api/v1/models/state", tags=["models"])
    def move(asked: Moved, person: _Approver) -> dict[str, Any]:
        """Bring a registered version into another state of its life."""
        step = ModelStep(
            name=asked.name,
            version=asked.version,
            state=asked.state,
            who=person.name,
            why=asked.reason,
        )
        return desk.workspace.modeller.move(step).record()


def _add_comparing(app: FastAPI, desk: Desk) -> None:
    @app.post("/api/v1/models/compare", tags=["models"])
    def compare(request: Request, asked: CompareAsked, person: _Seer) -> JobTold:
        """Tell which of two versions is better, on the same ads, with curves and calibration."""
        workspace, view = desk.workspace, desk.view(request)

        def work(job: Job) -> Finished:
            with benched(workspace, view, job=job) as bench:
                return _compared(bench, asked, job)

        return job_told(desk.jobs.start("models compare", work, who=person.name))

    @app.post("/api/v1/models/shadow", tags=["models"])
    def shadow(request: Request, asked: ShadowWanted, person: _Seer) -> JobTold:
        """Hold a version that runs in shadow beside the one that decides, on the same ads."""
        workspace, view = desk.workspace, desk.view(request)

        def work(job: Job) -> Finished:
            from shroff.models.shadow_run import ShadowAsked, shadow_run  # noqa: PLC0415
            from shroff.report.version_pair_section import shadow_section  # noqa: PLC0415

            question = ShadowAsked(model=asked.model, shadow=asked.shadow, champion=asked.champion)
            with benched(workspace, view, job=job) as bench:
                found = shadow_run(bench.engine, bench.brief, question)
            return Finished(record=found.record(), sections=(shadow_section(found),))

        return job_told(desk.jobs.start("models shadow", work, who=person.name))


def _compared(bench: Bench, asked: CompareAsked, job: Job) -> Finished:
    """Compare, then draw both versions; each step tells how far it is."""
    from shroff.measure.calibrated import calibrations_of  # noqa: PLC0415  (scipy is slow)
    from shroff.measure.curves import CurvesAsked, curves_of  # noqa: PLC0415
    from shroff.measure.model_compare import compare_models, stand_for_models  # noqa: PLC0415
    from shroff.measure.score_queries import Chosen  # noqa: PLC0415
    from shroff.measure.scorecard import scorecard  # noqa: PLC0415
    from shroff.report.version_pair_section import pair_sections  # noqa: PLC0415

    job.tick(0, 4)
    engine = bench.engine
    brief = replace(bench.brief, by=tuple((name,) for name in asked.by) or bench.brief.by)
    found = compare_models(
        engine, brief, frame=stand_for_models(engine, brief), asked=asked.asked()
    )
    job.tick(1, 4)
    pair = found.pair.champion
    chosen = Chosen(model=pair.model, policy=pair.policy or "-")
    card = scorecard(engine, replace(brief, by=((),), wanted=("approve_rate",)))
    job.tick(2, 4)
    curves = curves_of(engine, card, asked=CurvesAsked(chosen=chosen))
    job.tick(3, 4)
    told = calibrations_of(engine, card, chosen=chosen)
    sections = pair_sections(found, curves, told)
    record = {
        **found.record(),
        "curves": curves.record(),
        "calibration": [each.record() for each in told],
    }
    return Finished(record=record, sections=sections)
