"""Human gold as figures need it: labelled ads, what they weigh, and what judges said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from shroff.domain.labels import DesignKind
from shroff.domain.slices import EVERYTHING, Slice
from shroff.errors import DesignError
from shroff.models.golden_policies import PolicyBook
from shroff.models.judge_answers import Answer, Judge, JudgeKind
from shroff.stats.said_shares import CLEARED, FLAGGED, NO_ANSWER, SaidLabels, spread
from shroff.stats.sampling import kind_codes
from shroff.store.golden_records import GoldenSet

__all__ = ["NOT_JUDGED", "Gold", "SlicedGold", "gold_of", "said_of", "sliced"]

NOT_JUDGED = -1
"""Said of an ad that a judge was not asked about."""

_Answers = Mapping[tuple[str, int], Sequence[Answer]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """Ads whose truth people settled.

    Parameters
    ----------
    keys : tuple of (ad_id, ad_version)
        The ads.
    violating : array of bool, shape (k,)
        What people settled on.
    policies : tuple of frozenset of str
        Policies each violates.
    language : tuple of str
        Language of each.
    stratum, w, kind : arrays
        How they were drawn; see `shroff.stats.said_shares.SaidLabels`.
    design : str
        The same in words.
    """

    keys: tuple[tuple[str, int], ...]
    violating: np.ndarray
    policies: tuple[frozenset[str], ...]
    language: tuple[str, ...]
    stratum: np.ndarray
    w: np.ndarray
    kind: np.ndarray
    design: str

    def __len__(self) -> int:
        """Count the ads."""
        return len(self.keys)

    def violates(self, policies: frozenset[str]) -> np.ndarray:
        """Tell which violate one of some policies; all that violate anything where none is named."""
        if not policies:
            return self.violating
        named = np.array([not each or bool(each & policies) for each in self.policies], dtype=bool)
        found: np.ndarray = self.violating & named
        return found


def gold_of(golden: GoldenSet, *, kind: DesignKind = DesignKind.POISSON) -> Gold:
    """Read a golden set as labels with weights.

    Parameters
    ----------
    golden : GoldenSet
        The set.
    kind : DesignKind
        How its ads were drawn.

    Returns
    -------
    Gold
        Its settled ads. They speak for those that are open, too, within classes of alike weight,
        or within strata where a fixed number was drawn from each.

    Raises
    ------
    DesignError
        If nothing is settled.
    """
    items = golden.settled
    if not items:
        raise DesignError(
            f"nothing is settled in golden set {golden.name}",
            hint="take the labels of both labellers: shroff models golden take FILES",
        )
    w = np.array([1 / item.sampling_prob for item in items])
    drawn = [item for item in golden.items if item.ad_id is not None]
    if kind in {DesignKind.POISSON, DesignKind.PPS}:
        whole = np.array([1 / item.sampling_prob for item in drawn])
        stratum, weight, kinds = spread(w, drawn=whole, kind=kind)
    else:
        names = sorted({item.stratum for item in items})
        place = {name: at for at, name in enumerate(names)}
        stratum = np.array([place[item.stratum] for item in items], dtype=np.intp)
        there = np.bincount(stratum, minlength=len(names))
        asked = np.bincount(
            [place[item.stratum] for item in drawn if item.stratum in place], minlength=len(names)
        )
        weight, kinds = w * (asked / there)[stratum], kind_codes([kind] * len(names))
    return Gold(
        keys=tuple((str(item.ad_id), item.ad_version) for item in items),
        violating=np.array([item.verdict == "violating" for item in items]),
        policies=tuple(frozenset(item.policies) for item in items),
        language=tuple(item.language for item in items),
        stratum=stratum,
        w=weight,
        kind=kinds,
        design=f"{golden.design_id} ({kind}, logged)",
    )


def said_of(
    answers: Sequence[Answer] | None, judge: Judge, *, policies: frozenset[str] = frozenset()
) -> int:
    """Say what a judge makes of an ad.

    Parameters
    ----------
    answers : sequence of Answer or None
        Its answers, oldest first; None without any.
    judge : Judge
        The judge.
    policies : frozenset of str
        Policies asked about; empty for any.

    Returns
    -------
    int
        `CLEARED`, `FLAGGED`, `NO_ANSWER` or `NOT_JUDGED`.

    Notes
    -----
    Of several runs the newest that did not fail counts. Violating for one policy is violating;
    otherwise one missing answer leaves the whole open. A judge that names one policy of many says
    of the others that they are not violated; one that is asked policy by policy says nothing of
    those it was not asked about. A rule that did not hit clears.
    """
    if answers is None:
        return CLEARED if judge.kind is JudgeKind.RULE else NOT_JUDGED
    newest: dict[str, str] = {}
    for each in answers:
        if each.said != "failed" or each.policy not in newest:
            newest[each.policy] = each.said
    mine = {name: said for name, said in newest.items() if not name or name in policies}
    told = list((mine if policies else newest).values())
    if "violating" in told:
        return FLAGGED
    if any(said != "compliant" for said in told):
        return NO_ANSWER
    if told:
        return CLEARED
    return NOT_JUDGED if judge.per_policy else CLEARED


@dataclass(frozen=True, slots=True, kw_only=True)
class SlicedGold:
    """Labelled ads slice by slice, an ad in as many slices as it is in.

    Parameters
    ----------
    slices : tuple of Slice
        The slices.
    row : array of int, shape (r,)
        Which ad.
    group : array of int, shape (r,)
        Which slice.
    bad : array of bool, shape (r,)
        Whether it violates what the slice is about.
    policies : tuple of frozenset of str
        Policies that each slice is about; empty for any.
    gold : Gold
        The ads.
    """

    slices: tuple[Slice, ...]
    row: np.ndarray
    group: np.ndarray
    bad: np.ndarray
    policies: tuple[frozenset[str], ...]
    gold: Gold

    def said(self, answers: _Answers, judge: Judge) -> np.ndarray:
        """Say for each row what a judge makes of it."""
        found = np.full(len(self.row), NOT_JUDGED, dtype=np.intp)
        for policies in dict.fromkeys(self.policies):
            whole = np.array(
                [said_of(answers.get(key), judge, policies=policies) for key in self.gold.keys],
                dtype=np.intp,
            )
            about = np.array([each == policies for each in self.policies])
            mine = about[self.group]
            found[mine] = whole[self.row[mine]]
        return found

    def labels(self, said: np.ndarray, *, kept: np.ndarray) -> SaidLabels:
        """Give the rows that are kept, with an answer each."""
        return SaidLabels(
            stratum=self.gold.stratum[self.row[kept]],
            w=self.gold.w[self.row[kept]],
            kind=self.gold.kind,
            bad=self.bad[kept],
            said=said[kept],
            group=self.group[kept],
        )


def sliced(
    gold: Gold,
    *,
    book: PolicyBook,
    scope: Sequence[str] = (),
    by: Sequence[Sequence[str]] = (("policy",), ("language",), ("policy", "language")),
) -> SlicedGold:
    """Cut labelled ads by policy and language.

    Parameters
    ----------
    gold : Gold
        The ads.
    book : PolicyBook
        Which policies belong together.
    scope : sequence of str
        Policies that figures are about; empty for all.
    by : sequence of sequence of str
        Slicings: of ``policy`` (at the top of the tree) and ``language``.

    Returns
    -------
    SlicedGold
        All ads first. In a slice by policy an ad is violating where it violates that policy; all
        ads are in it, since a judge may call any of them so.
    """
    about = book.within(scope) if scope else frozenset[str]()
    whole = gold.violates(about)
    tops = sorted({book.top(name) for each in gold.policies for name in each})
    if scope:
        tops = [top for top in tops if top in about or book.within([top]) & about]
    languages = sorted(set(gold.language))
    named = np.array(gold.language, dtype=object)
    cuts: list[tuple[Slice, frozenset[str], np.ndarray]] = [
        (EVERYTHING, about, np.ones(len(gold), dtype=bool))
    ]
    for slicing in by:
        for policy in tops if "policy" in slicing else [""]:
            for language in languages if "language" in slicing else [None]:
                terms: tuple[tuple[str, str | None], ...] = (("policy", policy),) if policy else ()
                terms += () if language is None else (("language", language),)
                below = book.within([policy]) if policy else about
                mine = below & about if policy and about else below
                inside = named == language if language is not None else np.full(len(gold), True)  # noqa: FBT003
                cuts.append((Slice(terms), mine, inside))
    rows = [np.flatnonzero(inside) for _, _, inside in cuts]
    bad = [
        (gold.violates(p) if p else whole)[row] for (_, p, _), row in zip(cuts, rows, strict=True)
    ]
    return SlicedGold(
        slices=tuple(part for part, _, _ in cuts),
        row=np.concatenate(rows).astype(np.intp),
        group=np.repeat(np.arange(len(cuts)), [len(row) for row in rows]),
        bad=np.concatenate(bad),
        policies=tuple(policies for _, policies, _ in cuts),
        gold=gold,
    )
