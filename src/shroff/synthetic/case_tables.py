"""The logs of what people did: decisions in the platform's own words, reviews, appeals, reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shroff.synthetic.complaints import Appeals, Reports
from shroff.synthetic.dice import Floats, Ints
from shroff.synthetic.log_tables import glued, ids, moments, named, policy_lists
from shroff.synthetic.markets import MARKETS
from shroff.synthetic.moderation import APPROVE, BANDS, REJECT, Rulings, Shadow
from shroff.synthetic.review_tasks import KINDS, TEAMS, UNCLEAR, VIOLATING, Tasks
from shroff.synthetic.reviewing import active_ms, reviewers
from shroff.synthetic.seasons import DAY
from shroff.synthetic.staffing_plan import MAIN_QUEUES, queue_of
from shroff.synthetic.submissions import Ads
from shroff.synthetic.taxonomy import policies
from shroff.synthetic.world import World

__all__ = [
    "STRATA",
    "Handled",
    "appeals_table",
    "decisions_table",
    "reports_table",
    "reviews_table",
]

_SHANGHAI = 8 * 3600
_MACHINE = ("机审通过", "召回进审", "限制投放", "机审拒绝")
_PEOPLE = ("人审通过", "", "", "人审拒绝")
_EDGES = ("0.0", *(str(edge) for edge in BANDS), "1.0")
STRATA = tuple(
    f"{action}/{low}-{high}"
    for action in ("approve", "review", "restrict", "reject")
    for low, high in pairwise(_EDGES)
)
"""Names of the audit's strata: action and score band."""

_OLD_TOOL = 0.4


@dataclass(frozen=True, slots=True)
class _Ruled:
    """Decisions of one kind, for the log."""

    row: Ints
    at: Ints
    action: Ints
    policy: Ints
    suffix: str
    result: tuple[str, ...]
    source: Ints
    detector: pa.Array
    version: pa.Array
    score: Floats
    shadow: bool


def _said_by(name: str, rows: Ints) -> pa.Array:
    return pa.array([name] * len(rows), pa.string())


def _machine(world: World, rulings: Rulings) -> _Ruled:
    pack = world.pack
    by_rule = rulings.rule >= 0
    model = rulings.second_version.astype(np.int64)
    detectors = ["ads_risk", *(rule.id for rule in pack)]
    versions = ["v1", "v2", *(rule.version for rule in pack)]
    return _Ruled(
        np.arange(len(rulings.at)),
        rulings.at,
        rulings.action,
        rulings.policy,
        "m",
        _MACHINE,
        np.where(by_rule, 0, 1),
        named(rulings.rule + 1, detectors),
        named(np.where(by_rule, rulings.rule + 2, model), versions),
        rulings.scores.risk,
        shadow=False,
    )


def _shadowed(rulings: Rulings, other: Shadow) -> _Ruled:
    version = (~rulings.second_version[other.rows]).astype(np.int64)
    return _Ruled(
        other.rows,
        rulings.at[other.rows],
        other.action,
        np.where(other.action == APPROVE, -1, other.scores.policy),
        "s",
        _MACHINE,
        np.ones(len(other.rows), dtype=np.int64),
        _said_by("ads_risk", other.rows),
        named(version, ("v1", "v2")),
        other.scores.risk,
        shadow=True,
    )


def _people(world: World, tasks: Tasks, *, suffix: str, detector: str) -> _Ruled:
    """Give the decisions of people that came within the logs."""
    done = tasks.take((tasks.decided < world.seasons.closes) & (tasks.verdict != UNCLEAR))
    action = np.where(done.verdict == VIOLATING, REJECT, APPROVE)
    return _Ruled(
        done.row,
        done.decided,
        action,
        done.found,
        suffix,
        _PEOPLE,
        np.full(len(done), 2, dtype=np.int64),
        _said_by(detector, done.row),
        _guideline(world, done.decided),
        np.full(len(done), np.nan),
        shadow=False,
    )


def _decision_ids(world: World, ads: Ads, row: Ints, suffix: str) -> pa.Array:
    version = pa.array(ads.version[row]).cast(pa.string())
    return glued(ids(world, ads.number[row]), version, suffix, between="-")


