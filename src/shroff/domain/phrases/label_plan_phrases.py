"""Sentences about which ads to label, in English and Chinese."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "labels.lead": (
        "More labels: {labels:count}, strata: {strata:count}, cost: {cost:number}."
        " If the shares known so far are off, {low:count} to {high:count} labels.",
        "还需标注 {labels:count} 条，涉及 {strata:count} 个层，成本 {cost:number}。"
        "目前已知的占比若有偏差，约需 {low:count} 至 {high:count} 条。",
    ),
    "labels.none_needed": (
        "No more labels are needed: what is wanted is known already.",
        "无需更多标注：已达到所要的精度。",
    ),
    "labels.goal": (
        "{goal}: the interval goes from {now:number} points wide to {expected:number}"
        " ({low:number} to {high:number}); wanted {wanted:number}.",
        "{goal}：区间宽度由 {now:number} 个百分点缩至 {expected:number}"
        "（{low:number} 至 {high:number}）；目标 {wanted:number}。",
    ),
    "labels.goal_new": (
        "{goal}: no interval yet; it will be {expected:number} points wide ({low:number} to"
        " {high:number}); wanted {wanted:number}.",
        "{goal}：目前没有区间；届时宽度为 {expected:number} 个百分点（{low:number} 至 {high:number}）；"
        "目标 {wanted:number}。",
    ),
    "labels.adds": (
        "{action:action}: the labels are added to the design '{design}'; ads that it drew already"
        " are not labelled again.",
        "{action:action}：标注并入抽样方案“{design}”，已抽过的广告不再重复标注。",
    ),
    "labels.stands_alone": (
        "{action:action}: draws cannot be added to the design '{design}', so the labels are a"
        " design of their own, large enough to be used instead of it.",
        "{action:action}：无法在抽样方案“{design}”上追加抽取，新标注自成一个方案，"
        "其规模足以取代原方案。",
    ),
    "labels.guessed": (
        "{action:action}: no label tells how many violate; the plan guesses {share:percent}."
        " Plan again once some labels are in.",
        "{action:action}：没有标注说明违规占比，计划按 {share:percent} 估计。有了部分标注后请重新计划。",
    ),
    "labels.budget": (
        "The budget of {budget:number} does not pay for what is wanted; these are the narrowest"
        " intervals it buys.",
        "预算 {budget:number} 不足以达到目标；以上为该预算能换得的最窄区间。",
    ),
    "labels.everything": (
        "This labels every ad there is: fewer ads are in the strata than the width would take.",
        "这将标注全部广告：各层的广告数少于达到该宽度所需的数量。",
    ),
    "labels.then": (
        "Next: shroff labels draw {plan}",
        "下一步：shroff labels draw {plan}",
    ),
    "labels.column.stratum": ("stratum", "层"),
    "labels.column.ads": ("ads", "广告数"),
    "labels.column.drawn": ("drawn", "已抽取"),
    "labels.column.ask": ("to label", "待标注"),
    "labels.column.chance": ("chance", "抽取概率"),
    "labels.column.cost": ("cost", "成本"),
    "labels.others": ("others", "其他"),
    "labels.drawn": (
        "{batch}: {ads:count} ads to label. {kept:count} ads have their label already.",
        "{batch}：待标注 {ads:count} 条。另有 {kept:count} 条已有标注。",
    ),
    "labels.drawn_again": (
        "{batch}, as drawn before: {ads:count} ads to label. {kept:count} ads have their label"
        " already.",
        "{batch}（与上次抽取相同）：待标注 {ads:count} 条。另有 {kept:count} 条已有标注。",
    ),
    "labels.nothing_drawn": (
        "Nothing is left to label: every ad that the plan draws has its label.",
        "无需标注：计划抽取的广告均已有标注。",
    ),
    "labels.waiting": (
        "Not taken back yet: {batches}. An ad may be in both.",
        "尚未收回：{batches}。同一广告可能同时出现在两个批次中。",
    ),
    "labels.then_take": (
        "When the column verdict is filled in: shroff labels take FILE",
        "填写 verdict 列之后：shroff labels take 文件",
    ),
    "labels.taken": (
        "{batch}: all {asked:count} ads are labelled.",
        "{batch}：{asked:count} 条广告全部完成标注。",
    ),
    "labels.taken_part": (
        "{batch}: {labelled:count} of {asked:count} ads are labelled, {open:count} are still open.",
        "{batch}：{asked:count} 条广告中已标注 {labelled:count} 条，还有 {open:count} 条未完成。",
    ),
    "labels.rows": (
        "{added:count} new reviews, {corrected:count} changed, {known:count} known already.",
        "新增审核 {added:count} 条，更正 {corrected:count} 条，已有 {known:count} 条。",
    ),
    "labels.forgotten": (
        "{ads:count} ads are of advertisers who were forgotten since; their labels were left out.",
        "{ads:count} 条广告的广告主已被遗忘，其标注未收录。",
    ),
    "labels.until_then": (
        "Until the rest is in, open ads are taken to be like the labelled ones of the same action.",
        "其余收回之前，未完成的广告按同一机审动作中已标注的广告推算。",
    ),
    "labels.section.title": (
        "How many labels would halve the doubt?",
        "要把不确定性减半，需要多少标注？",
    ),
    "labels.section.lead": (
        "{labels:count} more labels would halve the interval of {metric}, {part}.",
        "再标注 {labels:count} 条，可将{metric}（{part}）的区间缩小一半。",
    ),
    "labels.section.whole": ("over everything", "整体"),
    "labels.section.figure": ("figure", "指标"),
    "labels.section.part": ("of", "范围"),
    "labels.section.now": ("width now, points", "目前宽度（百分点）"),
    "labels.section.then": ("width then", "届时宽度"),
    "labels.section.labels": ("more labels", "还需标注"),
    "labels.section.range": ("eight times in ten", "十有八次介于"),
    "labels.section.note": (
        "Each row on its own, cheapest strata first, on top of the labels there are. The range says"
        " how far the labels known so far can be off. shroff labels plan takes several goals,"
        " costs and a budget; shroff labels draw writes the batch.",
        "各行单独计算，均为在现有标注之外、按最省的分层新增的数量；区间表示目前标注可能的偏差。"
        "shroff labels plan 可同时设定多个目标、成本与预算；shroff labels draw 生成标注批次。",
    ),
}
