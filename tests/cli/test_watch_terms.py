"""`shroff watch terms`: terms on a terminal, as JSON, as CSV; what rules miss; seeds for mining."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.watch.term_story import write_term_story

if TYPE_CHECKING:
    from conftest import Cli

SPAN = ("--period", "2026-03-16..2026-03-29")
PACK = """
pack: ours
version: "1"
rules:
  - id: E4-contact
    version: "1"
    policy: E4
    action: reject
    match: {any: ["加微信", "加我微信"]}
  - id: A1-moon
    version: "1"
    policy: A1
    action: reject
    match: {any: ["moon tokens"]}
"""


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_term_story(tmp_path_factory.mktemp("terms") / "story").root


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    (tmp_path / "ours.yaml").write_text(PACK, encoding="utf-8")
    return tmp_path / "ours.yaml"


def test_terms_are_listed_with_their_evidence_and_the_next_step(cli: Cli, story: Path) -> None:
    told = cli("watch", "terms", "-w", story, *SPAN)
    assert told.code == 0
    assert told.out.startswith("Violating ads, ")
    assert "加薇信" in told.out
    assert "moon tokens" in told.out
    assert "Propose rules: shroff rules mine --policy" in told.out
    assert "--period 2026-03-16..2026-03-29" in told.out
    assert "No rules were given" in told.out


def test_rules_name_what_is_known_and_what_they_miss(cli: Cli, story: Path, pack: Path) -> None:
    record = cli("watch", "terms", "-w", story, *SPAN, "--rules", pack, "--json").record()
    terms = {each["term"]: each for each in record["terms"]}  # type: ignore[index,attr-defined]
    missed = {each["term"]: each for each in record["missed"]}  # type: ignore[index,attr-defined]
    assert terms["加薇信"]["variant_of"] == "加微信"
    assert terms["moon tokens"]["likeness"] == "same"
    assert missed["moon tokens"] == {"term": "moon tokens", "ads": 30, "missed": 0, "rules": []}
    assert missed["加v信"]["missed"] > 0
    assert "--against" in str(record["next"])


def test_seeds_are_ads_that_rules_are_mined_from(cli: Cli, story: Path, tmp_path: Path) -> None:
    seeds, out = tmp_path / "seeds.csv", tmp_path / "proposed.yaml"
    told = cli("watch", "terms", "-w", story, *SPAN, "--seeds", seeds)
    assert f"--files {seeds}" in told.out
    rows = list(csv.DictReader(io.StringIO(seeds.read_text(encoding="utf-8"))))
    assert {row["label"] for row in rows} == {"violating", "compliant"}
    columns = ["--text", "text", "--label", "label", "--group", "advertiser", "--day", "day"]
    mined = cli("rules", "mine", "--files", seeds, *columns, "--precision", "0.8", "--out", out)
    assert mined.code == 0
    assert any(term in out.read_text(encoding="utf-8") for term in ("加薇信", "moon tokens"))


def test_csv_has_a_row_a_term(cli: Cli, story: Path) -> None:
    told = cli("watch", "terms", "-w", story, *SPAN, "--csv", "-")
    rows = list(csv.DictReader(io.StringIO(told.out)))
    assert {row["term"] for row in rows} >= {"加薇信", "moon tokens"}
    assert all(int(row["advertisers"]) >= 3 for row in rows)


def test_chinese_says_the_same(cli: Cli, story: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(story, tmp_path / "zh")
    settings = tmp_path / "zh" / "shroff.toml"
    settings.write_text(settings.read_text() + "language = 'zh'\n", encoding="utf-8")
    told = cli("watch", "terms", "-w", tmp_path / "zh", *SPAN, "--known", "加微信")
    assert told.out.startswith("违规广告")
    assert "形似 加微信" in told.out


def test_nothing_found_is_said(cli: Cli, story: Path) -> None:
    told = cli("watch", "terms", "-w", story, *SPAN, "--of", "overturned")
    assert told.code == 0
    assert "rose beyond chance" in told.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--false-share", "2"), "not between 0 and 1"),
        (("--background", "2026-03-16..2026-03-29"), "does not end before"),
        (("--of", "funny"), "'funny' is not one of"),
        (("--least", "1"), "1 is not in the range"),
        (("--rules", "nowhere.yaml"), "nowhere.yaml"),
    ],
)
def test_a_mistake_is_told_in_words(
    cli: Cli, story: Path, words: tuple[str, ...], said: str
) -> None:
    told = cli("watch", "terms", "-w", story, *SPAN, *words)
    assert told.code != 0
    assert said in told.err
    assert "Traceback" not in told.err
