"""Probes of servers that answer 200 to what they ignore, and of some that refuse it."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

import pytest
from tests.models.asking_scene import endpoint_of
from tests.models.hostile_server import Body, Reply, chat, hostile_server

from shroff.models.abilities import Abilities
from shroff.models.probing import Asking, probe_endpoint
from shroff.models.secret import Secret
from shroff.models.transport import Transport
from shroff.models.trouble import Kind, Trouble


def refuse(status: int = 400, message: str = "unsupported parameter") -> Reply:
    return Reply(status=status, body=json.dumps({"error": {"message": message}}).encode())


def probe(script: Callable[[Body, int], Reply]) -> tuple[Abilities, int]:
    """Probe a scripted server without waiting."""
    with hostile_server(script) as server:
        endpoint = endpoint_of(server.url, read_seconds=1.0)
        with closing(Transport(endpoint)) as way:
            found = probe_endpoint(Asking(endpoint, way, lambda _: None))
        return found, server.count


def test_a_server_that_ignores_everything_with_200_is_found_out() -> None:
    # as `transformers serve` does: logprobs, response_format, n, seed, stream_options
    found, count = probe(lambda body, number: chat(f"hello {number}", model=body["model"]))
    able = (found.json_schema, found.json_object, found.logprobs, found.n, found.seed)
    assert able == (False,) * 5
    assert found.form == "none"
    assert found.unknown_model == "answered"
    assert found.context is None
    assert count < 20


def test_a_server_that_refuses_what_it_does_not_know_is_not_asked_again() -> None:
    def script(body: Body, _: int) -> Reply:
        if {"logprobs", "response_format", "seed", "n"} & set(body):
            return refuse()
        return refuse(404, "no such model") if body["model"] != "judge-1" else chat("hello")

    found, _ = probe(script)
    assert (found.json_schema, found.logprobs, found.seed) == (False, False, False)
    assert found.unknown_model == "refused"


def test_a_server_that_honours_it_all_is_believed() -> None:
    def script(body: Body, _: int) -> Reply:
        form = body.get("response_format", {}).get("type")
        text = {"json_schema": '{"mark": "q7x"}', "json_object": '{"hello": 1}'}.get(form, "hi")
        text = f"letters {body['seed']}" if "seed" in body else text
        top = [{"token": t, "logprob": -1.0} for t in "abc"]
        tokens = [{"token": text, "logprob": -0.1, "top_logprobs": top}]
        read = 10 + 60 * (len(body["messages"]) - 1)
        return chat(
            text,
            tokens=tokens if body.get("logprobs") else None,
            choices=body.get("n", 1),
            usage={"prompt_tokens": read, "completion_tokens": 2},
        )

    found, _ = probe(script)
    able = (
        found.json_schema,
        found.json_object,
        found.logprobs,
        found.n,
        found.seed,
        found.system,
    )
    assert able == (True,) * 6
    assert found.top_logprobs == 3
    assert Abilities.of(json.loads(json.dumps(found.record()))) == found


def test_fewer_top_tokens_are_tried_where_twenty_are_refused() -> None:
    def script(body: Body, _: int) -> Reply:
        if body.get("top_logprobs", 0) > 5:
            return refuse(400, "top_logprobs must be at most 5")
        top = [{"token": str(n), "logprob": -1.0} for n in range(body.get("top_logprobs", 0))]
        tokens = [{"token": "hi", "logprob": -0.1, "top_logprobs": top}]
        return chat("hi", tokens=tokens if body.get("logprobs") else None)

    found, _ = probe(script)
    assert (found.logprobs, found.top_logprobs) == (True, 5)


def test_a_system_message_that_is_dropped_is_found_by_the_tokens_read() -> None:
    found, _ = probe(lambda *_: chat("hi", usage={"prompt_tokens": 10, "completion_tokens": 1}))
    assert not found.system


@pytest.mark.parametrize(
    ("listing", "context"),
    [
        (refuse(500, "offline"), None),
        (Reply(body=b"[]"), None),
        (Reply(body=b'{"data": [{"id": "x"}]}'), None),
        (Reply(body=b'{"data": [{"id": "a"}, {"id": "judge-1", "max_model_len": 8192}]}'), 8192),
        (Reply(body=b'{"data": [{"id": "f.gguf", "meta": {"n_ctx": 4096}}]}'), 4096),
    ],
)
def test_what_can_be_read_is_told_where_the_server_tells_it(
    listing: Reply, context: int | None
) -> None:
    with hostile_server(lambda *_: chat("hello")) as server:
        server.listing = listing
        endpoint = endpoint_of(server.url)
        with closing(Transport(endpoint)) as way:
            found = probe_endpoint(Asking(endpoint, way, lambda _: None))
    assert found.context == context


def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with hostile_server(lambda *_: chat("hello")) as server:
        monkeypatch.setenv("http_proxy", f"http://who:pass@127.0.0.1:{server.port}")
        monkeypatch.setenv("no_proxy", "")
        endpoint = replace(endpoint_of("http://models.example/v1"), secret=Secret(""))
        body = {"model": "m", "messages": [{"role": "user", "content": "x"}]}
        with closing(Transport(endpoint)) as way:
            assert way.chat(body).reply.choices[0].content == "hello"
        sent = {name.lower(): value for name, value in server.headers[0].items()}
        assert sent["proxy-authorization"].startswith("Basic ")
        monkeypatch.setenv("no_proxy", "models.example")
        with closing(Transport(endpoint)) as way, pytest.raises(Trouble) as told:
            way.chat(body)
        assert "pass" not in str(told.value)
        assert server.count == 1


def test_a_busy_server_is_waited_for_and_one_that_is_not_there_is_told() -> None:
    def script(_: Body, number: int) -> Reply:
        return refuse(429, "busy") if number == 1 else chat("hello")

    assert probe(script)[1] > 5
    with pytest.raises(Trouble) as told:
        probe(lambda *_: refuse(401, "no key"))
    assert told.value.kind is Kind.KEY
