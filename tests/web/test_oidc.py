"""Signing in elsewhere: whatever of the answer does not fit, nobody comes in."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from joserfc.jwk import RSAKey
from tests.web.loopback import Loopback, loopback
from tests.web.scripted_issuer import CLIENT, Change, ScriptedIssuer, scripted_issuer
from tests.web.team_scene import Member, team_at

from shroff.domain.roles import Role
from shroff.errors import ConfigError
from shroff.store.accounts import Accounts
from shroff.store.audit_trail import AuditTrail
from shroff.store.people_file import PeopleFile
from shroff.store.settings import parse_settings
from shroff.workspace import Workspace

pytestmark = pytest.mark.xdist_group("web")


@pytest.fixture
def issuer() -> Iterator[ScriptedIssuer]:
    with scripted_issuer() as found:
        yield found


@pytest.fixture
def root(tmp_path: Path, issuer: ScriptedIssuer, monkeypatch: pytest.MonkeyPatch) -> Path:
    workspace = Workspace.create(tmp_path / "w")
    team_at(workspace.root)
    monkeypatch.setenv("TEST_OIDC_SECRET", "the secret")
    with (workspace.root / "shroff.toml").open("a", encoding="utf-8") as file:
        file.write(
            f'\n[web.oidc]\nissuer = "{issuer.address}"\nclient_id = "{CLIENT}"\n'
            'secret_env = "TEST_OIDC_SECRET"\nallow = ["*@corp.example"]\nrole = "analyst"\n'
        )
    return workspace.root


@pytest.fixture
def at(root: Path) -> Iterator[Loopback]:
    with loopback(Workspace.open(root)) as found:
        yield found


def _come_back(member: Member, issuer: ScriptedIssuer, **changes: str) -> str:
    """Sign in there, come back, and say where that leads."""
    there = member.send("/oidc/start?next=/quality%3Fperiod%3Dall").headers["location"]
    answer = issuer.sign_in(there) | changes
    reply = member.send(f"/oidc/callback?{urlencode(answer)}")
    if reply.status == 200:
        return "in" if 'content="0;url=/quality?period=all"' in reply.data.decode() else "lost"
    assert reply.status == 303
    assert "shroff_session" not in member.cookies
    return reply.headers["location"]


def _why(root: Path) -> str:
    return str(AuditTrail(PeopleFile(root)).lines(did="failed to sign in")[0].detail["cause"])


def test_who_may_come_in_comes_in(at: Loopback, issuer: ScriptedIssuer, root: Path) -> None:
    member = Member(at)
    assert "/oidc/start" in member.send("/sign-in").data.decode()
    assert _come_back(member, issuer) == "in"
    told = member.send("/api/v1/me").json()
    assert (told["name"], told["role"]) == ("fay@corp.example", "analyst")
    assert issuer.asked["code_challenge_method"] == "S256"
    assert issuer.asked["redirect_uri"] == f"{at.address}/oidc/callback"
    assert "the secret" not in str(issuer.asked) + str(issuer.forms)
    assert issuer.authorized[0].startswith("Basic ")
    again = Member(at)
    assert _come_back(again, issuer) == "in"  # the same person, not another account
    assert len(Accounts(PeopleFile(root)).accounts()) == 6
    assert issuer.key_reads == 1


def _drop(name: str) -> Change:
    return lambda claims: claims.pop(name)


def _set(name: str, value: object) -> Change:
    return lambda claims: claims.update({name: value})


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_set("iss", "https://evil.example"), "another issuer's"),
        (_set("aud", "another"), "for another client"),
        (_set("aud", [CLIENT, "another"]), "given to another client"),
        (_set("azp", "another"), "given to another client"),
        (_set("nonce", "another"), "another try"),
        (_drop("nonce"), "another try"),
        (_set("exp", int(time.time()) - 3600), "does not hold"),
        (_drop("exp"), "does not hold"),
        (_set("iat", int(time.time()) + 3600), "does not hold"),
        (_drop("sub"), "names nobody"),
        (_set("email_verified", False), "no verified mail"),
        (_set("email_verified", "true"), "no verified mail"),
        (_drop("email"), "no verified mail"),
        (_set("email", "fay@evil.example"), "may not come in"),
        (_set("email", "fay@corp.example@evil.example"), "may not come in"),
        (_set("email", "@corp.example"), "may not come in"),
    ],
)  # fmt: skip
def test_a_claim_that_does_not_fit_keeps_them_out(
    at: Loopback, issuer: ScriptedIssuer, root: Path, change: Change, why: str
) -> None:
    issuer.change = change
    assert _come_back(Member(at), issuer) == "/sign-in?failed=elsewhere"
    assert why in _why(root)
    assert len(Accounts(PeopleFile(root)).accounts()) == 5


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"state": "another"}, "another try"),
        ({"iss": "https://evil.example"}, "another issuer's"),
        ({"code": "stolen"}, "answered 400"),
    ],
)
def test_an_answer_that_does_not_fit_keeps_them_out(
    at: Loopback, issuer: ScriptedIssuer, root: Path, changes: dict[str, str], why: str
) -> None:
    assert _come_back(Member(at), issuer, **changes) == "/sign-in?failed=elsewhere"
    assert why in _why(root)


def test_an_answer_works_in_the_browser_that_asked_only(
    at: Loopback, issuer: ScriptedIssuer, root: Path
) -> None:
    asking, other = Member(at), Member(at)
    answer = issuer.sign_in(asking.send("/oidc/start").headers["location"])
    path = f"/oidc/callback?{urlencode(answer)}"
    assert other.send(path).headers["location"] == "/sign-in?failed=elsewhere"
    assert "did not ask" in _why(root)
    for planted in ("x", "W10=", "WzEsMiwzLDRd"):
        other.cookies = {"shroff_elsewhere": planted}
        assert other.send(path).headers["location"] == "/sign-in?failed=elsewhere"


def test_the_signature_is_checked_whatever_the_token_says(
    at: Loopback, issuer: ScriptedIssuer
) -> None:
    issuer.shown = RSAKey.generate_key(2048, {"kid": "one"})
    assert _come_back(Member(at), issuer) == "/sign-in?failed=elsewhere"
    issuer.shown = None
    member = Member(at)
    issuer.asked = issuer.sign_in(member.send("/oidc/start").headers["location"]) | issuer.asked
    part = issuer.signed().split(".")
    for forged in (
        "eyJhbGciOiJub25lIn0." + part[1] + ".",
        ".".join([part[0], part[1], ""]),
        ".".join([part[0], part[1][:-4] + "AAAA", part[2]]),
        "", "x", "a.b.c",
    ):  # fmt: skip
        issuer.token = forged
        assert _come_back(Member(at), issuer) == "/sign-in?failed=elsewhere"
    issuer.token = ""


def _part(told: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(told).encode()).rstrip(b"=").decode()


def test_a_key_that_everybody_knows_signs_nothing(
    at: Loopback, issuer: ScriptedIssuer, root: Path
) -> None:
    """The public key as the secret of HS256, which careless readers take."""
    member = Member(at)
    issuer.sign_in(member.send("/oidc/start").headers["location"])
    head = _part({"alg": "HS256", "kid": "one"})
    claims = f"{head}.{issuer.signed().split('.')[1]}"
    secret = issuer.key.as_pem(private=False)
    seal = hmac.new(secret, claims.encode(), hashlib.sha256).digest()
    issuer.token = f"{claims}.{base64.urlsafe_b64encode(seal).rstrip(b'=').decode()}"
    answer = {"code": "a-code", "state": issuer.asked["state"]}
    reply = member.send(f"/oidc/callback?{urlencode(answer)}")
    assert reply.headers["location"] == "/sign-in?failed=elsewhere"
    assert "does not hold" in _why(root)


def test_another_issuer_cannot_speak_for_this_one(at: Loopback, issuer: ScriptedIssuer) -> None:
    issuer.about = _set("issuer", "https://evil.example")
    reply = Member(at).send("/oidc/start")
    assert reply.status == 422
    assert "another issuer's" in reply.json()["error"]["cause"]


def test_who_is_taken_off_the_list_or_removed_stays_out(
    at: Loopback, issuer: ScriptedIssuer, root: Path
) -> None:
    assert _come_back(Member(at), issuer) == "in"
    Accounts(PeopleFile(root)).remove("fay@corp.example", by="ann")
    assert _come_back(Member(at), issuer) == "/sign-in?failed=elsewhere"
    path = root / "shroff.toml"
    text = path.read_text(encoding="utf-8").replace("*@corp.example", "gil@corp.example")
    path.write_text(text, encoding="utf-8")
    issuer.change = _set("sub", "43")
    assert _come_back(Member(at), issuer) == "/sign-in?failed=elsewhere"
    assert "may not come in" in _why(root)


def test_an_account_with_a_password_is_not_taken_over(
    at: Loopback, issuer: ScriptedIssuer, root: Path
) -> None:
    accounts = Accounts(PeopleFile(root))
    accounts.add("fay@corp.example", Role.ADMIN, by="ann", password="correct horse battery")  # noqa: S106
    assert _come_back(Member(at), issuer) == "/sign-in?failed=elsewhere"
    assert accounts.account("fay@corp.example").issuer == ""


def test_who_was_added_to_sign_in_elsewhere_gets_their_role(
    at: Loopback, issuer: ScriptedIssuer, root: Path
) -> None:
    Accounts(PeopleFile(root)).add("fay@corp.example", Role.APPROVER, by="ann")
    member = Member(at)
    assert _come_back(member, issuer) == "in"
    assert member.send("/api/v1/me").json()["role"] == "approver"
    issuer.change = _set("sub", "another person")
    assert _come_back(Member(at), issuer) == "/sign-in?failed=elsewhere"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('issuer = "http://id.example"', "https"),
        ('issuer = "https://id.example"', "client_id and allow"),
        ('issuer = "https://id.example"\nclient_id = "x"\nallow = ["*"]', "mail address"),
        ('issuer = "https://id.example"\nclient_id = "x"\nallow = ["*@x"]\nrole = "admin"', "viewer"),
        ('algorithms = ["none"]', "algorithms"),
        ('algorithms = ["HS256"]', "algorithms"),
    ],
)  # fmt: skip
def test_settings_that_let_anyone_in_are_refused(said: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        parse_settings(f"[web.oidc]\n{said}\n")
