"""What is said of rules proposed from labels, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "mine.summary": (
        "{rules:count} rules: together they catch {recall} of what violates, at a precision of"
        " {together}, on {checked:count} ads that they were not found on.",
        "{rules:count} 条规则：在 {checked:count} 条未用于发现规则的广告上，合计命中违规的 {recall}，准确率 {together}。",
    ),
    "mine.none": (
        "No rule stands at a precision of {bar:percent}: of {ads:count} labelled ads"
        " {violating:count} violate, and {ideas:count} rules were looked at. Lower --precision, or"
        " label more ads.",
        "在 {bar:percent} 的准确率下没有成立的规则：{ads:count} 条已标注广告中 {violating:count} 条违规，"
        "共考察 {ideas:count} 条候选。请降低 --precision，或标注更多广告。",
    ),
    "mine.terms": ("{rule}, term by term: {terms}", "{rule} 逐词：{terms}"),
    "mine.term": (
        "{says} {caught:count} ({mistaken:count} wrong)",
        "{says} {caught:count}（误伤 {mistaken:count}）",
    ),
    "mine.few_terms": ("{count:count} more", "另有 {count:count} 个"),
    "mine.not_written": ("{file} was not written", "未写入 {file}"),
    "mine.split": (
        "Found on {found:count} ads, measured on {checked:count} of other advertisers and other"
        " texts.",
        "在 {found:count} 条广告上发现，在其他广告主、其他文本的 {checked:count} 条上测量。",
    ),
    "mine.multiplicity": (
        "{ideas:count} rules were looked at, all on the first part; each interval holds by itself."
        " With all {rules:count} taken into account, {proved:count} are proved to reach {bar:percent}.",
        "共考察 {ideas:count} 条候选，均只用第一部分；每个区间单独成立。"
        "计入全部 {rules:count} 条后，{proved:count} 条已证实达到 {bar:percent}。",
    ),
    "mine.left_out": (
        "{terms:count} phrases that tell violations apart hold words for who people are, or slurs, and"
        " are not proposed.",
        "{terms:count} 个能区分违规的短语含有身份词或辱称，未予提议。",
    ),
    "mine.refused": (
        "{rules:count} rules did not stand when looked at again: they rest on one advertiser, are"
        " imprecise as the scanner matches them, or add nothing.",
        "{rules:count} 条规则复核未通过：只靠一个广告主、按扫描器匹配不够精确，或没有新增命中。",
    ),
    "mine.skipped": (
        "{rows:count} rows without a text or a label were left out.",
        "{rows:count} 行缺少文本或标注，已略过。",
    ),
    "mine.groups": (
        "Of {ads:count} ads that do not violate and hold words of {kind}, {share} are caught.",
        "在 {ads:count} 条含 {kind} 类词且不违规的广告中，{share} 被命中。",
    ),
    "mine.written": (
        "{rules:count} rules in {file}; try them: shroff rules test {file}",
        "{rules:count} 条规则已写入 {file}；可试：shroff rules test {file}",
    ),
    "mine.guards": (
        "{rule}: {guards:count} guards take its precision from {before} to {after} on ads they were"
        " not found on; {retired:count} terms to retire.",
        "{rule}：{guards:count} 个防误伤条件使其在未用于发现的广告上的准确率由 {before} 升至 {after}；"
        "建议停用 {retired:count} 个词。",
    ),
    "mine.no_guards": (
        "{rule}: no guard keeps what it rightly catches and spares enough of what it wrongly does;"
        " its precision is {before} on the ads kept for checking; {retired:count} terms to retire.",
        "{rule}：没有既保住正确命中、又明显减少误伤的条件；其在留出广告上的准确率为 {before}；"
        "建议停用 {retired:count} 个词。",
    ),
    "mine.retire": (
        "Retire {text}: {reason}.",
        "停用 {text}：{reason}。",
    ),
    "mine.reason.imprecise": ("its precision is below what is wanted", "准确率低于要求"),
    "mine.reason.silent": ("it is in no labelled ad", "没有已标注的广告含有它"),
    "mine.column.rule": ("rule", "规则"),
    "mine.column.kind": ("kind", "形式"),
    "mine.column.says": ("looks for", "匹配内容"),
    "mine.column.precision": ("precision (95%)", "准确率（95%）"),
    "mine.column.new": ("new", "新增命中"),
    "mine.column.mistaken": ("wrong", "误伤"),
    "mine.column.advertisers": ("advertisers", "广告主"),
    "mine.column.proved": ("proved", "已证实"),
    "mine.column.how": ("how", "方式"),
    "mine.column.spared": ("spared", "免误伤"),
    "mine.column.lost": ("lost", "漏掉"),
    "mine.kind.term": ("phrase", "短语"),
    "mine.kind.regex": ("expression", "正则"),
    "mine.kind.all": ("both", "同现"),
    "mine.kind.near": ("near", "邻近"),
    "mine.kind.list": ("any of", "任一"),
    "mine.kind.count": ("several of", "多个"),
}
