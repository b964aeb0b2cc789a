"""Sentences of data health, (English, 中文) by key.

Each code has three: what it is, what it does to which metrics, what to do.
"""

from __future__ import annotations

from shroff.domain.phrases import (
    health_judgement_phrases,
    health_label_phrases,
    health_link_phrases,
    health_time_phrases,
    health_value_phrases,
)

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "health.summary": (
        "{tables} tables checked: {broken} broken, {warn} warnings, {info} remarks.",
        "已检查 {tables} 张表：{broken} 项严重问题，{warn} 项警告，{info} 项提示。",
    ),
    "health.nothing": (
        "{tables} tables checked: nothing wrong was found.",
        "已检查 {tables} 张表：未发现问题。",
    ),
    # missing data
    "health.no_rows.what": ("no rows yet", "暂无数据"),
    "health.no_rows.decisions.effect": (
        "Nothing can be measured without the decisions of the machine.",
        "没有机审决策就无法计算任何指标。",
    ),
    "health.no_rows.ads.effect": (
        "No slices by language, industry or advertiser; intervals cannot allow for ads of one "
        "advertiser being alike.",
        "无法按语言、行业、广告主切分；置信区间也无法考虑同一广告主的广告彼此相似。",
    ),
    "health.no_rows.reviews.effect": (
        "Without reviews there are no labels: precision, leakage and recall stay unknown.",
        "没有审核记录就没有标注：准确率、漏放率、查全率均无法得知。",
    ),
    "health.no_rows.impressions.effect": (
        "No exposure: violating-impression and spend-weighted shares stay unknown.",
        "缺少曝光数据：违规曝光占比、违规消耗占比无法得知。",
    ),
    "health.no_rows.appeals.effect": (
        "Appeal and overturn rates stay unknown.",
        "申诉率、申诉改判率无法得知。",
    ),
    "health.no_rows.fix": ("shroff ingest {table} FILES", "执行 shroff ingest {table} 文件"),
    "health.days_without_rows.what": (
        "{count:count} of {total:count} days have no rows",
        "{total:count} 天中有 {count:count} 天没有数据",
    ),
    "health.days_without_rows.effect": (
        "Figures of those days are missing from every total and trend; weeks that hold them are "
        "too low in counts.",
        "这些天不计入任何合计与趋势；所在周的计数偏低。",
    ),
    "health.days_without_rows.fix": (
        "Export those days again and ingest them; what is known already is not added twice.",
        "重新导出这些天并导入；已有的行不会重复写入。",
    ),
    "health.thin_days.what": (
        "{count:count} of {total:count} days have under {limit:percent} of their usual rows",
        "{total:count} 天中有 {count:count} 天的行数不足平时的 {limit:percent}",
    ),
    "health.thin_days.effect": (
        "Part of the logs is perhaps missing; rates hold only if what is missing is like the rest.",
        "部分日志可能缺失；只有缺失部分与其余部分相似时，比率才成立。",
    ),
    "health.thin_days.fix": (
        "Compare with the source, and ingest those days again.",
        "与源系统核对，并重新导入这些天。",
    ),
    "health.last_day_incomplete.what": (
        "the last day, {day}, has {count:count} rows where about {total:count} are usual",
        "最后一天 {day} 只有 {count:count} 行，平时约 {total:count} 行",
    ),
    "health.last_day_incomplete.effect": (
        "The last day or week looks like a fall that did not happen.",
        "最后一天或一周看似下降，实际并非如此。",
    ),
    "health.last_day_incomplete.fix": (
        "End the period the day before, or ingest the rest of the day.",
        "将统计周期截至前一天，或补齐当天数据。",
    ),
    "health.ends_early.what": (
        "ends on {last}, {count:count} days before the other logs ({ends})",
        "止于 {last}，比其他日志（{ends}）早 {count:count} 天",
    ),
    "health.ends_early.effect": (
        "Figures that join {table} with other logs lack it for the latest days: impressions read "
        "as none served, reviews as still open.",
        "需要关联 {table} 的指标缺少最近几天：曝光会被当作未投放，审核会被当作未完成。",
    ),
    "health.ends_early.fix": (
        "Ingest the missing days, or end the period on {last}.",
        "补充导入缺失的日期，或将统计周期截至 {last}。",
    ),
    "health.late_rows.what": (
        "{share:percent} of new rows came more than {days} days after they happened "
        "(a tenth later than {usual:number} days)",
        "{share:percent} 的新增行在发生 {days} 天之后才到达（十分之一晚于 {usual:number} 天）",
    ),
    "health.late_rows.effect": (
        "Figures of a period still change after they were reported.",
        "报告发布之后，该周期的数字仍会变化。",
    ),
    "health.late_rows.fix": (
        "Report a period only about {usual:number} days after its end.",
        "请在周期结束约 {usual:number} 天后再出报告。",
    ),
    "health.rejected_rows.what": (
        "{count:count} of {total:count} rows ({share:percent}) were rejected into quarantine",
        "{total:count} 行中有 {count:count} 行（{share:percent}）被拒绝并进入隔离区",
    ),
    "health.rejected_rows.effect": (
        "They are in no figure; if they are not like the rest, every rate over {table} is off.",
        "它们不计入任何指标；若与其余行不同，所有基于 {table} 的比率都会有偏。",
    ),
    "health.rejected_rows.fix": (
        "See shroff quarantine, mend [mapping.{table}] or the file, and ingest it again.",
        "查看 shroff quarantine，修正 [mapping.{table}] 或源文件后重新导入。",
    ),
    "health.unknown_values.what": (
        "{count:count} rows ({share:percent}) were rejected for values of {column} that nobody "
        "translated",
        "{count:count} 行（{share:percent}）因 {column} 的取值未配置翻译而被拒绝",
    ),
    "health.unknown_values.effect": (
        "One kind of row is missing as a whole, so rates are biased and not only less certain.",
        "某一类数据整体缺失，因此比率有偏，而不仅是更不确定。",
    ),
    "health.unknown_values.fix": (
        "Say what they mean under [mapping.{table}.values.{column}] and ingest the files again.",
        "在 [mapping.{table}.values.{column}] 中说明其含义，然后重新导入文件。",
    ),
    # rows twice
    "health.duplicate_decisions.what": (
        "{count:count} decisions repeat another in everything but the id, within a second",
        "{count:count} 条决策除 ID 外与另一条完全相同，且相差不到一秒",
    ),
    "health.duplicate_decisions.effect": (
        "An ad counts once in the scorecard all the same; raw counts of decisions are too high.",
        "成绩单中每条广告仍只计一次，但决策总数偏高。",
    ),
    "health.duplicate_decisions.fix": (
        "Is the log written twice, or is an id made anew at export? Keep one id an event.",
        "日志是否写了两遍，或导出时重新生成了 ID？每个事件应只有一个 ID。",
    ),
    "health.duplicate_reviews.what": (
        "{count:count} reviews repeat another in everything but the id, within a second",
        "{count:count} 条审核记录除 ID 外与另一条完全相同，且相差不到一秒",
    ),
    "health.duplicate_reviews.effect": (
        "Workload, turnaround and agreement between reviewers count them twice; two copies look "
        "like two reviewers who agree.",
        "工作量、时效、一致率会重复计算；两份副本看起来像两位审核员意见一致。",
    ),
    "health.duplicate_reviews.fix": (
        "Keep one id a review task at export.",
        "导出时每个审核任务只保留一个 ID。",
    ),
    "health.duplicate_appeals.what": (
        "{count:count} appeals against the same decision were filed within the same second",
        "{count:count} 条申诉在同一秒内针对同一决策提交",
    ),
    "health.duplicate_appeals.effect": (
        "The appeal rate is too high; the overturn rate counts one ruling several times.",
        "申诉率偏高；同一裁决在改判率中被多次计入。",
    ),
    "health.duplicate_appeals.fix": (
        "Keep one id an appeal at export.",
        "导出时每次申诉只保留一个 ID。",
    ),
    **health_link_phrases.PHRASES,
    **health_time_phrases.PHRASES,
    **health_value_phrases.PHRASES,
    **health_judgement_phrases.PHRASES,
    **health_label_phrases.PHRASES,
}
