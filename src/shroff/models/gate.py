"""May a challenger take the champion's place? A gate for CI that fails only beyond noise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from shroff.domain.messages import Message
from shroff.domain.slices import Slice
from shroff.errors import ConfigError, DesignError
from shroff.measure.blocks import Figure
from shroff.models.gold_labels import SlicedGold
from shroff.models.golden_results import GoldenResults, paired_with, results_of
from shroff.models.judge_answers import Answer, Judge
from shroff.stats.estimate import Estimate
from shroff.stats.regression_gate import Drop, drop_of, each_level, shortfall_of

__all__ = ["METRICS", "Gate", "GateAsked", "GateCheck", "gate_of", "in_points"]

METRICS = {"recall": True, "precision": True, "fpr": False, "no_answer": False}
"""What a gate can check, and whether more is better."""

_LEAST_JUDGED = 0.95
_Answers = Mapping[tuple[str, int], Sequence[Answer]]


@dataclass(frozen=True, slots=True, kw_only=True)
class GateAsked:
    """What a gate checks.

    Parameters
    ----------
    metrics : tuple of str
        Metrics on which the challenger may not be worse.
    margins : mapping
        How much worse it may be, by metric; nothing where none is named.
    floors : mapping
        Bars for the challenger's own figures: floors of recall and precision, ceilings of the
        false-positive rate and of ads without an answer.
    matters : float
        Regression beyond the margin that the gate should be able to see.
    alpha : float
        Chance that the gate fails although nothing is worse.

    Raises
    ------
    ConfigError
        If a metric or a number is not one.
    """

    metrics: tuple[str, ...] = ("recall", "precision", "no_answer")
    margins: Mapping[str, float] = field(default_factory=dict[str, float])
    floors: Mapping[str, float] = field(default_factory=dict[str, float])
    matters: float = 0.05
    alpha: float = 0.05

    def __post_init__(self) -> None:
        for name in (*self.metrics, *self.margins, *self.floors):
            if name not in METRICS:
                raise ConfigError(
                    f"a gate cannot check {name!r}", hint=f"choose of: {', '.join(METRICS)}"
                )
        numbers = (*self.margins.values(), *self.floors.values(), self.matters)
        if any(not 0 <= number <= 1 for number in numbers) or self.matters == 0:
            raise ConfigError(
                "a margin, floor or regression that is no share",
                hint="such as --margin recall=0.02 --floor precision=0.8 --matters 0.05",
            )
        strange = [name for name in self.margins if name not in self.metrics]
        if strange:
            raise ConfigError(
                f"a margin for {strange[0]}, which is not checked",
                hint=f"add --metric {strange[0]}",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class GateCheck:
    """One check.

    Parameters
    ----------
    kind : str
        ``worse`` than the champion, or beyond its ``floor``.
    metric : str
        The metric.
    slice : Slice
        Of which ads.
    bar : float
        Margin or floor.
    champion, challenger : Estimate or None
        Both figures; the champion's is None where only a floor is checked.
    drop : Drop or None
        The check; None where nothing is known.
    labels : int
        Labels that the figure rests on.
    """

    kind: str
    metric: str
    slice: Slice
    bar: float
    champion: Estimate | None
    challenger: Estimate
    drop: Drop | None
    labels: int

    def too_small(self, matters: float) -> bool:
        """Tell whether a regression that matters could have gone unseen."""
        if self.drop is None:
            return True
        slack = self.bar if self.kind == "worse" else 0.0
        return not self.drop.fails and self.drop.smallest - slack > matters

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "kind": self.kind,
            "metric": self.metric,
            "slice": self.slice.record(),
            "bar": self.bar,
            "champion": None if self.champion is None else self.champion.value,
            "challenger": self.challenger.value,
            "labels": self.labels,
            **(asdict(self.drop) if self.drop else dict.fromkeys(Drop.__slots__)),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What a gate says.

    Parameters
    ----------
    asked : GateAsked
        What was checked.
    challenger, champion : Judge
        The versions.
    golden : str
        The golden set with its revision and hash.
    both : int
        Ads that both judged.
    level : float
        Level of each interval.
    checks : tuple of GateCheck
        The checks.
    notes : tuple of Message
        What to know.
    """

    asked: GateAsked
    challenger: Judge
    champion: Judge
    golden: str
    both: int
    level: float
    checks: tuple[GateCheck, ...]
    notes: tuple[Message, ...] = ()

    @property
    def failed(self) -> tuple[GateCheck, ...]:
        """List what is worse beyond noise."""
        return tuple(each for each in self.checks if each.drop is not None and each.drop.fails)

    @property
    def blind(self) -> tuple[GateCheck, ...]:
        """List the checks that could not have seen a regression that matters."""
        return tuple(each for each in self.checks if each.too_small(self.asked.matters))

    @property
    def verdict(self) -> str:
        """Say ``fail``, ``pass``, or ``too_small`` where it passes and could have been blind."""
        if self.failed:
            return "fail"
        return "too_small" if self.blind else "pass"

    def text(self) -> Message:
        """Say it in a sentence."""
        told: dict[str, str | int | float | None] = {
            "challenger": self.challenger.label,
            "champion": self.champion.label,
            "golden": self.golden,
            "ads": self.both,
            "checks": len(self.checks),
            "failed": len(self.failed),
            "blind": len(self.blind),
            "matters": in_points(self.asked.matters),
        }
        return Message(f"gate.{self.verdict}", told)

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "verdict": self.verdict,
            "challenger": self.challenger.record(),
            "champion": self.champion.record(),
            "golden": self.golden,
            "judged_by_both": self.both,
            "alpha": self.asked.alpha,
            "level": self.level,
            "matters": self.asked.matters,
            "checks": [each.record() for each in self.checks],
            "text": self.text().record(),
            "notes": [note.record() for note in self.notes],
        }


