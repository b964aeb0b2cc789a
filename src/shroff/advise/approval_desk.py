"""Where a second person lets a step happen that someone asked for, or refuses it."""

from __future__ import annotations

from dataclasses import dataclass

from shroff.advise.adopted_lines import adopt
from shroff.advise.advice_decisions import Decided, decide
from shroff.advise.adviser import Adviser
from shroff.advise.proposal_file import parse_proposal
from shroff.errors import ConfigError, ShroffError
from shroff.store.catalog import Catalog
from shroff.store.catalog_advice import AdviceStep
from shroff.store.catalog_approvals import ApprovalRequest
from shroff.store.second_word import Word

__all__ = ["ApprovalDesk"]


@dataclass(frozen=True, slots=True)
class ApprovalDesk:
    """The steps of a workspace that take two people.

    Parameters
    ----------
    adviser : Adviser
        Knows rules, lines and recommendations.
    """

    adviser: Adviser

    @property
    def catalog(self) -> Catalog:
        """The workspace's memory."""
        return self.adviser.lookout.catalog

    def approve(self, request_id: str, *, by: str, note: str = "") -> ApprovalRequest:
        """Let a step happen, now and as it was asked for.

        Parameters
        ----------
        request_id : str
            Its name.
        by : str
            Who approves; not who asked.
        note : str
            What they say.

        Returns
        -------
        ApprovalRequest
            As it stands now.

        Raises
        ------
        ShroffError
            If it cannot be done any more; then it waits on.
        """
        book = self.catalog.approvals
        request = book.settle(request_id, "approved", by=by, note=note)
        try:
            self._do(request, Word(by, request.id))
        except ShroffError:
            book.settle(request_id, "waiting", by="")
            raise
        return request

    def refuse(self, request_id: str, *, by: str, note: str) -> ApprovalRequest:
        """Refuse a step.

        Parameters
        ----------
        request_id : str
            Its name.
        by : str
            Who refuses; who asked may take it back so.
        note : str
            Why.

        Returns
        -------
        ApprovalRequest
            As it stands now.

        Raises
        ------
        ConfigError
            If no reason is given, or it does not wait.
        """
        if not note.strip():
            raise ConfigError("who asked wants to know why it is refused", where="note")
        request = self.catalog.approvals.settle(request_id, "refused", by=by, note=note)
        if request.kind == "advice":
            self.catalog.advice.move(
                AdviceStep(
                    at="", advice_id=request.subject, state="open", who=by, why=note,
                    detail={"request": request.id},
                )
            )  # fmt: skip
        return request

    def _do(self, request: ApprovalRequest, word: Word) -> None:
        asked = request.asked
        if request.kind == "rule":
            self._promote(request, word)
        elif request.kind == "lines":
            proposal = parse_proposal(asked["proposal"], name=request.subject)
            adopt(self.catalog, proposal, who=request.who, why=request.why, word=word)
        else:
            told = Decided(
                advice=request.subject, state="accepted", who=request.who, why=request.why,
                told=asked["told"], word=word,
            )  # fmt: skip
            decide(self.catalog, told)

    def _promote(self, request: ApprovalRequest, word: Word) -> None:
        from shroff.rules.pack_paths import read_packs  # noqa: PLC0415  (hyperscan is slow)
        from shroff.rules.rule_steps import Ask  # noqa: PLC0415

        asked = request.asked
        ask = Ask(
            rule_id=request.subject, to=asked["to"], share=asked["share"], who=request.who,
            why=request.why, bar=asked["bar"], despite=asked["despite"], word=word,
            said=asked["said"],
        )  # fmt: skip
        taken = self.adviser.rules.promote(ask, read_packs(asked["packs"]), period=asked["period"])
        if taken.event is None:
            against = "; ".join(each.text() for each in taken.objections)
            raise ConfigError(
                f"something speaks against it by now: {against}", where=request.subject
            )
