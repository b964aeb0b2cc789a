"""What real servers do, each done by a scripted one: see what the client makes of it."""

from __future__ import annotations

import json
import math
import time
from typing import Any

import pytest
from tests.models.asking_scene import AD, question, questioner, sample_from
from tests.models.hostile_server import Body, Reply, answer, chat, hostile_server, judged
from tests.models.judge_scene import KEY

from shroff.domain.judgements import JudgementOutcome
from shroff.models.abilities import Abilities
from shroff.models.questioner import units_of
from shroff.models.trouble import Kind, Trouble

OK = JudgementOutcome.VERDICT
SSE = {"Content-Type": "text/event-stream"}


def error(status: int, message: str, *, code: str = "", **headers: str) -> Reply:
    """Give an error as servers write them."""
    told = {"error": {"message": message, "type": code, "code": code}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status=status, body=json.dumps(told).encode(), headers=named)


def first(reply: Reply | list[Reply]) -> Any:
    """Give these replies first, and good answers afterwards."""
    replies = reply if isinstance(reply, list) else [reply]

    def script(body: Body, number: int) -> Reply:
        return replies[number - 1] if number <= len(replies) else answer(body)

    return script


def test_a_good_answer_is_a_verdict_with_its_tokens_and_its_cost() -> None:
    with hostile_server() as server, questioner(server) as asks:
        found = sample_from(asks)
    assert (found.outcome, found.verdict, found.attempts) == (OK, "violating", 1)
    assert (found.usage.read, found.usage.cached, found.usage.reasoning) == (400, 300, 10)
    assert found.cost == pytest.approx((100 * 0.5 + 300 * 0.05 + 60 * 2.0) / 1e6)
    assert (found.model, found.fingerprint) == ("judge-1", "fp_1")


def test_too_many_requests_are_waited_for_as_long_as_the_server_asks() -> None:
    limited = error(429, "slow down", code="rate_limit_exceeded", Retry_After="0.3")
    begun = time.monotonic()
    with hostile_server(first(limited)) as server, questioner(server) as asks:
        found = sample_from(asks)
        assert server.count == 2
    assert (found.outcome, found.attempts) == (OK, 2)
    assert time.monotonic() - begun >= 0.3


def test_a_used_up_limit_in_the_headers_holds_the_next_request_back() -> None:
    def script(body: Body, number: int) -> Reply:
        reply = answer(body)
        if number == 1:
            reply.headers = {
                "x-ratelimit-remaining-requests": "0",
                "x-ratelimit-reset-requests": "300ms",
            }
        return reply

    with hostile_server(script) as server, questioner(server) as asks:
        sample_from(asks)
        begun = time.monotonic()
        sample_from(asks, {"title": "another"})
    assert time.monotonic() - begun >= 0.25


def test_no_credit_and_a_wrong_key_end_the_run_at_once() -> None:
    for status, code, kind in (
        (429, "insufficient_quota", Kind.SPENT),
        (402, "", Kind.SPENT),
        (401, "invalid_api_key", Kind.KEY),
        (404, "model_not_found", Kind.MISSING),
    ):
        with hostile_server(lambda *_, s=status, c=code: error(s, "no", code=c)) as server:
            with questioner(server) as asks, pytest.raises(Trouble) as told:
                sample_from(asks)
            assert (told.value.kind, told.value.fatal, server.count) == (kind, True, 1)


def test_a_failing_server_is_asked_again_and_given_up_after_so_many_attempts() -> None:
    with hostile_server(lambda *_: error(503, "overloaded")) as server:
        with questioner(server, attempts=3) as asks:
            found = sample_from(asks)
        assert (found.outcome, found.attempts, server.count) == (JudgementOutcome.FAILED, 3, 3)
        assert "overloaded" in found.reason
        assert found.cost is None or found.cost == 0


def test_an_answer_that_the_server_could_not_read_is_asked_for_with_another_seed() -> None:
    peg = error(500, "The model output does not match the expected peg-native format")
    with hostile_server(first([peg, peg])) as server, questioner(server) as asks:
        found = sample_from(asks)
        seeds = [body.get("seed") for body in server.requests]
    assert (found.outcome, found.attempts) == (OK, 3)
    assert len({*seeds}) == 3


def test_a_slow_server_is_given_up_and_asked_again() -> None:
    def script(body: Body, number: int) -> Reply:
        reply = answer(body)
        reply.wait = 1.5 if number == 1 else 0.0
        return reply

    with hostile_server(script) as server, questioner(server, read_seconds=0.4) as asks:
        found = sample_from(asks)
    assert (found.outcome, found.attempts) == (OK, 2)


