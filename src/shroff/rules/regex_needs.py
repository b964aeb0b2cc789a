"""Texts that every match of a regular expression holds: without them it need not be tried."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TypeAlias

from shroff.rules.char_sets import DIGIT, WORD
from shroff.rules.regex_tree import (
    Anchor,
    Boundary,
    Choice,
    Literal,
    Node,
    OneOf,
    Repeat,
    Sequence,
)

__all__ = ["Need", "is_digit", "needs_of"]

_MOST_TEXTS = 16
_LONGEST = 40
_FEW = 10


@dataclass(frozen=True, slots=True, order=True)
class _Piece:
    """A text that stands in a match, and whether a word begins with it."""

    text: str
    opens: bool = False


Need: TypeAlias = tuple[tuple[str, bool], ...]
"""Texts one of which is in every match, each with whether a word (of ASCII) begins with it."""

_Pieces: TypeAlias = frozenset[_Piece]
_NOTHING: _Pieces = frozenset({_Piece("")})
_OPEN: _Pieces = frozenset({_Piece("", opens=True)})


@dataclass(frozen=True, slots=True)
class _Held:
    """All that a part can match, where that is few texts, and else what it must hold."""

    exact: _Pieces | None
    needs: tuple[_Pieces, ...] = ()


def needs_of(tree: Node) -> tuple[Need, ...]:
    """Find what a match must hold.

    Parameters
    ----------
    tree : Node
        Folded, or spelled out.

    Returns
    -------
    tuple of Need
        Each match holds a text of each; none where nothing is known.
    """
    held = _held(tree)
    needs = held.needs if held.exact is None else (held.exact,)
    return tuple(
        tuple(sorted((piece.text, piece.opens) for piece in need))
        for need in needs
        if all(piece.text for piece in need)
    )


def _held(node: Node) -> _Held:
    if isinstance(node, Literal):
        return _Held(frozenset({_Piece(node.character)}))
    if isinstance(node, OneOf):
        few = len(node.chars) <= _FEW
        return _Held(frozenset(map(_Piece, node.chars.first(_FEW))) if few else None)
    if isinstance(node, Sequence):
        return _of_sequence(node)
    if isinstance(node, Choice):
        return _of_choice(node)
    if isinstance(node, Repeat):
        return _of_repeat(node)
    starts = isinstance(node, Boundary) and not node.inverted
    return _Held(_OPEN if starts or (isinstance(node, Anchor) and not node.at_end) else _NOTHING)


def _of_sequence(node: Sequence) -> _Held:
    run, needs, whole = _NOTHING, list[_Pieces](), True
    for part in node.parts:
        held = _held(part)
        joined = _joined(run, held.exact)
        if joined is not None:
            run = joined
            continue
        needs += [run, *held.needs]
        whole = False
        run = held.exact if held.exact is not None else _OPEN if _parts_words(part) else _NOTHING
    return _Held(run) if whole else _Held(None, (*needs, run))


def _joined(run: _Pieces, exact: _Pieces | None) -> _Pieces | None:
    if exact is None or len(run) * len(exact) > _MOST_TEXTS:
        return None
    texts = frozenset(_beside(left, right) for left in run for right in exact)
    return texts if max((len(each.text) for each in texts), default=0) <= _LONGEST else None


def _beside(left: _Piece, right: _Piece) -> _Piece:
    if left.text:
        return _Piece(left.text + right.text, left.opens)
    return _Piece(right.text, left.opens or right.opens)


def _parts_words(node: Node) -> bool:
    """Say whether a part takes a character after which a word can only begin."""
    if isinstance(node, Repeat):
        return node.low > 0 and _parts_words(node.part)
    return isinstance(node, OneOf) and not node.chars & WORD


def _of_choice(node: Choice) -> _Held:
    below = [_held(part) for part in node.parts]
    if below and all(held.exact is not None for held in below):
        texts = reduce(frozenset.union, (held.exact or _NOTHING for held in below))
        if len(texts) <= _MOST_TEXTS:
            return _Held(texts)
    best = [_best(held) for held in below]
    if not best or not all(best):
        return _Held(None)
    joined = reduce(frozenset.union, best)
    return _Held(None, (joined,) if len(joined) <= _MOST_TEXTS else ())


def _best(held: _Held) -> _Pieces:
    """Give the rarest need, or none: the shortest of its texts says how rare it is."""
    if held.exact is not None:
        return held.exact
    return max(held.needs, key=_rarity, default=frozenset[_Piece]())


def _rarity(need: _Pieces) -> tuple[int, int]:
    return min((len(piece.text) for piece in need), default=0), -len(need)


def _of_repeat(node: Repeat) -> _Held:
    held = _held(node.part)
    if node.low == 0:
        maybe = node.high == 1 and held.exact is not None and len(held.exact) < _MOST_TEXTS
        return _Held((held.exact or _NOTHING) | _NOTHING if maybe else None)
    if node.low == node.high and held.exact is not None:
        run: _Pieces | None = _NOTHING
        for _ in range(node.low):
            run = _joined(run, held.exact) if run is not None else None
        if run is not None:
            return _Held(run)
    return _Held(None, held.needs if held.exact is None else (held.exact,))


def is_digit(need: Need) -> bool:
    """Say whether a need is for any digit."""
    return all(len(text) == 1 and text in DIGIT for text, _ in need)
