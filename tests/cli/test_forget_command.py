from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shroff.store.mentions import files_that_mention
from shroff.workspace import Workspace

Cli = Callable[..., Any]


def test_an_advertiser_is_forgotten(own_demo: Path, cli: Cli) -> None:
    rows = cli("sql", "SELECT MIN(advertiser_id) AS who FROM ads", "-w", own_demo, "--json")
    who = rows.record()["rows"][0]["who"]
    outcome = cli("forget", "advertiser", who, "-w", own_demo, "--json")
    assert outcome.code == 0, outcome.err
    record = outcome.record()
    assert record["removed"]["ads"] > 0
    assert files_that_mention(own_demo / "lake", [who])[0] == []
    assert all(Path(path).is_relative_to(own_demo / "logs") for path in record["remaining"])
    (audit,) = Workspace.open(own_demo).catalog.audits()
    assert audit.kind == "forget advertiser"
    assert who not in (own_demo / "catalog.sqlite").read_bytes().decode("latin-1")


def test_nobody_is_forgotten_without_a_yes(
    own_demo: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("click.confirm", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
    outcome = cli("forget", "reviewer", "nobody", "-w", own_demo)
    assert outcome.code == 130
    assert Workspace.open(own_demo).catalog.audits() == ()


def test_who_is_not_there_is_told(own_demo: Path, cli: Cli) -> None:
    outcome = cli("forget", "reviewer", "nobody", "--yes", "-w", own_demo)
    assert outcome.code == 0
    assert "Nothing was found under this id." in outcome.out
    assert cli("forget", "reviewer", " ", "--yes", "-w", own_demo).code == 2


def test_whoever_says_no_is_told_that_nothing_was_removed(
    own_demo: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("click.confirm", lambda *_, **__: False)
    outcome = cli("forget", "reviewer", "nobody", "-w", own_demo)
    assert (outcome.code, outcome.out) == (0, "nothing was removed\n")


def test_reading_the_files_again_tells_whom_it_kept_out(tmp_path: Path, cli: Cli) -> None:
    root = Workspace.create(tmp_path / "w").root
    file = tmp_path / "ads.csv"
    file.write_text("ad_id,created_at,advertiser_id\na1,2026-05-01T00:00:00Z,adv\n", "utf-8")
    words = ("ingest", "ads", file, "-w", root)
    cli(*words)
    cli("forget", "advertiser", "adv", "--yes", "-w", root)
    assert "1 rows of forgotten advertisers or reviewers were removed again" in cli(*words).out
    assert cli(*words, "--json").record()["ingests"][0]["forgotten"] == 1
    assert Workspace.open(root).sql("SELECT ad_id FROM ads").num_rows == 0
