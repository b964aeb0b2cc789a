"""Ads made up for tests of campaigns: texts, accounts, markets, days, outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from shroff.domain.slices import Period
from shroff.watch.campaign_ads import CampaignAds, Codes
from shroff.watch.near_copies import NearCopies, near_copies

__all__ = ["Scene", "ad_of"]

START = date(2026, 3, 2)


@dataclass
class Scene:
    """Ads in a list, and what a search reads of them."""

    days: int = 84
    rows: list[dict[str, object]] = field(default_factory=list)

    def add(self, text: str, **facts: object) -> None:
        self.rows.append({**ad_of(len(self.rows)), "text": text, **facts})

    def read(self) -> tuple[CampaignAds, NearCopies]:
        texts = [str(row["text"]) for row in self.rows]
        return self.ads(), near_copies([pa.array(texts, pa.string())], passages=True)

    def ads(self) -> CampaignAds:
        def codes(name: str) -> Codes:
            column = pa.array([str(row[name]) for row in self.rows], pa.string())
            coded = column.dictionary_encode()
            return Codes(coded.indices.to_numpy().astype(np.int32), coded.dictionary)

        def numbers(name: str, kind: type) -> np.ndarray:
            return np.array([row[name] for row in self.rows], kind)

        first = int(np.datetime64(START, "s").astype(np.int64))
        return CampaignAds(
            period=Period(START, START + timedelta(days=self.days)),
            ad=codes("ad"),
            advertiser=codes("account"),
            market=codes("market"),
            language=codes("language"),
            policy=codes("policy"),
            version=numbers("version", np.int32),
            day=np.floor(numbers("day", np.float64)).astype(np.int32),
            at=first + (numbers("day", np.float64) * 86_400).astype(np.int64),
            action=numbers("action", np.int8),
            reviewed=numbers("reviewed", np.int8),
            truth=numbers("truth", np.int8),
            impressions=numbers("impressions", np.float64),
        )


def ad_of(number: int) -> dict[str, object]:
    return {
        "ad": f"ad{number}", "account": "a0", "market": "US", "language": "en", "policy": "",
        "version": 1, "day": 0.0, "action": 0, "reviewed": -1, "truth": -1, "impressions": 1.0,
    }  # fmt: skip


def background(scene: Scene, rng: np.random.Generator, *, ads: int, shared: Sequence[str]) -> None:
    """Add ads of many accounts over all days, each with a line that others have too."""
    for number in range(ads):
        own = f"item{rng.integers(10**9)} of maker{rng.integers(10**9)} number{number}"
        line = shared[int(rng.integers(len(shared)))]
        scene.add(
            f"{own}\n{line}",
            account=f"b{rng.integers(ads // 4)}",
            market=str(rng.choice(["US", "GB", "CN"])),
            day=float(rng.uniform(0, scene.days)),
            action=int(rng.choice([0, 2], p=[0.9, 0.1])),
        )