def test_a_connection_that_breaks_or_is_never_there_is_told() -> None:
    with hostile_server(first(Reply(drop=True))) as server, questioner(server) as asks:
        assert sample_from(asks).attempts == 2
    with questioner(server, attempts=2) as asks:
        found = sample_from(asks)
    assert found.outcome is JudgementOutcome.FAILED
    assert "failed" in found.reason
    assert "refused" in found.reason.lower()


def test_a_body_that_ends_midway_is_asked_for_again() -> None:
    whole = chat("x").body
    cut = Reply(body=whole[:80], promise=len(whole))
    with hostile_server(first(cut)) as server, questioner(server) as asks:
        found = sample_from(asks)
    assert (found.outcome, found.attempts) == (OK, 2)


def pieces(*contents: str, end: bool = True, done: bool = True) -> Reply:
    """Stream an answer piece by piece."""
    events: list[dict[str, Any]] = [
        {"model": "judge-1", "choices": [{"index": 0, "delta": {"content": each}}]}
        for each in contents
    ]
    if end:
        events.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        events.append({"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 4}})
    text = "".join(f"data: {json.dumps(each)}\n\n" for each in events)
    text += "data: [DONE]\n\n" if done else ""
    return Reply(body=text.encode(), headers=SSE, promise=-1)


def test_a_stream_is_put_together_and_one_that_ends_midway_is_asked_for_again() -> None:
    def script(body: Body, number: int) -> Reply:
        assert body["stream"]
        text = judged(body, "violating")
        whole = pieces(text[:20], text[20:])
        return pieces(text[:20], end=False, done=False) if number == 1 else whole

    with hostile_server(script) as server, questioner(server, stream=True) as asks:
        found = sample_from(asks)
    assert (found.outcome, found.verdict, found.attempts) == (OK, "violating", 2)
    assert (found.usage.read, found.usage.written) == (9, 4)


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (chat(None, refusal="I can't help with that."), JudgementOutcome.REFUSED),
        (chat("I'm sorry, but I can’t assist with that."), JudgementOutcome.REFUSED),
        (chat("抱歉，我无法处理该内容。"), JudgementOutcome.REFUSED),
        (chat("", finish="content_filter"), JudgementOutcome.FILTERED),
        (error(400, "filtered", code="content_filter"), JudgementOutcome.FILTERED),
        (chat('{"verdict": "comp', finish="length"), JudgementOutcome.CUT),
        (error(400, "too long", code="exceed_context_size_error"), JudgementOutcome.FAILED),
    ],
)
def test_what_is_no_verdict_is_its_own_outcome_and_never_compliant(
    reply: Reply, outcome: JudgementOutcome
) -> None:
    with hostile_server(lambda *_: reply) as server:
        with questioner(server) as asks:
            found = sample_from(asks)
        assert (found.outcome, found.verdict, found.score) == (outcome, None, None)
        assert found.reason
        assert server.count == 1  # no repair: there is nothing to repair


def test_a_bad_answer_is_repaired_once_with_its_faults_told() -> None:
    def script(body: Body, number: int) -> Reply:
        return answer(body) if number == 2 else chat('{"verdict": "maybe"}')

    with hostile_server(script) as server:
        with questioner(server) as asks:
            found = sample_from(asks)
        said = server.requests[1]["messages"][-1]["content"]
    assert (found.outcome, found.repaired, found.attempts) == (OK, True, 2)
    assert "'verdict' is none of those offered" in said
    assert found.usage.read == 800  # both requests are paid


@pytest.mark.parametrize(
    "content",
    [
        "no json", "[]", "null", '{"verdict": "compliant"}', '{"severity": 8E5728657184933134}',
        "```json\n{}\n```", "\x00\x01", '{"a":' * 2000,
    ],
)  # fmt: skip
def test_an_answer_that_stays_bad_is_invalid_after_two_requests(content: str) -> None:
    with hostile_server(lambda *_: chat(content)) as server:
        with questioner(server) as asks:
            found = sample_from(asks)
        assert (found.outcome, server.count) == (JudgementOutcome.INVALID, 2)


@pytest.mark.parametrize("severity", [9, 2.5, 8e300, -1, True, "3", None])
def test_numbers_out_of_bounds_and_quotes_that_are_not_there_are_found_here(
    severity: object,
) -> None:
    def script(body: Body, _: int) -> Reply:
        return chat(judged(body, "violating", severity=severity))

    with hostile_server(script) as server, questioner(server) as asks:
        assert sample_from(asks).outcome is JudgementOutcome.INVALID


def test_a_quote_that_is_not_in_the_ad_is_no_evidence() -> None:
    def script(body: Body, _: int) -> Reply:
        return chat(judged(body, "violating", evidence=[{"field": "title", "quote": "casino"}]))

    with hostile_server(script) as server, questioner(server) as asks:
        found = sample_from(asks)
    assert found.outcome is JudgementOutcome.INVALID
    assert "not in title" in found.reason


