"""What is asked of a search over ads, and what it tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field

from shroff.rules.found import Found, FoundAd
from shroff.rules.query import FIELD_NAMES, LONGEST_QUERY
from shroff.web.jobs import Finished

__all__ = [
    "LONGEST_TEXT",
    "CheckAsked",
    "FindAsked",
    "Grammar",
    "QueryChecked",
    "RuleAsked",
    "RuleWritten",
    "Searched",
    "found_record",
    "shown_text",
]

LONGEST_TEXT = 20_000
"""Characters of one text that a page is given."""

_OPERATORS = ("AND", "OR", "NOT", "NEAR/20", "BEFORE/20", "COUNT(")


class FindAsked(BaseModel):
    """A search; the days and the ads it looks at stand in the query of the address."""

    q: str = Field(default="", max_length=LONGEST_QUERY, description="One line in the language of"
                   " rules; empty to list the ads that were decided.")  # fmt: skip
    limit: int = Field(default=200, ge=0, le=1000, description="Ads to show.")


class CheckAsked(BaseModel):
    """A query as it is typed."""

    q: str = Field(max_length=LONGEST_QUERY + 1000)


class QueryChecked(BaseModel):
    """Whether a query can be read, and where it cannot."""

    ok: bool
    message: str = ""
    start: int = Field(default=0, description="First character that is wrong.")
    end: int = Field(default=0, description="The character after the last that is wrong.")


class Grammar(BaseModel):
    """Words of the language of rules, to complete what is typed."""

    fields: list[str] = sorted(FIELD_NAMES)
    operators: list[str] = list(_OPERATORS)


class RuleAsked(BaseModel):
    """A search to be made a rule."""

    rule_id: str = Field(pattern=r"^[A-Za-z0-9][\w.-]{0,59}$", description="Id of the rule.")
    draft: str = Field(max_length=60, description="Draft that gets it, made where there is none.")


class RuleWritten(BaseModel):
    """Where a rule was written."""

    draft: str
    rule_id: str
    examples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched(Finished):
    """What a search came to, kept so that it can become a rule.

    Parameters
    ----------
    found : Found
        What it found.
    """

    found: Found


def found_record(found: Found) -> dict[str, Any]:
    """Give what a search found, texts no longer than a page can show."""
    told = dict(found.record())
    told["shown"] = [_ad(ad) for ad in found.shown]
    return told


def _ad(ad: FoundAd) -> dict[str, Any]:
    told = dict(ad.record())
    told["texts"] = {name: shown_text(text) for name, text in ad.shown().items()}
    return told


def shown_text(text: str) -> Mapping[str, object]:
    """Give a text as far as a page shows it, and how long it is in truth."""
    return {"text": text[:LONGEST_TEXT], "length": len(text)}
