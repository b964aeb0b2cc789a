"""What is asked about packs of rules, and what is told of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field

from shroff.domain.findings import Finding
from shroff.domain.messages import Language
from shroff.rules.backtest_result import Backtest
from shroff.rules.draft_packs import LONGEST_DRAFT, DraftPacks, PackText
from shroff.rules.lifecycle import standing_of
from shroff.rules.lint import Source, lint
from shroff.rules.rule import Rule
from shroff.rules.written import condition_text
from shroff.store.catalog_rules import RuleEvent
from shroff.web.jobs import Finished

__all__ = [
    "BacktestAsked",
    "DeckAsked",
    "DraftAsked",
    "FindingTold",
    "LintTold",
    "PackListed",
    "PackTold",
    "PreviewAsked",
    "StepAsked",
    "TextAsked",
    "Tried",
    "finding_told",
    "listed",
    "pack_told",
]

_WIDEST = 200


class TextAsked(BaseModel):
    """A pack as it is written now."""

    name: str = Field(max_length=60, description="Name of its file, without the suffix.")
    text: str = Field(max_length=LONGEST_DRAFT, description="YAML.")


class DraftAsked(BaseModel):
    """A draft to be kept."""

    text: str = Field(max_length=LONGEST_DRAFT, description="YAML.")
    before: str = Field(
        default="", max_length=64, description="Digest of the draft that was changed."
    )


class PreviewAsked(TextAsked):
    """A text to be put before a pack."""

    example: str = Field(max_length=5000)


class BacktestAsked(TextAsked):
    """A pack to be tried on past ads; the days stand in the query of the address."""

    beside: bool = Field(
        default=False, description="Whether what the packs in use hit counts as nothing new."
    )


class DeckAsked(TextAsked):
    """Ads to be drawn that a pack would treat otherwise."""

    labels: int = Field(default=100, ge=1, le=5000)


class StepAsked(BaseModel):
    """A step in the life of a rule."""

    rule_id: str = Field(max_length=200)
    to: Literal["shadow", "canary", "live", "stopped"]
    share: float | None = Field(default=None, gt=0, lt=1)
    why: str = Field(min_length=1, max_length=2000, pattern=r"\S")
    despite: bool = False


class RuleListed(BaseModel):
    """A rule of a pack, and where it stands."""

    id: str
    version: int
    name_en: str
    name_zh: str
    policy: str
    action: str
    state: str
    since: str
    share: float | None
    noted_version: int = Field(description="Version that came into the state; 0 for a draft.")
    expires: date | None
    offensive: bool
    match: str


class PackListed(BaseModel):
    """A pack, its rules, and whether it can be read."""

    name: str
    draft: bool
    digest: str
    id: str
    version: int
    errors: int
    rules: list[RuleListed]


class PackTold(BaseModel):
    """A pack as it is written."""

    name: str
    text: str
    draft: bool
    digest: str


class FindingTold(BaseModel):
    """Something to be said of a pack, with its place."""

    code: str
    level: str
    line: int
    column: int
    end_line: int
    end_column: int
    rule: str
    message: str
    fixable: bool


class LintTold(BaseModel):
    """All that is to be said of a pack."""

    errors: int
    warnings: int
    rules: list[str]
    findings: list[FindingTold]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried(Finished):
    """A backtest, kept so that its forecast can be.

    Parameters
    ----------
    tried : Backtest
        What was found.
    """

    tried: Backtest


def finding_told(found: Finding, language: Language) -> FindingTold:
    """Tell a finding in one language."""
    where = found.where
    return FindingTold(
        code=found.code,
        level=str(found.level),
        line=where.line,
        column=where.column,
        end_line=where.end_line,
        end_column=where.end_column,
        rule=found.rule,
        message=found.message.text(language),
        fixable=bool(found.fix),
    )


def pack_told(pack: PackText) -> PackTold:
    """Tell a pack as it is written."""
    return PackTold(name=pack.name, text=pack.text, draft=pack.draft, digest=pack.digest)


def listed(packs: DraftPacks, events: Sequence[RuleEvent], *, today: date) -> list[PackListed]:
    """List packs and drafts with their rules.

    Parameters
    ----------
    packs : DraftPacks
        Where they are.
    events : sequence of RuleEvent
        What became of rules, oldest first.
    today : date
        Today.

    Returns
    -------
    list of PackListed
        Those in use, then drafts; what cannot be read has errors, and its readable rules.
    """
    by_rule: dict[str, list[RuleEvent]] = {}
    for event in events:
        by_rule.setdefault(event.rule_id, []).append(event)
    return [_listed(each, by_rule, today=today) for each in packs.every()]


def _listed(
    text: PackText, events: Mapping[str, Sequence[RuleEvent]], *, today: date
) -> PackListed:
    found = lint([Source(text.name, text.text)], today=today)
    pack = found.packs[0] if found.packs else None
    return PackListed(
        name=text.name,
        draft=text.draft,
        digest=text.digest,
        id=pack.id if pack else "",
        version=pack.version if pack else 0,
        errors=sum(str(each.level) == "error" for each in found.findings),
        rules=[_rule(rule, events.get(rule.id, ()), today=today) for rule in pack.rules]
        if pack
        else [],
    )


def _rule(rule: Rule, events: Sequence[RuleEvent], *, today: date) -> RuleListed:
    standing = standing_of(rule, events, today=today)
    said: dict[str, Any] = {
        "name_en": rule.name.en or rule.name.zh,
        "name_zh": rule.name.zh or rule.name.en,
    }
    match = "" if rule.offensive else condition_text(rule.match, evasion=rule.evasion)
    return RuleListed(
        id=rule.id,
        version=rule.version,
        policy=rule.policy,
        action=str(rule.action),
        state=str(standing.state),
        since=standing.since[:10],
        share=standing.share,
        noted_version=standing.version,
        expires=rule.expires,
        offensive=rule.offensive,
        match=match if len(match) <= _WIDEST else f"{match[:_WIDEST]}…",
        **said,
    )
