"""What is said of searches over ads and of scans, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "find.summary": (
        "{ads:count} of {scanned:count} ads say it, from {first} to {last}, by"
        " {advertisers:count} advertisers; they were shown {impressions:count} times.",
        "{scanned:count} 条广告中有 {ads:count} 条命中，提交于 {first} 至 {last}，来自"
        " {advertisers:count} 个广告主；共展示 {impressions:count} 次。",
    ),
    "find.none": (
        "None of {scanned:count} ads says it.",
        "{scanned:count} 条广告中没有命中。",
    ),
    "find.listed": (
        "{ads:count} ads, submitted from {first} to {last}, by {advertisers:count} advertisers; they"
        " were shown {impressions:count} times.",
        "共 {ads:count} 条广告，提交于 {first} 至 {last}，来自 {advertisers:count} 个广告主；"
        "共展示 {impressions:count} 次。",
    ),
    "find.none_listed": ("There is no such ad.", "没有这样的广告。"),
    "find.title": ("What was found?", "找到了什么？"),
    "find.title_listed": ("Which ads are these?", "这些是哪些广告？"),
    "find.parts": (
        "By action, detector, market, language, advertiser and week",
        "按动作、检测器、市场、语言、广告主和周细分",
    ),
    "find.share": ("{share:percent}", "{share:percent}"),
    "find.caught": (
        "Live detectors of the log hit {caught:count} of them ({share:percent}); approved and hit by"
        " none: {missed:count}.",
        "其中 {caught:count} 条（{share:percent}）已有线上检测器命中；{missed:count} 条被放行且无任何命中。",
    ),
    "find.hidden": (
        "Ads that nowhere write the words as they are: {hidden:count} ({share:percent}), in"
        " {ways:count} kinds or mixtures of disguise.",
        "处处都未写原词的广告：{hidden:count} 条（{share:percent}），伪装方式及其组合共 {ways:count} 种。",
    ),
    "find.column.way": ("disguise", "伪装方式"),
    "find.column.ads": ("ads", "广告数"),
    "find.column.matched": ("as written", "原文写法"),
    "find.column.share": ("share", "占比"),
    "find.part.markets": ("by market", "按市场"),
    "find.part.languages": ("by language", "按语言"),
    "find.part.top_advertisers": ("top advertisers", "主要广告主"),
    "find.part.actions": ("what the machine did", "机器动作"),
    "find.part.detectors": ("live detectors that hit them", "已命中的线上检测器"),
    "find.part.weeks": ("by week of submission", "按提交周"),
    "find.way.plain": ("as it is", "原样"),
    "find.action": ("{name:action}", "{name:action}"),
    "find.shown": ("Seen most:", "展示最多的广告："),
    "find.nothing": ("–", "–"),
    "find.rule_written": ("the rule {rule} was added to {file}", "规则 {rule} 已写入 {file}"),
    "find.rule_then": (
        "Look at its examples, then: shroff rules lint {file} and shroff rules backtest {file}",
        "核对示例后运行：shroff rules lint {file}，再运行 shroff rules backtest {file}",
    ),
    "scan.summary": (
        "{hits:count} hits of {rules:count} rules in {ads:count} of {scanned:count} texts.",
        "{scanned:count} 条文本中有 {ads:count} 条命中，涉及 {rules:count} 条规则、{hits:count} 处。",
    ),
    "scan.blurred": (
        "Offensive hits are blurred; --show-offensive shows them.",
        "冒犯性内容已模糊处理；--show-offensive 可显示。",
    ),
    "scan.masked": (
        "Contact details are masked; --show-contacts shows them.",
        "联系方式已遮盖；--show-contacts 可显示。",
    ),
    "scan.unread": (
        "{count:count} lines could not be read and were left out, such as {first}",
        "{count:count} 行无法读取，已跳过，例如 {first}",
    ),
    "scan.more": ("... and {more:count} more hits", "……另有 {more:count} 处命中"),
}
