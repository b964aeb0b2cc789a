"""Sentences of the report, (English, 中文) by key."""

from __future__ import annotations

from shroff.domain.phrases.weekly_phrases import WEEKLY

__all__ = ["PHRASES"]

_FIGURES: dict[str, tuple[str, str]] = {
    "report.figure.whole": ("{value} ({interval})", "{value}（{interval}）"),
    "report.figure.from_to": ("{low} to {high}", "{low} 至 {high}"),
    "report.figure.bounds": ("somewhere in {interval}", "介于 {interval}"),
    "report.figure.suppressed": ("withheld", "不予公布"),
    "report.figure.unknown": ("not known", "未知"),
    "report.figure.in_points": ("{number} points", "{number} 个百分点"),
    "report.figure.in_hours": ("{number} h", "{number} 小时"),
    "report.figure.in_minutes": ("{number} min", "{number} 分钟"),
    "report.status.proxy": ("proxy", "代理值"),
    "report.status.bounds": ("bounds only", "仅有上下界"),
    "report.status.estimate": ("estimate", "估计值"),
    "report.status.count": ("full count", "全量统计"),
    "report.status.suppressed": ("withheld", "不予公布"),
    "report.status.unknown": ("not known", "未知"),
}

_PAGE: dict[str, tuple[str, str]] = {
    "report.page.contents": ("In this report", "本期内容"),
    "report.page.permalink": ("Link to this section", "本节链接"),
    "report.page.numbers": ("Numbers in this chart", "图中数字"),
    "report.page.events": ("Changes drawn as dotted lines", "图中虚线为变更"),
    "report.page.about": ("About this report", "关于本报告"),
    "report.page.change": ("{change} vs the period before", "较上一周期 {change}"),
    "report.page.goal": ("Goal {goal}", "目标 {goal}"),
    "report.page.colon": ("{name}:", "{name}："),
    "report.goal.met": ("met", "达标"),
    "report.goal.missed": ("missed", "未达标"),
    "report.goal.unsure": ("not yet known", "尚不能判断"),
    "report.chart.goal": ("goal", "目标"),
    "report.chart.from_day": ("Week from", "周起始日"),
    "report.chart.slice": ("Slice", "切片"),
    "report.chart.unfinished": ("{day} (still coming in)", "{day}（数据未齐）"),
}

PHRASES: dict[str, tuple[str, str]] = {**_FIGURES, **_PAGE, **WEEKLY}
