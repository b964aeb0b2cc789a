"""Sentences of the report, (English, 中文) by key."""

from __future__ import annotations

from shroff.domain.phrases.weekly_phrases import WEEKLY

__all__ = ["PHRASES"]

_FIGURES: dict[str, tuple[str, str]] = {
    "report.figure.whole": ("{value} ({interval})", "{value}（{interval}）"),
    "report.figure.from_to": ("{low} to {high}", "{low} 至 {high}"),
    "report.figure.bounds": ("somewhere in {interval}", "介于 {interval}"),
    "report.figure.suppressed": ("withheld", "不予公布"),
    "report.figure.unknown": ("not known", "未知"),
    "report.figure.in_points": ("{number} points", "{number} 个百分点"),
    "report.figure.in_hours": ("{number} h", "{number} 小时"),
    "report.figure.in_minutes": ("{number} min", "{number} 分钟"),
    "report.status.proxy": ("proxy", "代理值"),
    "report.status.bounds": ("bounds only", "仅有上下界"),
    "report.status.estimate": ("estimate", "估计值"),
    "report.status.count": ("full count", "全量统计"),
    "report.status.suppressed": ("withheld", "不予公布"),
    "report.status.unknown": ("not known", "未知"),
    "report.status.modelled": ("expected by scores alone", "仅由模型分推算"),
}

_PAGE: dict[str, tuple[str, str]] = {
    "report.left_out": (
        "Not computed here: the period has {ads} ads, and beyond {most} a report does not look at"
        " each of them. {command} does.",
        "此处未计算：本周期有 {ads} 条广告，超过 {most} 条时报告不逐条处理。可运行 {command}。",
    ),
    "report.page.contents": ("In this report", "本期内容"),
    "report.page.permalink": ("Link to this section", "本节链接"),
    "report.page.numbers": ("Numbers in this chart", "图中数字"),
    "report.page.events": ("Changes drawn as dotted lines", "图中虚线为变更"),
    "report.page.about": ("About this report", "关于本报告"),
    "report.page.change": ("{change} vs {other}", "较{other} {change}"),
    "report.other.before": ("the period before", "上一周期"),
    "report.other.year": ("the same weeks last year", "去年同期"),
    "report.other.ads": ("{ads}", "“{ads}”"),
    "report.column.year": ("Last year", "去年同期"),
    "report.column.ads": ("{ads}", "{ads}"),
    "report.page.goal": ("Goal {goal}", "目标 {goal}"),
    "report.page.colon": ("{name}:", "{name}："),
    "report.goal.met": ("met", "达标"),
    "report.goal.missed": ("missed", "未达标"),
    "report.goal.unsure": ("not yet known", "尚不能判断"),
    "report.chart.goal": ("goal", "目标"),
    "report.chart.from_day": ("From", "起始日"),
    "report.chart.slice": ("Slice", "切片"),
    "report.chart.unfinished": ("{day} (still coming in)", "{day}（数据未齐）"),
}

_UNSURE: dict[str, tuple[str, str]] = {
    "report.change.lead_some": (
        "Of {looks} figures that can be compared, {clear} moved more than chance would; {rest}"
        " cannot be compared with {other}.",
        "可比较的 {looks} 项指标中，{clear} 项的变化超出随机波动；另有 {rest} 项无法与{other}比较。",
    ),
    "report.beside.lead": (
        "{clear} of {looks} figures differ by more than chance would make them.",
        "{looks} 项指标中，{clear} 项的差异超出随机波动。",
    ),
    "report.beside.lead_some": (
        "Of {looks} figures that can be compared, {clear} differ by more than chance would make"
        " them; {rest} cannot be compared with {other}.",
        "可比较的 {looks} 项指标中，{clear} 项的差异超出随机波动；另有 {rest} 项无法与{other}比较。",
    ),
    "report.beside.incomparable": (
        "Nothing can be compared with {other}: its figures are not known.",
        "无法与{other}比较：其数字未知。",
    ),
    "report.beside.note": (
        "Compared with {other} on the same days. A difference is called better or worse only when"
        " it stays clear after allowing for all {looks} figures looked at, perhaps so when it would"
        " be clear as the only one; a goal is met or missed only when the whole interval is on one"
        " side of it.",
        "与同期的{other}比较。只有在考虑了全部 {looks} 项指标之后差异仍然明确，才称为更好或更差；"
        "单独看才明确的称为可能；只有整个区间都在目标的一侧，才算达标或未达标。",
    ),
    "report.change.incomparable": (
        "Nothing can be compared with {other}, {before}: its figures are not known.",
        "无法与{other}（{before}）比较：其数字未知。",
    ),
    "report.change.unknown": ("{metrics} not known: {reason}.", "{metrics}未知：{reason}。"),
    "report.change.stated": ("{metrics}: {reason}", "{metrics}：{reason}"),
    "report.headline.vague_miss": (
        "Goal missed, by a figure too uncertain to quote here: {metrics}.",
        "未达标，但数字不确定性过大、此处不引用：{metrics}。",
    ),
    "report.slices.none_worse": (
        "No slice with enough labels looks worse than the whole.",
        "标注足够的切片中，没有一个差于整体。",
    ),
}

