"""`shroff watch drift`: what moved on a terminal, as JSON, as CSV; faults in words."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.watch.term_story import write_term_story

if TYPE_CHECKING:
    from conftest import Cli

SPAN = ("--period", "2026-03-16..2026-03-29", "--by", "market,language")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_term_story(tmp_path_factory.mktemp("drift") / "story").root


def test_what_moved_is_listed_by_name(cli: Cli, story: Path) -> None:
    told = cli("watch", "drift", "-w", story, *SPAN)
    assert told.code == 0
    assert told.out.startswith("2026-03-16 – 2026-03-29 against 2026-03-02 – 2026-03-15")
    assert "market" in told.out
    assert "words of ads" in told.out


def test_json_and_csv_hold_the_same(cli: Cli, story: Path) -> None:
    record = cli("watch", "drift", "-w", story, *SPAN, "--json").record()
    rows = list(
        csv.DictReader(io.StringIO(cli("watch", "drift", "-w", story, *SPAN, "--csv", "-").out))
    )
    shifts = record["shifts"]
    assert isinstance(shifts, list)
    assert [each["name"] for each in shifts] == [row["name"] for row in rows]
    assert {"market", "language", "text"} <= {row["name"] for row in rows}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--by", "markt"), "did you mean 'market'?"),
        (("--background", "2026-03-02..2026-03-05"), "does not end where"),
        (("--level", "2"), "not between 0 and 1"),
    ],
)
def test_a_mistake_is_told_in_words(
    cli: Cli, story: Path, words: tuple[str, ...], said: str
) -> None:
    told = cli("watch", "drift", "-w", story, *SPAN, *words)
    assert told.code != 0
    assert said in told.err
    assert "Traceback" not in told.err
