"""What is said of slices that are worse than the rest, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "slices.title": ("Which slices are worse than the rest?", "哪些切片比其余部分更差？"),
    "slices.confirmed": (
        "{metric:named} is {value} where {slice}, against {elsewhere} elsewhere, confirmed by"
        " {labels:count} held-out labels: {errors} of all errors, on {base} of what is measured.",
        "{metric:named}在 {slice} 为 {value}，其余为 {elsewhere}，已由 {labels:count} 条留出标注确认："
        "全部错误的 {errors} 在此，而它占统计范围的 {base}。",
    ),
    "slices.open": (
        "{metric:named} may be worse where {slice}: {searched} in the search, but {labels:count}"
        " held-out labels are too few to confirm it, {value} against {elsewhere} elsewhere:"
        " {errors} of all errors, on {base} of what is measured.",
        "{metric:named}在 {slice} 可能更差：搜索得 {searched}，但 {labels:count} 条留出标注不足以确认，"
        "为 {value}，其余为 {elsewhere}：全部错误的 {errors} 在此，而它占统计范围的 {base}。",
    ),
    "slices.faded": (
        "{metric:named} looked worse where {slice}, {searched} in the search, but"
        " {labels:count} held-out labels do not confirm it: {value} against {elsewhere} elsewhere,"
        " {errors} of all errors, on {base} of what is measured.",
        "{metric:named}在 {slice} 曾显得更差，搜索得 {searched}，但 {labels:count} 条留出标注未予确认："
        "为 {value}，其余为 {elsewhere}，全部错误的 {errors} 在此，而它占统计范围的 {base}。",
    ),
    "slices.unseen": (
        "{metric:named} may be worse where {slice}: {searched} in the search, {errors} of all"
        " errors there; no held-out label is there to confirm it.",
        "{metric:named}在 {slice} 可能更差：搜索得 {searched}，占搜索中全部错误的 {errors}；"
        "那里没有留出标注可供确认。",
    ),
    "slices.lead": (
        "{metric:named}: of {looked_at:count} slices {found:count} are worse than the rest, told"
        " in {listed}, of which held-out labels confirm {confirmed}.",
        "{metric:named}：{looked_at:count} 个切片中有 {found:count} 个比其余部分更差，合并为 {listed} 个，"
        "其中 {confirmed} 个经留出标注确认。",
    ),
    "slices.lead_none": (
        "{metric:named}: none of {looked_at:count} slices is worse than the rest beyond chance.",
        "{metric:named}：{looked_at:count} 个切片中，没有一个明显比其余部分更差。",
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
        "明显比其余部分更差（{labels:count} 条标注）。",
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
        "On average at most {false_share} of the slices found are found by chance"
        " (Benjamini-Yekutieli, as slices overlap); slices with fewer than {least:count} labels"
        " are not looked at. Figures are of held-out labels, which choosing did not touch, with"
        " {level} intervals.",
        "所发现的切片中，平均至多 {false_share} 为偶然（切片相互重叠，故用"
        " Benjamini-Yekutieli 法）；标注少于 {least:count} 条的切片不参与。数值均来自留出标注，"
        "不受挑选影响，括号内为 {level} 区间。",
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
    "slices.column.labels": ("Labels", "标注数"),
}
