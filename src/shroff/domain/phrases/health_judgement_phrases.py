"""What `shroff check` says of judgements of LLMs."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "health.orphan_judgements.what": (
        "{count:count} judgements ({share:percent}) are of ads that are not in ads",
        "{count:count} 条大模型判断（{share:percent}）对应的广告不在 ads 表中",
    ),
    "health.orphan_judgements.effect": (
        "They are in no figure about the quality of a judge; their cost counts.",
        "不计入判断质量的任何指标；其费用仍计入。",
    ),
    "health.orphan_judgements.fix": (
        "Ingest those ads; {respelt:count} rows fit once case and spaces are ignored.",
        "补充导入这些广告；忽略大小写与空格后有 {respelt:count} 行可以匹配。",
    ),
    "health.verdict_without_answer.what": (
        "{count:count} judgements ({share:percent} of those that ended well) hold no verdict",
        "{count:count} 条判断（占正常结束的 {share:percent}）没有结论",
    ),
    "health.verdict_without_answer.effect": (
        "They say nothing of the ad, and are not taken for compliant.",
        "它们对广告没有任何说明，也不会被当作不违规。",
    ),
    "health.verdict_without_answer.fix": (
        "Map verdict, or map outcome to refused, filtered, cut, invalid or failed.",
        "请映射 verdict，或将 outcome 映射为 refused、filtered、cut、invalid 或 failed。",
    ),
    "health.answer_without_verdict.what": (
        "{count:count} judgements ({share:percent} of those without an answer) hold a verdict",
        "{count:count} 条判断（占没有回答的 {share:percent}）却有结论",
    ),
    "health.answer_without_verdict.effect": (
        "Their verdict is not used: a refusal that is logged as compliant would flatter the judge.",
        "其结论不会被采用：把拒答记为不违规会美化该判断模型。",
    ),
    "health.answer_without_verdict.fix": (
        "Leave verdict empty unless the outcome is a verdict.",
        "仅当 outcome 为 verdict 时才填写 verdict。",
    ),
    "health.cost_without_currency.what": (
        "{count:count} judgements ({share:percent} of those with a cost) name no currency",
        "{count:count} 条判断（占有费用的 {share:percent}）没有币种",
    ),
    "health.cost_without_currency.effect": (
        "Their cost is added to no sum.",
        "其费用不计入任何合计。",
    ),
    "health.cost_without_currency.fix": (
        'Say it once: constants = { currency = "USD" } under [mapping.judgements].',
        '在 [mapping.judgements] 中写明：constants = { currency = "USD" }。',
    ),
}