def in_points(share: float) -> str:
    """Write a share as percentage points, without a sign."""
    return f"{100 * share:.3g}"


def gate_of(
    cut: SlicedGold,
    answers: tuple[_Answers, _Answers],
    judges: tuple[Judge, Judge],
    *,
    asked: GateAsked,
    golden: str,
    notes: Sequence[Message] = (),
) -> Gate:
    """Hold a challenger against the champion.

    Parameters
    ----------
    cut : SlicedGold
        The golden ads.
    answers : tuple of mapping
        What the challenger and the champion said.
    judges : tuple of Judge
        The challenger and the champion.
    asked : GateAsked
        What to check.
    golden : str
        The set with its revision and hash.
    notes : sequence of Message
        What is known of the set.

    Returns
    -------
    Gate
        Every check.

    Raises
    ------
    DesignError
        If one of the two judged too few of the ads.
    """
    slices = len(cut.slices)
    level = each_level(asked.alpha, slices * (len(asked.metrics) + len(asked.floors)))
    said = tuple(cut.said(a, j) for a, j in zip(answers, judges, strict=True))
    paired = paired_with(cut, said[0], said[1], other=judges[1], level=level)
    _require_judged(cut, paired.both, judges)
    own = (
        results_of(cut, answers[0], judges[0], golden=golden, level=level),
        results_of(cut, answers[1], judges[1], golden=golden, level=level),
    )
    differences = {(f.metric, f.slice): f for f in paired.figures}
    checks = [
        _worse(differences.get((metric, part)), metric, part, own=own, asked=asked)
        for part in cut.slices
        for metric in asked.metrics
    ]
    checks += [
        _floor(own[0], metric, part, floor=floor, asked=asked)
        for part in cut.slices
        for metric, floor in asked.floors.items()
    ]
    return Gate(
        asked=asked,
        challenger=judges[0],
        champion=judges[1],
        golden=golden,
        both=paired.both,
        level=level,
        checks=tuple(each for each in checks if each is not None),
        notes=tuple(notes),
    )


def _require_judged(cut: SlicedGold, both: int, judges: tuple[Judge, Judge]) -> None:
    items = int((cut.group == 0).sum())
    if both < _LEAST_JUDGED * items:
        raise DesignError(
            f"{judges[0].label} and {judges[1].label} both judged {both} of {items} golden ads",
            hint="a gate needs both to have judged nearly all: who is left out may be the hard ones",
        )


def _worse(
    difference: Figure | None,
    metric: str,
    part: Slice,
    *,
    own: tuple[GoldenResults, GoldenResults],
    asked: GateAsked,
) -> GateCheck | None:
    mine, theirs = (each.find(metric, part) for each in own)
    if mine is None or theirs is None:
        return None
    margin = asked.margins.get(metric, 0.0)
    drop = None
    if difference is not None:
        # what labels would be needed goes by those of the figure, not by those that differ
        drop = drop_of(
            replace(_with_doubt(difference.estimate, mine), n=min(mine.n, theirs.n)),
            higher_is_better=METRICS[metric],
            margin=margin,
            matters=asked.matters,
        )
    return GateCheck(
        kind="worse",
        metric=metric,
        slice=part,
        bar=margin,
        champion=theirs,
        challenger=mine,
        drop=drop,
        labels=min(mine.n, theirs.n),
    )


def _with_doubt(difference: Estimate, own: Estimate) -> Estimate:
    """Where the two never differ, doubt the difference as much as the figure itself."""
    value, width = difference.value, difference.width
    if width != 0 or value is None or own.value is None:
        return difference
    fall, rise = own.value - (own.low or 0.0), (own.high or own.value) - own.value
    reach = max(fall, rise)
    return replace(difference, low=value - reach, high=value + reach)


def _floor(
    own: GoldenResults, metric: str, part: Slice, *, floor: float, asked: GateAsked
) -> GateCheck | None:
    mine = own.find(metric, part)
    if mine is None:
        return None
    drop = shortfall_of(mine, higher_is_better=METRICS[metric], floor=floor, matters=asked.matters)
    return GateCheck(
        kind="floor",
        metric=metric,
        slice=part,
        bar=floor,
        champion=None,
        challenger=mine,
        drop=drop,
        labels=mine.n,
    )
