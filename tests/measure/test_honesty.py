"""Do the intervals hold the truth? On a platform whose truth is known, end to end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from shroff.domain.metrics import Weight
from shroff.measure.briefing import brief_of
from shroff.measure.scorecard import Scorecard, scorecard
from shroff.stats.estimate import Status
from shroff.store.duckdb import DuckDBEngine
from shroff.store.ingest import ingest
from shroff.store.lake import Lake
from shroff.store.settings import read_settings
from shroff.synthetic.platform import write_platform

_NEEDED = ("ads", "decisions", "reviews", "impressions")
_ALL = pd.Series([True])


@dataclass(frozen=True)
class Checked:
    seed: int
    metric: str
    weight: Weight
    slice: tuple[tuple[str, str | None], ...]
    truth: float
    value: float
    low: float
    high: float
    n: int
    positives: float

    @property
    def covered(self) -> bool:
        return self.low - 1e-12 <= self.truth <= self.high + 1e-12


def _open(folder: Path, *, ads: int, seed: int, days: int) -> DuckDBEngine:
    summary = write_platform(folder, ads=ads, seed=seed, days=days)
    settings = read_settings(folder / "shroff.toml")
    lake = Lake(folder / "lake")
    for table in _NEEDED:
        ingest(lake, table, summary.logs[table], mapping=settings.mapping_of(table), threads=1)
    return DuckDBEngine(lake, spill=folder / "spill", threads=1)


def _measured(engine: DuckDBEngine, folder: Path) -> Scorecard:
    settings = read_settings(folder / "shroff.toml")
    return scorecard(engine, brief_of(settings, engine, by=["market"], period="all"))


def _decisions_of_record(engine: DuckDBEngine, truth: pd.DataFrame) -> pd.DataFrame:
    decisions = engine.query(
        "SELECT ad_id, ad_version, market, action, policy_id, decided_at, decision_id"
        " FROM decisions WHERE source <> 'human' AND COALESCE(shadow, FALSE) = FALSE"
    ).to_pandas()
    decisions = decisions.sort_values(["decided_at", "decision_id"])
    record = decisions.drop_duplicates(["ad_id", "ad_version", "market"])
    found = record.merge(truth, on=["ad_id", "ad_version"], how="left")
    assert found["violating"].notna().all()
    found["violating"] = found["violating"].astype(bool)
    found["right"] = [
        policy in policies
        for policy, policies in zip(found.policy_id, found.policies, strict=True)
    ]
    return found


def _exposed(engine: DuckDBEngine, record: pd.DataFrame) -> pd.DataFrame:
    """Give each version what its ad showed from its decision to the next one's day."""
    shown = engine.query("SELECT ad_id, day, impressions, spend FROM impressions").to_pandas()
    shown["day"] = pd.to_datetime(shown["day"])
    versions = record.assign(
        day=pd.to_datetime(record["decided_at"]).dt.tz_convert("UTC").dt.normalize()
    )
    versions["day"] = versions["day"].dt.tz_localize(None).astype(shown["day"].dtype)
    versions = versions.sort_values(["day", "ad_version"])
    first = versions.drop_duplicates("ad_id").index
    versions.loc[first, "day"] = pd.Timestamp("2000-01-01")
    live = pd.merge_asof(
        shown.sort_values("day"),
        versions.sort_values(["day", "ad_version"])[["ad_id", "ad_version", "day"]],
        on="day",
        by="ad_id",
    )
    sums = live.groupby(["ad_id", "ad_version"])[["impressions", "spend"]].sum()
    return record.merge(sums, on=["ad_id", "ad_version"], how="left").fillna(
        {"impressions": 0.0, "spend": 0.0}
    )


