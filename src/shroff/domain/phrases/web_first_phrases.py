"""Words of the first-run page, in English and Chinese."""

from __future__ import annotations

__all__ = ["PHRASES"]

_FIRST: dict[str, tuple[str, str]] = {
    "question": ("What shall we look at?", "先看什么数据？"),
    "lead": (
        "There is no workspace in this folder yet. Nothing is changed until you say so; your files"
        " stay where they are.",
        "此文件夹中还没有工作区。未经确认不会改动任何内容，文件保持原处。",
    ),
    "own_title": ("Your own logs", "自己的日志"),
    "own_lead": (
        "Choose exports of decisions, ads, reviews and so on: CSV, JSON lines or Parquet. The"
        " columns are guessed; you look over the guesses before anything is read.",
        "选择决策、广告、审核等导出文件：CSV、JSON Lines 或 Parquet。系统先猜测列的含义，由你确认后再读入。",
    ),
    "upload": ("Add files…", "添加文件…"),
    "look": ("Look at them", "查看所选文件"),
    "demo_title": ("A demo", "演示数据"),
    "demo_lead": (
        "Logs of a made-up ads platform whose truth is known, to see what everything looks like.",
        "虚构广告平台的日志，真实情况已知，可以先看看各页面的样子。",
    ),
    "ads": ("Ads", "广告数"),
    "make_demo": ("Make the demo", "生成演示"),
    "not_empty": (
        "The demo needs an empty folder: shroff demo DIR --serve makes one.",
        "演示需要空文件夹：可运行 shroff demo DIR --serve。",
    ),
    "no_files": ("No log file lies in this folder.", "此文件夹中没有日志文件。"),
    "up": ("up", "上级"),
    "uploading": ("Sending {name}", "正在上传 {name}"),
    "no_table": ("Nothing was made of it: {what}", "未能识别：{what}"),
    "map_title": ("What is what", "各列是什么"),
    "map_lead": (
        "Look over each table. Cells in red cannot be taken as they are: choose another column, a"
        " value for all rows, or what a value means.",
        "逐表确认。红色单元格无法直接读入：请更换列、为所有行指定取值，或说明取值的含义。",
    ),
    "of_files": ("from {files}", "来自 {files}"),
    "take": ("read this table", "读入此表"),
    "required": ("needed", "必填"),
    "nothing": ("– nothing –", "– 无 –"),
    "always": ("always: {value}", "固定为：{value}"),
    "more_columns": ("Further columns", "更多列"),
    "zone": ("Time zone of times that name none", "未注明时区的时间所属时区"),
    "refused": (
        "{refused} of {rows} rows looked at would be kept out.",
        "所查看的 {rows} 行中，{refused} 行无法读入。",
    ),
    "all_fine": ("All {rows} rows looked at can be read.", "所查看的 {rows} 行均可读入。"),
    "lacks": (
        "Nothing fills {columns}, so no row can be read.",
        "{columns} 没有来源，所有行都无法读入。",
    ),
    "line": ("row", "行"),
    "means": (
        "{column}: what does “{value}” mean? (× {rows})",
        "{column}：“{value}”是什么意思？（{rows} 行）",
    ),
    "other_fault": (
        "{column}: “{value}”, {reason} (× {rows})",
        "{column}：“{value}”，{reason}（{rows} 行）",
    ),
    "doubts": ("Questions", "待确认"),
    "name": ("Name of the workspace", "工作区名称"),
    "make": ("Read the logs", "读入日志"),
    "read": (
        "{table}: {inserted} of {read} rows added",
        "{table}：共 {read} 行，新增 {inserted} 行",
    ),
    "quarantined": ("{rows} kept in quarantine", "{rows} 行进入隔离区"),
    "open": ("Open the dashboard", "打开看板"),
    "opening": ("The dashboard starts…", "看板启动中…"),
}

PHRASES: dict[str, tuple[str, str]] = {f"web.first.{key}": both for key, both in _FIRST.items()}
