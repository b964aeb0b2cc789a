"""Why figures changed, as a user asks: counts and ratios, counted in full and from labels."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from unittest.mock import patch

from shroff.errors import DesignError
from shroff.watch.why_findings import WhyQuestion

if TYPE_CHECKING:
    from shroff.workspace import Workspace

__all__ = ["explain_changes"]

BY_ADS = ("market", "language", "huge", "类别", "it's")
ASKED = (
    ("ads_decided", BY_ADS),
    ("reject_rate", ("market", "odd_number")),
    ("leakage", ("market", "language")),
    ("overturns_per_appeal", ("market",)),
    ("queue_inflow", ("queue", "market")),
    ("first_review_violating_share", ("queue",)),
    ("first_review_contradicted_rate", ("market",)),
    ("appeals_filed", ("market", "it's")),
    ("appeals_won_share", ("market",)),
    ("reports_filed", ("market", "类别")),
)


def explain_changes(workspace: Workspace) -> object:
    """Ask of every kind of metric; date a slice by its days though none stands out."""
    told = []
    for metric, by in ASKED:
        question = WhyQuestion(metric=metric, by=by, depth=2)
        with suppress(DesignError):
            found = workspace.lookout.why(
                question, period="2024-02-12..2024-03-31", against="2024-01-01..2024-02-11"
            )
            parts = sorted(f"{p.value} {p.n_before} {p.n_after}" for p in found.splits[0].parts)
            told.append(f"{metric} {found.n_before} {found.n_after} {parts}")
    sure = patch("shroff.watch.why_findings.Contribution.sure", new=True)
    with sure, patch("shroff.watch.why.search_ratio", _all_markets):
        question = WhyQuestion(metric="reject_rate", by=("market",))
        found = workspace.lookout.why(
            question, period="2024-02-12..2024-03-31", against="2024-01-01..2024-02-11"
        )
        told.append(f"{found.unlisted + len(found.causes)}")
    return "\n".join(told)


def _all_markets(periods: object, **_depth: object) -> object:
    """Stand in for the search: every market, so that days are counted; none need stand out."""
    from shroff.watch.why_cells import Searched
    from shroff.watch.why_findings import Moved
    from shroff.watch.why_logs import TwoPeriods

    assert isinstance(periods, TwoPeriods)
    places = range(len(periods.words[0]))
    found = tuple((((0, place),), Moved.RATE, 1.0) for place in places)
    return Searched(factor=1.0, found=found, slices=len(found))