def _true_shares(ads: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Give each metric's true value and how many ads are in its numerator."""
    bad, action = ads["violating"], ads["action"]
    good, approved, rejected = ~bad, action == "approve", action == "reject"
    whole = approved | True
    pairs = {
        "reject_precision": (rejected & bad, rejected, "ads"),
        "right_policy_precision": (rejected & bad & ads["right"], rejected, "ads"),
        "leakage": (approved & bad, approved, "ads"),
        "recall_any": (bad & ~approved, bad, "ads"),
        "recall_reject": (bad & rejected, bad, "ads"),
        "miss_rate": (bad & approved, bad, "ads"),
        "fpr": (good & action.isin(["reject", "restrict"]), good, "ads"),
        "fdr": (rejected & good, rejected, "ads"),
        "specificity": (good & approved, good, "ads"),
        "npv": (approved & good, approved, "ads"),
        "violating_ad_share": (bad, whole, "ads"),
        "violating_impression_share": (bad, whole, "impressions"),
        "violating_spend_share": (bad, whole, "spend"),
        "leaked_impression_share": (approved & bad, approved, "impressions"),
    }
    shares = {}
    for metric, (above, below, unit) in pairs.items():
        weight = np.ones(len(ads)) if unit == "ads" else ads[unit].to_numpy()
        total = float((weight * below).sum())
        shares[metric] = (float((weight * above).sum()) / total if total else np.nan, above.sum())
    return shares


def _compared(card: Scorecard, record: pd.DataFrame, *, seed: int) -> Iterator[Checked]:
    parts = {(): record}
    parts |= {(("market", market),): rows for market, rows in record.groupby("market")}
    for terms, rows in parts.items():
        for metric, (truth, positives) in _true_shares(rows).items():
            figure = card.figure(metric, **dict(terms))
            assert figure is not None, (metric, terms)
            e = figure.estimate
            if e.status is not Status.ESTIMATE or np.isnan(truth):
                continue
            weight = card.brief.metrics[metric].weight
            yield Checked(
                seed, metric, weight, terms, truth, e.value, e.low, e.high, e.n, positives
            )


def _checked(folder: Path, *, ads: int, seed: int, days: int) -> list[Checked]:
    with _open(folder, ads=ads, seed=seed, days=days) as engine:
        card = _measured(engine, folder)
        truth = pq.read_table(folder / "truth" / "ads.parquet").to_pandas()
        columns = ["ad_id", "ad_version", "violating", "policies"]
        record = _exposed(engine, _decisions_of_record(engine, truth[columns]))
        return list(_compared(card, record, seed=seed))


def _coverage(found: list[Checked]) -> tuple[float, float]:
    """Give the share of intervals that hold the truth, and its standard error seed by seed.

    Figures of one platform rest on the same labels and are right or wrong together.
    """
    counted = pd.DataFrame({"seed": [c.seed for c in found], "held": [c.covered for c in found]})
    share = counted["held"].mean()
    off = (counted["held"] - share).groupby(counted["seed"]).sum()
    return float(share), float(np.sqrt((off**2).sum()) / len(counted))


def _told(found: list[Checked], name: str) -> str:
    share, error = _coverage(found)
    return f"{name}: {len(found)} intervals, {share:.1%} hold the truth (± {error:.1%})"


def _by_ads(found: list[Checked]) -> list[Checked]:
    return [c for c in found if c.weight is Weight.ADS]


@pytest.fixture(scope="module")
def one_platform(tmp_path_factory: pytest.TempPathFactory) -> list[Checked]:
    folder = tmp_path_factory.mktemp("platform")
    return _checked(folder, ads=6_000, seed=11, days=60)


def test_intervals_hold_the_truth_of_a_platform(one_platform: list[Checked]) -> None:
    found = _by_ads(one_platform)
    assert len(found) >= 80
    assert _coverage(found)[0] >= 0.85, _told(
        found, "ads"
    )  # one platform: right or wrong together


def test_intervals_over_everything_are_narrow_enough_to_say_something(
    one_platform: list[Checked],
) -> None:
    widths = {c.metric: c.high - c.low for c in one_platform if not c.slice}
    assert widths["leakage"] < 0.05
    assert widths["reject_precision"] < 0.15
    assert widths["violating_ad_share"] < 0.06


@pytest.mark.slow
def test_intervals_hold_the_truth_as_often_as_they_say(tmp_path: Path) -> None:
    found = [
        checked
        for seed in range(1, 31)
        for checked in _checked(tmp_path / str(seed), ads=20_000, seed=seed, days=98)
    ]
    exposed = [c for c in found if c.weight is not Weight.ADS]
    metrics = sorted({c.metric for c in found})
    lines = [_told([c for c in found if c.metric == metric], metric) for metric in metrics]
    report = "\n".join([*lines, _told(_by_ads(found), "ads"), _told(exposed, "exposure")])
    print(report)  # noqa: T201  (the numbers are what one runs this for)
    for kind in (_by_ads(found), [c for c in _by_ads(found) if not c.slice], exposed):
        share, error = _coverage(kind)
        assert share >= 0.93 - 2 * error, report
    for metric in metrics:
        share, error = _coverage([c for c in found if c.metric == metric])
        assert share >= 0.90 - 2 * error, report
