"""Words, phrases and shapes that ads which violate have more often, and where each stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from shroff.rules.mine_ads import LabelledAds, Parts
from shroff.rules.mine_grams import EXACT, Grams, Tally, blocks, tally_grams

__all__ = ["Candidates", "candidates", "signed_g2"]

_LIFT = 1.1
_LEAST_VARIETY = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Phrases, and how often each stands in each ad.

    Parameters
    ----------
    texts : tuple of str
        A phrase as its first ad writes it, folded.
    forms : array of int, shape (phrases,)
        Whether its numbers stand for others: a form of `mine_grams`.
    tokens : array of int, shape (phrases,)
        Of how many tokens it is.
    counts : csr_array of shape (ads, phrases)
        Occurrences in every ad, those checked on too.
    """

    texts: tuple[str, ...]
    forms: NDArray[np.uint8]
    tokens: NDArray[np.int32]
    counts: csr_array

    def __len__(self) -> int:
        """Count the phrases."""
        return len(self.texts)

    def taken(self, columns: NDArray[np.intp]) -> Candidates:
        """Take some of the phrases."""
        return replace(
            self,
            texts=tuple(self.texts[column] for column in columns),
            forms=self.forms[columns],
            tokens=self.tokens[columns],
            counts=self.counts[:, columns],
        )


def candidates(ads: LabelledAds, parts: Parts, *, least: int, most: int) -> Candidates:
    """Find phrases that tell ads that violate from others, on the part meant for that.

    Parameters
    ----------
    ads : LabelledAds
        The ads.
    parts : Parts
        Which to look at; all are counted in.
    least : int
        Advertisers, and distinct texts, that a phrase must violate in.
    most : int
        Phrases to keep, those that tell most.

    Returns
    -------
    Candidates
        Phrases, none of which stands in just the same ads as another.

    Notes
    -----
    What is found depends on no ad of the other part. A phrase of several tokens must have
    neighbours that vary on both sides (accessor variety), else it is a piece of a longer one; so
    Chinese words are found without a dictionary.

    References
    ----------
    Feng, Chen, Deng and Zheng, Computational Linguistics 30 (2004).
    """
    tally = tally_grams(
        ads.texts, parts.found_on, violating=ads.violating, group=parts.unit.astype(np.intp)
    )
    kept = _kept(tally, ads.violating[parts.found_on], least=least, most=most)
    phrases = _phrases(ads, parts, tally, kept=kept, least=least)
    counts = _counted(ads.texts, phrases.name, tally=tally, kept=kept)
    found = Candidates(
        texts=phrases.texts, forms=phrases.form, tokens=phrases.tokens, counts=counts
    )
    return found.taken(_distinct(found, ads, parts, most=most))


def signed_g2(
    hits: NDArray[np.float64],
    others: NDArray[np.float64],
    *,
    violating: float,
    compliant: float,
) -> NDArray[np.float64]:
    """Say how surprising counts are if a phrase told nothing; below zero where it is rarer.

    Parameters
    ----------
    hits, others : array of float
        Ads with each phrase that violate, and that do not.
    violating, compliant : float
        All such ads.

    Returns
    -------
    array of float
        Signed likelihood ratios.

    References
    ----------
    Dunning, Computational Linguistics 19 (1993).
    """
    share = violating / (violating + compliant)
    both = hits + others
    expected = both * share, both * (1 - share)
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = [
            np.where(seen > 0, seen * np.log(seen / wanted), 0.0)
            for seen, wanted in zip((hits, others), expected, strict=True)
        ]
    found: NDArray[np.float64] = np.where(hits >= expected[0], 2.0, -2.0) * (parts[0] + parts[1])
    return found


def _kept(tally: Tally, truth: NDArray[np.bool_], *, least: int, most: int) -> NDArray[np.bool_]:
    """Mark the buckets that are worth a second look."""
    violating, other = tally.violating.astype(float), tally.other.astype(float)
    kept: NDArray[np.bool_] = tally.groups >= least
    total = float(truth.sum())
    surprise = signed_g2(violating, other, violating=total, compliant=len(truth) - total)
    kept &= surprise > 0
    if np.count_nonzero(kept) > 2 * most:
        kept &= surprise >= np.partition(surprise[kept], -2 * most)[-2 * most]
    return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class _Phrases:
    name: NDArray[np.uint64]
    form: NDArray[np.uint8]
    tokens: NDArray[np.int32]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """Occurrences among ads that violate, as arrays."""

    name: NDArray[np.uint64]
    row: NDArray[np.intp]
    left: NDArray[np.uint32]
    right: NDArray[np.uint32]


