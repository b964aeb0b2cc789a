"""The addresses of searches over ads: checked as they are typed, run, kept as files and as rules."""

from __future__ import annotations

import csv
import io
from typing import Annotated

import pyarrow as pa
from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi import Path as InPath
from starlette.concurrency import run_in_threadpool

from shroff.domain.spreadsheet_texts import inert
from shroff.report.found_section import found_section
from shroff.rules.query import LONGEST_QUERY, query_fault
from shroff.web.bench_opening import benched
from shroff.web.desk import Desk
from shroff.web.find_requests import (
    CheckAsked,
    FindAsked,
    Grammar,
    QueryChecked,
    RuleAsked,
    RuleWritten,
    Searched,
    found_record,
)
from shroff.web.job_records import JobTold, job_told
from shroff.web.jobs import Job
from shroff.web.people import Act, Person, needs
from shroff.web.viewing import View
from shroff.workspace import Workspace

__all__ = ["add"]

_Seer = Annotated[Person, Depends(needs(Act.SEE))]
_Writer = Annotated[Person, Depends(needs(Act.WRITE))]
_JobName = Annotated[str, InPath(max_length=40)]
_MOST_ROWS = 50_000


def add(app: FastAPI, desk: Desk) -> None:
    """Add the addresses of searches."""
    _add_search(app, desk)
    _add_keeping(app, desk)


def _add_search(app: FastAPI, desk: Desk) -> None:
    @app.get("/api/v1/find/grammar", tags=["find"])
    def grammar(_: _Seer) -> Grammar:
        """List the words of the language of rules."""
        return Grammar()

    @app.post("/api/v1/find/check", tags=["find"])
    def check(request: Request, asked: CheckAsked, _: _Seer) -> QueryChecked:
        """Tell whether a query can be read, and where it cannot."""
        fault = query_fault(asked.q)
        if fault is None:
            return QueryChecked(ok=True)
        told = fault.message.text(desk.view(request).language)
        return QueryChecked(ok=False, message=told, start=fault.start, end=fault.end)

    @app.post("/api/v1/find", tags=["find"], status_code=202)
    def search(request: Request, asked: FindAsked, person: _Seer) -> JobTold:
        """Start a search over the ads that are looked at; its result is that of the job."""
        here, view = desk.workspace, desk.view(request)

        def work(job: Job) -> Searched:
            return _searched(here, view, asked, job=job)

        return job_told(desk.jobs.start("find", work, who=person.name))


def _searched(here: Workspace, view: View, asked: FindAsked, *, job: Job | None) -> Searched:
    from shroff.rules.find import Search, browse, find  # noqa: PLC0415  (numba)

    query = asked.q.strip()
    with benched(here, view) as bench:
        # some ads were submitted before the first decision, and were never decided
        days = None if query and view.period == "all" else bench.brief.period
        search = Search(
            query=query, period=days, limit=asked.limit, reads=job.tick if job else None
        )
        if query:
            found = find(bench.engine, search, lake=here.lake.root)
        else:
            found = browse(bench.engine, search)
    return Searched(record=found_record(found), sections=(found_section(found),), found=found)


def _add_keeping(app: FastAPI, desk: Desk) -> None:
    @app.get("/api/v1/find.csv", tags=["find"], response_class=Response)
    async def csv_file(
        request: Request,
        _: _Seer,
        q: Annotated[str, Query(max_length=LONGEST_QUERY)] = "",
    ) -> Response:
        """Give the ads found as CSV, a row for each place that matches, at most 50,000 ads."""
        here, view = desk.workspace, desk.view(request)
        asked = FindAsked.model_construct(q=q, limit=_MOST_ROWS)

        def made() -> str:
            return _csv(_searched(here, view, asked, job=None).found.to_arrow())

        return Response(
            await run_in_threadpool(made),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="shroff-ads.csv"'},
        )

    @app.post("/api/v1/find/{job_id}/rule", tags=["find"], status_code=201)
    def make_rule(job_id: _JobName, asked: RuleAsked, person: _Writer) -> RuleWritten:
        """Write a search into a draft pack as a rule, the ads it found as its examples."""
        from shroff.rules.draft_packs import DraftPacks  # noqa: PLC0415  (numba is slow)
        from shroff.rules.rule_writing import rule_of, rule_text  # noqa: PLC0415

        job = desk.jobs.find(job_id, who=person.name)
        result = None if job is None else job.result
        if not isinstance(result, Searched):
            raise HTTPException(404, "there is no such search of yours: search again")
        here = desk.workspace
        file = DraftPacks(here.root).begin(asked.draft)
        rule_text(result.found, asked.rule_id, pack=file)
        examples = len(rule_of(result.found, asked.rule_id).must_match)
        return RuleWritten(draft=asked.draft, rule_id=asked.rule_id, examples=examples)


def _csv(rows: pa.Table) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([inert(name) for name in rows.column_names])
    for batch in rows.to_batches(max_chunksize=2000):
        columns = [column.to_pylist() for column in batch.columns]
        writer.writerows([inert(value) for value in row] for row in zip(*columns, strict=True))
    return "\ufeff" + text.getvalue()
