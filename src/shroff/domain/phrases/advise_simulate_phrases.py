"""Sentences about what a proposal would have done, in English and Chinese."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "simulate.lead": (
        "{flipped:count} of {ads:count} ads of {days:count} days would have been treated otherwise.",
        "{days:count} 天内的 {ads:count} 条广告中，有 {flipped:count} 条会得到不同的处理。",
    ),
    "simulate.same": (
        "None of {ads:count} ads of {days:count} days would have been treated otherwise.",
        "{days:count} 天内的 {ads:count} 条广告，处理结果均不会改变。",
    ),
    "simulate.imputed": (
        "The impressions of {ads:count} rejected ads are those of approved ads of their markets.",
        "{ads:count} 条被拒广告的展示量按同市场通过广告的展示量推算。",
    ),
    "simulate.unfitted": (
        "Queues whose log does not tell how people work, taken to work all the time on duty:"
        " {queues}.",
        "以下队列的日志不足以说明人员的工作方式，按在岗时间全部用于审核计算：{queues}。",
    ),
    "simulate.staff_guessed": (
        "Queues without staffing in the log; who decided something in an hour is counted as on"
        " duty: {queues}.",
        "以下队列没有排班日志，按每小时内作出过决定的人数计为在岗：{queues}。",
    ),
    "simulate.no_costs": (
        "Set missed_violation, wrong_reject and reviewer_hour under [costs], or give --cost, and"
        " the change of cost is told too.",
        "在 [costs] 中设置 missed_violation、wrong_reject 和 reviewer_hour，或使用 --cost，"
        "即可同时给出成本变化。",
    ),
    "simulate.lines": (
        "Today's lines, read from the log: {model} is reviewed from {review:number} and rejected"
        " from {reject:number}; they give {share:percent} of what models did.",
        "由日志推出的现行阈值：{model} 自 {review:number} 起进审，自 {reject:number} 起拒绝；"
        "可解释模型 {share:percent} 的处理。",
    ),
    "simulate.lines_weak": (
        "One pair of lines explains only {share:percent} of what models did: the replay of ads whose"
        " score changes is rough.",
        "单一一组阈值只能解释模型 {share:percent} 的处理：得分改变的广告，其重放结果较粗略。",
    ),
    "simulate.unknown_exposure": (
        "{ads:count} ads that were rejected have no impressions: what they would have been shown is"
        " taken from approved ads of their markets.",
        "{ads:count} 条被拒的广告没有展示量：其可能的展示量取自同市场的通过广告。",
    ),
    "simulate.unknown_labels": (
        "{ads:count} ads that would be treated otherwise ({share:percent}) are of kinds without a"
        " label: their share of violations is taken from ads of like score.",
        "会改变处理的广告中，有 {ads:count} 条（{share:percent}）所属类别没有标注：其违规占比取自得分相近的广告。",
    ),
    "simulate.unknown_reaction": (
        "Advertisers react: they edit, resubmit, appeal, or leave. History does not tell how they"
        " would answer this change.",
        "广告主会作出反应：修改、重新提交、申诉或离开。历史数据无法说明他们会如何应对此项变更。",
    ),
    "simulate.unknown_people": (
        "Reviewers are taken to decide as they did; more work or other queues may change that. Of"
        " ads that nobody reviewed, between a third as many and as many are taken to need a second"
        " look as of those that people saw.",
        "假定审核员的判断与以往相同；工作量或队列的变化可能使之改变。对从未进审的广告，假定需要二审的比例为"
        "已审广告的三分之一到同等水平。",
    ),
    "simulate.unknown_restricts": (
        "Which ads another version would restrict is not known: they are counted as reviewed, and"
        " their work is taken off at the share that was restricted.",
        "另一版本会限制投放哪些广告并不可知：这些广告按进审计，其工作量按以往限制投放的占比扣除。",
    ),
    "simulate.flips": ("{was:action} to {becomes:action}", "{was:action} → {becomes:action}"),
    "simulate.cost_now": ("as costs are", "按现有成本"),
    "simulate.cost_half": ("{what} costs half", "{what}成本减半"),
    "simulate.cost_twice": ("{what} costs twice as much", "{what}成本加倍"),
    "simulate.cost.missed": ("a missed violation", "漏放"),
    "simulate.cost.wrong": ("a wrong reject", "误拒"),
    "simulate.cost.hour": ("an hour of review", "审核工时"),
    "simulate.costs": (
        "Change of cost in {currency}; the last column is the chance that the proposal costs less.",
        "成本变化（{currency}）；最后一列为该提案成本更低的概率。",
    ),
    "simulate.unknown": ("What no replay can know:", "重放无法得知的："),
    "simulate.column.flip": ("what would change", "处理变化"),
    "simulate.column.ads": ("ads", "广告数"),
    "simulate.column.violating": ("of them violating", "其中违规"),
    "simulate.column.labels": ("labels", "标注数"),
    "simulate.column.figure": ("figure", "指标"),
    "simulate.column.before": ("as it was", "现状"),
    "simulate.column.after": ("with the proposal", "采用提案后"),
    "simulate.column.change": ("change", "变化"),
    "simulate.column.queue": ("queue", "队列"),
    "simulate.column.tasks": ("tasks", "任务数"),
    "simulate.column.hours": ("hours of work", "工时"),
    "simulate.column.p90": ("9 of 10 done within hours", "九成完成所需小时"),
    "simulate.column.logged": ("as logged", "日志所记"),
    "simulate.column.backlog": ("most waiting", "最大积压"),
    "simulate.by_hour": (
        "Hours of work begun by hour of the day (UTC), as it was and with the proposal:",
        "按一天中的时段（UTC）统计开始的工时，现状与采用提案后：",
    ),
    "simulate.unknown_labels_err": (
        "How often labels are right: no ad was judged by two without seeing each other's answer, nor"
        " is the truth of any known. Labels are taken for the truth, so what their desk misses makes"
        " these figures look better than they are.",
        "标注的准确程度：没有广告由两人互不知晓地标注过，也没有已知结论的广告。此处将标注视为真实结果，"
        "标注组的漏判会使这些数字看起来好于实际。",
    ),
    "simulate.trust.twice": (
        "One who labels alone finds {caught:percent} of violating ads and passes {passed:percent} of"
        " compliant ones, as {n:count} ads judged by two tell. Figures are corrected for it, and"
        " intervals hold its doubt; an expert's word is taken as true.",
        "据 {n:count} 条双人独立标注的广告，单人标注能发现 {caught:percent} 的违规广告、放过 {passed:percent} 的合规广告。"
        "各项数字已据此校正，区间包含其不确定性；专家的结论视为真实。",
    ),
    "simulate.trust.known": (
        "One who labels alone finds {caught:percent} of violating ads and passes {passed:percent} of"
        " compliant ones, as {n:count} answers on ads of known truth tell. Figures are corrected for"
        " it, and intervals hold its doubt; an expert's word is taken as true.",
        "据 {n:count} 次对已知结论广告的作答，单人标注能发现 {caught:percent} 的违规广告、放过 {passed:percent} 的合规广告。"
        "各项数字已据此校正，区间包含其不确定性；专家的结论视为真实。",
    ),
    "simulate.unknown_turnaround": (
        "Waits are those of the log's own pace, carried to another load: people are taken to work the"
        " same part of their time, however many wait.",
        "等待时间按日志中的工作节奏推算到新的负荷：假定无论积压多少，审核员投入工作的时间占比不变。",
    ),
    "simulate.column.costs": ("costs", "成本"),
    "simulate.column.saves": ("saves", "节省概率"),
    "simulate.figure.ads_approve": ("approved ads", "通过的广告"),
    "simulate.figure.ads_review": ("ads sent to review", "进审的广告"),
    "simulate.figure.ads_restrict": ("restricted ads", "限制投放的广告"),
    "simulate.figure.ads_reject": ("rejected ads", "拒绝的广告"),
    "simulate.figure.reject_precision": ("reject precision", "拒绝准确率"),
    "simulate.figure.leakage": ("approve leakage", "漏放率"),
    "simulate.figure.queue_yield": ("violating share of review", "进审违规占比"),
    "simulate.figure.recall_any": ("recall (reject or review)", "查全率（拒绝或进审）"),
    "simulate.figure.wrong_rejects": ("good ads rejected", "误拒的合规广告"),
    "simulate.figure.missed": ("violating ads approved", "漏放的违规广告"),
    "simulate.figure.violating_impressions": ("violating impressions", "违规展示量"),
    "simulate.figure.overturns": ("overturned rejects", "申诉推翻的拒绝"),
    "simulate.figure.appeals": ("appeals", "申诉"),
    "simulate.figure.advertisers_wronged": (
        "advertisers with a good ad rejected",
        "有合规广告被拒的广告主",
    ),
    "simulate.figure.review_hours": ("hours of review", "审核工时"),
    "simulate.section.title": ("What the proposals would have done", "各提案的模拟效果"),
    "simulate.section.answer": (
        "{name}: {flipped:count} of {ads:count} ads would have been treated otherwise.",
        "{name}：{ads:count} 条广告中有 {flipped:count} 条会得到不同的处理。",
    ),
    "simulate.section.note": (
        "History replayed under the proposal; intervals carry the doubt of labels and of the curve"
        " from score to violation.",
        "在提案下重放历史；区间包含标注以及“得分—违规”曲线的不确定性。",
    ),
    "staff.lead": (
        "Queue {queue} needs {needed:number} reviewer hours a day for {share:percent} within"
        " {within:number} hours; it has {now:number}, and then {reached:percent} are.",
        "队列 {queue} 每天需要 {needed:number} 审核工时，才能让 {share:percent} 在 {within:number} 小时内完成；"
        "现有 {now:number} 工时，达到 {reached:percent}。",
    ),
    "staff.pattern": (
        "In the pattern of today's shifts, with at most {peak:number} reviewers on duty at once;"
        " in 19 of 20 simulated periods at least {low:percent} are done in time.",
        "按现有班次的分布，同时在岗最多 {peak:number} 人；20 次模拟中有 19 次按时完成率不低于 {low:percent}。",
    ),
    "staff.erlang": (
        "Did tasks come evenly around the clock, Erlang's formula would ask for {erlang:number} on"
        " duty at all hours ({hours:number} hours a day).",
        "若任务全天均匀到达，按 Erlang 公式需全天候在岗 {erlang:number} 人（每天 {hours:number} 工时）。",
    ),
    "staff.fit": (
        "The log tells that reviewers work on tasks {part:percent} of their time on duty, and that"
        " {lag:number} hours pass beside.",
        "日志显示审核员在岗时间的 {part:percent} 用于处理任务，另有 {lag:number} 小时用于其他环节。",
    ),
    "staff.unfitted": (
        "The log does not tell how people work; they are taken to work all the time on duty.",
        "日志不足以说明人员的工作方式，按在岗时间全部用于审核计算。",
    ),
    "staff.guessed": (
        "Staffing is not logged; who decided something in an hour is counted as on duty.",
        "没有排班日志，按每小时内作出过决定的人数计为在岗。",
    ),
}
