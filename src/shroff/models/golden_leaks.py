"""Who is told the answer is not tested: golden ads among the examples of a policy."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from shroff.domain.findings import Finding
from shroff.models.policy_findings import finding
from shroff.models.policy_text import PolicyText

__all__ = ["ALIKE", "golden_leaks", "nearness"]

ALIKE = 0.8
"""Share of pieces that two texts have in common from which they are taken for the same."""

_GRAM = 4
_SHORTEST = 4
_BESIDE = re.compile(r"[^\w]+")


def golden_leaks(
    policy: PolicyText, texts: Mapping[str, Mapping[str, str]]
) -> tuple[Finding, ...]:
    """Find examples of a policy that are golden ads, word for word or nearly.

    Parameters
    ----------
    policy : PolicyText
        The policy.
    texts : mapping
        Texts of golden ads: for each ad, its fields.

    Returns
    -------
    tuple of Finding
        P113, one an example, with the ad.

    Notes
    -----
    Spaces, punctuation, width and case make no difference. An example is nearly a golden ad when
    the two share four fifths of their pieces of four characters, against one field of the ad or all
    of them together.
    """
    known = [
        (ad, folded, _grams(folded))
        for ad, fields in texts.items()
        for folded in dict.fromkeys(_folded(text) for text in _told(fields))
        if len(folded) >= _SHORTEST
    ]
    found: list[Finding] = []
    for section in policy.sections:
        for example in section.examples:
            ad = _match(_folded(example.text), known)
            if ad:
                short = example.text if len(example.text) <= 40 else example.text[:39] + "…"
                found.append(finding("P113", example.where, text=short, ad=ad))
    return tuple(found)


def nearness(first: str, second: str) -> float:
    """Say which share of their pieces two texts have in common.

    Parameters
    ----------
    first, second : str
        Texts.

    Returns
    -------
    float
        In [0, 1]; 1 where they differ in nothing but spaces, punctuation, width and case.

    Examples
    --------
    >>> nearness("Lose 10 kg in 2 weeks!", "lose 10kg in 2 weeks")
    1.0
    >>> nearness("Lose 10 kg in 2 weeks", "Fresh bread every day") < 0.1
    True
    """
    one, two = _folded(first), _folded(second)
    return 1.0 if one == two else _alike(_grams(one), _grams(two))


def _told(fields: Mapping[str, str]) -> Iterator[str]:
    yield from fields.values()
    yield " ".join(fields.values())


def _folded(text: str) -> str:
    return _BESIDE.sub("", unicodedata.normalize("NFKC", text).casefold())


def _grams(folded: str) -> frozenset[str]:
    if len(folded) <= _GRAM:
        return frozenset({folded})
    return frozenset(folded[at : at + _GRAM] for at in range(len(folded) - _GRAM + 1))


def _alike(one: frozenset[str], two: frozenset[str]) -> float:
    both = len(one & two)
    return both / (len(one) + len(two) - both)


def _match(folded: str, known: list[tuple[str, str, frozenset[str]]]) -> str:
    """Name the golden ad that a text is, the nearest one; nothing where it is none."""
    if len(folded) < _SHORTEST:
        return ""
    grams = _grams(folded)
    best, name = 0.0, ""
    for ad, other, theirs in known:
        if folded == other:
            return ad
        if min(len(grams), len(theirs)) < ALIKE * max(len(grams), len(theirs)):
            continue
        if (near := _alike(grams, theirs)) >= ALIKE and near > best:
            best, name = near, ad
    return name
