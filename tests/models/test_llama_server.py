"""The client against the real llama.cpp server, over a tiny random model made here."""

from __future__ import annotations

import json
import logging
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.models.asking_scene import endpoint_of, question
from tests.models.judge_scene import ask_for, judgements, make_scene
from tests.models.tiny_model import llama_server, write_tiny_model

from shroff.domain.judgements import JudgementOutcome
from shroff.models.abilities import Abilities
from shroff.models.chat_reply import Reply
from shroff.models.endpoint import Endpoint
from shroff.models.label_chances import label_chances
from shroff.models.pace import Backoff
from shroff.models.probing import Asking, probe_endpoint
from shroff.models.questioner import Questioner, request_body, units_of
from shroff.models.sample import sample_of
from shroff.models.secret import Secret
from shroff.models.transport import Transport
from shroff.models.trouble import Kind, Trouble

pytest.importorskip("xllamacpp", reason="the real server is not installed")
logging.getLogger("gguf").setLevel(logging.ERROR)
pytestmark = pytest.mark.xdist_group("llama")
KEY = "sk-local-0123456789"
SEEDS = range(8)
ABLE = Abilities(logprobs=True, top_logprobs=20, seed=True)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the tiny model; its file is made once for all runs of tests on this machine."""
    folder = tmp_path_factory.getbasetemp().parent
    with llama_server(write_tiny_model(folder / "tiny-random-1.gguf"), key=KEY) as address:
        yield address


def endpoint(url: str, **spec: Any) -> Endpoint:
    told = {"read_seconds": 120.0, "max_tokens": 400, **spec}
    return replace(endpoint_of(url, **told), secret=Secret(KEY))


@pytest.fixture
def way(url: str) -> Generator[Transport]:
    with closing(Transport(endpoint(url))) as transport:
        yield transport


def said(way: Transport, seed: int, **more: Any) -> Reply | Trouble:
    """Ask the question with a seed."""
    body = request_body(question(way.endpoint), endpoint=way.endpoint, abilities=ABLE, seed=seed)
    try:
        return way.chat({**body, **more}).reply
    except Trouble as fault:
        return fault


def asked(way: Transport, schema: dict[str, Any], seed: int) -> Any:
    """Ask for something of a form."""
    form = {"name": "x", "strict": True, "schema": schema}
    body = {
        "model": "tiny", "messages": [{"role": "user", "content": "go"}], "max_tokens": 120,
        "seed": seed, "response_format": {"type": "json_schema", "json_schema": form},
    }  # fmt: skip
    try:
        return json.loads(way.chat(body).reply.choices[0].content)
    except (Trouble, ValueError):
        return None


def test_the_probe_finds_what_this_server_honours(url: str, way: Transport) -> None:
    sent = Asking(endpoint(url), way)
    found = probe_endpoint(sent)
    assert (found.json_schema, found.logprobs, found.n, found.seed) == (True, True, True, True)
    assert (found.system, found.top_logprobs) == (True, 20)
    assert found.context
    assert found.unknown_model == "answered"  # with 200, and another name
    assert found.returned_model != "judge-1"
    assert "probe.other_model" in found.notes
    assert sent.tokens > 0


def test_bad_forms_are_500_for_some_seeds_and_other_seeds_bring_an_answer(way: Transport) -> None:
    found = [said(way, seed) for seed in SEEDS]
    faults = [each for each in found if isinstance(each, Trouble)]
    assert all(each.kind is Kind.FORM and each.retryable for each in faults)
    replies = [each for each in found if isinstance(each, Reply)]
    assert replies
    if not faults:
        pytest.skip("this version of the server reads all answers of these seeds")
    bad = next(seed for seed, each in zip(SEEDS, found, strict=True) if isinstance(each, Trouble))
    spec = {"params": {"seed": bad}, "attempts": 20}
    with closing(Transport(endpoint(way.endpoint.spec.url, **spec))) as transport:
        asks = Questioner(
            endpoint=transport.endpoint, abilities=ABLE, transport=transport,
            backoff=Backoff(first=0.001),
        )  # fmt: skip
        prompt = question(asks.endpoint)
        sample = asks.ask(prompt, units_of(prompt, asks.endpoint, ABLE)[0])[0]
    assert sample.attempts > 1
    assert sample.outcome is not JudgementOutcome.FAILED


def test_labels_are_found_in_tokens_that_are_not_the_content(way: Transport) -> None:
    # of random weights, twenty tokens do not hold all labels; this server gives more if asked
    found = [said(way, seed, top_logprobs=260) for seed in SEEDS]
    replies = [each for each in found if isinstance(each, Reply)]
    choices = [reply.choices[0] for reply in replies]
    joined = ["".join(token.text for token in choice.tokens) for choice in choices]
    assert any(text != choice.content for text, choice in zip(joined, choices, strict=True))
    told = 0
    for choice in choices:
        if choice.finish != "stop":
            continue
        label = json.loads(choice.content)["verdict"]
        chances = label_chances(choice.tokens, label)
        if chances is not None:
            told += 1
            assert sum(chances.values()) == pytest.approx(1.0)
            assert all(0.0 <= each <= 1.0 for each in chances.values())
    assert told


def test_what_the_server_enforces_and_what_it_does_not(way: Transport) -> None:
    number = {"type": "object", "properties": {"x": {"type": "number", "minimum": 0, "maximum": 1}},
              "required": ["x"]}  # fmt: skip
    numbers = [a["x"] for seed in SEEDS if (a := asked(way, number, seed)) is not None]
    assert any(not 0 <= each <= 1 for each in numbers)  # bounds of numbers: not enforced
    whole = {"type": "object", "properties": {"x": {"type": "integer", "minimum": 1, "maximum": 5}},
             "required": ["x"]}  # fmt: skip
    wholes = [a["x"] for seed in SEEDS if (a := asked(way, whole, seed)) is not None]
    assert wholes
    assert all(each in range(1, 6) for each in wholes)  # bounds of integers are
    several = {
        "type": "object",
        "properties": {"x": {"type": "array", "items": {"enum": ["A", "B"]}, "uniqueItems": True,
                             "minItems": 3, "maxItems": 4}},
        "required": ["x"],
    }  # fmt: skip
    lists = [a["x"] for seed in SEEDS if (a := asked(way, several, seed)) is not None]
    assert lists
    assert all(len(set(each)) < len(each) for each in lists)  # uniqueness is not


def test_answers_of_random_weights_are_never_taken_on_trust(way: Transport) -> None:
    prompt = question(way.endpoint)
    for seed in SEEDS:
        reply = said(way, seed)
        if isinstance(reply, Trouble):
            continue
        sample = sample_of(reply.choices[0], prompt)
        json.dumps(sample.record(), ensure_ascii=False).encode()
        for quote in (sample.judgement or {}).get("evidence", ()):
            assert quote["quote"] in prompt.ad[quote["field"]]


def test_a_cut_answer_is_cut(way: Transport) -> None:
    for seed in SEEDS:
        reply = said(way, seed, max_tokens=20)
        if isinstance(reply, Reply):
            assert reply.choices[0].finish == "length"
            found = sample_of(reply.choices[0], question(way.endpoint))
            assert found.outcome is JudgementOutcome.CUT
            return
    pytest.fail("no seed brought an answer")


def test_several_answers_and_cached_tokens_are_counted(way: Transport) -> None:
    plain = {
        "model": "m",
        "messages": [{"role": "user", "content": "hello " * 40}],
        "max_tokens": 8,
    }
    assert len(way.chat({**plain, "n": 2}).reply.choices) == 2
    again = way.chat(plain).reply
    assert again.usage.cached > 0
    assert again.usage.read >= again.usage.cached


def test_a_stream_brings_what_a_whole_answer_brings(way: Transport) -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": "go"}], "max_tokens": 30,
            "seed": 5, "temperature": 0.0}  # fmt: skip
    whole = way.chat(body).reply
    pieces = way.chat({**body, "stream": True, "stream_options": {"include_usage": True}}).reply
    assert pieces.choices[0].content == whole.choices[0].content
    assert pieces.choices[0].finish == whole.choices[0].finish
    assert pieces.usage.written == whole.usage.written


def test_a_wrong_key_a_long_text_and_what_is_not_served_are_told_apart(url: str) -> None:
    wrong = replace(endpoint(url), secret=Secret("sk-wrong-key-77"))
    with closing(Transport(wrong)) as way, pytest.raises(Trouble) as told:
        way.chat({"model": "m", "messages": [{"role": "user", "content": "x"}]})
    assert told.value.kind is Kind.KEY
    assert "sk-wrong" not in str(told.value)
    with closing(Transport(endpoint(url))) as way:
        long = {"model": "m", "messages": [{"role": "user", "content": "word " * 9000}]}
        with pytest.raises(Trouble) as told:
            way.chat(long)
        assert told.value.kind is Kind.LONG
        with pytest.raises(Trouble) as told:
            way.post("embeddings", {"model": "m", "input": "x"})
        assert told.value.kind is Kind.MISSING
        assert told.value.fatal


def test_ads_of_a_workspace_are_judged_by_a_real_server(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUDGE_KEY", KEY)
    scene = make_scene(
        tmp_path / "w", url=url, ads=5, max_tokens=400, read_seconds=120.0, attempts=10,
        params={"seed": 3},
    )  # fmt: skip
    found = scene.modeller.judge(ask_for(scene))
    rows = judgements(scene)
    assert (len(rows), found.probed) == (5, True)
    assert {row["outcome"] for row in rows} <= {each.value for each in JudgementOutcome}
    for row in rows:
        assert (row["verdict"] is None) == (row["outcome"] != "verdict")
        assert row["score"] is None or 0 <= row["score"] <= 1
        assert row["returned_model"] != "judge-1"
    assert any("another model answered" in note.text() for note in found.notes())
    assert not [
        path for path in scene.root.rglob("*")
        if path.is_file() and KEY.encode() in path.read_bytes()
    ]  # fmt: skip
    again = scene.modeller.judge(ask_for(scene))
    assert again.wanted == sum(row["outcome"] == "failed" for row in rows)
