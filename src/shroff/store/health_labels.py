"""Labels: can they speak for the ads that nobody labelled?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shroff.domain.labels import Basis, DesignKind
from shroff.store.health_findings import (
    Condition,
    Examined,
    Finding,
    Severity,
    conditions_met,
    finding,
)
from shroff.store.settings import DesignSpec
from shroff.store.sql import literal, literals

__all__ = ["labelling"]

_LEAST_LABELS = 30
_ERRORS_OFF = 4.0
_SHARE_OFF = 0.1
_EXAMPLES = 3


def labelling(examined: Examined) -> Iterator[Finding]:
    """Find strata without labels, labels without probability, and weights that do not add up.

    Parameters
    ----------
    examined : Examined
        The logs.

    Yields
    ------
    Finding
        What was found.
    """
    if not examined.has("reviews"):
        return
    yield from conditions_met(
        examined, "reviews", _conditions(examined), table="reviews", key="review_id"
    )
    if not examined.has("decisions"):
        return
    strata = _strata(examined)
    if not any(stratum.labels for stratum in strata):
        total = sum(stratum.decisions for stratum in strata)
        yield finding(
            "no_probability_labels", Severity.WARN, table="reviews", count=total, out_of=total
        )
        return
    yield from _unlabelled(strata)
    yield from _unbalanced(strata)


def _of(spec: DesignSpec, name: str) -> str:
    """Write which reviews a design drew."""
    tests = [f"design_id = {literal(spec.design_id or name)}"]
    if spec.queues:
        tests.append(f"queue IN ({literals(spec.queues)})")
    if spec.queue_reasons:
        tests.append(f"queue_reason IN ({literals(spec.queue_reasons)})")
    return "(" + " OR ".join(tests) + ")"


def _conditions(examined: Examined) -> tuple[Condition, ...]:
    told = [
        _of(spec, name)
        for name, spec in examined.settings.designs.items()
        if spec.basis is not Basis.LOGGED or spec.kind is DesignKind.CENSUS
    ]
    untold = f"NOT COALESCE(({' OR '.join(told) or 'FALSE'}), FALSE)"
    return (
        Condition(
            code="labels_without_probability",
            fault="sampling_prob IS NULL",
            among=f"(design_id IS NOT NULL OR queue_reason = 'random') AND {untold}",
            column="sampling_prob",
        ),
        Condition(
            code="sampling_prob_out_of_range",
            fault="sampling_prob <= 0 OR sampling_prob > 1",
            among="sampling_prob IS NOT NULL",
            column="sampling_prob",
            severity=Severity.BROKEN,
        ),
        Condition(
            code="decided_without_verdict",
            fault="verdict IS NULL",
            among="decided_at IS NOT NULL",
            column="verdict",
            broken_from=0.5,
        ),
        Condition(
            code="verdict_without_time",
            fault="decided_at IS NULL",
            among="verdict IS NOT NULL",
            column="decided_at",
        ),
        Condition(
            code="audit_saw_machine",
            fault="seen_machine",
            among="sampling_prob IS NOT NULL AND queue_reason = 'random'"
            " AND verdict IS NOT NULL AND seen_machine IS NOT NULL",
            column="seen_machine",
            severity=Severity.INFO,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stratum:
    """Machine decisions of one action and policy, and their probability labels."""

    action: str
    policy: str
    decisions: int
    labels: int
    drawn: int
    exposed: int
    weight: float
    spread: float

    @property
    def name(self) -> str:
        return f"{self.action} × {self.policy}" if self.policy else self.action


def _strata(examined: Examined) -> list[_Stratum]:
    designs = examined.settings.designs
    sampled = [
        _of(spec, name) for name, spec in designs.items() if spec.kind is not DesignKind.CENSUS
    ]
    logged = "(sampling_prob IS NOT NULL AND COALESCE(queue_reason, 'random') = 'random')"
    worked = [_of(spec, name) for name, spec in designs.items() if spec.kind is DesignKind.CENSUS]
    rows = examined.many(
        f"""WITH machine AS (
  SELECT ad_id, ad_version, action, COALESCE(policy_id, '') AS policy, decided_at
  FROM decisions WHERE NOT COALESCE(shadow, FALSE) AND source <> 'human'
),
draws AS (
  SELECT ad_id, COALESCE(ad_version, 1) AS ad_version, MAX(sampling_prob) AS p,
         MAX(CASE WHEN verdict IS NULL THEN 0 ELSE 1 END) AS answered
  FROM reviews
  WHERE {" OR ".join([logged, *sampled, *worked])}
  GROUP BY ad_id, COALESCE(ad_version, 1)
),
joined AS (
  SELECT m.*, d.ad_id IS NOT NULL AS drawn, d.answered,
         CASE WHEN d.p > 0 AND d.p <= 1 THEN d.p END AS p
  FROM machine AS m LEFT JOIN draws AS d ON m.ad_id = d.ad_id AND m.ad_version = d.ad_version
),
span AS (SELECT MIN(decided_at) AS since, MAX(decided_at) AS till FROM joined WHERE p IS NOT NULL)
SELECT action, policy, COUNT(*) AS decisions, COALESCE(SUM(answered), 0) AS labels,
       COUNT(p) AS drawn,
       SUM(CASE WHEN decided_at >= since AND decided_at <= till THEN 1 ELSE 0 END) AS exposed,
       COALESCE(SUM(1 / p), 0) AS weight, COALESCE(SUM((1 - p) / (p * p)), 0) AS spread
FROM joined, span GROUP BY action, policy ORDER BY decisions DESC"""
    )
    return [
        _Stratum(
            action=str(row["action"]),
            policy=str(row["policy"]),
            decisions=int(str(row["decisions"])),
            labels=int(str(row["labels"])),
            drawn=int(str(row["drawn"])),
            exposed=int(str(row["exposed"] or 0)),
            weight=float(str(row["weight"])),
            spread=float(str(row["spread"])),
        )
        for row in rows
    ]


def _unlabelled(strata: list[_Stratum]) -> Iterator[Finding]:
    bare = [stratum for stratum in strata if not stratum.labels]
    if bare:
        yield finding(
            "unlabelled_strata",
            Severity.WARN,
            table="reviews",
            count=sum(stratum.decisions for stratum in bare),
            out_of=sum(stratum.decisions for stratum in strata),
            examples=tuple(stratum.name for stratum in bare[:_EXAMPLES]),
            params={"strata": len(bare)},
        )


def _unbalanced(strata: list[_Stratum]) -> Iterator[Finding]:
    """Compare, by action, the weights of what was drawn with what there was to draw from."""
    for action in dict.fromkeys(stratum.action for stratum in strata):
        own = [stratum for stratum in strata if stratum.action == action]
        drawn, exposed = sum(s.drawn for s in own), sum(s.exposed for s in own)
        weight, error = sum(s.weight for s in own), sum(s.spread for s in own) ** 0.5
        gap = abs(weight - exposed)
        if drawn >= _LEAST_LABELS and gap > max(_ERRORS_OFF * error, _SHARE_OFF * exposed):
            yield finding(
                "weights_do_not_add_up",
                Severity.WARN,
                table="reviews",
                column="sampling_prob",
                count=round(weight),
                out_of=exposed,
                params={"action": action, "drawn": drawn},
            )
