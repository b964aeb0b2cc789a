"""What the addresses of people take and answer."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from shroff.domain.roles import Act, Role

__all__ = [
    "AccountTold",
    "ApprovalTold",
    "AuditChecked",
    "AuditTold",
    "Me",
    "NewAccount",
    "NewPassword",
    "NewToken",
    "SessionTold",
    "Settled",
    "TokenMade",
    "TokenTold",
    "Verdict",
    "Wanted",
]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Me(BaseModel):
    """Who asks, and what they may do here and now."""

    name: str
    role: Role
    alone: bool = Field(description="Whether nobody signs in here.")
    acts: list[Act]


class AccountTold(BaseModel):
    """Someone who may sign in."""

    name: str
    role: Role
    signs_in_with: str
    added: str
    added_by: str


class NewAccount(_Asked):
    """Someone to let in."""

    name: str = Field(min_length=1, max_length=100)
    role: Role
    password: str = Field(min_length=1, max_length=256)


class Wanted(_Asked):
    """What to change of someone; what is left out stays."""

    role: Role | None = None
    password: str | None = Field(default=None, min_length=1, max_length=256)


class NewPassword(_Asked):
    """Another password of one's own."""

    current: str = Field(max_length=256)
    password: str = Field(min_length=1, max_length=256)


class SessionTold(BaseModel):
    """Someone who is signed in, in one browser."""

    id: str = Field(description="Beginning of what names it.")
    name: str
    begun: str
    seen: str
    until: str
    address: str
    agent: str
    here: bool = Field(description="Whether it is the one that asks.")


class NewToken(_Asked):
    """A token to make."""

    scopes: list[Act] = Field(min_length=1, max_length=5)
    days: int = Field(default=90, ge=1, le=366)
    note: str = Field(default="", max_length=200)


class TokenTold(BaseModel):
    """What is known of a token."""

    prefix: str
    name: str
    scopes: list[Act]
    note: str
    made: str
    until: str
    used: str | None


class TokenMade(BaseModel):
    """A token that was made; it is told this once."""

    token: str
    about: TokenTold


class AuditTold(BaseModel):
    """One thing that someone did."""

    id: int
    at: str
    who: str
    did: str
    what: str
    detail: dict[str, Any]
    hash: str


class AuditChecked(BaseModel):
    """Whether the audit log is as it was written."""

    lines: int
    head: str
    broken: int | None = Field(description="First line whose seal does not fit.")
    known: bool
    whole: bool


class ApprovalTold(BaseModel):
    """A step that takes a second person."""

    id: str
    kind: str
    subject: str
    asked: dict[str, Any]
    who: str
    why: str
    at: str
    state: str
    settled: str | None
    by: str | None
    note: str


class Verdict(_Asked):
    """What a second person says of a step."""

    approve: bool
    note: str = Field(default="", max_length=2000)


class Settled(BaseModel):
    """How many sessions or tokens ended."""

    ended: int
