"""Sentences of the scorecard, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "action.approve": ("approve", "通过"),
    "action.review": ("review", "召回进审"),
    "action.reject": ("reject", "拒绝"),
    "action.restrict": ("restrict", "限制"),
    "scorecard.declared": (
        "The sampling probability of design {design} is declared by {by}, not logged.",
        "抽样设计 {design} 的抽样概率由 {by} 声明，并非日志记录。",
    ),
    "scorecard.queue_truth": (
        "Truth of {action:action} ads is what reviewers of the queue said; their errors pass through.",
        "机审{action:action}的广告，其真值取自队列审核结论，人工误判会直接带入。",
    ),
    "scorecard.unanswered": (
        "{missing:count} of {drawn:count} ads drawn by {design} where the machine said {action:action} have no agreed"
        " label yet.",
        "{design} 抽中的 {drawn:count} 条机审{action:action}的广告中，有 {missing:count} 条尚无定论标注。",
    ),
    "scorecard.unbalanced": (
        "The weights of {design} add up to {share:percent} of the {action:action} ads: some may have had no"
        " chance of being drawn, or the logged probabilities are wrong.",
        "{design} 的权重合计只相当于机审{action:action}广告的 {share:percent}：部分广告可能没有被抽中的机会，"
        "或日志中的抽样概率有误。",
    ),
    "scorecard.lopsided": (
        "The draw {design} is declared to be random, but its {action:action} ads stand for {share:percent} of"
        " those in market {market}: it may not be.",
        "抽样 {design} 声明为随机，但其中机审{action:action}的广告在市场 {market} 只相当于实际的 {share:percent}："
        "可能并非随机。",
    ),
    "scorecard.found": (
        "Proxy: no label was drawn with a known probability, so this speaks only of the ads that"
        " people happened to review.",
        "代理值：没有按已知概率抽取的标注，因此只反映碰巧被人工审过的广告。",
    ),
    "scorecard.never_sampled": (
        "Bounds: no design ever labelled these ads: {actions:action}. The truth may lie anywhere between.",
        "上下界：以下动作的广告从未被抽样标注：{actions:action}。真值可能是区间内任意一点。",
    ),
    "scorecard.reviewer_error": (
        "As reviewers judged; their own errors are not in the interval.",
        "以审核员结论为准；区间未包含人工误判。",
    ),
    "scorecard.backlog": (
        "{open:count} of {queued:count} queued ads are still open; the interval lets them go"
        " either way.",
        "{queued:count} 条进审广告中有 {open:count} 条尚未审完；区间已考虑其全部违规或全部合规的情形。",
    ),
    "scorecard.recheck_proxy": (
        "Proxy: re-reviews were not drawn with a known probability.",
        "代理值：复审并非按已知概率抽取。",
    ),
    "scorecard.safe": (
        "Counts the slices ({slices}) where approve leakage stays under {leakage:percent} and reject"
        " precision over {precision:percent}: lower end known to, upper end not known to fail.",
        "统计漏放率低于 {leakage:percent}、拒绝准确率高于 {precision:percent} 的切片（{slices}）："
        "下限为已确认达标，上限为尚未确认不达标。",
    ),
    "scorecard.no_goals": (
        "Set goals for leakage (at_most) and reject_precision (at_least) in shroff.toml.",
        "请在 shroff.toml 中为 leakage（at_most）与 reject_precision（at_least）设定目标。",
    ),
    "scorecard.appeal_open": (
        "{open:count} of {filed:count} appeals are not decided yet and are left out.",
        "{filed:count} 件申诉中有 {open:count} 件尚未结案，未计入。",
    ),
    "scorecard.appeal_edited": (
        "{edited:count} appeals came with an edited ad and are no overturns; they are left out.",
        "{edited:count} 件申诉伴随广告修改，不算改判，未计入。",
    ),
    "scorecard.appeal_window": (
        "For {young:count} of {actions:count} actions the {days}-day appeal window is still open;"
        " they are censored, not counted as not appealed.",
        "{actions:count} 次处置中有 {young:count} 次的 {days} 天申诉期未满；按删失处理，"
        "不视为未申诉。",
    ),
    "scorecard.appeal_short": (
        "Proxy: no action has been followed for {days} days yet; this is the share appealed within"
        " {followed} days.",
        "代理值：尚无处置满 {days} 天；此处为 {followed} 天内的申诉占比。",
    ),
    "scorecard.tasks_open": (
        "{open:count} of {tasks:count} tasks are open; they count as lasting at least until the logs"
        " end.",
        "{tasks:count} 个任务中有 {open:count} 个未完成；按至少持续到日志截止计算。",
    ),
    "scorecard.not_reached": (
        "So many tasks are open that this percentile is not reached: it is at least the lower end.",
        "未完成任务过多，该分位数尚未达到：其值不低于区间下限。",
    ),
    "scorecard.no_log": (
        "Unknown: nothing was ingested into {table}.",
        "未知：{table} 尚未导入任何数据。",
    ),
    "scorecard.no_policies": (
        "Unknown: none of the {violating:count} violating labels names the policy violated.",
        "未知：{violating:count} 条违规标注均未注明违反的政策。",
    ),
    "scorecard.policies_missing": (
        "{unnamed:count} of {violating:count} violating labels name no policy; they count as"
        " violating none of those shown.",
        "{violating:count} 条违规标注中有 {unnamed:count} 条未注明政策，按未违反所列政策计算。",
    ),
    "audit.why": (
        "No label was drawn at random where it is needed. Labelling about {ads:count} ads would"
        " answer approve leakage and reject precision; the batch is drawn and waits in:",
        "需要的地方没有随机抽取的标注。标注约 {ads:count} 条广告即可回答漏放率与拒绝准确率；"
        "批次已抽好，见：",
    ),
    "audit.enough": (
        "{action:action}: {labels:count} of {ads:count} ads.",
        "{action:action}：{ads:count} 条广告中抽 {labels:count} 条。",
    ),
}
