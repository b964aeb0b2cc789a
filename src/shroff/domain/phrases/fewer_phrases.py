"""What is said of figures from few labels and the scores of all ads, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "fewer.title": ("What do scores add to the labels?", "模型分能省下多少标注？"),
    "fewer.lead": (
        "With scores of {model}, {labels:count} labels tell as much of {metric} as {worth:count}"
        " would alone: {scored} instead of {plain}.",
        "借助 {model} 的分数，{labels:count} 条标注对{metric}的信息量相当于单独使用"
        " {worth:count} 条：{scored}，仅用标注时为 {plain}。",
    ),
    "fewer.lead_withheld": (
        "Scores of {model} narrow what the labels tell.",
        "{model} 的分数缩小了仅用标注时的区间。",
    ),
    "fewer.lead_none": (
        "Scores of {model} add nothing that the labels do not tell: figures stay as they are.",
        "{model} 的分数没有带来标注之外的信息：各项数值不变。",
    ),
    "fewer.column.metric": ("Metric", "指标"),
    "fewer.column.slice": ("Ads", "广告范围"),
    "fewer.column.plain": ("Labels alone", "仅标注"),
    "fewer.column.scored": ("Labels and scores", "标注 + 模型分"),
    "fewer.column.labels": ("Labels", "标注数"),
    "fewer.column.worth": ("Worth as many", "相当于标注数"),
    "fewer.column.saved": ("Saved", "节省"),
    "fewer.column.modelled": ("Expected by scores alone", "仅由模型分推算"),
    "fewer.everything": ("all", "全部"),
    "fewer.how": (
        "Both columns are valid whatever the scores are worth; a useless score changes nothing but"
        " what is known of how many ads had each action.",
        "无论模型分好坏，两列数值都有效；无用的分数只会带来各处置动作广告数这一已知信息。",
    ),
    "fewer.modelled": (
        "Expected by scores alone: no label says whether they are right.",
        "仅由模型分推算：没有标注验证其正确性。",
    ),
    "fewer.modelled_how": (
        "What scores alone expect is no estimate and has no interval: it is wrong by as much as the"
        " scores are, and nobody knows how much that is.",
        "仅由模型分推算的数值不是估计值，也没有区间：分数错多少它就错多少，而这一误差未知。",
    ),
    "fewer.no_help": (
        "Scores do not narrow this figure.",
        "模型分未能缩小该项区间。",
    ),
    "fewer.no_random_labels": (
        "Needs random labels of every action that it counts.",
        "需要所涉各处置动作的随机抽样标注。",
    ),
    "fewer.constant": (
        "{model} gives every ad the same score: it tells nothing.",
        "{model} 给所有广告相同的分数：不提供任何信息。",
    ),
    "fewer.not_chances": (
        "scores of {model} run from {low:number} to {high:number}: only their order is used.",
        "{model} 的分数范围为 {low:number} 至 {high:number}：仅使用其排序。",
    ),
    "fewer.unscored": (
        "{share:percent} of ads have no score: they are taken together, action by action.",
        "{share:percent} 的广告没有分数：按处置动作合并处理。",
    ),
}
