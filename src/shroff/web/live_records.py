"""Ads that are posted to be decided, and decisions, as the API tells them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from shroff.domain.decisions import Action
from shroff.rules.lifecycle import RuleState

__all__ = [
    "MOST_ADS",
    "MOST_LINES",
    "DecideAsked",
    "DecidedTold",
    "DecisionTold",
    "ScanAsked",
    "ScannedTold",
    "StrategyTold",
]

MOST_ADS = 1000
"""Most ads in one request of JSON."""

MOST_LINES = 20_000
"""Most lines in one request of JSON Lines."""

_ID = Field(max_length=200)


class AdGiven(BaseModel):
    """An ad: its texts, its columns such as account_age_days, and scores it brings."""

    model_config = ConfigDict(extra="allow")

    ad_id: Annotated[str, _ID] | None = Field(
        default=None, description="Its name; the number of its row where it has none."
    )
    ad_version: int | None = Field(default=None, ge=1, lt=1 << 31)
    market: str | None = Field(default=None, max_length=200)
    language: str | None = Field(default=None, max_length=200)
    title: str | None = Field(default=None, max_length=100_000)
    body: str | None = Field(default=None, max_length=100_000)
    ocr_text: str | None = Field(default=None, max_length=100_000)
    asr_text: str | None = Field(default=None, max_length=100_000)
    landing_url: str | None = Field(default=None, max_length=100_000)
    scores: dict[str, float | None] | None = Field(
        default=None,
        description="Scores from 0 to 1 that are known already, by model, model@version or "
        "model/policy; models that run here are asked for the others.",
        examples=[{"ads_risk": 0.93}],
    )


class DecideAsked(BaseModel):
    """Ads to be decided."""

    model_config = ConfigDict(extra="forbid")

    ads: list[AdGiven] = Field(min_length=1, max_length=MOST_ADS)


class ScanAsked(BaseModel):
    """Ads to be scanned with the rules of the workspace."""

    model_config = ConfigDict(extra="forbid")

    ads: list[AdGiven] = Field(min_length=1, max_length=MOST_ADS)
    states: list[RuleState] = Field(
        default=[RuleState.LIVE, RuleState.CANARY, RuleState.SHADOW],
        max_length=len(RuleState),
        description="Where the rules stand that are told.",
    )


class SpotTold(BaseModel):
    """A place in a text."""

    field: str
    start: int = Field(description="First character, in the original text.")
    end: int = Field(description="The character after the last.")
    matched: str = Field(description="What stands there; contacts masked, offensive hits blurred.")
    evasion: list[str] = Field(description="Disguises that were seen through.")


class FiredTold(BaseModel):
    """A rule that fired."""

    rule_id: str
    rule_version: int
    state: RuleState
    share: float | None = Field(description="Share of ads it acts on, of a canary.")
    action: Literal["tag", "review", "reject"]
    policy_id: str | None
    severity: int
    acts: bool = Field(description="Whether it acts on this ad.")
    held_by: Literal["state", "version", "canary"] | None = Field(
        description="Why it does not: where it stands; another version was let act; the ad is not "
        "among those of the canary."
    )
    why: str
    offensive: bool
    spots: list[SpotTold]


class LinedTold(BaseModel):
    """What a line does with the score of a model."""

    model: str
    version: str | None
    policy: str | None
    state: str | None
    off: bool
    score: float | None
    score_from: Literal["ad", "model"] | None
    action: Action | None
    line: dict[str, Any] = Field(description="The line as it was adopted or registered.")
    why: Literal["score", "llm", "no_answer", "no_score", "off", "failed"]


class DecidedByTold(BaseModel):
    """What decided."""

    source: Literal["rule", "model", "llm", "fallback", "nothing"]
    detector: str | None
    version: str | None


class ShadowTold(BaseModel):
    """What would be done if all that is in shadow acted too."""

    action: Action
    rules: list[FiredTold]
    lines: list[LinedTold]


class DecisionTold(BaseModel):
    """What is done with an ad, and why."""

    ad_id: str
    ad_version: int
    action: Action
    policy_id: str | None
    decided_by: DecidedByTold
    queue: str | None
    tags: list[str]
    rules: list[FiredTold]
    lines: list[LinedTold]
    shadow: ShadowTold
    strategy: str = Field(description="Name of the strategy that decided.")


class UnreadTold(BaseModel):
    """A row that is no ad."""

    row: int
    cause: str


class DecidedTold(BaseModel):
    """Decisions, in the order of the ads."""

    strategy: str
    decisions: list[DecisionTold]
    unread: list[UnreadTold]
    warnings: list[str]


class HitsTold(BaseModel):
    """Rules that fire on an ad."""

    ad_id: str
    ad_version: int
    rules: list[FiredTold]


class ScannedTold(BaseModel):
    """Rules that fire, ad by ad."""

    strategy: str
    ads: list[HitsTold]
    unread: list[UnreadTold]
    warnings: list[str]


class JudgeTold(BaseModel):
    """A model version whose scores decide or are watched."""

    model: str
    version: str | None
    policy: str | None
    state: str | None
    off: bool
    kind: str | None
    thresholds: dict[str, float]


class StrategyTold(BaseModel):
    """Everything that decides now."""

    id: str
    rules: dict[str, int] = Field(description="Rules by where they stand.")
    lines: dict[str, Any] | None = Field(description="Adopted lines; since when, by whom, why.")
    models: list[JudgeTold]
    shadows: list[JudgeTold]
    fallback: Action
    warnings: list[str]
