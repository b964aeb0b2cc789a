"""Searches over the ads of a small platform, counted by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.rules.rule_stories import RuleStory

from shroff.errors import ConfigError, RuleError
from shroff.rules.found import Found
from shroff.workspace import Workspace


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Five ads say 减肥, three of them in disguise; two more do not."""
    story = RuleStory(tmp_path_factory.mktemp("find") / "platform")
    story.ad("open", "七天减肥不是梦", "reject", market="CN", language="zh", advertiser_id="a1")
    story.ad("dots", "轻松减.肥", market="CN", language="zh", advertiser_id="a1")
    story.ad("wide", "买减\u200b肥茶", market="CN", language="zh", advertiser_id="a2")
    story.ad("late", "减肥", market="TW", language="zh", at="2026-05-12 10:00:00")
    story.ad("both", "减肥 减.肥", "review", market="SG", language="zh")
    story.ad("gym", "健身房开业", market="CN", language="zh")
    story.ad("none", "fresh bread", market="US")
    story.hit("open", "old-rule", deciding=True)
    story.hit("dots", "old-rule", shadow=True)
    story.hit("both", "old-rule")
    story.shown("dots", 300)
    story.shown("dots", 50, day="2026-05-07")
    story.shown("late", 100)
    return story.opened()


@pytest.fixture(scope="module")
def found(platform: Workspace) -> Found:
    return platform.rules.find("减肥")


def test_all_ads_are_counted_whatever_the_disguise(found: Found) -> None:
    assert (found.scanned, found.ads, found.advertisers) == (7, 5, 3)
    assert (found.first, found.last) == ("2026-05-04", "2026-05-12")
    assert [(part.name, part.ads) for part in found.weeks] == [
        ("2026-05-04", 4),
        ("2026-05-11", 1),
    ]
    assert {part.name: part.ads for part in found.markets} == {"CN": 3, "SG": 1, "TW": 1}


def test_the_reach_counts_each_ad_once(found: Found) -> None:
    assert (found.impressions, found.spend) == (450.0, 3.0)


def test_what_was_decided_and_who_catches_them_is_told(found: Found) -> None:
    assert {part.name: part.ads for part in found.actions} == {
        "approve": 3,
        "reject": 1,
        "review": 1,
    }
    assert [(part.name, part.ads) for part in found.detectors] == [("old-rule", 2)]
    assert (found.caught, found.missed) == (2, 3)


def test_ads_that_nowhere_write_the_words_are_hidden(found: Found) -> None:
    assert found.hidden == 2
    ways = {each.evasion: each for each in found.disguises}
    assert ways[()].ads == 3
    assert ways[("separator",)].ads == 2
    assert ways[("separator",)].matched() == "减.肥"
    assert ways[("hidden",)].matched() == "减\u200b肥"


def test_what_was_seen_most_comes_first_with_exact_spans(found: Found) -> None:
    first = found.shown[0]
    assert (first.ad_id, first.impressions) == ("dots", 350.0)
    (spot,) = first.spots
    assert first.texts["title"][spot.start : spot.end] == "减.肥"


def test_a_period_holds_the_search_to_ads_submitted_in_it(platform: Workspace) -> None:
    later = platform.rules.find("减肥", period="2026-W20")
    assert (later.scanned, later.ads) == (1, 1)


def test_a_market_in_the_query_holds_it_to_that_market(platform: Workspace) -> None:
    assert platform.rules.find("减肥 market:CN").ads == 3


def test_nothing_found_is_said_so(platform: Workspace) -> None:
    nothing = platform.rules.find("赌场")
    assert nothing.ads == 0
    assert nothing.summary().text() == "None of 7 ads says it."
    assert nothing.record()["shown"] == []


def test_a_query_that_cannot_be_read_is_a_fault_of_the_rule(platform: Workspace) -> None:
    with pytest.raises(RuleError):
        platform.rules.find("减肥 AND (")


def test_a_limit_below_zero_is_refused(platform: Workspace) -> None:
    with pytest.raises(ConfigError, match="limit"):
        platform.rules.find("减肥", limit=-1)


def test_nothing_is_left_beside_the_logs(platform: Workspace, found: Found) -> None:
    assert found.ads
    scratch: Path = platform.lake.root / "_scratch"
    assert not list(scratch.glob("*"))


def test_contact_details_are_masked_in_what_leaves(tmp_path: Path) -> None:
    story = RuleStory(tmp_path / "platform")
    story.ad("phone", "减肥 call +1 555 010 9999")
    (shown,) = story.opened().rules.find("减肥").shown
    assert shown.record()["texts"] == {"title": "减肥 call ••••••••••••••• "[:-1]}
    assert shown.texts["title"].endswith("9999")
