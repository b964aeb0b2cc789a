"""The addresses of advice: the plan and decisions on it, lines moved by hand, proposals."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, FastAPI, Request
from fastapi import Path as InPath
from starlette.concurrency import run_in_threadpool

from shroff.errors import ConfigError
from shroff.measure.score_queries import Chosen
from shroff.web.advise_requests import (
    AdviceTold,
    Decision,
    LinesMoved,
    LinesRoom,
    PlanAsked,
    ProposalSaved,
    ProposalTold,
    advice_told,
)
from shroff.web.bench_opening import benched
from shroff.web.desk import Desk
from shroff.web.job_records import JobTold, job_told
from shroff.web.jobs import Finished, Job
from shroff.web.people import Act, Person, needs
from shroff.web.proposal_files import keep_proposal
from shroff.web.shelf import Shelf
from shroff.web.viewing import View
from shroff.workspace import Workspace

if TYPE_CHECKING:
    from shroff.advise.line_limits import LinesAsked
    from shroff.advise.proposal import Proposal
    from shroff.advise.what_if import WhatIf

__all__ = ["add"]

_Seer = Annotated[Person, Depends(needs(Act.SEE))]
_Writer = Annotated[Person, Depends(needs(Act.WRITE))]
_AdviceName = Annotated[str, InPath(max_length=40)]


def add(app: FastAPI, desk: Desk) -> None:
    """Add the addresses of advice."""
    rooms = Shelf["WhatIf"](3)
    _add_plan(app, desk)
    _add_lines(app, desk, rooms)
    _add_proposals(app, desk, rooms)


def _add_plan(app: FastAPI, desk: Desk) -> None:
    @app.get("/api/v1/advise/plan", tags=["advise"])
    def plan(_: _Seer) -> list[AdviceTold]:
        """List what is recommended: of the last plan, and what is accepted or was decided on."""
        book = desk.workspace.catalog.advice
        every = book.advice()
        last = max((each.last_at for each in every), default="")
        return [
            advice_told(each, book.steps(each.id), current=each.last_at == last)
            for each in every
            if each.last_at == last or each.state != "open"
        ]

    @app.post("/api/v1/advise/plan", tags=["advise"])
    def renew(request: Request, asked: PlanAsked, person: _Writer) -> JobTold:
        """Make the plan anew, as `shroff advise plan` does."""
        workspace, period = desk.workspace, desk.view(request).period

        def work(_: Job) -> Finished:
            made = workspace.adviser.plan(asked.sources, period=period)
            return Finished(record={"lead": made.lead().record(), "steps": len(made.steps)})

        return job_told(desk.jobs.start("advise plan", work, who=person.name))

    @app.post("/api/v1/advise/plan/{advice}", tags=["advise"])
    def decide(advice: _AdviceName, said: Decision, person: _Writer) -> AdviceTold:
        """Accept, reject or finish a recommendation; where people sign in, some take two people."""
        told = said.told(datetime.now(UTC).date())
        found, steps = desk.workspace.adviser.decide(
            advice, said.state, who=person.name, why=said.reason, told=told
        )
        return advice_told(found, steps, current=True)


def _add_lines(app: FastAPI, desk: Desk, rooms: Shelf[WhatIf]) -> None:
    @app.post("/api/v1/advise/lines", tags=["advise"])
    def room(request: Request, asked: LinesRoom, person: _Seer) -> JobTold:
        """Read what lines are tried on; the job's id is the room that lines are moved in."""
        workspace, view = desk.workspace, desk.view(request)
        question = _question(asked)

        def work(job: Job) -> Finished:
            from shroff.advise.what_if import what_if  # noqa: PLC0415  (scipy is slow to import)

            with benched(workspace, view, job=job) as bench:
                found = what_if(
                    bench.engine, bench.brief, question, costs=workspace.settings.costs
                )
            rooms.put(job.id, found)
            return Finished(record=found.record())

        return job_told(desk.jobs.start("advise lines", work, who=person.name))

    @app.post("/api/v1/advise/lines/try", tags=["advise"])
    async def try_lines(moved: LinesMoved, _: _Seer) -> dict[str, object]:
        """Tell what lines would do, beside what was done, with intervals."""
        found = _room(rooms, moved.room)
        return (await run_in_threadpool(found.tried, moved.lines())).record()


def _add_proposals(app: FastAPI, desk: Desk, rooms: Shelf[WhatIf]) -> None:
    @app.post("/api/v1/advise/lines/replay", tags=["advise"])
    def replay(request: Request, moved: LinesMoved, person: _Seer) -> JobTold:
        """Replay history ad by ad under lines, as `shroff advise simulate` does."""
        workspace, view = desk.workspace, desk.view(request)
        proposal = _room(rooms, moved.room).proposal(moved.lines(), name="lines")

        def work(job: Job) -> Finished:
            return _replayed(job, workspace, view, proposal=proposal)

        return job_told(desk.jobs.start("advise simulate", work, who=person.name))

    @app.post("/api/v1/advise/proposals", tags=["advise"])
    def save(saved: ProposalSaved, _: _Writer) -> ProposalTold:
        """Keep lines as a proposal in the workspace; a report replays it."""
        lines = saved.lines()
        proposal = _room(rooms, saved.room).proposal(lines, name=saved.name, note=saved.note)
        root = desk.workspace.root
        file = keep_proposal(root, proposal)
        return ProposalTold(
            id=proposal.id,
            name=proposal.name,
            file=str(file.relative_to(root)),
            proposal=proposal.record(),
        )


def _question(asked: LinesRoom) -> LinesAsked:
    from shroff.advise.line_limits import LinesAsked  # noqa: PLC0415  (scipy is slow to import)

    named = Chosen(model=asked.model, version=asked.version, policy=asked.policy)
    chosen = named if asked.model or asked.policy else None
    return LinesAsked(by=tuple(asked.by), chosen=chosen)


def _room(rooms: Shelf[WhatIf], name: str) -> WhatIf:
    found = rooms.get(name)
    if found is None:
        raise ConfigError("these lines were read too long ago", hint="read them again")
    return found


def _replayed(job: Job, workspace: Workspace, view: View, *, proposal: Proposal) -> Finished:
    from shroff.advise.cascade_fallback import simulate_now  # noqa: PLC0415  (scipy is slow)
    from shroff.advise.simulate_question import (  # noqa: PLC0415
        costs_asked,
        simulate_question,
    )
    from shroff.report.simulation_section import simulation_section  # noqa: PLC0415

    costs = costs_asked(workspace.settings.costs, {})
    question = simulate_question(proposal, folder=workspace.root, costs=costs)
    with benched(workspace, view, job=job) as bench:
        found = simulate_now(
            bench.engine,
            bench.brief,
            question,
            lake=workspace.lake.root,
            catalog=workspace.catalog,
        )
    section = simulation_section((found,))
    return Finished(record=found.record(), sections=(section,) if section else ())