def _rows(world: World, ads: Ads, rulings: Rulings, ruled: _Ruled) -> pa.Table:
    local = pa.array(ruled.at + _SHANGHAI).cast(pa.timestamp("s"))
    written = pc.StrftimeOptions("%Y-%m-%d %H:%M:%S")
    first = rulings.review_first[ruled.row].astype(np.int64)
    return pa.table(
        {
            "event_id": _decision_ids(world, ads, ruled.row, ruled.suffix),
            "creative_id": ids(world, ads.number[ruled.row]),
            "creative_version": ads.version[ruled.row],
            "region": named(ads.market[ruled.row], [market.code for market in MARKETS]),
            "event_time": pc.call_function("strftime", [local], written),
            "result": named(ruled.action, ruled.result),
            "policy": named(ruled.policy, [policy.id for policy in policies()]),
            "decided_by": named(ruled.source, ("规则", "模型", "人工")),
            "detector": ruled.detector,
            "detector_version": ruled.version,
            "flow": named(first, ("先发后审", "先审后发")),
            "log_only": np.full(len(ruled.row), int(ruled.shadow)),
            "score": pa.array(ruled.score, mask=np.isnan(ruled.score)),
        }
    )


@dataclass(frozen=True, slots=True)
class Handled:
    """What people did with a batch of ads.

    Parameters
    ----------
    final, others : Tasks
        Deciding reviews of the main queues; unclear ones and quality checks.
    audited, rechecked, appealed : Tasks
        Audit, reviews after reports, reviews of appeals.
    """

    final: Tasks
    others: Tasks
    audited: Tasks
    rechecked: Tasks
    appealed: Tasks


def decisions_table(
    world: World, ads: Ads, rulings: Rulings, *, other: Shadow, handled: Handled
) -> pa.Table:
    """Write the decisions log, with the platform's own column names and Chinese values.

    Parameters
    ----------
    world : World
        The platform.
    ads : Ads
        The ads.
    rulings : Rulings
        The machine's decisions.
    other : Shadow
        What the version that is not live would have done.
    handled : Handled
        What people did.

    Returns
    -------
    pa.Table
        One row for each decision.
    """
    bad = handled.rechecked.take(handled.rechecked.verdict == VIOLATING)
    fine = handled.appealed.take(handled.appealed.verdict == 0)
    parts = (
        _machine(world, rulings),
        _shadowed(rulings, other),
        _people(world, handled.final, suffix="h", detector="first_review"),
        _people(world, bad, suffix="r", detector="recheck"),
        _people(world, fine, suffix="a", detector="appeals"),
    )
    return pa.concat_tables([_rows(world, ads, rulings, part) for part in parts])


def _guideline(world: World, at: Ints) -> pa.Array:
    changed = world.seasons.opens + world.stories.misread_day * DAY
    return named((at >= changed).astype(np.int64), ("g3", "g4"))


def _queues(ads: Ads, tasks: Tasks) -> pa.Array:
    main = queue_of(ads.market[tasks.row], ads.language[tasks.row])
    own = len(MAIN_QUEUES) + tasks.kind
    place = np.where(tasks.kind < 2, main, own)
    return named(place, [*MAIN_QUEUES, *(kind.queue for kind in KINDS)])


def reviews_table(world: World, ads: Ads, handled: Handled) -> pa.Table:
    """Write the reviews log; tasks not decided by the end are open."""
    parts = (
        handled.final,
        handled.others,
        handled.audited,
        handled.rechecked,
        handled.appealed,
    )
    return pa.concat_tables([_review_rows(world, ads, tasks) for tasks in parts if len(tasks)])


