"""`shroff models prompt`: from a policy to a prompt to an answer that is checked."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Cli

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "json.md"
KEYS = {
    command: set(re.findall(r"`(\w+)`", keys))
    for command, keys in re.findall(
        r"^\| `shroff models prompt (\w+)` \| (.+) \|$",
        PAGE.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
}
ANSWER = {
    "verdict": "violating", "policy": "E4", "severity": 4,
    "evidence": [{"field": "title", "quote": "瘦10斤"}], "exemption": None,
    "confidence": "high", "reason": "数字与时间",
}  # fmt: skip


@pytest.fixture
def policy(cli: Cli, tmp_path: Path) -> Path:
    file = tmp_path / "policies" / "E4.md"
    assert cli("models", "prompt", "init", file).code == 0
    return file


def answer(tmp_path: Path, **changes: object) -> Path:
    file = tmp_path / "answer.json"
    file.write_text(json.dumps({**ANSWER, **changes}), encoding="utf-8")
    return file


def test_a_policy_that_is_there_is_not_overwritten(cli: Cli, policy: Path) -> None:
    policy.write_text("mine", encoding="utf-8")
    outcome = cli("models", "prompt", "init", policy)
    assert outcome.code != 0
    assert "--replace" in outcome.err
    assert policy.read_text(encoding="utf-8") == "mine"
    assert cli("models", "prompt", "init", policy, "--replace").code == 0


def test_a_policy_that_cannot_be_written_is_told_in_words(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for words in ((tmp_path, "--replace"), (tmp_path / "file" / "E4.md",)):
        outcome = cli("models", "prompt", "init", *words)
        assert outcome.code == 2
        assert "cannot write" in outcome.err
        assert "hint" in outcome.err


def test_a_folder_without_policies_does_not_pass(cli: Cli, tmp_path: Path) -> None:
    outcome = cli("models", "prompt", "lint", tmp_path)
    assert outcome.code == 2
    assert "no policy in the folder" in outcome.err


def test_lint_shows_places_and_stops_a_pipeline(cli: Cli, policy: Path) -> None:
    clean = cli("models", "prompt", "lint", policy.parent)
    assert (clean.code, clean.out) == (0, "1 policies: 0 errors, 0 warnings.\n")
    text = policy.read_text(encoding="utf-8")
    policy.write_text(text.replace("## 定义", "## 释义"), encoding="utf-8")
    told = cli("models", "prompt", "lint", policy)
    assert told.code == 1
    line = text[: text.index("## 定义")].count("\n") + 1
    assert f"E4.md:{line}:1: error P005" in told.out
    assert "定义, 违规" in told.out
    assert "缺少章节“定义”" in cli("models", "prompt", "lint", policy, "--zh").out
    record = cli("models", "prompt", "lint", policy, "--json").record()
    assert set(record) == KEYS["lint"]
    assert record["errors"] == 2


def test_lint_knows_the_policies_of_a_list(cli: Cli, policy: Path, tmp_path: Path) -> None:
    known = tmp_path / "known.csv"
    known.write_text("policy_id,name\nE1,x\n", encoding="utf-8")
    assert "P109" in cli("models", "prompt", "lint", policy, "--policies", known).out
    known.write_text("E4\n", encoding="utf-8")
    assert cli("models", "prompt", "lint", policy, "--policies", known).code == 0


def test_a_prompt_is_rendered_with_its_version(cli: Cli, policy: Path, tmp_path: Path) -> None:
    words = ("models", "prompt", "render", policy)
    record = cli(*words, "--title", "7天瘦10斤", "--language", "zh", "--json").record()
    assert set(record) == KEYS["render"]
    messages = record["messages"]
    assert isinstance(messages, list)
    system, user = messages
    assert "政策 E4" in system["content"]
    assert "7天瘦10斤" in user["content"]
    shown = cli(*words, "--title", "7天瘦10斤", "--language", "zh").out
    assert str(record["version"]) in shown
    assert user["content"] in shown
    ad = tmp_path / "ad.json"
    ad.write_text(json.dumps({"title": "x", "ocr_text": "y"}), encoding="utf-8")
    again = cli(*words, "--ad", ad, "--model", "m", "--param", "temperature=0", "--json").record()
    assert again["version"] != record["version"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "the ad has no text"),
        (("--ad", "nowhere.json"), "cannot be read"),
        (("--title", "x", "--param", "temperature"), "is not NAME=VALUE"),
        (("--title", "x", "--language", "fr"), "'fr' is not one of"),
    ],
)
def test_a_mistake_is_told_in_words(
    cli: Cli, policy: Path, words: tuple[str, ...], said: str
) -> None:
    told = cli("models", "prompt", "render", policy, *words)
    assert told.code != 0
    assert said in told.err
    assert "Traceback" not in told.err


@pytest.mark.parametrize("content", ["[1]", '{"title": 3}', "{"])
def test_an_ad_that_is_no_object_of_texts_is_refused(
    cli: Cli, policy: Path, tmp_path: Path, content: str
) -> None:
    ad = tmp_path / "ad.json"
    ad.write_text(content, encoding="utf-8")
    told = cli("models", "prompt", "render", policy, "--ad", ad)
    assert told.code != 0
    assert str(ad) in told.err


def test_attacks_are_written_for_a_spreadsheet_too(cli: Cli, policy: Path, tmp_path: Path) -> None:
    file = tmp_path / "attacks.csv"
    assert cli("models", "prompt", "attacks", policy, "--csv", file).code == 0
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines(keepends=True)))
    record = cli("models", "prompt", "attacks", policy, "--json").record()
    assert set(record) == KEYS["attacks"]
    attacks = record["attacks"]
    assert isinstance(attacks, list)
    assert len(rows) == len(attacks) > 100
    assert {row["expected"] for row in rows} == {"violating"}
    assert f"{len(rows)} 条广告" in cli("models", "prompt", "attacks", policy, "--zh").out


def test_an_answer_is_checked_against_the_ad(cli: Cli, policy: Path, tmp_path: Path) -> None:
    words = ("models", "prompt", "check", policy)
    good = cli(*words, answer(tmp_path), "--title", "7天瘦10斤")
    assert good.code == 0
    assert "1 quotes found in the ad" in good.out
    record = cli(*words, answer(tmp_path), "--title", "7天瘦10斤", "--json").record()
    assert set(record) == KEYS["check"] - {"invalid"}
    bad = cli(*words, answer(tmp_path), "--title", "七天瘦十斤", "--zh")
    assert bad.code == 1
    assert bad.out == "回答无效：第 1 条证据的引文不在 title 中\n"
    record = cli(*words, answer(tmp_path, verdict="ok"), "--title", "7天瘦10斤", "--json").record()
    assert set(record) == {"invalid"}


def test_a_diff_stops_a_pipeline_where_the_version_was_not_raised(
    cli: Cli, policy: Path, tmp_path: Path
) -> None:
    new = tmp_path / "new.md"
    text = policy.read_text(encoding="utf-8")
    new.write_text(text.replace("→ 违规：饮品", "→ 不违规：饮品"), encoding="utf-8")
    told = cli("models", "prompt", "diff", policy, new)
    assert told.code == 1
    assert "! '七天轻一圈' was violating and is now permitted." in told.out
    assert "raise it" in told.out
    record = cli("models", "prompt", "diff", policy, new, "--json").record()
    assert set(record) == KEYS["diff"]
    new.write_text(new.read_text(encoding="utf-8").replace("version: 1", "version: 2"), "utf-8")
    assert "由违规改为不违规" in cli("models", "prompt", "diff", policy, new, "--zh").out
    assert cli("models", "prompt", "diff", policy, new).code == 0
    assert cli("models", "prompt", "diff", policy, policy).out.startswith("Both say the same")


def test_files_that_cannot_be_read_hide_no_other_fault(cli: Cli, tmp_path: Path) -> None:
    for name in ("a.md", "c.md"):
        (tmp_path / name).write_bytes(b"\xff\xfe\x00bad")
    (tmp_path / "b.md").write_text("---\nid: E4\n---\n", encoding="utf-8")
    outcome = cli("models", "prompt", "lint", tmp_path)
    assert outcome.code != 0
    assert "b.md" in outcome.out
    assert "a.md" in outcome.err
    assert "c.md" in outcome.err
    assert "UTF-8" in outcome.err
