"""Sentences of the ingest, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "ingest.summary": (
        "{table}: {read:count} rows read, {inserted:count} new, {corrected:count} corrected, "
        "{unchanged:count} already known, {quarantined:count} in quarantine",
        "{table}：读取 {read:count} 行，新增 {inserted:count} 行，更正 {corrected:count} 行，"
        "已存在 {unchanged:count} 行，隔离 {quarantined:count} 行",
    ),
    "ingest.reason_missing": ("a required value is missing", "必填值缺失"),
    "ingest.reason_bad_type": ("not a value of this column's type", "值与该列类型不符"),
    "ingest.reason_bad_time": (
        "not a time that is understood; add its format to time_formats",
        "无法识别的时间；请把该格式加入 time_formats",
    ),
    "ingest.reason_unknown_value": (
        "not one of the allowed values; translate it under values",
        "不在允许取值之内；请在 values 中给出对应关系",
    ),
    "ingest.reason_out_of_range": ("outside the allowed range", "超出允许范围"),
    "ingest.reason_wrong_fields": (
        "more or fewer fields than the header has",
        "字段数与表头不一致",
    ),
    "ingest.reason_unbalanced_quote": (
        "a quote is opened and not closed, or stands in the wrong place",
        "引号未闭合或位置有误",
    ),
    "ingest.reason_bad_encoding": (
        "bytes that are no text in the stated encoding",
        "含有不符合指定编码的字节",
    ),
    "ingest.reason_nul_byte": ("a NUL byte", "含有 NUL 字节"),
    "ingest.reason_line_too_long": ("a record longer than 10 MB", "单条记录超过 10 MB"),
    "ingest.reason_bad_json": ("not one JSON object", "不是一个 JSON 对象"),
    "ingest.reason_cut_off": (
        "the file ends in the middle: what came before is kept",
        "文件在中途截断；截断处之前的内容已保留",
    ),
    "ingest.reason_duplicate_header": (
        "two columns of the header have this name, so that neither can be taken",
        "表头中有两列同名，无法确定取哪一列",
    ),
    "ingest.reason_missing_column": (
        "the file lacks a column that the mapping or the table needs",
        "文件缺少映射或数据表所需的列",
    ),
    "ingest.reason_empty_file": ("the file is empty", "文件为空"),
    "ingest.reason_unreadable": (
        "the file cannot be read as what its name says",
        "文件无法按其扩展名所示的格式读取",
    ),
}
