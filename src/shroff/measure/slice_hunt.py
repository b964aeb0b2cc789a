"""From labels to the slices that are worse than the rest: searched, thinned out, confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from shroff.domain.messages import Message
from shroff.errors import DesignError
from shroff.measure.slice_findings import Standing
from shroff.measure.slice_labels import Labels
from shroff.measure.slice_windows import Reading, Window, figures_of
from shroff.stats.compare import holm
from shroff.stats.dense import Ints
from shroff.stats.estimate import Estimates
from shroff.stats.lattice import CodedLabels, sums_of
from shroff.stats.proportions import Floats
from shroff.stats.slice_pooling import pooled
from shroff.stats.slice_search import Apart, SliceSearch, apart, search
from shroff.stats.slice_tests import log_p_values, shuffle_of

__all__ = ["Caught", "Hunt", "hunt"]

_FEWEST, _PART = 20, 1000
_MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Caught:
    """Slices worth reading, arrays of shape (slices,).

    Parameters
    ----------
    terms : tuple
        Each as pairs of column and code.
    searched, later : Window
        Their figures from the labels searched, and from those held out.
    pooled : array
        The metric as the search tells, drawn towards what the slices around make of it.
    adjusted : array
        P-values of the search, adjusted for all slices looked at.
    confirmation : array
        P-values of the held-out labels, adjusted for all these slices; NaN without such labels.
    standing : tuple of Standing
        What held-out labels say.
    explains : tuple of int
        Further slices found that are no longer worse without its labels.
    """

    terms: tuple[tuple[tuple[int, int], ...], ...]
    searched: Window
    later: Window
    pooled: Floats
    adjusted: Floats
    confirmation: Floats
    standing: tuple[Standing, ...]
    explains: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunt:
    """What a search came to.

    Parameters
    ----------
    everything : Estimates
        The metric over all labels; one figure.
    labels : tuple of int
        Labels in the denominator that were searched, and held out.
    least : int
        Fewest labels of a slice.
    looked_at, found, unlisted : int
        Slices looked at; found to be worse; neither listed nor explained by one that is.
    caught : Caught or None
        The slices worth reading; None where there is none.
    notes : tuple of Message
        What kept slices from being looked at.
    """

    everything: Estimates
    labels: tuple[int, int]
    least: int
    looked_at: int = 0
    found: int = 0
    unlisted: int = 0
    caught: Caught | None = None
    notes: tuple[Message, ...] = ()


def hunt(
    labels: Labels, reading: Reading, *, depth: int, false_share: float, level: float
) -> Hunt:
    """Search some of the labels, and confirm with the others.

    Parameters
    ----------
    labels : Labels
        Labels, those held out among them.
    reading : Reading
        The metric.
    depth : int
        Most columns of a slice.
    false_share : float
        Share of false ones among the slices found that is allowed, on average, in (0, 1).
    level : float
        Coverage of intervals; findings are confirmed at one less it, all together.

    Returns
    -------
    Hunt
        The slices that are worse than the rest.

    Raises
    ------
    DesignError
        If there are no labels to search, none has a weight, or all come from one cluster.
    """
    windows = _Windows(labels.window(held=False), labels.window(held=True), reading, level)
    ours, theirs = windows.coded()
    if not len(ours):
        raise DesignError(
            "no label is in the metric's denominator",
            hint="choose a longer period, or draw labels: shroff labels plan",
        )
    least = max(_FEWEST, -(-len(ours) // _PART))
    plain = Hunt(
        everything=figures_of(labels, reading, terms=(), level=level).everything,
        labels=(len(ours), len(theirs)),
        least=least,
    )
    one_class = _one_class(ours)
    if one_class is not None:
        return replace(plain, notes=(one_class,))
    result = search(ours, depth=depth, least=least, false_share=false_share)
    chosen, unlisted = apart(result, ours, most=_MOST)
    return replace(
        plain,
        looked_at=result.looked_at,
        found=len(result.found()),
        unlisted=unlisted,
        caught=windows.caught(result, chosen, theirs) if chosen else None,
        notes=_notes(labels, result, least=least, count=len(ours)),
    )


def _one_class(labels: CodedLabels) -> Message | None:
    """Tell when there is nothing to search: no label is an error, or every one is."""
    weighed = labels.error[labels.w > 0]
    if not len(weighed):
        return None  # the search says what is wrong with weights
    if weighed.all():
        return Message("slices.all_errors", {"labels": len(labels)})
    return None if weighed.any() else Message("slices.no_error", {"labels": len(labels)})


def _notes(labels: Labels, result: SliceSearch, *, least: int, count: int) -> tuple[Message, ...]:
    single = [n for n, w in zip(labels.names, labels.words, strict=True) if len(w) <= 1]
    notes: list[Message] = []
    if single:
        notes.append(Message("slices.one_value", {"names": ", ".join(single)}))
    if not result.looked_at:
        notes.append(Message("slices.too_few", {"least": least, "labels": count}))
    return tuple(notes)


@dataclass(frozen=True, slots=True)
class _Windows:
    """The labels searched and those held out, and how they are read."""

    seen: Labels
    kept: Labels
    reading: Reading
    level: float

    def coded(self) -> tuple[CodedLabels, CodedLabels]:
        return self.reading.coded(self.seen), self.reading.coded(self.kept)

    def caught(self, result: SliceSearch, chosen: Sequence[Apart], theirs: CodedLabels) -> Caught:
        places = np.array([each.place for each in chosen], np.intp)
        terms = tuple(result.lattice.terms(each.place) for each in chosen)
        searched, later = (
            figures_of(labels, self.reading, terms=terms, level=self.level)
            for labels in (self.seen, self.kept)
        )
        shrunk = pooled(result.lattice, result.sums, share=result.shuffle.share)
        errors = shrunk.value[places]
        confirmation = _confirmation(result, theirs, places)
        return Caught(
            terms=terms,
            searched=searched,
            later=later,
            pooled=self.reading.as_metric(errors),
            adjusted=result.adjusted[places],
            confirmation=confirmation,
            standing=self._standings(confirmation, later.inside, errors=errors),
            explains=tuple(each.explains for each in chosen),
        )

    def _standings(
        self, confirmation: Floats, later: Estimates, *, errors: Floats
    ) -> tuple[Standing, ...]:
        best = later.high if self.reading.low_is_good else 1 - later.low
        confirmed = np.nan_to_num(confirmation, nan=1.0) <= 1 - self.level
        faded = np.nan_to_num(best, nan=1.0) < errors
        return tuple(
            Standing.CONFIRMED if sure else Standing.FADED if less else Standing.OPEN
            for sure, less in zip(confirmed, faded, strict=True)
        )


def _confirmation(result: SliceSearch, theirs: CodedLabels, places: Ints) -> Floats:
    """Test the slices chosen once more, with labels that did not choose them."""
    if not (theirs.w[theirs.error] > 0).any():
        return np.full(len(places), np.nan if not len(theirs) else 1.0)
    sums = sums_of(result.lattice, theirs).at(places)
    p = np.exp(log_p_values(sums, shuffle_of(theirs)))
    return holm(np.where(sums.labels > 0, p, np.nan))
