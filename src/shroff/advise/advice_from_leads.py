"""Recommendations from what was found before: campaigns, incidents, guidelines that are misread."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from shroff.advise.advice_bench import Bench
from shroff.advise.advice_deck import APPROVE, REVIEW, Ints
from shroff.advise.recommendation import Recommendation, Worth
from shroff.domain.slices import Period
from shroff.measure.label_quality import label_quality
from shroff.rules.rule import FIELDS

__all__ = [
    "drifted",
    "misread_guidelines",
    "new_terms",
    "open_incidents",
    "running_campaigns",
]

_RECENT = timedelta(days=28)
_LOOKED_AT = timedelta(days=91)  # as shroff watch campaigns does
_MOST = 10
_WEEK = 7.0
_MINUTES = 60.0
_CHECKED_HOURS = 4.0
_INCIDENT_HOURS = 1.0


def running_campaigns(bench: Bench) -> Iterator[Recommendation]:
    """Recommend to review again approved ads of campaigns that were found lately.

    Parameters
    ----------
    bench : Bench
        Logs and labelled ads.

    Yields
    ------
    Recommendation
        One a campaign; its running ads are taken to be shown as violating ads are on average.
    """
    since = bench.brief.period.end - _RECENT
    found = [
        each
        for each in bench.catalog.findings.findings("campaign")
        if date.fromisoformat(each.detail["last"]) >= since
    ]
    found.sort(key=lambda each: (-int(each.detail["outcomes"]["approved"]), each.id))
    members = _members(bench) if found else {}
    for place, each in enumerate(found[:_MOST]):
        told = each.detail["outcomes"]
        approved = int(told["approved"])
        if not approved:
            continue
        yield Recommendation(
            kind="campaign",
            subject=f"campaign/{each.id}",
            params={
                "campaign": each.id,
                "approved": approved,
                "accounts": each.detail["accounts"],
                "violating": told["labelled_violating"],
                "compliant": told["labelled_compliant"],
            },
            worth=_reviewed(bench, told, approved=approved, seed=10 + place),
            hours=approved * bench.prices.minutes / _MINUTES,
            evidence="shroff watch campaigns",
            reach=members.get(each.subject),
        )


def _members(bench: Bench) -> dict[str, Ints]:
    """Find the labelled ads of each campaign: what others do with them is not counted twice."""
    from shroff.watch.campaigns import (  # noqa: PLC0415  (numba is slow to import)
        CampaignQuestion,
        campaigns,
    )

    end = bench.brief.period.end
    found = campaigns(bench.engine, Period(end - _LOOKED_AT, end), CampaignQuestion())
    names = zip(bench.deck.texts("ad_id"), bench.deck.texts("ad_version"), strict=True)
    places: dict[tuple[str, str], list[int]] = {}
    for place, name in enumerate(names):
        places.setdefault((str(name[0]), str(name[1])), []).append(place)
    told = {}
    for campaign, ads in found.members.items():
        keys = zip(ads["ad_id"].to_pylist(), ads["ad_version"].to_pylist(), strict=True)
        mine = [place for ad, version in keys for place in places.get((str(ad), str(version)), [])]
        told[campaign] = np.array(sorted(mine), dtype=np.int64)
    return told


def _reviewed(bench: Bench, told: dict[str, int], *, approved: int, seed: int) -> Worth:
    """Draw what reviewing approved ads of a campaign prevents in a week, less its work."""
    dice = np.random.default_rng(seed)
    yes, no = told["labelled_violating"] + told["contradicted"], told["labelled_compliant"]
    share = dice.beta(yes + 0.5, no + 0.5, size=len(bench.trial.chances))
    prices = bench.prices
    shown = prices.seen / max(bench.weeks, 1.0)
    return Worth(approved * (share * shown * prices.view - prices.review))


def open_incidents(bench: Bench) -> Iterator[Recommendation]:
    """Recommend to find the cause of incidents that nobody has looked at.

    Parameters
    ----------
    bench : Bench
        Logs and labelled ads.

    Yields
    ------
    Recommendation
        One an incident; what it is worth is not known before its cause is.
    """
    since = str(bench.brief.period.end - _RECENT)
    found = [each for each in bench.catalog.incidents.incidents("open") if each.onset >= since]
    for each in found[:_MOST]:
        yield Recommendation(
            kind="incident",
            subject=f"incident/{each.id}",
            params={"incident": each.id, "what": each.subject, "onset": each.onset},
            worth=Worth(np.zeros(0)),
            hours=_INCIDENT_HOURS,
            evidence=f"shroff watch incidents show {each.id}",
        )


def drifted(bench: Bench) -> Iterator[Recommendation]:
    """Recommend to look into what drifted: inputs, words, scores, reviewers.

    Parameters
    ----------
    bench : Bench
        Logs and labelled ads.

    Yields
    ------
    Recommendation
        One a thing that moved, the largest shifts first; what it is worth is not known before its
        cause is.
    """
    since = str(bench.brief.period.end - _RECENT)
    found = [
        each
        for each in bench.catalog.findings.findings("drift")
        if str(each.detail["since"]) >= since
    ]
    found.sort(key=lambda each: (str(each.detail["size"]) != "large", each.subject, each.id))
    for each in found[:_MOST]:
        yield Recommendation(
            kind="drift",
            subject=f"drift/{each.id}",
            params={"what": each.subject, "since": str(each.detail["since"])},
            worth=Worth(np.zeros(0)),
            hours=_INCIDENT_HOURS,
            evidence="shroff watch drift",
        )


def new_terms(bench: Bench) -> Iterator[Recommendation]:
    """Recommend that people see ads with terms that came up lately.

    Parameters
    ----------
    bench : Bench
        Logs and labelled ads.

    Yields
    ------
    Recommendation
        One a term that a labelled approved ad has; a term is a lead, not a rule.
    """
    since = str(bench.brief.period.start)
    found = [each for each in bench.catalog.findings.findings("new_term") if each.at >= since]
    texts = _texts(bench) if found else []
    for each in found:
        told = str(each.subject).casefold()
        mine = np.array([told in text for text in texts]) & (bench.deck.action == APPROVE)
        if not mine.any():
            continue
        actions = np.where(mine, REVIEW, bench.deck.action).astype(np.int64)
        yield Recommendation(
            kind="term",
            subject=f"term/{each.id}",
            params={
                "term": each.subject,
                "labels": int(mine.sum()),
                "violating": int(bench.deck.violating[mine].sum()),
            },
            worth=bench.worth(actions),
            hours=float(bench.deck.weight[mine].sum()) * bench.prices.minutes / _MINUTES,
            evidence="shroff watch terms",
            actions=actions,
            foreseen=bench.foreseen(actions),
        )


def _texts(bench: Bench) -> list[str]:
    """Give the whole text of each labelled ad, without case."""
    columns = [bench.deck.texts(name) for name in FIELDS]
    rows = zip(*columns, strict=True)
    return ["\n".join(str(each or "") for each in row).casefold() for row in rows]


def misread_guidelines(bench: Bench) -> Iterator[Recommendation]:
    """Recommend to make guidelines clear to groups that are overturned more since they came.

    Parameters
    ----------
    bench : Bench
        Logs and labelled ads.

    Yields
    ------
    Recommendation
        One a group and guideline. Half of the mistakes are taken to let a violation through.
    """
    reviews = _reviews(bench)
    quality = label_quality(bench.engine, bench.brief)
    for place, each in enumerate(quality.findings):
        if each.id != "labels.quality.misread":
            continue
        told = dict(each.params)
        group, guideline = str(told.get("group")), str(told.get("guideline"))
        each_mistake = 0.5 * bench.prices.seen * bench.prices.view * reviews.get(group, 0.0)
        change, low, high = (float(told[name] or 0.0) for name in ("change", "low", "high"))
        yield Recommendation(
            kind="guideline",
            subject=f"guideline/{guideline}/{group}",
            params=told,
            worth=bench.drawn(
                change * each_mistake, low * each_mistake, high * each_mistake, seed=40 + place
            ),
            hours=_CHECKED_HOURS,
            evidence="shroff labels quality",
        )


def _reviews(bench: Bench) -> dict[str, float]:
    """Count the first reviews of each group in a week."""
    found = bench.engine.query(_REVIEWS).to_pylist()
    weeks = max(bench.weeks, 1e-9)
    return {str(row["reviewer_group"]): float(row["reviews"]) / weeks for row in found}


_REVIEWS = """
SELECT COALESCE(t.reviewer_group, '') AS reviewer_group, COUNT(*) AS reviews
FROM tasks AS t
WHERE COALESCE(t.role, 'L1') = 'L1' AND t.verdict IN ('violating', 'compliant') AND t.entered
GROUP BY COALESCE(t.reviewer_group, '') ORDER BY 1
"""
