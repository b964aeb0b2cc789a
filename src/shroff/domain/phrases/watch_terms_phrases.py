"""What is said of new terms, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "terms.title": ("Which terms are new?", "有哪些新词？"),
    "terms.rose": (
        "“{term}”: {growth} as frequent as before, in {here:count} of {of:count} ads (and in"
        " {before:count} of the background), by {advertisers:count} advertisers, first seen"
        " {first}, mostly {policy}.",
        "“{term}”：出现频率为此前的 {growth}，见于 {of:count} 条广告中的 {here:count} 条（对照中"
        " {before:count} 条），涉及 {advertisers:count} 个广告主，首见于 {first}，主要为 {policy}。",
    ),
    "terms.new": (
        "“{term}”: not in the background, at least {low} times as frequent as there, in"
        " {here:count} of {of:count} ads, by {advertisers:count} advertisers, first seen {first},"
        " mostly {policy}.",
        "“{term}”：对照中未出现，频率至少为对照的 {low} 倍，见于 {of:count} 条广告中的 {here:count} 条，"
        "涉及 {advertisers:count} 个广告主，首见于 {first}，主要为 {policy}。",
    ),
    "terms.summary": (
        "{kind:named}, {here:count} in the period, held against {against:named}: among"
        " {looked_at:count} words and pieces of phrases, {found:count} phrases rose; {listed:count}"
        " are listed, with what stands in the same ads.",
        "{kind:named}，本期 {here:count} 条，对照为{against:named}：{looked_at:count} 个词语片段中"
        "有 {found:count} 个短语上升；列出 {listed:count} 个，附同现短语。",
    ),
    "terms.none": (
        "{kind:named}, {here:count} in the period, held against {against:named}: none of"
        " {looked_at:count} words and pieces of phrases rose beyond chance.",
        "{kind:named}，本期 {here:count} 条，对照为{against:named}：{looked_at:count} 个词语片段中，"
        "没有一个上升超出偶然。",
    ),
    "terms.rule": (
        "On average at most {false_share} of what rose rose by chance (Benjamini-Hochberg, ads of"
        " one advertiser not taken for independent). A term is in at least {least:count} ads of"
        " {advertisers:count} advertisers. {level} intervals, widened because these terms were"
        " chosen for growing.",
        "上升者中平均至多 {false_share} 出于偶然（Benjamini-Hochberg 法，同一广告主的广告不视为独立）。"
        "每个词至少见于 {advertisers:count} 个广告主的 {least:count} 条广告。{level} 区间已因挑选而加宽。",
    ),
    "terms.leads": (
        "Counted on ads that people saw or the machine acted on, which are no random sample: leads"
        " to look at, not shares of all ads. First seen among these ads, from {start} on.",
        "统计对象为人工看过或机器处置过的广告，并非随机样本：仅为线索，不代表占全部广告的比例。"
        "首见日期仅在这些广告中查找，自 {start} 起。",
    ),
    "terms.no_advertisers": (
        "No advertiser is logged: one advertiser's own name can be among these terms.",
        "日志中没有广告主：这些词中可能有某一广告主自己的名称。",
    ),
    "terms.unlisted": (
        "{count:count} further terms rose and are not listed: --most.",
        "另有 {count:count} 个上升的词未列出：--most。",
    ),
    "terms.among.violating": ("Violating ads", "违规广告"),
    "terms.among.leaked": ("Leaked ads (approved, violating)", "漏放广告（已通过而违规）"),
    "terms.among.rejected": ("Ads the machine rejected", "机审拒绝的广告"),
    "terms.among.appealed": ("Ads not approved and appealed", "未通过且被申诉的广告"),
    "terms.among.overturned": ("Ads whose appeal won", "申诉成功的广告"),
    "terms.against.earlier": ("the same kind before", "此前的同类广告"),
    "terms.against.others": ("other ads of the period", "本期其他广告"),
    "terms.against.both": (
        "the same kind before and other ads of the period",
        "此前的同类广告与本期其他广告",
    ),
    "terms.likeness.same": ("is", "即"),
    "terms.likeness.looks": ("looks like", "形似"),
    "terms.likeness.sounds": ("sounds like", "音同"),
    "terms.likeness.short": ("short for", "缩写自"),
    "terms.likeness.spelled": ("misspells", "误拼自"),
    "terms.likeness.holds": ("holds", "包含"),
    "terms.column.term": ("Term", "词"),
    "terms.column.variant": ("Variant of", "变体"),
    "terms.column.growth": ("Growth", "增长"),
    "terms.column.ads": ("Ads", "广告数"),
    "terms.column.before": ("Background", "对照"),
    "terms.column.advertisers": ("Advertisers", "广告主"),
    "terms.column.first": ("First seen", "首见"),
    "terms.column.policy": ("Policy", "政策"),
    "terms.column.missed": ("Missed by rules", "规则漏过"),
    "terms.column.example": ("Example", "示例"),
    "terms.example": ("“{term}”, ad {ad}: {text}", "“{term}”，广告 {ad}：{text}"),
    "terms.together": ("“{term}” comes with: {others}.", "“{term}”同现：{others}。"),
    "terms.missed": (
        "“{term}”: live rules miss {missed:count} of {ads:count} ads; rules for {policy} that miss"
        " most of them: {rules}.",
        "“{term}”：在用规则漏过 {ads:count} 条广告中的 {missed:count} 条；{policy} 下漏过其中多数的规则：{rules}。",
    ),
    "terms.no_rules": (
        "No rules were given, so none can be said to miss these terms: --rules PACK.",
        "未提供规则，无法说明哪些规则漏过这些词：--rules PACK。",
    ),
    "terms.next": ("Propose rules: {command}", "生成规则建议：{command}"),
    "terms.seeds": (
        "{ads:count} ads with these terms, and {others:count} without, in {file}.",
        "含有这些词的 {ads:count} 条广告和不含的 {others:count} 条已写入 {file}。",
    ),
}
