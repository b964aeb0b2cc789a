"""Small logs in which terms come up: what the tests of new terms share."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from shroff.domain.slices import Period
from shroff.workspace import Workspace

__all__ = ["BEFORE", "NOW", "write_term_story"]

BEFORE = Period(date(2026, 3, 2), date(2026, 3, 16))
NOW = Period(date(2026, 3, 16), date(2026, 3, 30))

_EN = [
    "garden",
    "chair",
    "lamp",
    "river",
    "paper",
    "clock",
    "silver",
    "window",
    "basket",
    "market",
    "summer",
    "coffee",
    "lemon",
]
_ZH = [
    "家居",
    "灯具",
    "茶叶",
    "阳台",
    "窗帘",
    "木门",
    "花园",
    "水杯",
    "夏季",
    "咖啡",
    "书桌",
    "手工",
]
_PLANTED = (
    # term, language, policy, ads of the period, ads before
    ("加薇信", "zh", "E4", 26, 0),
    ("加v信", "zh", "E4", 22, 1),
    ("moon tokens", "en", "A1", 30, 2),
)
_OWN_NAME = "zebrano lights"


def write_term_story(root: Path, *, ads: int = 420, planted: bool = True) -> Workspace:
    """Make a workspace: two weeks, and two weeks after, in which terms come up in violating ads.

    One advertiser's own name comes up as well, in thirty ads of his.
    """
    rng = np.random.default_rng(8)
    rows = [_ad(rng, number, period=period) for period in (BEFORE, NOW) for number in range(ads)]
    if planted:
        _plant(rng, rows)
    root.mkdir(parents=True)
    (root / "shroff.toml").write_text("[workspace]\nname = 'Terms'\n", encoding="utf-8")
    workspace = Workspace.open(root)
    for table, part in _tables(rows).items():
        file = root / f"{table}.csv"
        _write(file, part)
        workspace.ingest(table, [file])
    return workspace


def _ad(rng: np.random.Generator, number: int, *, period: Period) -> dict[str, object]:
    language = "zh" if rng.random() < 0.5 else "en"
    words = rng.choice(_ZH if language == "zh" else _EN, 7)
    day = period.start + timedelta(days=int(rng.integers(period.days)))
    return {
        "ad_id": f"{period.start:%m%d}-{number:04d}",
        "advertiser_id": f"adv-{rng.integers(150)}",
        "created_at": datetime(day.year, day.month, day.day, 9, tzinfo=UTC).isoformat(),
        "market": "CN" if language == "zh" else "US",
        "language": language,
        "body": ("" if language == "zh" else " ").join(words),
        "violating": bool(rng.random() < 0.6),
        "policy": str(rng.choice(["A1", "E4"])),
        "now": period is NOW,
    }


def _plant(rng: np.random.Generator, rows: list[dict[str, object]]) -> None:
    for term, language, policy, here, before in _PLANTED:
        for now, many in ((True, here), (False, before)):
            fit = [
                row
                for row in rows
                if row["violating"] and row["now"] is now and row["language"] == language
            ]
            for at in rng.choice(len(fit), many, replace=False):
                fit[at]["body"] = (
                    f"{term}{fit[at]['body']}"
                    if language == "zh"
                    else (f"{fit[at]['body']} {term} {rng.choice(_EN)}")
                )
                fit[at]["policy"] = policy
    own = [row for row in rows if row["violating"] and row["now"] and row["language"] == "en"]
    own = [row for row in own if "moon" not in str(row["body"])]
    for row in own[:30]:
        row["advertiser_id"] = "adv-zebrano"
        row["body"] = f"{_OWN_NAME} {row['body']}"


def _tables(rows: Sequence[Mapping[str, object]]) -> dict[str, list[dict[str, object]]]:
    ads = ("ad_id", "advertiser_id", "created_at", "market", "language", "body")
    decisions, reviews, appeals = [], [], []
    for at, row in enumerate(rows):
        when = row["created_at"]
        action = ("approve", "reject", "review")[at % 3]
        decisions.append(
            {
                "decision_id": f"d{at}",
                "ad_id": row["ad_id"],
                "market": row["market"],
                "decided_at": when,
                "action": action,
                "policy_id": row["policy"] if action == "reject" else "",
                "source": "model",
            }
        )
        reviews.append(
            {
                "review_id": f"r{at}",
                "ad_id": row["ad_id"],
                "role": "L1",
                "blind": "true",
                "verdict": "violating" if row["violating"] else "compliant",
                "policies": row["policy"] if row["violating"] else "",
                "enqueued_at": when,
                "decided_at": when,
            }
        )
        if action == "reject" and at % 2:
            appeals.append(
                {
                    "appeal_id": f"p{at}",
                    "ad_id": row["ad_id"],
                    "filed_at": when,
                    "decided_at": when,
                    "outcome": "reversed" if row["violating"] else "upheld",
                }
            )
    return {
        "ads": [{name: row[name] for name in ads} for row in rows],
        "decisions": decisions,
        "reviews": reviews,
        "appeals": appeals,
    }


def _write(file: Path, rows: Sequence[Mapping[str, object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
