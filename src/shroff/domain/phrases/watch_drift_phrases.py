"""What is said of drift, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "drift.title": ("Did what comes in change?", "输入是否发生漂移？"),
    "drift.summary": (
        "{period} against {background}: {moved:count} of {looked_at:count} things compared moved"
        " beyond chance, {first} farthest.",
        "{period} 对比 {background}：比较的 {looked_at:count} 项中有 {moved:count} 项变动超出偶然，"
        "变动最大的是 {first}。",
    ),
    "drift.none": (
        "{period} against {background}: none of {looked_at:count} things compared moved beyond"
        " chance.",
        "{period} 对比 {background}：比较的 {looked_at:count} 项中，没有一项变动超出偶然。",
    ),
    "drift.link": (
        "{share:named} went from {before} to {after}, {change} points: {mix} by the mix of {by},"
        " {rate} within its values.",
        "{share:named}由 {before} 变为 {after}，变动 {change} 个百分点：其中 {by} 构成变化贡献 {mix}，"
        "各取值内部变化贡献 {rate}。",
    ),
    "drift.share.violating_share": ("The violating share of ads", "广告违规占比"),
    "drift.share.reject_precision": ("Precision of rejects", "拒绝准确率"),
    "drift.share.machine_recall": (
        "Recall (violating ads acted on)",
        "查全率（违规广告中被处置者）",
    ),
    "drift.by_day": (
        "Population stability index, its bias taken off; of reviewers, Cohen's h. Intervals by"
        " leaving out one day after the other. Within equal scores, a change of the violating share"
        " is calibration drift.",
        "群体稳定性指数（已扣除偏差）；审核组为 Cohen's h。区间由逐日剔除（刀切法）得出。"
        "同分数内的违规占比变化即校准漂移。",
    ),
    "drift.no_labels": (
        "Too few labels in one of the periods to link this to precision and recall.",
        "某一时段的标注过少，无法与准确率和查全率相联系。",
    ),
    "drift.size.steady": ("not beyond chance", "未超出偶然"),
    "drift.size.small": ("small", "小"),
    "drift.size.moderate": ("moderate", "中"),
    "drift.size.large": ("large", "大"),
    "drift.kind.column": ("input", "输入"),
    "drift.kind.text": ("words of ads", "广告用词"),
    "drift.kind.score": ("scores", "分数"),
    "drift.kind.reviewers": ("reviewers", "审核组"),
    "drift.column.name": ("What", "项目"),
    "drift.column.kind": ("Kind", "类别"),
    "drift.column.effect": ("Effect", "效应量"),
    "drift.column.size": ("Size", "程度"),
    "drift.column.moved": ("Moved most", "变动最大"),
}
