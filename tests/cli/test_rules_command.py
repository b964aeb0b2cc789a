from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]

PACK = """\
pack: p
rules:
  - id: R-1
    policy: E4
    match: [减肥, 減肥]
    examples: {match: [快速减肥], no_match: [苹果]}
  - id: R-2
    policy: E5
    severity: 4
    action: reject
    markets: [CN]
    offensive: on
    match: {regex: '(?i)[[]x\\d'}
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    (tmp_path / "p.yaml").write_text(PACK, encoding="utf-8")
    (tmp_path / "policies.csv").write_text("policy_id,name\nE4,Weight\n", encoding="utf-8")
    return tmp_path / "p.yaml"


def test_lint_tells_all_with_places_and_ends_with_one(pack: Path, cli: Cli) -> None:
    outcome = cli("rules", "lint", pack, "--policies", pack.parent / "policies.csv")
    assert outcome.code == 1
    assert f"{pack}:5:17: warning R205" in outcome.out
    assert f"{pack}:13:21: error R101" in outcome.out
    assert "error R310: there is no policy 'E5'" in outcome.out
    assert "packs: 1; rules: 2; errors: 3; warnings: 3" in outcome.out


def test_lint_speaks_chinese(pack: Path, cli: Cli) -> None:
    assert "归一化后与第 5 行" in cli("rules", "lint", pack, "--zh").out


def test_lint_gives_findings_to_programs(pack: Path, cli: Cli) -> None:
    outcome = cli("rules", "lint", pack, "--json")
    record = outcome.record()
    assert outcome.code == 1
    assert set(record) == {"errors", "warnings", "mended", "packs", "findings"}
    first = record["findings"][0]
    assert (first["code"], first["line"], first["column"], first["rule"]) == ("R205", 5, 17, "R-1")


def test_fix_mends_the_file_and_what_is_left_is_told(pack: Path, cli: Cli) -> None:
    outcome = cli("rules", "lint", pack, "--fix", "--json")
    assert outcome.record()["mended"] == 3
    assert "match: [减肥]" in pack.read_text(encoding="utf-8")
    assert "match: {regex: '[\\[]x\\d'}" in pack.read_text(encoding="utf-8")
    assert outcome.code == 0


def test_a_folder_stands_for_its_packs(pack: Path, cli: Cli) -> None:
    record = cli("rules", "lint", pack.parent, "--json").record()
    assert [one["id"] for one in record["packs"]] == ["p"]


def test_a_file_that_is_not_there_is_wrong_use(tmp_path: Path, cli: Cli) -> None:
    outcome = cli("rules", "lint", tmp_path / "none.yaml")
    assert outcome.code == 2
    assert "cannot be read" in outcome.err


def test_a_pack_is_shown_as_a_table_without_offensive_words(pack: Path, cli: Cli) -> None:
    cli("rules", "lint", pack, "--fix")
    shown = cli("rules", "show", pack).out
    assert "{any: [减肥]}" in shown
    assert "(offensive)" in shown
    record = cli("rules", "show", pack, "--json").record()
    assert [rule["id"] for rule in record["rules"]] == ["R-1", "R-2"]


def test_a_pack_with_faults_is_not_shown(pack: Path, cli: Cli) -> None:
    outcome = cli("rules", "show", pack)
    assert outcome.code == 2
    assert "this pack has 2 faults" in outcome.err


def test_the_schema_is_printed(cli: Cli) -> None:
    assert json.loads(cli("rules", "schema").out)["title"] == "Shroff rule pack"
