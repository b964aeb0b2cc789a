"""From single recommendations to one list: nothing counted twice, conflicts named."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from shroff.advise.advice_deck import APPROVE, REVIEW, Deck, Floats, Ints
from shroff.advise.advice_prices import changed
from shroff.advise.recommendation import Recommendation, Worth

__all__ = ["Ranked", "Trial", "merged", "opposed", "ranked"]

_STRICT = np.array([0, 2, 3, 1])  # approve, review, reject, restrict: which is stricter


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What recommendations are tried on.

    Parameters
    ----------
    deck : Deck
        Labelled ads.
    costs : array, shape (n, actions)
        What each action on each ad costs a week.
    chances : array, shape (draws, advertisers)
        Weights of advertisers by draw.
    """

    deck: Deck
    costs: Floats
    chances: Floats

    def worth(self, before: Ints, after: Ints, *, scale: float = 1.0) -> Worth:
        """Say what changing actions is worth.

        Parameters
        ----------
        before, after : array of int
            Actions.
        scale : float
            What gains are multiplied by: below 1 for what was found on these very ads.

        Returns
        -------
        Worth
            Draws. Half an ad of each kind, violating and not, is added to those that change: a
            handful of labels without a mistake is no proof that there are none.
        """
        less = changed(self.costs, before, after)
        moved = before != after
        if not moved.any():
            return Worth(np.zeros(len(self.chances)))
        less = np.where(less > 0, scale * less, less)
        sums = np.bincount(self.deck.cluster, weights=less, minlength=self.chances.shape[1])
        return Worth(self.chances @ sums + self._unseen(before, after))

    def _unseen(self, before: Ints, after: Ints) -> Floats:
        """Draw what ads would cost that no label shows: half an ad that is compliant."""
        moved = before != after
        deck, dice = self.deck, np.random.default_rng(1)
        kind = moved & ~deck.violating
        usual = ~deck.violating & np.isin(deck.action, np.unique(before[moved]))
        if kind.any() or not usual.any():
            return np.zeros(len(self.chances))
        target = int(np.bincount(after[moved]).argmax())
        alike = np.where(usual, target, deck.action)
        each = changed(self.costs, deck.action, alike)[usual]
        weight = deck.weight[usual]
        typical = float(each.sum() / weight.sum()) * float(np.mean(deck.weight[moved]))
        return dice.gamma(0.5, size=len(self.chances)) * typical


@dataclass(frozen=True, slots=True)
class Ranked:
    """A recommendation, what it adds to those before it, and what it rules out."""

    what: Recommendation
    adds: Worth
    shared: float
    instead_of: tuple[str, ...]


def ranked(
    found: Sequence[Recommendation],
    trial: Trial | None,
    *,
    first: Collection[str] = (),
) -> tuple[Ranked, ...]:
    """Put recommendations in order of what each adds.

    Parameters
    ----------
    found : sequence of Recommendation
        The recommendations, in any order.
    trial : Trial or None
        What they are tried on; None where there are no labels.
    first : collection of str
        Ids of those that come first whatever they add: they are decided.

    Returns
    -------
    tuple of Ranked
        At each step the one that adds most to those before it, its work taken off. Of those that
        change the same thing only the first counts. Those whose value cannot be told come last, by
        work.
    """
    left = [each for each in found if each.worth.known]
    state = trial.deck.action.copy() if trial else np.zeros(0, np.int64)
    taken: dict[str, str] = {}
    placed: list[Ranked] = []
    while left:
        added = [_added(each, state, trial, taken) for each in left]
        order = [(e.id in first, worth.mean) for e, worth in zip(left, added, strict=True)]
        best = max(range(len(left)), key=order.__getitem__)
        what, worth = left.pop(best), added[best]
        rivals = tuple(
            each.id
            for each in found
            if what.target and each.target == what.target and each.id != what.id
        )
        placed.append(Ranked(what, worth, _shared(what.worth, worth), rivals))
        if what.target in taken:
            continue
        if worth.mean > 0:
            taken |= {what.target: what.id} if what.target else {}
            asked = _asked(what, trial)
            if asked is not None and trial is not None:
                state = merged(trial.deck.action, state, asked)
    rest = sorted((e for e in found if not e.worth.known), key=lambda e: (e.hours, e.id))
    return (*placed, *(Ranked(each, each.worth, 0.0, ()) for each in rest))


def merged(first: Ints, state: Ints, asked: Ints) -> Ints:
    """Put a further change on top of others: on ads both change, the stricter action holds.

    Parameters
    ----------
    first, state, asked : array of int
        Actions of today, after the changes so far, and asked for now.

    Returns
    -------
    array of int
        Actions after all of them.
    """
    both = (state != first) & (asked != first)
    stricter = np.where(_STRICT[asked] >= _STRICT[state], asked, state)
    found: Ints = np.where(both, stricter, np.where(asked != first, asked, state)).astype(np.int64)
    return found


def _asked(what: Recommendation, trial: Trial | None) -> Ints | None:
    """Say what would be done with each ad of the deck; None where none is known to change."""
    if what.actions is not None or what.reach is None or trial is None:
        return what.actions
    asked = trial.deck.action.copy()
    asked[what.reach] = np.where(asked[what.reach] == APPROVE, REVIEW, asked[what.reach])
    return asked


def _beside(what: Recommendation, state: Ints, trial: Trial) -> Worth:
    """Take off what is done already with the ads that people would see again."""
    first = trial.deck.action
    asked = _asked(what, trial)
    if asked is None:
        return what.worth
    mine = asked != first
    whole = float(trial.deck.weight[mine].sum())
    done = float(trial.deck.weight[mine & (state != first)].sum())
    return Worth(what.worth.draws * (1 - done / whole)) if whole else what.worth


def _added(what: Recommendation, state: Ints, trial: Trial | None, taken: dict[str, str]) -> Worth:
    if what.target and what.target in taken:
        return Worth(np.zeros(len(what.worth.draws)))
    if trial is None:
        return what.worth
    if what.actions is None:
        return _beside(what, state, trial)
    first = trial.deck.action
    if np.array_equal(state, first):
        return what.worth
    alone = trial.worth(first, what.actions)
    beside = trial.worth(state, merged(first, state, what.actions))
    # what is worth less than the deck alone says (found on these ads, say) keeps that share
    factor = what.worth.mean / alone.mean if alone.mean > 0 else 1.0
    return Worth(beside.draws * min(max(factor, 0.0), 1.0) if factor < 1 else beside.draws)


def _shared(alone: Worth, adds: Worth) -> float:
    if alone.mean <= 0:
        return 0.0
    return float(np.clip(1 - adds.mean / alone.mean, 0.0, 1.0))


def opposed(one: Recommendation, other: Recommendation, deck: Deck) -> float:
    """Give the share of the ads that the first changes which the second changes the other way."""
    if one.actions is None or other.actions is None:
        return 0.0
    ways = [np.sign(_STRICT[each.actions] - _STRICT[deck.action]) for each in (one, other)]
    moved = ways[0] != 0
    total = float(deck.weight[moved].sum())
    return float(deck.weight[moved & (ways[0] * ways[1] < 0)].sum()) / total if total else 0.0
