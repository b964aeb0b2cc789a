"""The addresses of one ad: what is known of it, and which ads are near-copies."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Query
from starlette.concurrency import run_in_threadpool

from shroff.errors import ConfigError, DataError, RuleError
from shroff.measure.ad_file import ad_file
from shroff.rules.rule import Pack
from shroff.web.desk import Desk
from shroff.web.job_records import JobTold, job_told
from shroff.web.jobs import Finished, Job
from shroff.web.people import Act, Person, needs
from shroff.workspace import Workspace

__all__ = ["add"]

_Seer = Annotated[Person, Depends(needs(Act.SEE))]
_AdName = Annotated[str, Query(alias="id", min_length=1, max_length=500)]


def add(app: FastAPI, desk: Desk) -> None:
    """Add the addresses of ads."""

    @app.get("/api/v1/ad", tags=["ads"])
    async def ad(ad_id: _AdName, _: _Seer) -> dict[str, Any]:
        """Give everything that is known of an ad and each of its versions."""
        return await run_in_threadpool(_told, desk.workspace, ad_id)

    @app.post("/api/v1/ad/copies", tags=["ads"], status_code=202)
    def copies(ad_id: _AdName, person: _Seer) -> JobTold:
        """Start a search for near-copies of an ad among all ads."""
        here = desk.workspace

        def work(job: Job) -> Finished:
            from shroff.watch.ad_copies import ad_copies  # noqa: PLC0415  (numba is slow)

            with here.engine() as engine:
                return Finished(record=ad_copies(engine, ad_id, reads=job.tick).record())

        return job_told(desk.jobs.start("copies", work, who=person.name))


def _told(here: Workspace, ad_id: str) -> dict[str, Any]:
    from shroff.advise.live_rules import read_rules  # noqa: PLC0415  (numba is slow)
    from shroff.web.ad_records import ad_record  # noqa: PLC0415

    with here.engine() as engine:
        file = ad_file(engine, ad_id)
    rules = read_rules(_packs(here), here.catalog.rules.events(), today=datetime.now(UTC).date())
    return ad_record(file, rules)


def _packs(here: Workspace) -> tuple[Pack, ...]:
    """Read the packs of the workspace; none where they cannot be read, which the page of rules says."""
    try:
        return here.rules.packs()
    except (RuleError, ConfigError, DataError):
        return ()
