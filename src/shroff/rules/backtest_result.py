"""What a backtest tells: of each rule and of all together, with how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

import pyarrow as pa

from shroff.domain.messages import Message
from shroff.domain.slices import Period, Slice
from shroff.errors import ConfigError
from shroff.measure.families import Query
from shroff.rules.history_counts import Tally
from shroff.rules.rule import Rule
from shroff.stats.estimate import Estimate

__all__ = ["Backtest", "RuleResult", "WrongHits", "estimate_record"]


def estimate_record(estimate: Estimate) -> dict[str, object]:
    """Give a figure as a JSON-ready record."""
    return {
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "level": estimate.level,
        "status": estimate.status.value,
        "method": estimate.method,
        "n": estimate.n,
        "n_effective": estimate.n_effective,
        "design": estimate.design,
        "caveats": [caveat.record() for caveat in estimate.caveats],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleResult:
    """What one rule, or all together, would have done.

    Parameters
    ----------
    rule : Rule or None
        The rule; None for all together.
    pack : str
        Its pack; those of all together, with commas between.
    counts : Tally
        What was counted in full.
    precision : Estimate
        Share of its hits that violate anything.
    on_policy : Estimate
        Share of its hits that violate its policy or one below it.
    new_precision : Estimate
        Of its hits that nothing live caught, the share that violates anything.
    recall, new_recall : Estimate
        Share of the ads that violate its policy (any, for all together) that it hits, and that it
        hits while nothing live caught them.
    labelled : Estimate
        Share of its hits that has a label of a design.
    reviews_per_day : Estimate
        Reviews that it would add a day, or take off.
    hours_per_day : Estimate
        Hours of work that these are.
    wrong_per_day : Estimate
        Compliant ads among its hits a day.
    """

    rule: Rule | None
    pack: str
    counts: Tally
    precision: Estimate
    on_policy: Estimate
    new_precision: Estimate
    recall: Estimate
    new_recall: Estimate
    labelled: Estimate
    reviews_per_day: Estimate
    hours_per_day: Estimate
    wrong_per_day: Estimate

    @property
    def id(self) -> str:
        """The rule's id; empty for all together."""
        return self.rule.id if self.rule else ""

    def figures(self) -> dict[str, Estimate]:
        """Give its figures by name."""
        return {name: getattr(self, name) for name in _FIGURES}

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "rule": self.id or None,
            "version": self.rule.version if self.rule else None,
            "pack": self.pack,
            "policy": (self.rule.policy or None) if self.rule else None,
            "action": str(self.rule.action) if self.rule else None,
            **self.counts.record(),
            "figures": {name: estimate_record(each) for name, each in self.figures().items()},
        }


