"""Which series are looked at for changes, when nobody says which."""

from __future__ import annotations

from shroff.measure.brief import Brief
from shroff.measure.population import dimensions
from shroff.measure.tasks import task_dimensions
from shroff.store.engine import Engine
from shroff.store.schema import TABLES
from shroff.watch.daily_gathering import DailyAsked
from shroff.watch.watched_metrics import (
    ACTED,
    ADS,
    APPEALS_FILED,
    APPEALS_WON,
    FIRST_REVIEWED,
    HITS,
    INFLOW,
    OVERTURNED,
    TRAFFIC,
)

__all__ = ["WATCHED_FOR_CHANGES", "asked_for_changes"]

WATCHED_FOR_CHANGES = frozenset(
    {
        *(
            ACTED,
            ADS,
            APPEALS_FILED,
            APPEALS_WON,
            FIRST_REVIEWED,
            HITS,
            INFLOW,
            OVERTURNED,
            TRAFFIC,
        ),
        *("queue_in_rate", "reject_rate", "rule_share", "reported_leak_floor"),
        *("leakage", "reject_precision", "violating_ad_share", "recall_any"),
        "violating_impression_share",
    }
)
"""Metrics that are looked at: rates that are the rest of another are left out."""

_PAIRED = ("market", "language")
"""Columns that are also looked at together with the policy."""
_MOST_GROUPS = 40
"""Values of a column of reviews that make groups of reviewers."""


def asked_for_changes(engine: Engine, brief: Brief) -> DailyAsked:
    """Say which series to look at.

    Parameters
    ----------
    engine : Engine
        The logs: which columns they have.
    brief : Brief
        The slicings of the settings.

    Returns
    -------
    DailyAsked
        Everything; each column of the settings and each derived one; policies, alone and with
        market and language; queues, groups of reviewers, and their work by policy family.
    """
    ads = {*dimensions(engine, brief.derived)}
    own = dict.fromkeys((*brief.by, *((name,) for name in brief.derived)))
    plain = tuple(s for s in own if set(s) <= ads and not {"week", "policy"} & set(s))
    pairs = tuple(("policy", name) for name in _PAIRED if name in ads)
    known = {*task_dimensions(engine)}
    groups = tuple(name for name in ("reviewer_group", *_groups(engine)) if name in known)
    work = [(), *((n,) for n in ("queue", *groups, *_PAIRED) if n in known), ("policy_family",)]
    work += [(name, "policy_family") for name in groups]
    return DailyAsked(
        metrics=WATCHED_FOR_CHANGES,
        ads=((), *plain, ("policy",), *pairs),
        labels=((), *plain),
        tasks=tuple(work),
    )


def _groups(engine: Engine) -> list[str]:
    """Name the columns of the user's own that group reviewers: texts of few values."""
    if "reviews" not in engine.snapshot:
        return []
    canonical = {column.name for column in TABLES["reviews"].columns}
    own = [
        name
        for name, kind in engine.columns("reviews").items()
        if kind == "VARCHAR" and name not in canonical and not name.startswith("_")
    ]
    found = []
    for name in own:
        rows = engine.query(f'SELECT COUNT(DISTINCT "{name}") AS n FROM reviews')
        if 1 < int(rows.column("n")[0].as_py()) <= _MOST_GROUPS:
            found.append(name)
    return found
