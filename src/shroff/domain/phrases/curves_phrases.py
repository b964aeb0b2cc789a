"""What is said of thresholds and curves, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "curves.title": (
        "What would each threshold catch, and what would it take?",
        "每个阈值能查到多少、要处理多少？",
    ),
    "curves.lead": (
        "At {threshold}, {score} would flag {ads:count} ads: precision {precision}, recall"
        " {recall}.",
        "{score} 的阈值取 {threshold} 时，会命中 {ads:count} 条广告：准确率 {precision}，"
        "查全率 {recall}。",
    ),
    "curves.lead_none": (
        "No threshold of {score} meets a precision of {bar} on the labels there are.",
        "在现有标注上，{score} 没有任何阈值的准确率达到 {bar}。",
    ),
    "curves.chart": ("Precision and recall of {score}", "{score} 的准确率与查全率"),
    "curves.chart_pr": (
        "Precision against recall of {score}: average precision {area}",
        "{score} 的 PR 曲线：AP {area}",
    ),
    "curves.chart_roc": (
        "Recall against false positives of {score}: AUC {area}",
        "{score} 的 ROC 曲线：AUC {area}",
    ),
    "curves.guessing": ("guessing", "随机猜测"),
    "curves.more": ("Thresholds of {score}", "{score} 的阈值"),
    "curves.points_of": ("Thresholds on {score}.", "{score} 的阈值。"),
    "curves.left": (
        "{scores:count} further scores: shroff models curves.",
        "另有 {scores:count} 个分数：见 shroff models curves。",
    ),
    "curves.metric.precision": ("precision", "准确率"),
    "curves.metric.recall": ("recall", "查全率"),
    "curves.metric.fpr": ("false-positive rate", "误报率"),
    "curves.metric.auc": ("AUC", "AUC（曲线下面积）"),
    "curves.metric.average_precision": ("average precision", "平均准确率（AP）"),
    "curves.column.score": ("Score", "分数"),
    "curves.column.scored": ("Ads scored", "有分数的广告"),
    "curves.column.labels": ("Labels", "标注数"),
    "curves.column.violating": ("Violating", "其中违规"),
    "curves.column.point": ("Threshold for", "阈值目标"),
    "curves.column.threshold": ("Threshold", "阈值"),
    "curves.column.sure_at": ("Surely from", "有把握的阈值"),
    "curves.column.ads_per_day": ("Ads a day", "每天广告数"),
    "curves.column.review": ("To review", "召回进审量"),
    "curves.column.reject": ("To reject", "拒绝量"),
    "curves.column.now_approve": ("Approved now", "目前放行"),
    "curves.point.precision": ("precision ≥ {bar}", "准确率 ≥ {bar}"),
    "curves.point.recall": ("recall ≥ {bar}", "查全率 ≥ {bar}"),
    "curves.point.balance": ("best balance (F1)", "两者平衡最好（F1）"),
    "curves.none": ("none", "没有"),
    "curves.how": (
        "Intervals hold at all thresholds together: choosing a threshold after looking keeps"
        " {level}. “Surely from” is where the interval itself meets the target.",
        "区间对所有阈值同时成立：看过曲线再选阈值，仍有 {level} 的把握。"
        "“有把握的阈值”指区间本身也达到目标之处。",
    ),
    "curves.line": (
        "Ads from {threshold} up count as rejected, those under it as reviewed.",
        "分数不低于 {threshold} 的广告算作拒绝，低于它的算作召回进审。",
    ),
    "curves.scope": (
        "Each curve speaks of the ads that have its score.",
        "每条曲线只针对有该分数的广告。",
    ),
    "curves.none_violating": (
        "none of {labels:count} labels is violating: recall, AUC and average precision cannot be"
        " told",
        "{labels:count} 条标注中没有违规：无法给出查全率、AUC 和平均准确率（AP）",
    ),
    "curves.all_violating": (
        "all {labels:count} labels are violating: the false-positive rate and the AUC cannot be"
        " told",
        "{labels:count} 条标注全部违规：无法给出误报率和 AUC",
    ),
    "curves.constant": (
        "all {labels:count} labels have the same score: it puts no ad before another",
        "{labels:count} 条标注的分数都相同：分数排不出先后",
    ),
    "curves.outside": (
        "{outside:count} of {scored:count} scores are not between 0 and 1: they lie under every"
        " threshold, or over; map them, e.g. 1 / (1 + EXP(-score)) under [mapping.scores]",
        "{scored:count} 个分数中有 {outside:count} 个不在 0 到 1 之间，一律算作低于或高于所有阈值；"
        "可在 [mapping.scores] 中换算，例如 1 / (1 + EXP(-score))",
    ),
    "curves.unreadable": (
        "{scores:count} scores are missing or no numbers and are left out",
        "{scores:count} 个分数缺失或不是数字，已略去",
    ),
    "curves.uncovered": (
        "No label was drawn among ads with the action {actions:action}: the curve speaks of the"
        " others only, so it is a proxy.",
        "处置为“{actions:action}”的广告没有抽样标注：曲线只代表其余广告，属于代理指标。",
    ),
    "curves.unlabelled": (
        "{scores:count} further scores have no labelled ad.",
        "另有 {scores:count} 个分数没有任何已标注的广告。",
    ),
}
