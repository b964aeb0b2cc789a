"""The audit log is only added to, and shows it where someone changes the file all the same."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from shroff.errors import EngineError
from shroff.store.audit_trail import AuditTrail
from shroff.store.people_file import PeopleFile


@pytest.fixture
def trail(tmp_path: Path) -> AuditTrail:
    found = AuditTrail(PeopleFile(tmp_path))
    for number in range(5):
        found.add("ann", "saw", f"/page{number}", detail={"status": 200, "词": "扫\u202e码"})
    return found


def _tampered(trail: AuditTrail, statement: str) -> None:
    """Change the file as someone would who has it in their hands."""
    with closing(sqlite3.connect(trail.file.path)) as connection, connection:
        connection.execute("DROP TRIGGER audit_stays")
        connection.execute("DROP TRIGGER audit_keeps")
        connection.execute(statement)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit SET who = 'bob'", "DELETE FROM audit", "DELETE FROM audit WHERE id = 5"]
)  # fmt: skip
def test_no_statement_changes_or_deletes_a_line(trail: AuditTrail, statement: str) -> None:
    with pytest.raises(EngineError, match="only added to"), trail.file.change() as connection:
        connection.execute(statement)
    assert len(trail.lines()) == 5
    assert trail.check().whole


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit SET who = 'bob' WHERE id = 3", 3),
        ("UPDATE audit SET detail = '{}' WHERE id = 1", 1),
        ("UPDATE audit SET at = '2020-01-01T00:00:00.000+00:00' WHERE id = 5", 5),
        ("DELETE FROM audit WHERE id = 2", 2),
        ("DELETE FROM audit WHERE id = 1", 1),
        ("UPDATE audit SET id = 9 WHERE id = 4", 4),
        (
            "INSERT INTO audit SELECT 6, at, who, did, what, detail, hash FROM audit WHERE id = 5",
            6,
        ),
    ],
)
def test_a_line_that_was_changed_taken_out_or_put_in_is_found(
    trail: AuditTrail, statement: str, broken: int
) -> None:
    _tampered(trail, statement)
    found = trail.check()
    assert not found.whole
    assert found.broken == broken


def test_lines_cut_off_at_the_end_are_missed_by_the_head_that_was_noted(trail: AuditTrail) -> None:
    noted = trail.check().head
    trail.add("ann", "saw", "/later")
    assert trail.check(noted).whole
    _tampered(trail, "DELETE FROM audit WHERE id >= 4")
    assert not trail.check().broken  # nothing in the file tells
    assert not trail.check(noted).whole


def test_many_writers_make_one_chain(trail: AuditTrail) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: trail.add(f"p{n}", "saw", "/"), range(40)))
    found = trail.check()
    assert (found.lines, found.whole) == (45, True)


def test_lines_are_listed_newest_first_and_by_person_and_act(trail: AuditTrail) -> None:
    trail.add("bob", "changed", "/settings")
    assert [each.id for each in trail.lines(limit=2)] == [6, 5]
    assert [each.id for each in trail.lines(limit=2, before=5)] == [4, 3]
    assert [each.what for each in trail.lines(who="bob")] == ["/settings"]
    assert len(trail.lines(did="saw")) == 5
    assert trail.lines()[-1].detail == {"status": 200, "词": "扫\u202e码"}


def test_a_log_that_was_never_written_is_whole_and_empty(tmp_path: Path) -> None:
    trail = AuditTrail(PeopleFile(tmp_path))
    assert trail.lines() == ()
    assert (trail.check().lines, trail.check().whole) == (0, True)
    assert not trail.check("0" * 64).whole
