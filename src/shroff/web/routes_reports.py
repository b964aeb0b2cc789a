"""The addresses of reports: writing, listing, fetching, scheduling, telling."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, FastAPI, HTTPException, Query, Request
from fastapi import Path as InPath
from fastapi.responses import FileResponse

from shroff.domain.messages import Language
from shroff.report.ordering import missing, require
from shroff.report.report_desk import ReportDesk
from shroff.store.catalog_reports import ReportWriting
from shroff.web.desk import Desk
from shroff.web.job_records import JobTold, job_told
from shroff.web.jobs import Finished, Job
from shroff.web.people import Act, Person, needs
from shroff.web.report_requests import (
    ReportAsked,
    ReportsTold,
    ScheduleAsked,
    ScheduleTold,
    SentTold,
    report_told,
    schedule_told,
    turn_told,
)
from shroff.web.report_watch import ReportWatch

__all__ = ["add"]

_Seer = Annotated[Person, Depends(needs(Act.SEE))]
_Writer = Annotated[Person, Depends(needs(Act.WRITE))]
_Approver = Annotated[Person, Depends(needs(Act.APPROVE))]
_Run = Annotated[int, InPath(ge=1, le=2**53)]
_FileName = Annotated[str, InPath(max_length=120)]
_ScheduleName = Annotated[str, InPath(max_length=40)]


def add(app: FastAPI, desk: Desk) -> None:
    """Add the addresses of reports, and write what is due while the dashboard runs."""
    watch = ReportWatch(desk.answers.workspace.root)
    desk.opening.append(watch.start)
    desk.closing.append(watch.stop)
    _add_reports(app, desk)
    _add_written(app, desk)
    _add_schedules(app, desk)


def _add_reports(app: FastAPI, desk: Desk) -> None:
    @app.get("/api/v1/reports", tags=["reports"])
    def reports(_: _Seer) -> ReportsTold:
        """List the reports written, what is scheduled and what came of it."""
        reporter = desk.workspace.reporter
        settings = reporter.settings.reports
        lacks = missing(browser=settings.browser)
        return ReportsTold(
            reports=[report_told(each) for each in reporter.written() if reporter.may_see(each)],
            schedules=[schedule_told(each) for each in reporter.schedules()],
            turns=[turn_told(each) for each in reporter.turns()],
            missing={str(kind): what for kind, what in lacks.items()},
            told=urlsplit(settings.webhook).hostname or "",
        )

    @app.post("/api/v1/reports", tags=["reports"])
    def write(request: Request, asked: ReportAsked, person: _Writer) -> JobTold:
        """Write a report on the days and ads of the query, as `shroff report` does."""
        view, reporter = desk.view(request), desk.workspace.reporter
        order = asked.order(period=view.period, where=dict(view.where))
        require(order, browser=reporter.settings.reports.browser)

        def work(job: Job) -> Finished:
            return Finished(record=reporter.write(order, tick=job.tick).record())

        return job_told(desk.jobs.start("report", work, who=person.name))


def _add_written(app: FastAPI, desk: Desk) -> None:
    @app.get("/api/v1/reports/{run}/files/{name}", tags=["reports"])
    def file(run: _Run, name: _FileName, _: _Seer) -> FileResponse:
        """Give a file of a report."""
        reporter = desk.workspace.reporter
        _seen(reporter, run)
        path = reporter.file(run, name)
        return FileResponse(path, filename=f"{path.parent.name}-{path.name}")

    @app.post("/api/v1/reports/{run}/send", tags=["reports"])
    def send(
        run: _Run, _: _Approver, *, language: Annotated[Language, Query()] = Language.EN
    ) -> SentTold:
        """Tell the webhook of the settings of a report."""
        reporter = desk.workspace.reporter
        _seen(reporter, run)
        return SentTold(host=reporter.send(run, language=language))


def _seen(reporter: ReportDesk, run: int) -> ReportWriting:
    writing = reporter.catalog.writings.writing(run)
    if not reporter.may_see(writing):
        raise HTTPException(403, "this report shows what is hidden from you")
    return writing


def _add_schedules(app: FastAPI, desk: Desk) -> None:
    @app.post("/api/v1/reports/schedules", tags=["reports"])
    def schedule(request: Request, asked: ScheduleAsked, person: _Writer) -> ScheduleTold:
        """Have a report written again and again; whoever has others told must be an approver."""
        if asked.sends and not person.may(Act.APPROVE):
            raise HTTPException(403, "telling others of reports needs an approver")
        view = desk.view(request)
        order = asked.order(period=view.period, where=dict(view.where))
        return schedule_told(
            desk.workspace.reporter.schedule(
                order, cron=asked.cron, zone=asked.zone, sends=asked.sends, who=person.name
            )
        )

    @app.delete("/api/v1/reports/schedules/{schedule_id}", tags=["reports"])
    def unschedule(schedule_id: _ScheduleName, _: _Writer) -> dict[str, str]:
        """Have a report written no more."""
        desk.workspace.catalog.writings.remove_schedule(schedule_id)
        return {"removed": schedule_id}