@pytest.mark.parametrize(
    "body", [b"", b"<html>bad gateway</html>", b"{}", b'{"choices": []}', b"\xff\xfe{", b"[1]",
             b'{"choices": [{"message": null}]}']
)  # fmt: skip
def test_an_answer_without_an_answer_is_asked_for_again(body: bytes) -> None:
    with hostile_server(first(Reply(body=body))) as server, questioner(server) as asks:
        found = sample_from(asks)
    assert (found.outcome, found.attempts) == (OK, 2)


def test_invalid_utf8_and_control_characters_can_be_kept() -> None:
    def script(body: Body, _: int) -> Reply:
        text = json.loads(chat(judged(body, "violating", reason="a\x00b\ud800<script>")).body)
        return Reply(body=json.dumps(text).encode().replace(b"as told", b"\xff\xfe"))

    with hostile_server(script) as server, questioner(server) as asks:
        found = sample_from(asks)
    assert found.outcome is OK
    json.dumps(found.record(), ensure_ascii=False).encode()


def test_another_model_than_asked_for_is_recorded() -> None:
    other = hostile_server(lambda b, _: chat(judged(b), model="tiny-random"))
    with other as server, questioner(server) as asks:
        found = sample_from(asks)
    assert found.model == "tiny-random"
    assert found.cost is not None  # by the price of the model that was asked for


def _token(text: str, logprob: float, **others: float) -> dict[str, Any]:
    tops = [{"token": name, "logprob": chance} for name, chance in others.items()]
    return {"token": text, "logprob": logprob, "top_logprobs": tops}


def test_chances_are_aligned_on_the_label_though_tokens_and_content_differ() -> None:
    def script(body: Body, _: int) -> Reply:
        tokens = [
            _token("```json\n", -0.1),  # a wrapper that the content lacks
            _token('{"verdict": "', 0.0),
            _token("violating", -5.67, violating=-5.67, compliant=-6.67, The=-0.01, un=-9.0),
            _token('", ...}', 0.0),
        ]
        return chat(judged(body, "violating"), tokens=tokens)

    able = Abilities(logprobs=True, top_logprobs=20)
    with hostile_server(script) as server:
        with questioner(server, abilities=able) as asks:
            found = sample_from(asks)
        assert server.requests[0]["logprobs"] is True
    weights = [math.exp(-5.67), math.exp(-6.67), math.exp(-9.0)]
    assert found.score == pytest.approx(weights[0] / sum(weights))


def test_what_is_not_honoured_is_not_asked_for() -> None:
    plain = Abilities(json_schema=False, json_object=False, system=False)
    with hostile_server() as server:
        with questioner(server, abilities=plain) as asks:
            assert sample_from(asks).outcome is OK
        (body,) = server.requests
    assert not {"response_format", "logprobs", "seed", "n", "stream"} & set(body)
    assert [each["role"] for each in body["messages"]] == ["user"]
    with hostile_server() as server:
        with questioner(server, abilities=Abilities(json_schema=False)) as asks:
            sample_from(asks)
        assert server.requests[0]["response_format"] == {"type": "json_object"}


def test_several_answers_come_by_one_request_where_n_is_honoured() -> None:
    def script(body: Body, _: int) -> Reply:
        return chat(judged(body, "violating"), choices=body.get("n", 1))

    with hostile_server(script) as server:
        with questioner(server, abilities=Abilities(n=True), samples=3) as asks:
            prompt = question(asks.endpoint)
            (unit,) = units_of(prompt, asks.endpoint, asks.abilities)
            found = asks.ask(prompt, unit)
        assert (len(found), server.count) == (3, 1)
    assert sum(each.usage.read for each in found) == 400
    assert sum(each.cost or 0 for each in found) == found[0].cost


def test_the_key_is_sent_and_shown_nowhere_even_when_it_is_echoed() -> None:
    def script(body: Body, number: int) -> Reply:
        if number == 1:
            return error(500, f"bad key {KEY} {json.dumps(KEY)} {KEY[::-1]}")
        return chat(judged(body, "violating", reason=f"your key is {KEY}"), model=KEY)

    with hostile_server(script) as server:
        with questioner(server) as asks:
            found = sample_from(asks)
            told = f"{found.record()} {asks} {asks.endpoint} {asks.transport.__dict__}"
        assert server.headers[0]["Authorization"] == f"Bearer {KEY}"
        assert not any(KEY in json.dumps(body) for body in server.requests)
    told = told.replace(f"Bearer {KEY}", "")  # the header itself, which is in memory only
    assert KEY not in told
    assert KEY[::-1] not in told
    assert "your key is [key]" in told
    wrong = hostile_server(lambda *_: error(401, f"wrong: {KEY}"))
    with wrong as server, questioner(server) as asks, pytest.raises(Trouble) as fault:
        sample_from(asks)
    assert KEY not in str(fault.value)
    assert AD["title"] not in str(fault.value)
