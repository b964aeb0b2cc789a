"""The addresses of plans and batches of labels: planned, drawn, out as files and back."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Depends, FastAPI, Query, Request, Response
from fastapi import Path as InPath

from shroff.web.batch_uploads import batch_file, read_upload, take_upload
from shroff.web.desk import Desk
from shroff.web.job_records import JobTold, job_told
from shroff.web.jobs import Finished, Job
from shroff.web.label_requests import TaskTold
from shroff.web.labels_requests import DrawAsked, FaultRow, PlanLabels, Upload, UploadTold
from shroff.web.people import Act, Person, needs

__all__ = ["add"]

_Seer = Annotated[Person, Depends(needs(Act.SEE))]
_Labeller = Annotated[Person, Depends(needs(Act.LABEL))]
_Writer = Annotated[Person, Depends(needs(Act.WRITE))]
_Batch = Annotated[str, InPath(max_length=60)]
_MOST_FAULTS = 200
_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def add(app: FastAPI, desk: Desk) -> None:
    """Add the addresses of plans and batches of labels."""
    _add_plans(app, desk)
    _add_files(app, desk)


def _add_plans(app: FastAPI, desk: Desk) -> None:
    @app.post("/api/v1/labels/plan", tags=["labels"])
    def plan(request: Request, asked: PlanLabels, person: _Writer) -> JobTold:
        """Plan the cheapest labels that make figures as certain as you want."""
        workspace, period = desk.workspace, desk.view(request).period

        def work(_: Job) -> Finished:
            made = workspace.labels.plan(
                asked.goals, by=asked.by, costs=asked.costs, budget=asked.budget,
                floor=asked.floor, period=period,
            )  # fmt: skip
            told = {
                "lead": made.text().record(),
                "told": [goal.text().record() for goal in made.goals],
            }
            return Finished(record={**made.record(), **told})

        return job_told(desk.jobs.start("labels plan", work, who=person.name))

    @app.post("/api/v1/labels/draw", tags=["labels"])
    def draw(asked: DrawAsked, person: _Writer) -> JobTold:
        """Draw the batch of a plan."""
        workspace = desk.workspace

        def work(_: Job) -> Finished:
            made = workspace.labels.draw(asked.plan)
            return Finished(record={**made.record(), "file": made.file and made.file.name})

        return job_told(desk.jobs.start("labels draw", work, who=person.name))


def _add_files(app: FastAPI, desk: Desk) -> None:
    @app.get("/api/v1/labels/batches", tags=["labels"])
    def batches(_: _Seer) -> list[TaskTold]:
        """List the batches, with how far each is."""
        found = desk.workspace.modeller.verdicts.tasks("")
        return [TaskTold.model_validate(each.record()) for each in found]

    @app.get("/api/v1/labels/batches/{batch}/file", tags=["labels"])
    def file(
        batch: _Batch,
        _: _Labeller,
        form: Annotated[Literal["csv", "xlsx", "jsonl"], Query()] = "csv",
    ) -> Response:
        """Give a batch as a file to label in; nothing of the machine is in it."""
        content = batch_file(desk.workspace, batch, form=form)
        name = f'attachment; filename="{batch}.{form}"'
        return Response(content, media_type=_MEDIA[form], headers={"Content-Disposition": name})

    @app.post("/api/v1/labels/batches/{batch}/upload", tags=["labels"])
    def upload(batch: _Batch, sent: Upload, person: _Labeller) -> UploadTold:
        """Take a labelled file back; where a row is wrong nothing is taken, and each is named."""
        workspace = desk.workspace
        came = read_upload(workspace, batch, form=sent.form, content=sent.content)
        shown = [FaultRow.model_validate(each.record()) for each in came.faults[:_MOST_FAULTS]]

        def work(_: Job) -> Finished:
            return Finished(record=take_upload(workspace, batch, came, role=sent.role))

        clean = not shown and came.labelled > 0
        return UploadTold(
            rows=len(came.rows),
            labelled=came.labelled,
            faults=shown,
            more=len(came.faults) - len(shown),
            job=job_told(desk.jobs.start("labels take", work, who=person.name)) if clean else None,
        )
