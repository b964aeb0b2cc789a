"""Drift as values and as sentences: how far what comes in moved, and what that does to precision and recall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from shroff.domain.messages import Message, percent
from shroff.domain.slices import Period
from shroff.stats.estimate import Estimate
from shroff.store.catalog_findings import Finding, finding_id

__all__ = ["LINKED", "Drift", "Link", "PartKind", "Shift", "Size", "told_points"]

LINKED = ("violating_share", "reject_precision", "machine_recall")
"""What drift is linked to: violating among all ads, among rejected ones, and acted on among violating."""

_SMALL, _LARGE = 0.1, 0.25
_NONE = 1e-9  # a distance of nothing, as floating point adds it up


class PartKind(StrEnum):
    """What moved."""

    COLUMN = "column"
    TEXT = "text"
    SCORE = "score"
    REVIEWERS = "reviewers"


class Size(StrEnum):
    """How far: not beyond chance, or by the usual marks 0.1 and 0.25 of the stability index.

    Of a share, by the marks 0.2 and 0.5 of Cohen's h.
    """

    STEADY = "steady"
    SMALL = "small"
    MODERATE = "moderate"
    LARGE = "large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How far one thing moved.

    Parameters
    ----------
    name : str
        Column, model, or group of reviewers.
    kind : PartKind
        What it is.
    effect : Estimate
        Population stability index, its bias taken off; of reviewers, Cohen's h of the share they
        find violating.
    others : mapping of str to Estimate
        Further distances: ``total_variation``; of scores ``wasserstein``, ``mean`` and ``ks``.
    moved : tuple of (str, float, float)
        Values whose share moved most: share before, and after.
    """

    name: str
    kind: PartKind
    effect: Estimate
    others: Mapping[str, Estimate]
    moved: tuple[tuple[str, float, float], ...]

    @property
    def size(self) -> Size:
        """Tell how far it moved."""
        value, low, high = self.effect.value, self.effect.low, self.effect.high
        if value is None or low is None or high is None or (low <= _NONE and high >= -_NONE):
            return Size.STEADY
        marks = (0.2, 0.5) if self.kind is PartKind.REVIEWERS else (_SMALL, _LARGE)
        far = abs(value)
        return Size.SMALL if far < marks[0] else Size.MODERATE if far < marks[1] else Size.LARGE

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "name": self.name,
            "kind": self.kind.value,
            "size": self.size.value,
            "effect": _record(self.effect),
            "others": {name: _record(each) for name, each in self.others.items()},
            "moved": [
                {"value": value, "before": before, "after": after}
                for value, before, after in self.moved
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a drift does to a share.

    Parameters
    ----------
    share : str
        One of `LINKED`.
    by : str
        Column, or ``score``.
    before, after : float
        The share in the two periods.
    change, mix, rate : Estimate
        Its change; the part that the new mix explains, every value keeping its own share; and the
        rest: by score, what changed at the same scores, which is calibration drift.
    labels : int
        Labels in its denominator.
    """

    share: str
    by: str
    before: float
    after: float
    change: Estimate
    mix: Estimate
    rate: Estimate
    labels: int

    def sentence(self) -> Message:
        """Say it in a sentence."""
        return Message(
            "drift.link",
            {
                "share": _both(f"drift.share.{self.share}"),
                "before": percent(self.before),
                "after": percent(self.after),
                "by": self.by,
                "mix": told_points(self.mix),
                "rate": told_points(self.rate),
                "change": told_points(self.change),
            },
        )

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "share": self.share,
            "by": self.by,
            "before": self.before,
            "after": self.after,
            "change": _record(self.change),
            "mix": _record(self.mix),
            "rate": _record(self.rate),
            "labels": self.labels,
            "sentence": self.sentence().record(),
        }


def told_points(estimate: Estimate) -> str:
    """Write a difference of shares in points, with its interval."""
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return "–"
    return f"{100 * estimate.value:+.1f} ({100 * estimate.low:+.1f} … {100 * estimate.high:+.1f})"


def _both(key: str) -> str:
    message = Message(key).record()
    return f"{message['en']}|{message['zh']}"


def _record(estimate: Estimate) -> dict[str, object]:
    return {
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "level": estimate.level,
        "n": estimate.n,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """What moved between two periods.

    Parameters
    ----------
    period, background : Period
        The later and the earlier period.
    level : float
        Coverage of the intervals.
    shifts : tuple of Shift
        What moved, farthest first.
    links : tuple of Link
        What that does to shares.
    notes : tuple of Message
        What to know of it.
    snapshot : mapping
        Version of the lake each table was read at.
    """

    period: Period
    background: Period
    level: float
    shifts: tuple[Shift, ...]
    links: tuple[Link, ...]
    notes: tuple[Message, ...]
    snapshot: Mapping[str, int]

    def summary(self) -> Message:
        """Say in a sentence what moved."""
        far = [each for each in self.shifts if each.size is not Size.STEADY]
        return Message(
            "drift.summary" if far else "drift.none",
            {
                "period": self.period.label(),
                "background": self.background.label(),
                "looked_at": len(self.shifts),
                "moved": len(far),
                "first": far[0].name if far else "",
            },
        )

    def told(self) -> tuple[Link, ...]:
        """List of each share the links by score, and by what moved and explains most."""
        moved = {each.name for each in self.shifts if each.size is not Size.STEADY}
        found: list[Link] = []
        for share in LINKED:
            mine = [each for each in self.links if each.share == share]
            found += [each for each in mine if each.by == "score"]
            others = [each for each in mine if each.by != "score" and each.by in moved]
            found += sorted(others, key=lambda each: -abs(each.mix.value or 0.0))[:1]
        return tuple(found)

    def findings(self) -> tuple[Finding, ...]:
        """Give what moved moderately or far as findings of the catalog."""
        onset = str(self.period.start)
        return tuple(
            Finding(
                id=finding_id("drift", f"{each.kind}:{each.name}", onset=onset),
                kind="drift",
                subject=each.name,
                detail={"since": onset, **each.record()},
            )
            for each in self.shifts
            if each.size in {Size.MODERATE, Size.LARGE}
        )

    def record(self) -> dict[str, object]:
        """Give everything as a JSON-ready record."""
        return {
            "period": {"start": str(self.period.start), "end": str(self.period.end)},
            "background": {"start": str(self.background.start), "end": str(self.background.end)},
            "level": self.level,
            "shifts": [each.record() for each in self.shifts],
            "links": [each.record() for each in self.links],
            "notes": [note.record() for note in self.notes],
            "snapshot": dict(self.snapshot),
        }

    def to_arrow(self) -> pa.Table:
        """Give the shifts as an Arrow table, one row each."""
        rows = [
            {
                "name": each.name,
                "kind": each.kind.value,
                "size": each.size.value,
                "effect": each.effect.value,
                "effect_low": each.effect.low,
                "effect_high": each.effect.high,
                "n": each.effect.n,
            }
            for each in self.shifts
        ]
        texts = {"name", "kind", "size"}
        names = ("name", "kind", "size", "effect", "effect_low", "effect_high", "n")
        kinds = [pa.string() if n in texts else pa.float64() for n in names[:-1]]
        return pa.Table.from_pylist(
            rows, schema=pa.schema(list(zip(names, [*kinds, pa.int64()], strict=True)))
        )
