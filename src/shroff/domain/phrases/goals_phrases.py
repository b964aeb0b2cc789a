"""What is said of goals that are watched every day, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "goals.column.due": ("due, owner", "期限、负责人"),
    "goals.column.outlook": ("outlook", "预计"),
    "goals.outlook": (
        "{value} ({low}–{high}) on {due}; met with a chance of {chance:percent}",
        "{due} 时 {value}（{low}–{high}）；达成概率 {chance:percent}",
    ),
    "goals.closing": (
        "Which steps would close a gap: shroff advise plan",
        "哪些措施可补足差距：shroff advise plan",
    ),
    "goals.title": ("Are the goals met?", "目标达成了吗？"),
    "goals.lead": (
        "Of {goals} goals, {met} met, {missed} missed, {unknown} not yet known.",
        "共 {goals} 项目标：{met} 项达标，{missed} 项未达标，{unknown} 项尚不能判断。",
    ),
    "goals.how": (
        "These intervals hold on all days together: look every day, and the chance that any"
        " of them misses is meant to stay at {miss}. They are wider than an interval for one"
        " look.",
        "以上区间对所有日期同时成立：即使每天查看，任何一天出错的概率也按 {miss} 控制。"
        "因此它们比只看一次的区间更宽。",
    ),
    "goals.chart": ("{metric}, since {start}", "{metric}（自 {start} 起）"),
    "goals.verdict.met": ("met", "达标"),
    "goals.verdict.missed": ("missed", "未达标"),
    "goals.verdict.not_yet_known": ("not yet known", "尚不能判断"),
    "goals.column.goal": ("Goal", "目标"),
    "goals.column.since": ("Judged since", "起始日"),
    "goals.column.verdict": ("Verdict", "结论"),
    "goals.column.known": ("Known since", "得出结论日"),
    "goals.column.now": ("So far", "迄今"),
    "goals.column.always": ("Holds on all days", "全程有效区间"),
    "goals.column.labels": ("Labels", "标注数"),
    "goals.counted": (
        "counted in full: no sampling doubt, judged by its value",
        "全量统计，无抽样误差，直接按数值判断",
    ),
    "goals.not_daily": (
        "not judged day by day: it does not rest on sampled labels; see the scorecard",
        "不按日判断：该指标不依赖抽样标注，请看指标表",
    ),
    "goals.cannot_tell": (
        "cannot be judged: no random labels for all of it; see what to label next",
        "无法判断：部分广告没有随机抽样标注，请看“下一步标注什么”",
    ),
    "goals.named": ("{metric} {bar}", "{metric} {bar}"),
}
