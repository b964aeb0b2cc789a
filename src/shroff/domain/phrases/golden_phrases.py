"""What is said of golden sets, the gate and labellers, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

_SETS: dict[str, tuple[str, str]] = {
    "golden.title": ("How good are judges on the golden set?", "各评判者在黄金集上的表现如何？"),
    "golden.standing": (
        "Golden set {name}, revision {revision:count}: {ads:count} ads, {settled:count} settled,"
        " {violating:count} of them violating; {stale:count} stale; {thin:count} of {cells:count}"
        " cells of policy and language have too few violating ads.",
        "黄金集 {name} 第 {revision:count} 版：{ads:count} 条广告，已定论 {settled:count}"
        " 条，其中违规 {violating:count} 条；过期 {stale:count} 条；{cells:count}"
        " 个政策×语言单元中有 {thin:count} 个违规样本过少。",
    ),
    "golden.drawn": (
        "Drawn for golden set {name}: {ads:count} ads from {strata:count} strata, one file for each"
        " of two labellers.",
        "已为黄金集 {name} 抽取 {ads:count} 条广告（{strata:count} 层），两位标注员各一个文件。",
    ),
    "golden.drawn_third": (
        "Disputed in golden set {name}: {ads:count} ads, for a third labeller; the file shows"
        " neither answer.",
        "黄金集 {name} 中有争议的广告 {ads:count} 条，交第三位标注员；文件不显示前两人的答案。",
    ),
    "golden.for.first": ("for the first labeller", "第一位标注员"),
    "golden.for.second": ("for the second labeller", "第二位标注员"),
    "golden.for.third": ("for the third labeller", "第三位标注员"),
    "golden.then_take": (
        "Have each file labelled by somebody who does not see the other's, then:"
        " shroff models golden take FILE FILE.",
        "请由互不看到对方答案的两人分别标注，然后运行：shroff models golden take 文件 文件。",
    ),
    "golden.nothing_drawn": (
        "Nothing is left to draw: these ads are in the set already.",
        "没有可再抽取的广告：这些广告已在集内。",
    ),
    "golden.taken": (
        "Golden set {name} is at revision {revision:count}, {hash}: {settled:count} of {ads:count}"
        " ads settled, {disputed:count} disputed.",
        "黄金集 {name} 现为第 {revision:count} 版，{hash}：{ads:count} 条广告中"
        " {settled:count} 条已定论，{disputed:count} 条有争议。",
    ),
    "golden.then_adjudicate": (
        "For a third labeller: shroff models golden adjudicate {name}.",
        "交第三位标注员裁定：shroff models golden adjudicate {name}。",
    ),
    "golden.none": (
        "There is no golden set yet: shroff models golden draw makes one.",
        "尚无黄金集：运行 shroff models golden draw 创建。",
    ),
    "golden.stale": (
        "{stale:count} of {items:count} golden ads are stale: {policy:count} labelled under an older"
        " version of their policy, {age:count} long ago, {edited:count} edited since.",
        "{items:count} 条黄金样本中有 {stale:count} 条过期：{policy:count}"
        " 条按旧版政策标注，{age:count} 条标注时间过久，{edited:count} 条广告已被修改。",
    ),
    "golden.open": (
        "{open:count} golden ads are not settled, {disputed:count} of them disputed: the others are"
        " taken to speak for them.",
        "{open:count} 条黄金样本尚未定论，其中 {disputed:count} 条有争议：以其余样本代表它们。",
    ),
    "golden.not_judged": (
        "{missing:count} of {items:count} golden ads were not judged: figures are of the others.",
        "{items:count} 条黄金样本中有 {missing:count} 条未被评判：各项数值仅针对其余样本。",
    ),
    "golden.few": (
        "Rests on {labels:count} labels.",
        "仅基于 {labels:count} 条标注。",
    ),
    "golden.unanswered": (
        "No answer is counted on its own, never as compliant: {reasons}.",
        "未作答单独计数，绝不算作合规：{reasons}。",
    ),
    "golden.thin": (
        "Too few violating ads (fewer than {fewest:count}): {cells}.",
        "违规样本过少（少于 {fewest:count} 条）：{cells}。",
    ),
    "golden.all_covered": (
        "Every cell of policy and language has at least {fewest:count} violating ads.",
        "每个政策×语言单元都有至少 {fewest:count} 条违规样本。",
    ),
    "golden.lead": (
        "On {items:count} golden ads, {judge} finds {recall} of violations and is right in"
        " {precision} of what it calls violating; {no_answer} get no answer.",
        "在 {items:count} 条黄金样本上，{judge} 找出违规的 {recall}，其判违规者中"
        " {precision} 确为违规；{no_answer} 未得到答案。",
    ),
    "golden.column.set": ("Golden set", "黄金集"),
    "golden.column.revision": ("Revision", "版次"),
    "golden.column.ads": ("Ads", "广告"),
    "golden.column.settled": ("Settled", "已定论"),
    "golden.column.violating": ("Violating", "违规"),
    "golden.column.compliant": ("Compliant, drawn for it", "合规（为该政策抽取）"),
    "golden.column.stale": ("Stale", "过期"),
    "golden.column.hash": ("Content hash", "内容哈希"),
    "golden.column.at": ("As of", "时间"),
    "golden.column.policy": ("Policy", "政策"),
    "golden.column.language": ("Language", "语言"),
    "golden.column.thin": ("Enough?", "是否足够"),
    "golden.column.judge": ("Judge", "评判者"),
    "golden.column.slice": ("Ads", "广告范围"),
    "golden.column.labels": ("Labels", "标注数"),
    "golden.column.recall": ("Recall", "查全率"),
    "golden.column.precision": ("Precision", "准确率"),
    "golden.column.fpr": ("False-positive rate", "误伤率"),
    "golden.column.no_answer": ("No answer", "未作答"),
    "golden.column.recall_difference": ("Recall, difference", "查全率之差"),
    "golden.column.precision_difference": ("Precision, difference", "准确率之差"),
    "golden.column.fpr_difference": ("False-positive rate, difference", "误伤率之差"),
    "golden.column.no_answer_difference": ("No answer, difference", "未作答之差"),
    "golden.column.same": ("Same answer each time", "每次答案相同"),
    "golden.column.flips": ("Two answers differ", "两次答案不同"),
    "golden.column.ad": ("Ad", "广告"),
    "golden.column.said": ("Said", "答案"),
    "golden.enough": ("yes", "是"),
    "golden.too_thin": ("too few", "过少"),
    "golden.everything": ("all", "全部"),
    "golden.against": (
        "{judge} less {other}, on {both:count} ads that both judged:",
        "{judge} 减 {other}，基于两者都评判过的 {both:count} 条广告：",
    ),
    "golden.consistency": (
        "{judge} was asked at least twice about {asked:count} golden ads (up to {most:count} times):"
        " it says the same each time of {same}; two of its answers differ with a chance of {flips}.",
        "{judge} 对 {asked:count} 条黄金样本至少被问两次（最多 {most:count}"
        " 次）：每次答案相同的占 {same}；任意两次答案不同的概率为 {flips}。",
    ),
    "golden.ran": (
        "{golden} was put to the model: {items:count} settled ads, {repeats:count} answers of each wanted,"
        " {requests:count} requests now, {tokens:count} tokens, cost {cost}.",
        "已用 {golden} 评测模型：{items:count} 条已定论广告，每条需 {repeats:count} 次答案，本次请求"
        " {requests:count} 次，{tokens:count} 个 token，费用 {cost}。",
    ),
    "golden.run_stopped": (
        "{golden} was put to the model and stopped on the way: {items:count} settled ads,"
        " {repeats:count} answers of each wanted, {requests:count} requests now, {tokens:count} tokens, cost"
        " {cost}. The same command goes on from there; figures are of what was answered.",
        "用 {golden} 评测模型，中途停止：{items:count} 条已定论广告，每条需 {repeats:count} 次答案，本次请求"
        " {requests:count} 次，{tokens:count} 个 token，费用 {cost}。再次运行同一命令会从此处继续；数据基于已有答案。",
    ),
    "golden.untold": ("Not told: {cause}.", "无法给出：{cause}。"),
    "golden.shadowed": (
        "Judgements of a golden set are marked as in shadow: they move nothing.",
        "黄金集上的评判标为影子：不影响任何决策。",
    ),
    "golden.how": (
        "Shares are of all ads that the set was drawn from, by the chance each ad was drawn with."
        " Ads without an answer (refused, filtered, cut short, unreadable, unclear) are missed, not"
        " compliant.",
        "各项比例按抽样概率加权，代表该集所抽取的全部广告。未作答的广告"
        "（拒答、被过滤、截断、无法解析、不确定）计为漏检，不算合规。",
    ),
}

_GATE: dict[str, tuple[str, str]] = {
    "gate.pass": (
        "PASS: {challenger} is not worse than {champion} beyond noise on {ads:count} ads of {golden}"
        " ({checks:count} checks), and a regression of {matters} points would have been seen.",
        "通过：在 {golden} 的 {ads:count} 条广告上，{challenger} 未显著差于"
        " {champion}（{checks:count} 项检查），且 {matters} 个百分点的退化能够被发现。",
    ),
    "gate.too_small": (
        "PASS, but the golden set is too small to tell: {challenger} is not worse than {champion}"
        " beyond noise on {ads:count} ads of {golden}; {blind:count} of {checks:count} checks could"
        " have missed a regression of {matters} points.",
        "通过，但黄金集太小、无法断定：在 {golden} 的 {ads:count} 条广告上，{challenger}"
        " 未显著差于 {champion}；{checks:count} 项检查中有 {blind:count} 项可能漏掉"
        " {matters} 个百分点的退化。",
    ),
    "gate.fail": (
        "FAIL: {challenger} against {champion} on {ads:count} ads of {golden}: {failed:count} of"
        " {checks:count} checks are worse beyond noise.",
        "未通过：{challenger} 对比 {champion}（{golden} 的 {ads:count} 条广告）：{checks:count}"
        " 项检查中有 {failed:count} 项显著变差。",
    ),
    "gate.alpha": (
        "Where nothing is worse, the gate fails by chance with at most {alpha:percent}.",
        "若并无变差，本关卡误判失败的概率至多为 {alpha:percent}。",
    ),
    "gate.needed": (
        "{metric} ({slice}): the smallest regression it would have caught four times in five is"
        " {smallest} points; to see {matters}, have about {needed:count} labels instead of"
        " {labels:count}.",
        "{metric}（{slice}）：五次中能发现四次的最小退化为 {smallest} 个百分点；要发现"
        " {matters} 个百分点，约需 {needed:count} 条标注，现有 {labels:count} 条。",
    ),
    "gate.column.check": ("Check", "检查"),
    "gate.column.slice": ("Ads", "广告范围"),
    "gate.column.labels": ("Labels", "标注数"),
    "gate.column.champion": ("Champion", "现任"),
    "gate.column.challenger": ("Challenger", "挑战者"),
    "gate.column.worse": ("Worse by", "变差幅度"),
    "gate.column.smallest": ("Would have seen", "可发现的最小退化"),
    "gate.column.verdict": ("Verdict", "结论"),
    "gate.check.worse": (
        "{metric}, worse by at most {bar} points",
        "{metric}变差不超过 {bar} 个百分点",
    ),
    "gate.check.floor": ("{metric}, at least {bar:percent}", "{metric}不低于 {bar:percent}"),
    "gate.check.ceiling": ("{metric}, at most {bar:percent}", "{metric}不高于 {bar:percent}"),
    "gate.fails": ("fails", "未通过"),
    "gate.holds": ("holds", "通过"),
    "gate.unsure": ("cannot tell", "无法断定"),
}

_LABELLER: dict[str, tuple[str, str]] = {
    "labeller.title": ("What are an LLM's labels worth?", "大模型的标注值多少？"),
    "labeller.lead": (
        "Held against people, {judge} finds {sensitivity} of violations and clears {specificity} of"
        " compliant ads. Used to help people's labels, it saves most for {metric}: {powered} instead"
        " of {plain}, worth {saved:count} more labels by people.",
        "与人工对照，{judge} 找出违规的 {sensitivity}，放过合规广告的"
        " {specificity}。辅助人工标注时，对{metric}节省最多：{powered}，仅用人工为"
        " {plain}，相当于多出 {saved:count} 条人工标注。",
    ),
    "labeller.lead_withheld": (
        "{judge} narrows what people's labels tell.",
        "{judge} 缩小了仅用人工标注时的区间。",
    ),
    "labeller.lead_none": (
        "Held against people, {judge} tells nothing that people's labels do not tell: figures stay"
        " as they are.",
        "与人工对照，{judge} 没有带来人工标注之外的信息：各项数值不变。",
    ),
    "labeller.column.metric": ("Metric", "指标"),
    "labeller.column.slice": ("Ads", "广告范围"),
    "labeller.column.said": ("At its word", "照单全收"),
    "labeller.column.plain": ("People alone", "仅人工"),
    "labeller.column.rogan_gladen": ("Corrected (Rogan-Gladen)", "校正（Rogan-Gladen）"),
    "labeller.column.powered": ("People, helped by it", "人工 + 模型"),
    "labeller.column.labels": ("Labels", "标注数"),
    "labeller.column.saved": ("Labels saved", "节省标注"),
    "labeller.column.sensitivity": ("Finds of violations", "违规检出率"),
    "labeller.column.specificity": ("Clears of compliant ads", "合规放过率"),
    "labeller.column.no_answer": ("No answer", "未作答"),
    "labeller.column.policy": ("Policy", "政策"),
    "labeller.column.language": ("Language", "语言"),
    "labeller.at_its_word": (
        "What it says, taken at its word: wrong by as much as it errs, and no estimate.",
        "直接采信其答案：它错多少，数值就偏多少，不是估计值。",
    ),
    "labeller.uncorrectable": (
        "Too few labels tell how it errs here, or it may be no better than chance: no correction,"
        " only what the share can be.",
        "此处用于衡量其误差的人工标注过少，或其可能不优于随机：不作校正，仅给出可能范围。",
    ),
    "labeller.never_truth": (
        "Its labels are never counted as truth: they only help to foresee what people would say.",
        "其标注从不计入真值：仅用于辅助预测人工结论。",
    ),
    "labeller.partly": (
        "It judged {share:percent} of the period's ads; of the others nothing is assumed.",
        "它评判了本期 {share:percent} 的广告；对其余广告不作任何假设。",
    ),
    "labeller.scope": (
        "It was asked about {policies} only; its errors are about these, the corrected figures about"
        " all policies.",
        "仅就 {policies} 询问过它；其误差针对这些政策，校正后的数值针对全部政策。",
    ),
    "labeller.reviews_by_llm": (
        "{reviews:count} reviews are marked as given by an LLM; none counts as truth.",
        "{reviews:count} 条审核记录标记为由大模型给出；均不计入真值。",
    ),
    "labeller.refused": (
        "Not told: {labels:count} labels.",
        "不予给出：仅 {labels:count} 条标注。",
    ),
    "labeller.shrunk": (
        "Rests on {labels:count} labels; drawn towards the other cells.",
        "仅 {labels:count} 条标注；已向其他单元收缩。",
    ),
    "labeller.how": (
        "Both corrections hold whatever the labeller is worth. Rogan-Gladen asks how it errs on the"
        " very ads that are corrected; the helped figure uses it as far as it foresees people.",
        "无论标注者好坏，两种校正都有效。Rogan-Gladen 需要其在被校正广告上的误差；"
        "“人工 + 模型”仅在其能预测人工结论的程度上使用它。",
    ),
    "labeller.errors_how": (
        "Cells with few labels are drawn towards the others; with nearly none they are not told.",
        "标注少的单元向其他单元收缩；几乎没有标注的不予给出。",
    ),
    "labeller.errors": ("How it errs, by policy and language", "按政策与语言的误差"),
}

PHRASES: dict[str, tuple[str, str]] = {**_SETS, **_GATE, **_LABELLER}
