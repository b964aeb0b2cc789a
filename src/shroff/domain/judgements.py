"""Judgements of LLMs: how a call ended, and what its score is made of."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Certainty", "JudgementOutcome", "ScoreKind"]


class JudgementOutcome(StrEnum):
    """How asking a model ended; only ``VERDICT`` says something of the ad.

    ``REFUSED`` by the model, ``FILTERED`` by the provider, ``CUT`` at the length limit,
    ``INVALID`` after the repair too, ``FAILED`` without an answer. None of these is *compliant*.
    """

    VERDICT = "verdict"
    REFUSED = "refused"
    FILTERED = "filtered"
    CUT = "cut"
    INVALID = "invalid"
    FAILED = "failed"


class Certainty(StrEnum):
    """How sure a model says it is: not calibrated, and never taken for a chance."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class ScoreKind(StrEnum):
    """What a score is made of.

    ``LABEL_LOGPROB``: the chance of the label's token, renormalised over the labels allowed;
    ``VOTE_SHARE``: share of samples that said violating; ``OTHER``: as a log of the user's gives
    it; ``NONE``: there is no score.
    """

    LABEL_LOGPROB = "label_logprob"
    VOTE_SHARE = "vote_share"
    OTHER = "other"
    NONE = "none"
