"""Words of the dashboard's reports, in English and Chinese."""

from __future__ import annotations

__all__ = ["PHRASES"]

_TOOL: dict[str, tuple[str, str]] = {
    "lead": (
        "A report answers the questions of its readers, with the days and filters above. It is"
        " written in the background.",
        "报告回答读者关心的问题，使用上方的日期与筛选条件，在后台生成。",
    ),
    "audience": ("For whom", "读者"),
    "name_team": ("The team", "团队"),
    "name_executive": ("Executives", "管理层"),
    "name_policy": ("Policy", "政策"),
    "name_ml": ("Machine learning", "机器学习"),
    "name_operations": ("Operations", "审核运营"),
    "name_sales": ("Sales", "销售"),
    "language": ("Language", "语言"),
    "kinds": ("Files", "文件"),
    "doubt": ("Unsure figures", "不确定的数字"),
    "publish": ("withhold, as for readers outside", "不予显示（供外部读者）"),
    "write": ("Write the report", "生成报告"),
    "schedule": ("Write it regularly…", "定期生成…"),
    "when": ("When", "时间"),
    "mondays": ("Mondays at 08:00", "每周一 08:00"),
    "months": ("On the 1st of a month at 08:00", "每月 1 日 08:00"),
    "days": ("Every day at 08:00", "每天 08:00"),
    "other_times": ("Other times", "其他时间"),
    "cron": ("Minute, hour, day, month, weekday", "分 时 日 月 星期"),
    "zone": ("Time zone", "时区"),
    "keep_schedule": ("Keep this schedule", "保存计划"),
    "tell": ("tell {host} each time", "每次通知 {host}"),
    "written": ("Written reports", "已生成的报告"),
    "scheduled": ("Regular reports", "定期报告"),
    "none_written": ("None yet.", "暂无。"),
    "none_scheduled": ("None.", "无。"),
    "done": ("Written: {headline}", "已生成：{headline}"),
    "scheduled_at": ("Next on {next}.", "下次生成：{next}。"),
    "missing": (
        "{kind} cannot be written here: it needs {what}.",
        "此处无法生成 {kind}：需要 {what}。",
    ),
    "at": ("Written", "生成时间"),
    "period": ("Days", "日期"),
    "files": ("Files", "文件"),
    "gone": ("removed", "已删除"),
    "send": ("Tell", "通知"),
    "told": ("{host} was told.", "已通知 {host}。"),
    "next": ("Next", "下次"),
    "last": ("Last time", "上次"),
    "not_yet": ("not yet", "尚未"),
    "unschedule": ("Stop", "停止"),
    "state_working": ("being written", "生成中"),
    "state_done": ("written", "已生成"),
    "state_failed": ("failed", "失败"),
    "state_interrupted": ("interrupted", "中断"),
}

PHRASES: dict[str, tuple[str, str]] = {
    "web.reports.name": ("Reports", "报告"),
    "web.reports.question": ("Who should read what?", "谁该读到什么？"),
    **{f"web.reports.tool.{key}": both for key, both in _TOOL.items()},
}