def _review_rows(world: World, ads: Ads, tasks: Tasks) -> pa.Table:
    closes = world.seasons.closes
    tasks = tasks.take(tasks.enqueued < closes)
    begun, done = tasks.started < closes, tasks.decided < closes
    violating = done & (tasks.verdict == VIOLATING)
    severity = np.array([policy.severity for policy in policies()])[tasks.found]
    return pa.table(
        {
            "review_id": glued(
                _decision_ids(world, ads, tasks.row, "t"),
                pa.array(tasks.kind).cast(pa.string()),
                pa.array(tasks.copy).cast(pa.string()),
            ),
            "ad_id": ids(world, ads.number[tasks.row]),
            "ad_version": ads.version[tasks.row],
            "reviewer_id": pa.array(_reviewer_ids(world, tasks), pa.string(), mask=~begun),
            "reviewer_group": named(tasks.team, TEAMS),
            "queue": _queues(ads, tasks),
            "queue_reason": named(tasks.kind, [kind.reason for kind in KINDS]),
            "role": named(tasks.kind, [kind.role for kind in KINDS]),
            "blind": np.array([kind.blind for kind in KINDS])[tasks.kind],
            "seen_machine": np.array([kind.seen_machine for kind in KINDS])[tasks.kind],
            "verdict": named(
                np.where(done, tasks.verdict, -1), ("compliant", "violating", "unclear")
            ),
            "policies": policy_lists(tasks.found, tasks.noticed, known=done),
            "severity": pa.array(severity, mask=~violating),
            "policy_version": _said_by("2026-01", tasks.row),
            "guideline_version": _guideline(world, tasks.started),
            "design_id": named(tasks.kind, [kind.design or None for kind in KINDS]),
            "stratum": named(tasks.stratum, STRATA),
            "sampling_prob": pa.array(tasks.probability, mask=np.isnan(tasks.probability)),
            "enqueued_at": moments(tasks.enqueued),
            "started_at": moments(tasks.started, known=begun),
            "decided_at": moments(tasks.decided, known=done),
            "active_ms": pa.array(active_ms(world, tasks.kind, tasks.key), mask=~done),
        }
    )


def _reviewer_ids(world: World, tasks: Tasks) -> list[str]:
    people = zip(tasks.team.tolist(), reviewers(world, tasks).tolist(), strict=True)
    return [f"{TEAMS[team]}-{number:03d}" for team, number in people]


def _stamp(second: int, *, old: bool) -> str:
    at = datetime.fromtimestamp(second, tz=UTC)
    return at.strftime("%d/%m/%Y %H:%M:%S") if old else at.strftime("%Y-%m-%dT%H:%M:%SZ")


def appeals_table(world: World, ads: Ads, appeals: Appeals) -> pa.Table:
    """Write the appeals log: an old tool wrote other dates than the new one."""
    seasons = world.seasons
    moved = seasons.opens + int(_OLD_TOOL * seasons.days) * DAY
    kept = np.flatnonzero(appeals.at < seasons.closes)
    row, at, decided = appeals.row[kept], appeals.at[kept], appeals.decided[kept]
    old = (at < moved).tolist()
    ends = [second if second < seasons.closes else None for second in decided.tolist()]
    against = np.where(appeals.by_people[kept], "h", "m").tolist()
    version = pa.array(ads.version[row]).cast(pa.string())
    plain: list[str] = glued(ids(world, ads.number[row]), version, between="-").to_pylist()
    outcome = np.where(decided < seasons.closes, appeals.outcome[kept], -1)
    return pa.table(
        {
            "appeal_id": pa.array(
                [f"ap{name}{way}" for name, way in zip(plain, against, strict=True)], pa.string()
            ),
            "ad_id": ids(world, ads.number[row]),
            "ad_version": ads.version[row],
            "decision_id": pa.array(
                [f"{name}-{way}" for name, way in zip(plain, against, strict=True)], pa.string()
            ),
            "filed_at": pa.array(
                [_stamp(s, old=o) for s, o in zip(at.tolist(), old, strict=True)], pa.string()
            ),
            "decided_at": pa.array(
                [None if s is None else _stamp(s, old=o) for s, o in zip(ends, old, strict=True)],
                pa.string(),
            ),
            "outcome": named(outcome, ("upheld", "partly_reversed", "reversed", "omitted")),
            "edited_resubmit": appeals.edited[kept],
        }
    )


def reports_table(world: World, ads: Ads, reports: Reports, *, rechecked: Tasks) -> pa.Table:
    """Write the reports log."""
    kept = np.flatnonzero(reports.at < world.seasons.closes)
    place = reports.looked_at[kept]
    looked = place >= 0
    if len(rechecked):
        done = looked & (rechecked.decided[place] < world.seasons.closes)
        bad = rechecked.verdict[place] == VIOLATING
    else:
        done = bad = np.zeros(len(kept), dtype=np.bool_)
    outcome = np.where(~looked, 0, np.where(~done, 1, np.where(bad, 2, 3)))
    row = reports.row[kept]
    number = pa.array(reports.nth[kept]).cast(pa.string())
    return pa.table(
        {
            "report_id": glued("rp", _decision_ids(world, ads, row, "x"), number),
            "ad_id": ids(world, ads.number[row]),
            "source": named(reports.source[kept], ("user", "notice", "trusted_flagger")),
            "filed_at": reports.at[kept],
            "outcome": named(outcome, ("not_reviewed", "pending", "actioned", "no_action")),
        }
    )
