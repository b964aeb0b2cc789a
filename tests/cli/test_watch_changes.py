"""`shroff watch changes` and `incidents`: on a terminal, as JSON, as CSV; states; faults in words."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shroff.store.catalog_incidents import Incident
from shroff.workspace import Workspace

if TYPE_CHECKING:
    from conftest import Cli

DETAIL = {
    "metric": "acted_rate",
    "slice": {"market": "US"},
    "where": "market=US",
    "onset_low": "2026-05-01",
    "onset_high": "2026-05-02",
    "last": None,
    "ratio": 1.5,
    "ratio_low": 1.2,
    "ratio_high": 1.9,
    "z": 6.0,
    "count": 3,
    "members": [],
    "suspects": [{"day": "2026-05-01", "kind": "model", "what": "v2", "note": "", "scope": ""}],
}


@pytest.fixture
def told(own_demo: Path) -> Path:
    book = Workspace.open(own_demo).catalog.incidents
    book.open(
        Incident(
            id="abc123", kind="level_shift", subject="acted_rate @ market=US",
            onset="2026-05-01", detail=DETAIL,
        )
    )  # fmt: skip
    return own_demo


def test_a_quiet_month_says_how_much_was_looked_at(cli: Cli, own_demo: Path) -> None:
    answer = cli("watch", "changes", "-w", own_demo, "--fail")
    assert "series" in answer.out.splitlines()[0]
    assert answer.code in {0, 1}
    record = cli("watch", "changes", "-w", own_demo, "--json").record()
    assert int(str(record["series"])) > 20
    assert not any(each["new"] for each in record["incidents"])  # type: ignore[attr-defined]


def test_csv_has_a_row_an_incident(cli: Cli, own_demo: Path) -> None:
    rows = list(csv.reader(io.StringIO(cli("watch", "changes", "-w", own_demo, "--csv", "-").out)))
    assert rows[0][:5] == ["incident", "new", "state", "kind", "onset"]
    assert rows[0][-2:] == ["sentence_en", "sentence_zh"]


def test_incidents_are_listed_and_shown(cli: Cli, told: Path) -> None:
    assert "abc123" in cli("watch", "incidents", "-w", told).out
    shown = cli("watch", "incidents", "show", "abc", "-w", told).out
    assert "Acted-on rate rose where market=US: 1.50 times what was expected" in shown
    assert "model · v2" in shown


def test_an_incident_is_acknowledged_and_closed_by_somebody(cli: Cli, told: Path) -> None:
    cli("watch", "incidents", "acknowledge", "abc123", "--who", "ann", "-w", told)
    words = ("close", "abc123", "--who", "bo", "--why", "our own test", "--json")
    record = cli("watch", "incidents", *words, "-w", told).record()
    states = [each["state"] for each in record["history"]]  # type: ignore[attr-defined]
    assert states == ["open", "acknowledged", "closed"]
    assert "abc123" not in cli("watch", "incidents", "--state", "open", "-w", told).out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show",), "say which incident"),
        (("show", "zzz"), "there is no one incident 'zzz'"),
        (("close", "abc123", "--who", "bo"), "say who closes it, and why"),
        (("acknowledge", "abc123"), "say who does it"),
    ],
)
def test_a_mistake_is_told_in_words(
    cli: Cli, told: Path, words: tuple[str, ...], said: str
) -> None:
    answer = cli("watch", "incidents", *words, "-w", told)
    assert answer.code == 2
    assert said in answer.err
