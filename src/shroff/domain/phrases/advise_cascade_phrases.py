"""What is said of cascades, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "cascade.title": (
        "What would a cascade of score, LLM and people do?",
        "打分、大模型、人审的级联会怎样？",
    ),
    "cascade.summary.found": (
        "Asking the LLM about {asked:percent} of ads would prevent {less:percent} of violating"
        " impressions ({low:percent} to {high:percent}), for {money:number} {currency} and {hours:number} review hours a day"
        " ({now:number} today).",
        "对 {asked:percent} 的广告询问大模型，可减少 {less:percent} 的违规曝光（{low:percent} 至 {high:percent}），每天花费"
        " {money:number} {currency}、审核 {hours:number} 小时（当前 {now:number} 小时）。",
    ),
    "cascade.summary.cheap": (
        "Within these limits the score and people alone do best: the LLM is not worth asking.",
        "在这些限制内，仅用打分与人审最好：不值得询问大模型。",
    ),
    "cascade.summary.none": (
        "No cascade keeps all of these limits; give more money, hours or a lower precision.",
        "没有级联能同时满足这些限制；请增加费用、工时，或降低准确率要求。",
    ),
    "cascade.strategy.today": ("today", "当前"),
    "cascade.strategy.cheap": ("score and people", "打分与人审"),
    "cascade.strategy.cascade": ("cascade", "级联"),
    "cascade.strategy.all": ("LLM on all ads", "全量大模型"),
    "cascade.column.strategy": ("Strategy", "方案"),
    "cascade.column.violating_impressions": ("Violating impressions a day", "每天违规曝光"),
    "cascade.column.less": ("Less than today", "较当前减少"),
    "cascade.column.recall": ("Recall (sensitivity)", "查全率"),
    "cascade.column.reject_precision": ("Reject precision", "拒绝准确率"),
    "cascade.column.leakage": ("Leakage", "漏放率"),
    "cascade.column.money": ("Money a day", "每天费用"),
    "cascade.column.calls": ("Calls a day", "每天调用"),
    "cascade.column.llm_hours": ("LLM hours a day", "每天大模型小时"),
    "cascade.column.review_hours": ("Review hours a day", "每天审核小时"),
    "cascade.column.cost_1000": ("Cost per 1,000 ads", "每千条广告成本"),
    "cascade.column.delay": ("Delay: mean, p95", "延迟：平均、P95"),
    "cascade.column.limit": ("Most money a day", "每天费用上限"),
    "cascade.column.cell": ("Cell", "单元"),
    "cascade.column.ads": ("Ads", "广告"),
    "cascade.column.asked": ("Asked", "询问"),
    "cascade.column.ask": ("LLM from", "大模型线"),
    "cascade.column.reject": ("Reject from", "拒绝线"),
    "cascade.column.people": ("People from", "人审线"),
    "cascade.column.llm_reject": ("LLM rejects from", "大模型拒绝线"),
    "cascade.frontier": ("More or less money", "费用多少的差别"),
    "cascade.never": ("never", "从不"),
    "cascade.no_llm": ("no LLM: people", "不问大模型：人审"),
    "cascade.more_cells": (
        "{more:count} more cells; --csv lists all.",
        "另有 {more:count} 个单元；--csv 列出全部。",
    ),
    "cascade.judged": (
        "The LLM judged {judged:count} of {ads:count} ads ({share:percent}); what it would say of the"
        " others is taken from ads of like scores, and what its answers are worth from"
        " {labels:count} labels of judged ads.",
        "大模型判过 {ads:count} 条广告中的 {judged:count} 条（{share:percent}）；其余广告按得分相近的"
        "广告推算，回答的价值来自 {labels:count} 条已判广告的标注。",
    ),
    "cascade.once": (
        "Equal creatives are asked about once: {calls:count} calls for {ads:count} ads at most.",
        "相同创意只询问一次：{ads:count} 条广告最多 {calls:count} 次调用。",
    ),
    "cascade.campaign_once": (
        "Ads whose texts share at least {alike:percent} are asked about once: {calls:count} calls for"
        " {ads:count} ads at most.",
        "文本重合至少 {alike:percent} 的广告只询问一次：{ads:count} 条广告最多 {calls:count} 次调用。",
    ),
    "cascade.shadow": (
        "{llm} ran in shadow only: it has decided nothing yet.",
        "{llm} 仅在影子模式运行：尚未决定任何广告。",
    ),
    "cascade.gap": (
        "No cascade of this form does better by more than {gap:percent} of its violating impressions.",
        "同形式的级联最多再减少其违规曝光的 {gap:percent}。",
    ),
    "cascade.longer_queue": (
        "More review hours than today: delays hold only if the queue is staffed for them.",
        "审核工时多于当前：仅当队列有相应人手时，延迟才成立。",
    ),
    "cascade.no_hour": (
        "What an hour of review costs is not set ([costs] reviewer_hour): cost is that of calls.",
        "未设置审核小时成本（[costs] reviewer_hour）：成本仅含调用费用。",
    ),
    "cascade.alike": (
        "Held true: among ads of equal score in a cell, which ones were judged is chance.",
        "前提：同一单元、得分相同的广告中，哪些被判是随机的。",
    ),
    "cascade.off": (
        "{llm} is switched off ({reason}): until it is revived its ads go to people.",
        "{llm} 已熔断（{reason}）：恢复前其广告转人审。",
    ),
    "cascade.unasked": (
        "Ads that {llm} was not asked about have no answer in the log and are replayed as their fallback;"
        " shroff advise cascade tells what it would say of them.",
        "日志中未询问 {llm} 的广告没有回答，按回退方式重放；shroff advise cascade 会推算其回答。",
    ),
    "cascade.written": (
        "The cascade is in {file} ({id}): shroff advise simulate {file}",
        "级联已写入 {file}（{id}）：shroff advise simulate {file}",
    ),
}
