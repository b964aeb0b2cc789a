"""Accounts: who may come in, and that nobody is locked out or mixed up."""

from __future__ import annotations

from pathlib import Path

import pytest

from shroff.domain.roles import TOKEN_SCOPES, Act, Role
from shroff.errors import ConfigError, EngineError
from shroff.store.accounts import Accounts, has_team
from shroff.store.api_tokens import ApiTokens
from shroff.store.audit_trail import AuditTrail
from shroff.store.people_file import PeopleFile
from shroff.store.sign_ins import Sessions

GOOD = "correct horse battery"


@pytest.fixture
def file(tmp_path: Path) -> PeopleFile:
    return PeopleFile(tmp_path)


@pytest.fixture
def accounts(file: PeopleFile) -> Accounts:
    found = Accounts(file)
    found.add("ann", Role.ADMIN, by="root", password=GOOD)
    return found


def test_a_workspace_has_no_team_until_someone_is_added(tmp_path: Path) -> None:
    assert not has_team(tmp_path)
    assert not (tmp_path / "people.sqlite").exists()
    Accounts(PeopleFile(tmp_path)).add("ann", Role.ADMIN, by="root", password=GOOD)
    assert has_team(tmp_path)


def test_only_its_owner_can_read_the_file_and_its_journals(
    accounts: Accounts, file: PeopleFile
) -> None:
    accounts.give_role("ann", Role.ADMIN, by="root")
    with file.change() as connection:
        connection.execute("DELETE FROM tries")
        modes = {path.name: path.stat().st_mode & 0o777 for path in file.path.parent.iterdir()}
    assert modes.keys() >= {"people.sqlite", "people.sqlite-wal"}
    assert set(modes.values()) == {0o600}


def test_passwords_are_kept_as_argon2id_only(accounts: Accounts, file: PeopleFile) -> None:
    (kept,) = file.rows("SELECT password FROM accounts")[0]
    assert kept.startswith("$argon2id$")
    assert all(GOOD.encode() not in path.read_bytes() for path in file.path.parent.iterdir())
    assert accounts.proves("ann", GOOD) == accounts.account("ann")
    for name, password in (("ann", "correct horse batterz"), ("ann", ""), ("bob", GOOD)):
        assert accounts.proves(name, password) is None


def test_who_has_no_password_cannot_sign_in_with_one(accounts: Accounts) -> None:
    accounts.add("eve", Role.VIEWER, by="ann", subject=("https://id.example", "1"))
    assert accounts.proves("eve", "") is None
    assert accounts.proves("eve", "nobody has this password") is None
    assert accounts.of_subject("https://id.example", "1") == accounts.account("eve")
    assert accounts.of_subject("https://other.example", "1") is None


def test_the_same_password_typed_on_another_system_fits(accounts: Accounts) -> None:
    typed = "caf\u00e9 caf\u00e9 caf\u00e9"
    accounts.add("bo", Role.VIEWER, by="ann", password=typed)
    assert accounts.proves("bo", "cafe\u0301 cafe\u0301 cafe\u0301")


@pytest.mark.parametrize(
    "password", ["short", "a" * 40, "abababababab", "I am bob, hello", "x" * 12 + "y", "y" * 300]
)
def test_passwords_that_are_guessed_at_once_are_refused(accounts: Accounts, password: str) -> None:
    with pytest.raises(ConfigError, match="password"):
        accounts.add("bob", Role.VIEWER, by="ann", password=password)


@pytest.mark.parametrize("name", ["", " ann", "ann\n", "<b>", "_x", "a" * 101, "a b", "x\u202ey"])
def test_names_that_could_mislead_are_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(ConfigError, match="cannot be a name"):
        accounts.add(name, Role.VIEWER, by="ann", password=GOOD)