_DESIGNS: dict[str, tuple[str, str]] = {
    "report.known.decisions": ("every decision of record", "全部生效决策"),
    "report.known.tasks": ("every review task of the period", "本周期全部审核任务"),
    "report.known.appeals": (
        "every appeal against the actions of the period",
        "针对本周期处置的全部申诉",
    ),
    "report.known.actions": (
        "every action of the period, open windows censored",
        "本周期全部处置，申诉期未满者按删失处理",
    ),
    "report.known.queued": (
        "every queued ad that people decided",
        "全部已有人工结论的进审广告",
    ),
    "report.known.rechecks": ("re-reviews as they came", "现有复审，未按概率抽取"),
    "report.known.no_sample": ("no probability sample", "没有概率抽样"),
    "report.known.rereview": ("re-review", "复审"),
    "report.known.census": ("census", "全量"),
    "report.known.stratified": ("stratified", "分层抽样"),
    "report.known.poisson": ("poisson", "泊松抽样"),
    "report.known.pps": ("pps", "按规模概率抽样（PPS）"),
    "report.known.logged": ("logged", "概率取自日志"),
    "report.known.declared": ("declared", "概率由人声明"),
    "report.known.certain": ("certain", "必然抽中"),
    "report.provenance.design": ("{name} ({kind}, {basis})", "{name}（{kind}，{basis}）"),
}

_METHODS: dict[str, tuple[str, str]] = {
    "report.known.count": ("count", "全量计数"),
    "report.known.none": ("none", "无"),
    "report.known.bounds": ("bounds", "上下界"),
    "report.known.open_tasks": ("open tasks either way", "未审完任务按两种可能计入"),
    "report.known.clear_slices": ("slices that clear the goals", "统计达标切片"),
    "report.known.korn_graubard": ("korn-graubard", "Korn–Graubard 区间"),
    "report.known.beta_product": ("beta-product", "Beta 乘积区间"),
    "report.known.wilson": ("wilson", "Wilson 区间"),
    "report.known.jeffreys": ("jeffreys", "Jeffreys 区间"),
    "report.known.exact": ("exact", "精确区间"),
    "report.known.mover": ("mover", "MOVER 区间"),
}

_QUERIES: dict[str, tuple[str, str]] = {
    "report.known.population": ("population", "总体"),
    "report.known.frame_ads": ("label frame by ads", "标注抽样框（按广告数）"),
    "report.known.frame_impressions": ("label frame by impressions", "标注抽样框（按曝光）"),
    "report.known.frame_spend": ("label frame by spend", "标注抽样框（按消耗）"),
    "report.known.review_tasks": ("review tasks", "审核任务"),
    "report.known.full_rates": ("rates counted in full", "全量统计的比率"),
    "report.known.queue_outcomes": ("queue outcomes", "进审队列结论"),
    "report.known.labels_ads": ("labels, counted by ads", "标注计数（按广告数）"),
    "report.known.labels_impressions": (
        "labels, counted by impressions",
        "标注计数（按曝光）",
    ),
    "report.known.labels_spend": ("labels, counted by spend", "标注计数（按消耗）"),
    "report.known.re_reviews": ("re-reviews", "复审"),
    "report.known.appeal_cohorts": (
        "appeals by cohort of the action",
        "申诉（按处置时间归组）",
    ),
    "report.known.reviewing": ("reviewing", "审核时效与负荷"),
    "report.known.safe": ("safe automation", "安全自动化"),
    "report.known.answers": ("answers", "审核答案"),
    "report.known.judged_twice": ("ads judged twice or more, blind", "两次及以上盲审的广告"),
    "report.known.two_answers": ("ads with two answers or more", "有两个及以上答案的广告"),
    "report.known.three_answers": (
        "ads of known truth with three answers or more",
        "已知真值且有三个及以上答案的广告",
    ),
    "report.known.checked": ("first answers that were checked", "经质检的初审答案"),
    "report.known.checked_alike": (
        "first answers that were checked, same mix of queues and policies",
        "经质检的初审答案（按相同的队列与政策构成）",
    ),
    "report.known.settled": (
        "answers on seeded items and on ads an expert had settled before",
        "埋题答案及专家已先行裁定的广告上的答案",
    ),
    "report.known.dawid_skene": ("dawid-skene", "Dawid-Skene 潜类别模型"),
    "report.known.labels": ("labels", "标注"),
    "report.known.labels_by_week": ("scores of labels by week", "各周标注广告的分数"),
    "report.known.counts_by_score": ("counts and labels by score", "按分数统计的广告数与标注"),
    "report.known.scored_ads": ("ads with their scores", "有分数的广告"),
    "report.known.settled_appeals": (
        "every settled appeal against the actions of the period",
        "针对本周期处置的全部已办结申诉",
    ),
    "report.known.complaints": ("every complaint", "全部申诉"),
    "report.known.decided_complaints": (
        "every complaint decided in the period",
        "本周期内办结的全部申诉",
    ),
    "report.known.operations": (
        "operations: appeals, reports and people's decisions",
        "运营数据：申诉、举报与人工决定",
    ),
    "report.known.no_label": ("no label of these ads", "这些广告没有标注"),
    "report.known.expected": ("expected by scores", "由模型分推算"),
    "report.known.worth": (
        "labels times variance without scores over variance with them",
        "标注数 × 不用分数的方差 ÷ 用分数的方差",
    ),
    "report.known.linearised": ("linearised", "线性化区间"),
    "report.known.drawn": ("debiased, drawn", "去偏并模拟抽取"),
    "report.known.median": ("median", "中位数"),
}

PHRASES: dict[str, tuple[str, str]] = {
    **_FIGURES,
    **_PAGE,
    **_UNSURE,
    **_DESIGNS,
    **_METHODS,
    **_QUERIES,
    **WEEKLY,
}
