"""The addresses of rules: packs and drafts, what is wrong with one, what it would do, its life."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi import Path as InPath
from starlette.concurrency import run_in_threadpool

from shroff.domain.findings import Level
from shroff.errors import ConfigError, DataError, RuleError
from shroff.web.bench_opening import benched
from shroff.web.desk import Desk
from shroff.web.job_records import JobTold, job_told
from shroff.web.jobs import Finished, Job
from shroff.web.people import Act, Person, needs
from shroff.web.rule_requests import (
    BacktestAsked,
    DeckAsked,
    DraftAsked,
    LintTold,
    PackListed,
    PackTold,
    PreviewAsked,
    StepAsked,
    TextAsked,
    Tried,
    finding_told,
    listed,
    pack_told,
)
from shroff.web.shelf import Shelf
from shroff.web.viewing import View
from shroff.workspace import Workspace

if TYPE_CHECKING:
    from shroff.rules.rule import Pack
    from shroff.rules.sample_trial import HistorySample

__all__ = ["add"]

_Seer = Annotated[Person, Depends(needs(Act.SEE))]
_Writer = Annotated[Person, Depends(needs(Act.WRITE))]
_Approver = Annotated[Person, Depends(needs(Act.APPROVE))]
_Name = Annotated[str, InPath(max_length=60)]
_JobName = Annotated[str, InPath(max_length=40)]
_SAMPLE = 4000
_BAR = 0.95


def add(app: FastAPI, desk: Desk) -> None:
    """Add the addresses of rules."""
    _add_packs(app, desk)
    _add_writing(app, desk)
    _add_looking(app, desk)
    _add_trials(app, desk)
    _add_decks(app, desk)
    _add_life(app, desk)


def _today() -> date:
    return datetime.now(UTC).date()


def _add_packs(app: FastAPI, desk: Desk) -> None:
    from shroff.rules.draft_packs import DraftPacks  # noqa: PLC0415  (numba is slow)

    @app.get("/api/v1/rules", tags=["rules"])
    def packs(_: _Seer) -> list[PackListed]:
        """List the packs in use and the drafts, with where each rule stands."""
        here = desk.workspace
        return listed(DraftPacks(here.root), here.catalog.rules.events(), today=_today())

    @app.get("/api/v1/rules/packs/{name}", tags=["rules"])
    def pack(name: _Name, _: _Seer) -> PackTold:
        """Give the text of a draft, or of the pack in use where there is no draft of it."""
        return pack_told(DraftPacks(desk.workspace.root).read(name))

    @app.put("/api/v1/rules/drafts/{name}", tags=["rules"])
    def save(name: _Name, asked: DraftAsked, _: _Writer) -> PackTold:
        """Keep a draft, unless someone else has saved it meanwhile."""
        kept = DraftPacks(desk.workspace.root).save(name, asked.text, before=asked.before)
        return pack_told(kept)

    @app.delete("/api/v1/rules/drafts/{name}", tags=["rules"], status_code=204)
    def drop(name: _Name, _: _Writer) -> None:
        """Let go of a draft."""
        DraftPacks(desk.workspace.root).drop(name)

    @app.post("/api/v1/rules/drafts/{name}/adopt", tags=["rules"])
    def adopt(name: _Name, _: _Approver) -> PackTold:
        """Make a draft the pack in use; no rule acts by this before a step in its life says so."""
        return pack_told(DraftPacks(desk.workspace.root).adopt(name, today=_today()))


def _add_writing(app: FastAPI, desk: Desk) -> None:
    from shroff.rules.draft_packs import DraftPacks  # noqa: PLC0415  (numba is slow)

    @app.post("/api/v1/rules/lint", tags=["rules"])
    def look(request: Request, asked: TextAsked, _: _Seer) -> LintTold:
        """Tell what is wrong with a pack, beside the packs in use: all of it, with places."""
        found = DraftPacks(desk.workspace.root).looked_at(asked.name, asked.text, today=_today())
        language = desk.view(request).language
        return LintTold(
            errors=found.count(Level.ERROR),
            warnings=found.count(Level.WARNING),
            rules=[rule.id for pack in found.packs for rule in pack.rules],
            findings=[finding_told(each, language) for each in found.findings],
        )

    @app.post("/api/v1/rules/mend", tags=["rules"])
    def mend(asked: TextAsked, _: _Seer) -> dict[str, Any]:
        """Apply every fix that means the same; gives the text, and how many there were."""
        from shroff.rules.lint import Source, mended  # noqa: PLC0415

        now, count = mended([Source(asked.name, asked.text)], today=_today())
        return {"text": now[0].text, "mended": count}


def _add_looking(app: FastAPI, desk: Desk) -> None:
    @app.post("/api/v1/rules/preview", tags=["rules"])
    def shown(asked: PreviewAsked, _: _Seer) -> list[dict[str, Any]]:
        """Tell which rules fire on a text, and which disguises of it they see through."""
        from shroff.rules.disguise_preview import preview  # noqa: PLC0415
        from shroff.rules.lint import Source, lint  # noqa: PLC0415

        found = lint([Source(asked.name, asked.text)], today=_today())
        return [each.record() for each in preview(found.sound(), asked.example)]

    @app.post("/api/v1/rules/diff", tags=["rules"])
    def diff(asked: TextAsked, _: _Seer) -> dict[str, Any]:
        """Tell what a pack changes against the one in use of the same name."""
        from shroff.rules.draft_packs import DraftPacks  # noqa: PLC0415
        from shroff.rules.pack_diff import diff_packs  # noqa: PLC0415

        here = desk.workspace
        used = [each for each in DraftPacks(here.root).every() if not each.draft]
        old = [
            pack
            for each in used
            if each.name == asked.name
            for pack in _packs(each.name, each.text)
        ]
        return diff_packs(old, _packs(asked.name, asked.text)).record()


def _packs(name: str, text: str) -> tuple[Pack, ...]:
    """Read a pack, or say all that is wrong with it."""
    from shroff.rules.pack_file import read_pack  # noqa: PLC0415

    return (read_pack(text, path=name),)


def _add_trials(app: FastAPI, desk: Desk) -> None:
    samples = Shelf["HistorySample"](4)

    @app.post("/api/v1/rules/sample", tags=["rules"])
    async def sampled(request: Request, asked: TextAsked, _: _Seer) -> dict[str, Any]:
        """Tell at once what a pack would hit in a random sample of past ads."""
        here, view = desk.workspace, desk.view(request)
        state = f"{view.query()}#{sorted(here.hidden)}#{sorted(here.lake.snapshot().items())}"
        return await run_in_threadpool(_on_sample, here, view, asked, samples=samples, state=state)

    @app.post("/api/v1/rules/backtest", tags=["rules"], status_code=202)
    def backtest(request: Request, asked: BacktestAsked, person: _Seer) -> JobTold:
        """Start a backtest of a pack on all ads of the days that are looked at."""
        here, view = desk.workspace, desk.view(request)

        def work(job: Job) -> Tried:
            return _tried(here, view, asked, job=job)

        return job_told(desk.jobs.start("backtest", work, who=person.name))

    @app.post("/api/v1/rules/backtest/{job_id}/freeze", tags=["rules"], status_code=201)
    def freeze(job_id: _JobName, person: _Writer) -> dict[str, str]:
        """Keep what a backtest says will happen, to be held against what comes."""
        job = desk.jobs.find(job_id, who=person.name)
        result = None if job is None else job.result
        if not isinstance(result, Tried):
            raise HTTPException(404, "there is no such backtest of yours: run it again")
        return {"forecast_id": desk.workspace.rules.freeze(result.tried)}


def _add_decks(app: FastAPI, desk: Desk) -> None:
    @app.post("/api/v1/rules/deck", tags=["rules"], status_code=202)
    def deck(request: Request, asked: DeckAsked, person: _Writer) -> JobTold:
        """Draw ads that a pack would treat otherwise, to be labelled; chances are kept."""
        here, view = desk.workspace, desk.view(request)
        packs = _packs(asked.name, asked.text)

        def work(_: Job) -> Finished:
            drawn = here.rules.draw_deck(
                packs, desk=here.labels, labels=asked.labels, period=view.period
            )
            return Finished(record=drawn.record())

        return job_told(desk.jobs.start("deck", work, who=person.name))


def _on_sample(
    here: Workspace, view: View, asked: TextAsked, *, samples: Shelf[HistorySample], state: str
) -> dict[str, Any]:
    from shroff.rules.sample_trial import draw_history, try_on_sample  # noqa: PLC0415

    packs = _packs(asked.name, asked.text)
    sample = samples.get(state)
    if sample is None:
        with benched(here, view) as bench:
            sample = draw_history(bench.engine, bench.brief, size=_SAMPLE)
        samples.put(state, sample)
    found = try_on_sample(sample, packs)
    return {
        "days": sample.period.label(),
        "ads": sample.ads,
        "sampled": sample.rows.num_rows,
        "rules": [each.record(sample.ads) for each in found],
    }


def _tried(here: Workspace, view: View, asked: BacktestAsked, *, job: Job) -> Tried:
    from shroff.report.backtest_section import backtest_section  # noqa: PLC0415
    from shroff.rules.backtest import Proposal, backtest  # noqa: PLC0415

    packs = _packs(asked.name, asked.text)
    against = _used(here, but=asked.name) if asked.beside else ()
    with benched(here, view) as bench:
        job.tick(1, 3)
        tried = backtest(
            bench.engine, bench.brief, Proposal(packs=packs, against=against), lake=here.lake.root
        )
    job.tick(3, 3)
    return Tried(record=tried.record(), sections=(backtest_section(tried),), tried=tried)


def _used(here: Workspace, *, but: str) -> tuple[Pack, ...]:
    """Give the packs in use, but for the one that is tried."""
    try:
        packs = here.rules.packs()
    except DataError:
        return ()
    stem = (f"{but}.yaml", f"{but}.yml")
    return tuple(pack for pack in packs if not pack.path.endswith(stem))


def _add_life(app: FastAPI, desk: Desk) -> None:
    @app.post("/api/v1/rules/steps", tags=["rules"])
    async def step(request: Request, asked: StepAsked, person: _Writer) -> dict[str, Any]:
        """Ask for a step in the life of a rule; one after which it acts may take a second person."""
        here, view = desk.workspace, desk.view(request)
        return await run_in_threadpool(_stepped, here, view, asked, person=person)


def _stepped(here: Workspace, view: View, asked: StepAsked, *, person: Person) -> dict[str, Any]:
    from shroff.rules.rule_steps import Ask  # noqa: PLC0415

    if (asked.despite or asked.to == "stopped") and not person.may(Act.APPROVE):
        raise ConfigError("only who approves may do this", where="step", hint="ask an approver")
    goal = here.settings.goals.get("reject_precision")
    bar = goal.at_least if goal is not None and goal.at_least is not None else _BAR
    ask = Ask(
        rule_id=asked.rule_id, to=asked.to, share=asked.share, who=person.name, why=asked.why,
        bar=bar, despite=asked.despite,
    )  # fmt: skip
    try:
        if asked.to == "stopped":
            stopped = here.rules.stop(ask)
            return {"state": "stopped", "again": stopped.again.num_rows, "objections": []}
        taken = here.rules.promote(ask, period=view.period)
    except RuleError as fault:
        raise ConfigError(fault.cause, where=fault.where, hint="mend the packs first") from fault
    return {
        "state": taken.event.state if taken.event else None,
        "waiting": taken.waiting.id if taken.waiting else None,
        "objections": [each.text(view.language) for each in taken.objections],
    }
