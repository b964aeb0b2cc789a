"""Pipelines have ads scanned and decided by what is live, in JSON and in lines of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.web.loopback import Loopback, loopback

from shroff.store.catalog_rules import RuleEvent
from shroff.web.live_records import MOST_ADS, DecidedTold, DecisionTold, ScannedTold, StrategyTold
from shroff.workspace import Workspace

pytestmark = pytest.mark.xdist_group("web")

PACK = """
pack: tests
version: 1
rules:
  - id: cure
    action: reject
    policy: E1
    match: miracle cure
  - id: slim
    action: review
    match: slim
"""
AD = {"ad_id": "1", "title": "miracle cure, call 555 010 9999", "scores": {"risk": 0.2}}


@pytest.fixture
def here(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "here")
    (made.root / "packs").mkdir()
    (made.root / "packs" / "tests.yaml").write_text(PACK, encoding="utf-8")
    for rule, state in (("cure", "live"), ("slim", "shadow")):
        made.catalog.rules.note(
            RuleEvent(
                at="2026-06-01", rule_id=rule, version=1, state=state, share=None, who="t", why="t"
            )
        )
    return made


@pytest.fixture
def client(here: Workspace) -> Iterator[Loopback]:
    with loopback(here) as made:
        yield made


def test_ads_are_decided_with_reasons_and_shadows(client: Loopback) -> None:
    reply = client.post("/api/v1/decide", {"ads": [AD, {"title": "get slim"}]})
    assert reply.status == 200, reply.data.decode()
    told = DecidedTold.model_validate(reply.json())
    first, second = told.decisions
    assert (first.action, first.decided_by.detector, first.policy_id) == ("reject", "cure", "E1")
    assert first.rules[0].spots[0].matched == "miracle cure"
    assert (second.action, second.shadow.action) == ("approve", "review")
    assert {first.strategy, second.strategy} == {told.strategy}


def test_lines_are_answered_line_by_line_in_their_order(client: Loopback) -> None:
    lines = [json.dumps({**AD, "ad_id": str(n)}) for n in range(1200)]
    lines[3], lines[700] = "{", '{"title": 3}'
    reply = client.post(
        "/api/v1/decide/lines",
        "\n".join(lines).encode(),
        **{"content-type": "application/x-ndjson"},
    )
    assert reply.status == 200, reply.data.decode()
    told = [json.loads(line) for line in reply.data.decode().splitlines()]
    assert len(told) == 1200
    assert [n for n, each in enumerate(told) if "error" in each] == [3, 700]
    assert told[3]["error"]["row"] == 4
    assert DecisionTold.model_validate(told[1199]).ad_id == "1199"


def test_scan_tells_rules_by_where_they_stand(client: Loopback) -> None:
    reply = client.post("/api/v1/scan", {"ads": [AD, {"title": "slim"}], "states": ["shadow"]})
    told = ScannedTold.model_validate(reply.json())
    assert [[rule.rule_id for rule in ad.rules] for ad in told.ads] == [[], ["slim"]]


def test_what_changes_is_live_at_once_under_another_name(
    here: Workspace, client: Loopback
) -> None:
    before = StrategyTold.model_validate(client.get("/api/v1/strategy").json())
    here.catalog.rules.note(
        RuleEvent(
            at="2026-06-02", rule_id="cure", version=1, state="stopped", share=None,
            who="breaker", why="surge",
        )
    )  # fmt: skip
    told = client.post("/api/v1/decide", {"ads": [AD]}).json()
    assert told["decisions"][0]["action"] == "approve"
    assert told["strategy"] != before.id
    assert before.rules == {"live": 1, "shadow": 1}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("decide", b"{", 422),
        ("decide", b'{"ads": []}', 422),
        ("decide", b'{"ads": [{"title": 3}]}', 422),
        ("decide", b'{"ads": [{"scores": {"risk": "x"}}]}', 422),
        ("decide", json.dumps({"ads": [{}] * (MOST_ADS + 1)}).encode(), 422),
        ("decide", b'{"ads": [{}], "more": 1}', 422),
        ("decide", b"[" * 100_000, 422),
        ("decide", b'{"ads": [{"title": "\\ud800"}]}', 422),
        ("scan", b'{"ads": [{}], "states": ["gone"]}', 422),
        ("decide/lines", b"\n" * 30_000 + b"1\n" * 20_001, 422),
    ],
)
def test_what_cannot_be_read_is_refused(
    client: Loopback, path: str, body: bytes, status: int
) -> None:
    reply = client.post(f"/api/v1/{path}", body)
    assert reply.status == status or (status == 422 and reply.status == 400), reply.data.decode()


@pytest.mark.parametrize(
    "row",
    [
        {"title": "\x00\u202e" + "👩‍👩‍👧" * 50, "extra": {"a": [1]}},
        {"title": None, "spend": 1e308, "n": -1, "flag": True},
        {"market": "", "scores": {}},
    ],
)
def test_hostile_ads_are_decided_like_others(client: Loopback, row: dict[str, object]) -> None:
    reply = client.post("/api/v1/decide", {"ads": [row, AD]})
    told = DecidedTold.model_validate(reply.json())
    assert [each.action for each in told.decisions] == ["approve", "reject"]
