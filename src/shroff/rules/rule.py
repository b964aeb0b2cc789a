"""What a rule is: a condition over the texts and columns of an ad, and what is to be done.

A pack is read from a file by `pack_file`, a single rule from one line by `query`; `written` writes
them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from shroff.domain.places import NOWHERE, Where
from shroff.rules.clauses import Atom, Condition, Term, Unless, Value
from shroff.text.evasion import DEFAULT, Evasion

__all__ = [
    "FIELDS",
    "Bilingual",
    "Example",
    "Pack",
    "Rule",
    "RuleAction",
    "Span",
    "TermList",
]

FIELDS = ("title", "body", "ocr_text", "asr_text", "landing_url")
"""Texts of an ad that a rule reads where it does not name others."""


class RuleAction(StrEnum):
    """What a rule asks for; ``review`` is queue-in (召回进审)."""

    TAG = "tag"
    REVIEW = "review"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a field: ``start`` and ``end`` in characters of the original, end exclusive."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Example:
    """An ad that a rule must, or must not, match.

    Parameters
    ----------
    texts : tuple of (str, str)
        Field and text; a bare text of the file is put in the first field of the rule.
    columns : tuple of (str, Value)
        Values of columns, by name.
    spans : tuple of Span
        What must be pointed at; empty if that is not said.
    note : str
        Why it is here.
    where : Where
        Its place.
    """

    texts: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, Value], ...] = ()
    spans: tuple[Span, ...] = ()
    note: str = ""
    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A name or sentence in English and Chinese; one may stand for both."""

    en: str = ""
    zh: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule.

    Parameters
    ----------
    id : str
        Name that history keeps; unique over packs.
    match : Condition
        When it fires.
    version : int
        The pack's, unless the rule has its own.
    name : Bilingual
        What people call it.
    policy : str
        Policy that is broken.
    severity : int
        1 to 5.
    action : RuleAction
        What is to be done with the ad.
    markets, languages : tuple of str
        Where it applies; empty for all. Upper-case and lower-case codes.
    fields : tuple of str
        Texts it reads.
    across_fields : bool
        Whether ``all``, ``not`` and ``count`` look at the fields of the ad together. If not, one
        field must satisfy the whole rule by itself. ``near`` always wants one field.
    allow : tuple of Term
        Phrases that win: a hit that lies inside one of them does not count.
    unless : Unless or None
        The second stage.
    evasion : Evasion
        Disguises that its terms see through.
    owner : str
        Who answers for it; the pack's unless it has its own.
    expires : date or None
        Last day it applies.
    legal : str
        Clause it rests on.
    offensive : bool
        Whether its terms and hits are blurred in output.
    must_match, must_not_match : tuple of Example
        Its tests.
    where : Where
        Its place.
    """

    id: str
    match: Condition
    version: int = 1
    name: Bilingual = Bilingual()
    policy: str = ""
    severity: int = 3
    action: RuleAction = RuleAction.REVIEW
    markets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    fields: tuple[str, ...] = FIELDS
    across_fields: bool = True
    allow: tuple[Term, ...] = ()
    unless: Unless | None = None
    evasion: Evasion = DEFAULT
    owner: str = ""
    expires: date | None = None
    legal: str = ""
    offensive: bool = False
    must_match: tuple[Example, ...] = ()
    must_not_match: tuple[Example, ...] = ()
    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TermList:
    """Words and phrases that rules of a pack share as ``$id``."""

    id: str
    parts: tuple[Atom, ...]
    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Pack:
    """Rules of one file.

    Parameters
    ----------
    id : str
        Its name.
    version : int
        1 or more.
    owner : str
        Who answers for it.
    description : Bilingual
        What it is for.
    lists : tuple of TermList
        Shared lists; conditions hold their parts already.
    rules : tuple of Rule
        In the order of the file.
    path : str
        Its file.
    digest : str
        SHA-256 of its text.
    """

    id: str
    version: int = 1
    owner: str = ""
    description: Bilingual = Bilingual()
    lists: tuple[TermList, ...] = ()
    rules: tuple[Rule, ...] = ()
    path: str = field(default="", compare=False)
    digest: str = field(default="", compare=False)
