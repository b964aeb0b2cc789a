"""What is said of deciding on ads, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "decide.summary": (
        "{ads} ads decided by strategy {strategy}: {approve} approve, {review} review, "
        "{restrict} restrict, {reject} reject.",
        "策略 {strategy} 已判定 {ads} 条广告：放行 {approve}，召回进审 {review}，"
        "限制投放 {restrict}，拒绝 {reject}。",
    ),
    "decide.unread": (
        "{count} rows are no ads and were left out, the first: {first}.",
        "{count} 行不是广告，已略过；第一行：{first}。",
    ),
    "decide.idle": (
        "No rule is live and no line is: every ad is approved. Rules in draft: {drafts}.",
        "没有生效的规则，也没有生效的阈值线：所有广告都会放行。草稿规则：{drafts} 条。",
    ),
    "decide.moved": (
        "Rule {rule} does not act: its pack has version {written}, and version {live} was let act.",
        "规则 {rule} 不生效：规则包中是第 {written} 版，而获准生效的是第 {live} 版。",
    ),
    "decide.off": (
        "{name} is switched off: its ads get at least {fallback}.",
        "{name} 已被关停：其广告至少执行 {fallback}。",
    ),
    "decide.unregistered": (
        "{name} is not registered as a champion: only ads that bring its score fall under its lines.",
        "{name} 未登记为在用版本：只有自带其分数的广告才受其阈值线约束。",
    ),
    "decide.stale": (
        "What was live before still decides, because what changed cannot be read: {what}.",
        "改动无法读取，仍按此前生效的策略判定：{what}。",
    ),
    "decide.failed": (
        "{name} could not score: {what}.",
        "{name} 打分失败：{what}。",
    ),
    "decide.lines_live": (
        "Lines {proposal} are live since {at}, by {who}: {why}.",
        "阈值线 {proposal} 自 {at} 起生效，操作人 {who}：{why}。",
    ),
    "decide.lines_own": (
        "No lines were adopted: the thresholds decide that models were registered with.",
        "没有采用的阈值线：按模型登记时的阈值判定。",
    ),
    "decide.strategy": (
        "Strategy {id}: rules {rules}; models that decide: {models}; in shadow: {shadows}.",
        "策略 {id}：规则 {rules}；参与判定的模型：{models}；影子运行：{shadows}。",
    ),
}
