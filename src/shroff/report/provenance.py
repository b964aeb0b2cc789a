"""Where a figure comes from, in the reader's language: designs, methods, names of queries."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shroff.domain.messages import Language, say
from shroff.domain.phrasebook import PHRASEBOOK

__all__ = ["Provenance"]

_CHINESE = {
    english: chinese
    for key, (english, chinese) in PHRASEBOOK.items()
    if key.startswith("report.known.")
}
_DESIGN = re.compile(r"(?P<name>.+) \((?P<kind>\w+), (?P<basis>\w+)\)")


@dataclass(frozen=True, slots=True)
class Provenance:
    """English words of a lower room on where a figure comes from.

    Parameters
    ----------
    words : str
        A method, the title of a query, or designs joined by plus signs. What we did not coin,
        such as the id of a user's design, stays as it is.
    """

    words: str

    def text(self, language: Language = Language.EN) -> str:
        """Say it."""
        if language is Language.EN:
            return self.words
        if self.words in _CHINESE:
            return _CHINESE[self.words]
        return " + ".join(_design(part) for part in self.words.split(" + "))


def _design(words: str) -> str:
    found = _DESIGN.fullmatch(words)
    if found is None:
        return _CHINESE.get(words, words)
    slots = {name: _CHINESE.get(said, said) for name, said in found.groupdict().items()}
    return say("report.provenance.design", Language.ZH, slots)
