"""Other sites cannot ask, and a page may run nothing but our own scripts."""

from __future__ import annotations

import pytest
from tests.web.conftest import Served

from shroff.web.guard import is_loopback

pytestmark = pytest.mark.xdist_group("web")


def test_every_answer_is_guarded(served: Served) -> None:
    for path in ("/metrics", "/static/dashboard.css", "/nothing", "/api/v1/openapi.json"):
        headers = served.ask(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""])
def test_a_name_that_was_made_to_point_here_is_refused(served: Served, host: str) -> None:
    assert served.ask("/metrics", Host=host).status == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_site_cannot_change_anything(served: Served, headers: dict[str, str]) -> None:
    assert served.ask("/metrics", method="POST", **headers).status == 403


def test_what_this_site_sends_passes_the_guard(served: Served) -> None:
    reply = served.ask("/metrics", method="POST", Origin=served.address)
    assert reply.status == 405


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("[::1]", True),
        ("::1", True),
        ("0.0.0.0", False),  # noqa: S104 - an address to be refused
        ("192.168.0.2", False),
        ("localhost.evil.example", False),
    ],
)
def test_this_machine_is_told_from_others(host: str, here: bool) -> None:
    assert is_loopback(host) is here
