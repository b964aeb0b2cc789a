"""What teams write for the values of canonical columns, in English and Chinese."""

from __future__ import annotations

from collections.abc import Collection

from shroff.store.propose_words import folded

__all__ = ["POSITIVE_NAMES", "meaning_of"]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_MEANINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "action": {
        "approve": _words(
            "pass passed approve approved allow allowed accept accepted ok release released 通过"
            " 机审通过 放行 机器通过 允许 过审 审核通过 自动通过 人审通过"
        ),
        "review": _words(
            "review manual manualreview queue queued recall recalled pending escalate escalated"
            " toreview needreview suspect 召回 召回进审 机审召回 机审进审 进人审 送人审 进审 送审 转人工 转人审 疑似 待审 待人审"
        ),
        "reject": _words(
            "reject rejected block blocked deny denied refuse refused remove removed ban banned"
            " takedown 拒绝 机审拒绝 驳回 拦截 不通过 审核不通过 封禁 下线 人审拒绝 自动拒绝"
            " 机器拒绝 机审拦截 拒审"
        ),
        "restrict": _words(
            "restrict restricted limit limited downrank agegate 限制 限制投放 限流 受限"
        ),
    },
    "source": {
        "rule": _words("rule rules keyword keywords regex 规则 词包 关键词 策略"),
        "model": _words("model ml classifier 模型 算法"),
        "llm": _words("llm gpt 大模型"),
        "human": _words("human manual reviewer moderator person 人工 人审 审核员"),
    },
    "flow_mode": {
        "review_then_serve": _words("precheck premoderation pre 先审后发 先审后投"),
        "serve_then_review": _words("postcheck postmoderation post 先发后审 先投后审"),
    },
    "queue_reason": {
        "model": _words("model score ml 模型 模型召回"),
        "rule": _words("rule rules keyword 规则 规则召回 词包"),
        "random": _words("random audit sample sampling sampled 随机 抽检 抽样 抽审 随机抽检"),
        "report": _words("report userreport complaint flag 举报 投诉 用户举报"),
        "appeal": _words("appeal 申诉"),
        "recheck": _words("recheck patrol rereview 巡检 回扫 回捞 复查"),
        "seeded": _words("seeded golden honeypot 埋雷 测试题 金标"),
    },
    "role": {
        "L1": _words("l1 first firstreview 一审 初审"),
        "L2": _words("l2 second secondreview 二审 复审"),
        "QA": _words("qa quality 质检"),
        "SME": _words("sme expert l3 final 终审 专家"),
        "LLM": _words("llm 大模型"),
    },
    "verdict": {
        "violating": _words(
            "violating violation violate violates reject rejected block fail failed toxic hate"
            " hateful offensive spam unsafe bad 违规 有违规 拒绝 不通过 驳回 审核不通过"
            " 不合规 人审违规 确认违规 判定违规 人审拒绝 有问题"
        ),
        "compliant": _words(
            "compliant ok good clean safe pass passed approve approved normal benign noviolation"
            " ham nonhateful nottoxic 合规 不违规 无违规 通过 正常 审核通过"
            " 未违规 非违规 没有违规 人审合规 人审通过 确认合规 判定合规 无问题 nonviolating"
        ),
        "unclear": _words(
            "unclear unsure skip skipped unknown borderline dontknow 不确定 存疑 无法判断 跳过"
            " 不清楚 无法判定 无法确定 难以判断 待定 疑难 cannottell undecided notsure"
        ),
    },
    "outcome": {
        "upheld": _words(
            "upheld uphold maintained denied rejected 维持 维持原判 申诉失败 申诉驳回 驳回"
        ),
        "reversed": _words(
            "reversed overturned granted success successful 改判 推翻 申诉成功 恢复"
        ),
        "partly_reversed": _words("partlyreversed partial partiallyreversed 部分改判 部分成功"),
        "omitted": _words("omitted withdrawn invalid dismissed 撤回 无效 不予受理"),
        "verdict": _words("stop ok success successful completed 有结论 成功 正常"),
        "refused": _words("refusal refuse declined 拒答 拒绝回答"),
        "filtered": _words("contentfilter filter blocked safety 内容过滤 被过滤 拦截"),
        "cut": _words("length truncated maxtokens 截断 超长"),
        "invalid": _words("badjson unparsable parseerror 无效 格式错误 解析失败"),
        "failed": _words("fail error timeout failure 失败 超时 报错"),
    },
    "kind": {
        "policy": _words("policy 政策"),
        "model": _words("model 模型"),
        "rule": _words("rule 规则 词包"),
        "threshold": _words("threshold 阈值"),
        "staffing": _words("staffing 人力 排班"),
        "guideline": _words("guideline 准则 标准"),
    },
}

_LIKELY: dict[str, dict[str, str]] = {
    "source": {
        "machine": "model",
        "auto": "model",
        "ai": "model",
        "system": "model",
        "机审": "model",
        "自动": "model",
        "机器": "model",
    },
    "role": {"1": "L1", "2": "L2", "3": "SME"},
}
"""Meanings that are likely, yet must be confirmed."""

POSITIVE_NAMES = frozenset(
    _words(
        "isviolating isviolation violating violation anyviolation toxic labeltoxic istoxic ishate"
        " spam isspam unsafe isbad 是否违规 违规 违规与否"
    )
)
"""Columns whose yes means violating."""

_YES = frozenset(_words("1 1.0 true t yes y 是"))
_NO = frozenset(_words("0 0.0 false f no n 否"))


def meaning_of(
    value: str, *, column: str, name: str, among: Collection[str] = ()
) -> tuple[str, bool] | None:
    """Tell what a value means.

    Parameters
    ----------
    value : str
        Value in the file.
    column : str
        Canonical column it is for.
    name : str
        Name of the column in the file: yes means violating in ``is_violating`` only.
    among : collection of str
        Values that the column may have: two tables may give one name to columns that differ.

    Returns
    -------
    (str, bool) or None
        Canonical value, and whether that is sure; None when it is not known.
    """
    word = folded(value)
    for meaning, words in _MEANINGS.get(column, {}).items():
        if among and meaning not in among:
            continue
        if word == folded(meaning) or word in words:
            return meaning, True
    likely = _LIKELY.get(column, {}).get(word)
    if likely and (not among or likely in among):
        return likely, False
    if column == "verdict" and word in _YES | _NO:
        return "violating" if word in _YES else "compliant", folded(name) in POSITIVE_NAMES
    return None
