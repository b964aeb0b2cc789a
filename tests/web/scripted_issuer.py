"""An OpenID Connect issuer on this machine that says what a test has it say."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

__all__ = ["CLIENT", "ScriptedIssuer", "scripted_issuer"]

CLIENT = "shroff-test"
Change = Callable[[dict[str, Any]], None]


@dataclass
class ScriptedIssuer:
    """What it says, and what it was asked."""

    address: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    shown: RSAKey | ECKey | None = None
    algorithm: str = "RS256"
    change: Change = lambda _: None
    about: Change = lambda _: None
    token: str = ""
    asked: dict[str, str] = field(default_factory=dict[str, str])
    forms: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    authorized: list[str] = field(default_factory=list[str])
    key_reads: int = 0

    def sign_in(self, there: str) -> dict[str, str]:
        """Take someone who was sent there, and give what they come back with."""
        self.asked = {name: found[0] for name, found in parse_qs(urlsplit(there).query).items()}
        return {"code": "a-code", "state": self.asked["state"]}

    def answer(self, path: str, form: dict[str, str], authorized: str) -> tuple[int, Any]:
        """Answer a request."""
        if path == "/.well-known/openid-configuration":
            told = {"issuer": self.address, "jwks_uri": f"{self.address}/keys"}
            told |= {
                f"{name}_endpoint": f"{self.address}/{name}" for name in ("authorization", "token")
            }
            self.about(told)
            return 200, told
        if path == "/keys":
            self.key_reads += 1
            return 200, KeySet([self.shown or self.key]).as_dict(private=False)
        self.forms.append(form)
        self.authorized.append(authorized)
        hashed = hashlib.sha256(form["code_verifier"].encode()).digest()
        proof = base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()
        if form["code"] != "a-code" or proof != self.asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"id_token": self.token or self.signed(), "token_type": "Bearer"}

    def signed(self) -> str:
        """Sign what it says of someone."""
        now = int(time.time())
        claims = {
            "iss": self.address, "sub": "42", "aud": CLIENT, "iat": now, "exp": now + 300,
            "nonce": self.asked["nonce"], "email": "Fay@Corp.example", "email_verified": True,
        }  # fmt: skip
        self.change(claims)
        header = {"alg": self.algorithm, "kid": self.key.kid}
        return jwt.encode(header, claims, self.key, algorithms=[self.algorithm])


@contextmanager
def scripted_issuer() -> Iterator[ScriptedIssuer]:
    """Serve one."""
    issuer = ScriptedIssuer()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("content-length", 0))
            form = {k: v[0] for k, v in parse_qs(self.rfile.read(length).decode()).items()}
            status, told = issuer.answer(self.path, form, self.headers.get("authorization", ""))
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _answer  # noqa: N815 - as the library calls them

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    issuer.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