def _phrases(
    ads: LabelledAds, parts: Parts, tally: Tally, *, kept: NDArray[np.bool_], least: int
) -> _Phrases:
    rows = parts.found_on[ads.violating[parts.found_on]]
    texts: dict[int, tuple[str, int, int]] = {}
    pieces: list[_Seen] = []
    for part, grams in blocks(ads.texts, rows):
        chosen = np.flatnonzero(kept[tally.place(grams.name)])
        pieces.append(_seen(grams, chosen, part))
        names, first = np.unique(grams.name[chosen], return_index=True)
        for name, at in zip(names.tolist(), chosen[first].tolist(), strict=True):
            if name not in texts:
                ends = int(grams.first[at]), int(grams.last[at])
                text = grams.tokens.text(*ends)
                texts[name] = text, int(grams.form[at]), ends[1] - ends[0] + 1
    seen = _Seen(
        name=np.concatenate([piece.name for piece in pieces]),
        row=np.concatenate([piece.row for piece in pieces]),
        left=np.concatenate([piece.left for piece in pieces]),
        right=np.concatenate([piece.right for piece in pieces]),
    )
    names, which = np.unique(seen.name, return_inverse=True)
    told = [texts[name] for name in names.tolist()]
    tokens = np.array([of[2] for of in told], np.int32)
    wide = _variety(which, seen.left), _variety(which, seen.right)
    varied = (tokens == 1) | (np.minimum(*wide) >= _LEAST_VARIETY)
    many = np.minimum(_variety(which, parts.unit[seen.row]), _variety(which, parts.copy[seen.row]))
    chosen = np.flatnonzero(varied & (many >= least))
    return _Phrases(
        name=names[chosen],
        form=np.array([told[at][1] for at in chosen], np.uint8),
        tokens=tokens[chosen],
        texts=tuple(told[at][0] for at in chosen),
    )


def _seen(grams: Grams, chosen: NDArray[np.intp], part: NDArray[np.intp]) -> _Seen:
    """Note the occurrences of a block, and their neighbours; an end counts as a new neighbour."""
    tokens = grams.tokens
    row, first, last = part[grams.row[chosen]], grams.first[chosen], grams.last[chosen]
    after = np.minimum(last + 1, len(tokens) - 1)
    ended = tokens.apart[after] | (after == last)
    new = (row + 1).astype(np.uint32)
    left = np.where(
        tokens.apart[first], new, tokens.name[np.maximum(first - 1, 0)].astype(np.uint32)
    )
    right = np.where(ended, new, tokens.name[after].astype(np.uint32))
    return _Seen(name=grams.name[chosen], row=row, left=left, right=right)


def _variety(which: NDArray[np.intp], values: NDArray[np.generic]) -> NDArray[np.int64]:
    """Count the distinct values of each phrase."""
    _, codes = np.unique(values, return_inverse=True)
    width = int(codes.max(initial=0)) + 1
    pairs = np.unique(which.astype(np.int64) * width + codes)
    found: NDArray[np.int64] = np.bincount(
        pairs // width, minlength=int(which.max(initial=-1)) + 1
    )
    return found


def _counted(
    texts: Sequence[str], names: NDArray[np.uint64], *, tally: Tally, kept: NDArray[np.bool_]
) -> csr_array:
    """Count every phrase in every ad."""
    rows: list[NDArray[np.int64]] = []
    values: list[NDArray[np.float32]] = []
    width = max(len(names), 1)
    for part, grams in blocks(texts, np.arange(len(texts))):
        chosen = np.flatnonzero(kept[tally.place(grams.name)])
        place = np.searchsorted(names, grams.name[chosen])
        real = names[np.minimum(place, len(names) - 1)] == grams.name[chosen]
        cell = part[grams.row[chosen[real]]].astype(np.int64) * width + place[real]
        cells, times = np.unique(cell, return_counts=True)
        rows.append(cells)
        values.append(times.astype(np.float32))
    cells = np.concatenate(rows)
    ends = np.searchsorted(cells // width, np.arange(len(texts) + 1))
    return csr_array(
        (np.concatenate(values), (cells % width).astype(np.int32), ends),
        shape=(len(texts), len(names)),
    )


def _distinct(found: Candidates, ads: LabelledAds, parts: Parts, *, most: int) -> NDArray[np.intp]:
    """Choose one of the phrases that stand in the same ads, and of all those that tell most."""
    inside = found.counts[parts.found_on]
    there = csr_array((np.ones_like(inside.data), inside.indices, inside.indptr), inside.shape)
    violating = ads.violating[parts.found_on]
    hits, all_ = there.T @ violating.astype(np.float32), there.sum(axis=0)
    marks = np.random.default_rng(0).random(len(violating))
    place = np.stack([there.astype(np.float64).T @ marks, -_liking(found)])
    order = np.lexsort((np.arange(len(found)), place[1], np.round(place[0], 9)))
    same = np.round(place[0], 9)[order]
    first = order[np.concatenate([[True], same[1:] != same[:-1]])] if len(order) else order
    surprise = signed_g2(
        hits[first].astype(float),
        (all_ - hits)[first].astype(float),
        violating=float(violating.sum()),
        compliant=float((~violating).sum()),
    )
    share = violating.mean()
    good = (surprise > 0) & (hits[first] > _LIFT * share * all_[first])
    ranked = first[good][np.argsort(-surprise[good], kind="stable")][:most]
    return np.sort(ranked)


def _liking(found: Candidates) -> NDArray[np.float64]:
    """Prefer, of phrases in the same ads, generalised ones with numbers, then longer words."""
    digits = np.array([any(sign.isdigit() for sign in text) for text in found.texts])
    loose = np.where(found.forms == EXACT, np.where(digits, -2.0, 0.0), found.forms.astype(float))
    return loose - 0.1 * np.abs(found.tokens - 2)
