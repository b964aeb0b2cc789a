"""Personal data stays hidden from who must not see it, whatever address they ask."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.store.test_hiding import ADS
from tests.web.team_scene import Scene, team, team_at

from shroff.store.audit_trail import AuditTrail
from shroff.store.hiding import MARK
from shroff.store.people_file import PeopleFile
from shroff.web.people import NOBODY, Person, Role, as_seen
from shroff.workspace import Workspace

DECISIONS = """decision_id,ad_id,ad_version,decided_at,action,source
d1,a1,1,2026-05-01T00:01:00Z,approve,rule
d2,a2,1,2026-05-01T00:01:00Z,approve,rule
d3,a3,1,2026-05-01T00:01:00Z,approve,rule
"""
pytestmark = pytest.mark.xdist_group("web")


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    workspace = Workspace.create(tmp_path_factory.mktemp("hidden") / "w")
    for table, text in (("ads", ADS), ("decisions", DECISIONS)):
        file = workspace.root / f"{table}.csv"
        file.write_text(text, encoding="utf-8")
        workspace.ingest(table, [file])
    with (workspace.root / "shroff.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[web.hide]\nadvertiser_id = "approver"\n"ads.title" = "admin"\n')
    team_at(workspace.root)
    with team(workspace.root) as found:
        yield found


@pytest.mark.parametrize(
    ("name", "sees"), [("ann", (True, True)), ("bob", (True, False)), ("eve", (False, False))]
)
def test_downloads_show_what_a_role_may_see(
    scene: Scene, name: str, sees: tuple[bool, bool]
) -> None:
    reply = scene.members[name].send("/api/v1/find.csv?q=call&period=all")
    assert reply.status == 200, reply.data
    text = reply.data.decode()
    assert "a1" in text
    assert ("adv-secret" in text) is sees[0]
    assert (MARK in text) is not sees[0]
    titles = scene.members[name].send("/api/v1/find.csv?q=secret&period=all").data.decode()
    assert ("a1" in titles) is sees[1]
    filtered = scene.members[name].send(
        "/api/v1/find.csv?q=call&period=all&by.advertiser_id=adv-secret-2"
    )
    assert ("a3" in filtered.data.decode()) is sees[0]


def test_work_in_the_background_hides_too(scene: Scene) -> None:
    eve = scene.members["eve"]
    started = eve.write("/api/v1/find?period=all", {"q": "call"}).json()
    told = started
    while told["state"] in {"waiting", "working"}:
        told = eve.send(f"/api/v1/jobs/{started['id']}").json()
    assert told["state"] == "done", told
    assert "a1" in str(told)
    assert "adv-secret" not in str(told)


def test_the_audit_log_does_not_keep_what_is_hidden(scene: Scene) -> None:
    scene.members["eve"].send("/api/v1/approvals?by.advertiser_id=adv-secret-9&by.market=US")
    line = AuditTrail(PeopleFile(scene.root)).lines(who="eve", limit=1)[0]
    assert "adv-secret-9" not in line.what
    assert "by.market=US" in line.what


def test_where_nobody_is_known_least_is_shown(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Asking:
        def __init__(self, person: Person) -> None:
            self.get = lambda: person

    for person, hidden in (
        (NOBODY, {"advertiser_id", "ads.title"}),
        (Person("x", Role.APPROVER), {"ads.title"}),
        (Person("x", Role.ADMIN), set()),
    ):
        monkeypatch.setattr("shroff.web.people.ASKER", Asking(person))
        assert as_seen(scene.root).hidden == hidden
