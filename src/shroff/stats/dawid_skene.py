"""What is true of items, and how often each reviewer errs, when nobody knows the truth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array

from shroff.errors import DesignError
from shroff.stats.checks import require_index, require_sums
from shroff.stats.linearise import Flags, Ints, divide
from shroff.stats.proportions import Floats

__all__ = ["UNKNOWN", "Fit", "State", "Votes", "climb", "dawid_skene", "majority"]

UNKNOWN = -1
"""Truth of an item that nobody knows."""

_LEAST = 1e-10
_NEVER = 1e-300


@dataclass(frozen=True, kw_only=True)
class Votes:
    """Who said what of which item.

    Parameters
    ----------
    item, rater, label : array of int, shape (k,)
        Item 0..I-1, rater 0..R-1, answer 0..C-1. A rater is a person, or a group whose members
        are taken to err alike. One who answers twice counts twice.
    items, raters, classes : int
        I, R and C.
    count : array of shape (I,), optional
        Items that were answered in just this way, when they are told as one; 1 without it.
    weight, spread : array of shape (I,), optional
        Sum of the weights of those items, and of their squares; a weight is, e.g.,
        1 / inclusion probability. The count without it. Items of weight zero get their truth
        told, but tell nothing.
    population : array of int, shape (I,), optional
        Part that the item belongs to, e.g. the machine's action; classes may be of different
        frequency in each. One part without it.
    truth : array of int, shape (I,), optional
        Class of items whose truth is known, `UNKNOWN` for the others.
    """

    item: Ints
    rater: Ints
    label: Ints
    items: int
    raters: int
    classes: int
    count: Floats | None = None
    weight: Floats | None = None
    spread: Floats | None = None
    population: Ints | None = None
    truth: Ints | None = None

    @cached_property
    def table(self) -> csr_array:
        """Answers as a sparse table of shape (I, R * C)."""
        column = self.rater * self.classes + self.label
        shape = (self.items, self.raters * self.classes)
        return csr_array((np.ones(len(self.item)), (self.item, column)), shape=shape)

    @cached_property
    def used(self) -> Flags:
        """Which answers each rater ever gave, (R, C)."""
        place = self.rater * self.classes + self.label
        counts = np.bincount(place, minlength=self.raters * self.classes)
        given: Flags = counts.reshape(self.raters, self.classes) > 0
        return given

    @cached_property
    def parts(self) -> Ints:
        """Part of each item."""
        return np.zeros(self.items, dtype=np.intp) if self.population is None else self.population

    @cached_property
    def weights(self) -> Floats:
        """Weight of each item."""
        return self.counts if self.weight is None else self.weight

    @cached_property
    def counts(self) -> Floats:
        """Number of items told as one."""
        return np.ones(self.items) if self.count is None else self.count

    @cached_property
    def spreads(self) -> Floats:
        """Sum of squared weights of each item."""
        alike = self.weights**2 / np.maximum(self.counts, 1)
        return alike if self.spread is None else self.spread

    @cached_property
    def known(self) -> Floats:
        """One at the true class of items whose truth is known, zero elsewhere, (I, C)."""
        marks = np.zeros((self.items, self.classes))
        if self.truth is not None:
            told = np.flatnonzero(self.truth >= 0)
            marks[told, self.truth[told]] = 1.0
        return marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """What the model makes of the answers.

    Parameters
    ----------
    posterior : array of shape (I, C)
        Chance of each class, by item.
    prior : array of shape (S, C)
        Share of each class, by part.
    confusion : array of shape (R, C, C)
        Chance that a rater says column of an item that is row.
    seen : array of shape (R, C)
        Answers each rater gave on items of each class, as far as the model can tell.
    likelihood : float
        Log-likelihood, per unit of weight.
    rounds : int
        Rounds it took.
    settled : bool
        Whether it stopped because nothing moved any more.
    """

    posterior: Floats
    prior: Floats
    confusion: Floats
    seen: Floats
    likelihood: float
    rounds: int
    settled: bool


def majority(votes: Votes) -> Floats:
    """Give the share of each item's answers by class; known truth goes before answers.

    Parameters
    ----------
    votes : Votes
        Answers.

    Returns
    -------
    array of shape (I, C)
        Shares; equal ones for an item without an answer.
    """
    tallies = _tallies(votes)
    total = tallies.sum(axis=1, keepdims=True)
    level = np.full_like(tallies, 1 / votes.classes)
    shares = np.divide(tallies, total, out=level, where=total > 0)
    told = votes.known.sum(axis=1, keepdims=True) > 0
    return np.where(told, votes.known, shares)


def dawid_skene(
    votes: Votes,
    *,
    rounds: int = 2000,
    tolerance: float = 1e-10,
    pooled: float = 0.0,
    start: Floats | None = None,
) -> Fit:
    """Find what is true and who errs how often, by expectation and maximisation.

    Parameters
    ----------
    votes : Votes
        Answers.
    rounds : int
        Most rounds.
    tolerance : float
        Stop when a round gains less log-likelihood than this per unit of weight.
    pooled : float
        Answers that each rater is lent, for each class, in the proportions of all raters
        together; a rater of few answers is drawn towards the others. Zero lends none.
    start : array of shape (I, C), optional
        Chances to begin with; shares of votes without it.

    Returns
    -------
    Fit
        The fit.

    Raises
    ------
    DesignError
        If there is no answer, or indices make no sense.

    Notes
    -----
    Given the truth, answers are taken to be independent, and a rater to err alike on all items of
    a class: where hard items make several raters err together, they look better than they are.
    The answers alone may not tell: see `shroff.stats.dawid_skene_doubt.told`. A fit and its mirror
    image (all reviewers wrong, all items the other way round) are equally likely; of these the
    one is given in which raters, taken together, are right more often than not, unless known
    truth says otherwise.

    References
    ----------
    Dawid and Skene, Applied Statistics 28 (1979).
    """
    _require(votes)
    begun = majority(votes) if start is None else start
    state = State.begin(votes, begun[:, None, :], votes.weights[:, None], pooled=pooled)
    state = climb(votes, state, rounds=rounds, tolerance=tolerance, pooled=pooled)
    fit = Fit(
        posterior=state.chance[:, 0],
        prior=state.prior[:, 0],
        confusion=state.confusion[:, 0],
        seen=_seen(votes, state.chance[:, 0]),
        likelihood=float(state.likelihood[0]),
        rounds=state.rounds,
        settled=state.settled,
    )
    return _upright(fit, votes)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where several fits stand, one for each set of weights B."""

    chance: Floats  # (I, B, C)
    weight: Floats  # (I, B)
    prior: Floats  # (S, B, C)
    confusion: Floats  # (R, B, C true, C said)
    likelihood: Floats  # (B,)
    rounds: int = 0
    settled: bool = False

    @classmethod
    def begin(cls, votes: Votes, chance: Floats, weight: Floats, *, pooled: float) -> State:
        """Start from chances that were guessed."""
        prior, confusion = _maximise(votes, chance, weight, pooled=pooled)
        lowest = np.full(weight.shape[1], -np.inf)
        return cls(
            chance=chance, weight=weight, prior=prior, confusion=confusion, likelihood=lowest
        )


