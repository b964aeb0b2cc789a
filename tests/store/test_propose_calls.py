"""A log of calls to an LLM is proposed as judgements, its outcomes translated."""

from __future__ import annotations

from pathlib import Path

import pytest

from shroff.store.propose import propose

ENGLISH = (
    "request_id,ad_id,model_name,response_model,policy_id,called_at,outcome,verdict,latency_ms,"
    "prompt_tokens,completion_tokens,cost_usd,rationale"
)
CHINESE = "请求ID,广告ID,模型名称,返回模型,政策ID,调用时间,outcome,结论,耗时毫秒,输入token,输出token,费用,理由"
ENDS = ("success", "refusal", "length", "content_filter", "success", "timeout")


@pytest.mark.parametrize("head", [ENGLISH, CHINESE])
def test_calls_become_judgements(head: str, tmp_path: Path) -> None:
    lines = [head]
    for n in range(300):
        verdict = ("violating", "compliant")[n % 2] if ENDS[n % 6] == "success" else ""
        lines.append(
            f"req{n},ad{n % 250},judge,judge-2026,{('E4', 'D1')[n % 2]},2026-05-{n % 28 + 1:02d}T10:00:00Z,"
            f"{ENDS[n % 6]},{verdict},{100 + n},{400 + n},{60 + n % 9},0.001,because"
        )
    file = tmp_path / "llm_calls.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    (table,) = propose([file]).tables
    assert table.table == "judgements"
    taken = {
        "judgement_id",
        "returned_model",
        "judged_at",
        "input_tokens",
        "output_tokens",
        "cost",
    }
    assert taken <= set(table.spec.columns)
    assert dict(table.spec.values["outcome"]) == {
        "success": "verdict",
        "refusal": "refused",
        "length": "cut",
        "content_filter": "filtered",
        "timeout": "failed",
    }
