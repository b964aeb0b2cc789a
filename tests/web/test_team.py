"""Who has not signed in sees nothing; who has does only what they may; nobody acts for another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.web.loopback import loopback
from tests.web.team_scene import PASSWORD, Member, Scene, team, team_at

from shroff.domain.roles import Act
from shroff.store.api_tokens import ApiTokens
from shroff.store.audit_trail import AuditTrail
from shroff.store.people_file import PeopleFile
from shroff.store.sign_in_tries import SignInTries
from shroff.web.routes_sign_in import own_path
from shroff.workspace import Workspace

pytestmark = pytest.mark.xdist_group("web")


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    root = tmp_path_factory.mktemp("team")
    Workspace.create(root)
    team_at(root)
    with team(root) as found:
        yield found


@pytest.mark.parametrize(
    "path",
    ["/api/v1/openapi.json", "/api/v1/pages/quality", "/part/quality", "/api/v1/people",
     "/api/v1/audit", "/api/v1/settings/file", "/api/v1/nothing"],
)  # fmt: skip
def test_without_signing_in_nothing_is_shown(scene: Scene, path: str) -> None:
    for headers in ({}, {"Authorization": "Bearer no"}, {"Cookie": "shroff_session=no"}):
        reply = Member(scene.at).send(path, **headers)
        assert reply.status == 401
        assert reply.json()["error"]["cause"] == "nobody is signed in"
        assert reply.headers["www-authenticate"] == "Bearer"


def test_a_page_leads_to_signing_in_and_back(scene: Scene) -> None:
    member = Member(scene.at)
    reply = member.send("/quality?period=all&by.market=US")
    assert reply.status == 303
    assert reply.headers["location"] == "/sign-in?next=%2Fquality%3Fperiod%3Dall%26by.market%3DUS"
    form = member.send(reply.headers["location"])
    assert form.status == 200
    assert 'value="/quality?period=all&amp;by.market=US"' in form.data.decode()
    assert member.send("/quality", method="POST").status == 401
    entered = member.sign_in("eve", wanted="/quality?period=all")
    assert (entered.status, entered.headers["location"]) == (303, "/quality?period=all")


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "javascript:1",
     "", "evil", "/\r\nSet-Cookie: a=b", "\\\\evil.example"],
)  # fmt: skip
def test_signing_in_leads_to_no_other_site(wanted: str) -> None:
    assert own_path(wanted) == "/"


def test_what_is_typed_into_the_form_comes_back_as_text(scene: Scene) -> None:
    hostile = '"><script>alert(1)</script>'
    reply = Member(scene.at).sign_in(hostile, "wrong password", wanted="/" + hostile)
    assert reply.status == 403
    assert "<script>" not in reply.data.decode()


def test_cookies_are_out_of_reach(scene: Scene) -> None:
    cookies = Member(scene.at).sign_in("eve").headers.getlist("set-cookie")
    session = next(each for each in cookies if each.startswith("shroff_session="))
    assert "HttpOnly" in session
    assert all("SameSite=strict" in each for each in cookies)
    assert all("Max-Age=43200" in each for each in cookies)
    assert len(session.split(";")[0]) >= len("shroff_session=") + 43


def test_signing_in_again_is_a_new_session(scene: Scene) -> None:
    planted = Member(scene.at, {"shroff_session": "A" * 43})
    planted.sign_in("eve")
    assert planted.cookies["shroff_session"] != "A" * 43
    one = planted.cookies["shroff_session"]
    planted.sign_in("eve")
    assert planted.cookies["shroff_session"] != one


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_another_site_cannot_sign_anyone_in(scene: Scene, headers: dict[str, str]) -> None:
    reply = Member(scene.at).sign_in("eve", PASSWORD, **headers)
    assert reply.status == 403
    assert "set-cookie" not in reply.headers


def test_writing_takes_the_token_of_the_session(scene: Scene) -> None:
    eve, other = scene.members["eve"], Member(scene.at)
    other.sign_in("eve")
    for brought in ("", "x", other.cookies["shroff_request"], eve.cookies["shroff_session"], "é"):
        reply = eve.send(
            "/api/v1/sign-out", method="POST", body=b"{}",
            **{"content-type": "application/json", "x-shroff-request": brought},
        )  # fmt: skip
        assert reply.status == 403, brought
    assert eve.send("/api/v1/me").status == 200
    assert other.write("/api/v1/sign-out", {}).json() == {"ended": 1}


def test_signing_out_ends_this_session_or_all(scene: Scene) -> None:
    here, elsewhere = Member(scene.at), Member(scene.at)
    for member in (here, elsewhere):
        member.sign_in("cat")
    stolen = dict(here.cookies)
    assert here.write("/api/v1/sign-out", {}).json()["ended"] == 1
    assert Member(scene.at, stolen).send("/api/v1/me").status == 401
    assert elsewhere.send("/api/v1/me").json()["name"] == "cat"
    assert elsewhere.write("/api/v1/sign-out", {"everywhere": True}).json()["ended"] >= 1
    assert elsewhere.send("/api/v1/me").status == 401
    assert scene.members["bob"].send("/api/v1/me").status == 200
    scene.members["cat"].sign_in("cat")


def test_passwords_cannot_be_tried_for_long(tmp_path: Path) -> None:
    Workspace.create(tmp_path)
    team_at(tmp_path)
    with loopback(Workspace.open(tmp_path)) as at:
        member = Member(at)
        told = [member.sign_in("ann", f"wrong password {n}").status for n in range(2)]
        tries, soon = SignInTries(PeopleFile(tmp_path)), datetime.now(UTC) + timedelta(minutes=5)
        assert [tries.enter("ann", "198.51.100.1", now=soon) for _ in range(3)] == [0, 0, 0]
        assert told == [403, 403]
        late = member.sign_in("ann", PASSWORD, X_Forwarded_For="203.0.113.9")
        assert late.status == 429
        assert int(late.headers["retry-after"]) >= 200
        assert member.sign_in("bob").status == 303
        lines = AuditTrail(PeopleFile(tmp_path)).lines(did="failed to sign in")
        assert [each.what for each in lines] == ["ann"] * 2
        assert lines[0].detail["address"] == "127.0.0.1"


def test_unknown_names_are_told_like_wrong_passwords(scene: Scene) -> None:
    known, unknown = (Member(scene.at).sign_in(n, "wrong password") for n in ("dan", "nobody"))
    assert known.status == unknown.status == 403
    assert known.data.replace(b"dan", b"") == unknown.data.replace(b"nobody", b"")


def test_a_token_asks_within_its_scopes_and_needs_no_cookie(scene: Scene) -> None:
    tokens = ApiTokens(PeopleFile(scene.root))
    made = tokens.make("ann", [Act.SEE], note="", by="ann")
    program, bearer = Member(scene.at), {"Authorization": f"Bearer {made}"}
    told = program.send("/api/v1/me", **bearer).json()
    assert (told["name"], told["role"], told["acts"]) == ("ann", "admin", ["see"])
    assert program.send("/api/v1/people", **bearer).status == 403
    refused = program.send(
        "/api/v1/tokens", method="POST", body=b'{"scopes": ["see"]}',
        **{**bearer, "content-type": "application/json"},
    )  # fmt: skip
    assert refused.status == 403
    assert program.cookies == {}
    tokens.revoke("_".join(made.split("_")[:2]), by="ann")
    assert program.send("/api/v1/me", **bearer).status == 401


MANAGING = [
    ("GET", "/api/v1/people", None),
    ("POST", "/api/v1/people", {"name": "new", "role": "viewer", "password": PASSWORD}),
    ("PATCH", "/api/v1/people/eve", {"role": "admin"}),
    ("DELETE", "/api/v1/people/bob", None),
    ("GET", "/api/v1/audit", None),
    ("GET", "/api/v1/audit/check", None),
    ("GET", "/api/v1/settings", None),
    ("GET", "/api/v1/settings/file", None),
    ("POST", "/api/v1/settings/check", {"text": ""}),
    ("PUT", "/api/v1/settings/file", {"text": "", "was": ""}),
]


@pytest.mark.parametrize(("method", "path", "given"), MANAGING)
@pytest.mark.parametrize("name", ["eve", "dan", "bob"])
def test_only_an_admin_manages(
    scene: Scene, name: str, method: str, path: str, given: dict[str, str] | None
) -> None:
    reply = scene.members[name].write(path, given, method=method)
    assert reply.status == 403
    assert "needs manage" in reply.json()["error"]["cause"]


def test_nobody_gives_themselves_another_role_by_a_header(scene: Scene) -> None:
    for headers in ({"X-Forwarded-User": "ann"}, {"Remote-User": "ann"}, {"X-Role": "admin"}):
        assert scene.members["eve"].send("/api/v1/people", **headers).status == 403


def test_who_saw_and_changed_what_is_on_record(scene: Scene) -> None:
    dan = scene.members["dan"]
    dan.send("/api/v1/approvals?x=1")
    dan.send("/api/v1/people?x=1")
    dan.write("/api/v1/sign-out", {"everywhere": []})
    lines = AuditTrail(PeopleFile(scene.root)).lines(who="dan", limit=3)
    assert [(each.did, each.what) for each in lines] == [
        ("tried", "/api/v1/sign-out"),
        ("was refused", "/api/v1/people?x=1"),
        ("saw", "/api/v1/approvals?x=1"),
    ]
    assert AuditTrail(PeopleFile(scene.root)).check().whole


def test_long_requests_are_refused_before_they_are_read(scene: Scene) -> None:
    long = b"name=" + b"x" * 70_000
    assert Member(scene.at).send("/sign-in", method="POST", body=long).status == 413
    nobody_knows = scene.at.pool.request(
        "POST", scene.at.address + "/sign-in", body=iter([b"name=x"]), redirect=False,
        headers={"Transfer-Encoding": "chunked"},
    )  # fmt: skip
    assert nobody_knows.status == 411


def test_hostile_texts_in_json_do_no_harm(scene: Scene) -> None:
    ann = scene.members["ann"]
    for name in ("\ud800", "\x00", "<img src=x onerror=alert(1)>", "x" * 5000, "\u202eadmin"):
        reply = ann.send(
            "/api/v1/people", method="POST",
            body=json.dumps({"name": name, "role": "viewer", "password": PASSWORD}).encode(),
            **{"content-type": "application/json", "x-shroff-request": ann.cookies["shroff_request"]},
        )  # fmt: skip
        assert reply.status == 422
        assert reply.headers["content-type"].startswith("application/json")
        assert reply.json()["error"]["cause"]


def test_a_single_user_needs_no_sign_in_and_their_changes_are_on_record(tmp_path: Path) -> None:
    Workspace.create(tmp_path)
    with loopback(Workspace.open(tmp_path)) as at:
        member = Member(at)
        told = member.send("/api/v1/me").json()
        assert (told["role"], told["alone"]) == ("admin", True)
        assert member.send("/sign-in").headers["location"] == "/"
        assert not (tmp_path / "people.sqlite").exists()
        assert member.write("/api/v1/sign-out", {}).status == 200
        (line,) = AuditTrail(PeopleFile(tmp_path)).lines()
        assert (line.did, line.what) == ("changed", "/api/v1/sign-out")
        team_at(tmp_path)
        assert member.send("/api/v1/me").status == 401
