"""A small report made by hand, with every kind of block, status and hostile text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from shroff.domain.messages import Message
from shroff.domain.slices import Period, Slice
from shroff.report.document import (
    Align,
    Callout,
    Cards,
    Charts,
    CodeBlock,
    Column,
    Definition,
    Definitions,
    Details,
    Document,
    DotChart,
    DotRow,
    Event,
    FigureCard,
    Goal,
    Mark,
    Paragraph,
    Row,
    Section,
    Standing,
    Table,
    Tone,
    TrendChart,
    TrendPoint,
)
from shroff.report.figures import Figure, Form
from shroff.report.weekly_results import (
    AuditNeed,
    HealthNote,
    Measured,
    Target,
    WeeklyResults,
    WeekPoint,
)
from shroff.report.wording import Bilingual, Listed, Plain
from shroff.stats.estimate import Estimate, Status

HOSTILE = "<script>alert('x')</script> a|b *bold* [l](http://evil.example) `tick` & </style>"


def estimate(
    value: float | None,
    low: float | None,
    high: float | None,
    *,
    status: Status = Status.ESTIMATE,
    n: int = 412,
) -> Estimate:
    return Estimate(
        value=value, low=low, high=high, level=0.95, status=status, method="korn-graubard", n=n,
        n_effective=300.0, design_effect=1.37, design="audit (stratified, logged)",
    )  # fmt: skip


def share(value: float | None, low: float | None, high: float | None, **kind: Status) -> Figure:
    return Figure(estimate(value, low, high, **kind))


@pytest.fixture
def figure() -> Callable[..., Figure]:
    return share


@pytest.fixture
def hostile() -> str:
    return HOSTILE


@pytest.fixture
def handmade() -> Document:
    leak, change = share(0.0085, 0.0061, 0.0116), estimate(0.0031, 0.0004, 0.0058)
    monday = date(2026, 8, 31)
    trend = tuple(
        TrendPoint(
            monday + timedelta(weeks=week),
            share(0.006 + 0.0003 * week, 0.004 + 0.0003 * week, 0.009 + 0.0003 * week),
            complete=week < 11,
        )
        for week in range(12)
    )
    events = (
        Event(date(2026, 10, 7), Plain("model text-v2 launched")),
        Event(date(2026, 10, 20), Plain(HOSTILE)),
    )
    name = Bilingual("Approve leakage", "漏放率")
    return Document(
        title=Bilingual("Automation report · Demo ads", "机审周报 · Demo ads"),
        period=Plain("2026-11-09 – 2026-11-15"),
        headline=Bilingual(
            "Approve leakage rose to 0.85% (0.61–1.16%), up 0.31 points on the week before.",
            "漏放率升至 0.85%（0.61–1.16%），较前一周上升 0.31 个百分点。",
        ),
        support=(
            Bilingual(
                "Reject precision held its goal at 93.1% (91.2–94.8%).",
                "拒绝准确率达标：93.1%（91.2–94.8%）。",
            ),
        ),
        sections=(
            Section(
                "leakage",
                Bilingual("What leaks past auto-approve?", "自动通过漏放了什么？"),
                Bilingual(
                    "About 0.61–1.16% of auto-approved ads violate, from 412 audited ads.",
                    "据 412 条抽检广告，机审通过的广告中约 0.61–1.16% 违规。",
                ),
                (
                    Cards(
                        (
                            FigureCard(
                                name,
                                leak,
                                Bilingual("412 labelled ads", "412 条标注"),
                                Figure(change, Form.POINTS),
                                Goal(Plain("≤ 1%"), Standing.UNSURE),
                            ),
                            FigureCard(
                                Bilingual("Reject precision", "拒绝准确率"),
                                share(0.931, 0.912, 0.948),
                                goal=Goal(Plain("≥ 90%"), Standing.MET),
                            ),
                            FigureCard(
                                Bilingual("Recall (sensitivity), reject or review", "查全率（拒绝或召回进审）"),
                                share(None, 0.41, 0.86, status=Status.BOUNDS),
                                goal=Goal(Plain("≥ 90%"), Standing.MISSED),
                            ),
                            FigureCard(
                                Bilingual("Overturn rate", "申诉改判率"),
                                share(None, None, None, status=Status.UNKNOWN),
                            ),
                        )
                    ),
                    Charts((TrendChart("leak-trend", name, trend, events=events, goal=0.01),)),
                    Charts(
                        (
                            DotChart(
                                "leak-slices",
                                Bilingual("Leakage by slice", "分切片漏放率"),
                                (
                                    DotRow(Plain("US"), share(0.012, 0.007, 0.02)),
                                    DotRow(Plain(HOSTILE), share(0.01, 0.005, 0.015)),
                                    DotRow(Plain("减肥产品"), share(0.03, 0.02, 0.05, status=Status.PROXY)),
                                    DotRow(Plain("BR"), share(None, 0.001, 0.06, status=Status.BOUNDS)),
                                ),
                                reference=leak,
                                goal=0.01,
                            ),
                        ),
                        note=Bilingual("Ordered by the lower end.", "按下限排序。"),
                    ),
                    Table(
                        (
                            Column(Bilingual("Slice", "切片")),
                            Column(Bilingual("Leakage", "漏放率"), Align.END),
                            Column(Bilingual("Change (points)", "变化（百分点）"), Align.END),
                            Column(Bilingual("Reading", "解读")),
                            Column(Bilingual("Goal", "目标")),
                        ),
                        (
                            Row((Bilingual("By market", "按市场"),), group=True),
                            Row((Plain(HOSTILE), leak, Figure(change, Form.POINTS), Mark(Bilingual("worse", "变差"), Tone.BAD), Goal(Plain("≤ 1%"), Standing.UNSURE))),
                            Row((Plain("US"), share(0.2, 0.1, 0.3), None, Mark(Bilingual("no clear change", "无明显变化")), None)),
                            Row((Plain("BR"), share(0.4, 0.38, 0.42, status=Status.PROXY), None, None, None)),
                        ),
                        note=Bilingual("Of 24 slices looked at.", "共查看 24 个切片。"),
                    ),
                    Callout(Bilingual("One thing to know", "请注意"), Plain(HOSTILE), Tone.UNSURE),
                    Details(
                        Bilingual("How sure are we?", "有多确定？"),
                        (
                            Paragraph(Listed((Plain("a"), Plain("b"))), Tone.QUIET),
                            Definitions((Definition(name, Plain(HOSTILE), (Plain("note"),)),)),
                            CodeBlock("SELECT '```' -- " + HOSTILE),
                        ),
                    ),
                ),
            ),
        ),
        meta=(Definition(Bilingual("Snapshot", "快照"), Plain("ads@3, decisions@7")),),
    )  # fmt: skip


def counted(value: float, n: int = 51_840) -> Estimate:
    return Estimate(
        value=value, low=value, high=value, level=0.95, status=Status.COUNT, method="count", n=n
    )


def difference(value: float, reach: float, *, status: Status = Status.ESTIMATE) -> Estimate:
    return estimate(value, value - reach, value + reach, status=status, n=800)


@pytest.fixture
def results() -> WeeklyResults:
    now = {
        "reject_precision": estimate(0.931, 0.912, 0.948, n=640),
        "right_policy_precision": estimate(0.884, 0.861, 0.905, n=640),
        "fdr": estimate(0.069, 0.052, 0.088, n=640),
        "fpr": estimate(0.0021, 0.0016, 0.0027, n=1_630),
        "leakage": estimate(0.0085, 0.0061, 0.0116),
        "recall_any": estimate(0.71, 0.63, 0.78, n=1_630),
        "recall_reject": estimate(0.42, 0.36, 0.48, n=1_630),
        "miss_rate": estimate(0.29, 0.22, 0.37, n=1_630),
        "queue_in_precision": estimate(0.312, 0.301, 0.341, status=Status.BOUNDS, n=5_210),
        "queue_in_rate": counted(0.113),
        "reject_rate": counted(0.031),
        "approve_rate": counted(0.856),
        "automation_rate": counted(0.879),
        "safe_automation_rate": estimate(None, 0.51, 0.74, status=Status.BOUNDS, n=1_630),
        "first_review_overturn_rate": estimate(0.048, 0.036, 0.063, n=980),
        "violating_ad_share": estimate(0.0301, 0.0272, 0.0331, n=1_630),
        "violating_impression_share": estimate(0.0071, 0.0044, 0.0109, n=1_630),
        "violating_spend_share": estimate(0.0062, 0.0029, 0.0121, n=1_630),
        "leaked_impression_share": estimate(0.0066, 0.004, 0.0103),
        "appeal_rate": counted(0.082, 1_607),
        "overturns_per_appeal": estimate(0.23, 0.16, 0.31, status=Status.PROXY, n=131),
        "appeal_error_floor": counted(0.0187, 1_607),
        "turnaround_p50": estimate(1.4, 1.3, 1.5, n=5_860),
        "turnaround_p90": estimate(6.8, 6.5, 7.1, n=5_860),
        "turnaround_p95": estimate(11.2, 10.6, 12.0, n=5_860),
        "backlog_share": counted(0.021, 5_860),
    }  # fmt: skip
    change = {
        "leakage": difference(0.0031, 0.0018),
        "reject_precision": difference(0.004, 0.026),
        "violating_impression_share": difference(0.0012, 0.0039),
        "recall_any": difference(-0.06, 0.055),
        "automation_rate": Estimate(
            value=0.004,
            low=0.004,
            high=0.004,
            level=0.95,
            status=Status.COUNT,
            method="count",
            n=51_840,
        ),
        "violating_ad_share": difference(0.002, 0.004),
    }
    past = {
        metric: replace(
            now[metric],
            value=(now[metric].value or 0) - (moved.value or 0),
            low=(now[metric].low or 0) - (moved.value or 0),
            high=(now[metric].high or 0) - (moved.value or 0),
        )
        for metric, moved in change.items()
    }
    monday = date(2026, 8, 31)
    weeks = {
        metric: tuple(
            WeekPoint(
                monday + timedelta(weeks=week),
                replace(
                    now[metric],
                    value=(
                        value := (now[metric].value or 0) * (0.8 + 0.02 * (week % 7) + 0.01 * week)
                    ),
                    low=value * ((now[metric].low or 0) / (now[metric].value or 1)),
                    high=value * ((now[metric].high or 0) / (now[metric].value or 1)),
                ),
                complete=week < 11,
            )
            for week in range(12)
        )
        for metric in (
            "leakage",
            "reject_precision",
            "violating_impression_share",
            "recall_any",
            "automation_rate",
        )
    }
    parts = [
        *[Measured("leakage", Slice((("policy", name),)), estimate(v, v * 0.5, v * 1.9, n=412))
          for name, v in (("weight_loss", 0.0031), ("gambling", 0.0012), ("counterfeit", 0.0008), ("finance", 0.0021), ("adult", 0.0002))],
        *[Measured("reject_precision", Slice((("policy", name),)), estimate(v, v - 0.06, v + 0.03, n=90))
          for name, v in (("weight_loss", 0.88), ("gambling", 0.95), ("counterfeit", 0.93), ("finance", 0.9))],
        *[Measured("leakage", Slice((("market", name),)), estimate(v, v * 0.6, v * 1.6, n=n))
          for name, v, n in (("US", 0.006, 96), ("BR", 0.0233, 88), ("ID", 0.009, 71), ("JP", 0.004, 60), (HOSTILE, 0.008, 40), ("MX", 0.05, 6))],
        *[Measured("leakage", Slice((("language", name),)), estimate(v, v * 0.6, v * 1.6, n=n))
          for name, v, n in (("en", 0.007, 260), ("zh", 0.0121, 150), ("pt", 0.0201, 90))],
        *[Measured("leakage", Slice((("market", "BR"), ("language", "pt"))), estimate(0.026, 0.013, 0.048, n=80))],
        *[Measured("reject_precision", Slice((("industry", name),)), estimate(v, v - 0.06, v + 0.04, n=n))
          for name, v, n in (("retail", 0.95, 200), ("games", 0.91, 180), ("health", 0.78, 160), (None, 0.93, 90))],
        *[Measured("turnaround_p50", Slice((("queue", name),)), estimate(v, v * 0.9, v * 1.1, n=900)) for name, v in (("standard", 1.2), ("appeals", 9.0), ("audit", 20.5))],
        *[Measured("turnaround_p90", Slice((("queue", name),)), estimate(v, v * 0.9, v * 1.1, n=900)) for name, v in (("standard", 6.2), ("appeals", 31.0))],
        *[Measured("backlog_share", Slice((("queue", name),)), counted(v, 900)) for name, v in (("standard", 0.01), ("appeals", 0.12), ("audit", 0.3))],
        *[Measured("handle_minutes", Slice((("queue", name),)), counted(v, 900)) for name, v in (("standard", 0.81), ("appeals", 2.4), ("audit", 1.2))],
        *[Measured("occupancy", Slice((("queue", name),)), counted(v, 900)) for name, v in (("standard", 0.71), ("appeals", 0.84))],
    ]  # fmt: skip
    return WeeklyResults(
        workspace="Demo ads",
        period=Period(date(2026, 11, 9), date(2026, 11, 16)),
        before=Period(date(2026, 11, 2), date(2026, 11, 9)),
        as_of=datetime(2026, 11, 17, 4, 0, tzinfo=UTC),
        now=now, past=past, change=change, weeks=weeks, parts=tuple(parts),
        targets={"leakage": Target(at_most=0.01), "reject_precision": Target(at_least=0.9), "recall_any": Target(at_least=0.8)},
        policies={"weight_loss": Bilingual("Weight loss", "减肥产品"), "gambling": Bilingual("Gambling", "赌博"), "finance": Bilingual("Financial promises", "金融收益承诺"), "counterfeit": Bilingual("Counterfeit goods", "假冒商品"), "adult": Bilingual("Adult content", "成人内容")},
        events=(Event(date(2026, 10, 7), Plain("model text-v2 launched")), Event(date(2026, 10, 20), Plain("policy weight_loss 3.1 in force"))),
        health=(
            HealthNote(Tone.BAD, Bilingual("1,204 reviews name an ad that is not in the logs", "1,204 条审核记录对应的广告不在日志中"), Bilingual("They count for nothing: every figure rests on fewer labels.", "这些标注未计入，所有指标的标注数因此减少。")),
            HealthNote(Tone.UNSURE, Bilingual("0.4% of impressions came more than two days late", "0.4% 的曝光数据延迟超过两天"), Bilingual("Exposure of the last week may rise a little.", "最近一周的曝光占比可能略有上升。")),
        ),
        needs=(
            AuditNeed(Bilingual("Auto-approved ads, at random", "机审通过的广告，随机抽取"), 1_150, Bilingual("Leakage to within 0.25 points either side", "漏放率误差在 ±0.25 个百分点以内")),
            AuditNeed(Bilingual("Ads in the appeals queue that nobody reviewed", "申诉队列中无人审核的广告"), 210, Bilingual("Queue-in precision as an estimate instead of bounds", "召回准确率由上下界变为估计值")),
        ),
        queries={"leakage": "SELECT action, COUNT(*) AS n\nFROM label_frame\nWHERE in_period\nGROUP BY action"},
        facts=((Message("report.meta.snapshot"), Plain("ads@3 · decisions@7 · reviews@9")),),
    )  # fmt: skip
