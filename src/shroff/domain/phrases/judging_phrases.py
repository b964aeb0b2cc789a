"""What `shroff models probe | judge | batch | sent` say."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "judging.summary": (
        "{ads:count} of {wanted:count} ads judged against {policy}: {violating:count} violating,"
        " {compliant:count} compliant, {unclear:count} unclear, {none:count} without a verdict;"
        " {requests:count} requests, {copies:count} ads had a wording asked about already.",
        "按 {policy} 判断了 {ads:count}/{wanted:count} 条广告：违规 {violating:count}，"
        "不违规 {compliant:count}，不确定 {unclear:count}，没有结论 {none:count}；"
        "发出 {requests:count} 个请求，{copies:count} 条广告的文案此前已问过。",
    ),
    "judging.cost": (
        "Cost: {cost} {currency} for {tokens:count} tokens.",
        "费用：{cost} {currency}，共 {tokens:count} 个 token。",
    ),
    "judging.cost_part": (
        "Cost: {cost} {currency} at least, for {tokens:count} tokens; what {unpriced:count}"
        " answers cost is not known.",
        "费用：至少 {cost} {currency}，共 {tokens:count} 个 token；{unpriced:count} 个回答的费用未知。",
    ),
    "judging.uncounted": (
        "The server did not count the tokens of {n:count} answers: the budget takes the most that"
        " they can have used.",
        "服务器未统计 {n:count} 个回答的 token：预算按其最多可能用量扣除。",
    ),
    "judging.cost_unknown": (
        "{tokens:count} tokens; what they cost is not known: set prices for the endpoint.",
        "共 {tokens:count} 个 token；费用未知：请为该端点设置 prices。",
    ),
    "judging.outcome.refused": (
        "{n:count} refused by the model: that is no verdict, and not compliant.",
        "{n:count} 条被模型拒答：这不是结论，也不等于不违规。",
    ),
    "judging.outcome.filtered": (
        "{n:count} stopped by the provider's filter: that is no verdict.",
        "{n:count} 条被服务商的过滤器拦截：这不是结论。",
    ),
    "judging.outcome.cut": (
        "{n:count} answers were cut at max_tokens: raise it.",
        "{n:count} 个回答在 max_tokens 处被截断：请调大。",
    ),
    "judging.outcome.invalid": (
        "{n:count} answers could not be used, after one more try each.",
        "{n:count} 个回答无法使用，各重问一次后仍如此。",
    ),
    "judging.outcome.failed": (
        "{n:count} got no answer: the same command asks again.",
        "{n:count} 条没有得到回答：再次运行同一命令即可重问。",
    ),
    "judging.other_model": (
        "Asked for {asked}, but the server says that another model answered: {answered}.",
        "请求的是 {asked}，但服务器称由其他模型回答：{answered}。",
    ),
    "judging.repaired": (
        "{n:count} answers were bad at first and good when asked for again.",
        "{n:count} 个回答起初不合格，重问后合格。",
    ),
    "judging.masked": (
        "Contact details were masked in {n:count} texts before they left.",
        "发出前已对 {n:count} 段文本中的联系方式打码。",
    ),
    "judging.doubt": (
        "{n:count} requests were under way when an earlier run ended; whether they were charged is"
        " not known. They were not sent again: --again sends them.",
        "{n:count} 个请求在之前的运行中断时尚未结束，是否已计费无从得知。未再次发送；加 --again 可重发。",
    ),
    "judging.no_score": (
        "No score: the endpoint gives no usable chances of tokens, and one answer an ad has no"
        " vote share; samples = 5 gives one.",
        "没有分数：该端点不提供可用的 token 概率，而每条广告仅一个回答时没有投票占比；设 samples = 5 即可得到。",
    ),
    "judging.stopped.budget": (
        "Stopped: the next request might break the budget. {left:count} ads are left; the same"
        " command goes on.",
        "已停止：下一个请求可能超出预算。还剩 {left:count} 条广告；再次运行同一命令可继续。",
    ),
    "judging.stopped.killed": (
        "Stopped: the model is switched off; shroff models kill says by whom and why. What was"
        " answered is kept; {left:count} ads are left.",
        "已停止：该模型已熔断，shroff models kill 可查看操作人与原因。得到的回答均已保存；还剩 {left:count} 条广告。",
    ),
    "judging.stopped.cancelled": (
        "Cancelled: what was answered is kept. {left:count} ads are left; the same command goes on.",
        "已取消：得到的回答均已保存。还剩 {left:count} 条广告；再次运行同一命令可继续。",
    ),
    "judging.next": (
        "How good is it? shroff models curves --model {name}, or draw a golden set.",
        "判断得好不好？运行 shroff models curves --model {name}，或抽取黄金集。",
    ),
    "judging.next_golden": (
        "How good is it? Draw a golden set: shroff models golden draw.",
        "判断得好不好？请抽取黄金集：shroff models golden draw。",
    ),
    "judging.textless": (
        "{n:count} ads have no text, and cannot be judged.",
        "{n:count} 条广告没有文本，无法判断。",
    ),
    "judging.none": (
        "There is no ad with a text to judge.",
        "没有可判断的广告：所选范围内没有带文本的广告。",
    ),
    "judging.nothing": (
        "No ad is left to judge: this judge has judged all of them.",
        "没有待判断的广告：该判断模型已全部判断过。",
    ),
    "probe.summary": (
        "{endpoint} ({host}) answers as {model}; {requests:count} requests, {tokens:count} tokens.",
        "{endpoint}（{host}）以 {model} 应答；共 {requests:count} 个请求，{tokens:count} 个 token。",
    ),
    "probe.other_model": (
        "The server names another model than the one asked for.",
        "服务器返回的模型名与请求的不同。",
    ),
    "probe.no_usage": (
        "The server counts no tokens: cost and token limits go by guesses.",
        "服务器不统计 token：费用与 token 上限只能估算。",
    ),
    "probe.unknown_answered": (
        "A model that there is not was answered all the same: a wrong name in the settings would"
        " not be noticed by the server.",
        "请求不存在的模型也得到了应答：设置中模型名写错时，服务器不会察觉。",
    ),
    "probe.by_logprob": (
        "Scores come from the chances of the label's token.",
        "分数来自标签 token 的概率。",
    ),
    "probe.by_votes": (
        "No chances of tokens: scores are shares of votes, with samples = 3 or more.",
        "没有 token 概率：分数为投票占比，需设 samples = 3 或以上。",
    ),
    "probe.honoured": ("honoured", "支持"),
    "probe.not_honoured": ("ignored or refused", "被忽略或被拒绝"),
    "probe.ability.json_schema": ("answers keep to a schema", "回答遵循 JSON schema"),
    "probe.ability.json_object": ("answers are JSON", "回答为 JSON"),
    "probe.ability.logprobs": ("chances of tokens", "token 概率"),
    "probe.ability.seed": ("one seed, one answer", "固定种子则回答固定"),
    "probe.ability.n": ("several answers for one request", "一次请求多个回答"),
    "probe.ability.system": ("the system message is read", "读取 system 消息"),
    "probe.context": ("tokens that it can read: {n:count}", "可读 token 数：{n:count}"),
    "probe.context_unknown": (
        "how many tokens it can read: not told",
        "可读 token 数：服务器未说明",
    ),
    "batch.written": (
        "{requests:count} requests for {ads:count} ads in {files:count} files in {folder}; send"
        " them, then: shroff models batch read {folder}",
        "已将 {ads:count} 条广告的 {requests:count} 个请求写入 {folder} 中的 {files:count} 个文件；"
        "提交后运行：shroff models batch read {folder}",
    ),
    "batch.most": (
        "They cost {cost} {currency} at most.",
        "费用至多 {cost} {currency}。",
    ),
    "batch.read": (
        "{answered:count} of {asked:count} requests came back: {verdicts:count} verdicts,"
        " {others:count} without one; {written:count} judgements are new.",
        "{asked:count} 个请求中返回 {answered:count} 个：有结论 {verdicts:count}，"
        "没有结论 {others:count}；新增判断 {written:count} 条。",
    ),
    "batch.missing": (
        "{n:count} requests have no answer yet: they expired, failed or are in another file."
        " batch write writes them anew.",
        "{n:count} 个请求尚无回答：已过期、失败或在其他文件中。再次运行 batch write 会重新写出。",
    ),
    "batch.fault": (
        "{n:count} of the lines bring no answer: {fault}.",
        "{n:count} 行没有回答：{fault}。",
    ),
    "batch.twice": (
        "{n:count} lines answer what an earlier line answered: the first one counts.",
        "{n:count} 行重复回答了前面已回答的请求：以第一次为准。",
    ),
    "batch.strange": (
        "{n:count} lines answer nothing that was asked here, and were left out.",
        "{n:count} 行不对应此处的任何请求，已略过。",
    ),
    "batch.unreadable": (
        "{n:count} lines could not be read; the first: {first}",
        "{n:count} 行无法读取；第一处：{first}",
    ),
    "sent.column.at": ("when", "时间"),
    "sent.column.what": ("what", "内容"),
    "sent.column.endpoint": ("endpoint", "端点"),
    "sent.column.host": ("host", "主机"),
    "sent.column.model": ("model", "模型"),
    "sent.column.policy": ("policy", "政策"),
    "sent.column.version": ("version", "版本"),
    "sent.column.masked": ("masked", "打码"),
    "sent.column.ads": ("ads", "广告"),
    "sent.column.requests": ("requests", "请求"),
    "sent.column.tokens": ("tokens", "token 数"),
    "sent.column.cost": ("cost", "费用"),
    "sent.column.currency": ("currency", "币种"),
    "sent.column.state": ("state", "状态"),
    "sent.column.run": ("run", "运行"),
    "sent.none": (
        "Nothing was sent from this workspace.",
        "该工作区未向外发送过任何内容。",
    ),
    "sent.killed": (
        "A batch that is still under way, with no such run now, was killed; its answers are kept.",
        "仍显示进行中但已无对应运行的批次是被中断的；其回答已保存。",
    ),
}
