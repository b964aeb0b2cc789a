"""How teams name the columns of their logs of calls to LLMs, in English and Chinese."""

from __future__ import annotations

__all__ = ["CALL_WORDS"]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


CALL_WORDS: dict[str, tuple[str, ...]] = {
    "judgement_id": _words(
        "judgmentid requestid callid completionid responseid id 判断id 请求id 调用id 判定编号"
    ),
    "returned_model": _words("responsemodel actualmodel servedmodel 返回模型 实际模型"),
    "judged_at": _words(
        "calledat requestedat completedat calltime requesttime responsetime createdat time ts"
        " 调用时间 请求时间 判断时间 时间"
    ),
    "exemption": _words("exception exempt 豁免 例外"),
    "confidence": _words("confidencelevel certainty selfconfidence 把握 自评置信"),
    "score_kind": _words("scoretype scoresource 分数类型 分数来源"),
    "samples": _words("nsamples votes k samplecount 采样数 投票数"),
    "latency_ms": _words("latency durationms elapsedms 耗时 延迟 耗时毫秒"),
    "input_tokens": _words("prompttokens tokensin inputtokencount 输入token 输入词元"),
    "cached_tokens": _words("cachedinputtokens cachereadtokens 缓存token 缓存词元"),
    "output_tokens": _words("completiontokens tokensout outputtokencount 输出token 输出词元"),
    "reasoning_tokens": _words("thinkingtokens 推理token 推理词元 思考token"),
    "cost": _words("costusd price amount fee 费用 成本 金额"),
    "currency": _words("costcurrency 币种 货币"),
    "attempts": _words("tries retries requests 尝试次数 重试次数"),
    "repaired": _words("isrepaired retriedformat 已修复 是否修复"),
    "endpoint": _words("provider server baseurl 端点 服务商 接口"),
    "run_id": _words("runid jobid batchid 运行id 任务id 批次id"),
    "copy_of": _words("duplicateof dedupof 复用自 重复于"),
    "evidence": _words("quotes evidencequotes 证据 引文"),
    "reason": _words("rationale explanation finishreason 理由 原因 解释"),
}
"""Names a column goes by, folded, the surest first."""