def climb(votes: Votes, state: State, *, rounds: int, tolerance: float, pooled: float) -> State:
    """Let fits climb, all at once, until none gains any more.

    Parameters
    ----------
    votes : Votes
        Answers.
    state : State
        Where they stand.
    rounds, tolerance, pooled
        As in `dawid_skene`.

    Returns
    -------
    State
        Where they end.
    """
    for turn in range(1, rounds + 1):
        chance, likelihood = _expect(votes, state)
        prior, confusion = _maximise(votes, chance, state.weight, pooled=pooled)
        still = bool(np.all(likelihood - state.likelihood < tolerance))
        state = replace(
            state,
            chance=chance,
            prior=prior,
            confusion=confusion,
            likelihood=likelihood,
            rounds=turn,
            settled=still,
        )
        if still:
            break
    return state


def _expect(votes: Votes, state: State) -> tuple[Floats, Floats]:
    """Give the chances of each class by item and fit, and the log-likelihood of each fit."""
    raters, fits, classes, _ = state.confusion.shape
    logs = (
        np.log(np.maximum(state.confusion, _NEVER))
        .transpose(0, 3, 1, 2)
        .reshape(raters * classes, -1)
    )
    heard = (votes.table @ logs).reshape(votes.items, fits, classes)
    heard += np.log(np.maximum(state.prior, _LEAST))[votes.parts]
    told = votes.known.sum(axis=1) > 0
    heard[told] = np.where(votes.known[told, None, :] > 0, heard[told], -np.inf)
    highest = heard.max(axis=2, keepdims=True)
    chance = np.exp(heard - highest)
    total = chance.sum(axis=2, keepdims=True)
    gained = highest[..., 0] + np.log(total[..., 0])
    weight = state.weight
    return chance / total, np.sum(weight * gained, axis=0) / weight.sum(axis=0)


