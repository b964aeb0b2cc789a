"""Sentences of the weekly report, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["WEEKLY"]

_TITLES: dict[str, tuple[str, str]] = {
    "report.title": ("Auto-moderation report · {workspace}", "机审报告 · {workspace}"),
    "report.two": ("{first} {second}", "{first}{second}"),
    "report.change.title": ("What changed, and are we on target?", "有什么变化？目标达成了吗？"),
    "report.scorecard.title": (
        "How good is each kind of machine decision?",
        "机审的每类决策做得怎么样？",
    ),
    "report.exposure.title": (
        "What leaks past auto-approve, and who sees it?",
        "自动通过漏放了什么？多少人看到？",
    ),
    "report.slices.title": ("Where is it worst?", "哪里最差？"),
    "report.weeks.title": ("How have the weeks moved?", "近几周走势如何？"),
    "report.appeals.title": ("Which rejects did advertisers win back?", "哪些拒绝被申诉推翻？"),
    "report.reviewing.title": ("How long do ads wait for people?", "广告要等多久才有人审？"),
    "report.health.title": ("Can the logs be trusted?", "日志可信吗？"),
    "report.next.title": ("What would tell us more?", "还需要标注什么才能知道更多？"),
    "report.appendix.title": ("How was this measured?", "这些数字怎么来的？"),
}

_HEADLINE: dict[str, tuple[str, str]] = {
    "report.headline.rose": (
        "{metric} rose to {now}: {change} on {other}.",
        "{metric}升至 {now}，较{other} {change}。",
    ),
    "report.headline.fell": (
        "{metric} fell to {now}: {change} on {other}.",
        "{metric}降至 {now}，较{other} {change}。",
    ),
    "report.headline.higher": (
        "{metric} is {now}, higher than with {other}: {change}.",
        "{metric}为 {now}，高于{other}：{change}。",
    ),
    "report.headline.lower": (
        "{metric} is {now}, lower than with {other}: {change}.",
        "{metric}为 {now}，低于{other}：{change}。",
    ),
    "report.headline.alike": (
        "{main}; no headline figure differs from {other} by more than chance would make it.",
        "{main}；各核心指标与{other}的差异均未超出随机波动。",
    ),
    "report.headline.is": ("{metric} is {now}", "{metric}为 {now}"),
    "report.headline.met": ("{metric} is {now} and meets its goal", "{metric}为 {now}，已达标"),
    "report.headline.missed": (
        "{metric} is {now} and misses its goal",
        "{metric}为 {now}，未达标",
    ),
    "report.headline.alone": ("{main}.", "{main}。"),
    "report.headline.still": (
        "{main}; no headline figure moved more than chance would.",
        "{main}；各核心指标的变化均未超出随机波动。",
    ),
    "report.headline.unknown": (
        "Quality cannot be told yet: {labels:count} labels were found, too few or not drawn at"
        " random.",
        "目前还无法判断质量：找到 {labels:count} 条标注，数量不足或并非随机抽取。",
    ),
    "report.headline.counts": (
        "The machine decides {automation} of ads alone; how well cannot be told before about"
        " {labels:count} more ads are labelled at random.",
        "机器独立决策了 {automation} 的广告；做得好不好，要再随机标注约 {labels:count} 条广告后才能判断。",
    ),
}

_CHANGE: dict[str, tuple[str, str]] = {
    "report.change.goals": (
        "Of {goals} goals, {met} met, {missed} missed, {unsure} not yet known.",
        "共 {goals} 项目标：{met} 项达标，{missed} 项未达标，{unsure} 项尚不能判断。",
    ),
    "report.change.no_goals": (
        "No goals are set; add them under [goals] in shroff.toml.",
        "尚未设置目标；可在 shroff.toml 的 [goals] 中设置。",
    ),
    "report.change.weak": (
        "Proxy or bounds only, so not to be quoted as quality: {metrics}.",
        "以下仅为代理值或上下界，不能当作质量引用：{metrics}。",
    ),
    "report.change.lead": (
        "{clear} of {looks} figures moved more than chance would.",
        "{looks} 项指标中，{clear} 项的变化超出随机波动。",
    ),
    "report.change.note": (
        "Compared with {before}. A change is called better or worse only when it stays clear after"
        " allowing for all {looks} figures looked at, perhaps so when it would be clear as the only"
        " one; a goal is met or missed only when the whole"
        " interval is on one side of it.",
        "对比周期：{before}。只有在考虑同时比较 {looks} 项指标之后仍然明确的变化，才记为变好或变差；"
        "单独看明确、一起比较则不明确的，记为可能；"
        "只有整个区间都在目标的同一侧，才记为达标或未达标。",
    ),
}

_COLUMNS: dict[str, tuple[str, str]] = {
    "report.column.metric": ("Figure", "指标"),
    "report.column.now": ("This period", "本周期"),
    "report.column.before": ("Before", "上一周期"),
    "report.column.change": ("Change (points)", "变化（百分点）"),
    "report.column.reading": ("Reading", "解读"),
    "report.column.goal": ("Goal", "目标"),
    "report.column.basis": ("Rests on", "依据"),
    "report.column.worth": ("What it is worth", "可信程度"),
    "report.column.n": ("n labelled", "标注数 n"),
    "report.column.n_effective": ("Effective n", "有效样本量"),
    "report.column.design_effect": ("Design effect", "设计效应"),
    "report.column.method": ("Method", "区间方法"),
    "report.column.caveats": ("Design and caveats", "抽样设计与注意事项"),
    "report.column.severity": ("How bad", "严重程度"),
    "report.column.finding": ("What was found", "发现"),
    "report.column.effect": ("What it does to the figures", "对指标的影响"),
    "report.column.label": ("Label", "标注对象"),
    "report.column.labels": ("How many", "数量"),
    "report.column.answers": ("Then you know", "可以回答"),
    "report.dimension.action": ("Action", "机审动作"),
    "report.dimension.detector": ("Detector", "检测器"),
    "report.dimension.detector_id": ("Detector", "检测器"),
    "report.dimension.detector_version": ("Version", "版本"),
    "report.dimension.format": ("Format", "形式"),
    "report.dimension.industry": ("Industry", "行业"),
    "report.dimension.language": ("Language", "语言"),
    "report.dimension.market": ("Market", "市场"),
    "report.dimension.policy": ("Policy", "政策"),
    "report.dimension.policy_id": ("Policy", "政策"),
    "report.dimension.queue": ("Queue", "队列"),
    "report.dimension.source": ("Source", "决策来源"),
    "report.dimension.week": ("Week", "周"),
    "report.slice.none": ("(none)", "（空）"),
    "report.slice.term": ("{dimension} {value}", "{dimension} {value}"),
}

_WORDS: dict[str, tuple[str, str]] = {
    "report.basis.truth": ("{n:count} labelled ads", "{n:count} 条标注"),
    "report.basis.slices": ("{n:count} labelled ads", "{n:count} 条标注"),
    "report.basis.population": ("all {n:count} ads", "全量 {n:count} 条广告"),
    "report.basis.queue": ("{n:count} reviewed ads", "{n:count} 条已审广告"),
    "report.basis.recheck": ("{n:count} re-reviews", "{n:count} 次复审"),
    "report.basis.appeals": ("{n:count} cases", "{n:count} 件"),
    "report.basis.tasks": ("{n:count} review tasks", "{n:count} 个审核任务"),
    "report.basis.staffing": ("{n:count} hours on duty", "{n:count} 个在岗小时"),
    "report.goal.bar": ("{sign} {bar}", "{sign} {bar}"),
    "report.reading.better": ("better", "变好"),
    "report.reading.worse": ("worse", "变差"),
    "report.reading.perhaps_better": ("perhaps better", "可能变好"),
    "report.reading.perhaps_worse": ("perhaps worse", "可能变差"),
    "report.reading.up": ("up", "上升"),
    "report.reading.down": ("down", "下降"),
    "report.reading.chance": ("could be chance", "可能是随机波动"),
    "report.reading.worse_than_whole": ("worse than the whole", "差于整体"),
    "report.severity.bad": ("serious", "严重"),
    "report.severity.unsure": ("minor", "轻微"),
    "report.severity.quiet": ("for information", "提示"),
    "report.severity.plain": ("for information", "提示"),
    "report.severity.good": ("fine", "正常"),
    "report.worth.estimate": ("estimate from a random sample", "随机抽样估计"),
    "report.worth.proxy": (
        "proxy: labels were not drawn at random",
        "代理值：标注并非随机抽取",
    ),
    "report.worth.bounds": (
        "bounds only: part was never sampled",
        "仅有上下界：部分广告从未抽检",
    ),
    "report.worth.count": ("counted in full", "全量统计"),
    "report.worth.backlog": (
        "counted; open tasks may go either way",
        "全量统计；未审完的任务两种可能均已计入",
    ),
    "report.worth.suppressed": ("withheld: too uncertain to publish", "不予公布：不确定性过大"),
    "report.worth.unknown": ("no labels yet", "尚无标注"),
}

_SCORECARD: dict[str, tuple[str, str]] = {
    "report.scorecard.lead": (
        "The number is our best guess; the range beside it holds the truth 95 times in 100.",
        "数字是最佳估计；旁边的区间在 100 次中有 95 次包含真实值。",
    ),
    "report.scorecard.more": ("More figures", "更多指标"),
    "report.group.rejects": ("When it rejects", "机审拒绝"),
    "report.group.approvals": ("When it approves", "机审通过"),
    "report.group.queue": ("When it asks people", "召回进审"),
    "report.group.violations": ("Of all violating ads", "针对全部违规广告"),
    "report.group.automation": ("How much runs without people", "自动化程度"),
    "report.group.overturns": ("When a decision is challenged", "决策被复核或申诉时"),
    "report.group.own": ("Your own metrics", "自定义指标"),
    "report.detail.summary": ("How sure are these figures?", "这些数字有多确定？"),
    "report.detail.design": ("Design: {design}.", "抽样设计：{design}。"),
    "report.detail.note": (
        "Effective n: labels of a simple random sample that would know as much. Design effect: how"
        " much more uncertain than such a sample of the same size.",
        "有效样本量：信息量相当的简单随机样本的标注数。设计效应：相对同等规模简单随机样本的方差倍数。",
    ),
}

_EXPOSURE: dict[str, tuple[str, str]] = {
    "report.exposure.lead": (
        "About {leak} of auto-approved ads violate, judging from {n:count} labelled ads.",
        "据 {n:count} 条标注，机审通过的广告中约 {leak} 违规。",
    ),
    "report.exposure.seen": (
        "Violating ads took about {seen} of impressions.",
        "违规广告约占曝光的 {seen}。",
    ),
    "report.exposure.lead_unknown": (
        "Not known: auto-approved ads were not sampled at random. What to label is said below.",
        "未知：没有对机审通过的广告做随机抽检。需要标注什么见下文。",
    ),
    "report.exposure.policy_note": (
        "{shown} of {policies} policies, ordered by how bad each is at least. One ad may violate"
        " several policies, so the rows do not add up.",
        "列出 {policies} 项政策中的 {shown} 项，按“至少有多差”排序。一条广告可能违反多项政策，各行不能相加。",
    ),
    "report.exposure.other_policies": (
        "The other {policies} policies",
        "其余 {policies} 项政策",
    ),
    "report.exposure.lead_vague": (
        "Leakage was measured, but too uncertainly to be published.",
        "已测量漏放率，但不确定性过大，不予公布。",
    ),
    "report.exposure.vague": (
        "Figures of single policies are too uncertain to publish.",
        "各项政策的数字不确定性过大，不予公布。",
    ),
    "report.slices.vague": (
        "Figures of single slices are too uncertain to publish.",
        "各切片的数字不确定性过大，不予公布。",
    ),
    "report.slices.lead": (
        "Slices worse than the whole beyond chance: {count}. First of all {worst}",
        "有 {count} 个切片明确差于整体，其中最突出的是{worst}",
    ),
    "report.slices.lead_none": (
        "No slice is worse than the whole beyond chance; the order below is where to look first.",
        "没有切片明确差于整体；以下排序仅供排查时参考。",
    ),
    "report.slices.named": (
        "{slice}: {metric} {figure} against {whole} overall.",
        "{slice}：{metric} {figure}，整体为 {whole}。",
    ),
    "report.slices.note": (
        "{shown} of {looked} slices, none that looks better than the whole, ordered by how bad each"
        " is at least, never by the"
        " raw rate; “worse” allows for all {looked} looks. Left out for having fewer than {least}"
        " labels: {few}.",
        "共比较 {looked} 个切片，列出 {shown} 个，不含好于整体的切片；按“至少有多差”排序，而不是按原始比率；"
        "“差于”已考虑 {looked} 次比较。另有 {few} 个切片标注不足 {least} 条，未列入。",
    ),
    "report.event": ("{kind}: {what}", "{kind}：{what}"),
    "report.event.policy": ("Policy", "政策"),
    "report.event.model": ("Model", "模型"),
    "report.event.rule": ("Rule", "规则"),
    "report.event.threshold": ("Threshold", "阈值"),
    "report.event.staffing": ("Staffing", "人力"),
    "report.event.guideline": ("Guideline", "审核标准"),
    "report.event.other": ("Other", "其他"),
    "report.weeks.lead": (
        "{weeks} weeks, each with its 95% interval.",
        "共 {weeks} 周，均附 95% 区间。",
    ),
    "report.weeks.note": (
        "A hollow point is a week whose logs or labels are still coming in. Axes do not all start"
        " at zero.",
        "空心点表示该周数据或标注尚未收齐。部分坐标轴不从零开始。",
    ),
}

_FLOW: dict[str, tuple[str, str]] = {
    "report.appeals.lead": (
        "At least {floor} of machine rejects were wrong: advertisers appealed and won.",
        "至少 {floor} 的机审拒绝是误拒：广告主申诉并胜诉。",
    ),
    "report.appeals.lead_plain": (
        "Appeals of machine rejects, by the week of the reject.",
        "机审拒绝的申诉情况，按拒绝时间归组。",
    ),
    "report.appeals.warning": ("Not a measure of precision", "不能代替准确率"),
    "report.appeals.selection": (
        "Who appeals is not a random sample of who was rejected: read reject precision for quality."
        " Actions whose appeal window is still open are counted as not yet known.",
        "申诉者不是被拒者的随机样本：判断质量请看拒绝准确率。申诉期未满的处置按“尚未可知”处理。",
    ),
    "report.reviewing.lead": (
        "Nine in ten tasks are decided within {quick_wait} in {quick}, the quickest queue, and"
        " within {slow_wait} in {slow}, the slowest.",
        "九成任务的完成时间：最快的队列 {quick} 为 {quick_wait}以内，最慢的队列 {slow} 为 {slow_wait}以内。",
    ),
    "report.reviewing.lead_plain": (
        "Waiting and load by queue.",
        "各队列的等待时间与负荷。",
    ),
    "report.reviewing.note": (
        "Queues, never people. Open tasks count as having waited at least so long.",
        "只统计队列，不涉及个人。未完成任务按“至少已等待这么久”计入。",
    ),
    "report.health.lead": (
        "Findings in the logs: {findings}; serious among them: {bad}.",
        "日志共有 {findings} 项发现，其中 {bad} 项严重。",
    ),
    "report.health.lead_none": (
        "Nothing was found that would mislead the figures.",
        "未发现会误导指标的问题。",
    ),
    "report.next.lead": (
        "{labels:count} more labels, drawn at random, would answer the first of these.",
        "再随机抽取并标注 {labels:count} 条，即可回答其中第一个问题。",
    ),
    "report.next.ads_approve": ("Auto-approved ads", "机审通过的广告"),
    "report.next.ads_reject": ("Auto-rejected ads", "机审拒绝的广告"),
    "report.next.never_sampled": (
        "How many of them violate: no label was drawn with a known probability",
        "其中有多少违规：目前没有按已知概率抽取的标注",
    ),
    "report.next.publish": (
        "{metric}, certain enough to publish",
        "{metric}达到可对外公布的精度",
    ),
    "report.next.decide": (
        "{metric}: that its goal is met, if the truth is what it seems",
        "{metric}是否达标（若真实值与当前估计相符）",
    ),
    "report.next.lead_none": (
        "Nothing on the scorecard waits for labels.",
        "计分卡上没有等待标注才能回答的问题。",
    ),
    "report.next.note": (
        "Each row alone, on top of what is labelled. Draw at random from the ads named, and log"
        " sampling_prob with each review.",
        "各行相互独立，均为在现有标注之外新增的数量。请从所列广告中随机抽取，并在每条审核记录中写入 sampling_prob。",
    ),
}

_APPENDIX: dict[str, tuple[str, str]] = {
    "report.appendix.lead": (
        "Definitions, designs and queries, so that anyone can check a figure.",
        "附上定义、抽样设计与查询语句，任何人都可以复核。",
    ),
    "report.appendix.definitions": ("What does each figure mean?", "每个指标是什么意思？"),
    "report.appendix.reading": ("How do I read a range?", "怎样看区间？"),
    "report.appendix.sql": ("Which queries gave these figures?", "这些数字由哪些查询得出？"),
    "report.appendix.reading_1": (
        "Estimate: labels were drawn at random with a known chance, so they speak for all ads. The"
        " range is a 95% confidence interval that follows from how they were drawn.",
        "估计值：标注按已知概率随机抽取，可以代表全部广告。区间为依据抽样设计得出的 95% 置信区间。",
    ),
    "report.appendix.reading_2": (
        "Proxy: labels come from queues, appeals or reports. The range says how few they are, not"
        " how far off they may be.",
        "代理值：标注来自进审队列、申诉或举报。区间只反映数量多少，不反映偏差大小。",
    ),
    "report.appendix.reading_3": (
        "Bounds: some ads had no chance of being labelled. The truth lies between the two ends,"
        " whatever those ads are.",
        "上下界：部分广告没有被标注的可能。无论这些广告情况如何，真实值都在两端之间。",
    ),
    "report.appendix.reading_4": (
        "Full count: every row was counted; there is no sampling doubt, only that of the logs.",
        "全量统计：每一行都已计入，没有抽样误差，只取决于日志是否准确。",
    ),
    "report.appendix.reading_5": (
        "Grey figures are too uncertain to publish; in a published report they are withheld.",
        "灰色数字不确定性过大，不宜对外；在对外发布的报告中不予公布。",
    ),
    "report.meta.period": ("Period", "统计周期"),
    "report.meta.before": ("Compared with", "对比周期"),
    "report.meta.as_of": ("Logs end at", "日志截止"),
    "report.meta.snapshot": ("Snapshot of the logs", "日志快照"),
    "report.meta.engine": ("Query engine", "查询引擎"),
    "report.meta.designs": ("Label designs", "抽样设计"),
    "report.meta.level": ("Level of the intervals", "区间置信水平"),
    "report.meta.version": ("Shroff version", "Shroff 版本"),
    "report.publish.width": (
        "the interval is wider than {width:percent}, end to end",
        "区间总宽超过 {width:percent}",
    ),
    "report.publish.relative": (
        "the interval is wider than {width:percent}, end to end, or, for a smaller share,"
        " wider than the share itself",
        "区间总宽超过 {width:percent}；数值低于该值时，区间宽于数值本身",
    ),
    "report.meta.publish": ("Withheld when", "不予公布的条件"),
}

WEEKLY: dict[str, tuple[str, str]] = {
    **_TITLES,
    **_HEADLINE,
    **_CHANGE,
    **_COLUMNS,
    **_WORDS,
    **_SCORECARD,
    **_EXPOSURE,
    **_FLOW,
    **_APPENDIX,
}
