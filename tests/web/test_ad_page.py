"""The page of one ad shows what every log says of it, and no text of a stranger runs or hides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.web.conftest import Served
from tests.web.loopback import Loopback, loopback

from shroff.workspace import Workspace

pytestmark = pytest.mark.xdist_group("web")

PACK = """
pack: own
version: 1
rules:
  - {id: SLIM, action: reject, policy: E1, match: slim fast}
"""
HOSTILE = "<script>alert(1)</script> \u202eevil\u202c zero\u200bwidth sl\u200bim fast"


def _ad(name: str, version: int, **more: object) -> dict[str, object]:
    return {
        "ad_id": name, "ad_version": version, "created_at": f"2026-06-0{version}T00:00:00Z",
        "advertiser_id": f"adv-{name}", "market": "US", "language": "en", **more,
    }  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    """A dashboard over three ads: one hostile with two versions, a copy, another."""
    root = tmp_path_factory.mktemp("ads")
    here = Workspace.create(root / "here")
    copy = "the very same long text about a miracle diet that works for everybody at home"
    rows = {
        "ads": [
            _ad("a/1?", 1, title="harmless", body=copy, landing_url="javascript:alert(1)"),
            _ad("a/1?", 2, title=HOSTILE, body=copy + " call +1 555 010 9999", creative_hash="c"),
            _ad("b", 1, title="x", body=copy.replace("miracle", "m1racle"), creative_hash="c"),
            _ad("c", 1, title="other", body="a bicycle for children, red or blue, with a bell"),
        ],
        "decisions": [
            {"decision_id": "d1", "ad_id": "a/1?", "ad_version": 2, "decided_at": "2026-06-02T01:00:00Z",
             "action": "reject", "policy_id": "E1", "source": "rule", "detector": "SLIM", "version": "1"},
        ],
        "hits": [
            {"ad_id": "a/1?", "ad_version": 2, "detector": "SLIM", "version": "1", "field": "title",
             "hit_at": "2026-06-02T01:00:00Z", "span_start": 48, "span_end": 58, "deciding": True},
        ],
        "reviews": [
            {"review_id": "r1", "ad_id": "a/1?", "ad_version": 2, "role": "SME", "verdict": "violating",
             "policies": ["E1"], "enqueued_at": "2026-06-02T02:00:00Z", "decided_at": "2026-06-02T03:00:00Z"},
        ],
        "impressions": [
            {"ad_id": "a/1?", "day": "2026-06-03", "impressions": 7, "clicks": 1, "spend": 0.5},
            {"ad_id": "a/1?", "day": "2026-06-04", "impressions": 5, "clicks": 0, "spend": 0.5},
        ],
    }  # fmt: skip
    for table, own in rows.items():
        file = root / f"{table}.jsonl"
        file.write_text("\n".join(map(json.dumps, own)), encoding="utf-8")
        assert here.ingest(table, [file]).inserted == len(own)
    (here.root / "packs").mkdir()
    (here.root / "packs" / "own.yaml").write_text(PACK, encoding="utf-8")
    with loopback(here) as made:
        yield made


@pytest.fixture(scope="module")
def ad(client: Loopback) -> Any:
    return client.get("/api/v1/ad?id=a%2F1%3F").json()


def test_each_version_has_its_texts_as_they_are(ad: Any) -> None:
    assert [each["version"] for each in ad["versions"]] == [1, 2]
    newest = ad["versions"][1]
    assert newest["texts"]["title"] == {"text": HOSTILE, "length": len(HOSTILE)}
    assert "555" not in newest["texts"]["body"]["text"]
    assert newest["truth"]["violating"] is True
    assert newest["truth"]["tier"] == 1
    assert ad["versions"][0]["truth"] is None


def test_rules_of_today_are_tried_with_places_that_hold(ad: Any) -> None:
    [fired] = ad["versions"][1]["rules"]
    assert (fired["rule_id"], fired["state"], fired["acts"]) == ("SLIM", "draft", False)
    [spot] = fired["spots"]
    assert HOSTILE[spot["start"] : spot["end"]] == "sl\u200bim fast"
    assert "hidden" in spot["evasion"]
    assert ad["versions"][0]["rules"] == []


def test_logs_and_what_was_served_are_told(ad: Any) -> None:
    assert [row["action"] for row in ad["logs"]["decisions"]] == ["reject"]
    assert ad["logs"]["hits"][0]["deciding"] is True
    assert ad["logs"]["reviews"][0]["policies"] == ["E1"]
    assert (ad["served"]["impressions"], ad["served"]["clicks"], ad["served"]["spend"]) == (
        12,
        1,
        1.0,
    )
    assert [row["ad_id"] for row in ad["alike"]["creative_hash"]] == ["b"]


def test_what_happened_is_told_in_its_order(ad: Any) -> None:
    at = [event["at"] for event in ad["timeline"]]
    assert at == sorted(at)
    kinds = [(event["log"], event["what"]) for event in ad["timeline"]]
    assert kinds[0] == ("ads", "created_at")
    assert ("reviews", "decided_at") in kinds
    assert kinds[-1] == ("impressions", "last")


def test_near_copies_are_found_through_disguises(client: Loopback) -> None:
    told = client.post("/api/v1/ad/copies?id=a%2F1%3F", {}).json()
    while told["state"] in {"waiting", "working"}:
        told = client.get(f"/api/v1/jobs/{told['id']}").json()
    assert told["state"] == "done", told
    assert (told["result"]["ads"], told["result"]["advertisers"]) == (1, 2)
    assert [each["ad_id"] for each in told["result"]["shown"]] == ["b"]
    assert told["result"]["scanned"] == 4


def test_an_ad_that_no_log_knows_is_told(client: Loopback) -> None:
    reply = client.get("/api/v1/ad?id=nothing")
    assert reply.status == 422
    told = reply.json()["error"]
    assert "'nothing'" in told["cause"]
    assert told["hint"]
    assert client.get("/api/v1/ad").status == 422
    assert client.get("/api/v1/ad?id=" + "x" * 600).status == 422


def test_the_demo_tells_of_each_log(served: Served) -> None:
    found = (
        Workspace.open(served.root)
        .sql(
            "SELECT ad_id, COUNT(*) AS n FROM decisions GROUP BY ad_id ORDER BY n DESC, ad_id LIMIT 1"
        )
        .to_pylist()[0]
    )
    told = served.ask(f"/api/v1/ad?id={found['ad_id']}").json()
    assert len(told["logs"]["decisions"]) == found["n"]
    assert Path(served.root).is_dir()
