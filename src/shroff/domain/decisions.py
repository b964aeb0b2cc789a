"""Approve, review, reject: what the machine did with an ad."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Action", "FlowMode", "Source"]


class Action(StrEnum):
    """What is done with an ad; ``review`` is queue-in (召回进审), never the statistic."""

    APPROVE = "approve"
    REVIEW = "review"
    REJECT = "reject"
    RESTRICT = "restrict"


class Source(StrEnum):
    """Who decided."""

    RULE = "rule"
    MODEL = "model"
    LLM = "llm"
    HUMAN = "human"


class FlowMode(StrEnum):
    """Whether an ad is served before people have seen it; metrics do not compare across modes."""

    REVIEW_THEN_SERVE = "review_then_serve"
    SERVE_THEN_REVIEW = "serve_then_review"
