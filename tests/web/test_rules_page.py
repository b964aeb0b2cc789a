"""Packs are written as drafts, looked at as they are typed, tried, and put to use with care."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from typing import Any

import pytest
from tests.web.conftest import Served
from tests.web.loopback import Loopback, loopback

from shroff.rules.backtest import Proposal, deck_design
from shroff.rules.pack_file import read_pack
from shroff.workspace import Workspace

pytestmark = pytest.mark.xdist_group("web")

PACK = """pack: mine
version: 1
rules:
  - id: MINE-1
    version: 1
    policy: A1
    severity: 3
    action: reject
    match: [money on autopilot, 减肥]
    examples:
      match: ["make money on autopilot"]
      no_match: ["a bicycle"]
"""


@pytest.fixture(scope="module")
def here(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root = tmp_path_factory.mktemp("writing") / "demo"
    shutil.copytree(served.root, root, ignore=shutil.ignore_patterns("logs", "tmp"))
    return Workspace.open(root)


@pytest.fixture(scope="module")
def client(here: Workspace) -> Iterator[Loopback]:
    with loopback(here) as made:
        yield made


def put(client: Loopback, name: str, text: str, before: str = "") -> Any:
    path = f"{client.address}/api/v1/rules/drafts/{name}"
    return client.pool.request("PUT", path, json={"text": text, "before": before})


def done(client: Loopback, path: str, given: Any) -> Any:
    told = client.post(path, given).json()
    assert "id" in told, told
    while told["state"] in {"waiting", "working"}:
        time.sleep(0.05)
        told = client.get(f"/api/v1/jobs/{told['id']}").json()
    assert told["state"] == "done", told
    return told


def written(text: str = PACK, **more: Any) -> dict[str, Any]:
    return {"name": "mine", "text": text, **more}


def test_packs_are_listed_with_where_each_rule_stands(client: Loopback, here: Workspace) -> None:
    packs = client.get("/api/v1/rules").json()
    assert [each["name"] for each in packs if not each["draft"]] == ["demo"]
    rules = {rule.id for pack in here.rules.packs() for rule in pack.rules}
    assert {rule["id"] for rule in packs[0]["rules"]} == rules
    assert {rule["state"] for rule in packs[0]["rules"]} == {"draft"}


def test_faults_are_told_with_their_places_in_both_languages(client: Loopback) -> None:
    bad = PACK.replace("severity: 3", "severity: 33").replace("match: [money", "mach: [money")
    english = client.post("/api/v1/rules/lint?lang=en", written(bad)).json()
    chinese = client.post("/api/v1/rules/lint?lang=zh", written(bad)).json()
    assert english["errors"] >= 2
    places = {(each["line"], each["column"]) for each in english["findings"]}
    assert {line for line, _ in places} >= {7, 9}
    assert [each["code"] for each in english["findings"]] == [
        e["code"] for e in chinese["findings"]
    ]
    assert english["findings"][0]["message"] != chinese["findings"][0]["message"]
    assert not client.post("/api/v1/rules/lint", written()).json()["errors"]


def test_a_rule_of_another_pack_is_told_apart(client: Loopback, here: Workspace) -> None:
    taken = here.rules.packs()[0].rules[0].id
    text = PACK.replace("MINE-1", taken)
    told = client.post("/api/v1/rules/lint", written(text)).json()
    assert [each["code"] for each in told["findings"] if each["level"] == "error"] == ["R010"]
    put(client, "twice", text)
    assert client.post("/api/v1/rules/drafts/twice/adopt", {}).status == 422


def test_disguises_of_an_example_are_shown(client: Loopback) -> None:
    [told] = client.post("/api/v1/rules/preview", written(example="快来减肥吧")).json()
    assert told["rule"] == "MINE-1"
    assert told["spans"] == [{"start": 2, "end": 4}]
    by_kind = {each["kind"]: each for each in told["disguises"]}
    assert by_kind["trad"]["text"] == "減肥"
    assert by_kind["trad"]["caught"]
    assert not by_kind["reversed"]["asked"]
    assert client.post("/api/v1/rules/preview", written(example="a bicycle")).json() == []


def test_a_sample_of_everything_says_what_the_backtest_says(
    client: Loopback, here: Workspace
) -> None:
    told = client.post("/api/v1/rules/sample?period=all", written()).json()
    tried = here.rules.backtest([read_pack(PACK)], by=(), period="all")
    assert told["sampled"] == told["ads"] == tried.ads
    rule, whole = told["rules"]
    counts = tried.whole.counts
    assert rule["hits"] == whole["hits"] == counts.hits > 0
    assert whole["of_all"]["value"] == pytest.approx(counts.hits)
    assert whole["flips_of_all"]["value"] == pytest.approx(sum(counts.flips.values()))


def test_a_backtest_is_the_command_s_and_its_forecast_is_kept(
    client: Loopback, here: Workspace
) -> None:
    told = done(client, "/api/v1/rules/backtest?period=all", written())
    same = here.rules.backtest([read_pack(PACK)], period="all").record()
    assert told["result"]["whole"] == same["whole"]
    page = client.get(f"/part/jobs/{told['id']}?lang=zh").data.decode()
    assert "MINE-1" in page
    kept = client.post(f"/api/v1/rules/backtest/{told['id']}/freeze", {}).json()
    assert here.catalog.rules.forecast(kept["forecast_id"])


def test_a_draft_changes_nothing_that_is_used_until_it_is_put_to_use(
    client: Loopback, here: Workspace
) -> None:
    assert put(client, "mine", PACK).status == 200
    assert [pack.id for pack in here.rules.packs()] == ["demo"]
    diff = client.post("/api/v1/rules/diff", written()).json()
    assert [each["rule"] for each in diff["added"]] == ["MINE-1"]
    assert client.post("/api/v1/rules/drafts/mine/adopt", {}).json()["draft"] is False
    assert {pack.id for pack in here.rules.packs()} == {"demo", "mine"}
    changed = PACK.replace("money on autopilot", "guaranteed payout")
    put(client, "mine", changed)
    refused = client.post("/api/v1/rules/drafts/mine/adopt", {})
    assert refused.status == 422
    assert "higher version" in refused.json()["error"]["cause"]
    digest = client.get("/api/v1/rules/packs/mine").json()["digest"]
    put(client, "mine", changed.replace("    version: 1", "    version: 2"), before=digest)
    assert client.post("/api/v1/rules/drafts/mine/adopt", {}).status == 200


def test_what_someone_else_saved_is_not_overwritten(client: Loopback) -> None:
    first = put(client, "shared", PACK).json()
    second = put(client, "shared", PACK + "# mine\n", before=first["digest"])
    assert second.status == 200
    late = put(client, "shared", PACK + "# theirs\n", before=first["digest"])
    assert late.status == 422
    assert "someone else" in late.json()["error"]["cause"]
    assert client.get("/api/v1/rules/packs/shared").json()["text"].endswith("# mine\n")


@pytest.mark.parametrize("name", ["..", "a%2Fb", "a.b", "-x", "x" * 61, "%E5%87%8F"])
def test_a_draft_stays_in_its_folder(client: Loopback, here: Workspace, name: str) -> None:
    before = sorted(path.name for path in here.root.rglob("*.yaml"))
    assert put(client, name, PACK).status in {307, 404, 405, 422}
    assert sorted(path.name for path in here.root.rglob("*.yaml")) == before


def test_a_draft_with_errors_is_kept_but_not_put_to_use(client: Loopback) -> None:
    assert put(client, "broken", "pack: [").status == 200
    refused = client.post("/api/v1/rules/drafts/broken/adopt", {})
    assert refused.status == 422
    assert "errors" in refused.json()["error"]["cause"]
    listed = {each["name"]: each for each in client.get("/api/v1/rules").json() if each["draft"]}
    assert listed["broken"]["errors"]
    assert listed["broken"]["rules"] == []
    for way in ("sample", "diff"):
        told = client.post(f"/api/v1/rules/{way}", {"name": "broken", "text": "pack: ["})
        assert told.status == 422
        assert told.json()["error"]["cause"]


def test_ads_that_would_be_treated_otherwise_are_drawn_with_their_chances(
    client: Loopback, here: Workspace
) -> None:
    wide = PACK.replace("money on autopilot, 减肥", "the, 的").replace("make money on", "on the")
    told = done(client, "/api/v1/rules/deck?period=all", written(wide, labels=20))
    batch = here.catalog.labels.batch(told["result"]["id"])
    assert 0 < told["result"]["asked"] <= len(batch.rows)
    assert all(0 < row.sampling_prob <= 1 for row in batch.rows)
    assert {row.design_id for row in batch.rows} == {
        deck_design(Proposal(packs=(read_pack(wide),)))
    }


def test_steps_in_the_life_of_a_rule_are_noted_or_objected_to(
    client: Loopback, here: Workspace
) -> None:
    rule = here.rules.packs()[0].rules[0].id
    path = "/api/v1/rules/steps?period=all"
    done_ = client.post(path, {"rule_id": rule, "to": "shadow", "why": "try it"}).json()
    assert done_["state"] == "shadow"
    held = client.post(path, {"rule_id": rule, "to": "live", "why": "now"}).json()
    assert held["state"] is None
    assert held["objections"]
    assert client.post(path, {"rule_id": rule, "to": "canary", "why": "x"}).status == 422
    assert client.post(path, {"rule_id": "none", "to": "shadow", "why": "x"}).status == 422
    assert client.post(path, {"rule_id": rule, "to": "shadow", "why": " "}).status == 422
    listed = client.get("/api/v1/rules").json()[0]["rules"]
    assert {each["state"] for each in listed if each["id"] == rule} == {"shadow"}
    assert here.catalog.rules.events(rule)[-1].who
