"""What is said of models in operation, the kill switch and shadow runs, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "operations.title": ("How do the LLM judges run?", "大模型判定运行得怎样？"),
    "operations.summary": (
        "{calls:count} calls (versions: {versions:count}) cost {cost:number} {currency};"
        " {errors:percent} failed or gave nothing readable, {refusals:percent} were refused or filtered.",
        "{versions:count} 个版本共 {calls:count} 次调用，花费 {cost:number} {currency}；"
        "{errors:percent} 失败或结果不可读，{refusals:percent} 被拒答或过滤。",
    ),
    "operations.column.version": ("Version", "版本"),
    "operations.column.calls": ("Calls", "调用"),
    "operations.column.error_rate": ("Errors", "错误率"),
    "operations.column.refusal_rate": ("Refusals", "拒答率"),
    "operations.column.repair_rate": ("Repaired", "修复率"),
    "operations.column.violating_rate": ("Says violating", "判违规占比"),
    "operations.column.latency": ("Latency p50 / p95 / p99", "延迟 P50 / P95 / P99"),
    "operations.column.cost": ("Cost", "费用"),
    "operations.column.cost_1000": ("Per 1,000 calls", "每千次费用"),
    "operations.column.cached": ("Cached tokens", "缓存占比"),
    "operations.column.beside": ("Beside", "对照"),
    "operations.column.slice": ("Slice", "切片"),
    "operations.column.apart": ("Says otherwise", "结论不同"),
    "operations.column.labels": ("Ads", "广告"),
    "operations.column.psi": ("PSI", "稳定性指数 PSI"),
    "operations.column.shift": ("Shift of the mean (sd)", "均值变化（标准差）"),
    "operations.column.model": ("Model", "模型"),
    "operations.column.who": ("Who", "谁"),
    "operations.column.why": ("Why", "原因"),
    "operations.column.at": ("Since", "自"),
    "operations.beside.people": ("people (drawn labels)", "人工（抽样标注）"),
    "operations.beside.rules": ("rules that reject", "拒绝规则"),
    "operations.beside.version": ("version {version}", "版本 {version}"),
    "operations.beside_title": ("Who says otherwise", "谁的结论不同"),
    "operations.drift_title": (
        "Scores: the last half of each version's days beside the first",
        "得分：各版本后半段与前半段对比",
    ),
    "operations.shadow": ("{version} (shadow)", "{version}（影子）"),
    "operations.chart.error_rate": ("Errors a day", "每天错误率"),
    "operations.chart.refusal_rate": ("Refusals a day", "每天拒答率"),
    "operations.chart.violating_rate": ("Says violating, by day", "每天判违规占比"),
    "operations.chart.p95": ("Latency p95 by day, ms", "每天延迟 P95（毫秒）"),
    "operations.changed.error_rate": (
        "Errors of {model} went from {before:percent} to {after:percent} on {day}.",
        "{model} 的错误率于 {day} 由 {before:percent} 变为 {after:percent}。",
    ),
    "operations.changed.refusal_rate": (
        "Refusals of {model} went from {before:percent} to {after:percent} on {day}.",
        "{model} 的拒答率于 {day} 由 {before:percent} 变为 {after:percent}。",
    ),
    "operations.changed.repair_rate": (
        "Repaired answers of {model} went from {before:percent} to {after:percent} on {day}.",
        "{model} 的修复率于 {day} 由 {before:percent} 变为 {after:percent}。",
    ),
    "operations.changed.violating_rate": (
        "{model} calls {after:percent} violating from {day}, {before:percent} before.",
        "{model} 自 {day} 起判违规占比为 {after:percent}，此前为 {before:percent}。",
    ),
    "operations.unchanged": (
        "No series of calls shows a change beyond chance.",
        "没有调用序列显示超出随机的变化。",
    ),
    "operations.off": (
        "{model} {version} is switched off since {at} by {who}: {why}",
        "{model} {version} 自 {at} 起被 {who} 熔断：{why}",
    ),
    "kill.done": (
        "{model} {version} is off: no request goes out, nothing it says decides, its ads go to people.",
        "{model} {version} 已熔断：不再发出请求，其结论不再生效，其广告转人审。",
    ),
    "kill.unknown": (
        "No model of this name is registered; the switch holds for it all the same.",
        "没有登记此名称的模型；熔断对其同样有效。",
    ),
    "kill.revived": ("{model} {version} is on again.", "{model} {version} 已恢复。"),
    "kill.none": ("No model is switched off.", "没有被熔断的模型。"),
    "kill.all": ("(all versions)", "（所有版本）"),
    "shadow.summary": (
        "On {ads:count} ads that both judged, {shadow} and {champion} agree on {agree:percent}"
        " ({low:percent} to {high:percent}); {flips:count} would be decided otherwise.",
        "在双方都判过的 {ads:count} 条广告上，{shadow} 与 {champion} 一致率为 {agree:percent}"
        "（{low:percent} 至 {high:percent}）；{flips:count} 条结论会改变。",
    ),
    "shadow.better": (
        "Of the labelled ads on which they differ, {shadow} is right on {right:percent}"
        " ({low:percent} to {high:percent}): it is better.",
        "在双方不同且有标注的广告中，{shadow} 正确占 {right:percent}"
        "（{low:percent} 至 {high:percent}）：更好。",
    ),
    "shadow.worse": (
        "Of the labelled ads on which they differ, {shadow} is right on {right:percent}"
        " ({low:percent} to {high:percent}): it is worse.",
        "在双方不同且有标注的广告中，{shadow} 正确占 {right:percent}"
        "（{low:percent} 至 {high:percent}）：更差。",
    ),
    "shadow.open": (
        "Not enough to tell: {labels:count} labels of ads on which they differ; about {needed:count}"
        " would tell a clear difference.",
        "尚不足以判断：双方不同的广告只有 {labels:count} 条标注；约需 {needed:count} 条才能看出明显差别。",
    ),
    "shadow.column.slice": ("Slice", "切片"),
    "shadow.column.ads": ("Both judged", "双方都判"),
    "shadow.column.agree": ("Agree", "一致率"),
    "shadow.column.up": ("Newly violating", "新判违规"),
    "shadow.column.down": ("No longer violating", "不再判违规"),
    "shadow.column.right": ("Shadow right where they differ", "不同处影子正确率"),
    "shadow.all": ("all", "全部"),
}
