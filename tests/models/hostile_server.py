"""A scripted chat server that does what real ones were seen to do: run alone, or in a thread.

``python -m tests.models.hostile_server PORT LATENCY`` serves good answers after some milliseconds,
each in a thread, and counts the requests in GET /count.
"""

from __future__ import annotations

import json
import re
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

__all__ = ["HostileServer", "Reply", "answer", "chat", "hostile_server", "judged"]

Body = dict[str, Any]


@dataclass
class Reply:
    """What the server does with a request."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0
    promise: int | None = None
    """Bytes that the header promises; more than come is a cut answer."""
    drop: bool = False
    """Hang up without a word."""


def chat(
    content: str | None,
    *,
    model: str = "judge-1",
    finish: str = "stop",
    refusal: str | None = None,
    tokens: list[dict[str, Any]] | None = None,
    choices: int = 1,
    usage: dict[str, Any] | None = None,
    raw: bytes | None = None,
    headers: dict[str, str] | None = None,
    wait: float = 0.0,
) -> Reply:
    """Give a well-formed answer."""
    told = {
        "id": "x",
        "object": "chat.completion",
        "model": model,
        "system_fingerprint": "fp_1",
        "choices": [
            {
                "index": index,
                "finish_reason": finish,
                "message": {"role": "assistant", "content": content, "refusal": refusal},
                "logprobs": {"content": tokens} if tokens else None,
            }
            for index in range(choices)
        ],
        "usage": usage
        or {
            "prompt_tokens": 400,
            "completion_tokens": 60,
            "prompt_tokens_details": {"cached_tokens": 300},
            "completion_tokens_details": {"reasoning_tokens": 10},
        },
    }
    body = raw if raw is not None else json.dumps(told).encode()
    return Reply(body=body, headers=headers or {}, wait=wait)


def judged(request: Body, verdict: str = "compliant", **more: Any) -> str:
    """Write an answer that holds, with a quote of the ad where it violates."""
    ad = shown(request)
    field_, text = next(iter(ad.items()))
    bad = verdict == "violating"
    policy = re.search(r'"policy": {"enum": \["([^"]+)"', json.dumps(request))
    told = {
        "verdict": verdict,
        "policy": (policy[1] if policy else "E4") if bad else None,
        "severity": 3 if bad else None,
        "evidence": [{"field": field_, "quote": text.split()[0]}] if bad else [],
        "exemption": None,
        "confidence": "high",
        "reason": "as told",
    }
    return json.dumps({**told, **more}, ensure_ascii=False)


def shown(request: Body) -> dict[str, str]:
    """Read the ad out of a request: what stands between the two marks."""
    text = request["messages"][1 if len(request["messages"]) > 1 else 0]["content"]
    found = re.search(r"(AD-[0-9A-F]{16})\n(.*)\n\1", text, re.DOTALL)
    return dict(json.loads(found[2])) if found else {"title": "hello"}


def answer(request: Body) -> Reply:
    """Judge an ad: violating when it says *miracle*, else compliant."""
    ad = shown(request)
    bad = "miracle" in json.dumps(ad).lower()
    return chat(judged(request, "violating" if bad else "compliant"), model=request["model"])


Script = Callable[[Body, int], Reply]


@dataclass
class HostileServer:
    """A server under way."""

    port: int
    script: Script
    requests: list[Body] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    busy: int = 0
    most_busy: int = 0
    listing: Reply | None = None
    """What GET brings; counts when None."""
    asked: set[bytes] = field(default_factory=set)
    """Hashes of what was asked: more requests than these were charged twice."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def count(self) -> int:
        return len(self.requests)


def _handler(server: HostileServer, *, keep: bool) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            told = {"count": server.count, "distinct": len(server.asked)}
            self._send(server.listing or Reply(body=json.dumps(told).encode()))

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with server.lock:
                server.requests.append(body if keep else {})
                server.asked.add(sha256(json.dumps(body["messages"]).encode()).digest())
                server.headers.append(dict(self.headers) if keep else {})
                number = len(server.requests)
                server.busy += 1
                server.most_busy = max(server.most_busy, server.busy)
            try:
                reply = server.script(body, number)
                if reply.wait:
                    time.sleep(reply.wait)
            finally:
                with server.lock:
                    server.busy -= 1
            self._send(reply)

        def _send(self, reply: Reply) -> None:
            if reply.drop:
                self.close_connection = True
                self.connection.close()
                return
            size = len(reply.body) if reply.promise is None else reply.promise
            kind = {"Content-Type": "application/json", **reply.headers}
            head = [f"HTTP/1.1 {reply.status} X", *(f"{n}: {v}" for n, v in kind.items())]
            if reply.promise != -1:
                head.append(f"Content-Length: {size}")
            else:
                head.append("Connection: close")
            self.wfile.write(("\r\n".join(head) + "\r\n\r\n").encode() + reply.body)
            if reply.promise is not None:
                self.close_connection = True

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news."""


@contextmanager
def hostile_server(
    script: Script = lambda body, _: answer(body), *, keep: bool = True, port: int = 0
) -> Generator[HostileServer]:
    """Serve a script: it is given each request and its number from 1."""
    told = HostileServer(port, script)
    with _Server(("127.0.0.1", port), _handler(told, keep=keep)) as http:
        told.port = http.server_address[1]
        thread = threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield told
        finally:
            http.shutdown()
            thread.join()


def main() -> None:
    """Serve until killed."""
    port, latency = int(sys.argv[1]), float(sys.argv[2]) / 1000.0

    def script(body: Body, _: int) -> Reply:
        reply = answer(body)
        reply.wait = latency
        return reply

    with hostile_server(script, keep=False, port=port) as server:
        print(server.port, flush=True)  # noqa: T201 - whoever started it reads this
        threading.Event().wait()


if __name__ == "__main__":
    main()
