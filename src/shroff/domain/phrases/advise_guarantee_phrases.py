"""Sentences about reject lines that are sure, in English and Chinese."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "guarantee.lead": (
        "Precision of rejects is at least {floor:percent} in {sure:count} of {cells:count} cells"
        " at the lines below; the risk that any of them is under it is at most {delta:percent}."
        " Ads above the lines: {ads:count}; rejected today: {rejected:count}.",
        "在下列分数线上，{cells:count} 个单元中有 {sure:count} 个的机审拒绝准确率不低于"
        " {floor:percent}；其中任一单元低于该值的风险不超过 {delta:percent}。"
        "线上广告 {ads:count} 条；目前拒绝 {rejected:count} 条。",
    ),
    "guarantee.lead_none": (
        "No line is sure to keep precision of rejects at {floor:percent} or above with a risk of"
        " at most {delta:percent}: {cells:count} cells, {rejected:count} ads rejected today."
        " The labels that would make one sure are told below.",
        "在风险不超过 {delta:percent} 的前提下，没有分数线能确保机审拒绝准确率不低于"
        " {floor:percent}（共 {cells:count} 个单元，目前拒绝 {rejected:count} 条）。"
        "下文说明还需哪些标注。",
    ),
    "guarantee.sure": (
        "Sure from {line} up: {ads:count} ads (rejected today: {rejected:count}).",
        "自 {line} 起有保证：{ads:count} 条广告（目前拒绝 {rejected:count} 条）。",
    ),
    "guarantee.none_sure": (
        "No line passed: precision may be under the floor even at the highest scores tested.",
        "没有分数线通过检验：即使在所检验的最高分段，准确率仍可能低于下限。",
    ),
    "guarantee.too_few": (
        "Too few labels to test any line here.",
        "标注过少，无法检验任何分数线。",
    ),
    "guarantee.uncovered": (
        "No line is sure: many ads at high scores are of an action that nobody labelled at random,"
        " and count as compliant until some are.",
        "没有分数线得到保证：高分段有不少广告所属的机审动作没有随机标注，在有标注之前均按合规计。",
    ),
    "guarantee.need": (
        "{labels:count} more labels, drawn evenly (chance {chance:percent}) from scores of {line}"
        " up, would make a line there sure in eight of ten cases, if precision is"
        " {precision:percent} as labels suggest.",
        "若准确率如现有标注所示为 {precision:percent}，自 {line} 起均匀抽取（概率"
        " {chance:percent}）再标注 {labels:count} 条，十有八次可使该处分数线得到保证。",
    ),
    "guarantee.need_all": (
        "Only labels of all ads with scores of {line} up ({labels:count} more) would make a line"
        " there sure, if precision is {precision:percent} as labels suggest.",
        "若准确率如现有标注所示为 {precision:percent}，只有将 {line} 及以上的广告全部标注"
        "（还需 {labels:count} 条）才能使该处分数线得到保证。",
    ),
    "guarantee.no_need": ("–", "–"),
    "guarantee.how": (
        "Which lines are tested, in which order and at which level follows from the number of ads"
        " by score and from how labels were drawn, never from what they say. Lines are tested from"
        " high scores to low; cells share the risk of {delta:percent}. So the risk that any line"
        " shown as sure has a precision under {floor:percent} is at most that, over all cells"
        " together.",
        "检验哪些分数线、按何顺序、用何水平，仅取决于各分数的广告数与抽样方式，与标注结果无关。"
        "分数线由高至低逐一检验，各单元共用 {delta:percent} 的风险。因此，任一标为有保证的分数线"
        "其准确率低于 {floor:percent} 的风险，合计不超过该值。",
    ),
    "guarantee.way_counted": (
        "Labels were thinned to equal chances and counted: exact binomial tests.",
        "标注经稀疏化使抽取概率相等后计数：二项分布精确检验。",
    ),
    "guarantee.way_bet": (
        "Chances of being labelled are too unequal, or ads were drawn together: tested by betting"
        " with weights, which is exact but takes about twice the labels.",
        "抽取概率相差过大，或广告成组抽取：采用带权重的下注检验，同样严格成立，但所需标注约为两倍。",
    ),
    "guarantee.way_both": (
        "High lines are tested by exact counts after thinning labels to equal chances, others by"
        " betting with weights, or the reverse, as the chances of being labelled allow.",
        "视抽取概率而定：部分分数线在稀疏化使概率相等后按计数精确检验，其余采用带权重的下注检验。",
    ),
    "guarantee.rules": (
        "{ads:count} ads were decided by rules and stay with them: no line speaks of them.",
        "{ads:count} 条广告由规则判定，仍归规则处理，不在分数线之内。",
    ),
    "guarantee.unnamed": (
        "{ads:count} ads have no value in a column of the cells and are left out.",
        "{ads:count} 条广告在划分单元的列上没有取值，未计入。",
    ),
    "guarantee.future": (
        "It holds for the ads of this period, by the verdicts of the labels; it lasts as long as"
        " scores and ads stay as they are. Check again after a launch or when scores drift.",
        "以上针对本期广告并以标注结论为准；只要分数与广告保持不变即持续有效。"
        "模型上线或分数漂移之后请重新检验。",
    ),
    "guarantee.floor_from_asked": ("as asked", "按要求"),
    "guarantee.floor_from_goal": ("the goal set for it", "所设目标"),
    "guarantee.floor_from_today": ("today's precision, rounded down", "目前准确率（向下取整）"),
    "guarantee.floor_from_usual": (
        "the usual one: today's is not known",
        "通用值（目前准确率未知）",
    ),
    "guarantee.floor": (
        "Floor {floor:percent}: {why}.",
        "下限 {floor:percent}：{why}。",
    ),
    "guarantee.then": (
        "Next: shroff advise simulate {file}",
        "下一步：shroff advise simulate {file}",
    ),
    "guarantee.column.cell": ("ads", "广告范围"),
    "guarantee.column.scored": ("ads scored", "有分数的广告"),
    "guarantee.column.labels": ("labels", "标注"),
    "guarantee.column.line": ("sure from", "保证线"),
    "guarantee.column.ads": ("ads from it", "线上广告"),
    "guarantee.column.now": ("rejected now", "目前拒绝"),
    "guarantee.column.precision": ("precision there", "该处准确率"),
    "guarantee.column.empirical": ("looks good from", "看似可行线"),
    "guarantee.column.more": ("more labels", "还需标注"),
    "guarantee.column.from": ("from score", "自分数"),
    "guarantee.everything": ("all ads", "全部广告"),
    "guarantee.none": ("none", "无"),
    "guarantee.title": (
        "From which score is rejecting sure to be right?",
        "从哪个分数起拒绝有保证？",
    ),
    "guarantee.table_note": (
        "Sure from: lowest score from which precision of rejects is at least {floor:percent}, with"
        " the risk of {delta:percent} shared by all rows. Looks good from: lowest score at which"
        " the labels alone reach that; about one such line in two is under it. Precision with its"
        " lower end, at the same risk for that row alone.",
        "保证线：自该分数起拒绝准确率不低于 {floor:percent}，{delta:percent} 的风险由各行共用。"
        "看似可行线：仅凭标注比例达到该值的最低分数，此类分数线约有一半其实达不到。"
        "准确率附下端，为该行单独在同一风险下的结果。",
    ),
}
