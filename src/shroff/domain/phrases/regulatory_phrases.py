"""What is said of published indicators and transparency reports, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "regulatory.title": (
        "Would published indicators tell the truth about our automation?",
        "对外披露口径能否反映自动化的真实水平？",
    ),
    "regulatory.lead": (
        "Counted as {who} publishes it, {quality} of automated measures is {proxy}. Random labels"
        " say {truth}: that way of counting is off by {gap}.",
        "按 {who} 的披露口径，自动化处置的{quality}为 {proxy}；随机抽样标注的结果是 {truth}，"
        "该口径相差 {gap}。",
    ),
    "regulatory.lead_withheld": (
        "Published definitions are off; by how much is too uncertain to be published.",
        "各披露口径存在偏差；偏差大小的不确定性过大，不予公布。",
    ),
    "regulatory.lead_near": (
        "No published definition is surely off: every gap to random labels may be nothing.",
        "各披露口径与随机抽样标注的差距均可能为零，尚不能断定有偏差。",
    ),
    "regulatory.lead_unknown": (
        "Published definitions can be computed, but without random labels nobody can say how far"
        " off they are.",
        "披露口径可以计算，但没有随机抽样标注，无法判断偏差有多大。",
    ),
    "regulatory.profile.dsa_tiktok_like": (
        "As TikTok publishes: appeals, and what people enforced",
        "TikTok 披露口径：申诉与人工处置结果",
    ),
    "regulatory.profile.dsa_google_ads_like": (
        "As Google Ads publishes: appeals and reports within 90 days",
        "Google Ads 披露口径：90 天内的申诉与举报",
    ),
    "regulatory.profile.dsa_meta_like": (
        "As Meta publishes: what was restored, and what people enforced",
        "Meta 披露口径：事后恢复与人工处置",
    ),
    "regulatory.quality.accuracy": ("accuracy", "整体准确率（accuracy）"),
    "regulatory.quality.precision": ("precision", "精确率（准确率）"),
    "regulatory.quality.recall": ("recall (sensitivity)", "查全率"),
    "regulatory.column.profile": ("Definition", "口径"),
    "regulatory.column.quality": ("Indicator", "指标"),
    "regulatory.column.proxy": ("It says", "口径值"),
    "regulatory.column.truth": ("Random labels say", "随机抽样标注"),
    "regulatory.column.gap": ("Gap, points", "差距（百分点）"),
    "regulatory.column.language": ("Language", "语言"),
    "regulatory.column.solely": ("Solely automated", "全自动处置"),
    "regulatory.column.not_solely": ("Not solely", "非全自动处置"),
    "regulatory.column.complaint": ("Complaints", "申诉"),
    "regulatory.column.number": ("Number", "数量"),
    "regulatory.every_language": ("all", "全部"),
    "regulatory.unknown_language": ("not known", "未知"),
    "regulatory.complaint.filed": ("filed in the period", "本期提交"),
    "regulatory.complaint.upheld": ("decision upheld", "维持原决定"),
    "regulatory.complaint.partly_reversed": ("partly reversed", "部分改判"),
    "regulatory.complaint.reversed": ("reversed", "改判"),
    "regulatory.complaint.omitted": ("decision omitted", "未作决定"),
    "regulatory.complaint.median_hours": ("median hours to a decision", "处理时长中位数（小时）"),
    "regulatory.how": (
        "Definitions are our reading of what platforms published, counted in full from this"
        " workspace's logs: a proxy has no sampling error and may still be wrong. The gap carries"
        " the doubt of the random labels.",
        "各口径按平台公开说明由我们解读，并在本工作区日志上全量统计：代理值没有抽样误差，但可能有偏差。"
        "差距的区间来自随机抽样标注的不确定性。",
    ),
    "regulatory.complaints_how": (
        "Filed and decided are two cohorts: they do not add up. Outcomes are those decided in the"
        " period.",
        "提交与办结属于不同批次，合计不相等；结果按本期办结统计。",
    ),
    "regulatory.young": (
        "{young:count} of {ads:count} ads are younger than {days} days: appeals and reports may yet"
        " come, and until they do this reads too well.",
        "{ads:count} 条广告中有 {young:count} 条创建不足 {days} 天：申诉与举报可能尚未发生，目前的数值偏乐观。",
    ),
    "regulatory.no_language": (
        "{unknown:count} of {ads:count} ads have no language: they count in totals only.",
        "{ads:count} 条广告中有 {unknown:count} 条没有语言信息：仅计入总数。",
    ),
    "regulatory.no_appeals": (
        "No appeal was filed in the period: published definitions then count every measure as right.",
        "本期没有提交任何申诉：按披露口径，所有处置都会被算作正确。",
    ),
    "regulatory.none_decided": (
        "No complaint was decided in the period.",
        "本期没有办结的申诉。",
    ),
    "regulatory.own_reading": (
        "The definitions are our reading of published reports, and no legal advice.",
        "各口径为我们对公开报告的解读，不构成法律意见。",
    ),
    "regulatory.draft": (
        "They are drafts: check each value before it is filed.",
        "均为草稿：提交前请逐项核对。",
    ),
    "regulatory.written": (
        "{files} files in {folder}, marked as drafts.",
        "{folder} 中已写入 {files} 个文件，均标为草稿。",
    ),
}
