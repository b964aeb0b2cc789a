"""Does a version say the same when it judges the golden ads again?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from shroff.domain.messages import Message
from shroff.domain.slices import EVERYTHING, Slice
from shroff.measure.blocks import Figure, record_of
from shroff.models.gold_labels import Gold
from shroff.models.judge_answers import Answer, Judge
from shroff.stats.repeat_runs import mean_share, repeats

__all__ = ["Consistency", "Flip", "consistency_of"]

_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """An ad of which a version said different things.

    Parameters
    ----------
    ad_id : str
        The ad.
    ad_version : int
        Its version.
    policy : str
        Policy asked about; empty for all.
    said : mapping
        Answers, with how often each was given.
    """

    ad_id: str
    ad_version: int
    policy: str
    said: Mapping[str, int]

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "ad_id": self.ad_id,
            "ad_version": self.ad_version,
            "policy": self.policy,
            "said": dict(self.said),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Consistency:
    """How often a version says the same.

    Parameters
    ----------
    judge : Judge
        The version.
    golden : str
        The set with its revision and hash.
    level : float
        Coverage of the intervals.
    figures : tuple of Figure
        ``same`` and ``flips``, all ads first, then by language.
    asked : int
        Ads (times policies) judged at least twice.
    most : int
        Most answers to one of them.
    flips : tuple of Flip
        Ads of which it said different things, those most in doubt first.
    notes : tuple of Message
        What to know.
    """

    judge: Judge
    golden: str
    level: float
    figures: tuple[Figure, ...]
    asked: int
    most: int
    flips: tuple[Flip, ...]
    notes: tuple[Message, ...] = ()

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "judge": self.judge.record(),
            "golden": self.golden,
            "level": self.level,
            "asked_twice": self.asked,
            "most_answers": self.most,
            "figures": [record_of(figure) for figure in self.figures],
            "flips": [flip.record() for flip in self.flips],
            "notes": [note.record() for note in self.notes],
        }


def consistency_of(
    gold: Gold,
    answers: Mapping[tuple[str, int], Sequence[Answer]],
    judge: Judge,
    *,
    golden: str,
    level: float = 0.95,
) -> Consistency:
    """Say how often a version says the same of the same ad.

    Parameters
    ----------
    gold : Gold
        The golden ads.
    answers : mapping
        All that the version said of them.
    judge : Judge
        The version.
    golden : str
        The set with its revision and hash.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Consistency
        Share of ads with one answer throughout, and the chance that two answers differ. A refusal
        is an answer; a call that failed is none.
    """
    keys, weights, languages, lists = _asked(gold, answers)
    names = sorted({said for each in lists for said in each})
    code = {name: place for place, name in enumerate(names)}
    ad = np.repeat(np.arange(len(lists)), [len(each) for each in lists]).astype(np.intp)
    answer = np.array([code[said] for each in lists for said in each], dtype=np.intp)
    w = np.array(weights)
    found, differ = repeats(ad, answer, w, kinds=len(names), level=level)
    figures = [
        Figure("same", EVERYTHING, found.same.at(0, design=gold.design)),
        Figure("flips", EVERYTHING, found.flips.at(0, design=gold.design)),
        *_by_language(differ, w, languages, gold=gold, level=level),
    ]
    twice = np.isfinite(differ)
    order = np.argsort(-np.nan_to_num(differ), kind="stable")[:_SHOWN]
    return Consistency(
        judge=judge,
        golden=golden,
        level=level,
        figures=tuple(figures),
        asked=int(twice.sum()),
        most=max(len(each) for each in lists),
        flips=tuple(
            Flip(
                ad_id=keys[at][0],
                ad_version=keys[at][1],
                policy=keys[at][2],
                said=dict(Counter(lists[at])),
            )
            for at in order.tolist()
            if differ[at] > 0
        ),
    )


def _by_language(
    differ: np.ndarray, w: np.ndarray, languages: Sequence[str], *, gold: Gold, level: float
) -> list[Figure]:
    figures: list[Figure] = []
    for language in sorted(set(languages)):
        mine = np.isfinite(differ) & np.array([each == language for each in languages])
        if mine.any():
            part = Slice((("language", language),))
            same = np.where(differ[mine] <= 0, 1.0, 0.0)
            for metric, share in (("same", same), ("flips", differ[mine])):
                estimate = mean_share(share, w[mine], level=level).at(0, design=gold.design)
                figures.append(Figure(metric, part, estimate))
    return figures


def _asked(
    gold: Gold, answers: Mapping[tuple[str, int], Sequence[Answer]]
) -> tuple[list[tuple[str, int, str]], list[float], list[str], list[list[str]]]:
    """Put answers to the same question together: one ad version, one policy."""
    keys: list[tuple[str, int, str]] = []
    weights: list[float] = []
    languages: list[str] = []
    lists: list[list[str]] = []
    for place, key in enumerate(gold.keys):
        told: dict[str, list[str]] = {}
        for each in answers.get(key, ()):
            if each.said != "failed":
                told.setdefault(each.policy, []).append(each.said)
        for policy, said in told.items():
            keys.append((*key, policy))
            weights.append(float(gold.w[place]))
            languages.append(gold.language[place])
            lists.append(said)
    return keys, weights, languages, lists
