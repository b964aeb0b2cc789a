"""The API describes itself in full, and nothing that fits its document makes it fall over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from tests.web.loopback import Loopback, loopback

from shroff.store.catalog_rules import RuleEvent
from shroff.workspace import Workspace

pytestmark = pytest.mark.xdist_group("web")

PACK = """
pack: tests
version: 1
rules:
  - id: cure
    action: reject
    match: miracle cure
"""


@schemathesis.serializer("application/x-ndjson")
def _lines(_: Any, value: Any) -> bytes:
    return str(value).encode("utf-8", "replace")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    """A dashboard over a workspace with a live rule and no logs."""
    made = Workspace.create(tmp_path_factory.mktemp("api") / "here")
    (made.root / "packs").mkdir()
    Path(made.root / "packs" / "tests.yaml").write_text(PACK, encoding="utf-8")
    made.catalog.rules.note(
        RuleEvent(
            at="2026-06-01", rule_id="cure", version=1, state="live", share=None, who="t", why="t"
        )
    )
    with loopback(made) as found:
        yield found


def _fallen(operation: Any, address: str) -> list[str]:
    """Ask an address in ways that fit its document; tell those that end in a fault of ours."""
    fallen: list[str] = []

    @settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: Case) -> None:
        reply = case.call(base_url=address, timeout=120)
        if reply.status_code >= 500:
            fallen.append(f"{reply.status_code} {case.as_curl_command()}"[:1000])

    ask()
    return fallen


def test_nothing_that_may_be_asked_ends_in_a_fault_of_ours(server: Loopback) -> None:
    document = schemathesis.openapi.from_dict(server.get("/api/v1/openapi.json").json())
    operations = [each.ok() for each in document.get_all_operations()]
    assert {each.path for each in operations} >= {"/api/v1/decide", "/api/v1/pages/{name}"}
    fallen = [told for each in operations for told in _fallen(each, server.address)]
    assert not fallen, "\n".join(fallen)


def test_every_address_says_what_it_answers_and_how_it_refuses(server: Loopback) -> None:
    document = server.get("/api/v1/openapi.json").json()
    schemas = document["components"]["schemas"]
    assert set(document["components"]["securitySchemes"]) == {"token", "session"}
    assert "ValidationError" not in schemas
    for path, methods in document["paths"].items():
        assert path.startswith("/api/v1/"), path
        for method, operation in methods.items():
            about = f"{method} {path}"
            assert operation["tags"], about
            assert operation.get("description"), about
            refused = operation["responses"]["422"]["content"]["application/json"]["schema"]
            assert refused == {"$ref": "#/components/schemas/Refused"}, about


def test_what_is_refused_is_told_as_the_document_has_it(server: Loopback) -> None:
    told = [
        server.get("/api/v1/pages/nothing"),
        server.get("/api/v1/pages/quality?period=yesteryear"),
        server.post("/api/v1/decide", {"ads": 3}),
        server.post("/api/v1/decide", b"\xff"),
        server.get("/api/v1/jobs/nobody"),
    ]
    for reply in told:
        assert 400 <= reply.status < 500
        assert set(reply.json()["error"]) == {"cause", "where", "hint"}
