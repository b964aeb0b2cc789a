"""What a rule could be made of phrases: one, two together, one of some alike, or some of many."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, hstack

from shroff.rules.mine_ads import LabelledAds, Parts
from shroff.rules.mine_candidates import Candidates, signed_g2
from shroff.rules.mine_cover import FOLDS, Judged, cover
from shroff.rules.mine_grams import EXACT
from shroff.rules.mine_weights import weights_of

__all__ = ["Idea", "IdeaKind", "Pool", "folds_of", "hits_of", "pool_of"]

_PAIRED = 400
_MOST_PAIRS = 3_000
_MOST_SLOTS = 1_000
_MOST_FILLINGS = 12
_WEIGHED_ROWS = 200_000
_WEIGHED_PHRASES = 5_000
_LISTS = (10, 20, 30, 45, 60)
_COVERS = (15, 30, 60)
_COVERING = (0.92, 0.6)  # precision of a word of a list, and of what it adds
_STRONG, _COMMON = (1, 2), (2, 3, 4, 5)


class IdeaKind(StrEnum):
    """How phrases make up a rule."""

    TERM = "term"
    ALL = "all"
    SLOT = "slot"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Idea:
    """A rule to be, over phrases by their number.

    Parameters
    ----------
    kind : IdeaKind
        One phrase; all of two; any of some alike; some of many.
    parts : tuple of int
        The phrases.
    at_least : int
        Of ``COUNT``: occurrences wanted.
    """

    kind: IdeaKind
    parts: tuple[int, ...]
    at_least: int = 1

    @property
    def burden(self) -> float:
        """What it takes to read it, against one phrase."""
        if self.kind is IdeaKind.COUNT:
            return 4.0
        return 1.0 + 0.25 * (len(self.parts) - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Rules to choose from, and where each would fire.

    Parameters
    ----------
    ideas : tuple of Idea
        The rules.
    hits : csc_array of shape (ads, ideas)
        Where each fires, as 0 and 1. For ads that rules are found on, a ``COUNT`` fires as its
        list would if learnt without the ad's own third.
    """

    ideas: tuple[Idea, ...]
    hits: csc_array


def hits_of(idea: Idea, counts: csc_array) -> NDArray[np.bool_]:
    """Tell in which ads a rule would fire, by the phrases counted in each."""
    shape: Any = counts.shape
    found: NDArray[np.bool_] = np.zeros(shape[0], np.bool_)
    if idea.kind is IdeaKind.COUNT:
        summed = np.asarray(counts[:, list(idea.parts)].sum(axis=1)).ravel()
        np.greater_equal(summed, idea.at_least, out=found)
        return found
    rows = [counts.indices[counts.indptr[at] : counts.indptr[at + 1]] for at in idea.parts]
    if idea.kind is IdeaKind.ALL:
        rows = [reduce(np.intersect1d, rows)]
    for some in rows:
        found[some] = True
    return found


def folds_of(parts: Parts) -> NDArray[np.intp]:
    """Deal the units that rules are found on into thirds; -1 for other ads."""
    found = np.full(len(parts.unit), -1, np.intp)
    dealt = np.random.default_rng(1).integers(0, FOLDS, int(parts.unit.max()) + 1)
    found[parts.found_on] = dealt[parts.unit[parts.found_on]]
    return found


