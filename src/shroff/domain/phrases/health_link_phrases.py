"""Sentences of the health of rows that refer to what is not there, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "health.orphan_decisions.what": (
        "{count:count} decisions ({share:percent}) are about ads that are not in ads",
        "{count:count} 条决策（{share:percent}）对应的广告不在 ads 表中",
    ),
    "health.orphan_decisions.effect": (
        "They count in totals but in no slice by language, industry or advertiser.",
        "计入合计，但不进入按语言、行业、广告主的切分。",
    ),
    "health.orphan_decisions.fix": (
        "Ingest those ads; {respelt:count} rows fit once case and spaces are ignored.",
        "补充导入这些广告；忽略大小写与空格后有 {respelt:count} 行可以匹配。",
    ),
    "health.orphan_reviews.what": (
        "{count:count} reviews ({share:percent}) are about ads that are not in ads",
        "{count:count} 条审核（{share:percent}）对应的广告不在 ads 表中",
    ),
    "health.orphan_reviews.effect": (
        "Their labels are lost where the ad has no decision either, and belong to no slice.",
        "若广告也没有决策记录，其标注将无法使用，也不属于任何切片。",
    ),
    "health.orphan_reviews.fix": (
        "Ingest those ads; {respelt:count} rows fit once case and spaces are ignored.",
        "补充导入这些广告；忽略大小写与空格后有 {respelt:count} 行可以匹配。",
    ),
    "health.orphan_appeals.what": (
        "{count:count} appeals ({share:percent}) are about ads that are not in ads",
        "{count:count} 条申诉（{share:percent}）对应的广告不在 ads 表中",
    ),
    "health.orphan_appeals.effect": (
        "Appeal rates by language, industry or advertiser miss them.",
        "按语言、行业、广告主的申诉率会漏计。",
    ),
    "health.orphan_appeals.fix": (
        "Ingest those ads; {respelt:count} rows fit once case and spaces are ignored.",
        "补充导入这些广告；忽略大小写与空格后有 {respelt:count} 行可以匹配。",
    ),
    "health.orphan_scores.what": (
        "{count:count} scores ({share:percent}) are of ads that are not in ads",
        "{count:count} 条模型分（{share:percent}）对应的广告不在 ads 表中",
    ),
    "health.orphan_scores.effect": (
        "They are in no figure about model versions.",
        "不计入任何模型版本的指标。",
    ),
    "health.orphan_scores.fix": (
        "Ingest those ads; {respelt:count} rows fit once case and spaces are ignored.",
        "补充导入这些广告；忽略大小写与空格后有 {respelt:count} 行可以匹配。",
    ),
    "health.orphan_impressions.what": (
        "{count:count} days of serving ({share:percent}) are of ads that are not in ads",
        "{count:count} 条曝光记录（{share:percent}）对应的广告不在 ads 表中",
    ),
    "health.orphan_impressions.effect": (
        "Impressions and spend of those ads are missing from exposure: the violating-impression "
        "share speaks only of the ads that are known.",
        "这些广告的曝光与消耗缺失：违规曝光占比只代表已知广告。",
    ),
    "health.orphan_impressions.fix": (
        "Ingest those ads and their decisions; {respelt:count} rows fit once case and spaces are "
        "ignored.",
        "补充导入这些广告及其决策；忽略大小写与空格后有 {respelt:count} 行可以匹配。",
    ),
    "health.orphan_reports.what": (
        "{count:count} user reports ({share:percent}) are about ads that are not in ads",
        "{count:count} 条举报（{share:percent}）对应的广告不在 ads 表中",
    ),
    "health.orphan_reports.effect": (
        "The proactive rate misses them and is too high.",
        "主动发现率会漏计这些举报，因而偏高。",
    ),
    "health.orphan_reports.fix": (
        "Ingest those ads; {respelt:count} rows fit once case and spaces are ignored.",
        "补充导入这些广告；忽略大小写与空格后有 {respelt:count} 行可以匹配。",
    ),
    "health.unknown_ad_version.what": (
        "{count:count} rows ({share:percent}) are about versions of an ad that are not in ads, "
        "though the ad is",
        "{count:count} 行（{share:percent}）对应的广告版本不在 ads 表中（广告本身存在）",
    ),
    "health.unknown_ad_version.effect": (
        "What was judged is not the ad that is known: they fall out of slices by columns of ads.",
        "被审核的版本并非已知版本：在按 ads 列切分时会丢失。",
    ),
    "health.unknown_ad_version.fix": (
        "Ingest every version of an edited ad as a row of its own.",
        "广告每次修改后的版本都应作为单独一行导入。",
    ),
    "health.unknown_decision.what": (
        "{count:count} appeals ({share:percent}) are against decisions that are not in decisions",
        "{count:count} 条申诉（{share:percent}）针对的决策不在 decisions 表中",
    ),
    "health.unknown_decision.effect": (
        "They belong to no cohort of actions: appeal and overturn rates miss them.",
        "不属于任何处置批次：申诉率与改判率会漏计。",
    ),
    "health.unknown_decision.fix": (
        "Ingest those decisions (older ones too), or log decision_id with each appeal.",
        "补充导入这些决策（含更早的），或在申诉中记录 decision_id。",
    ),
    "health.unknown_policy.what": (
        "{count:count} decisions ({share:percent}) cite policies that are not in policies",
        "{count:count} 条决策（{share:percent}）引用的政策不在 policies 表中",
    ),
    "health.unknown_policy.effect": (
        "They are shown under their bare id, without name, severity or cost.",
        "只能以原始 ID 展示，没有名称、严重度和成本。",
    ),
    "health.unknown_policy.fix": (
        "Add them to policies, or translate them under [mapping.decisions.values.policy_id].",
        "补充到 policies 表，或在 [mapping.decisions.values.policy_id] 中翻译。",
    ),
}
