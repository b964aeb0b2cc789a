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
