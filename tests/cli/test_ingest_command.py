from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shroff.workspace import Workspace

Cli = Callable[..., Any]

ADS = "ad_id,created_at\na1,2026-05-01T00:00:00Z\na2,never\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    Workspace.create(tmp_path / "w")
    (tmp_path / "ads.csv").write_text(ADS, encoding="utf-8")
    return tmp_path


def test_rows_are_read_and_rejected_ones_are_told(root: Path, cli: Cli) -> None:
    outcome = cli("ingest", "ads", root / "ads.csv", "-w", root / "w")
    assert outcome.code == 0
    assert "1 × " in outcome.out
    assert "shroff quarantine --table ads" in outcome.out
    listed = cli("quarantine", "-w", root / "w", "--json").record()
    assert listed["rows"][0]["value"] == "never"
    assert "never" in cli("quarantine", "-w", root / "w", "--table", "ads").out
    assert (
        cli("quarantine", "-w", root / "w", "--table", "appeals").out == "No row was rejected.\n"
    )


def test_reading_a_file_again_adds_nothing(root: Path, cli: Cli) -> None:
    words = ("ingest", "ads", root / "ads.csv", "-w", root / "w", "--json")
    cli(*words)
    (again,) = cli(*words).record()["ingests"]
    assert (again["inserted"], again["unchanged"]) == (0, 1)


@pytest.mark.parametrize("words", [(), ("ads",), ("ads", "f.csv", "--all")])
def test_half_an_instruction_is_refused(words: tuple[str, ...], root: Path, cli: Cli) -> None:
    outcome = cli("ingest", *words, "-w", root / "w")
    assert outcome.code == 2
    assert "either TABLE FILES, or --all" in outcome.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("adz", "ads.csv"), "there is no table 'adz'"),
        (("ads", "gone.csv"), "no log file at"),
        (("--all",), "there is nothing to ingest"),
    ],
)
def test_what_is_not_there_is_told(
    words: tuple[str, ...], told: str, root: Path, cli: Cli
) -> None:
    outcome = cli("ingest", *words, "-w", root / "w")
    assert outcome.code == 2
    assert told in outcome.err


def test_a_workspace_is_needed(tmp_path: Path, cli: Cli) -> None:
    outcome = cli("ingest", "--all", "-w", tmp_path, "--json")
    assert outcome.code == 2
    assert outcome.fault()["hint"] == "make one with shroff init, or try shroff demo"


def test_a_wrong_setting_names_its_line(root: Path, cli: Cli) -> None:
    (root / "w" / "shroff.toml").write_text("[mapping.adz]\n", encoding="utf-8")
    outcome = cli("status", "-w", root / "w")
    assert outcome.code == 2
    assert "shroff.toml:1: [mapping.adz] there is no table 'adz'" in outcome.err


def test_a_pipeline_stops_when_every_row_was_rejected(root: Path, cli: Cli) -> None:
    text = "ad_id,created_at,title\na1,2026-05-01T00:00:00Z,广告\n"
    (root / "ads.csv").write_bytes(text.encode("gb18030"))
    outcome = cli("ingest", "ads", root / "ads.csv", "-w", root / "w")
    assert outcome.code == 1
    assert '[mapping.ads] encoding = "gb18030"' in outcome.out


def test_a_folder_that_cannot_be_written_is_no_fault_of_shroff(
    root: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    outcome = cli("ingest", "ads", root / "ads.csv", "-w", root / "w", "--json")
    assert outcome.code == 2
    assert "cannot be written" in outcome.fault()["cause"]
    assert cli("status", "-w", root / "w").code == 0
