"""Made-up logs with everything that engines are known to disagree about.

Times are written in New York's local time where the mapping says so: two hours of 2023-11-05 have
the same clock, one of 2024-03-10 has none. The logs cross a year, a leap day and many weeks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

__all__ = [
    "HUGE",
    "MAPPING",
    "NAMES",
    "TEXTS",
    "write_corrections",
    "write_files",
    "write_late_judge",
    "write_one_row",
    "write_teams",
]

ADS = 240
HUGE = 2**63 - 1
START = datetime(2023, 12, 28, tzinfo=UTC)

TEXTS = (
    "plain",
    "",
    None,
    "广告 违规 加微信",
    "👩‍👩‍👧‍👦 free 💊",
    "e\u0301 and \u00e9",
    'it\'s "quoted" and `ticked`',
    "back\\slash \\n \\t \\' \\u0041",
    "100% sure_thing %_ \\%",
    "two\nlines\r\nand\ttab",
    "-- no comment; SELECT 1 /* nor this */",
    "${not} {a} :name ? $1 @x",
    " leading and trailing ",
    "İstanbul ſtraße ﬁ",
    "\u200bzero\u200dwidth\ufeff",
    "NULL",
    "Ã¤Ã¶Ã¼ â€™ mojibake",
)
MARKETS = ("US", "JP", None, "", "中国", "us", "O'Brien", 'a"b', "x\\y", "50%_", "👍")
LANGUAGES = ("en", "zh", None, "EN", "", "ja")
POLICIES = ("drugs", "weapons", "赌博", "it's", "p\\1", "a.b", "Drugs", "50%_")
STRATA = ("approve", "reject's", "层", "", None, 'q"uote', "s\\")
NAMES = (
    "site name",
    'quo"te',
    "类别",
    "back`tick",
    "Case",
    "case",
    "percent%",
    "select",
    "_under",
    "0digit",
    "sum",
    "tab\tbed",
    "emoji 👍",
    "it's",
)
"""Names of the user's own text columns."""

MAPPING = """
[mapping.decisions]
time_zone = "America/New_York"

[mapping.reviews]
time_zone = "America/New_York"
"""


