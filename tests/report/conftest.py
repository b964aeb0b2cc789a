"""A small report made by hand, with every kind of block, status and hostile text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

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
