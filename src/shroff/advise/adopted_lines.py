"""Which lines are live: what was adopted, when, by whom and why; nothing adopted is ever lost."""

from __future__ import annotations

import json
from dataclasses import dataclass

from shroff.advise.proposal import Proposal
from shroff.advise.proposal_file import parse_proposal
from shroff.errors import ConfigError
from shroff.store.catalog import Catalog
from shroff.store.catalog_approvals import ApprovalRequest
from shroff.store.second_word import OWN_WORD, Word, held

__all__ = ["Adopted", "adopt", "adopted", "drop"]

_LIVE, _DROPPED = "lines live", "lines dropped"
_ELSEWHERE = {
    "packs": "rules go live by: shroff rules promote",
    "staffing": "people are planned elsewhere; leave staffing out",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """Lines that were made live.

    Parameters
    ----------
    proposal : Proposal or None
        The lines; None where they were dropped, so that the models' own thresholds hold.
    at : str
        When, ISO 8601 in UTC.
    who, why : str
        Who did it, and the reason given.
    approved : str
        Who approved it: a second person, or ``self`` of a single user.
    """

    proposal: Proposal | None
    at: str
    who: str
    why: str
    approved: str = ""

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "at": self.at,
            "who": self.who,
            "why": self.why,
            "approved": self.approved or None,
            "proposal_id": self.proposal.id if self.proposal else None,
            "proposal": self.proposal.record() if self.proposal else None,
        }


def adopted(catalog: Catalog) -> tuple[Adopted, ...]:
    """List the lines that were ever live, oldest first; the last are live now.

    Parameters
    ----------
    catalog : Catalog
        What was done.

    Returns
    -------
    tuple of Adopted
        All of them.
    """
    return tuple(
        _read(each.kind, at=each.at, detail=json.loads(each.detail))
        for each in catalog.audits()
        if each.kind in {_LIVE, _DROPPED}
    )


def _read(kind: str, *, at: str, detail: dict[str, str]) -> Adopted:
    proposal = parse_proposal(detail["proposal"], name="adopted") if kind == _LIVE else None
    approved = detail.get("approved", "")
    return Adopted(
        proposal=proposal, at=at, who=detail["who"], why=detail["why"], approved=approved
    )


def adopt(
    catalog: Catalog, proposal: Proposal, *, who: str, why: str, word: Word | None = None
) -> Adopted | ApprovalRequest:
    """Make the lines of a proposal live, from the next ad on.

    Parameters
    ----------
    catalog : Catalog
        Where it is recorded.
    proposal : Proposal
        Thresholds, cascades, versions and routing.
    who, why : str
        Who does it, and the reason.
    word : Word, optional
        Who approved it.

    Returns
    -------
    Adopted or ApprovalRequest
        As it is recorded; what waits for a second person where people sign in.

    Raises
    ------
    ConfigError
        If the proposal draws no lines, changes what lines cannot, or no reason is given.
    """
    for part, hint in _ELSEWHERE.items():
        if part in proposal.parts:
            raise ConfigError(f"the proposal changes {part} too", where=part, hint=hint)
    if not proposal.lines:
        raise ConfigError(
            "the proposal draws no lines",
            where="thresholds",
            hint="give thresholds or cascades; shroff advise thresholds writes some",
        )
    request = ApprovalRequest(
        kind="lines", subject=proposal.id, asked={"proposal": proposal.to_json()}, who=who,
        why=_reason(why),
    )  # fmt: skip
    waiting = held(catalog, request, word)
    if waiting is not None:
        return waiting
    said = (word or OWN_WORD).told()
    detail = {"proposal": proposal.to_json(), "who": who, "why": _reason(why), **said}
    catalog.add_audit(_LIVE, subject=proposal.id, detail=detail)
    return adopted(catalog)[-1]


def drop(catalog: Catalog, *, who: str, why: str) -> Adopted:
    """Take the adopted lines back: what models were registered with holds again.

    Parameters
    ----------
    catalog : Catalog
        Where it is recorded.
    who, why : str
        Who does it, and the reason.

    Returns
    -------
    Adopted
        As it is recorded.

    Raises
    ------
    ConfigError
        If none are live, or no reason is given.
    """
    known = adopted(catalog)
    if not known or known[-1].proposal is None:
        raise ConfigError("no adopted lines are live", hint="shroff strategy show")
    catalog.add_audit(
        _DROPPED, subject=known[-1].proposal.id, detail={"who": who, "why": _reason(why)}
    )
    return adopted(catalog)[-1]


def _reason(why: str) -> str:
    if not why.strip():
        raise ConfigError("lines change for a reason", where="--why", hint="say why")
    return why.strip()