def _at(number: int, *, hours: float = 0.0) -> datetime:
    """Spread ads over fourteen weeks; many share a moment, some are at a boundary."""
    edges = (
        datetime(2023, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2024, 1, 1, tzinfo=UTC),
        datetime(2024, 2, 29, 12, tzinfo=UTC),
        datetime(2024, 2, 29, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2024, 3, 1, tzinfo=UTC),
        datetime(2024, 3, 3, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2024, 3, 4, tzinfo=UTC),
        datetime(2024, 3, 10, 6, 59, 59, tzinfo=UTC),
        datetime(2024, 3, 10, 7, tzinfo=UTC),
        datetime(2024, 3, 31, 0, 59, 59, 1, tzinfo=UTC),
    )
    if number % 6 == 0:
        moment = edges[number // 6 % len(edges)]
    else:
        moment = START + timedelta(days=number * 97 % 96, seconds=number // 5 % 3, hours=7)
    return moment + timedelta(hours=hours)


def _local(moment: datetime) -> str:
    """Write a moment as New York's clocks showed it, without saying the zone."""
    spring, autumn = datetime(2024, 3, 10, 7, tzinfo=UTC), datetime(2023, 11, 5, 6, tzinfo=UTC)
    summer = moment >= spring or moment < autumn
    shown = moment - timedelta(hours=4 if summer else 5)
    return shown.strftime("%Y-%m-%d %H:%M:%S.%f")


def _utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _id(number: int) -> str:
    odd = {
        1: str(HUGE),
        2: str(HUGE + 1),
        3: "007",
        4: "1e3",
        5: "广告-5",
        6: "ad 'six'",
        7: 'ad "seven"',
        8: "ad\\8",
        9: "AD9",
        10: "ad9",
        11: "👍11",
        12: "e\u0301-12",
        13: "\u00e9-12",
        14: "%_14",
    }
    return odd.get(number, f"a{number:04d}")


def _action(number: int) -> str:
    return ("approve", "approve", "approve", "review", "reject", "approve", "restrict")[number % 7]


def _bad(number: int) -> bool:
    return number % 5 == 0 or _action(number) == "reject"


def _policy(number: int) -> str | None:
    return None if number % 11 == 0 else POLICIES[number % len(POLICIES)]


def _ads() -> pa.Table:
    numbers = range(ADS)
    columns: dict[str, object] = {
        "ad_id": [_id(n) for n in numbers],
        "ad_version": pa.array([None if n % 3 else 1 for n in numbers], pa.int64()),
        "advertiser_id": [None if n % 13 == 0 else f"adv {n % 17}'s" for n in numbers],
        "created_at": pa.array([_at(n, hours=-2) for n in numbers], pa.timestamp("us", "UTC")),
        "market": [MARKETS[n % len(MARKETS)] for n in numbers],
        "language": [LANGUAGES[n % len(LANGUAGES)] for n in numbers],
        "industry": [None if n % 4 else TEXTS[n % len(TEXTS)] for n in numbers],
        "format": [("video", None, "图片")[n % 3] for n in numbers],
        "title": [TEXTS[n % len(TEXTS)] for n in numbers],
        "body": [TEXTS[(n + 5) % len(TEXTS)] for n in numbers],
        "landing_url": [None if n % 2 else f"https://x.example/{n}?a=%20&b='" for n in numbers],
        "huge": pa.array([(HUGE, -HUGE - 1, 0, None)[n % 4] for n in numbers], pa.int64()),
        "odd number": pa.array(
            [
                float("nan") if n % 60 == 31 else float("inf") if n % 60 == 33
                else (0.0, -0.0, 0.1, None, 1e300, 5e-324, -2.5, 1e21, 123456789.125)[n % 9]
                for n in numbers
            ],
            pa.float64(),
        ),
        "flagged": pa.array([(True, False, None)[n % 3] for n in numbers]),
        "on": pa.array([(date(2024, 2, 29), None, date(1970, 1, 1))[n % 3] for n in numbers]),
        "moment": pa.array(
            [datetime(2024, 3, 10, 7, 30, 0, 1, tzinfo=UTC) if n % 2 else None for n in numbers],
            pa.timestamp("us", "UTC"),
        ),
        "tags": pa.array([([], None, ["a", "b'"], ["中"])[n % 4] for n in numbers]),
        "never": pa.array([None for _ in numbers], pa.string()),
    }  # fmt: skip
    for place, name in enumerate(NAMES):
        columns[name] = [TEXTS[(n + place) % len(TEXTS)] if n % 3 else None for n in numbers]
    return pa.table(
        [value if isinstance(value, pa.Array) else pa.array(value) for value in columns.values()],
        names=list(columns),
    )


def _decisions() -> Iterator[dict[str, object]]:
    for n in range(ADS):
        yield {
            "decision_id": f"d{n:05d}",
            "ad_id": _id(n),
            "ad_version": 1 if n % 2 else None,
            "market": None if n % 9 == 0 else MARKETS[n % len(MARKETS)],
            "decided_at": _local(_at(n)),
            "action": _action(n),
            "policy_id": None if _action(n) == "approve" else _policy(n),
            "source": ("model", "rule", "llm")[n % 3],
            "detector": (None, "clf's", "规则", "a.b")[n % 4],
            "version": ("1", "1.10", "1.9", None)[n % 4],
            "flow_mode": (None, "review_then_serve", "serve_then_review")[n % 3],
            "shadow": (None, False)[n % 2],
            "my note": TEXTS[n % len(TEXTS)],
        }
        if n % 10 == 0:  # decided again, in shadow, by a person, or elsewhere
            yield {
                "decision_id": f"e{n:05d}",
                "ad_id": _id(n),
                "ad_version": (None, 1, 2)[n // 10 % 3],
                "market": ("JP", None)[n // 10 % 2],
                "decided_at": _local(_at(n)),
                "action": "reject",
                "policy_id": "drugs",
                "source": ("human", "model")[n // 10 % 2],
                "shadow": n // 10 % 4 == 0,
            }
    for n, clock in enumerate(("2023-11-05 01:30:00", "2024-03-10 02:30:00")):
        yield {
            "decision_id": f"clock{n}",
            "ad_id": f"clock{n}",
            "decided_at": clock,
            "action": "approve",
            "source": "model",
        }


def _review(n: int, kind: str, **more: object) -> dict[str, object]:
    enqueued = _at(n, hours=3)
    decided = _at(n, hours=5 + n % 40)
    return {
        "review_id": f"{kind}{n:05d}",
        "ad_id": _id(n),
        "ad_version": 1 if n % 2 else None,
        "reviewer_id": f"reviewer {n % 5}",
        "reviewer_group": (None, "组", "A'")[n % 3],
        "role": (None, "L1")[n % 2],
        "enqueued_at": _local(enqueued),
        "started_at": _local(decided - timedelta(minutes=n % 30)) if n % 4 else None,
        "decided_at": _local(decided),
        "verdict": "violating" if _bad(n) else "compliant",
        "policies": ([_policy(n)] if _policy(n) else []) if _bad(n) else None,
        "severity": n % 5 + 1 if _bad(n) else None,
        "active_ms": n * 997 if n % 6 else None,
        **more,
    }


def _reviews() -> Iterator[dict[str, object]]:
    for n in range(ADS):
        if n % 2 == 0 and _action(n) not in {"review", "restrict"}:
            yield _review(
                n, "audit", queue="audit", queue_reason="random", blind=True, seen_machine=False,
                design_id="audit's", stratum=STRATA[n // 2 % len(STRATA)],
                sampling_prob=(0.5, 0.5, 0.4, 0.625)[n // 2 % 4],
            )  # fmt: skip
        if n % 3 == 0 and _action(n) != "review":
            yield _review(n, "panel", queue="抽查", queue_reason="random", blind=n % 2 == 0)
        if _action(n) == "review":
            open_ = n % 4 == 0
            yield _review(
                n, "live", queue="live", queue_reason=("model", "rule", None)[n % 3],
                seen_machine=True, decided_at=None if open_ else _local(_at(n, hours=9)),
                verdict=None if open_ else ("violating", "compliant", "unclear")[n % 3],
            )  # fmt: skip
        yield from _further_reviews(n)


def _further_reviews(n: int) -> Iterator[dict[str, object]]:
    """Second opinions: experts, models, re-checks with and without a probability, reports."""
    turned = "compliant" if _bad(n) else "violating"
    if n % 12 == 0:
        yield _review(n, "sme", role="SME", verdict=turned, queue="audit")
    if n % 14 == 0:
        yield _review(n, "blind", blind=True, seen_machine=False, verdict=turned)
    if n % 15 == 0:
        yield _review(n, "llm", role="LLM", verdict=turned)
    if n % 8 == 0:
        yield _review(
            n, "again", role="QA", queue_reason="recheck", decided_at=_local(_at(n, hours=80)),
            verdict=turned if n % 16 == 0 else "compliant",
            sampling_prob=0.5 if n % 24 else None,
        )  # fmt: skip
    if n % 20 == 0:
        yield _review(n, "report", queue_reason="report", verdict="violating")


def _appeals() -> Iterator[dict[str, object]]:
    outcomes = ("upheld", "partly_reversed", "reversed", "omitted", None)
    for n in range(ADS):
        if _action(n) in {"reject", "restrict"} or n % 23 == 0:
            outcome = outcomes[n % 5]
            yield {
                "appeal_id": f"p{n}",
                "ad_id": _id(n),
                "ad_version": None,
                "decision_id": f"d{n:05d}" if n % 2 else None,
                "filed_at": _utc(_at(n, hours=30 + n % 50)),
                "decided_at": _utc(_at(n, hours=100)) if outcome else None,
                "outcome": outcome,
                "edited_resubmit": (None, False, True)[n % 3],
            }


def _impressions() -> Iterator[dict[str, object]]:
    for n in range(ADS):
        if n % 3 != 1:
            for later in range(3):
                day = (_at(n) + timedelta(days=later - 1)).date()
                yield {
                    "ad_id": _id(n),
                    "day": day.isoformat(),
                    "impressions": (n * 7919 + later) % 10_000 if n % 5 else None,
                    "clicks": n % 7,
                    "spend": (0.1, 0.2, 1e-9, None, 12345.678)[n % 5],
                }


def _staffing() -> Iterator[dict[str, object]]:
    for n in range(ADS // 2):
        hour = _at(n, hours=4).replace(minute=0, second=0, microsecond=0)
        yield {
            "queue": ("live", "audit", "抽查")[n % 3],
            "language": ("en", "zh", "ja")[n // 3 % 3],
            "hour": _utc(hour + timedelta(hours=n)),
            "reviewer_hours": (0.5, 1.25, None, 0.0)[n % 4],
        }


def _scores() -> pa.Table:
    values = (0.0, -0.0, 0.1, 0.5, 1 / 3, 1e-300, -2.5, 1e300)
    refused = {31: float("nan"), 33: float("inf"), 35: -float("inf")}
    numbers = range(ADS)
    return pa.table(
        {
            "ad_id": [_id(n) for n in numbers],
            "ad_version": pa.array([None] * ADS, pa.int64()),
            "model": [("clf", "模型")[n % 2] for n in numbers],
            "version": ["1" for _ in numbers],
            "policy_id": [_policy(n) for n in numbers],
            "score": [refused.get(n, values[n % len(values)]) for n in numbers],
            "scored_at": pa.array([_at(n) for n in numbers], pa.timestamp("us", "UTC")),
            "shadow": pa.array([(None, False, True)[n % 3] for n in numbers]),
        }
    )


def _judgements() -> Iterator[dict[str, object]]:
    ends = ("verdict", "refused", "verdict", "cut", "verdict", "failed", "invalid", "filtered")
    for n in range(0, ADS, 2):
        end = ends[n // 2 % len(ends)]
        said = ("violating", "compliant", "unclear")[n // 2 % 3] if end == "verdict" else None
        yield {
            "judgement_id": f"j{n}",
            "ad_id": _id(n),
            "model": ("gpt-judge", "裁判模型")[n // 2 % 2],
            "version": ("abc", None, "it's")[n // 2 % 3],
            "policy_id": _policy(n),
            "judged_at": _utc(_at(n, hours=n % 50)),
            "outcome": end,
            "verdict": said,
            "severity": None if said != "violating" else n % 5 + 1,
            "confidence": (None, "low", "high")[n // 2 % 3] if said else None,
            "score": (0.0, 1.0, 0.5, None, 1e-300)[n // 2 % 5],
            "score_kind": ("label_logprob", "none", None)[n // 2 % 3],
            "latency_ms": (0, 1, 59_999, None)[n // 2 % 4],
            "input_tokens": (None, 812, HUGE)[n // 2 % 3],
            "cost": (0.0, 0.00031, None, 1e-12)[n // 2 % 4],
            "currency": ("USD", None, "人民币")[n // 2 % 3],
            "shadow": (None, False, True)[n // 2 % 3],
            "reason": TEXTS[n // 2 % len(TEXTS)],
        }


def _others() -> dict[str, list[dict[str, object]]]:
    return {
        "reports": [
            {
                "report_id": f"t{n}",
                "ad_id": _id(n),
                "source": (None, "user", "notice")[n % 3],
                "filed_at": _utc(_at(n, hours=(n % 5 - 2) * 10)),
                "outcome": TEXTS[n % len(TEXTS)],
            }
            for n in range(0, ADS, 9)
        ],
        "hits": [
            {
                "ad_id": _id(n),
                "detector": ("rx", "词")[n % 2],
                "version": "1",
                "hit_at": _utc(_at(n)),
                "policy_id": _policy(n),
                "span_start": n if n % 3 else None,
                "span_end": n + 3,
                "deciding": (None, True)[n % 2],
            }
            for n in range(0, ADS, 4)
        ],
        "policies": [
            {
                "policy_id": policy,
                "version": str(place % 2 + 1),
                "parent": (None, "drugs", "")[place % 3],
                "name_en": (None, policy, "")[place % 3],
                "name_zh": (None, "政策", "毒品")[place % 3],
                "severity": place % 5 + 1,
                "cost_missed": 0.1 * place,
                "markets": ([], None, ["US", "中国"])[place % 3],
                "effective_from": None if place % 2 else "2023-01-01T00:00:00Z",
            }
            for place, policy in enumerate((*POLICIES, "drugs", "unseen"))
        ],
        "changes": [
            {
                "change_id": f"c{place}",
                "at": _utc(_at(place * 6)),
                "kind": (None, "policy", "threshold")[place % 3],
                "what": text,
                "scope": None if place % 2 else text,
                "note": text,
            }
            for place, text in enumerate(TEXTS)
        ],
    }


def write_files(folder: Path) -> dict[str, Path]:
    """Write the files that are read in, by table."""
    folder.mkdir(parents=True, exist_ok=True)
    told = {
        "decisions": list(_decisions()),
        "reviews": list(_reviews()),
        "appeals": list(_appeals()),
        "impressions": list(_impressions()),
        "judgements": list(_judgements()),
        "staffing": list(_staffing()),
        **_others(),
    }
    files = {table: _lines(folder / f"{table}.jsonl", rows) for table, rows in told.items()}
    for table, columns in (("ads", _ads()), ("scores", _scores())):
        files[table] = folder / f"{table}.parquet"
        pq.write_table(columns, files[table])
    return files


def write_one_row(folder: Path) -> dict[str, Path]:
    """Write one decision, and nothing else but its ad."""
    folder.mkdir(parents=True, exist_ok=True)
    decision = {
        "decision_id": str(HUGE),
        "ad_id": "only",
        "decided_at": "2024-02-29T23:59:59.999999Z",
        "action": "reject",
        "source": "model",
    }
    ad = {"ad_id": "only", "created_at": "2024-02-29T23:59:59.999998Z"}
    rows = {"decisions": [decision], "ads": [ad]}
    return {table: _lines(folder / f"{table}.jsonl", found) for table, found in rows.items()}


def write_corrections(folder: Path) -> dict[str, Path]:
    """Write rows that come again with other content, late reviews and a late appeal."""
    folder.mkdir(parents=True, exist_ok=True)
    decisions = [
        {**row, "action": "reject", "policy_id": "weapons"}
        for row in _decisions()
        if str(row["decision_id"])[1:] in {"00003", "00021"}
    ]
    reviews = [
        _review(n, "late", blind=True, verdict="violating", decided_at=_local(_at(n, hours=300)))
        for n in (1, 7, 23)
    ]
    rows = {"decisions": decisions, "reviews": reviews}
    return {table: _lines(folder / f"late_{table}.jsonl", found) for table, found in rows.items()}


def write_teams(folder: Path) -> Path:
    """Write late reviews that name the reviewers' team, in a column of the user's own."""
    folder.mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, object]] = [
        _review(n, "team", verdict="violating", decided_at=_local(_at(n, hours=90)), team=team)
        for n, team in ((2, "夜班"), (8, "it's"), (14, "夜班"), (26, None))
    ]
    return _lines(folder / "teams.jsonl", rows)


def write_late_judge(folder: Path) -> Path:
    """Write what a judge of every ad said, after all others."""
    folder.mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, object]] = [
        {
            "judgement_id": f"late{n}",
            "ad_id": _id(n),
            "model": "終審 'late'",
            "version": "末",
            "judged_at": _utc(_at(n, hours=4000)),
            "outcome": "verdict",
            "verdict": "violating" if _bad(n) else "compliant",
            "confidence": ("high", "medium")[n % 2],
            "score": None,
            "score_kind": "none",
            "latency_ms": 900 + n,
            "cost": 0.001,
            "currency": "USD",
        }
        for n in range(ADS)
    ]
    return _lines(folder / "late_judge.jsonl", rows)


def write_versions(folder: Path) -> Path:
    """Write scores of two versions of one model for the same ads, in any range; some are missing."""
    folder.mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, object]] = [
        {
            "ad_id": _id(n),
            "model": "it's a 模型",
            "version": version,
            "policy_id": policy,
            "score": ((n * step) % 40) / 10 - 1 + (0.4 if _bad(n) else 0.0),
            "scored_at": _utc(_at(n)),
            "shadow": version == "二",
        }
        for n in range(ADS)
        for version, step in (("1", 7), ("二", 11))
        for policy in (None, "weapons")
        if n % (9 if policy else 29)
    ]
    return _lines(folder / "versions.jsonl", rows)


def _lines(path: Path, rows: list[dict[str, object]]) -> Path:
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
