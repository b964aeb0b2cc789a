"""Sentences of the health of times, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "health.decided_before_created.what": (
        "{count:count} decisions ({share:percent}) come before their ad was created",
        "{count:count} 条决策（{share:percent}）早于广告创建时间",
    ),
    "health.decided_before_created.effect": (
        "Turnaround is negative or too short, and some fall into the wrong day or week.",
        "时效为负或偏短，部分记录会落入错误的日或周。",
    ),
    "health.decided_before_created.fix": (
        "Do the two logs use the same time zone and clock? See time_zone in the mapping.",
        "两份日志是否使用相同的时区与时钟？请检查映射中的 time_zone。",
    ),
    "health.review_decided_before_started.what": (
        "{count:count} reviews ({share:percent}) were decided before they were opened",
        "{count:count} 条审核（{share:percent}）的完成时间早于打开时间",
    ),
    "health.review_decided_before_started.effect": (
        "Handling time is negative for them; turnaround percentiles are off.",
        "处理时长为负；时效分位数不准。",
    ),
    "health.review_decided_before_started.fix": (
        "Are started_at and decided_at swapped, or from clocks of two systems?",
        "started_at 与 decided_at 是否写反，或来自两个系统的时钟？",
    ),
    "health.review_started_before_enqueued.what": (
        "{count:count} reviews ({share:percent}) were opened before they entered the queue",
        "{count:count} 条审核（{share:percent}）的打开时间早于入队时间",
    ),
    "health.review_started_before_enqueued.effect": (
        "Waiting time is negative for them; backlog and turnaround are off.",
        "等待时长为负；积压量与时效不准。",
    ),
    "health.review_started_before_enqueued.fix": (
        "Does enqueued_at change when a task is passed on? Log the first time.",
        "任务流转时 enqueued_at 是否被改写？应记录首次入队时间。",
    ),
    "health.review_decided_before_enqueued.what": (
        "{count:count} reviews ({share:percent}) were decided before they entered the queue",
        "{count:count} 条审核（{share:percent}）的完成时间早于入队时间",
    ),
    "health.review_decided_before_enqueued.effect": (
        "Turnaround is negative for them; its percentiles are off.",
        "时效为负；时效分位数不准。",
    ),
    "health.review_decided_before_enqueued.fix": (
        "Do both times come from the same clock and zone?",
        "两个时间是否来自同一时钟与时区？",
    ),
    "health.appeal_decided_before_filed.what": (
        "{count:count} appeals ({share:percent}) were decided before they were filed",
        "{count:count} 条申诉（{share:percent}）的裁决时间早于提交时间",
    ),
    "health.appeal_decided_before_filed.effect": (
        "They fall into the wrong cohort; time to ruling is off.",
        "会落入错误的批次；裁决时长不准。",
    ),
    "health.appeal_decided_before_filed.fix": (
        "Are filed_at and decided_at swapped, or in two time zones?",
        "filed_at 与 decided_at 是否写反，或时区不同？",
    ),
    "health.appeal_before_decision.what": (
        "{count:count} appeals ({share:percent}) were filed before the decision they are against",
        "{count:count} 条申诉（{share:percent}）早于其针对的决策",
    ),
    "health.appeal_before_decision.effect": (
        "Appeal rates by cohort lose them or count them in the wrong week.",
        "按批次统计的申诉率会漏计或计入错误的周。",
    ),
    "health.appeal_before_decision.fix": (
        "Is decision_id rewritten when an ad is decided again? Log the one appealed against.",
        "重新决策时 decision_id 是否被改写？应记录被申诉的那次决策。",
    ),
    "health.future_times.what": (
        "{count:count} rows ({share:percent}) have a {column} in the future",
        "{count:count} 行（{share:percent}）的 {column} 在未来",
    ),
    "health.future_times.effect": (
        "The logs are taken to end before them, so no usual period counts them; where every row"
        " lies ahead, days are taken as they are written.",
        "日志视为在其之前结束，因此不计入任何常用周期；若所有行都在未来，则按所写日期计算。",
    ),
    "health.future_times.fix": (
        "Check the time zone and the format (day and month swapped?).",
        "检查时区与时间格式（日、月是否颠倒？）。",
    ),
    "health.ancient_times.what": (
        "{count:count} rows ({share:percent}) have a {column} before the year 2000",
        "{count:count} 行（{share:percent}）的 {column} 早于 2000 年",
    ),
    "health.ancient_times.effect": (
        "They are in no period and no trend; probably zero was written for missing.",
        "不属于任何周期与趋势；多半是用 0 表示缺失。",
    ),
    "health.ancient_times.fix": (
        'Map zero to missing: expressions = {column} = "NULLIF(..., 0)" in [mapping.{table}].',
        '将 0 映射为缺失：在 [mapping.{table}] 中写 expressions = {column} = "NULLIF(..., 0)"。',
    ),
    "health.times_without_clock.what": (
        "{share:percent} of {column} are at midnight sharp: dates without a time of day",
        "{share:percent} 的 {column} 恰为零点：只有日期没有时刻",
    ),
    "health.times_without_clock.effect": (
        "Turnaround, and what came first on a day, cannot be known.",
        "无法得知时效，也无法判断同一天内的先后。",
    ),
    "health.times_without_clock.fix": (
        "Export the full time if the source has it.",
        "如源系统有完整时间，请导出完整时间。",
    ),
    "health.clock_skew.what": (
        "{column} is about {hours} hours apart from {other}, as if in another time zone",
        "{column} 与 {other} 相差约 {hours} 小时，似乎处于不同时区",
    ),
    "health.clock_skew.effect": (
        "Turnaround is off by that much, and rows near midnight fall into the wrong day and week.",
        "时效会偏差同样的时长，零点附近的数据会落入错误的日和周。",
    ),
    "health.clock_skew.fix": (
        "Set time_zone in [mapping.{table}] (or of the other table) and ingest the files again.",
        "在 [mapping.{table}]（或另一张表）中设置 time_zone，然后重新导入文件。",
    ),
}
