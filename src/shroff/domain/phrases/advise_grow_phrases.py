"""Sentences about what to automate next, in English and Chinese."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "grow.lead": (
        "Safe to automate next: slices: {slices:count}, {hours:number} review hours of the period"
        " ({share:percent} of them), with at most {wrong:count} wrong decisions. Automated today"
        " and surely over the limit: {unsafe:count}. Promising, but in need of labels:"
        " {nearly:count}.",
        "可放心自动化的广告段：{slices:count} 个，可省本期审核工时 {hours:number} 小时（占"
        " {share:percent}），错误决定至多 {wrong:count} 个。目前已自动化但确定超限：{unsafe:count} 个。"
        "有望但缺标注：{nearly:count} 个。",
    ),
    "grow.lead_none": (
        "Nothing that is reviewed today is surely safe to automate. Automated today and surely over"
        " the limit: {unsafe:count}. Promising, but in need of labels: {nearly:count}.",
        "目前送审的广告中，没有可确定安全自动化的部分。目前已自动化但确定超限：{unsafe:count} 个。"
        "有望但缺标注：{nearly:count} 个。",
    ),
    "grow.limits": (
        "Limits: violating ads among those approved unseen at most {leakage:percent}; precision of"
        " rejects at least {precision:percent}.",
        "界限：直接通过的广告中违规占比至多 {leakage:percent}；拒绝准确率至少 {precision:percent}。",
    ),
    "grow.bars": (
        "Where the limits come from: leakage, {leakage}; precision, {precision}.",
        "界限来源：漏放率，{leakage}；准确率，{precision}。",
    ),
    "grow.change": ("{now} → {then}", "{now} → {then}"),
    "grow.work": (
        "A review takes {minutes:number} minutes; reviews of these scores took {hours:number} hours"
        " in the period.",
        "每次审核耗时 {minutes:number} 分钟；本期此类分数的审核共 {hours:number} 小时。",
    ),
    "grow.yield": (
        "An hour of review finds {found:number} violating ads today.",
        "目前每小时审核可发现 {found:number} 条违规广告。",
    ),
    "grow.how": (
        "Bounds hold at {level:percent} for all {slices:count} slices looked at together, so a"
        " slice may be picked because it looks best. Which slices are looked at follows from their"
        " numbers of labels alone. Expected shares are drawn towards slices of the same action and"
        " band, as a slice that looks best was also lucky.",
        "界限在 {level:percent} 的水平上对所查看的全部 {slices:count} 个广告段同时成立，"
        "因此可以挑选看起来最好的段。查看哪些段只取决于标注数量。期望占比向同一动作、"
        "同一分数段的其他段收缩，因为看起来最好的段也有运气成分。",
    ),
    "grow.scope": (
        "A wrong decision is a violating ad approved or a compliant one rejected, by the labels'"
        " verdict; people are taken to decide rightly. Hours are of the machine's reviews only.",
        "错误决定指按标注结论通过了违规广告或拒绝了合规广告；人工判定按正确计。"
        "工时仅指机审送出的审核。",
    ),
    "grow.safe": ("Safe to automate next", "可放心自动化"),
    "grow.unsafe": ("Automated today, surely over the limit", "已自动化但确定超限"),
    "grow.nearly": ("Promising, too few labels to be sure", "有望，但标注不足"),
    "grow.column.where": ("ads", "广告范围"),
    "grow.column.band": ("scores", "分数"),
    "grow.column.change": ("now → then", "现在 → 以后"),
    "grow.column.ads": ("ads", "广告数"),
    "grow.column.hours": ("hours", "工时"),
    "grow.column.labels": ("labels", "标注"),
    "grow.column.wrong": ("wrong share", "错误占比"),
    "grow.column.per_wrong": ("hours saved per wrong decision", "每个错误所省工时"),
    "grow.column.per_hour": ("prevented per hour", "每小时可避免"),
    "grow.column.people": ("people found violating", "人工判违规"),
    "grow.column.more": ("more labels", "还需标注"),
    "grow.title": (
        "Where can automation grow?",
        "自动化还能扩展到哪里？",
    ),
    "grow.table_note": (
        "Wrong share: expected, with bounds that hold for all slices at once. In the next column"
        " the second number is a lower bound of that kind.",
        "错误占比：期望值，及对所有段同时成立的界限。后一列中的第二个数字为同类下界。",
    ),
}
