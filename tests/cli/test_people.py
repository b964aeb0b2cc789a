"""People are let in, given roles and removed at the terminal; a second person approves there too."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from tests.cli.conftest import Cli
from tests.web.team_scene import PASSWORD, team_at

from shroff.store.audit_trail import AuditTrail
from shroff.store.catalog_approvals import ApprovalRequest
from shroff.store.people_file import PeopleFile
from shroff.workspace import Workspace

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "json.md"
DOCUMENTED = {
    command: set(re.findall(r"`(\w+)`", keys))
    for command, keys in re.findall(
        r"^\| `shroff (people [\w-]+)` \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    Workspace.create(tmp_path / "w")
    return tmp_path / "w"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n" * 3))


@pytest.mark.usefixtures("typed")
def test_a_life_of_an_account_as_it_is_documented(cli: Cli, root: Path) -> None:
    team_at(root)
    waiting = Workspace.open(root).catalog.approvals.ask(
        ApprovalRequest(kind="rule", subject="R1", who="dan", why="x")
    )
    calls = {
        "people add": ["fay", "--role", "viewer", "--password-stdin"],
        "people list": [],
        "people role": ["fay", "analyst"],
        "people password": ["fay", "--password-stdin"],
        "people token": ["fay", "--note", "export"],
        "people sign-out": ["fay"],
        "people remove": ["fay"],
        "people waiting": [],
        "people refuse": [waiting.id, "--name", "bob", "--note", "no", "--password-stdin"],
        "people audit": [],
    }
    for command, words in calls.items():
        outcome = cli(*command.split(), *words, "-w", root, "--json")
        assert outcome.code == 0, outcome.err
        assert set(outcome.record()) == DOCUMENTED[command], command
    assert DOCUMENTED.keys() - calls.keys() == {"people approve"}  # held by its own test
    done = [(each.who.split(":")[0], each.did) for each in AuditTrail(PeopleFile(root)).lines()]
    assert done[:7] == [
        ("bob", "refused"),
        ("terminal", "removed"),
        ("terminal", "signed out"),
        ("terminal", "made a token"),
        ("terminal", "gave a password to"),
        ("terminal", "gave a role to"),
        ("terminal", "added"),
    ]


@pytest.mark.usefixtures("typed")
def test_only_an_approver_with_their_password_approves(cli: Cli, root: Path) -> None:
    team_at(root)
    catalog = Workspace.open(root).catalog
    waiting = catalog.approvals.ask(ApprovalRequest(kind="rule", subject="R1", who="dan", why="x"))
    for name, told in (("eve", "may not approve"), ("nobody", "password is wrong")):
        outcome = cli(
            "people", "approve", waiting.id, "--name", name, "--password-stdin", "-w", root
        )
        assert outcome.code == 2
        assert told in outcome.err
    assert catalog.approvals.find(waiting.id).state == "waiting"


@pytest.mark.usefixtures("typed")
def test_a_second_person_lets_lines_act(cli: Cli, root: Path) -> None:
    team_at(root)
    file = root / "lines.json"
    file.write_text(
        '{"thresholds": [{"model": "m", "review_from": 0.4, "reject_from": 0.9}]}',
        encoding="utf-8",
    )
    adopted = cli("strategy", "adopt", file, "--why", "x", "--who", "dan", "-w", root, "--json")
    assert adopted.code == 0, adopted.err
    waiting = adopted.record()["waiting"]
    assert isinstance(waiting, dict)
    outcome = cli(
        "people", "approve", waiting["id"], "--name", "bob", "--password-stdin", "-w", root,
        "--json",
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    assert set(outcome.record()) == DOCUMENTED["people approve"]
    shown = cli("strategy", "show", "-w", root, "--json").record()
    assert "bob" in str(shown["history"])


@pytest.mark.usefixtures("typed")
def test_the_first_is_an_admin(cli: Cli, root: Path) -> None:
    words = ("people", "add", "ann", "--password-stdin", "-w", root)
    refused = cli(*words, "--role", "viewer")
    assert refused.code == 2
    assert "first person must be an admin" in refused.err
    assert cli(*words, "--role", "admin").code == 0
    assert "nobody could manage" in cli("people", "remove", "ann", "-w", root).err


def test_no_password_is_none(cli: Cli, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    outcome = cli("people", "add", "ann", "--role", "admin", "--password-stdin", "-w", root)
    assert outcome.code == 2
    assert "no password was given" in outcome.err


def test_a_log_that_was_tampered_with_ends_with_one(cli: Cli, root: Path) -> None:
    team_at(root)
    whole = cli("people", "audit", "-w", root)
    assert whole.code == 0
    head = AuditTrail(PeopleFile(root)).check().head
    assert head in whole.out
    assert cli("people", "audit", "--head", "0" * 64, "-w", root).code == 1
    with PeopleFile(root).change() as connection:
        connection.execute("DROP TRIGGER audit_stays")
        connection.execute("UPDATE audit SET who = 'x' WHERE id = 2")
    tampered = cli("people", "audit", "-w", root)
    assert tampered.code == 1
    assert "Line 2 is not as it was written" in tampered.err


def test_serving_beyond_this_machine_takes_a_team_and_a_name(cli: Cli, root: Path) -> None:
    far = ("serve", "--host", "0.0.0.0", "--port", "0", "-w", root)  # noqa: S104
    assert "nobody has to sign in" in cli(*far).err
    named = cli("serve", "--name", "shroff.example", "--port", "0", "-w", root)
    assert "nobody has to sign in" in named.err
    team_at(root)
    assert "by which name" in cli(*far).err
    key = cli("serve", "--key", "key.pem", "-w", root)
    assert "without its certificate" in key.err
    missing = cli("serve", "--certificate", root / "no.pem", "-w", root, "--port", "0")
    assert "certificate cannot be used" in missing.err
