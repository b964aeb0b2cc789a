"""What is said about policy texts and prompts, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "policies.p001": (
        "a policy begins with a line of three hyphens, its id and its version",
        "政策文件应以三个连字符的一行、政策编号和版本开头",
    ),
    "policies.p001.open": ("the head has no end", "文件头没有结束行"),
    "policies.p002": ("there is no key '{key}'; there are {keys}", "没有键“{key}”；可用：{keys}"),
    "policies.p002.close": (
        "there is no key '{key}'; did you mean '{close}'?",
        "没有键“{key}”；是否想写“{close}”？",
    ),
    "policies.p002.line": ("this line is not a key and a value", "此行不是键与值"),
    "policies.p003": ("'{key}' is missing", "缺少“{key}”"),
    "policies.p003.twice": ("'{key}' stands here twice", "“{key}”重复"),
    "policies.p004": ("'{key}' must be a whole number from 1", "“{key}”必须是不小于 1 的整数"),
    "policies.p004.empty": ("'{key}' has no value", "“{key}”没有值"),
    "policies.p005": (
        "'{heading}' is no section of a policy; there are {known}",
        "“{heading}”不是政策的章节；可用：{known}",
    ),
    "policies.p006": ("the section '{heading}' stands here twice", "章节“{heading}”重复"),
    "policies.p007": (
        "this text stands in no section, and comes into no prompt",
        "此处文字不属于任何章节，不会进入提示词",
    ),
    "policies.p101": ("the section '{heading}' is missing", "缺少章节“{heading}”"),
    "policies.p102": (
        "'{heading}' has {count:count} examples; give at least three",
        "“{heading}”只有 {count:count} 个示例；至少给出三个",
    ),
    "policies.p103": (
        "'{text}' is called the opposite in line {line}",
        "“{text}”在第 {line} 行的判定与此相反",
    ),
    "policies.p104": (
        "there is no '{heading}' in the other language",
        "另一种语言没有“{heading}”",
    ),
    "policies.p105": (
        "about {words:count} words in '{language}'; 400 to 600 work best",
        "“{language}”约 {words:count} 词；400 至 600 词最合适",
    ),
    "policies.p105.short": (
        "only about {words:count} words in '{language}'; 400 to 600 work best",
        "“{language}”只有约 {words:count} 词；400 至 600 词最合适",
    ),
    "policies.p106": (
        "the edge case '{text}' has no verdict behind an arrow",
        "边界情形“{text}”后面没有箭头与判定",
    ),
    "policies.p107": (
        "'{word}' leaves it to each reader what counts",
        "“{word}”由读者各自理解，应说明标准",
    ),
    "policies.p108": ("the edge case '{text}' has no reason", "边界情形“{text}”没有说明理由"),
    "policies.p109": ("the logs have no policy '{policy}'", "日志中没有政策“{policy}”"),
    "policies.p110": (
        "'{text}' stands in line {line} already",
        "“{text}”在第 {line} 行已经出现",
    ),
    "policies.p111": (
        "'{words}' speaks to the model; a policy says what violates",
        "“{words}”是对模型的指令；政策只说明何为违规",
    ),
    "policies.p112": ("nothing stands under '{heading}'", "“{heading}”下没有内容"),
    "policies.p113": (
        "the example '{text}' is golden ad {ad}, or nearly",
        "示例“{text}”与黄金样本 {ad} 相同或几乎相同",
    ),
    "policies.p112.example": ("this example has no text", "此示例没有文字"),
    "policies.lint.summary": (
        "{policies:count} policies: {errors:count} errors, {warnings:count} warnings.",
        "{policies:count} 份政策：{errors:count} 个错误，{warnings:count} 个警告。",
    ),
    "policies.diff.same": (
        "Both say the same: judgements by one are judgements by the other.",
        "两者内容相同：判定可以通用。",
    ),
    "policies.diff.summary": (
        "{policy}: {examples:count} examples and {sections:count} texts differ; version {old} is"
        " now {new}.",
        "{policy}：{examples:count} 个示例、{sections:count} 段文字不同；版本由 {old} 变为 {new}。",
    ),
    "policies.diff.version": (
        "The text changed but the version did not: raise it, so that judgements can be told apart.",
        "文字已改而版本未变：请提高版本号，以便区分判定。",
    ),
    "policies.diff.turned": (
        "'{text}' was {before} and is now {after}.",
        "“{text}”由{before}改为{after}。",
    ),
    "policies.verdict.violating": ("violating", "违规"),
    "policies.verdict.compliant": ("permitted", "不违规"),
    "policies.verdict.open": ("undecided", "未定"),
    "policies.answer.good": (
        "The answer holds: {verdict}, confidence {confidence}, {evidence:count} quotes found in the"
        " ad.",
        "回答有效：{verdict}，置信度 {confidence}，广告中找到 {evidence:count} 处引文。",
    ),
    "policies.answer.bad": ("The answer is invalid: {reasons}", "回答无效：{reasons}"),
    "policies.answer.no_json": ("it is not JSON", "不是 JSON"),
    "policies.answer.no_object": ("it is not a JSON object", "不是 JSON 对象"),
    "policies.answer.missing": ("{key} is missing", "缺少 {key}"),
    "policies.answer.unasked": ("{key} was not asked for", "{key} 并未要求"),
    "policies.answer.not_offered": ("{key} is none of those offered", "{key} 不在可选值之中"),
    "policies.answer.no_text": ("'reason' is no text", "'reason' 不是文本"),
    "policies.answer.long": (
        "'reason' has more than {most} characters",
        "'reason' 超过 {most} 个字符",
    ),
    "policies.answer.no_list": ("'evidence' is no list", "'evidence' 不是列表"),
    "policies.answer.evidence_form": (
        "evidence {n} has not a field and a quote, and nothing else",
        "第 {n} 条证据应只含 field 与 quote 两项",
    ),
    "policies.answer.evidence_bare": ("evidence {n} quotes nothing", "第 {n} 条证据没有引文"),
    "policies.answer.evidence_field": (
        "evidence {n} names no field of the ad",
        "第 {n} 条证据所指字段不在广告中",
    ),
    "policies.answer.evidence_quote": (
        "the quote of evidence {n} is not in {field}",
        "第 {n} 条证据的引文不在 {field} 中",
    ),
    "policies.answer.at_odds": (
        "{key} does not go with the verdict",
        "{key} 与结论不符",
    ),
    "policies.answer.unquoted": (
        "it says violating and quotes nothing",
        "结论为违规却没有引文",
    ),
    "policies.injections.summary": (
        "{ads:count} ads of {kinds:count} kinds of attack in {languages:count} languages; each still"
        " violates {policy}.",
        "{ads:count} 条广告，{kinds:count} 类攻击，{languages:count} 种语言；每条仍违反 {policy}。",
    ),
}
