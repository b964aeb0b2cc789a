"""What became of a campaign: who was rejected, who came back, and how that was decided."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shroff.watch.campaign_ads import CampaignAds

__all__ = ["BACK", "Outcomes", "Returns", "outcomes_of", "returns_of", "summed"]

BACK = ("", "same", "other")
"""After whose reject an ad came: nobody's, the same account's, another's."""

_DAY = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """How the ads of a campaign were decided.

    Parameters
    ----------
    approved, rejected, restricted, open : int
        By the machine, or by people where it sent them to review; open are those that nobody has
        decided yet.
    contradicted : int
        Approved ads that say, word for word once disguises and numbers are left out, what a
        rejected one says.
    violating, compliant : int
        What independent labels say of its ads.
    """

    approved: int
    rejected: int
    restricted: int
    open: int
    contradicted: int
    violating: int
    compliant: int

    def record(self) -> dict[str, int]:
        """Give it as JSON does."""
        return {
            "approved": self.approved,
            "rejected": self.rejected,
            "restricted": self.restricted,
            "open": self.open,
            "contradicted": self.contradicted,
            "labelled_violating": self.violating,
            "labelled_compliant": self.compliant,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Returns:
    """Copies that were submitted after one of them was rejected.

    Parameters
    ----------
    same, other : int
        Ads that came after a reject of the same account, or of other accounts only.
    same_approved, other_approved : int
        Those of them that were approved.
    same_days, other_days : float or None
        Median time since the latest reject, in days.
    """

    same: int
    other: int
    same_approved: int
    other_approved: int
    same_days: float | None
    other_days: float | None

    def record(self) -> dict[str, int | float | None]:
        """Give it as JSON does."""
        return {
            "same_account": self.same,
            "same_account_approved": self.same_approved,
            "same_account_median_days": self.same_days,
            "other_account": self.other,
            "other_account_approved": self.other_approved,
            "other_account_median_days": self.other_days,
        }


def outcomes_of(ads: CampaignAds, row: NDArray[np.int64], wording: NDArray[np.int64]) -> Outcomes:
    """Count how ads were decided.

    Parameters
    ----------
    ads : CampaignAds
        The ads.
    row, wording : array of int
        Ads of a campaign, and what each says there.

    Returns
    -------
    Outcomes
        The counts.
    """
    approved, rejected = ads.approved[row], ads.rejected[row]
    restricted = ads.action[row] == 3
    contradicted = approved & np.isin(wording, wording[rejected])
    return Outcomes(
        approved=int(approved.sum()),
        rejected=int(rejected.sum()),
        restricted=int(restricted.sum()),
        open=int((~approved & ~rejected & ~restricted).sum()),
        contradicted=int(contradicted.sum()),
        violating=int((ads.truth[row] == 1).sum()),
        compliant=int((ads.truth[row] == 0).sum()),
    )


def returns_of(
    ads: CampaignAds, row: NDArray[np.int64]
) -> tuple[NDArray[np.int8], NDArray[np.float64]]:
    """Tell which ads came after a reject of a copy, and how long after.

    Parameters
    ----------
    ads : CampaignAds
        The ads.
    row : array of int
        Ads of a campaign.

    Returns
    -------
    array of int8
        Place in `BACK`: after a reject of the same account, or of another only.
    array of float
        Days since the latest reject of that kind; NaN for the first.

    Notes
    -----
    Times are those of the machine's decisions. A reject by people comes later than its decision, so
    that a copy that came in between counts as a return though nobody could know yet.
    """
    order = np.argsort(ads.at[row], kind="stable")
    back = np.zeros(len(row), np.int8)
    since = np.full(len(row), np.nan)
    latest: dict[int, int] = {}
    newest = (-1, -1)
    rejected = ads.rejected[row]
    for place in order.tolist():
        account, now = int(ads.advertiser.code[row[place]]), int(ads.at[row[place]])
        if account in latest:
            back[place], since[place] = 1, (now - latest[account]) / _DAY
        elif newest[0] >= 0:
            back[place], since[place] = 2, (now - newest[1]) / _DAY
        if rejected[place]:
            latest[account], newest = now, (account, now)
    return back, since


def summed(
    ads: CampaignAds, row: NDArray[np.int64], *, back: NDArray[np.int8], since: NDArray[np.float64]
) -> Returns:
    """Sum up what came back: ``back`` and ``since`` as `returns_of` gives them."""
    approved = ads.approved[row]
    same, other = back == 1, back == 2
    return Returns(
        same=int(same.sum()),
        other=int(other.sum()),
        same_approved=int((same & approved).sum()),
        other_approved=int((other & approved).sum()),
        same_days=_median(since[same]),
        other_days=_median(since[other]),
    )


def _median(values: NDArray[np.float64]) -> float | None:
    return float(np.median(values)) if len(values) else None
