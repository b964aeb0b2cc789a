"""Operating points: the thresholds a team would choose between, with what each catches and takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from shroff.domain.messages import Message
from shroff.errors import ConfigError
from shroff.measure.frame import ACTIONS
from shroff.stats.estimate import Estimate, Estimates, Status
from shroff.stats.score_cells import BINS
from shroff.stats.score_curves import Thresholds

__all__ = ["Point", "chosen_points", "estimate_record"]


def estimate_record(estimate: Estimate) -> dict[str, object]:
    """Give a figure of a curve as a JSON-ready record, without what all of them share."""
    return {
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "status": str(estimate.status),
        "method": estimate.method,
        "n": estimate.n,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One threshold to choose.

    Parameters
    ----------
    name : Message
        Why it is a candidate.
    threshold : float or None
        Ads with this score or more are flagged; None where no threshold meets the bar.
    sure_at : float or None
        Threshold at which the band itself meets the bar; None where none does, or without a bar.
    precision, recall, fpr : Estimate or None
        What it catches; the ends hold at all thresholds at once.
    ads, ads_per_day : float
        Ads from it up.
    review, reject : int
        Of those, the ads under the reject line and from it up.
    now : mapping
        What the machine did with them, by action.
    """

    name: Message
    threshold: float | None
    sure_at: float | None = None
    precision: Estimate | None = None
    recall: Estimate | None = None
    fpr: Estimate | None = None
    ads: int = 0
    ads_per_day: float = 0.0
    review: int = 0
    reject: int = 0
    now: Mapping[str, int] | None = None

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        figures = {"precision": self.precision, "recall": self.recall, "fpr": self.fpr}
        return {
            "point": self.name.record(),
            "threshold": self.threshold,
            "sure_at": self.sure_at,
            **{k: None if e is None else estimate_record(e) for k, e in figures.items()},
            "ads": self.ads,
            "ads_per_day": self.ads_per_day,
            "review": self.review,
            "reject": self.reject,
            "now": dict(self.now or {}),
        }


def chosen_points(
    found: Thresholds,
    *,
    volume: np.ndarray,
    bars: Mapping[str, Sequence[float]],
    reject_at: float | None,
    days: int,
    status: Status,
) -> tuple[tuple[Point, ...], float | None]:
    """Find the thresholds that meet bars, and the one of the best balance.

    Parameters
    ----------
    found : Thresholds
        The three figures everywhere.
    volume : array of shape (4, 1000)
        Ads from each threshold up by machine action.
    bars : mapping
        For ``precision`` and ``recall``, the bars.
    reject_at : float or None
        Threshold from which ads would be rejected; None to find it.
    days : int
        Days of the period.
    status : Status
        What the figures are worth.

    Returns
    -------
    tuple of Point, float or None
        The points, and the reject line.

    Raises
    ------
    ConfigError
        If a bar or line is not between 0 and 1.
    """
    for bar in (*bars["precision"], *bars["recall"], *([] if reject_at is None else [reject_at])):
        if not 0 < bar < 1:
            raise ConfigError(f"{bar:g} is not between 0 and 1", hint=f"write {bar / 100:g}")
    picked: list[tuple[Message, int | None, int | None]] = []
    for bar in sorted(bars["precision"]):
        name = Message("curves.point.precision", {"bar": f"{100 * bar:.4g}%"})
        picked.append((name, *_lowest(found.precision, bar)))
    line = reject_at
    if line is None:
        met = [at for _, at, _ in picked if at is not None]
        line = met[-1] / BINS if met else None
    for bar in sorted(bars["recall"], reverse=True):
        name = Message("curves.point.recall", {"bar": f"{100 * bar:.4g}%"})
        picked.append((name, *_highest(found.recall, bar)))
    picked.append((Message("curves.point.balance"), _balance(found), None))
    work = _Work(found, volume, line, days, status)
    return tuple(work.point(*each) for each in picked), line


def _lowest(figures: Estimates, bar: float) -> tuple[int | None, int | None]:
    """Find the lowest threshold whose figure meets a bar, and whose band does."""
    return _first(figures.value >= bar), _first(figures.low >= bar)


def _highest(figures: Estimates, bar: float) -> tuple[int | None, int | None]:
    met, sure = _first(figures.value[::-1] >= bar), _first(figures.low[::-1] >= bar)
    return _turned(met), _turned(sure)


def _turned(place: int | None) -> int | None:
    return None if place is None else BINS - 1 - place


def _first(held: np.ndarray) -> int | None:
    return int(np.argmax(held)) if held.any() else None


def _balance(found: Thresholds) -> int | None:
    """Find the threshold at which the harmonic mean of precision and recall is largest."""
    precision, recall = (np.nan_to_num(each.value) for each in (found.precision, found.recall))
    both = precision + recall
    score = np.divide(2 * precision * recall, both, out=np.zeros(BINS), where=both > 0)
    return int(np.argmax(score)) if score.any() else None


@dataclass(frozen=True, slots=True)
class _Work:
    found: Thresholds
    volume: np.ndarray
    line: float | None
    days: int
    status: Status

    def point(self, name: Message, at: int | None, sure: int | None) -> Point:
        """Tell what one threshold catches and takes."""
        if at is None:
            return Point(name=name, threshold=None)
        flagged = self.volume.sum(axis=0)
        ads = int(flagged[at])
        reject = 0
        if self.line is not None:
            reject = int(flagged[max(at, round(self.line * BINS))])
        return Point(
            name=name,
            threshold=at / BINS,
            sure_at=None if sure is None else sure / BINS,
            precision=self._at(self.found.precision, at),
            recall=self._at(self.found.recall, at),
            fpr=self._at(self.found.fpr, at),
            ads=ads,
            ads_per_day=ads / self.days,
            review=ads - reject,
            reject=reject,
            now={name: int(self.volume[code, at]) for code, name in enumerate(ACTIONS)},
        )

    def _at(self, figures: Estimates, at: int) -> Estimate:
        return replace(figures.at(at, status=self.status), caveats=())
