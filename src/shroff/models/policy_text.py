"""A policy as people write it: Markdown with definitions, examples, exceptions and edge cases.

One file holds one policy, in English, in Chinese, or in both; the words of a heading tell what a
section is and in which language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from shroff.domain.messages import Language
from shroff.domain.places import NOWHERE, Where

__all__ = ["HEADINGS", "REQUIRED", "Example", "Part", "PolicyText", "Section", "part_of"]

_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9'’-]*")
_HAN_A_WORD = 1.6
"""Han characters that say about as much as one English word."""


class Part(StrEnum):
    """What a section of a policy is."""

    DEFINITIONS = "definitions"
    VIOLATES = "violates"
    ALLOWED = "allowed"
    EXCEPTIONS = "exceptions"
    EDGE_CASES = "edge_cases"


REQUIRED = (Part.DEFINITIONS, Part.VIOLATES, Part.ALLOWED)
"""Sections without which nobody can judge by a policy."""

HEADINGS: dict[Language, dict[Part, tuple[str, ...]]] = {
    Language.EN: {
        Part.DEFINITIONS: ("Definitions", "Definition"),
        Part.VIOLATES: ("Violates", "Violating"),
        Part.ALLOWED: ("Does not violate", "Not violating", "Allowed"),
        Part.EXCEPTIONS: ("Exceptions", "Exemptions"),
        Part.EDGE_CASES: ("Edge cases",),
    },
    Language.ZH: {
        Part.DEFINITIONS: ("定义",),
        Part.VIOLATES: ("违规", "违规情形"),
        Part.ALLOWED: ("不违规", "合规", "合规情形"),
        Part.EXCEPTIONS: ("例外", "豁免"),
        Part.EDGE_CASES: ("边界情形", "边界案例"),
    },
}
"""Words of a heading by language and part; the first are the ones to write."""

_PARTS = {
    word.casefold(): (language, part)
    for language, parts in HEADINGS.items()
    for part, words in parts.items()
    for word in words
}


def part_of(heading: str) -> tuple[Language, Part] | None:
    """Tell which section a heading begins.

    Parameters
    ----------
    heading : str
        Its words, without number signs.

    Returns
    -------
    tuple of Language and Part, or None
        None where it is not one of `HEADINGS`.
    """
    return _PARTS.get(" ".join(heading.split()).casefold())


@dataclass(frozen=True, slots=True)
class Example:
    """An ad, or a piece of one, with its verdict.

    Parameters
    ----------
    text : str
        What the ad says.
    why : str
        Why it is judged so; empty where nothing is said.
    violates : bool or None
        Its verdict; None for an edge case that names none.
    where : Where
        Place in the file.
    """

    text: str
    why: str
    violates: bool | None
    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Section:
    """One section in one language.

    Parameters
    ----------
    part : Part
        What it is.
    language : Language
        Its language.
    prose : str
        What it says beside its examples.
    examples : tuple of Example
        Its examples; none in definitions and exceptions.
    where : Where
        Place of its heading.
    """

    part: Part
    language: Language
    prose: str
    examples: tuple[Example, ...]
    where: Where = field(default=NOWHERE, compare=False, repr=False)

    @property
    def words(self) -> int:
        """About how many English words it has, or as much in Chinese."""
        told = [self.prose, *(each.text + " " + each.why for each in self.examples)]
        return _words(" ".join(told))


def _words(text: str) -> int:
    return len(_WORD.findall(text)) + round(len(_HAN.findall(text)) / _HAN_A_WORD)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyText:
    """A policy.

    Parameters
    ----------
    policy : str
        Its id in the logs.
    version : int
        From 1; to be raised whenever the text changes.
    owner : str
        Who answers for it.
    exemptions : tuple of str
        Names of exemptions that a judge may cite.
    titles : tuple of (Language, str)
        Its name in each language.
    sections : tuple of Section
        In the order of the file.
    """

    policy: str
    version: int
    owner: str
    exemptions: tuple[str, ...]
    titles: tuple[tuple[Language, str], ...]
    sections: tuple[Section, ...]

    @property
    def languages(self) -> tuple[Language, ...]:
        """Languages it is written in."""
        found = {each.language for each in self.sections}
        return tuple(language for language in Language if language in found)

    def title(self, language: Language) -> str:
        """Give its name; in the other language, or its id, where it has none in this one."""
        names = dict(self.titles)
        return names.get(language) or next(iter(names.values()), self.policy)

    def section(self, part: Part, language: Language) -> Section | None:
        """Find a section; None where there is none."""
        for each in self.sections:
            if each.part is part and each.language is language:
                return each
        return None

    def examples(self, *, violates: bool) -> Iterator[Example]:
        """Give the examples of one verdict, those among the edge cases too."""
        for section in self.sections:
            yield from (each for each in section.examples if each.violates is violates)

    def words(self, language: Language) -> int:
        """Count about how many English words it has in a language, or as much in Chinese."""
        return sum(each.words for each in self.sections if each.language is language)

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record, places left out: what a version is named by."""
        return {
            "policy": self.policy,
            "exemptions": list(self.exemptions),
            "titles": {str(language): title for language, title in self.titles},
            "sections": [
                {
                    "part": str(each.part),
                    "language": str(each.language),
                    "prose": each.prose,
                    "examples": [
                        {"text": one.text, "why": one.why, "violates": one.violates}
                        for one in each.examples
                    ],
                }
                for each in self.sections
            ],
        }
