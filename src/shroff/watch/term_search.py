"""Which words, phrases and character sequences rise among ads of a kind? Counted, tested, put together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shroff.errors import DesignError
from shroff.stats.compare import benjamini_hochberg
from shroff.watch.gram_kernel import APART
from shroff.watch.gram_table import GramTable, Occurrences, gram_table, occurrences
from shroff.watch.new_terms import TermQuestion
from shroff.watch.term_ads import HERE, Against, TermAds
from shroff.watch.term_growth import Rise, adjusted_phrases, least_growth, rises
from shroff.watch.term_phrases import Pieces, phrases_of, standing_pieces
from shroff.watch.token_stream import TokenReader, TokenStream

__all__ = ["Risen", "chances", "risen_phrases"]

_MOST_PIECES = 3_000

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Risen:
    """Phrases that rose, the largest sure growth first.

    Parameters
    ----------
    stream : TokenStream
        The ads' tokens.
    table : GramTable
        Everything that was counted.
    piece : array of int, shape (phrases,)
        The piece of the table that counts for each phrase.
    parts : list of array of int
        All pieces of each phrase.
    rise : Rise
        Counts of these pieces.
    adjusted : array
        Their p-values, adjusted for all that were looked at.
    looked_at : int
        Pieces looked at.
    """

    stream: TokenStream
    table: GramTable
    piece: NDArray[np.intp]
    parts: list[NDArray[np.intp]]
    rise: Rise
    adjusted: Floats
    looked_at: int


def chances(ads: TermAds) -> Floats:
    """Give each ad's chance of being of the first group, within what is held equal.

    Parameters
    ----------
    ads : TermAds
        The ads.

    Returns
    -------
    array, shape (ads, 2)
        Against earlier ads, and against others; 0 for an ad that takes no part.
    """
    strata = int(ads.stratum.max(initial=-1)) + 1
    size = np.bincount(ads.stratum * 3 + ads.group, minlength=3 * strata).reshape(-1, 3)
    found = np.zeros((len(ads), 2))
    for place in range(2):
        pair = size[:, 0] + size[:, 1 + place]
        share = size[:, 0] / np.maximum(pair, 1)
        part = (ads.group == HERE) | (ads.group == 1 + place)
        found[part, place] = share[ads.stratum[part]]
    return found


def risen_phrases(ads: TermAds, question: TermQuestion) -> Risen:
    """Find the phrases that rise.

    Parameters
    ----------
    ads : TermAds
        The ads.
    question : TermQuestion
        What is wanted.

    Returns
    -------
    Risen
        Phrases; none where nothing rose.

    Raises
    ------
    DesignError
        If there is nothing to hold the ads against.
    """
    _require(ads, question)
    reader = TokenReader()
    reader.add(ads.texts)
    stream = reader.stream()
    table = gram_table(
        stream,
        group=ads.group,
        owner=ads.owner,
        chance=chances(ads),
        least=question.least,
        groups=3,
    )
    enough = np.flatnonzero(
        table.owners[:, HERE] >= (question.advertisers if ads.owners_known else 1)
    )
    p, rise, score = _judged(table, enough, question)
    sure = np.flatnonzero((benjamini_hochberg(p) <= question.false_share) & (score > 0))
    best = sure[np.argsort(-score[sure], kind="stable")][:_MOST_PIECES]
    rows = np.flatnonzero(ads.group == HERE)
    parts = _together(stream, table, enough[best], rise.taken(best), score[best], rows=rows)
    lead = np.array([best[part[0]] for part in parts], np.intp)
    adjusted = adjusted_phrases(p[lead], looked_at=len(enough))
    kept = np.flatnonzero(adjusted <= question.false_share)
    return Risen(
        stream=stream,
        table=table,
        piece=enough[lead[kept]],
        parts=[enough[best[parts[place]]] for place in kept],
        rise=rise.taken(lead[kept]),
        adjusted=adjusted[kept],
        looked_at=len(enough),
    )


def _require(ads: TermAds, question: TermQuestion) -> None:
    here, before, others = ads.sizes()
    if not here:
        raise DesignError("no ad of the kind is in the period", hint="take a longer period")
    if question.against is not Against.OTHERS and not before:
        raise DesignError(
            "no ad of the kind was submitted before the period: what is new cannot be told",
            hint="take a later period, or hold it against other ads: --against others",
        )
    if question.against is not Against.EARLIER and not others:
        raise DesignError(
            "the period has no other ads to hold these against",
            hint="hold them against earlier ones: --against earlier",
        )


def _judged(
    table: GramTable, enough: NDArray[np.intp], question: TermQuestion
) -> tuple[Floats, Rise, Floats]:
    """Test and score pieces; against two backgrounds, by the one that they rise less against."""
    sides = {Against.EARLIER: (1,), Against.OTHERS: (2,), Against.BOTH: (1, 2)}[question.against]
    found = [_rise(table, enough, side) for side in sides]
    p = [rises(each, least=question.least) for each in found]
    score = [least_growth(each) for each in found]
    if len(sides) == 1:
        return p[0], found[0], score[0]
    weaker = score[1] < score[0]
    columns = {
        name: np.where(weaker, getattr(found[1], name), getattr(found[0], name))
        for name in ("here", "there", "expected", "effect")
    }
    return np.maximum(*p), Rise(**columns), np.minimum(*score)


def _rise(table: GramTable, rows: NDArray[np.intp], side: int) -> Rise:
    here, there = (table.texts[rows, group].astype(np.float64) for group in (HERE, side))
    squares = table.squares[rows, HERE] + table.squares[rows, side]
    return Rise(
        here=here,
        there=there,
        expected=table.expected[rows, side - 1],
        effect=np.maximum(squares / np.maximum(here + there, 1), 1.0),
    )


def _together(
    stream: TokenStream,
    table: GramTable,
    chosen: NDArray[np.intp],
    rise: Rise,
    score: Floats,
    *,
    rows: NDArray[np.intp],
) -> list[NDArray[np.intp]]:
    """Put pieces together: each phrase as places in ``chosen``, that of the best score first."""
    if not len(chosen):
        return []
    found = occurrences(stream, table, chosen, rows=rows)
    pieces = Pieces(words=_words(stream, found, len(chosen)), rise=rise, score=score)
    stands = np.flatnonzero(standing_pieces(pieces))
    again = occurrences(stream, table, chosen[stands], rows=rows)
    phrase = phrases_of(again, pieces=len(stands))
    parts: dict[int, list[int]] = {}
    for place, number in zip(stands.tolist(), phrase.tolist(), strict=True):
        parts.setdefault(number, []).append(place)
    return [np.array(part, np.intp) for part in parts.values()]


def _words(stream: TokenStream, found: Occurrences, pieces: int) -> list[tuple[int, ...]]:
    """Give the tokens of each piece."""
    places, once = np.unique(found.gram, return_index=True)
    words: list[tuple[int, ...]] = [()] * pieces
    for piece, at in zip(places.tolist(), once.tolist(), strict=True):
        begin = int(stream.at[found.text[at]] + found.first[at])
        tokens = stream.tokens[begin : begin + int(found.size[at])] & ~APART
        words[piece] = tuple(tokens.tolist())
    return words