_FIGURES = (
    "precision", "on_policy", "new_precision", "recall", "new_recall", "labelled",
    "reviews_per_day", "hours_per_day", "wrong_per_day",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WrongHits:
    """Hits of one slice, and the share of them that is compliant.

    Parameters
    ----------
    slice : Slice
        Which ads.
    hits : int
        Hits in it.
    wrong : Estimate
        Share of them that violates nothing.
    """

    slice: Slice
    hits: int
    wrong: Estimate

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "slice": self.slice.record(),
            "hits": self.hits,
            "wrong": estimate_record(self.wrong),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """What rules would have done on the ads of a period.

    Parameters
    ----------
    period : Period
        Days on which the ads were decided.
    packs, against : tuple of str
        Packs with their versions, and those they are held against.
    digest : str
        Names the rules by what they say.
    ads : int
        Decisions of record of the period.
    level : float
        Coverage of the intervals.
    rules : tuple of RuleResult
        The rules in the order of their packs.
    whole : RuleResult
        All together.
    overlaps : tuple of (str, str, int)
        Two rules and the ads that both hit, pairs with most first.
    slices : tuple of WrongHits
        Hits of all rules together by slice, those with most wrong ones first.
    wait_hours : Estimate
        Half of the reviews of the period waited no longer: what an ad that is queued waits.
    minutes : Estimate
        Minutes of work that a review took.
    notes : tuple of Message
        What to know.
    queries : tuple of Query
        The SQL that was run.
    snapshot : mapping
        Version of the lake each table was read at.
    """

    period: Period
    packs: tuple[str, ...]
    against: tuple[str, ...]
    digest: str
    ads: int
    level: float
    rules: tuple[RuleResult, ...]
    whole: RuleResult
    overlaps: tuple[tuple[str, str, int], ...]
    slices: tuple[WrongHits, ...]
    wait_hours: Estimate
    minutes: Estimate
    notes: tuple[Message, ...]
    queries: tuple[Query, ...]
    snapshot: Mapping[str, int]

    @property
    def days(self) -> int:
        """Days of the period."""
        return (self.period.end - self.period.start).days

    def rule(self, rule_id: str) -> RuleResult | None:
        """Find a rule's result."""
        return next((each for each in self.rules if each.id == rule_id), None)

    def only(self, rule_id: str) -> Backtest:
        """Leave out the other rules.

        Parameters
        ----------
        rule_id : str
            The rule.

        Returns
        -------
        Backtest
            The same, with one rule.

        Raises
        ------
        ConfigError
            If there is no such rule.
        """
        found = self.rule(rule_id)
        if found is None:
            known = [each.id for each in self.rules]
            close = get_close_matches(rule_id, known, n=1)
            raise ConfigError(
                f"there is no rule {rule_id!r} in these packs",
                where="rule",
                hint=f"did you mean {close[0]!r}?" if close else "rules: " + ", ".join(known[:20]),
            )
        pairs = tuple(each for each in self.overlaps if rule_id in each[:2])
        return replace(self, rules=(found,), overlaps=pairs)

    def summary(self) -> Message:
        """Say in a sentence what the rules would have done."""
        counts = self.whole.counts
        told = {"rules": len(self.rules), "hits": counts.hits, "ads": self.ads}
        return Message("backtest.summary", {**told, "new": counts.beyond, "days": self.days})

    def flips(self) -> tuple[Message, ...]:
        """Say what would have become of ads."""
        return tuple(
            Message("backtest.flip", {"ads": ads, "was": was, "now": now})
            for flip, ads in self.whole.counts.flips.items()
            for was, now in [flip.split(">")]
        )

    def record(self) -> dict[str, object]:
        """Give everything as a JSON-ready record."""
        return {
            "period": {"start": str(self.period.start), "end": str(self.period.end)},
            "packs": list(self.packs),
            "against": list(self.against),
            "digest": self.digest,
            "ads": self.ads,
            "level": self.level,
            "whole": self.whole.record(),
            "rules": [each.record() for each in self.rules],
            "overlaps": [
                {"first": first, "second": second, "ads": ads}
                for first, second, ads in self.overlaps
            ],
            "slices": [each.record() for each in self.slices],
            "wait_hours": estimate_record(self.wait_hours),
            "minutes_per_review": estimate_record(self.minutes),
            "notes": [note.record() for note in self.notes],
            "snapshot": dict(self.snapshot),
            "queries": [{"title": each.title, "sql": each.sql} for each in self.queries],
        }

    def to_arrow(self) -> pa.Table:
        """Give the rules as an Arrow table, all together in the last row."""
        return pa.Table.from_pylist([_row(each) for each in (*self.rules, self.whole)], _SCHEMA)


_COUNTS = ("hits", "new", "beyond", "advertisers")
_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("rule", "pack", "policy", "action")),
        *((name, pa.int64()) for name in _COUNTS),
        *((name, pa.float64()) for name in ("top_advertiser_share", "impressions", "spend")),
        *(
            (f"{name}{end}", kind)
            for name in _FIGURES
            for end, kind in (
                ("", pa.float64()), ("_low", pa.float64()), ("_high", pa.float64()),
                ("_n", pa.int64()), ("_status", pa.string()),
            )
        ),
    ]
)  # fmt: skip


def _row(result: RuleResult) -> dict[str, object]:
    counts = result.counts
    found: dict[str, object] = {
        "rule": result.id or None,
        "pack": result.pack,
        "policy": (result.rule.policy or None) if result.rule else None,
        "action": str(result.rule.action) if result.rule else None,
        **{name: getattr(counts, name) for name in _COUNTS},
        "top_advertiser_share": counts.top_share,
        "impressions": counts.impressions,
        "spend": counts.spend,
    }
    for name, each in result.figures().items():
        ends = {"": each.value, "_low": each.low, "_high": each.high, "_n": each.n}
        found |= {f"{name}{end}": value for end, value in ends.items()}
        found[f"{name}_status"] = each.status.value
    return found
