"""One answer of a model, as what it is: a verdict, or none for a reason that is told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shroff.domain.judgements import JudgementOutcome
from shroff.models.chat_reply import Choice
from shroff.models.judgement import Invalid, read_answer
from shroff.models.label_chances import violating_score
from shroff.models.prices import NO_TOKENS, Usage
from shroff.models.prompt import Prompt

__all__ = ["Sample", "sample_of"]

_LONGEST = 300
_REFUSES = re.compile(
    r"\A\W*(?:i'?m (?:sorry|unable|not able)|i am (?:sorry|unable|not able)|sorry\b"
    r"|i (?:can'?t|cannot|can not|won'?t|must decline|decline)\b|unfortunately,? i\b"
    r"|as an ai\b|(?:很?抱歉|对不起|不好意思)|我(?:无法|不能|不便|拒绝)|作为(?:一个|一名)?(?:ai|人工智能)"
    r"|无法(?:回答|提供|协助|处理)|您?的?(?:问题|内容).{0,6}(?:敏感|违规))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What came of one answer.

    Parameters
    ----------
    outcome : JudgementOutcome
        How it ended.
    judgement : mapping
        The judgement as its record; empty unless the outcome is a verdict.
    score : float or None
        Chance of *violating* by the label's token, where that is known.
    reason : str
        Why there is no verdict; empty when there is one.
    model, fingerprint : str
        What the server says answered.
    usage : Usage
        Tokens of all requests that it took.
    latency_ms : int
        Milliseconds from the request that was answered to its answer.
    attempts : int
        Requests sent.
    repaired : bool
        Whether the first answer was bad and was asked for again.
    cost : float or None
        What it cost; None where no price is known.
    currency : str
        Currency of the cost.
    doubt : bool
        Whether it was under way when an earlier run ended, and was not sent again.
    counted : bool
        Whether the server counted its tokens; if not, what it cost is not known.
    """

    outcome: JudgementOutcome
    judgement: Mapping[str, Any] | None = None
    score: float | None = None
    reason: str = ""
    model: str = ""
    fingerprint: str = ""
    usage: Usage = NO_TOKENS
    latency_ms: int | None = None
    attempts: int = 0
    repaired: bool = False
    cost: float | None = None
    currency: str = ""
    doubt: bool = False
    counted: bool = True

    @property
    def verdict(self) -> str | None:
        """Its verdict; None when there is none."""
        return str(self.judgement["verdict"]) if self.judgement else None

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record, as it is kept."""
        usage = self.usage
        return {
            "outcome": str(self.outcome),
            "judgement": dict(self.judgement) if self.judgement else None,
            "score": self.score,
            "reason": self.reason,
            "model": self.model,
            "fingerprint": self.fingerprint,
            "usage": [usage.read, usage.cached, usage.written, usage.reasoning],
            "latency_ms": self.latency_ms,
            "attempts": self.attempts,
            "repaired": self.repaired,
            "cost": self.cost,
            "currency": self.currency,
        }

    @staticmethod
    def of(told: Mapping[str, Any]) -> Sample:
        """Read a record that `record` gave."""
        held: dict[str, Any] = dict(told)
        held["outcome"] = JudgementOutcome(held["outcome"])
        held["usage"] = Usage(*held["usage"])
        return Sample(**held)


def sample_of(choice: Choice, prompt: Prompt) -> Sample:
    """Read an answer for what it is.

    Parameters
    ----------
    choice : Choice
        The answer.
    prompt : Prompt
        What was asked.

    Returns
    -------
    Sample
        A verdict if it holds, whatever the server says of its end; else a refusal, a filter, a
        cut, or invalid with the reasons. Never *compliant* for want of an answer.
    """
    if choice.refusal:
        return _none(JudgementOutcome.REFUSED, choice.refusal)
    if choice.finish == "content_filter":
        return _none(JudgementOutcome.FILTERED, "the provider's filter stopped the answer")
    read = read_answer(choice.content, prompt)
    if not isinstance(read, Invalid):
        return Sample(
            outcome=JudgementOutcome.VERDICT,
            judgement=read.record(),
            score=violating_score(choice.tokens, str(read.verdict)) if choice.tokens else None,
        )
    if choice.finish == "length":
        return _none(JudgementOutcome.CUT, "the answer was cut at max_tokens")
    if _REFUSES.match(choice.content.replace("\u2019", "'")):
        return _none(JudgementOutcome.REFUSED, choice.content)
    return _none(JudgementOutcome.INVALID, "; ".join(read.reasons))


def _none(outcome: JudgementOutcome, reason: str) -> Sample:
    line = " ".join("".join(s if s.isprintable() else " " for s in reason).split())
    return Sample(outcome=outcome, reason=line[:_LONGEST])
