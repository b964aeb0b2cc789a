"""Sentences of the health of labels and review work, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "health.no_probability_labels.what": (
        "no label was drawn with a known probability",
        "没有任何标注具有已知的抽样概率",
    ),
    "health.no_probability_labels.effect": (
        "Leakage, recall and reject precision are bounds or proxies: labels come from what was "
        "queued, reported or appealed.",
        "漏放率、查全率、拒绝准确率只能给出上下界或代理值：标注来自进审、举报或申诉。",
    ),
    "health.no_probability_labels.fix": (
        "Declare a random queue under [designs], or draw an audit: shroff measure writes the "
        "smallest one that would answer.",
        "在 [designs] 中声明随机抽检队列，或抽取一批审计样本：shroff measure 会给出最小样本。",
    ),
    "health.no_queue_reason.what": (
        "queue_reason is empty in every review",
        "queue_reason 全部为空",
    ),
    "health.no_queue_reason.effect": (
        "Labels with a sampling_prob, or of a design under [designs], are estimated from all the "
        "same; other reviews cannot be told apart as queue work, reports or rechecks.",
        "带有 sampling_prob 或属于 [designs] 中抽样设计的标注仍可用于估计；"
        "其余审核无法区分是进审、举报还是复查。",
    ),
    "health.no_queue_reason.queue.effect": (
        "Queue-in precision cannot be told: it counts reviews whose queue_reason is model or rule. "
        "Labels with a sampling_prob, or of a design under [designs], are estimated from all the "
        "same.",
        "召回进审准确率无法得知：它只统计 queue_reason 为 model 或 rule 的审核。"
        "带有 sampling_prob 或属于 [designs] 中抽样设计的标注仍可用于估计。",
    ),
    "health.no_queue_reason.assumed.effect": (
        "Queue-in precision takes every review without a sampling_prob for queue work, also those "
        "that came from reports, appeals or rechecks; which were queued by model or rule cannot be "
        "told. Labels with a sampling_prob are estimated from all the same.",
        "计算召回进审准确率时，所有没有 sampling_prob 的审核都被视为进审任务，包括来自举报、申诉或复查的；"
        "无法区分由 model 还是 rule 召回。带有 sampling_prob 的标注仍可用于估计。",
    ),
    "health.no_queue_reason.fix": (
        "Map it under [mapping.reviews]; without such a column, "
        "expressions = { queue_reason = \"CASE WHEN \\\"QUEUE\\\" = 'audit' THEN 'random' ELSE "
        '\'model\' END" } tells audits from the rest, and constants = { queue_reason = "model" } '
        "will do where the files hold queue work only.",
        "请在 [mapping.reviews] 中映射；没有该列时，可写 "
        "expressions = { queue_reason = \"CASE WHEN \\\"队列\\\" = '抽检' THEN 'random' ELSE "
        "'model' END\" } 区分抽检与进审；文件中只有进审任务时，"
        'constants = { queue_reason = "model" } 即可。',
    ),
    "health.unlabelled_strata.what": (
        "Pairs of machine action and policy without any probability label: {strata:count}"
        " ({share:percent} of decisions)",
        "{strata:count} 组“机审动作×政策”（占决策的 {share:percent}）没有概率样本标注",
    ),
    "health.unlabelled_strata.effect": (
        "What happens there is unknown: totals that include them are bounds, or rest on the rest.",
        "这些部分的情况未知：包含它们的合计只能给出上下界，或只能依据其余部分。",
    ),
    "health.unlabelled_strata.fix": (
        "Let the audit draw from every action and policy, however few.",
        "让抽检覆盖每种动作与政策，哪怕数量很少。",
    ),
    "health.labels_without_probability.what": (
        "{count:count} audit labels ({share:percent}) have no sampling_prob",
        "{count:count} 条抽检标注（{share:percent}）缺少 sampling_prob",
    ),
    "health.labels_without_probability.effect": (
        "They cannot be weighted and are left out of estimates.",
        "无法加权，不计入估计。",
    ),
    "health.labels_without_probability.fix": (
        "Log sampling_prob with each draw, or declare the design: [designs.audit] "
        'basis = "declared", by = "NAME".',
        '抽样时记录 sampling_prob，或声明抽样设计：[designs.audit] basis = "declared"，by = "姓名"。',
    ),
    "health.sampling_prob_out_of_range.what": (
        "{count:count} labels ({share:percent}) have a sampling_prob that is not in (0, 1]",
        "{count:count} 条标注（{share:percent}）的 sampling_prob 不在 (0, 1] 内",
    ),
    "health.sampling_prob_out_of_range.effect": (
        "Their weight, 1 / sampling_prob, is not a number of ads; they are left out.",
        "其权重 1/sampling_prob 没有意义，不计入估计。",
    ),
    "health.sampling_prob_out_of_range.fix": (
        "Was a percentage, a rate per thousand or a default of 0 written?",
        "是否写成了百分数、千分数，或默认值 0？",
    ),
    "health.weights_do_not_add_up.what": (
        "weights of the {drawn:count} audited {action:action} decisions add up to {count:count}, but "
        "there were {total:count} to draw from",
        "{drawn:count} 条机审{action:action}的抽检样本的权重合计为 {count:count}，而可抽总体为 {total:count}",
    ),
    "health.weights_do_not_add_up.effect": (
        "The draw was not what sampling_prob says, or covers only part: estimates may be off in "
        "either direction.",
        "实际抽样与 sampling_prob 不符，或只覆盖了一部分：估计可能偏高或偏低。",
    ),
    "health.weights_do_not_add_up.fix": (
        "Were draws lost before review, or made from one market or queue only? Then say so in "
        "[designs] by stratum.",
        "样本是否在送审前丢失，或只取自某个市场或队列？如是，请在 [designs] 中用 stratum 说明。",
    ),
    "health.decided_without_verdict.what": (
        "{count:count} decided reviews ({share:percent}) have no verdict",
        "{count:count} 条已完成的审核（{share:percent}）没有结论",
    ),
    "health.decided_without_verdict.effect": (
        "They are work without a label: they count in load and turnaround only.",
        "属于没有标注的工作量：只计入负荷与时效。",
    ),
    "health.decided_without_verdict.fix": (
        "Map the verdict, or translate its values under [mapping.reviews.values.verdict].",
        "映射审核结论，或在 [mapping.reviews.values.verdict] 中翻译其取值。",
    ),
    "health.verdict_without_time.what": (
        "{count:count} reviews with a verdict ({share:percent}) have no time of decision",
        "{count:count} 条有结论的审核（{share:percent}）没有完成时间",
    ),
    "health.verdict_without_time.effect": (
        "They look open: turnaround and backlog are too high, and they fall out of periods.",
        "会被视为未完成：时效与积压偏高，且不属于任何周期。",
    ),
    "health.verdict_without_time.fix": ("Map decided_at.", "请映射 decided_at。"),
    "health.audit_saw_machine.what": (
        "{count:count} audit labels ({share:percent}) were given by reviewers who saw the "
        "machine's action",
        "{count:count} 条抽检标注（{share:percent}）的审核员看到了机审结果",
    ),
    "health.audit_saw_machine.effect": (
        "People lean to what they are shown: precision looks better and leakage smaller than they "
        "are.",
        "人会倾向于已看到的结论：准确率显得更高，漏放率显得更低。",
    ),
    "health.audit_saw_machine.fix": (
        "Hide the machine's action in audit queues.",
        "在抽检队列中隐藏机审结果。",
    ),
    "health.violating_without_policies.what": (
        "{count:count} violating labels ({share:percent}) name no policy",
        "{count:count} 条违规标注（{share:percent}）未注明政策",
    ),
    "health.violating_without_policies.effect": (
        "They are missing from figures by policy and from right-policy precision.",
        "按政策统计与拒绝理由准确率中会缺失。",
    ),
    "health.violating_without_policies.fix": (
        "Have reviewers name the policy; map it to policies.",
        "要求审核员注明政策，并映射到 policies 列。",
    ),
    "health.active_longer_than_open.what": (
        "{count:count} reviews ({share:percent}) were worked on for longer than they were open",
        "{count:count} 条审核（{share:percent}）的有效时长超过其打开时长",
    ),
    "health.active_longer_than_open.effect": (
        "Handling time and reviewer load are too high.",
        "处理时长与审核负荷偏高。",
    ),
    "health.active_longer_than_open.fix": (
        "Is active_ms in milliseconds, and started_at the first opening?",
        "active_ms 单位是否为毫秒？started_at 是否为首次打开时间？",
    ),
    "health.absurd_active_ms.what": (
        "{count:count} reviews ({share:percent}) took under 0 or over 4 hours of active work",
        "{count:count} 条审核（{share:percent}）的有效时长为负或超过 4 小时",
    ),
    "health.absurd_active_ms.effect": (
        "Means of handling time are too high; medians hold.",
        "平均处理时长偏高；中位数不受影响。",
    ),
    "health.absurd_active_ms.fix": (
        "Cap idle tabs in the review tool, or map another column.",
        "在审核工具中剔除闲置时间，或改用其他列。",
    ),
    "health.active_ms_in_seconds.what": (
        "{share:percent} of active_ms are under 300: seconds rather than milliseconds?",
        "{share:percent} 的 active_ms 小于 300：单位是否为秒而非毫秒？",
    ),
    "health.active_ms_in_seconds.effect": (
        "Handling time and reviewer load are a thousand times too low.",
        "处理时长与审核负荷会低一千倍。",
    ),
    "health.active_ms_in_seconds.fix": (
        'Map it as expressions = { active_ms = "CAST(seconds AS DOUBLE) * 1000" }.',
        '映射为 expressions = { active_ms = "CAST(seconds AS DOUBLE) * 1000" }。',
    ),
}
