"""The addresses of what waits for the word of a second person."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi import Path as InPath

from shroff.store.catalog_approvals import ApprovalRequest
from shroff.web.desk import Desk
from shroff.web.people import Act, Person, needs
from shroff.web.people_records import ApprovalTold, Verdict

__all__ = ["add"]

_Someone = Annotated[Person, Depends(needs(Act.SEE))]
_Approver = Annotated[Person, Depends(needs(Act.APPROVE))]
_Name = Annotated[str, InPath(max_length=40)]


def add(app: FastAPI, desk: Desk) -> None:
    """Add the addresses of approvals."""

    @app.get("/api/v1/approvals", tags=["people"])
    def approvals(_: _Someone, *, every: bool = False) -> list[ApprovalTold]:
        """List the steps that wait for a second person; those that were settled too if asked."""
        states = () if every else ("waiting",)
        return [_told(each) for each in desk.workspace.catalog.approvals.requests(*states)]

    @app.post("/api/v1/approvals/{request_id}", tags=["people"])
    def settle(request_id: _Name, said: Verdict, person: _Approver) -> ApprovalTold:
        """Let a step happen that somebody else asked for, or refuse it."""
        from shroff.advise.approval_desk import ApprovalDesk  # noqa: PLC0415  (scipy is slow)

        approval = ApprovalDesk(desk.workspace.adviser)
        if said.approve:
            return _told(approval.approve(request_id, by=person.name, note=said.note))
        return _told(approval.refuse(request_id, by=person.name, note=said.note))


def _told(request: ApprovalRequest) -> ApprovalTold:
    return ApprovalTold.model_validate(request.record())
