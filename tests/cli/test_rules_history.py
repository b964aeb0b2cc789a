"""`shroff rules scan`, `test`, `backtest` and `diff` on a terminal and as JSON."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from tests.cli.conftest import Cli
from tests.rules.rule_stories import RuleStory, pack_file

AUDIT = '[designs.audit]\nkind = "poisson"\n'
MAY = "2026-05-01..2026-05-31"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("cli-rules") / "platform"
    story = RuleStory(root, settings=AUDIT)
    for number in range(6):
        story.ad(f"a{number}", "casino" if number < 4 else "bread")
        story.labelled(f"a{number}", "violating" if number < 3 else "compliant")
    story.opened()
    pack_file(root, ("R1", "casino"))
    pack_file(root, ("R1", "bread"), name="other")
    return root


def test_hits_are_listed_with_their_places(cli: Cli, platform: Path) -> None:
    told = cli("rules", "scan", platform / "pack.yaml", "-w", platform)
    assert told.code == 0, told.err
    assert "4 hits of 1 rules in 4 of 6 texts." in told.out
    assert "title 0–6" in told.out


def test_hits_are_written_as_csv_and_parquet(cli: Cli, platform: Path, tmp_path: Path) -> None:
    out, table = tmp_path / "hits.parquet", tmp_path / "hits.csv"
    how = ("-w", platform, "--out", out, "--csv", table)
    assert cli("rules", "scan", platform / "pack.yaml", *how).code == 0
    assert out.stat().st_size > 0
    assert table.read_text(encoding="utf-8").splitlines()[0].startswith("ad_id,ad_version,rule_id")


def test_a_stream_of_json_lines_gives_json_lines(
    cli: Cli, platform: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"ad_id": "x", "title": "a casino"}\nbroken\n'))
    told = cli("rules", "scan", platform / "pack.yaml", "--files", "-")
    assert told.code == 1
    (line,) = told.out.splitlines()
    assert json.loads(line)["start"] == 2
    assert "-:2" in told.err


def test_examples_and_disguises_are_told_and_a_failure_stops_a_pipeline(
    cli: Cli, platform: Path, tmp_path: Path
) -> None:
    told = cli("rules", "test", platform / "pack.yaml", "--all")
    assert told.code == 0, told.err
    assert "2 of 2 examples come out as they say" in told.out
    text = (platform / "pack.yaml").read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(text.replace('match: ["casino"]', 'match: ["poker"]'), encoding="utf-8")
    failed = cli("rules", "test", wrong, "--json")
    assert failed.code == 1
    assert failed.record()["failed"] == ["R1"]


def test_a_backtest_tells_precision_with_its_interval(cli: Cli, platform: Path) -> None:
    told = cli("rules", "backtest", platform / "pack.yaml", "-w", platform, "--period", MAY)
    assert told.code == 0, told.err
    assert "1 rules would have hit 4 of 6 ads" in told.out
    assert "75" in told.out
    record = cli(
        "rules", "backtest", platform / "pack.yaml", "-w", platform, "--period", MAY, "--json",
        "--freeze", "--rule", "R1",
    ).record()  # fmt: skip
    (rule,) = record["rules"]  # type: ignore[misc]
    assert rule["figures"]["precision"]["value"] == pytest.approx(3 / 4)
    assert str(record["forecast_id"]).startswith("forecast-")


def test_a_rule_that_is_not_there_is_named_with_one_that_is(cli: Cli, platform: Path) -> None:
    told = cli(
        "rules", "backtest", platform / "pack.yaml", "-w", platform, "--period", MAY,
        "--rule", "R2",
    )  # fmt: skip
    assert told.code == 2
    assert "R1" in told.err


def test_a_deck_is_written_to_be_labelled(cli: Cli, platform: Path, tmp_path: Path) -> None:
    deck = tmp_path / "deck.csv"
    told = cli(
        "rules", "backtest", platform / "pack.yaml", "-w", platform, "--period", MAY,
        "--deck", deck, "--labels", "3",
    )  # fmt: skip
    assert told.code == 0, told.err
    assert deck.exists()


def test_a_difference_is_told_in_words_and_on_history(cli: Cli, platform: Path) -> None:
    packs = (platform / "pack.yaml", platform / "other.yaml")
    words = cli("rules", "diff", *packs, "--words-only")
    assert words.code == 0, words.err
    assert "casino" in words.out
    assert "bread" in words.out
    record = cli("rules", "diff", *packs, "-w", platform, "--period", MAY, "--json").record()
    assert record["gained"]["whole"]["beyond_against"] == 2  # type: ignore[index]
    assert record["lost"]["whole"]["beyond_against"] == 4  # type: ignore[index]
