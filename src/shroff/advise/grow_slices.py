"""Every slice of ads by some columns, today's action and band of the score, at every grain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from shroff.advise.grow_reading import Growing, GrowRows
from shroff.measure.frame import ACTIONS
from shroff.stats.dense import Flags, Ints, add_up
from shroff.stats.proportions import Floats
from shroff.stats.score_cells import BINS, PLACES
from shroff.stats.simultaneous import SliceLabels

__all__ = ["GrowSlice", "GrowSlices", "SliceCounts", "bands_of", "slices_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowSlice:
    """One slice.

    Parameters
    ----------
    terms : tuple of (str, str)
        Columns and values; none for all ads.
    action : str
        Today's action.
    band : tuple of (int, int)
        Scores in thousandths, from the first on and under the second.
    """

    terms: tuple[tuple[str, str], ...]
    action: str
    band: tuple[int, int]

    def shares_ads_with(self, other: GrowSlice) -> bool:
        """Tell whether an ad can be in both."""
        mine, theirs = dict(self.terms), dict(other.terms)
        apart = any(theirs.get(name, value) != value for name, value in mine.items())
        over = self.band[0] < other.band[1] and other.band[0] < self.band[1]
        return self.action == other.action and over and not apart

    @property
    def where(self) -> str:
        """Name the columns and values; empty for all ads."""
        return ", ".join(f"{name}={value}" for name, value in self.terms)

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        low, high = (each / BINS for each in self.band)
        return {"where": dict(self.terms), "action": self.action, "from": low, "to": high}


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceCounts:
    """What was counted in each slice.

    Parameters
    ----------
    ads : array of shape (G,)
        Ads.
    decided, found : array of shape (G,)
        Ads that people decided in queues, and those that they found violating.
    """

    ads: Floats
    decided: Floats
    found: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowSlices:
    """All slices with ads.

    Parameters
    ----------
    slices : tuple of GrowSlice
        The slices.
    labels : SliceLabels
        Labels of them; hits are the violating ones.
    counts : SliceCounts
        Ads of them.
    """

    slices: tuple[GrowSlice, ...]
    labels: SliceLabels
    counts: SliceCounts

    def __len__(self) -> int:
        """Count the slices."""
        return len(self.slices)

    def of(self, action: str) -> Flags:
        """Say which slices are of an action."""
        return np.array([each.action == action for each in self.slices], dtype=bool)

    def alike(self) -> Ints:
        """Give each slice the number of its kind: same action, same band."""
        kinds: dict[tuple[str, tuple[int, int]], int] = {}
        told = [kinds.setdefault((each.action, each.band), len(kinds)) for each in self.slices]
        return np.array(told, dtype=np.intp)


def bands_of(width: float) -> tuple[int, ...]:
    """Give the edges of score bands in thousandths.

    Parameters
    ----------
    width : float
        Width of a band, in (0, 1].

    Returns
    -------
    tuple of int
        Edges from 0 to 1000.
    """
    step = max(round(width * BINS), 1)
    return (*range(0, BINS, step), BINS)


def slices_of(found: Growing, *, edges: Sequence[int]) -> GrowSlices:
    """Cut ads and labels into slices, at every grain.

    Parameters
    ----------
    found : Growing
        What was read.
    edges : sequence of int
        Edges of score bands.

    Returns
    -------
    GrowSlices
        Slices by every set of the columns, the empty one included, times action, times band.
    """
    cutting = _Cutting(found, np.asarray(edges))
    ads, labels, decided = (
        cutting.rows(each) for each in (found.ads, found.labels, found.decided)
    )
    used, which = np.unique(ads[0], return_inverse=True)
    size = len(used)
    mine = np.isin(labels[0], used)
    group, row = np.searchsorted(used, labels[0][mine]), labels[1][mine]
    people = np.isin(decided[0], used)
    place = np.searchsorted(used, decided[0][people])
    seen = decided[1][people]
    return GrowSlices(
        slices=tuple(cutting.slice(int(code)) for code in used),
        labels=SliceLabels(
            group=group,
            stratum=found.stratum[row],
            hit=found.violating[row],
            n=found.labels.n[row],
            w=found.w[row],
            w2=found.w2[row],
            cluster=None if found.cluster is None else found.cluster[row],
        ),
        counts=SliceCounts(
            ads=add_up(which, found.ads.n[ads[1]], size=size),
            decided=add_up(place, found.decided.n[seen], size=size),
            found=add_up(place, found.found[seen], size=size),
        ),
    )


class _Cutting:
    """Codes of slices: (grain and values, action, band)."""

    def __init__(self, found: Growing, edges: Ints) -> None:
        self.edges = edges
        self.terms: list[tuple[tuple[str, str], ...]] = []
        self.of_cell: list[Ints] = []
        places: dict[tuple[tuple[str, str], ...], int] = {}
        columns = range(len(found.by))
        grains = [
            each for size in range(len(found.by) + 1) for each in combinations(columns, size)
        ]
        for grain in grains:
            mine = [tuple((found.by[k], cell[k]) for k in grain) for cell in found.cells]
            codes = [places.setdefault(each, len(places)) for each in mine]
            self.of_cell.append(np.array(codes, dtype=np.intp))
        self.terms = list(places)

    def rows(self, rows: GrowRows) -> tuple[Ints, Ints]:
        """Give the slice of every row at every grain, and which row it is."""
        score = np.clip(rows.place - 1, 0, BINS - 1)
        band = np.searchsorted(self.edges, score, side="right") - 1
        inside = (rows.place > 0) & (rows.place < PLACES - 1)
        index = np.flatnonzero(inside).astype(np.intp)
        width = len(self.edges) - 1
        tail = (rows.action * width + band)[index]
        codes = [cells[rows.cell[index]] * (len(ACTIONS) * width) + tail for cells in self.of_cell]
        return np.concatenate(codes), np.tile(index, len(self.of_cell))

    def slice(self, code: int) -> GrowSlice:
        """Read a code."""
        width = len(self.edges) - 1
        rest, band = divmod(code, width)
        terms, action = divmod(rest, len(ACTIONS))
        ends = int(self.edges[band]), int(self.edges[band + 1])
        return GrowSlice(terms=self.terms[terms], action=ACTIONS[action], band=ends)
