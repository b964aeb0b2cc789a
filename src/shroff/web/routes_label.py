"""The addresses of labelling: what is due, the next ad, what is said of it, and handing in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, FastAPI, HTTPException, Query
from fastapi import Path as InPath

from shroff.web.desk import Desk
from shroff.web.job_records import JobTold, job_told
from shroff.web.jobs import Finished, Job
from shroff.web.label_requests import (
    AdShown,
    AgreementTold,
    NewBatch,
    Opened,
    Passed,
    PolicyTold,
    Said,
    TaskTold,
    Who,
)
from shroff.web.people import Act, Person, needs
from shroff.web.policy_texts import policies_told
from shroff.web.shelf import Shelf

if TYPE_CHECKING:
    from shroff.models.verdict_desk import VerdictDesk
    from shroff.models.verdict_sheet import Sheet
    from shroff.workspace import Workspace

__all__ = ["add"]

_Labeller = Annotated[Person, Depends(needs(Act.LABEL))]
_Writer = Annotated[Person, Depends(needs(Act.WRITE))]
_Batch = Annotated[str, InPath(max_length=60)]


class _Sheets:
    """What is seen of batches, read again when the logs change."""

    def __init__(self) -> None:
        self._kept: Shelf[Sheet] = Shelf(16)

    def of(self, workspace: Workspace, batch: str) -> Sheet:
        """Give what is seen of a batch."""
        state = ",".join(f"{k}@{v}" for k, v in sorted(workspace.lake.snapshot().items()))
        name = f"{batch} {state} {sorted(workspace.hidden)}"
        found = self._kept.get(name)
        if found is None:
            found = workspace.modeller.verdicts.sheet(batch)
            self._kept.put(name, found)
        return found


def add(app: FastAPI, desk: Desk) -> None:
    """Add the addresses of labelling."""
    sheets = _Sheets()
    _add_tasks(app, desk)
    _add_turns(app, desk, sheets)
    _add_saying(app, desk, sheets)
    _add_rounds(app, desk)


def _add_tasks(app: FastAPI, desk: Desk) -> None:
    @app.get("/api/v1/label/tasks", tags=["label"])
    def tasks(
        person: _Labeller, name: Annotated[str, Query(max_length=80)] = ""
    ) -> list[TaskTold]:
        """List the batches, with what is left of each for you."""
        found = _verdicts(desk).tasks(_who(person, name))
        return [TaskTold.model_validate(each.record()) for each in found]

    @app.get("/api/v1/label/policies", tags=["label"])
    def policies(_: _Labeller) -> list[PolicyTold]:
        """List the policies to judge by, with their texts."""
        return policies_told(desk.workspace)


def _add_turns(app: FastAPI, desk: Desk, sheets: _Sheets) -> None:
    @app.post("/api/v1/label/{batch}/open", tags=["label"])
    def open_next(batch: _Batch, asked: Who, person: _Labeller) -> Opened:
        """Give the next ad of a batch, and keep it for you; the same until you say something."""
        sheet = sheets.of(desk.workspace, batch)
        shown = _verdicts(desk).open(batch, _who(person, asked.name), sheet=sheet)
        return Opened(ad=None if shown is None else AdShown.model_validate(shown.record()))

    @app.post("/api/v1/label/{batch}/skip", tags=["label"])
    def skip(batch: _Batch, asked: Passed, person: _Labeller) -> Opened:
        """Put an ad off; it comes again after the others. Gives the next one."""
        who, sheet = _who(person, asked.name), sheets.of(desk.workspace, batch)
        _verdicts(desk).skip(batch, asked.place, who, sheet=sheet)
        return open_next(batch, Who(name=asked.name), person)


def _add_saying(app: FastAPI, desk: Desk, sheets: _Sheets) -> None:
    def following(batch: str, who: str) -> Opened:
        shown = _verdicts(desk).open(batch, who, sheet=sheets.of(desk.workspace, batch))
        return Opened(ad=None if shown is None else AdShown.model_validate(shown.record()))

    @app.post("/api/v1/label/{batch}/say", tags=["label"])
    def say(batch: _Batch, said: Said, person: _Labeller) -> Opened:
        """Keep what you say of an ad, at once. Gives the next one."""
        who, sheet = _who(person, said.name), sheets.of(desk.workspace, batch)
        _verdicts(desk).give(said.given(batch), who, sheet=sheet)
        return following(batch, who)

    @app.post("/api/v1/label/{batch}/undo", tags=["label"])
    def undo(batch: _Batch, asked: Who, person: _Labeller) -> Opened:
        """Take your last verdict back. Gives its ad, with what you said of it."""
        who, sheet = _who(person, asked.name), sheets.of(desk.workspace, batch)
        if not _verdicts(desk).undo(batch, who, sheet=sheet):
            raise HTTPException(409, "you said nothing here that could be taken back")
        return following(batch, who)


def _add_rounds(app: FastAPI, desk: Desk) -> None:
    @app.post("/api/v1/label/{batch}/hand-in", tags=["label"])
    def hand_in(batch: _Batch, person: _Labeller) -> JobTold:
        """Put what was said of a batch into the logs, with the chance each ad was drawn with."""
        verdicts = _verdicts(desk)

        def work(_: Job) -> Finished:
            return Finished(record=verdicts.hand_in(batch).record())

        return job_told(desk.jobs.start("label hand-in", work, who=person.name))

    @app.get("/api/v1/label/{batch}/agreement", tags=["label"])
    def agreement(batch: _Batch, _: _Labeller) -> AgreementTold:
        """Tell how far the two people agree who labelled a batch, once both are done."""
        voices = _verdicts(desk).voices(batch)
        if not voices.done:
            return AgreementTold(asked=voices.asked, both=voices.both, done=False)
        return AgreementTold.model_validate(voices.record())

    @app.post("/api/v1/label/{batch}/double", tags=["label"])
    def double(batch: _Batch, _: _Writer) -> NewBatch:
        """Have the ads of a batch labelled by a second person too."""
        made = _verdicts(desk).double(batch)
        return NewBatch(batch=made.id, asked=made.asked)

    @app.post("/api/v1/label/{batch}/adjudicate", tags=["label"])
    def adjudicate(batch: _Batch, _: _Labeller) -> NewBatch:
        """Put the ads that two people dispute together, for a third."""
        made = _verdicts(desk).adjudicate(batch)
        return NewBatch(batch=made.id, asked=made.asked)


def _verdicts(desk: Desk) -> VerdictDesk:
    return desk.workspace.modeller.verdicts


def _who(person: Person, name: str) -> str:
    """Tell who labels: the account; another name only where nobody signs in."""
    named = name.strip()
    if not named or named == person.name:
        return person.name
    if not person.alone:
        raise HTTPException(403, "you label under your own name")
    return named