def test_a_name_is_never_given_to_somebody_else(accounts: Accounts) -> None:
    accounts.add("bob", Role.VIEWER, by="ann", password=GOOD)
    accounts.remove("bob", by="ann")
    for name in ("bob", "Bob", "ANN"):
        with pytest.raises(ConfigError, match=r"there is (or was )?someone"):
            accounts.add(name, Role.ADMIN, by="ann", password=GOOD)


def test_the_first_is_an_admin_and_the_last_admin_stays(tmp_path: Path) -> None:
    accounts = Accounts(PeopleFile(tmp_path))
    with pytest.raises(ConfigError, match="first person must be an admin"):
        accounts.add("ann", Role.APPROVER, by="root", password=GOOD)
    accounts.add("ann", Role.ADMIN, by="root", password=GOOD)
    with pytest.raises(ConfigError, match="only admin"):
        accounts.remove("ann", by="ann")
    with pytest.raises(ConfigError, match="only admin"):
        accounts.give_role("ann", Role.VIEWER, by="ann")
    accounts.add("bob", Role.ADMIN, by="ann", password=GOOD)
    accounts.remove("ann", by="bob")
    assert set(accounts.roles()) == {"bob"}


def test_whoever_is_removed_is_out_at_once(accounts: Accounts, file: PeopleFile) -> None:
    accounts.add("bob", Role.ANALYST, by="ann", password=GOOD)
    sessions, tokens = Sessions(file=file), ApiTokens(file)
    secret = sessions.begin("bob", address="::1", agent="test")
    token = tokens.make("bob", [Act.SEE], note="", by="bob")
    accounts.remove("bob", by="ann")
    assert (sessions.of(secret), tokens.of(token)) == (None, None)
    assert accounts.proves("bob", GOOD) is None
    with pytest.raises(ConfigError, match="nobody called 'bob'"):
        accounts.account("bob")


def test_another_role_or_password_ends_sessions(accounts: Accounts, file: PeopleFile) -> None:
    accounts.add("bob", Role.ANALYST, by="ann", password=GOOD)
    sessions = Sessions(file=file)
    secret = sessions.begin("bob", address="::1", agent="test")
    accounts.give_role("bob", Role.APPROVER, by="ann")
    assert sessions.of(secret) is None
    here, elsewhere = (sessions.begin("bob", address="::1", agent="test") for _ in range(2))
    kept = sessions.of(here)
    assert kept is not None
    assert kept.role is Role.APPROVER
    accounts.give_password("bob", "another good password", by="bob", keep=kept.id)
    assert sessions.of(here) is not None
    assert sessions.of(elsewhere) is None
    assert accounts.proves("bob", GOOD) is None


def test_every_change_is_a_line_of_the_audit_log(accounts: Accounts, file: PeopleFile) -> None:
    accounts.add("bob", Role.VIEWER, by="ann", password=GOOD)
    accounts.give_role("bob", Role.ADMIN, by="ann")
    accounts.give_password("bob", "another good password", by="bob")
    accounts.remove("bob", by="ann")
    lines = AuditTrail(file).lines()
    assert [(each.who, each.did, each.what) for each in reversed(lines)] == [
        ("root", "added", "ann"),
        ("ann", "added", "bob"),
        ("ann", "gave a role to", "bob"),
        ("bob", "gave a password to", "bob"),
        ("ann", "removed", "bob"),
    ]
    assert "another good password" not in str([each.record() for each in lines])


def test_a_file_of_a_newer_shroff_is_left_alone(accounts: Accounts, file: PeopleFile) -> None:
    with file.change() as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(EngineError, match="version 99"):
        accounts.remove("ann", by="ann")


def test_each_role_may_what_those_before_it_may() -> None:
    for lower, higher in zip(list(Role), list(Role)[1:], strict=False):
        assert {act for act in Act if lower.may(act)} < {act for act in Act if higher.may(act)}
        assert higher.reaches(lower)
        assert not lower.reaches(higher)
    assert not set(TOKEN_SCOPES) & {Act.APPROVE, Act.MANAGE}