def _maximise(
    votes: Votes, chance: Floats, weight: Floats, *, pooled: float
) -> tuple[Floats, Floats]:
    """Give the shares of classes and the confusions that suit the chances best."""
    fits, classes = chance.shape[1:]
    owned = chance * weight[:, :, None]
    parts = int(votes.parts.max(initial=0)) + 1
    member = csr_array(
        (np.ones(votes.items), (votes.parts, np.arange(votes.items))), shape=(parts, votes.items)
    )
    sums = (member @ owned.reshape(votes.items, -1)).reshape(parts, fits, classes)
    said = (votes.table.T @ owned.reshape(votes.items, -1)).reshape(-1, classes, fits, classes)
    # an answer that a rater never gave is none of hers; one that she gave is possible anywhere
    counts = np.where(
        votes.used[:, None, None, :], np.maximum(said.transpose(0, 2, 3, 1), _LEAST), 0
    )
    if pooled:
        everyone = counts.sum(axis=0)
        counts = counts + pooled * everyone / everyone.sum(axis=2, keepdims=True)
    prior = divide(sums, np.broadcast_to(sums.sum(axis=2, keepdims=True), sums.shape))
    return np.nan_to_num(prior, nan=1 / classes), counts / counts.sum(axis=3, keepdims=True)


def _tallies(votes: Votes) -> Floats:
    place = votes.item * votes.classes + votes.label
    counts = np.bincount(place, minlength=votes.items * votes.classes)
    return counts.reshape(votes.items, votes.classes).astype(np.float64)


def _seen(votes: Votes, posterior: Floats) -> Floats:
    answers: Floats = votes.table.T @ (posterior * votes.counts[:, None])
    sums: Floats = answers.reshape(votes.raters, votes.classes, -1).sum(axis=1)
    return sums


def _upright(fit: Fit, votes: Votes) -> Fit:
    """Name the classes so that raters together are right as often as possible."""
    if np.any(votes.known):
        return fit
    together = np.einsum("rk,rkl->kl", fit.seen, fit.confusion)
    shares = together / np.maximum(together.sum(axis=1, keepdims=True), _LEAST)
    said, true = linear_sum_assignment(-shares.T)
    order = true[np.argsort(said)]
    return replace(
        fit,
        posterior=fit.posterior[:, order],
        prior=fit.prior[:, order],
        confusion=fit.confusion[:, order],
        seen=fit.seen[:, order],
    )


def _require(votes: Votes) -> None:
    if not len(votes.item):
        raise DesignError("no answers", hint="ingest reviews that were decided")
    if votes.classes < 2:
        raise DesignError("answers of one category tell nothing of errors", where="votes")
    where = "votes"
    require_index("item", votes.item, size=votes.items, where=where)
    require_index("rater", votes.rater, size=votes.raters, where=where)
    require_index("label", votes.label, size=votes.classes, where=where)
    if votes.truth is not None:
        require_index("truth", votes.truth + 1, size=votes.classes + 1, where=where)
    require_sums("weight", votes.weights, where=where, hint="leave the item out")
    if not votes.weights.sum() > 0:
        raise DesignError("all weights are zero", where=where, hint="weigh items by 1 / chance")
