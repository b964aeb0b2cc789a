"""What an LLM would say of ads it was not asked about, and how likely ads violate given its answer.

Labels of judged ads tell how often the LLM gives each answer to violating and to compliant ads, by group
of cells and band of the cheap score, each near that of all. With the chance of violating that all labels
tell of a cell and score, Bayes' rule gives what unjudged ads would get, and what each answer is worth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shroff.advise.cascade_answers import ANSWERS
from shroff.advise.cascade_reading import LlmReading
from shroff.advise.decision_cells import DecisionCells
from shroff.advise.decision_queries import BINS
from shroff.advise.violation_curves import ViolationCurves, fit_curves
from shroff.errors import ConfigError, DesignError

__all__ = [
    "EDGES_BY",
    "CascadeChances",
    "CascadeWorld",
    "answer_rates",
    "groups_of",
    "learn_chances",
]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

EDGES_BY = "language"
"""Column whose values have edges of their own, unless another is asked for."""

_BANDS = 5
_LIKE = 3.0  # labels that the answers of all groups and bands count as
_SLOTS = 20
_LIKE_JUDGED = 30.0  # judged ads that what labels tell of a slot counts as
_ROUNDS = 4
_LEAST = 1.0 / (ANSWERS + 1)
_FEWEST_LABELS = 30.0
_MEAN_OF = 60
_SEED = 20261126


@dataclass(frozen=True, slots=True)
class CascadeWorld:
    """What may be true: ads by answer, and how likely those violate.

    Parameters
    ----------
    ads, chances : array of shape (`ANSWERS` + 1, cells, bins)
        Ads by answer, chance of violating.
    """

    ads: Floats
    chances: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class CascadeChances:
    """What labels and judgements say together.

    Parameters
    ----------
    curves : ViolationCurves
        Chance of violating by cell and score, whatever the LLM says.
    told : array of shape (2, groups, bands, `ANSWERS` + 1)
        Labels in effect of compliant and violating judged ads, by answer.
    group : array of int, shape (cells,)
        Group of each cell.
    judged : array of shape (`ANSWERS` + 1, cells, bins)
        Judged ads by answer.
    unjudged : array of shape (cells, bins)
        The others.
    """

    curves: ViolationCurves
    told: Floats
    group: Ints
    judged: Floats
    unjudged: Floats

    def expected(self) -> CascadeWorld:
        """Give the mean world."""
        rng = np.random.default_rng(_SEED)
        ads, bad = np.zeros(self.judged.shape), np.zeros(self.judged.shape)
        for overall in self.curves.draws(_MEAN_OF, rng=rng):
            shares, chances = self._given(overall, rng)
            mine = self.judged + self.unjudged * shares
            ads += mine / _MEAN_OF
            bad += mine * chances / _MEAN_OF
        return CascadeWorld(ads, np.divide(bad, ads, out=np.zeros(ads.shape), where=ads > 0))

    def draws(self, count: int, *, rng: np.random.Generator) -> Iterator[CascadeWorld]:
        """Draw worlds that labels and judgements allow.

        Parameters
        ----------
        count : int
            How many.
        rng : Generator
            Chance.

        Yields
        ------
        CascadeWorld
            One world.
        """
        whole = np.rint(self.unjudged).astype(np.int64)
        for overall in self.curves.draws(count, rng=rng):
            shares, chances = self._given(overall, rng)
            more = rng.multinomial(whole, np.moveaxis(shares, 0, -1))
            yield CascadeWorld(self.judged + np.moveaxis(more, -1, 0), chances)

    def _given(self, overall: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Draw the shares of answers, and the chance of violating given each."""
        good, bad = (self._answers(told, rng) for told in self.told)
        both = self._agreed(np.stack([(1 - overall) * good, overall * bad]), rng)
        shares = both.sum(axis=0)
        chances = np.divide(both[1], shares, out=np.zeros(shares.shape), where=shares > 0)
        return shares / shares.sum(axis=0), chances

    def _agreed(self, both: Floats, rng: np.random.Generator) -> Floats:
        """Make answers come as often as they do on judged ads, labelled or not."""
        # labels are few and tell only roughly how often an answer comes; judged ads are many. By
        # group and slot of scores answers are raked to those of judged ads, and truth stays
        asked = self.judged.sum(axis=0)
        seen = self._by_slot(self.judged)
        wanted = _dirichlet(seen + _LIKE_JUDGED * self._shares_of(both, asked), rng)
        truth = both.sum(axis=1)
        for _ in range(_ROUNDS):
            found = self._shares_of(both, asked)
            tilt = np.divide(wanted, found, out=np.ones(wanted.shape), where=found > 0)[self.group]
            both = both * np.repeat(np.moveaxis(tilt, -1, 0), BINS // _SLOTS, axis=2)
            now = both.sum(axis=1)
            both = both * np.divide(truth, now, out=np.zeros(now.shape), where=now > 0)[:, None]
        return both

    def _by_slot(self, counts: Floats) -> Floats:
        """Add up counts of answers by cell and bin to groups and slots."""
        found = np.zeros((int(self.group.max(initial=0)) + 1, _SLOTS, ANSWERS + 1))
        wide = counts.reshape(ANSWERS + 1, len(self.group), _SLOTS, -1).sum(axis=-1)
        np.add.at(found, self.group, np.moveaxis(wide, 0, -1))
        return found

    def _shares_of(self, both: Floats, asked: Floats) -> Floats:
        """Give how often answers would come among the ads that were judged, by group and slot."""
        found = self._by_slot(both.sum(axis=0) * asked)
        whole = found.sum(axis=-1, keepdims=True)
        shares: Floats = np.divide(found, whole, out=np.full(found.shape, _LEAST), where=whole > 0)
        return shares

    def _answers(self, told: Floats, rng: np.random.Generator) -> Floats:
        """Draw how often each answer is given, by cell and bin."""
        near = _dirichlet(told.sum(axis=(0, 1)) + _LEAST, rng)
        drawn = _dirichlet(told + _LIKE * near, rng)[self.group]
        wide: Floats = np.repeat(np.moveaxis(drawn, -1, 0), BINS // _BANDS, axis=2)
        return wide


def _dirichlet(counts: Floats, rng: np.random.Generator) -> Floats:
    drawn = rng.standard_gamma(np.maximum(counts, 1e-6))
    some = np.maximum(drawn, 1e-12)
    shares: Floats = some / some.sum(axis=-1, keepdims=True)
    return shares


def learn_chances(
    cells: DecisionCells, reading: LlmReading, *, group: Ints | None = None
) -> CascadeChances:
    """Learn what the LLM would say, and what its answers are worth.

    Parameters
    ----------
    cells : DecisionCells
        Ads and labels by cell and score.
    reading : LlmReading
        Judgements.
    group : array of int, shape (cells,), optional
        Cells in which the LLM may be better or worse than elsewhere; one group when absent.

    Returns
    -------
    CascadeChances
        Chances with draws.

    Raises
    ------
    DesignError
        If too few judged ads have labels.

    Notes
    -----
    Within a group and band of scores, answers depend on the truth alone, and which ads were judged
    or labelled says nothing more. Weighted labels count as many as their weights are worth (Kish).
    """
    known = float(reading.labels.n.sum())
    if known < _FEWEST_LABELS:
        raise DesignError(
            f"{known:.0f} labels of ads that {reading.model} {reading.version} judged: too few",
            hint="judge the labelled ads in shadow, or label some of the judged ones",
        )
    groups = np.zeros(len(cells), dtype=np.int64) if group is None else group
    return CascadeChances(
        curves=fit_curves(cells.labels, cells.factors(), bins=BINS, errors=cells.errors),
        told=_told(reading, groups, cells=len(cells)),
        group=groups,
        judged=reading.judged,
        unjudged=np.maximum(cells.ads.sum(axis=0) - reading.judged.sum(axis=0), 0.0),
    )


def answer_rates(reading: LlmReading, group: Ints, *, cells: int) -> Floats:
    """Say how often the LLM gives each answer to compliant and to violating ads.

    Parameters
    ----------
    reading : LlmReading
        Judgements.
    group : array of int, shape (cells,)
        Group of each cell.
    cells : int
        Number of cells.

    Returns
    -------
    array of shape (2, groups, bands, `ANSWERS` + 1)
        Shares, near those of all where there are few labels.
    """
    told = _told(reading, group, cells=cells)
    near = told.sum(axis=(1, 2)) + _LEAST
    near /= near.sum(axis=-1, keepdims=True)
    counted = told + _LIKE * near[:, None, None]
    shares: Floats = counted / counted.sum(axis=-1, keepdims=True)
    return shares


def _told(reading: LlmReading, group: Ints, *, cells: int) -> Floats:
    """Count the labels of judged ads by truth, group, band and answer."""
    labels = reading.labels
    answer, cell = labels.cell // cells, labels.cell % cells
    band = labels.bin * _BANDS // BINS
    size = (int(group.max(initial=0)) + 1, _BANDS)
    w, w2 = np.zeros(size), np.zeros(size)
    told = np.zeros((2, *size, ANSWERS + 1))
    place = (group[cell], band)
    np.add.at(w, place, labels.w)
    np.add.at(w2, place, labels.w2)
    np.add.at(told[0], (*place, answer), labels.w - labels.hits)
    np.add.at(told[1], (*place, answer), labels.hits)
    each = np.divide(w, w2, out=np.zeros(size), where=w2 > 0)
    counted: Floats = np.maximum(told, 0.0) * each[None, :, :, None]
    return counted


def groups_of(cells: DecisionCells, edges_by: str) -> Ints:
    """Give the group of each cell: those that share what is done with answers.

    Parameters
    ----------
    cells : DecisionCells
        The cells.
    edges_by : str
        Column whose values have edges of their own; ``-`` for the same everywhere.

    Returns
    -------
    array of int, shape (cells,)
        Their groups.

    Raises
    ------
    ConfigError
        If cells are not made of that column.
    """
    if edges_by in cells.by:
        return cells.factors()[:, cells.by.index(edges_by)]
    if edges_by not in {"-", EDGES_BY}:
        raise ConfigError(
            f"edges cannot be set by {edges_by!r}: cells are not made of it",
            where="--edges-by",
            hint="columns: " + ", ".join(cells.by),
        )
    return np.zeros(len(cells), dtype=np.int64)
