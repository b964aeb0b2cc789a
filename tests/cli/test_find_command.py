"""`shroff find` and what follows from it, on a terminal and as JSON."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Cli
from tests.rules.rule_stories import RuleStory

from shroff.rules.pack_file import load_pack
from shroff.rules.trial import try_packs


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("cli-find") / "platform"
    story = RuleStory(root)
    story.ad("a1", "casino tonight", "reject", detector="old")
    story.hit("a1", "old", deciding=True)
    story.ad("a2", "the c·a·s·i·n·o, call +1 555 010 9999")
    story.ad("a3", "bread")
    story.shown("a2", 40)
    story.opened()
    return root


def test_a_search_tells_how_many_and_marks_what_matches(cli: Cli, platform: Path) -> None:
    told = cli("find", "casino", "-w", platform)
    assert told.code == 0, told.err
    assert "2 of 3 ads say it" in told.out
    assert "c·a·s·i·n·o" in told.out
    assert "Separators inside a word" in told.out
    assert "9999" not in told.out


def test_a_search_as_json_has_exact_places(cli: Cli, platform: Path) -> None:
    record = cli("find", "casino", "-w", platform, "--json").record()
    shown = record["shown"]
    assert isinstance(shown, list)
    assert shown[0]["spans"] == [
        {
            "field": "title",
            "start": 4,
            "end": 15,
            "evasion": ["separator"],
            "matched": "c·a·s·i·n·o",
        }
    ]
    assert (record["caught"], record["missed"], record["hidden"]) == (1, 1, 1)


def test_a_search_becomes_a_rule_whose_examples_come_out(
    cli: Cli, platform: Path, tmp_path: Path
) -> None:
    pack = tmp_path / "packs" / "new.yaml"
    for rule in ("C-1", "C-2"):
        told = cli("find", "casino", "-w", platform, "--to-rule", rule, "--pack", pack)
        assert told.code == 0, told.err
        assert str(pack) in told.out
    written = load_pack(pack)
    assert [rule.id for rule in written.rules] == ["C-1", "C-2"]
    assert len(written.rules[0].must_match) == 2
    assert not try_packs([written]).failed
    again = cli("find", "casino", "-w", platform, "--to-rule", "C-1", "--pack", pack)
    assert again.code == 2
    assert "C-1" in again.err


def test_a_rule_of_a_search_is_printed_where_no_pack_is_named(cli: Cli, platform: Path) -> None:
    told = cli("find", "casino", "-w", platform, "--to-rule", "C-9")
    assert told.out.lstrip().startswith("- id: C-9")


def test_a_search_that_finds_nothing_makes_no_rule(cli: Cli, platform: Path) -> None:
    told = cli("find", "zebra", "-w", platform, "--to-rule", "Z-1")
    assert told.code == 2
    assert "no ad" in told.err


def test_a_query_that_cannot_be_read_is_told_without_a_traceback(cli: Cli, platform: Path) -> None:
    told = cli("find", "casino AND (", "-w", platform)
    assert told.code == 2
    assert "Traceback" not in told.err
