"""Where the demo platform sells ads, in which languages and trades."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FORMATS", "FORMAT_SHARES", "INDUSTRIES", "LANGUAGES", "MARKETS", "Market"]


@dataclass(frozen=True, slots=True)
class Market:
    """One market.

    Parameters
    ----------
    code : str
        Country code.
    share : float
        Share of ads.
    chinese : float
        Share of its ads in Chinese; the rest is in English.
    risk : float
        How many times the average its advertisers break policy.
    review_first : float
        Share of its ads that people see before they are served, if the machine asks them.
    """

    code: str
    share: float
    chinese: float
    risk: float
    review_first: float


MARKETS = (
    Market("US", 0.26, 0.03, 0.85, 0.2),
    Market("CN", 0.22, 0.97, 1.0, 0.75),
    Market("GB", 0.13, 0.02, 0.75, 0.2),
    Market("SG", 0.09, 0.4, 0.8, 0.35),
    Market("MY", 0.09, 0.35, 1.9, 0.35),
    Market("AU", 0.08, 0.03, 0.7, 0.2),
    Market("CA", 0.07, 0.08, 0.75, 0.2),
    Market("PH", 0.06, 0.02, 2.4, 0.4),
)

LANGUAGES = ("en", "zh")

INDUSTRIES = (
    "retail",
    "fashion",
    "beauty",
    "health",
    "finance",
    "education",
    "games",
    "food",
    "travel",
    "home",
    "apps",
    "autos",
)

FORMATS = ("video", "image", "carousel", "text")
FORMAT_SHARES = (0.62, 0.22, 0.11, 0.05)
