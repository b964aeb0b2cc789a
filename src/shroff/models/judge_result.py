"""What a run of judgements did, to be shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shroff.domain.messages import Message
from shroff.models.judgement_rows import Judge
from shroff.models.judging_tally import Tally

__all__ = ["Judged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a run did.

    Parameters
    ----------
    judge : Judge
        Who judged.
    model : str
        Model that was asked for.
    host : str
        Where.
    wanted : int
        Ads that were to be judged.
    scope, textless : int
        Ads with a text that were asked for, judged before or not; and those without any text.
    tally : Tally
        What was done.
    written, scored : int
        Rows written to judgements and to scores.
    spent : float or None
        Money; None where no price is known.
    currency : str
        Of the money.
    tokens : int
        Tokens.
    unpriced : int
        Answers whose cost is not known.
    uncounted : int
        Those of them whose tokens the server did not count.
    masked : int
        Texts in which contact details were masked.
    seconds : float
        Time from the first question to the last answer.
    stopped : str
        Why it ended early: ``budget``, ``cancelled``, ``trouble``; empty when it did not.
    under_way : int
        Requests of earlier runs that nobody knows the end of.
    probed : bool
        Whether the endpoint was probed first.
    """

    judge: Judge
    model: str
    host: str
    wanted: int
    scope: int
    textless: int
    tally: Tally
    written: int
    scored: int
    spent: float | None
    currency: str
    tokens: int
    unpriced: int
    uncounted: int
    masked: int
    seconds: float
    stopped: str
    under_way: int
    probed: bool

    def summary(self) -> Message:
        """Say in a sentence what was done."""
        if not self.wanted:
            return Message("judging.nothing" if self.scope else "judging.none")
        verdicts = self.tally.verdicts
        return Message(
            "judging.summary",
            {
                "ads": self.tally.ads,
                "wanted": self.wanted,
                "policy": self.judge.policy,
                "requests": self.tally.sent,
                "copies": self.tally.copies,
                "violating": verdicts.get("violating", 0),
                "compliant": verdicts.get("compliant", 0),
                "unclear": verdicts.get("unclear", 0),
                "none": self.tally.ads - sum(verdicts.values()),
            },
        )

    def notes(self) -> Iterator[Message]:
        """Say what else is to be known."""
        if self.textless:
            yield Message("judging.textless", {"n": self.textless})
        if not self.wanted:
            return
        yield self._money()
        yield from self._answers()
        if self.tally.ads and not self.scored:
            yield Message("judging.no_score")
        if self.stopped:
            left = self.wanted - self.tally.ads
            yield Message(f"judging.stopped.{self.stopped}", {"left": max(left, 0)})
        elif self.scored:
            yield Message("judging.next", {"name": self.judge.name})
        elif self.tally.ads:
            yield Message("judging.next_golden")

    def _answers(self) -> Iterator[Message]:
        """Say what is to be known of the answers."""
        if self.uncounted:
            yield Message("judging.uncounted", {"n": self.uncounted})
        ends = {k: v for k, v in self.tally.outcomes.items() if k != "verdict"}
        for outcome, count in sorted(ends.items()):
            yield Message(f"judging.outcome.{outcome}", {"n": count})
        others = {m: n for m, n in self.tally.models.items() if m != self.model}
        if others:
            told = ", ".join(f"{name} ({count})" for name, count in sorted(others.items()))
            yield Message("judging.other_model", {"asked": self.model, "answered": told})
        if self.tally.repaired:
            yield Message("judging.repaired", {"n": self.tally.repaired})
        if self.masked:
            yield Message("judging.masked", {"n": self.masked})
        if self.tally.doubt:
            yield Message("judging.doubt", {"n": self.tally.doubt})

    def _money(self) -> Message:
        if self.spent is None:
            return Message("judging.cost_unknown", {"tokens": self.tokens})
        told: Mapping[str, str | int | float | None] = {
            "cost": f"{self.spent:.6g}",
            "currency": self.currency,
            "tokens": self.tokens,
            "unpriced": self.unpriced,
        }
        return Message("judging.cost_part" if self.unpriced else "judging.cost", told)

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "run": self.judge.run,
            "model": self.judge.name,
            "version": self.judge.version,
            "policy": self.judge.policy,
            "endpoint": self.judge.endpoint,
            "host": self.host,
            "asked_model": self.model,
            "returned_models": dict(self.tally.models),
            "shadow": self.judge.shadow,
            "wanted": self.wanted,
            "textless": self.textless,
            "ads": self.tally.ads,
            "outcomes": dict(self.tally.outcomes),
            "verdicts": dict(self.tally.verdicts),
            "requests": self.tally.sent,
            "copies": self.tally.copies,
            "repaired": self.tally.repaired,
            "in_doubt": self.tally.doubt,
            "judgements_written": self.written,
            "scores_written": self.scored,
            "cost": self.spent,
            "currency": self.currency,
            "unpriced": self.unpriced,
            "uncounted": self.uncounted,
            "tokens": self.tokens,
            "masked_fields": self.masked,
            "seconds": round(self.seconds, 3),
            "stopped": self.stopped,
            "sentence": self.summary().record(),
            "notes": [each.record() for each in self.notes()],
        }