def pool_of(
    ads: LabelledAds,
    parts: Parts,
    phrases: Candidates,
    *,
    least: int,
    usable: NDArray[np.bool_],
    covered: NDArray[np.bool_],
) -> Pool:
    """Think of rules that could be made of phrases.

    Parameters
    ----------
    ads : LabelledAds
        The ads.
    parts : Parts
        Which of them are for finding.
    phrases : Candidates
        The phrases.
    least : int
        Ads that violate in which a rule must fire.
    usable : array of bool, shape (phrases,)
        Which phrases may be used.
    covered : array of bool, shape (ads,)
        What live rules catch; lists are for the rest.

    Returns
    -------
    Pool
        Rules.
    """
    there = csr_array(
        (np.ones_like(phrases.counts.data), phrases.counts.indices, phrases.counts.indptr),
        phrases.counts.shape,
    )
    counts = phrases.counts.tocsc()
    alone = [Idea(IdeaKind.TERM, (at,)) for at in np.flatnonzero(usable).tolist()]
    further = _pairs(ads, parts, phrases, there=there, usable=usable, least=least)
    further += _slots(phrases, usable)
    lists, columns = _counts(
        ads, parts, phrases, there=there, usable=usable, least=least, covered=covered
    )
    pieces = [there.tocsc()[:, np.flatnonzero(usable)]]
    pieces += [_column(hits_of(idea, counts)) for idea in further]
    pieces += [_column(column) for column in columns]
    return Pool(ideas=(*alone, *further, *lists), hits=csc_array(hstack(pieces, format="csc")))


def _column(fires: NDArray[np.bool_]) -> csc_array:
    rows = np.flatnonzero(fires).astype(np.int32)
    return csc_array(
        (np.ones(len(rows), np.float32), rows, np.array([0, len(rows)])), shape=(len(fires), 1)
    )


def _pairs(
    ads: LabelledAds,
    parts: Parts,
    phrases: Candidates,
    *,
    there: csr_array,
    usable: NDArray[np.bool_],
    least: int,
) -> list[Idea]:
    """Take two phrases that say more together than either does alone."""
    inside = there[parts.found_on]
    truth = ads.violating[parts.found_on]
    hits, all_ = inside[truth].sum(axis=0), inside.sum(axis=0)
    merit = np.where(usable, hits - all_ * truth.mean(), -1.0)
    chosen = np.argsort(-merit, kind="stable")[: min(_PAIRED, int(usable.sum()))]
    bad, good = inside[truth][:, chosen], inside[~truth][:, chosen]
    both = np.triu((bad.T @ bad).toarray(), 1), np.triu((good.T @ good).toarray(), 1)
    share = both[0] / np.maximum(both[0] + both[1], 1)
    single = (hits / np.maximum(all_, 1))[chosen]
    better = share > np.maximum(single[:, None], single[None, :]) + 0.02
    first, second = np.nonzero(better & (both[0] >= least))
    gain = signed_g2(
        both[0][first, second].astype(float),
        both[1][first, second].astype(float),
        violating=float(truth.sum()),
        compliant=float((~truth).sum()),
    )
    found: list[Idea] = []
    for at in np.argsort(-gain, kind="stable").tolist():
        one, two = int(chosen[first[at]]), int(chosen[second[at]])
        if not _nested(phrases.texts[one], phrases.texts[two]):
            found.append(Idea(IdeaKind.ALL, (one, two)))
        if len(found) == _MOST_PAIRS:
            break
    return found


def _nested(one: str, two: str) -> bool:
    return one in two or two in one


def _slots(phrases: Candidates, usable: NDArray[np.bool_]) -> list[Idea]:
    """Join phrases that differ in one word, or one Han character."""
    frames: dict[tuple[str | None, ...], list[int]] = defaultdict(list)
    for at in np.flatnonzero(usable & (phrases.forms == EXACT) & (phrases.tokens > 1)).tolist():
        words = _words(phrases.texts[at])
        for place in range(len(words)):
            frames[*words[:place], None, *words[place + 1 :]].append(at)
    joined = [
        Idea(IdeaKind.SLOT, tuple(members[:_MOST_FILLINGS]))
        for frame, members in frames.items()
        if len(members) > 1 and sum(map(len, filter(None, frame))) > 1
    ]
    return sorted(joined, key=lambda idea: -len(idea.parts))[:_MOST_SLOTS]


def _words(text: str) -> list[str]:
    """Cut a phrase into what a slot may hold."""
    if " " in text:
        return text.split(" ")
    return [text] if text.isascii() else list(text)


