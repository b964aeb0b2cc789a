"""Words for who people are: proposed rules leave them out, and their mistakes are told by them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

__all__ = ["SLUR", "Mention", "identity_of", "mentions"]

SLUR = "slur"
"""The kind of words that are insults for who people are."""

_FILE = "identity_terms.txt"


@dataclass(frozen=True, slots=True)
class Mention:
    """Ads that hold words for people of one kind.

    Parameters
    ----------
    kind : str
        ``religion``, ``ethnicity``, ``gender``, ...
    there : array of bool, shape (ads,)
        Which ads.
    """

    kind: str
    there: NDArray[np.bool_]


@cache
def _terms() -> MappingProxyType[str, re.Pattern[str]]:
    """Read the list: an expression for each kind."""
    found: dict[str, list[str]] = {}
    for line in files("shroff.rules").joinpath(_FILE).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            head, _, terms = line.partition(":")
            found.setdefault(head.split()[0], []).extend(term.strip() for term in terms.split(","))
    return MappingProxyType({kind: _pattern(terms) for kind, terms in found.items()})


def _pattern(terms: Sequence[str]) -> re.Pattern[str]:
    parts = [
        rf"(?<![0-9a-z_]){re.escape(term)}(?![0-9a-z_])" if term.isascii() else re.escape(term)
        for term in sorted(terms, key=len, reverse=True)
    ]
    return re.compile("|".join(parts), re.IGNORECASE)


def identity_of(text: str) -> str:
    """Tell whether a phrase holds a word for who people are.

    Parameters
    ----------
    text : str
        The phrase.

    Returns
    -------
    str
        Its kind, ``slur`` before any other; empty if it holds none that is listed.

    Examples
    --------
    >>> identity_of("for muslims only"), identity_of("free cash")
    ('religion', '')
    """
    kinds = [kind for kind, pattern in _terms().items() if pattern.search(text)]
    return SLUR if SLUR in kinds else kinds[0] if kinds else ""


def mentions(texts: Sequence[str]) -> tuple[Mention, ...]:
    """Find the ads that hold words for people of each kind, slurs apart.

    Parameters
    ----------
    texts : sequence of str
        Ads.

    Returns
    -------
    tuple of Mention
        One a kind.
    """
    return tuple(
        Mention(kind, np.fromiter((bool(pattern.search(text)) for text in texts), np.bool_))
        for kind, pattern in _terms().items()
        if kind != SLUR
    )
