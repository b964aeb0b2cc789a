"""What is true of a regular expression, whatever the text: lengths, literals, whether it can match."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import inf

from shroff.rules.char_sets import EVERYTHING, NOTHING, WORD, CharSet, unicode_class
from shroff.rules.regex_folding import nullable
from shroff.rules.regex_paths import can_match
from shroff.rules.regex_tree import (
    Anchor,
    Boundary,
    Choice,
    Literal,
    Node,
    OneOf,
    Repeat,
    Sequence,
    nodes,
)

__all__ = ["RegexFacts", "regex_facts"]

_MOST_TEXTS = 32
_LONGEST_TEXT = 60
_FEW = 4


@dataclass(frozen=True, slots=True)
class RegexFacts:
    """Facts about a folded pattern.

    Parameters
    ----------
    empty : bool
        Whether it can match without taking a character.
    shortest : int
        Characters of the shortest match.
    longest : int or None
        Characters of the longest; None for any length.
    never : bool
        Whether no text can match.
    universal : bool
        Whether (nearly) every text of one letter or digit matches.
    required : frozenset of str
        Texts one of which stands in every match; empty if there are none.
    """

    empty: bool
    shortest: int
    longest: int | None
    never: bool
    universal: bool
    required: frozenset[str]


def regex_facts(tree: Node) -> RegexFacts:
    """Find out what is true of a pattern.

    Parameters
    ----------
    tree : Node
        Folded, or spelled out.

    Returns
    -------
    RegexFacts
        The facts.
    """
    low, high = _lengths(tree)
    never = not can_match(tree)
    longest = None if high == inf else int(high)
    exact, best = _texts(tree)
    required = exact or best or frozenset[str]()
    anchored = any(isinstance(node, Anchor) for node in nodes(tree))
    universal = not never and not anchored and _is_universal(_singles(tree))
    return RegexFacts(nullable(tree), low, longest, never, universal, _if_useful(required))


def _if_useful(texts: frozenset[str]) -> frozenset[str]:
    return frozenset[str]() if "" in texts else texts


def _lengths(node: Node) -> tuple[int, float]:
    """Give the shortest and the longest match in characters."""
    if isinstance(node, Literal | OneOf):
        return (1, 1)
    if isinstance(node, Sequence):
        below = [_lengths(part) for part in node.parts]
        return (sum(low for low, _ in below), sum(high for _, high in below))
    if isinstance(node, Choice):
        below = [_lengths(part) for part in node.parts] or [(0, 0)]
        return (min(low for low, _ in below), max(high for _, high in below))
    if isinstance(node, Repeat):
        low, high = _lengths(node.part)
        return (low * node.low, high * (inf if node.high is None else node.high))
    return (0, 0)


def _singles(node: Node) -> CharSet:
    """Give the characters that match when they are the whole text."""
    if isinstance(node, Literal):
        return CharSet.listed(node.character)
    if isinstance(node, OneOf):
        return node.chars
    if isinstance(node, Repeat):
        return _singles(node.part) if node.low <= 1 else NOTHING
    found = NOTHING
    if isinstance(node, Choice):
        for part in node.parts:
            found |= _singles(part)
    if isinstance(node, Sequence):
        for place, part in enumerate(node.parts):
            if _all_empty(node.parts[:place] + node.parts[place + 1 :]):
                found |= _singles(part)
        if any(isinstance(part, Boundary) and not part.inverted for part in node.parts):
            found &= WORD
    return found


def _all_empty(parts: tuple[Node, ...]) -> bool:
    return all(nullable(part) for part in parts)


def _is_universal(singles: CharSet) -> bool:
    han = unicode_class("Han") or NOTHING
    small = CharSet.of([(48, 57), (97, 122)])
    return singles == EVERYTHING or not (small - singles) or len(han - singles) < len(han) // 100


def _texts(node: Node) -> tuple[frozenset[str] | None, frozenset[str] | None]:
    """Give all texts a node matches, if they are few, and texts one of which it must hold."""
    if isinstance(node, Literal):
        return frozenset({node.character}), None
    if isinstance(node, OneOf):
        few = len(node.chars) <= _FEW
        return (frozenset(node.chars.first(_FEW)) if few else None), None
    if isinstance(node, Choice):
        return _choice_texts(node)
    if isinstance(node, Repeat):
        return _repeat_texts(node)
    if isinstance(node, Sequence):
        return _sequence_texts(node.parts)
    return frozenset({""}), None


def _choice_texts(node: Choice) -> tuple[frozenset[str] | None, frozenset[str] | None]:
    below = [_texts(part) for part in node.parts]
    if below and all(exact is not None for exact, _ in below):
        texts = frozenset(text for exact, _ in below for text in exact or ())
        if len(texts) <= _MOST_TEXTS:
            return texts, None
    needed = [exact or best for exact, best in below]
    if not needed or not all(needed):
        return None, None
    joined = frozenset(text for texts in needed for text in texts or ())
    return None, joined if len(joined) <= _MOST_TEXTS else None


def _repeat_texts(node: Repeat) -> tuple[frozenset[str] | None, frozenset[str] | None]:
    exact, best = _texts(node.part)
    if (node.low, node.high) == (0, 1) and exact is not None and len(exact) < _MOST_TEXTS:
        return exact | {""}, None
    if node.low == 0:
        return None, None
    if node.low == node.high and exact is not None:
        return _sequence_texts((node.part,) * min(node.low, _LONGEST_TEXT))
    return None, exact or best


def _sequence_texts(
    parts: tuple[Node, ...],
) -> tuple[frozenset[str] | None, frozenset[str] | None]:
    """Join the texts of neighbours while they are few, and keep the best of the joined ones."""
    run: frozenset[str] = frozenset({""})
    whole, found = True, list[frozenset[str]]()
    for part in parts:
        exact, best = _texts(part)
        joined = _joined(run, exact)
        if joined is not None:
            run = joined
            continue
        found += [run, *([best] if best else [])]
        whole = False
        run = exact if exact is not None else frozenset({""})
    if whole:
        return run, None
    return None, max([*found, run], key=_use, default=None)


def _joined(run: frozenset[str], exact: frozenset[str] | None) -> frozenset[str] | None:
    if exact is None or len(run) * len(exact) > _MOST_TEXTS:
        return None
    texts = frozenset(left + right for left, right in product(run, exact))
    return texts if max(map(len, texts), default=0) <= _LONGEST_TEXT else None


def _use(texts: frozenset[str]) -> tuple[int, int]:
    """Rank sets of texts: the shortest of a set says how rare it is."""
    return (min(map(len, texts), default=0), -len(texts))
