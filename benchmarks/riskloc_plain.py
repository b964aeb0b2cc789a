"""RiskLoc (Kalander, 2022, arXiv 2205.10004), written plainly from its description: a yardstick.

Cells are cut in two by the deviation score of the calmer side; a slice's risk is the weight of
its cells in the abnormal part, less how badly the ripple effect fits; layer by layer, the slice
with the most explanatory power whose risk is high enough is taken out, until too little is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

__all__ = ["riskloc"]

RISK, POWER, REMOVED = 0.5, 0.02, 5
Slice = tuple[tuple[int, int], ...]


@dataclass
class Leaves:
    codes: np.ndarray
    actual: np.ndarray
    expected: np.ndarray
    deviation: np.ndarray
    power: np.ndarray
    abnormal: np.ndarray
    weight: np.ndarray

    def where(self, mask: np.ndarray) -> Leaves:
        return Leaves(*(part[mask] for part in vars(self).values()))


@dataclass
class Search:
    least: float
    pruned: dict[int, set[int]] = field(default_factory=dict)


def leaves_of(codes: np.ndarray, actual: np.ndarray, expected: np.ndarray) -> Leaves:
    total = actual + expected
    deviation = np.divide(
        2 * (expected - actual), total, out=np.zeros(len(total)), where=total != 0
    )
    power = (actual - expected) / (actual.sum() - expected.sum())
    distinct = np.unique(deviation)
    low = distinct[min(REMOVED, len(distinct) - 1)]
    high = distinct[-min(REMOVED + 1, len(distinct))]
    cut = -min(low, high, key=abs)
    abnormal = deviation > cut if cut >= 0 else deviation < cut
    weight = np.where(abnormal, np.abs(deviation), np.abs(cut - deviation))
    weight[(total == 0) & ~abnormal] = 0
    if power[abnormal].sum() < 0:
        power = -power
    return Leaves(codes, actual, expected, deviation, power, abnormal, np.minimum(weight, 1))


def riskloc(codes: np.ndarray, actual: np.ndarray, expected: np.ndarray) -> list[Slice]:
    """Find root causes with the published settings: risk .5, explanatory power 2%."""
    leaves = leaves_of(codes, actual, expected)
    search = Search(least=POWER * leaves.power[leaves.abnormal].sum())
    causes: list[Slice] = []
    while leaves.power[leaves.abnormal].sum() >= search.least:
        cause = best_cause(leaves, search)
        if cause is None:
            break
        causes.append(cause)
        leaves = leaves.where(~inside(leaves, cause))
    return causes


def inside(leaves: Leaves, cause: Slice) -> np.ndarray:
    return np.logical_and.reduce([leaves.codes[:, d] == code for d, code in cause])


def best_cause(leaves: Leaves, search: Search) -> Slice | None:
    dims = leaves.codes.shape[1]
    for layer in range(1, dims + 1):
        best, found = search.least, None
        for cuboid in combinations(range(dims), layer):
            part = leaves.where(~pruned(leaves, cuboid, search))
            for power, cause in elements(part, cuboid, search):
                if power <= best:
                    break
                if risk(part.where(inside(part, cause))) >= RISK:
                    best, found = power, cause
                    break
        if found is not None:
            return found
    return None


def pruned(leaves: Leaves, cuboid: tuple[int, ...], search: Search) -> np.ndarray:
    out = np.zeros(len(leaves.codes), bool)
    for d in cuboid:
        if search.pruned.get(d):
            out |= np.isin(leaves.codes[:, d], list(search.pruned[d]))
    return out


def elements(
    leaves: Leaves, cuboid: tuple[int, ...], search: Search
) -> Iterator[tuple[float, Slice]]:
    """Give the slices of one combination that hold abnormal cells, most power first."""
    if not len(leaves.codes):
        return
    values, place = np.unique(leaves.codes[:, list(cuboid)], axis=0, return_inverse=True)
    place = place.ravel()
    power = np.bincount(place, leaves.power)
    abnormal = np.bincount(place, leaves.abnormal)
    if len(cuboid) == 1:
        positive = np.bincount(place, np.maximum(leaves.power, 0))
        hopeless = (positive < search.least) | (abnormal == 0)
        search.pruned.setdefault(cuboid[0], set()).update(values[hopeless, 0].tolist())
    for at in np.argsort(-power):
        if abnormal[at] > 0:
            yield float(power[at]), tuple(zip(cuboid, values[at].tolist(), strict=True))


def risk(part: Leaves) -> float:
    bad = part.weight[part.abnormal].sum()
    high = bad / (bad + part.weight[~part.abnormal].sum() + 1)
    held = part.where((part.actual != 0) & (part.expected != 0))
    if not len(held.codes):
        return float(high)
    rippled = held.expected * held.actual.sum() / held.expected.sum()
    misfit = np.abs(2 * (rippled - held.actual) / (rippled + held.actual)).mean()
    moved = np.abs(held.deviation).mean()
    return float(high - (misfit / moved if moved else 0.0))
