"""Sentences about what came of a change, in English and Chinese."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "outcome.title": ("Did it work?", "是否奏效？"),
    "outcome.beside": (
        "{metric:named}, change of {on}: forecast {forecast}, observed {value} ({level} {low} to"
        " {high}).",
        "{metric:named}，{on} 的变更：预测 {forecast}，实际 {value}（{level} 区间 {low} 至 {high}）。",
    ),
    "outcome.observed": (
        "{metric:named}, change of {on}: observed {value} ({level} {low} to {high}); no forecast was"
        " given.",
        "{metric:named}，{on} 的变更：实际 {value}（{level} 区间 {low} 至 {high}）；未给出预测。",
    ),
    "outcome.not_told": (
        "It cannot be told whether the metric moved.",
        "尚无法判断该指标是否变动。",
    ),
    "outcome.moved": ("The metric moved.", "该指标确有变动。"),
    "outcome.kept": (
        "It worked as forecast, as far as both intervals tell.",
        "就两个区间而言，效果与预测相符。",
    ),
    "outcome.kept_unsure": (
        "It fits the forecast, but also no effect at all: look again with more labels or days.",
        "与预测相符，但也可能毫无效果：待标注或天数更多时再看。",
    ),
    "outcome.less": ("It did less than forecast.", "效果低于预测。"),
    "outcome.more": ("It did more than forecast.", "效果高于预测。"),
    "outcome.wrong_way": (
        "It moved the other way than forecast.",
        "变动方向与预测相反。",
    ),
    "outcome.how.two_sides": (
        "By the hash: {after:count} labelled ads with the change beside {before:count} without;"
        " ads of an advertiser are taken to err together.",
        "按哈希分组：有变更的已标注广告 {after:count} 条，无变更的 {before:count} 条；"
        "同一广告主的广告视为一同出错。",
    ),
    "outcome.how.difference_in_differences": (
        "Difference in differences: the others say what would have been, if all had moved by the"
        " same factor. Rests on {before:count} before and {after:count} after.",
        "双重差分：假设各处按同一倍数变动，由其余部分推知本应如何。依据：之前 {before:count}，之后 {after:count}。",
    ),
    "outcome.how.synthetic_control": (
        "Synthetic control: that mix of the others which followed it before says what would have"
        " been. Rests on {before:count} before and {after:count} after.",
        "合成控制：以变更前与之同步的其余部分的组合推知本应如何。依据：之前 {before:count}，之后 {after:count}。",
    ),
    "outcome.how.interrupted_series": (
        "Interrupted series: the days before say what would have been; the interval allows for"
        " noise that remembers. Rests on {before:count} before and {after:count} after.",
        "间断时间序列：由之前的日子推知本应如何；区间已计入噪声的自相关。依据：之前 {before:count}，之后 {after:count}。",
    ),
    "outcome.weaker": (
        "This is the weakest way to tell: whatever else happened at that time counts as the change."
        " Roll the next one out by hash or by market.",
        "这是最弱的判断方式：同期发生的其他一切都会算在该变更头上。下次请按哈希或按市场逐步推出。",
    ),
    "outcome.by_week": (
        "Days have few labels: they are put together as weeks.",
        "每日标注较少，已按周合并。",
    ),
    "outcome.not_settled": (
        "The last days are left out, as their labels are not all in: {days:count}.",
        "最后 {days:count} 天因标注未齐而不计入。",
    ),
    "outcome.left_out": (
        "Left out, as some days or weeks have no label: {names}.",
        "因部分日期或周没有标注而不计入：{names}。",
    ),
    "outcome.mix": (
        "Held against {parts}; before the change the mix followed {fit} of what moved.",
        "对照组合：{parts}；变更前该组合解释了 {fit} 的变动。",
    ),
    "outcome.clusters": (
        "Advertisers with labelled ads: {advertisers:count}.",
        "有已标注广告的广告主：{advertisers:count} 个。",
    ),
    "outcome.placebo.markets": (
        "Placebo: pretending the change was made elsewhere ({tried:count} tries), {far:count} went as"
        " far; p = {p}.",
        "安慰剂检验：假设变更发生在别处（{tried:count} 次），其中 {far:count} 次同样明显；p = {p}。",
    ),
    "outcome.placebo.times": (
        "Placebo: pretending it was made earlier ({tried:count} tries), {far:count} went as far;"
        " p = {p}.",
        "安慰剂检验：假设变更发生得更早（{tried:count} 次），其中 {far:count} 次同样明显；p = {p}。",
    ),
    "outcome.rival": (
        "Also logged near that day: {day} {what}",
        "该日前后另有记录：{day} {what}",
    ),
    "outcome.track": (
        "Forecasts scored so far: {tried:count}; {kept:count} came as said ({share:percent},"
        " {low:percent} to {high:percent}; they should at {level:percent}); for {same:count} the"
        " direction was right.",
        "已核对的预测 {tried:count} 个，其中 {kept:count} 个与实际相符（{share:percent}，"
        "{low:percent} 至 {high:percent}；应为 {level:percent}）；{same:count} 个方向正确。",
    ),
    "outcome.slope": (
        "For each 1% forecast, {slope:number}% came ({low:number} to {high:number}).",
        "每预测 1%，实际为 {slope:number}%（{low:number} 至 {high:number}）。",
    ),
    "outcome.none_scored": (
        "No forecast has been scored yet: shroff advise outcome ID, once a recommendation is done.",
        "尚未核对任何预测：建议完成后，运行 shroff advise outcome ID。",
    ),
    "outcome.due": (
        "Due to be looked at: {advice} ({subject}), done {on}.",
        "应予核对：{advice}（{subject}），{on} 完成。",
    ),
    "outcome.column.change": ("change", "变更"),
    "outcome.column.metric": ("metric", "指标"),
    "outcome.column.on": ("since", "起始日"),
    "outcome.column.method": ("method", "方法"),
    "outcome.column.forecast": ("forecast", "预测"),
    "outcome.column.observed": ("observed", "实际"),
    "outcome.column.kept": ("as forecast", "与预测相符"),
    "outcome.yes": ("yes", "是"),
    "outcome.no": ("no", "否"),
    "outcome.method.two_sides": ("two sides of a hash", "哈希分组对比"),
    "outcome.method.difference_in_differences": ("difference in differences", "双重差分"),
    "outcome.method.synthetic_control": ("synthetic control", "合成控制"),
    "outcome.method.interrupted_series": ("interrupted series", "间断时间序列"),
    "outcome.section.lead": (
        "Changes whose effect was looked at: {looked:count}; forecasts that came as said:"
        " {kept:count} of {tried:count}.",
        "已核对效果的变更 {looked:count} 项；与实际相符的预测：{kept:count} / {tried:count}。",
    ),
    "outcome.section.how": (
        "Observed changes are relative, with 95% intervals; shroff advise outcome tells how each was"
        " judged, and what speaks against it.",
        "实际变动为相对值，附 95% 区间；shroff advise outcome 说明各项的判断方式及其不足。",
    ),
}
