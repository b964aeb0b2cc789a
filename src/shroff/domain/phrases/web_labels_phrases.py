"""Words of the dashboard's tool for plans and batches of labels, in English and Chinese."""

from __future__ import annotations

__all__ = ["PHRASES"]

_TOOL: dict[str, tuple[str, str]] = {
    "batches_title": ("Batches", "批次"),
    "batches_lead": (
        "Label here, or take a file elsewhere and bring it back; the chance that each ad was drawn"
        " with comes back with its label.",
        "可以在此标注，也可以下载文件到别处标注再交回；每条广告的抽样概率会随标注一起回到日志。",
    ),
    "no_batch": ("No batch was drawn yet.", "还没有抽取任何批次。"),
    "batch": ("Batch", "批次"),
    "kind": ("For", "角色"),
    "progress": ("Labelled", "已标注"),
    "state": ("State", "状态"),
    "golden": ("golden set {name}", "金标集 {name}"),
    "drawn": ("drawn {day}", "抽取于 {day}"),
    "part_single": ("one person", "单人"),
    "part_first": ("first of two", "双人之一"),
    "part_second": ("second of two", "双人之二"),
    "part_third": ("third, settles disputes", "第三人裁定"),
    "state_waiting": ("waits", "待标注"),
    "state_begun": ("begun", "已开始"),
    "state_unsent": ("labels not handed in", "有标注未交回"),
    "state_taken": ("in the logs", "已入日志"),
    "label": ("Label", "标注"),
    "upload": ("Upload", "上传"),
    "reading": ("Reading {file}", "正在读取 {file}"),
    "forms": ("A batch comes back as CSV, XLSX or JSONL.", "批次文件须为 CSV、XLSX 或 JSONL。"),
    "no_verdict": (
        "No row has a verdict: fill in violating, compliant or unclear.",
        "没有任何一行填写判断：请填写违规、合规或不确定。",
    ),
    "taken": (
        "{labelled} of {asked} labels are in the logs: {added} new, {corrected} corrected.",
        "日志中已有 {asked} 条中的 {labelled} 条标注：新增 {added}，更正 {corrected}。",
    ),
    "refused": (
        "{file}: nothing was taken, {faults} rows are wrong.",
        "{file}：未读入任何标注，有 {faults} 处错误。",
    ),
    "fault_row": ("Row", "行"),
    "fault_wrong": ("Fault", "错误"),
    "fault_what": ("What is there", "详情"),
    "kind_changed": ("not as it was drawn", "与抽取时不符"),
    "kind_added": ("was not drawn", "不在批次中"),
    "kind_doubled": ("stands there twice", "重复"),
    "kind_missing": ("is missing", "缺失"),
    "kind_label": ("cannot be understood", "无法识别"),
    "more": ("{more} more are not listed.", "另有 {more} 处未列出。"),
    "plan_title": ("Which labels to buy next", "接下来标注哪些"),
    "plan_lead": (
        "Say what to know better, and the cheapest labels that tell it are worked out.",
        "指定想更确定的指标，计算成本最低的标注方案。",
    ),
    "metric": ("Know better", "更确定"),
    "metric_leakage": ("leakage", "漏放率"),
    "metric_reject_precision": ("precision of rejects", "拒绝准确率"),
    "metric_recall_any": ("recall", "查全率"),
    "metric_violating_ad_share": ("share of violating ads", "违规广告占比"),
    "of": ("Of ads with", "仅限"),
    "how": ("Interval", "区间"),
    "how_half": ("half of today's", "缩小到一半"),
    "how_third": ("a third of today's", "缩小到三分之一"),
    "how_quarter": ("a quarter of today's", "缩小到四分之一"),
    "add_goal": ("Add", "添加"),
    "remove": ("Take {what} out", "去掉 {what}"),
    "by": ("Draw by, too", "另按此列分层"),
    "budget": ("Most to spend", "预算上限"),
    "plan": ("Plan", "生成方案"),
    "column_stratum": ("Stratum", "层"),
    "column_ads": ("Ads", "广告数"),
    "column_drawn": ("Drawn already", "已抽取"),
    "column_ask": ("To label", "待标注"),
    "column_chance": ("Chance", "抽样概率"),
    "column_cost": ("Cost", "成本"),
    "draw": ("Draw this batch", "抽取此批次"),
    "drawn_now": ("{id}: {asked} ads to label.", "{id}：{asked} 条广告待标注。"),
    "drawn_none": (
        "Every ad that it would draw has a label already.",
        "应抽取的广告都已有标注。",
    ),
}

PHRASES: dict[str, tuple[str, str]] = {
    f"web.labels.tool.{key}": both for key, both in _TOOL.items()
}