def _counts(
    ads: LabelledAds,
    parts: Parts,
    phrases: Candidates,
    *,
    there: csr_array,
    usable: NDArray[np.bool_],
    least: int,
    covered: NDArray[np.bool_],
) -> tuple[list[Idea], list[NDArray[np.bool_]]]:
    """Make lists of which two, three or four must be there, each ad judged without its third."""
    fold = folds_of(parts)
    counts = phrases.counts.tocsc()
    rankings = [
        _rankings(
            ads,
            parts.found_on[fold[parts.found_on] != which],
            parts=parts,
            phrases=phrases,
            there=there,
            usable=usable,
            least=least,
            covered=covered,
        )
        for which in (*range(FOLDS), -1)
    ]
    ideas: list[Idea] = []
    columns: list[NDArray[np.bool_]] = []
    for which, wanted, sizes in ((0, _STRONG, _LISTS), (1, _COMMON, _LISTS), (2, (1,), _COVERS)):
        for size in sizes:
            lists = [tuple(each[which][:size]) for each in rankings]
            summed = np.stack(
                [np.asarray(counts[:, list(one)].sum(axis=1)).ravel() for one in lists]
            )
            out = summed[fold, np.arange(len(fold))]  # -1, ads not found on, takes the last list
            ideas += [Idea(IdeaKind.COUNT, lists[-1], times) for times in wanted]
            columns += [out >= times for times in wanted]
    return ideas, columns


def _rankings(
    ads: LabelledAds,
    rows: NDArray[np.intp],
    *,
    parts: Parts,
    phrases: Candidates,
    there: csr_array,
    usable: NDArray[np.bool_],
    least: int,
    covered: NDArray[np.bool_],
) -> tuple[list[int], list[int], list[int]]:
    """Order phrases by how strongly they speak, by that and how often, and by what they add."""
    if len(rows) > _WEIGHED_ROWS:
        rows = np.sort(np.random.default_rng(2).choice(rows, _WEIGHED_ROWS, replace=False))
    weight = ads.weight[rows] / ads.weight[rows].mean()
    inside = there[rows]
    truth = ads.violating[rows]
    share = np.asarray(inside.mean(axis=0)).ravel()
    merit = np.asarray(inside[truth].sum(axis=0)).ravel() - truth.mean() * share * len(rows)
    telling = np.sort(np.argsort(-np.where(usable, merit, -np.inf))[:_WEIGHED_PHRASES])
    slopes = np.zeros(len(phrases))
    slopes[telling] = weights_of(inside[:, telling], truth, weight=weight)
    slopes[~usable] = 0.0
    common = slopes * np.sqrt(share * (1 - share))
    places = np.flatnonzero(usable)
    judged = Judged(
        violating=truth,
        weight=weight,
        unit=parts.unit[rows],
        copy=parts.copy[rows],
        fold=np.zeros(len(rows), np.intp),
        covered=covered[rows],
    )
    listed = [int(places[at]) for at in _covering(inside[:, places], judged, least=least)]
    return _not_nested(slopes, phrases), _not_nested(common, phrases), listed


def _covering(there: csr_array, judged: Judged, *, least: int) -> list[int]:
    """Make a list of precise phrases, each for what it adds."""
    shape: Any = there.shape
    return cover(
        there.tocsc(),
        judged,
        burden=np.ones(shape[1]),
        asked=_COVERING,
        most=max(_COVERS),
        least=least,
    )


def _not_nested(merit: NDArray[np.float64], phrases: Candidates) -> list[int]:
    """Take the best phrases, leaving out those inside one that stands, or around one."""
    chosen: list[int] = []
    for at in np.argsort(-merit, kind="stable").tolist():
        if merit[at] <= 0 or len(chosen) == max(_LISTS):
            break
        if not any(_nested(phrases.texts[at], phrases.texts[other]) for other in chosen):
            chosen.append(at)
    return chosen
