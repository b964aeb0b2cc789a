"""What is said of how far labels can be trusted."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "labels.quality.title": ("How far can the labels be trusted?", "标注有多可信？"),
    "labels.quality.as_they_came": (
        "Some ads were judged again without a logged chance: these figures speak of the ads that"
        " happened to be judged again, not of all.",
        "部分广告的再次审核没有记录抽样概率：这些数字只代表恰好被再次审核的广告，不代表全部。",
    ),
    "labels.quality.independent": (
        "Takes reviewers to err independently given the truth: where hard ads mislead several at"
        " once, all look better than they are.",
        "假定在真实情况给定时各审核员独立犯错：难判的广告若让多人同时误判，各方都会显得比实际更准。",
    ),
    "labels.quality.not_told": (
        "What reviewers say of the same ads cannot tell who errs how often: other error rates"
        " would explain it as well. A third blind answer, or seeded ads of known truth, would.",
        "仅凭各方对同一批广告的判定，无法得知谁错得多：别的错误率同样能解释。"
        "增加第三份盲审，或埋入已知真值的测试题，即可得知。",
    ),
    "labels.quality.gold_mix": (
        "Right and wrong are as on the test items; where those are easier or harder than daily"
        " work, so is the figure.",
        "对错以测试题为准；若测试题比日常工作更易或更难，数字也会随之偏高或偏低。",
    ),
    "labels.quality.corrected": (
        "Takes those who label to err as often on what the machine approved as on what it"
        " rejected.",
        "假定标注者在机审通过与机审拒绝的广告上犯错一样频繁。",
    ),
    "labels.quality.guideline": (
        "Change since guideline {before}, on the same mix of queues and policies; what else"
        " changed at the time is in it.",
        "与指南 {before} 时相比的变化，队列与政策的构成相同；同期的其他变化也包含在内。",
    ),
    "labels.quality.pooling": (
        "Answers of {people:count} reviewers; what experts said was kept from both ways.",
        "来自 {people:count} 名审核员的判定；两种方法都没有用到专家结论。",
    ),
    "labels.quality.misread": (
        "Since guideline {guideline}, checkers overturn group {group} more often:"
        " {change:points} points ({low:points} to {high:points}), on the same mix of ads.",
        "自指南 {guideline} 起，{group} 组被质检改判的比例上升 {change:points} 个百分点"
        "（{low:points} 至 {high:points}），广告构成相同。",
    ),
    "labels.quality.drifted": (
        "Checkers do not overturn group {group} as often in each of the {weeks:count} weeks.",
        "{group} 组被质检改判的比例在 {weeks:count} 周之间并不一致。",
    ),
    "labels.quality.steady": (
        "No group is overturned clearly more often than before.",
        "没有哪个组的改判率明显上升。",
    ),
    "labels.quality.no_pairs": (
        "No ad was judged twice, blind: agreement between reviewers is not known.",
        "没有广告经过两次盲审：无法得知审核员之间的一致性。",
    ),
    "labels.quality.no_checks": (
        "No first answer was checked: overturns by quality checks are not known.",
        "初审结论没有质检：无法得知质检改判率。",
    ),
    "labels.quality.no_gold": (
        "No ad of known truth was seeded into a queue: how often reviewers are right is known"
        " only from what they say of the same ads.",
        "队列中没有埋入已知真值的测试题：审核准确度只能由各方对同一批广告的判定推算。",
    ),
    "labels.quality.lead_agree": (
        "Two people who judge the same ad blind agree on {share}; beyond what chance would give,"
        " by {alpha} of 1 (Krippendorff's alpha).",
        "两人对同一广告盲审，结论一致的占 {share}；扣除偶然一致后为 {alpha}（满分 1，克里彭多夫 α）。",
    ),
    "labels.quality.lead_check": (
        "Quality checks say otherwise than the first reviewer on {share} of the checked ads.",
        "质检与初审结论不同的占受检广告的 {share}。",
    ),
    "labels.quality.lead_gold": (
        "On ads of known truth, {sensitivity} of the violating and {specificity} of the compliant"
        " are labelled rightly.",
        "在已知真值的广告上，违规广告有 {sensitivity}、合规广告有 {specificity} 标注正确。",
    ),
    "labels.quality.lead_none": (
        "Nothing in this period tells how good the labels are.",
        "本期没有任何数据能说明标注质量。",
    ),
    "labels.quality.supply": (
        "{twice:count} ads judged twice blind, {checked:count} first answers checked,"
        " {seeded:count} answers on {seeds:count} seeded test items, {settled:count} on ads an"
        " expert had settled before.",
        "{twice:count} 条广告经两次盲审，{checked:count} 条初审结论受检，"
        "{seeds:count} 道测试题共 {seeded:count} 份作答，另有 {settled:count} 份落在专家已定论的广告上。",
    ),
    "labels.quality.by_queue": ("Agreement of blind reviewers", "盲审一致性"),
    "labels.quality.by_group": ("How often groups are right", "各组的准确度"),
    "labels.quality.weeks": ("Overturned by quality checks, week by week", "每周质检改判率"),
    "labels.quality.correct_title": (
        "What the machine's figures would be if nobody who labels erred",
        "若标注者从不犯错，机审指标会是多少",
    ),
    "labels.quality.correct_note": (
        "The doubt about the reviewers' errors is part of the interval. A corrected figure stands"
        " beside the measured one; it does not replace it.",
        "区间已包含对审核员错误率本身的不确定性。校正值与实测值并列，并不取代它。",
    ),
    "labels.quality.agree_note": (
        "Kappa and alpha fall where violations are rare even if reviewers almost always agree; AC1"
        " does not. The ad is the unit, however many judged it.",
        "违规很少时，即使审核员几乎总是一致，κ 与 α 也会偏低；AC1 不会。以广告为单位，与评审人数无关。",
    ),
    "labels.quality.people_note": (
        "Figures about single reviewers are not shown here; they are for quality assurance only.",
        "此处不显示单个审核员的数据，仅供质检人员使用。",
    ),
    "labels.quality.small_team": (
        "Groups and queues in which fewer than {least:count} people answered are left out: a"
        " figure about them would be about a person.",
        "作答人数不足 {least:count} 人的小组与队列不予显示：那样的数字等同于对个人的评价。",
    ),
    "labels.quality.column.slice": ("Queue or group", "队列或小组"),
    "labels.quality.column.ads": ("Ads", "广告数"),
    "labels.quality.column.answers": ("Answers", "判定数"),
    "labels.quality.column.measured": ("As measured", "实测"),
    "labels.quality.column.corrected": ("Corrected", "校正后"),
    "labels.quality.column.source": ("Known from", "依据"),
    "labels.quality.known_from": ("Known from {source}.", "依据：{source}。"),
    "labels.quality.source.gold": ("ads of known truth", "已知真值的广告"),
    "labels.quality.source.model": ("answers on the same ads", "对同一批广告的判定"),
    "labels.quality.source.queue": ("answers on the same queued ads", "对同一批进审广告的判定"),
    "labels.quality.source.audit": ("answers on the same audited ads", "对同一批审计广告的判定"),
    "labels.quality.blind_agreement": ("Agree", "一致率"),
    "labels.quality.fleiss_kappa": ("Fleiss' kappa", "弗莱斯 κ"),
    "labels.quality.krippendorff_alpha": ("Krippendorff's alpha", "克里彭多夫 α"),
    "labels.quality.gwet_ac1": ("Gwet's AC1", "格韦特 AC1"),
    "labels.quality.check_overturn": ("Overturned by checks", "质检改判率"),
    "labels.quality.cohen_kappa": ("Cohen's kappa", "科恩 κ"),
    "labels.quality.sensitivity": (
        "Violating ads labelled violating",
        "违规广告判为违规",
    ),
    "labels.quality.specificity": (
        "Compliant ads labelled compliant",
        "合规广告判为合规",
    ),
    "labels.quality.guideline_effect": ("Change since the guideline before", "较上一版指南的变化"),
    "labels.quality.leakage": ("Leakage", "漏放率"),
    "labels.quality.reject_precision": ("Reject precision", "拒绝准确率"),
    "labels.quality.violating_share": ("Violating share of all ads", "违规广告占比"),
    "labels.quality.recall_any": ("Recall of any action", "查全率（任一动作）"),
    "labels.quality.majority_right": ("Right by majority vote", "多数表决正确率"),
    "labels.quality.dawid_skene_right": ("Right by weighing reviewers", "加权判定正确率"),
    "labels.quality.dawid_skene_gain": ("Gain by weighing", "加权的增益"),
    "labels.quality.reviewer": (
        "For guidelines and training, not for ranking: {n:count} answers of this reviewer can be"
        " judged, on the same mix of queues and policies as others'.",
        "用于改进指南与培训，不用于排名：该审核员有 {n:count} 份判定可供评判，与他人的队列和政策构成相同。",
    ),
    "labels.quality.judged_otherwise": (
        "Judged otherwise by checks or known truth",
        "与质检或已知真值不同",
    ),
    "labels.quality.more_than_others": (
        "More than others on the same mix of ads",
        "相同构成下比他人多",
    ),
}
