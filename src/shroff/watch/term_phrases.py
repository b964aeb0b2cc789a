"""From overlapping pieces to phrases that a person would list: substrings and overlaps put together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from shroff.watch.gram_kernel import UNSPACED
from shroff.watch.gram_table import Occurrences
from shroff.watch.term_growth import Rise, rises

__all__ = ["Pieces", "phrases_of", "standing_pieces"]

_SAME, _SAME_OF_CHARACTER = 0.75, 0.5
_UNEXPLAINED = 0.01
_FEW_WAYS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """Pieces that rise, and where they are.

    Parameters
    ----------
    words : list of tuple of int
        Tokens of each piece.
    rise : Rise
        Their counts.
    score : array
        Their scores.
    """

    words: list[tuple[int, ...]]
    rise: Rise
    score: NDArray[np.float64]


def standing_pieces(pieces: Pieces) -> NDArray[np.bool_]:
    """Tell which pieces say something that no other says better.

    Parameters
    ----------
    pieces : Pieces
        Pieces that rise.

    Returns
    -------
    array of bool
        False for a piece within a longer one that has three quarters of its ads, or without which
        it does not rise; for one that goes on in at most three ways in three quarters of its ads;
        and for a piece around a shorter one that does not rise any more than that one.
    """
    number = {words: place for place, words in enumerate(pieces.words)}
    pairs = [
        (inner, outer)
        for outer, words in enumerate(pieces.words)
        for inner in _inner(words, number)
    ]
    stands = np.ones(len(pieces.words), np.bool_)
    here, score = pieces.rise.here, pieces.score
    if not pairs:
        return stands
    short, long = np.array(pairs, np.intp).T
    within = here[long] >= _share_to_go(pieces)[short] * here[short]
    rest = _rest(pieces.rise, short, long)
    explained = (score[long] >= score[short]) & (rises(rest, least=0) > _UNEXPLAINED)
    stands[short[within | explained]] = False
    stands[_goes_on(pieces, number)] = False
    added = _added(pieces.rise, short, long)
    idle = stands[short] & (rises(added, least=0) > _UNEXPLAINED)
    stands[long[idle]] = False
    return stands


def _share_to_go(pieces: Pieces) -> NDArray[np.float64]:
    """Give the share of ads in a longer piece from which on one goes: less for a single character."""
    single = [len(words) == 1 and (words[0] >> 1) & 7 == UNSPACED for words in pieces.words]
    return np.where(single, _SAME_OF_CHARACTER, _SAME)


def _goes_on(pieces: Pieces, number: dict[tuple[int, ...], int]) -> list[int]:
    """Find the pieces that few pieces of one token more have nearly all ads of."""
    ways: list[dict[int, list[float]]] = [{}, {}]
    for place, words in enumerate(pieces.words):
        for side, part in enumerate((words[:-1], words[1:])):
            if part in number:
                ways[side].setdefault(number[part], []).append(float(pieces.rise.here[place]))
    return [
        place
        for side in ways
        for place, many in side.items()
        if sum(sorted(many)[-_FEW_WAYS:]) >= _SAME * pieces.rise.here[place]
    ]


def _inner(words: tuple[int, ...], number: dict[tuple[int, ...], int]) -> set[int]:
    """Find the pieces within a piece."""
    size = len(words)
    parts = (
        words[first:stop]
        for first in range(size)
        for stop in range(first + 1, size + 1)
        if stop - first < size
    )
    return {number[part] for part in parts if part in number}


def _rest(rise: Rise, short: NDArray[np.intp], long: NDArray[np.intp]) -> Rise:
    """Count the ads with the shorter piece but without the longer."""
    here = np.maximum(rise.here[short] - rise.here[long], 0)
    there = np.maximum(rise.there[short] - rise.there[long], 0)
    return Rise(
        here=here,
        there=there,
        expected=rise.share[short] * (here + there),
        effect=rise.effect[short],
    )


def _added(rise: Rise, short: NDArray[np.intp], long: NDArray[np.intp]) -> Rise:
    """Hold the longer piece against the shorter: does it rise more than that one does?"""
    here, there = rise.here, rise.there
    return Rise(
        here=here[long],
        there=there[long],
        expected=(here[long] + there[long])
        * (here[short] + 0.5)
        / (here[short] + there[short] + 1),
        effect=rise.effect[long],
    )


def phrases_of(found: Occurrences, *, pieces: int) -> NDArray[np.intp]:
    """Join pieces that overlap or touch in most of their ads: windows of one longer phrase.

    Parameters
    ----------
    found : Occurrences
        First occurrences of the pieces that stand.
    pieces : int
        How many pieces there are.

    Returns
    -------
    array of int, shape (pieces,)
        Number of the phrase that each is a part of.
    """
    order = np.lexsort((found.first, found.text))
    gram, text = found.gram[order], found.text[order]
    first, size = found.first[order], found.size[order]
    reach = first + size + (found.after[order] != 0)
    alone = np.bincount(gram, minlength=pieces)
    together: Counter[tuple[int, int]] = Counter()
    for step in range(1, 4):
        near = (text[step:] == text[:-step]) & (first[step:] < reach[:-step])
        for one, other in zip(
            gram[:-step][near].tolist(), gram[step:][near].tolist(), strict=True
        ):
            together[min(one, other), max(one, other)] += 1
    kept = [
        pair
        for pair, many in together.items()
        if many >= _SAME * max(alone[pair[0]], alone[pair[1]])
    ]
    ends = np.array(kept, np.intp).reshape(-1, 2)
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(pieces, pieces))
    joined: NDArray[np.intp] = connected_components(graph, directed=False)[1].astype(np.intp)
    return joined
