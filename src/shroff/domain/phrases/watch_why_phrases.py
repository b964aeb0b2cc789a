"""What is said of why a figure changed, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "why.title": ("Why did the figures change?", "指标为何变化？"),
    "why.change": (
        "{metric:named} went from {before} ({against}) to {after} ({period}): {change:named}, between"
        " {low} and {high} at {level}.",
        "{metric:named}从 {before}（{against}）变为 {after}（{period}）：{change:named}，{level} 区间为 {low} 至 {high}。",
    ),
    "why.cause.rate": (
        "{slice}: {before} became {after}, which adds {total:named} ({low} to {high}).",
        "{slice}：由 {before} 变为 {after}，贡献 {total:named}（{low} 至 {high}）。",
    ),
    "why.cause.volume": (
        "{slice}: its share of all went from {share_before} to {share_after}, with {before} before"
        " and {after} now, which adds {total:named} ({low} to {high}).",
        "{slice}：占比由 {share_before} 变为 {share_after}，指标由 {before} 变为 {after}，"
        "贡献 {total:named}（{low} 至 {high}）。",
    ),
    "why.cause.both": (
        "{slice}: {before} became {after}, and its share of all went from {share_before} to"
        " {share_after}, which adds {total:named} ({low} to {high}).",
        "{slice}：由 {before} 变为 {after}，占比由 {share_before} 变为 {share_after}，"
        "贡献 {total:named}（{low} 至 {high}）。",
    ),
    "why.cause.count": (
        "{slice}: {before} became {after}, which adds {total:named} ({low} to {high}) beyond what"
        " everything moved by.",
        "{slice}：由 {before} 变为 {after}，在整体变动之外贡献 {total:named}（{low} 至 {high}）。",
    ),
    "why.share": ("That is {share} of the change.", "占变化的 {share}。"),
    "why.since": ("Its days tell it apart since {day}.", "按日看，自 {day} 起不同。"),
    "why.suspect": (
        "Nearest in the log of changes: {day}, {what}. A suspect, no proof.",
        "变更日志中最近的一条：{day}，{what}。仅为线索，并非证据。",
    ),
    "why.everywhere": (
        "Everything moved alike, by a factor of {factor}; slices are held against that.",
        "整体同步变动，倍数为 {factor}；各切片均以此为基准比较。",
    ),
    "why.none": (
        "None of {slices:count} slices moved otherwise than the rest beyond chance.",
        "{slices:count} 个切片中，没有一个的变动与其余部分明显不同。",
    ),
    "why.found": (
        "Of {slices:count} slices, {listed:count} moved otherwise than the rest; together they add"
        " {explained} of the change.",
        "{slices:count} 个切片中，{listed:count} 个与其余部分的变动不同，合计占变化的 {explained}。",
    ),
    "why.found_alone": (
        "Of {slices:count} slices, {listed:count} moved otherwise than the rest.",
        "{slices:count} 个切片中，{listed:count} 个与其余部分的变动不同。",
    ),
    "why.unlisted": (
        "Further slices that moved: {count:count}; they add less than a fiftieth of the change, or"
        " nothing sure.",
        "另有 {count:count} 个切片也有变动，但贡献不足变化的五十分之一，或无法确定。",
    ),
    "why.split": (
        "By {dimension}: rates within its values add {within:named} ({low} to {high}), the mix of values"
        " {mix:named}.",
        "按 {dimension}：各取值内的比率变化贡献 {within:named}（{low} 至 {high}），取值构成变化贡献 {mix:named}。",
    ),
    "why.reversed": (
        "By {dimension} the mix deceives (Simpson): within its values rates add {within:named} ({low} to"
        " {high}), while the whole went {change:named}.",
        "按 {dimension} 看，构成变化会误导（辛普森悖论）：各取值内的比率变化贡献 {within:named}（{low} 至 {high}），"
        "整体却为 {change:named}。",
    ),
    "why.split_count": ("By {dimension}:", "按 {dimension}："),
    "why.sampled": (
        "Figures rest on labels, weighted by how they were drawn; intervals are of the draw.",
        "数值来自标注，按抽样概率加权；区间反映抽样误差。",
    ),
    "why.counted": (
        "Figures are counted in full; intervals tell what chance alone would do, ad by ad, and of"
        " counts as far as values stray together.",
        "数值为全量统计；区间表示仅凭偶然（逐条广告）会有的波动，计数类另按各取值的离散程度放大。",
    ),
    "why.within_chance": (
        "The change as a whole is within what chance alone does.",
        "整体变化在偶然波动范围之内。",
    ),
    "why.others": ("({count:count} other values)", "（其余 {count:count} 个取值）"),
    "why.column.value": ("value", "取值"),
    "why.column.before": ("before", "之前"),
    "why.column.after": ("after", "之后"),
    "why.column.share_before": ("share before", "之前占比"),
    "why.column.share_after": ("share after", "之后占比"),
    "why.column.rate": ("by rate", "比率贡献"),
    "why.column.mix": ("by mix", "构成贡献"),
    "why.column.total": ("adds", "合计贡献"),
    "why.column.n": ("n", "数量"),
}
"""Phrases by key."""
