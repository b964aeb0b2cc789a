"""What is said of trends by day, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "trends.title": ("How do the figures move from day to day?", "各项指标逐日如何变化？"),
    "trends.lead": (
        "{lines:count} lines over {days:count} days, {period}; the last {open:count} days are not"
        " complete yet.",
        "{period} 共 {days:count} 天的 {lines:count} 条曲线；最后 {open:count} 天的数据尚不完整。",
    ),
    "trends.column.metric": ("metric", "指标"),
    "trends.column.slice": ("slice", "切片"),
    "trends.column.weeks": ("by week", "按周"),
    "trends.column.now": ("last 7 days", "最近7天"),
    "trends.column.before": ("28 before", "之前28天"),
    "trends.column.ahead": ("expected next", "预计"),
    "trends.column.between": ("between", "区间"),
    "trends.everything": ("everything", "全部"),
    "trends.moved": (
        "{metric:named} was {now} in the last seven complete days, {before} in the 28 before.",
        "{metric:named}在最近七个完整日为 {now}，之前 28 天为 {before}。",
    ),
    "trends.expected": (
        "Expected over the next {days:count} days: about {value} a day, single days between {low}"
        " and {high} ({level} of days).",
        "未来 {days:count} 天预计每天约 {value}，单日在 {low} 与 {high} 之间（{level} 的日子如此）。",
    ),
    "trends.expected_of": (
        "{metric:named}: expected over the next {days:count} days, about {value} a day, single days"
        " between {low} and {high} ({level} of days).",
        "{metric:named}：未来 {days:count} 天预计每天约 {value}，单日在 {low} 与 {high} 之间"
        "（{level} 的日子如此）。",
    ),
    "trends.hollow": (
        "Hollow days are not complete: by how late labels came in on past days, less than"
        " {share} of theirs are in. They are not forecast from, and no alarm rests on them.",
        "空心的日子数据尚不完整：按以往标注到达的延迟推算，当日到达的标注不足 {share}。"
        "预测不使用这些日子，也不会据此告警。",
    ),
    "trends.band": (
        "Bands are 95% intervals of labels where figures are estimated, and {level} intervals of"
        " single days to come where they are foreseen.",
        "阴影：估计值为标注的 95% 区间，预测值为未来单日的 {level} 区间。",
    ),
    "trends.largest": (
        "The largest changes of each line, the clearest first: the days that stand out, and what the"
        " figure was then and on the line's other days.",
        "每条曲线最大的几次变化，最明显的在前：与其余日子明显不同的日期，以及当时与其余日子的数值。",
    ),
    "trends.largest.part": (
        "{first} to {last} is held against the other days from {of_first} to {of_last} only.",
        "{first} 至 {last} 只与 {of_first} 至 {of_last} 的其余日子相比。",
    ),
    "trends.largest.column.place": ("no.", "序号"),
    "trends.largest.column.first": ("from", "自"),
    "trends.largest.column.between": ("first day, 95%", "首日（95%）"),
    "trends.largest.column.last": ("to", "至"),
    "trends.largest.column.inside": ("then", "当时"),
    "trends.largest.column.outside": ("other days", "其余日子"),
    "trends.largest.column.ratio": ("times (95%)", "倍数（95%）"),
    "trends.left_out": (
        "{metric}: {slices:count} further slices have fewer events and are left out; name one with"
        " --slice.",
        "{metric}：另有 {slices:count} 个切片事件较少，未列出；可用 --slice 指定。",
    ),
    "trends.not_daily": (
        "{metric} is not told by day for this slice: it rests on logs that are not here, has no"
        " random labels, or is not additive.",
        "{metric} 无法按天给出该切片：缺少所需日志，没有随机标注，或该指标不可加总。",
    ),
    "trends.holiday": ("{name}, {first} to {last}", "{name}，{first} 至 {last}"),
    "trends.holidays": (
        "Holidays in these days; forecasts do not learn from them: {listed:named}",
        "期间的节假日（预测不从中学习）：{listed:named}",
    ),
    "trends.changed": ("{day}: {what}", "{day}：{what}"),
}
