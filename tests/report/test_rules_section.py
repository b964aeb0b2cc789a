"""What the report tells of rules, on the logs of a small platform."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.rules.rule_stories import RuleStory, pack_file

from shroff.domain.messages import Language
from shroff.rules.pack_paths import read_packs
from shroff.rules.rule_steps import Ask
from shroff.workspace import Workspace

AUDIT = '[designs.audit]\nkind = "poisson"\n'
FIRST, LATER = "2026-05-01..2026-05-10", "2026-05-11..2026-05-20"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """R1 hits one ad a day and twenty on the fifteenth; R2 ends soon; R3 acts and nobody noted it."""
    root = tmp_path_factory.mktemp("league") / "platform"
    story = RuleStory(root, settings=AUDIT)
    for day in range(1, 21):
        for number in range(20 if day == 15 else 1):
            name, at = f"a{day:02d}-{number}", f"2026-05-{day:02d} 10:00:00"
            story.ad(name, "casino", "review", at=at, detector="R1", policy_id="drugs")
            story.labelled(name, "violating" if number % 2 == 0 else "compliant")
            story.hit(name, "R1", hit_at=at, deciding=True)
            story.hit(name, "R3", hit_at=at)
    workspace = story.opened()
    packs = root / "packs"
    packs.mkdir()
    pack_file(packs, ("R1", "casino"), ("R2", "zebra"), ("R3", "casino"))
    pack = packs / "pack.yaml"
    text = pack.read_text(encoding="utf-8")
    text = text.replace("name: {en: R2}", "name: {en: R2}\n    expires: 2026-05-29")
    pack.write_text(text, encoding="utf-8")
    read = read_packs([packs])
    workspace.rules.freeze(workspace.rules.backtest(read, period=FIRST).only("R1"))
    workspace.rules.promote(Ask(rule_id="R1", to="shadow", why="x"))
    workspace.rules.promote(Ask(rule_id="R1", to="live", why="x"))
    return workspace


@pytest.fixture(scope="module")
def pages(platform: Workspace, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    out = tmp_path_factory.mktemp("out")
    files = platform.report(period=LATER, out=out)
    return {language: _section(path) for language, path in zip("ez", files.texts, strict=True)}


def _section(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    titles = ("How do the rules do?", "规则表现如何？")
    (start,) = [text.index(title) for title in titles if title in text]
    return text[start:].split("\n## ")[0]


def test_the_lead_counts_hits_and_says_how_many_ask_for_a_look(pages: dict[str, str]) -> None:
    assert "3 rules hit 29 of the 29 ads decided in these days" in pages["e"]
    assert "2 rules ask for a look" in pages["e"]
    assert "有 2 条规则需要查看" in pages["z"]
    assert "rules act on ads (1 of them) of which nothing is recorded here" in pages["e"]


def test_rules_that_miss_their_forecast_or_end_soon_are_told(pages: dict[str, str]) -> None:
    assert "R1 hit 20 ads on 2026-05-15; its forecast is 1 a day" in pages["e"]
    assert "R1 在 2026-05-15 命中 20 条，预测为每天 1 条" in pages["z"]
    assert "R2 applies until " in pages["e"]


def test_a_row_holds_figures_against_the_forecast(pages: dict[str, str]) -> None:
    row = next(line for line in pages["e"].splitlines() if line.startswith("| R1"))
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[1].endswith("stop it")
    assert cells[2] == "2.9"
    assert cells[3].startswith("0–")
    assert "%" in cells[4]
    third = next(line for line in pages["e"].splitlines() if line.startswith("| R3"))
    assert "acts, not noted" in third


def test_what_leaves_the_team_names_no_rule(
    platform: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> None:
    files = platform.publish(period=LATER, out=tmp_path_factory.mktemp("public"), languages=["en"])
    text = files.texts[0].read_text(encoding="utf-8")
    assert "How do the rules do?" not in text
    assert "R1" not in text


def test_a_pack_that_cannot_be_read_is_said_so_and_the_rest_stands(
    platform: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> None:
    broken = platform.root / "packs" / "broken.yaml"
    broken.write_text("pack: [\n", encoding="utf-8")
    try:
        files = platform.report(period=LATER, out=tmp_path_factory.mktemp("b"), languages=["en"])
    finally:
        broken.unlink()
    text = files.texts[0].read_text(encoding="utf-8")
    assert "cannot be read, so their rules were not watched" in text
    assert "broken.yaml" in text


def test_a_workspace_without_rules_has_no_such_section(tmp_path: Path) -> None:
    story = RuleStory(tmp_path / "bare", settings=AUDIT)
    story.ad("a1", "casino")
    story.labelled("a1", "violating")
    files = story.opened().report(languages=[Language.EN], out=tmp_path / "out")
    assert "How do the rules do?" not in files.texts[0].read_text(encoding="utf-8")
