"""What is said of slices that are worse than the rest, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "slices.title": ("Which slices are worse than the rest?", "哪些切片比其余部分更差？"),
    "slices.metric_title": ("{metric:named}, by slice", "{metric:named}（按切片）"),
    "slices.confirmed": (
        "{metric:named} is {value:percent} ({level} interval {low:percent} to {high:percent},"
        " {labels:count} held-out labels) where {slice}, against {elsewhere:percent} elsewhere:"
        " confirmed. {errors:percent} ({errors_low:percent} to {errors_high:percent}) of all"
        " errors fall there, on {base:percent} of what is measured.",
        "{metric:named}在 {slice} 为 {value:percent}（{level} 区间 {low:percent} 至 {high:percent}，"
        "留出标注 {labels:count} 条），其余为 {elsewhere:percent}：已确认。全部错误的"
        " {errors:percent}（{errors_low:percent} 至 {errors_high:percent}）集中于此，"
        "而它只占统计范围的 {base:percent}。",
    ),
    "slices.open": (
        "{metric:named} may be worse where {slice}: the search says {pooled:percent} after"
        " pooling ({searched:percent} in {searched_labels:count} labels), and {labels:count}"
        " held-out labels, {value:percent} ({low:percent} to {high:percent}) against"
        " {elsewhere:percent} elsewhere, are too few to confirm it. {errors:percent}"
        " ({errors_low:percent} to {errors_high:percent}) of all errors fall there, on"
        " {base:percent} of what is measured.",
        "{metric:named}在 {slice} 可能更差：搜索得 {pooled:percent}（收缩后；{searched:percent}，"
        "{searched_labels:count} 条标注）；留出标注 {labels:count} 条，为 {value:percent}"
        "（{low:percent} 至 {high:percent}），其余为 {elsewhere:percent}，数量不足以确认。全部错误的"
        " {errors:percent}（{errors_low:percent} 至 {errors_high:percent}）集中于此，"
        "它占统计范围的 {base:percent}。",
    ),
    "slices.faded": (
        "{metric:named} looked worse where {slice} ({pooled:percent} after pooling,"
        " {searched:percent} in {searched_labels:count} labels), but held-out labels say"
        " {value:percent} ({low:percent} to {high:percent}, {labels:count} labels) against"
        " {elsewhere:percent} elsewhere: not confirmed. {errors:percent} ({errors_low:percent} to"
        " {errors_high:percent}) of all errors fall there, on {base:percent} of what is measured.",
        "{metric:named}在 {slice} 曾显得更差（收缩后 {pooled:percent}；{searched:percent}，"
        "{searched_labels:count} 条标注），但留出标注为 {value:percent}（{low:percent} 至"
        " {high:percent}，{labels:count} 条），其余为 {elsewhere:percent}：未获确认。全部错误的"
        " {errors:percent}（{errors_low:percent} 至 {errors_high:percent}）集中于此，"
        "它占统计范围的 {base:percent}。",
    ),
    "slices.unseen": (
        "{metric:named} may be worse where {slice}: the search says {pooled:percent} after"
        " pooling ({searched:percent} in {searched_labels:count} labels); no held-out label is"
        " there to confirm it.",
        "{metric:named}在 {slice} 可能更差：搜索得 {pooled:percent}（收缩后；{searched:percent}，"
        "{searched_labels:count} 条标注）；那里没有留出标注可供确认。",
    ),
    "slices.summary": (
        "Of {looked_at:count} slices of up to {depth} of {columns} columns, {found:count} are"
        " worse than the rest; they come to {listed} that do not tell the same story twice,"
        " {confirmed} of them confirmed by held-out labels.",
        "由 {columns} 个维度（至多 {depth} 个组合）构成的 {looked_at:count} 个切片中，{found:count} 个"
        "比其余部分更差；去除重叠后为 {listed} 个，其中 {confirmed} 个经留出标注确认。",
    ),
    "slices.none": (
        "None of {looked_at:count} slices of up to {depth} of {columns} columns is worse than the"
        " rest beyond chance, in {labels:count} labels.",
        "由 {columns} 个维度（至多 {depth} 个组合）构成的 {looked_at:count} 个切片中，没有一个"
        "比其余部分更差且超出偶然（{labels:count} 条标注）。",
    ),
    "slices.later": (
        "Searched in the labels of ads decided before {first}; confirmed with the"
        " {labels:count} labels from that day on, which the search did not see.",
        "用 {first} 之前所决策广告的标注搜索；用当日起的 {labels:count} 条标注确认，搜索时未使用。",
    ),
    "slices.hash": (
        "Searched in about two thirds of the labels; confirmed with the other {labels:count},"
        " chosen by a hash of the ad's id, which the search did not see.",
        "用约三分之二的标注搜索；用其余 {labels:count} 条确认，按广告编号的哈希值划分，搜索时未使用。",
    ),
    "slices.rule": (
        "On average at most {false_share:percent} of the slices found are found by chance"
        " (Benjamini-Yekutieli, as slices overlap); slices with fewer than {least:count} labels"
        " are not looked at. Figures are of held-out labels, which choosing did not touch.",
        "所发现的切片中，平均至多 {false_share:percent} 为偶然（切片相互重叠，故用"
        " Benjamini-Yekutieli 法）；标注少于 {least:count} 条的切片不参与。数值均来自留出标注，"
        "不受挑选影响。",
    ),
    "slices.no_error": (
        "None of the {labels:count} labels searched is an error, so no slice can be worse.",
        "所搜索的 {labels:count} 条标注中没有错误，因此没有更差的切片。",
    ),
    "slices.all_errors": (
        "Every one of the {labels:count} labels searched is an error, so no slice can be worse.",
        "所搜索的 {labels:count} 条标注全部为错误，因此没有更差的切片。",
    ),
    "slices.too_few": (
        "No slice has {least:count} of the {labels:count} labels searched: label more ads, or"
        " search fewer columns.",
        "所搜索的 {labels:count} 条标注中，没有切片达到 {least:count} 条：请增加标注，或减少维度。",
    ),
    "slices.one_value": (
        "These columns have one value only, and make no slice: {names}.",
        "以下维度只有一个取值，不构成切片：{names}。",
    ),
    "slices.unlisted": (
        "{count:count} further slices found are not listed: they overlap less with those above,"
        " and are less surprising.",
        "另有 {count:count} 个发现的切片未列出：与上述切片重叠较少，显著性较低。",
    ),
    "slices.no_value": ("∅ stands for a value that was not logged.", "∅ 表示未记录取值。"),
    "slices.proxy": (
        "No label was drawn at random: this compares slices among reviewed ads only, which were"
        " not chosen alike.",
        "没有随机抽样的标注：此处仅在已审广告之间比较切片，而这些广告的入选机会不同。",
    ),
    "slices.process": (
        "Every settled appeal is counted; chance means how appeals happened to turn out."
        " Advertisers' appeals are taken together.",
        "已结案的申诉全部计入；此处的偶然指申诉结果本身的随机性，同一广告主的申诉合并考虑。",
    ),
    "slices.standing.confirmed": ("confirmed", "已确认"),
    "slices.standing.open": ("not settled", "尚不能确认"),
    "slices.standing.faded": ("not confirmed", "未获确认"),
    "slices.column.slice": ("Slice", "切片"),
    "slices.column.standing": ("Held-out labels", "留出标注"),
    "slices.column.value": ("There", "该切片"),
    "slices.column.elsewhere": ("Elsewhere", "其余"),
    "slices.column.errors": ("Of all errors", "占全部错误"),
    "slices.column.base": ("Of all measured", "占统计范围"),
    "slices.column.pooled": ("Search, pooled", "搜索（收缩后）"),
    "slices.column.labels": ("Labels", "标注数"),
}
