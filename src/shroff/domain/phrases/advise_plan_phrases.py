"""Sentences about what to do, in English and Chinese."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "advice.title": ("What to do first", "先做什么"),
    "advice.lead": (
        "{steps:count} recommendations from {period}, tried on {labels:count} labelled ads; the first"
        " adds {worth} {unit:named}, better than nothing with a chance of {sure}.",
        "根据 {period} 提出建议 {steps:count} 条，均在 {labels:count} 条已标注广告上试算；首条带来"
        " {worth} {unit:named}，有益的概率为 {sure}。",
    ),
    "advice.nothing": (
        "Nothing that could be tried brings more than it costs ({looked:count} looked at, {period}).",
        "没有哪项试算过的建议收益大于成本（共看了 {looked:count} 项，{period}）。",
    ),
    "advice.do.thresholds": (
        "Move lines to their best places: {lines:count}; expected: {less:percent} fewer violating"
        " impressions.",
        "将分数线调至最佳位置：{lines:count} 条；预计违规展示减少 {less:percent}。",
    ),
    "advice.do.cascade": (
        "Ask {llm} about the {asked:percent} of ads between two scores, and people about what it leaves open:"
        " expected {less:percent} fewer violating impressions; calls cost {money:number} {currency} a week.",
        "让 {llm} 判断分数居中的 {asked:percent} 广告，其未能定论的再送人工：预计违规展示减少 {less:percent}；"
        "调用费用每周 {money:number} {currency}。",
    ),
    "advice.do.guarantee": (
        "Reject only from lines whose precision is sure to stay above {floor:percent}: {lines:count}.",
        "仅从准确率确保高于 {floor:percent} 的分数线起拒绝：{lines:count} 条。",
    ),
    "advice.do.automate": (
        "Decide {where:named}, score {band}, without people ({then:action}): saves {hours:number} hours"
        " of review a week.",
        "{where:named}、分数 {band} 改为自动处理（{then:action}）：每周节省 {hours:number} 小时审核。",
    ),
    "advice.do.review_again": (
        "Send {where:named}, score {band}, to people ({then:action}): automated today, surely too often"
        " wrong; {hours:number} hours of review a week.",
        "{where:named}、分数 {band} 改为人工处理（{then:action}）：目前自动处理且出错必然过多；"
        "每周需 {hours:number} 小时审核。",
    ),
    "advice.do.staffing": (
        "Give queue {queue} {more:number} more reviewer hours a day: {reached:percent} of its tasks are"
        " done within a day, wanted {share:percent}.",
        "为队列 {queue} 每天增加 {more:number} 个审核工时：目前一天内完成 {reached:percent}，目标 {share:percent}。",
    ),
    "advice.do.rule_new": (
        "Add a rule for {says}: {precision:percent} precise on ads it was not found on, from"
        " {advertisers:count} advertisers.",
        "新增规则 {says}：在未用于发现它的广告上准确率 {precision:percent}，涉及 {advertisers:count} 个广告主。",
    ),
    "advice.do.rule_retire": (
        "Take out rule {rule}: {precision:percent} precise by {labels:count} labels; the model decides"
        " those ads.",
        "下线规则 {rule}：据 {labels:count} 条标注，准确率 {precision:percent}；相关广告改由模型决定。",
    ),
    "advice.do.rule_queue": (
        "Let rule {rule} queue ads instead of rejecting: {precision:percent} precise by {labels:count}"
        " labels.",
        "规则 {rule} 改为送审而非拒绝：据 {labels:count} 条标注，准确率 {precision:percent}。",
    ),
    "advice.do.labels": (
        "Label {labels:count} more ads: {unsure:count} recommendations become clearer.",
        "再标注 {labels:count} 条广告：可使 {unsure:count} 条建议更明朗。",
    ),
    "advice.do.guideline": (
        "Make guideline {guideline} clear to group {group}: overturned {change:points} points more"
        " often since it came.",
        "向 {group} 组讲清指南 {guideline}：自其生效后被改判的比例上升 {change:points} 个百分点。",
    ),
    "advice.do.campaign": (
        "Review again {approved:count} approved ads of campaign {campaign} ({accounts:count} accounts;"
        " labels so far: {violating:count} violating, {compliant:count} not).",
        "复审团伙 {campaign} 的 {approved:count} 条已通过广告（{accounts:count} 个账户；"
        "现有标注：违规 {violating:count} 条，合规 {compliant:count} 条）。",
    ),
    "advice.do.term": (
        "Let people see approved ads with the new term \u201c{term}\u201d: of {labels:count} labelled ones,"
        " {violating:count} violate.",
        "将含新词\u201c{term}\u201d的已通过广告交人工审核：{labels:count} 条已标注广告中，"
        "违规 {violating:count} 条。",
    ),
    "advice.do.model": (
        "Let version {version} of {model} decide instead of {before}: at as many ads acted on it finds"
        " {more:points} points more of the violations ({labels:count} labels).",
        "由 {model} 的 {version} 版本代替 {before} 决定：处理同样多的广告时，违规识别率高"
        " {more:points} 个百分点（{labels:count} 条标注）。",
    ),
    "advice.do.drift": (
        "Find out why this drifted: {what}, since {since}.",
        "查明漂移原因：{what}，自 {since} 起。",
    ),
    "advice.goal.untold": (
        "Which steps would reach goal {goal} cannot be told: labelled ads do not tell its metric, or"
        " not for these ads.",
        "无法得知哪些步骤能达成目标 {goal}：已标注广告无法反映其指标，或无法反映这部分广告。",
    ),
    "advice.not_valued": ("not valued", "未估值"),
    "advice.not_valued_why": (
        "Not valued: {many:count} recommendations. What they bring is not known before somebody looks;"
        " they come last, by work, and are no less urgent for it.",
        "未估值的建议：{many:count} 条。其收益在有人查看前无法得知，故按工时排在最后，但并不因此不紧要。",
    ),
    "advice.do.incident": (
        "Find out why: {what}, since {onset} (incident {incident}).",
        "查明原因：{what}，自 {onset} 起（事件 {incident}）。",
    ),
    "advice.do.lint": (
        "Mend the rule packs: lint finds {errors:count} errors.",
        "修正规则包：检查发现 {errors:count} 处错误。",
    ),
    "advice.price.minutes": (
        "No log says how long a review takes: {minutes:number} minutes are assumed.",
        "日志未记录审核耗时，按 {minutes:number} 分钟计。",
    ),
    "advice.price.wrong": (
        "A wrong reject costs so much that today's reject precision of {precision:percent} breaks"
        " even; set [costs] to change that.",
        "误拒的代价按当前拒绝准确率 {precision:percent} 恰好持平推定；可在 [costs] 中设定。",
    ),
    "advice.price.hour": (
        "An hour of review is worth what it prevents today, with {share:percent} of reviewed ads"
        " violating; set [costs] to change that.",
        "一小时审核的价值按其目前所阻止的违规推定（送审广告违规占比 {share:percent}）；可在 [costs] 中设定。",
    ),
    "advice.silent": (
        "{source} could not be asked: {cause}.",
        "{source} 无法给出建议：{cause}。",
    ),
    "advice.decided": (
        "Left out, as rejected or done: {left:count}.",
        "已拒绝或已完成而不再列出：{left:count} 条。",
    ),
    "advice.conflict": (
        "{one} and {other} change the same thing: only one of them counts.",
        "{one} 与 {other} 改动同一处，只计其一。",
    ),
    "advice.goal.met": (
        "Goal {metric:named} {bar}: {now} on the labelled ads, no step needed.",
        "目标 {metric:named} {bar}：已标注广告上为 {now}，无需措施。",
    ),
    "advice.goal.closed": (
        "Goal {metric:named} {bar}: {steps} would bring it from {now} to {then}, reached with a chance"
        " of {chance:percent}.",
        "目标 {metric:named} {bar}：{steps} 可使其由 {now} 变为 {then}，达成概率 {chance:percent}。",
    ),
    "advice.goal.nearer": (
        "Goal {metric:named} {bar}: {steps} would bring it from {now} to {then}, which is not enough"
        " (chance {chance:percent}).",
        "目标 {metric:named} {bar}：{steps} 可使其由 {now} 变为 {then}，仍不足（概率 {chance:percent}）。",
    ),
    "advice.goal.open": (
        "Goal {metric:named} {bar}: {now} on the labelled ads; no recommendation brings it nearer.",
        "目标 {metric:named} {bar}：已标注广告上为 {now}；没有建议能使其更接近。",
    ),
    "advice.column.id": ("id", "编号"),
    "advice.column.do": ("what to do", "做什么"),
    "advice.column.adds": ("adds", "增益"),
    "advice.column.sure": ("P > 0", "P > 0"),
    "advice.column.shared": ("shared", "重叠"),
    "advice.column.hours": ("hours", "工时"),
    "advice.column.risk": ("risk", "风险"),
    "advice.column.owner": ("owner", "负责人"),
    "advice.column.due": ("due", "期限"),
    "advice.column.state": ("state", "状态"),
    "advice.risk.low": ("low", "低"),
    "advice.risk.medium": ("medium", "中"),
    "advice.risk.high": ("high", "高"),
    "advice.state.open": ("open", "待定"),
    "advice.state.waiting": ("waits for a second person", "待他人批准"),
    "advice.state.accepted": ("accepted", "已采纳"),
    "advice.state.rejected": ("rejected", "已拒绝"),
    "advice.state.done": ("done", "已完成"),
    "advice.foreseen": (
        "{id}: {metric} {change}, to be checked on {check}. Why: {evidence}",
        "{id}：{metric} {change}，{check} 核对。依据：{evidence}",
    ),
    "advice.why": (
        "{id}: to be checked on {check}. Why: {evidence}",
        "{id}：{check} 核对。依据：{evidence}",
    ),
    "advice.moved": (
        "{id} is {state:named}: {subject}.",
        "{id} {state:named}：{subject}。",
    ),
    "advice.then_outcome": (
        "What came of it: shroff advise outcome {id}, from {check} on.",
        "效果核对：自 {check} 起运行 shroff advise outcome {id}。",
    ),
    "advice.section.lead": (
        "Recommendations that bring more than they cost: {steps:count} of {looked:count}.",
        "收益大于成本的建议：{steps:count} / {looked:count}。",
    ),
    "advice.section.how": (
        "Worth in {unit:named}, with 95% intervals. Each is tried on the same labelled ads: what"
        " those above it catch already is not counted again. shroff advise plan tells more.",
        "价值单位为{unit:named}，附 95% 区间。各条均在同一批已标注广告上试算：上方各条已覆盖的不再重复计算。"
        "详见 shroff advise plan。",
    ),
}
