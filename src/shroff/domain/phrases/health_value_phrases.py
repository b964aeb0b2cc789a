"""Sentences of the health of values, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "health.encoding_broken.what": (
        "{count:count} ads ({share:percent}) have text read in the wrong encoding",
        "{count:count} 条广告（{share:percent}）的文本存在乱码",
    ),
    "health.encoding_broken.effect": (
        "No figure changes, but words and look-alikes in those ads cannot be found.",
        "指标不受影响，但无法在这些广告中查找词语与变体。",
    ),
    "health.encoding_broken.fix": (
        "Set encoding in [mapping.{table}], e.g. gb18030; what shows \ufffd was lost before export.",
        "在 [mapping.{table}] 中设置 encoding，如 gb18030；显示为 \ufffd 的内容在导出前已丢失。",
    ),
    "health.spellings.what": (
        "{count:count} rows have values of {column} that differ only by case or spaces",
        "{count:count} 行的 {column} 取值仅大小写或空格不同",
    ),
    "health.spellings.effect": (
        "One slice is shown as two, each with fewer labels and a wider interval.",
        "同一切片被拆成两个，各自标注更少、区间更宽。",
    ),
    "health.spellings.fix": (
        'Unify them in [mapping.{table}]: expressions = { {column} = "LOWER(TRIM(...))" }.',
        '在 [mapping.{table}] 中统一写法：expressions = { {column} = "LOWER(TRIM(...))" }。',
    ),
    "health.constant_column.what": (
        "every {column} is {value}",
        "所有 {column} 都是 {value}",
    ),
    "health.constant_column.effect": (
        "Metrics that compare values of {column} have nothing to compare.",
        "需要比较 {column} 不同取值的指标无从比较。",
    ),
    "health.constant_column.fix": (
        "Was the export filtered, or a default written? Export all rows.",
        "导出时是否做了筛选，或写入了默认值？请导出全部数据。",
    ),
    "health.empty_column.what": ("{column} is empty in every row", "{column} 全部为空"),
    "health.empty_column.ads.advertiser_id.effect": (
        "Intervals cannot allow for ads of one advertiser being alike, and may be too narrow.",
        "区间无法考虑同一广告主的广告彼此相似，可能偏窄。",
    ),
    "health.empty_column.ads.market.effect": (
        "No slices by market, unless decisions have it.",
        "无法按市场切分（除非 decisions 中有该列）。",
    ),
    "health.empty_column.ads.language.effect": (
        "No slices by language.",
        "无法按语言切分。",
    ),
    "health.empty_column.decisions.policy_id.effect": (
        "No figures by policy, and no right-policy precision.",
        "无法按政策统计，也没有拒绝理由准确率。",
    ),
    "health.empty_column.decisions.detector.effect": (
        "No figures by rule or model.",
        "无法按规则或模型统计。",
    ),
    "health.empty_column.decisions.version.effect": (
        "Versions of a model cannot be compared.",
        "无法比较模型的不同版本。",
    ),
    "health.empty_column.reviews.queue.effect": (
        "No figures by queue, and no design can be declared by queue.",
        "无法按队列统计，也无法按队列声明抽样设计。",
    ),
    "health.empty_column.reviews.role.effect": (
        "Truth cannot prefer experts, and no overturn rate by stage is known.",
        "真值判定无法优先采用专家意见，也没有各审级改判率。",
    ),
    "health.empty_column.reviews.policies.effect": (
        "No right-policy precision, and no violations by policy.",
        "没有拒绝理由准确率，也无法按政策统计违规。",
    ),
    "health.empty_column.reviews.active_ms.effect": (
        "Handling time and reviewer load stay unknown.",
        "处理时长与审核负荷无法得知。",
    ),
    "health.empty_column.reviews.enqueued_at.effect": (
        "Turnaround and backlog stay unknown.",
        "时效与积压量无法得知。",
    ),
    "health.empty_column.impressions.impressions.effect": (
        "The violating-impression share stays unknown.",
        "违规曝光占比无法得知。",
    ),
    "health.empty_column.impressions.spend.effect": (
        "Spend-weighted shares stay unknown.",
        "违规消耗占比无法得知。",
    ),
    "health.empty_column.appeals.decision_id.effect": (
        "Appeals cannot be tied to the cohort of the action they are against.",
        "申诉无法对应到所针对的处置批次。",
    ),
    "health.empty_column.appeals.outcome.effect": (
        "The overturn rate stays unknown.",
        "申诉改判率无法得知。",
    ),
    "health.empty_column.fix": (
        "Map it under [mapping.{table}] if your logs have it.",
        "如日志中有该信息，请在 [mapping.{table}] 中映射。",
    ),
    "health.reject_without_policy.what": (
        "{count:count} rejects ({share:percent}) cite no policy",
        "{count:count} 条拒绝（{share:percent}）未注明政策",
    ),
    "health.reject_without_policy.effect": (
        "They are missing from figures by policy, and right-policy precision counts them as wrong.",
        "按政策统计时缺失，且在拒绝理由准确率中按错误计。",
    ),
    "health.reject_without_policy.fix": (
        "Log or map policy_id for every reject.",
        "为每条拒绝记录或映射 policy_id。",
    ),
    "health.clicks_above_impressions.what": (
        "{count:count} rows ({share:percent}) have more clicks than impressions",
        "{count:count} 行（{share:percent}）的点击数大于曝光数",
    ),
    "health.clicks_above_impressions.effect": (
        "Impressions are probably too low there, and so is their weight in exposure.",
        "其曝光数可能偏低，因而在曝光加权中权重偏低。",
    ),
    "health.clicks_above_impressions.fix": (
        "Are the two columns swapped, or of different days?",
        "两列是否写反，或来自不同日期？",
    ),
    "health.spend_without_impressions.what": (
        "{count:count} rows ({share:percent} of those with spend) have spend but no impressions",
        "{count:count} 行（占有消耗行的 {share:percent}）有消耗却没有曝光",
    ),
    "health.spend_without_impressions.effect": (
        "Impression-weighted and spend-weighted shares speak of different ads.",
        "曝光加权与消耗加权的占比所指的广告不一致。",
    ),
    "health.spend_without_impressions.fix": (
        "Do both come from the same report and day?",
        "两者是否来自同一报表、同一天？",
    ),
    "health.scores_not_in_0_1.what": (
        "{count:count} scores ({share:percent}) are outside 0 to 1",
        "{count:count} 个模型分（{share:percent}）不在 0 到 1 之间",
    ),
    "health.scores_not_in_0_1.effect": (
        "No figure changes; score bands and calibration need a probability.",
        "指标不受影响；但分数分段与校准需要概率值。",
    ),
    "health.scores_not_in_0_1.fix": (
        'Scale it if it should be one: expressions = { score = "CAST(score AS DOUBLE) / 100" }.',
        '如需概率请缩放：expressions = { score = "CAST(score AS DOUBLE) / 100" }。',
    ),
}
