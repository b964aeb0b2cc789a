"""A text classifier fitted to labels: one small fixed grid, cross-fitted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from shroff.errors import DesignError
from shroff.models.classifier import TextClassifier
from shroff.models.classifier_features import Features, features, pruned
from shroff.models.classifier_kernel import (
    BLOCKS,
    FAINTER,
    add_rows,
    count_features,
    fit_weights,
    margins,
    scale_rows,
)
from shroff.stats.dense import Flags, Ints
from shroff.stats.proportions import Floats

__all__ = ["GRID", "LabelledTexts", "Setting", "Trained", "average_precision", "train"]

_FOLDS = 5
_FEWEST, _FEWEST_OF_EACH = 50, 10
_LEAST_TEXTS = 2
_MOST_ROUNDS, _NEAR = 30, 3e-3
_HEAVIEST = 20.0
_SEED = 20261123
_WHOLE = BLOCKS - 1 + 1 / FAINTER**2  # what the blocks of a text come to
_Tick = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Setting:
    """One place of the grid.

    Parameters
    ----------
    cost : float
        How much a wrong label costs beside large weights.
    stretch : float
        How far features that are more frequent under one label are stretched, from 0.
    """

    cost: float
    stretch: float


GRID = tuple(
    Setting(cost, stretch) for stretch in (0.0, 0.5, 1.0) for cost in (0.1, 0.3, 1.0, 3.0, 10.0)
)
"""What is tried; nothing else is ever tuned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledTexts:
    """Texts with their labels.

    Parameters
    ----------
    texts : sequence of str
        Text of each ad.
    violating : array of bool, shape (ads,)
        Whether it violates.
    weight : array of float, shape (ads,)
        What its label stands for.
    group : array of int, shape (ads,), optional
        Ads that belong together, such as those of an advertiser; each on its own when None.
    """

    texts: Sequence[str]
    violating: Flags
    weight: Floats
    group: Ints | None = None

    @classmethod
    def simple(cls, texts: Sequence[str], violating: Sequence[bool] | Flags) -> LabelledTexts:
        """Take texts that each stand for themselves."""
        return cls(
            texts=texts, violating=np.asarray(violating, np.bool_), weight=np.ones(len(texts))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A classifier, and what it said of texts that it had not seen.

    Parameters
    ----------
    classifier : TextClassifier
        Fitted to all labels.
    setting : Setting
        The place of the grid that was best.
    scores : array of float, shape (ads,)
        Chance that each ad violates, by a classifier and a calibration fitted without its fold.
    fold : array of int, shape (ads,)
        Fold of each ad.
    """

    classifier: TextClassifier
    setting: Setting
    scores: Floats
    fold: Ints


def train(labels: LabelledTexts, *, tick: _Tick | None = None) -> Trained:
    """Fit a classifier to labels.

    Parameters
    ----------
    labels : LabelledTexts
        The labels.
    tick : callable, optional
        Told done and all.

    Returns
    -------
    Trained
        The classifier, and its scores of ads that it had not seen.

    Raises
    ------
    DesignError
        If there are too few labels of either kind, or texts say nothing of labels.

    Notes
    -----
    Logistic regression with a square penalty on hashed features, each block of a text of length
    one by inverse document frequency; features are stretched by a power of the log ratio of their
    shares under either label (Wang and Manning, ACL 2012). Equal texts and groups are whole in a
    fold. Labels weigh what they stand for, at most twenty times the mean. The chance is a
    logistic curve (Platt) fitted to margins of texts that were not seen.

    References
    ----------
    Yu, Huang and Lin, Machine Learning 85 (2011); Platt (1999).
    """
    _require(labels)
    weight = np.minimum(labels.weight / labels.weight.mean(), _HEAVIEST)
    weight /= weight.mean()
    work = _Work(pruned(features(labels.texts), least=_LEAST_TEXTS), labels.violating, weight)
    fold = _folds(labels)
    told = _outside(work, fold, tick)
    setting = max(GRID, key=lambda each: average_precision(labels.violating, told[each], weight))
    best = told[setting]
    slope, offset = _line(best, labels.violating, weight)
    if slope <= 0:
        raise DesignError(
            "the texts say nothing of the labels: those not seen are told no better than by chance",
            hint="are the labels of these very texts, and of one policy? Draw more of them",
        )
    scores = np.empty(len(best))
    for number in range(_FOLDS):
        mine = fold == number
        a, b = _line(best[~mine], labels.violating[~mine], weight[~mine])
        scores[mine] = expit(max(a, 0.0) * best[mine] + b)
    rarity, stretch, weights = work.fitted(np.arange(len(best)), setting)
    if tick:
        tick(1, 1)
    classifier = TextClassifier(
        hashes=work.hashes,
        rarity=rarity.astype(np.float32),
        weights=(weights[:-1] * rarity * stretch).astype(np.float32),
        constant=float(weights[-1]),
        slope=slope,
        offset=offset,
    )
    return Trained(classifier=classifier.lean(), setting=setting, scores=scores, fold=fold)


def _require(labels: LabelledTexts) -> None:
    n, bad = len(labels.violating), int(labels.violating.sum())
    if n >= _FEWEST and min(bad, n - bad) >= _FEWEST_OF_EACH:
        return
    raise DesignError(
        f"{n} labels, {bad} of them violating, are too few to train on",
        hint=f"{_FEWEST} labels, {_FEWEST_OF_EACH} of each kind: choose a longer --period, or draw"
        " more (shroff labels plan)",
    )


def average_precision(violating: Flags, scores: Floats, weight: Floats) -> float:
    """Give the area under the precision-recall curve as a step function; equal scores tie."""
    order = np.argsort(-scores, kind="stable")
    hit = (violating * weight)[order].cumsum()
    all_ = weight[order].cumsum()
    last = np.r_[np.diff(scores[order]) != 0, True]
    hit, all_ = hit[last], all_[last]
    return float((np.diff(hit, prepend=0.0) * hit / all_).sum() / hit[-1])


def _folds(labels: LabelledTexts) -> Ints:
    """Deal ads into folds: groups and equal texts whole, labels of both kinds in each alike."""
    group = _together(labels)
    for said, which in (("violate", labels.violating), ("do not", ~labels.violating)):
        units = len(np.unique(group[which]))
        if units < _FEWEST_OF_EACH:
            raise DesignError(
                f"labels of ads that {said} are of {units} advertisers or distinct texts only:"
                " a classifier cannot be judged on others",
                hint=f"it takes {_FEWEST_OF_EACH}: choose a longer --period, or draw more labels",
            )
    rng = np.random.default_rng(_SEED)
    mixed = np.zeros(int(group.max()) + 1)
    np.maximum.at(mixed, group, labels.violating)
    of_group = np.empty(len(mixed), np.int64)
    for kind in (0.0, 1.0):
        mine = np.flatnonzero(mixed == kind)
        of_group[rng.permutation(mine)] = np.arange(len(mine)) % _FOLDS
    fold: Ints = of_group[group]
    return fold


def _together(labels: LabelledTexts) -> Ints:
    _, text = np.unique(np.asarray(labels.texts, dtype=object).astype(str), return_inverse=True)
    if labels.group is None:
        return text.astype(np.int64)
    from scipy.sparse import coo_array  # noqa: PLC0415  (only groups need it)
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    groups = np.unique(labels.group, return_inverse=True)[1]
    size = int(text.max()) + 1 + int(groups.max()) + 1
    pairs = coo_array((np.ones(len(text)), (text, groups + int(text.max()) + 1)), (size, size))
    _, part = connected_components(pairs, directed=False)
    together: Ints = part[text].astype(np.int64)
    return together


def _outside(work: _Work, fold: Ints, tick: _Tick | None) -> dict[Setting, Floats]:
    """Give the margin of each ad at each place of the grid, by labels of the other folds."""
    told = {setting: np.zeros(len(fold)) for setting in GRID}
    done = 0
    for number in range(_FOLDS):
        rest, mine = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        for stretch in dict.fromkeys(setting.stretch for setting in GRID):
            scaled = work.scaled(rest, stretch)
            for setting in (each for each in GRID if each.stretch == stretch):
                weights = work.weights(scaled, rest, setting.cost)
                told[setting][mine] = work.margins(scaled, mine, weights)
                done += 1
                if tick:
                    tick(done, _FOLDS * len(GRID) + 1)
    return told


@dataclass(frozen=True, slots=True)
class _Scaled:
    values: NDArray[np.float32]
    squares: Floats
    rarity: Floats
    stretch: Floats


@dataclass(frozen=True, slots=True)
class _Work:
    """Features and labels, and what is fitted to some of them."""

    found: Features
    violating: Flags
    weight: Floats

    @property
    def hashes(self) -> NDArray[np.uint32]:
        """Give the hash of each feature."""
        return self.found.hashes if self.found.hashes is not None else np.zeros(0, np.uint32)

    def scaled(self, rows: Ints, power: float) -> _Scaled:
        """Scale the features of all texts by what some of them show."""
        found, size = self.found, self.found.size
        seen, good, bad = np.zeros(size, np.int64), np.zeros(size), np.zeros(size)
        count_features(found.ends, found.place, rows, self.violating, self.weight, seen, good, bad)
        rarity = np.where(seen >= _LEAST_TEXTS, np.log((1 + len(rows)) / (1 + seen)) + 1, 0.0)
        whole = self.weight[rows].sum()
        violating = (self.weight * self.violating)[rows].sum()
        ratio = np.log((1 + bad) / (2 + violating)) - np.log((1 + good) / (2 + whole - violating))
        stretch = np.abs(ratio) ** power if power else np.ones(size)
        values = np.empty(len(found.place), np.float32)
        scale_rows(found.ends, found.place, found.value, rarity, stretch, values)
        squares = np.zeros(len(found))
        add_rows(found.ends, values, squares)
        evened = np.sqrt(_WHOLE / max(float(squares[rows].mean()), 1e-12)) if power else 1.0
        values *= np.float32(evened)
        return _Scaled(values, squares * evened**2, rarity, stretch * evened)

    def weights(self, scaled: _Scaled, rows: Ints, cost: float) -> Floats:
        """Fit weights to some of the texts."""
        weights = np.zeros(self.found.size + 1)
        fit_weights(
            self.found.ends, self.found.place, scaled.values, scaled.squares,
            np.where(self.violating, 1.0, -1.0), cost * self.weight, rows.copy(),
            np.zeros(len(self.found)), weights, _MOST_ROUNDS, _NEAR,
        )  # fmt: skip
        return weights

    def margins(self, scaled: _Scaled, rows: Ints, weights: Floats) -> Floats:
        """Give the margins of some of the texts."""
        out = np.empty(len(rows))
        margins(self.found.ends, self.found.place, scaled.values, rows, weights, out)
        return out

    def fitted(self, rows: Ints, setting: Setting) -> tuple[Floats, Floats, Floats]:
        """Fit a setting to some of the texts: rarity and stretch of each feature, and weights."""
        scaled = self.scaled(rows, setting.stretch)
        return scaled.rarity, scaled.stretch, self.weights(scaled, rows, setting.cost)


def _line(margin: Floats, violating: Flags, weight: Floats) -> tuple[float, float]:
    """Fit chances to margins by a logistic curve, with Platt's targets: slope and offset."""
    bad, good = float((weight * violating).sum()), float((weight * ~violating).sum())
    target = np.where(violating, (bad + 1) / (bad + 2), 1 / (good + 2))
    centre, spread = float(margin.mean()), float(margin.std()) or 1.0
    x = (margin - centre) / spread
    a, b = 0.0, float(np.log((bad + 1) / (good + 1)))
    for _ in range(100):
        p = expit(a * x + b)
        gap, curve = weight * (p - target), weight * p * (1 - p)
        g = np.array([(gap * x).sum(), gap.sum()])
        h = np.array(
            [[(curve * x * x).sum(), (curve * x).sum()], [(curve * x).sum(), curve.sum()]]
        )
        step = np.linalg.solve(h + 1e-9 * np.eye(2), g)
        step /= max(1.0, float(np.abs(step).max()))
        a, b = a - float(step[0]), b - float(step[1])
        if np.abs(step).max() < 1e-9:
            break
    return a / spread, b - a * centre / spread
