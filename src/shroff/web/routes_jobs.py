"""The addresses of jobs: how far one is, what came of it, and taking it back."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Query, Request
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.concurrency import run_in_threadpool

from shroff.web.answers import charts_in
from shroff.web.desk import Desk
from shroff.web.job_records import JobTold, job_told
from shroff.web.jobs import Finished, Job
from shroff.web.painting import chart_program, paint
from shroff.web.people import Act, Person, needs

__all__ = ["add"]

_JobName = Annotated[str, InPath(max_length=40)]
_Seer = Annotated[Person, Depends(needs(Act.SEE))]


def add(app: FastAPI, desk: Desk) -> None:
    """Add the addresses of jobs."""

    @app.get("/api/v1/jobs/{job_id}", tags=["jobs"])
    async def job_state(job_id: _JobName, person: _Seer) -> JobTold:
        """Tell how far a job of yours is, and its result once it is done."""
        return job_told(_found(desk, job_id, person))

    @app.delete("/api/v1/jobs/{job_id}", tags=["jobs"])
    async def cancel(job_id: _JobName, person: _Seer) -> JobTold:
        """Take a job of yours back."""
        job = _found(desk, job_id, person)
        job.cancel()
        return job_told(job)

    @app.get("/api/v1/jobs/{job_id}/charts/{chart}", tags=["jobs"])
    async def job_chart(
        request: Request,
        job_id: _JobName,
        chart: Annotated[str, InPath(max_length=200)],
        *,
        person: _Seer,
        width: Annotated[int, Query(ge=100, le=4000)] = 620,
    ) -> JSONResponse:
        """Give the Vega specification of a chart of a finished job, data included."""
        result = _result(_found(desk, job_id, person))
        found = next((each for each in charts_in(result.sections) if each.id == chart), None)
        if found is None:
            raise HTTPException(404, f"the job has no chart {chart!r}")
        language = desk.view(request).language
        return JSONResponse(
            await run_in_threadpool(chart_program, found, language=language, width=width)
        )

    @app.get("/part/jobs/{job_id}", response_class=HTMLResponse, include_in_schema=False)
    async def part(request: Request, job_id: _JobName, person: _Seer) -> HTMLResponse:
        """Give what a finished job has to read."""
        result = _result(_found(desk, job_id, person))
        view = desk.view(request)
        return HTMLResponse(paint("found.html.j2", view, asked="", sections=result.sections))


def _found(desk: Desk, job_id: str, person: Person) -> Job:
    job = desk.jobs.find(job_id, who=person.name)
    if job is None:
        raise HTTPException(404, "there is no such job of yours")
    return job


def _result(job: Job) -> Finished:
    if job.result is None:
        raise HTTPException(409, "the job has no result")
    return job.result
