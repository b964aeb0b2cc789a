"""What is said of two versions of a model, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "models.compare.title": ("Which model version is better?", "哪个模型版本更好？"),
    "models.verdict.better.precision": (
        "{winner} is better than {loser}: recall {recall} points, {level} {low} to {high},"
        " at the same precision",
        "{winner} 优于 {loser}：准确率相同时，查全率相差 {recall} 个百分点"
        "（{level} 区间 {low} 至 {high}）",
    ),
    "models.verdict.better.volume": (
        "{winner} is better than {loser}: recall {recall} points, {level} {low} to {high},"
        " acting on as many ads",
        "{winner} 优于 {loser}：处置量相同时，查全率相差 {recall} 个百分点"
        "（{level} 区间 {low} 至 {high}）",
    ),
    "models.verdict.better.threshold": (
        "{winner} catches more than {loser}: recall {recall} points, {level} {low} to {high},"
        " at the thresholds given; compare precision and volume before calling it better",
        "{winner} 比 {loser} 查得更全：在给定阈值下查全率相差 {recall} 个百分点"
        "（{level} 区间 {low} 至 {high}）；是否更好还要看准确率和处置量",
    ),
    "models.verdict.unknown.precision": (
        "Not yet known which is better: recall of {winner} less that of {loser} is {recall} points,"
        " {level} {low} to {high}, at the same precision",
        "尚不能判断哪个更好：准确率相同时，{winner} 比 {loser} 的查全率相差 {recall} 个百分点"
        "（{level} 区间 {low} 至 {high}）",
    ),
    "models.verdict.unknown.volume": (
        "Not yet known which is better: recall of {winner} less that of {loser} is {recall} points,"
        " {level} {low} to {high}, acting on as many ads",
        "尚不能判断哪个更好：处置量相同时，{winner} 比 {loser} 的查全率相差 {recall} 个百分点"
        "（{level} 区间 {low} 至 {high}）",
    ),
    "models.verdict.unknown.threshold": (
        "Not yet known which catches more: recall of {winner} less that of {loser} is {recall} points,"
        " {level} {low} to {high}, at the thresholds given",
        "尚不能判断哪个查得更全：在给定阈值下，{winner} 比 {loser} 的查全率相差 {recall} 个百分点"
        "（{level} 区间 {low} 至 {high}）",
    ),
    "models.verdict.nothing": (
        "Nothing can be said of {champion} and {challenger}: no labelled ad that violates was"
        " scored by both",
        "无法比较 {champion} 与 {challenger}：没有同时被两者打分的违规标注广告",
    ),
    "models.worse_in.recall": ("worse in {slices}", "在 {slices} 更差"),
    "models.worse_in.recall_more": (
        "worse in {slices} and {more} more slices",
        "在 {slices} 及另外 {more} 个切片更差",
    ),
    "models.better_in.recall": ("better in {slices}", "在 {slices} 更好"),
    "models.better_in.recall_more": (
        "better in {slices} and {more} more slices",
        "在 {slices} 及另外 {more} 个切片更好",
    ),
    "models.worse_in.precision": ("less precise in {slices}", "在 {slices} 准确率更低"),
    "models.worse_in.precision_more": (
        "less precise in {slices} and {more} more slices",
        "在 {slices} 及另外 {more} 个切片准确率更低",
    ),
    "models.better_in.precision": ("more precise in {slices}", "在 {slices} 准确率更高"),
    "models.better_in.precision_more": (
        "more precise in {slices} and {more} more slices",
        "在 {slices} 及另外 {more} 个切片准确率更高",
    ),
    "models.basis.precision": ("same precision", "准确率相同"),
    "models.basis.volume": ("same volume", "处置量相同"),
    "models.basis.threshold": ("thresholds given", "给定阈值"),
    "models.held.precision": ("At the same precision", "准确率相同时"),
    "models.held.volume": ("Acting on as many ads", "处置量相同时"),
    "models.held.threshold": ("At the thresholds given", "给定阈值时"),
    "models.held.none": ("At any threshold", "不限阈值"),
    "models.by_slice": ("Differences by slice, surest first", "各切片差值（按确定程度排列）"),
    "models.chart": (
        "Recall of {challenger} less that of {champion}, points",
        "{challenger} 与 {champion} 的查全率之差（百分点）",
    ),
    "models.metric.recall": ("Recall (sensitivity)", "查全率"),
    "models.metric.precision": ("Precision", "准确率"),
    "models.metric.fpr": ("False-positive rate", "误伤率（合规口径）"),
    "models.metric.auc": ("AUC", "AUC（曲线下面积）"),
    "models.column.held": ("Held equal", "对齐方式"),
    "models.column.at": ("Acts from", "处置阈值"),
    "models.column.acts": ("Acts on", "处置量"),
    "models.column.metric": ("Metric", "指标"),
    "models.column.difference": ("Difference, points", "差值（百分点）"),
    "models.column.p": ("p", "p 值"),
    "models.column.p_adjusted": ("p, all slices", "p（多重校正）"),
    "models.column.slice": ("Slice", "切片"),
    "models.supply": (
        "{both:count} of {ads:count} ads were scored by both; {labels:count} of them are labelled,"
        " {violating:count} violating.",
        "{ads:count} 条广告中有 {both:count} 条被两个版本打分；其中已标注 {labels:count} 条，"
        "违规 {violating:count} 条。",
    ),
    "models.pair": (
        "{model}: {champion} (champion) against {challenger} (challenger)",
        "{model}：{champion}（线上版）对 {challenger}（挑战版）",
    ),
    "models.differ": (
        "They disagree on {differ:count} ads ({share:percent} of those that either acts on).",
        "两者在 {differ:count} 条广告上结论不同（占任一方处置量的 {share:percent}）。",
    ),
    "models.reach": (
        "{labels:count} labels ({violating:number} violating, equally weighted) find a difference"
        " of {points:number} points with {power:percent} chance, if the versions differ on"
        " {differ:percent} of violating ads.",
        "{labels:count} 条标注（等权违规约 {violating:number} 条）：若两版本在 {differ:percent} 的"
        "违规广告上结论不同，有 {power:percent} 的把握发现 {points:number} 个百分点的差异。",
    ),
    "models.reach_none": (
        "{labels:count} labels ({violating:number} violating, equally weighted) would find no"
        " difference with {power:percent} chance, if the versions differ on {differ:percent} of"
        " violating ads.",
        "{labels:count} 条标注（等权违规约 {violating:number} 条）：若两版本在 {differ:percent} 的"
        "违规广告上结论不同，任何差异都没有 {power:percent} 的把握被发现。",
    ),
    "models.reach_title": (
        "What a comparison would find",
        "这样的比较能发现多小的差异",
    ),
    "models.adjusted": (
        "Slices are judged at the same two thresholds; p-values are adjusted for looking at all"
        " of them (Holm).",
        "各切片使用相同的两个阈值；p 值已按同时查看的全部切片校正（Holm）。",
    ),
    "models.partly_scored": (
        "Both versions scored {share:percent} of the ads: volumes are of those ads alone, and"
        " labels speak for the others only if who was scored is a matter of chance.",
        "仅 {share:percent} 的广告被两个版本打分：处置量只统计这些广告；"
        "只有在是否打分属于随机时，标注才能代表其余广告。",
    ),
    "models.lopsided": (
        "Some machine actions were scored by both more often than others: the volumes compared"
        " are not those of all traffic.",
        "不同机审动作的广告被两个版本打分的比例不同：所比较的处置量不代表全部流量。",
    ),
    "models.no_labels": (
        "No labelled ad was scored by both; draw some with: shroff models disagreements.",
        "没有同时被两个版本打分的标注广告；可用 shroff models disagreements 抽取一批。",
    ),
    "models.unscored_labels": (
        "{labels:count} of {all:count} labelled ads have no score of one version; within their"
        " stratum the others speak for them.",
        "{all:count} 条标注广告中有 {labels:count} 条缺少某个版本的得分；由同层的其他广告代表。",
    ),
    "models.uncovered": (
        "No labels were drawn among ads with these machine actions: {actions:action}. Figures are"
        " about the others.",
        "以下机审动作的广告没有抽样标注：{actions:action}。指标只针对其余广告。",
    ),
    "models.unanswered": (
        "{missing:count} of {drawn:count} ads drawn have no label; those answered speak for them.",
        "抽取的 {drawn:count} 条广告中有 {missing:count} 条没有标注；由已标注的代表。",
    ),
    "models.unmatched.nothing": (
        "No comparison at the same precision: at its threshold {champion} acts on no labelled ad"
        " that violates.",
        "无法按相同准确率比较：{champion} 在其阈值下没有处置任何违规标注广告。",
    ),
    "models.unmatched.below": (
        "No comparison at the same precision: {challenger} is less precise than {champion} at"
        " every threshold that 10 labels can tell.",
        "无法按相同准确率比较：在至少有 10 条标注的任何阈值下，{challenger} 的准确率都低于"
        " {champion}。",
    ),
    "models.unmatched.above": (
        "No comparison at the same precision: {challenger} is more precise than {champion} at"
        " every lower threshold.",
        "无法按相同准确率比较：在任何更低的阈值下，{challenger} 的准确率都高于 {champion}。",
    ),
    "models.unmatched.flat": (
        "No comparison at the same precision: the precision of {challenger} hardly changes with"
        " its threshold, so that many thresholds would do.",
        "无法按相同准确率比较：{challenger} 的准确率几乎不随阈值变化，符合条件的阈值过多。",
    ),
    "models.label.drawn": (
        "{batch}: {ads:count} ads to label, most of them ads on which the versions disagree.",
        "{batch}：待标注 {ads:count} 条广告，多数是两个版本结论不同的广告。",
    ),
    "models.label.then": (
        "When labelled: shroff labels take FILE, then compare again.",
        "标注完成后：运行 shroff labels take FILE，再重新比较。",
    ),
    "models.card.title": ("Model card: {model} {version}", "模型卡：{model} {version}"),
    "models.card.period": ("Measured on ads of {period}", "统计区间：{period}"),
    "models.card.headline": (
        "From a score of {at} {version} acts on {acts:count} of {ads:count} ads: {precision} of"
        " them violate, and {recall} of all violating ads are among them.",
        "得分达到 {at} 时，{version} 处置 {ads:count} 条广告中的 {acts:count} 条：其中 {precision}"
        " 确属违规，占全部违规广告的 {recall}。",
    ),
    "models.card.unlabelled": (
        "From a score of {at} {version} acts on {acts:count} of {ads:count} ads; no labelled ad"
        " tells how well.",
        "得分达到 {at} 时，{version} 处置 {ads:count} 条广告中的 {acts:count} 条；"
        "没有标注可以说明其质量。",
    ),
    "models.card.what": ("What is it?", "这是什么？"),
    "models.card.model": ("Model", "模型"),
    "models.card.version": ("Version", "版本"),
    "models.card.role": ("Role in the period", "期间角色"),
    "models.card.role_live": (
        "decides ({live:count} ads scored live, {shadow:count} in shadow)",
        "线上版（线上打分 {live:count} 条，影子模式 {shadow:count} 条）",
    ),
    "models.card.role_shadow": (
        "in shadow ({live:count} ads scored live, {shadow:count} in shadow)",
        "影子模式（线上打分 {live:count} 条，影子模式 {shadow:count} 条）",
    ),
    "models.card.scores": ("Scores", "打分对象"),
    "models.card.all_policies": ("violation of any policy", "是否违反任一政策"),
    "models.card.policy": ("violation of {policy}", "是否违反 {policy}"),
    "models.card.range": ("Scores seen", "得分范围"),
    "models.card.acts_from": ("Acts from", "处置阈值"),
    "models.card.design": ("Labels", "标注"),
    "models.card.labels": (
        "{labels:count}, {violating:count} violating: {design}",
        "{labels:count} 条，违规 {violating:count} 条：{design}",
    ),
    "models.card.lake": ("Logs as of", "日志版本"),
    "models.card.figures": ("How good is it?", "质量如何？"),
    "models.card.figures_lead": (
        "By {labels:count} labelled ads, each weighed by how likely it was to be drawn.",
        "依据 {labels:count} 条标注广告，按抽样概率加权。",
    ),
    "models.card.weak": ("Where does it miss most?", "哪里漏得最多？"),
    "models.card.weak_lead": (
        "Recall by slice at the same threshold, lowest first; slices are not adjusted for looking"
        " at many.",
        "同一阈值下各切片的查全率，由低到高；未按切片数量校正。",
    ),
    "models.card.weak_none": ("Too few labels to tell slices apart.", "标注太少，无法区分切片。"),
    "models.card.versus": ("Is it better than {other}?", "是否优于 {other}？"),
    "models.card.limits": ("What this card cannot tell", "本卡不能说明什么"),
    "models.card.limits_lead": (
        "It measures the score as it was logged on the traffic of these days, against what"
        " reviewers found under the policies of these days.",
        "本卡衡量的是这些日期流量上所记录的得分，以同期政策下审核人员的判断为准。",
    ),
    "models.card.limit_labels": (
        "Truth is what reviewers said; their own errors are not taken out: see label quality.",
        "真值来自审核人员，未剔除其自身误差：见标注质量。",
    ),
    "models.card.limit_shift": (
        "It says nothing of other markets, languages or policies than those in the logs, nor of"
        " advertisers who adapt once the version decides.",
        "不涉及日志以外的市场、语言或政策，也不涉及版本上线后广告主的对抗变化。",
    ),
    "models.card.limit_rules": (
        "Rules and people act beside the model; what the platform does in all is in the report.",
        "规则和人工与模型并行；平台整体表现见报告。",
    ),
}
