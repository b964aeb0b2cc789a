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
_NOTABLE_SHARE = 0.01
_EXAMPLES = 3
_PROBABLE = "sampling_prob > 0 AND sampling_prob <= 1"


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
    yield from _no_queue_reason(examined)
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
    yield from _unbalanced(examined)


def _no_queue_reason(examined: Examined) -> Iterator[Finding]:
    total = examined.rows["reviews"]
    told = examined.one(
        "SELECT COUNT(queue_reason) AS told, (SELECT COUNT(*) FROM decisions"
        " WHERE action = 'review' AND NOT COALESCE(shadow, FALSE)) AS queued,"
        " SUM(CASE WHEN COALESCE(sampling_prob, 1) = 1 AND decided_at IS NOT NULL"
        " AND verdict IN ('violating', 'compliant') AND COALESCE(role, 'L1') <> 'LLM'"
        " THEN 1 ELSE 0 END) AS assumed FROM reviews"
    )
    if told["told"]:
        return
    case = ".assumed" if told["assumed"] else ".queue"
    yield finding(
        "no_queue_reason",
        Severity.WARN if told["queued"] else Severity.INFO,
        table="reviews",
        column="queue_reason",
        count=total,
        out_of=total,
        effect=f"health.no_queue_reason{case if told['queued'] else ''}.effect",
    )


def _of(spec: DesignSpec, name: str) -> str:
    """Write which reviews a design drew."""
    tests = [f"design_id = {literal(spec.design_id or name)}"]
    if spec.queues:
        tests.append(f"queue IN ({literals(spec.queues)})")
    if spec.queue_reasons:
        tests.append(f"queue_reason IN ({literals(spec.queue_reasons)})")
    return "(" + " OR ".join(tests) + ")"


def _told(examined: Examined) -> str:
    """Write which reviews belong to a design that needs no logged probability."""
    told = [
        _of(spec, name)
        for name, spec in examined.settings.designs.items()
        if spec.basis is not Basis.LOGGED or spec.kind is DesignKind.CENSUS
    ]
    return " OR ".join(told) or "FALSE"


def _conditions(examined: Examined) -> tuple[Condition, ...]:
    untold = f"NOT COALESCE(({_told(examined)}), FALSE)"
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


_MACHINE = """machine AS (
  SELECT ad_id, ad_version, action, COALESCE(policy_id, '') AS policy, decided_at
  FROM decisions WHERE NOT COALESCE(shadow, FALSE) AND source <> 'human'
)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stratum:
    """Machine decisions of one action and policy, and their probability labels."""

    action: str
    policy: str
    decisions: int
    labels: int

    @property
    def name(self) -> str:
        return f"{self.action} × {self.policy}" if self.policy else self.action


def _drawn(examined: Examined) -> str:
    """Write which reviews a design drew, as measure does; a queue worked in full is one."""
    named = [_of(spec, name) for name, spec in examined.settings.designs.items()]
    random = "COALESCE(queue_reason, 'random') = 'random'"
    logged = f"{_PROBABLE} AND ({' OR '.join([random, *named])})"
    return f"COALESCE(role, 'L1') <> 'LLM' AND (({logged}) OR {_told(examined)})"


def _strata(examined: Examined) -> list[_Stratum]:
    rows = examined.many(
        f"""WITH {_MACHINE},
answered AS (
  SELECT DISTINCT ad_id, COALESCE(ad_version, 1) AS ad_version
  FROM reviews WHERE verdict IS NOT NULL AND ({_drawn(examined)})
)
SELECT m.action, m.policy, COUNT(*) AS decisions, COUNT(a.ad_id) AS labels
FROM machine AS m LEFT JOIN answered AS a ON m.ad_id = a.ad_id AND m.ad_version = a.ad_version
GROUP BY m.action, m.policy ORDER BY decisions DESC, m.action, m.policy"""
    )
    return [
        _Stratum(
            action=str(row["action"]),
            policy=str(row["policy"]),
            decisions=int(str(row["decisions"])),
            labels=int(str(row["labels"])),
        )
        for row in rows
    ]


def _unlabelled(strata: list[_Stratum]) -> Iterator[Finding]:
    bare = [stratum for stratum in strata if not stratum.labels]
    if not bare:
        return
    count, total = (sum(stratum.decisions for stratum in some) for some in (bare, strata))
    yield finding(
        "unlabelled_strata",
        Severity.WARN if count >= _NOTABLE_SHARE * total else Severity.INFO,
        table="reviews",
        count=count,
        out_of=total,
        examples=tuple(stratum.name for stratum in bare[:_EXAMPLES]),
        params={"strata": len(bare)},
    )


_BALANCE = f"""WITH {_MACHINE},
draws AS (
  SELECT COALESCE(design_id, 'logged') AS design, ad_id, COALESCE(ad_version, 1) AS ad_version,
         MAX(sampling_prob) AS p
  FROM reviews
  WHERE {_PROBABLE} AND COALESCE(queue_reason, 'random') = 'random'
    AND COALESCE(role, 'L1') <> 'LLM'
  GROUP BY 1, 2, 3
),
joined AS (
  SELECT d.design, m.action, m.decided_at, d.p FROM machine AS m
  JOIN draws AS d ON m.ad_id = d.ad_id AND m.ad_version = d.ad_version
),
weighed AS (
  SELECT design, action, COUNT(*) AS drawn, SUM(1 / p) AS weight,
         SUM((1 - p) / (p * p)) AS spread FROM joined GROUP BY design, action
),
span AS (
  SELECT design, MIN(decided_at) AS since, MAX(decided_at) AS till FROM joined GROUP BY design
)
SELECT w.action, w.drawn, w.weight, w.spread,
  (SELECT COUNT(*) FROM machine AS m WHERE m.action = w.action
     AND m.decided_at >= s.since AND m.decided_at <= s.till) AS exposed
FROM weighed AS w JOIN span AS s ON w.design = s.design ORDER BY w.drawn DESC"""


def _unbalanced(examined: Examined) -> Iterator[Finding]:
    """Compare, by action, the weights of what was drawn with what there was to draw from.

    Of several designs the one that drew most of an action is the one whose labels are used.
    """
    rows = examined.many(_BALANCE)
    seen: set[str] = set()
    for row in rows:
        action, drawn, exposed = (
            str(row["action"]),
            int(str(row["drawn"])),
            int(str(row["exposed"])),
        )
        if action in seen or drawn < _LEAST_LABELS:
            continue
        seen.add(action)
        weight, error = float(str(row["weight"])), float(str(row["spread"])) ** 0.5
        if abs(weight - exposed) > max(_ERRORS_OFF * error, _SHARE_OFF * exposed):
            yield finding(
                "weights_do_not_add_up",
                Severity.WARN,
                table="reviews",
                column="sampling_prob",
                count=round(weight),
                out_of=exposed,
                params={"action": action, "drawn": drawn},
            )
