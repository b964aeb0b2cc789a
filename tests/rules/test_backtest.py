"""Rules tried on the history of a small platform, counted by hand."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.rules.rule_stories import RuleStory, pack_file

from shroff.errors import DesignError
from shroff.rules.backtest_result import Backtest
from shroff.rules.pack_paths import read_packs
from shroff.stats.estimate import Status
from shroff.workspace import Workspace

MAY = "2026-05-01..2026-05-31"
AUDIT = '[designs.audit]\nkind = "poisson"\n'


def casino(root: Path, *, labels: bool = True) -> Workspace:
    """Ten ads say casino, six of them approved; three say free chips; eleven of 21 are hit.

    Four of the approved casino ads violate, all the others that were stopped do; of ten plain ads
    two violate, one of which says free chips.
    """
    story = RuleStory(root, settings=AUDIT)
    actions = ["approve"] * 6 + ["review"] * 2 + ["reject"] * 2
    for number, action in enumerate(actions):
        chips = " free chips" if number < 2 else ""
        market = "US" if number % 2 else "JP"
        story.ad(f"c{number}", f"casino{chips}", action, market=market, advertiser_id="big")
        story.shown(f"c{number}", 10)
        if labels:
            story.labelled(f"c{number}", "compliant" if number in {4, 5} else "violating")
    for number in range(10):
        title = "free chips" if number == 0 else "bread"
        story.ad(f"p{number}", title, advertiser_id=f"small{number}")
        if labels:
            story.labelled(f"p{number}", "violating" if number < 2 else "compliant")
    return story.opened()


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return casino(tmp_path_factory.mktemp("backtest") / "platform")


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packs")
    pack_file(folder, ("R1", "casino"), ("R2", "free chips"))
    pack_file(folder, ("L1", "free chips"), name="live")
    pack_file(folder, ("T1", "casino"), name="tags", action="tag")
    pack_file(folder, ("J1", "casino"), name="rejects", action="reject")
    pack_file(folder, ("N1", "zebra"), name="nothing")
    return folder


@pytest.fixture(scope="module")
def tried(platform: Workspace, packs: Path) -> Backtest:
    return platform.rules.backtest(read_packs([packs / "pack.yaml"]), period=MAY)


def test_hits_are_counted_in_full(tried: Backtest) -> None:
    first, second = tried.rules
    assert tried.ads == 20
    assert (first.counts.hits, first.counts.new) == (10, 6)
    assert dict(first.counts.actions) == {"approve": 6, "review": 2, "reject": 2}
    assert (second.counts.hits, second.counts.new) == (3, 3)
    assert (tried.whole.counts.hits, tried.whole.counts.new) == (11, 7)
    assert first.counts.impressions == 100.0


def test_precision_and_recall_come_from_the_labels(tried: Backtest) -> None:
    first, second = tried.rules
    assert first.precision.value == pytest.approx(8 / 10)
    assert (first.precision.status, first.precision.n) == (Status.ESTIMATE, 10)
    assert first.new_precision.value == pytest.approx(4 / 6)
    assert first.recall.value == pytest.approx(8 / 10)
    assert first.new_recall.value == pytest.approx(4 / 10)
    assert second.precision.value == pytest.approx(1.0)
    assert second.recall.value == pytest.approx(3 / 10)
    assert tried.whole.precision.value == pytest.approx(9 / 11)
    assert first.labelled.value == pytest.approx(1.0)


def test_two_rules_that_hit_the_same_ads_overlap(tried: Backtest) -> None:
    assert tried.overlaps == (("R1", "R2", 2),)


def test_one_advertiser_behind_a_rule_is_told(tried: Backtest) -> None:
    first = tried.rules[0].counts
    assert (first.advertisers, first.top_share) == (1, 1.0)
    assert "backtest.crowded" in [note.id for note in tried.notes]


def test_what_would_have_become_of_ads_is_told(tried: Backtest) -> None:
    assert dict(tried.whole.counts.flips) == {"approve>review": 7}
    assert tried.whole.reviews_per_day.value == pytest.approx(7 / 31)


def test_work_is_what_reviews_took(tried: Backtest) -> None:
    assert tried.minutes.status is Status.UNKNOWN  # the only reviews are an audit's


def test_wrong_hits_are_told_by_slice(tried: Backtest) -> None:
    found = {each.slice.terms: each for each in tried.slices}
    assert found[("market", "JP"),].wrong.value == pytest.approx(1 / 5)
    assert found[("market", "JP"),].hits == 5


def test_what_live_rules_hit_is_nothing_new(platform: Workspace, packs: Path) -> None:
    tried = platform.rules.backtest(
        read_packs([packs / "pack.yaml"]), against=read_packs([packs / "live.yaml"]), period=MAY
    )
    assert tried.rules[0].counts.beyond == 4
    assert tried.rules[0].new_recall.value == pytest.approx(2 / 10)
    assert tried.rules[1].counts.beyond == 0
    assert tried.rules[1].new_precision.status is Status.UNKNOWN


def test_a_rule_that_tags_changes_nothing(platform: Workspace, packs: Path) -> None:
    tried = platform.rules.backtest(read_packs([packs / "tags.yaml"]), period=MAY)
    assert not tried.whole.counts.flips
    with pytest.raises(DesignError, match="no ad otherwise"):
        platform.rules.draw_deck(
            read_packs([packs / "tags.yaml"]), desk=platform.labels, labels=4, period=MAY
        )


def test_a_rule_that_rejects_takes_reviews_off(platform: Workspace, packs: Path) -> None:
    tried = platform.rules.backtest(read_packs([packs / "rejects.yaml"]), period=MAY)
    assert dict(tried.whole.counts.flips) == {"approve>reject": 6, "review>reject": 2}
    assert tried.whole.reviews_per_day.value == pytest.approx(-2 / 31)


def test_a_rule_without_hits_has_no_precision(platform: Workspace, packs: Path) -> None:
    tried = platform.rules.backtest(read_packs([packs / "nothing.yaml"]), period=MAY)
    assert tried.rules[0].counts.hits == 0
    assert tried.rules[0].precision.status is Status.UNKNOWN
    assert "backtest.idle" in [note.id for note in tried.notes]


def test_the_record_and_the_table_tell_the_same(tried: Backtest) -> None:
    record = tried.record()
    table = tried.to_arrow()
    assert [rule["rule"] for rule in record["rules"]] == ["R1", "R2"]  # type: ignore[attr-defined]
    assert table.column("rule").to_pylist() == ["R1", "R2", None]
    assert table.column("hits").to_pylist() == [10, 3, 11]
    assert table.column("precision").to_pylist()[0] == pytest.approx(0.8)


def test_reviews_of_any_kind_are_a_proxy(tmp_path: Path, packs: Path) -> None:
    story = RuleStory(tmp_path / "platform")
    for number in range(4):
        story.ad(f"a{number}", "casino")
        seen = {"queue_reason": "model", "sampling_prob": None, "design_id": None}
        verdict = "violating" if number < 3 else "compliant"
        story.labelled(f"a{number}", verdict, **seen)
    tried = story.opened().rules.backtest(read_packs([packs / "pack.yaml"]), period=MAY)
    assert tried.rules[0].precision.status is Status.PROXY
    assert tried.rules[0].precision.value == pytest.approx(3 / 4)


def test_an_action_that_nobody_sampled_leaves_bounds(tmp_path: Path, packs: Path) -> None:
    story = RuleStory(tmp_path / "platform", settings=AUDIT)
    for number in range(4):
        story.ad(f"a{number}", "casino")
        story.labelled(f"a{number}", "violating")
        story.ad(f"r{number}", "casino", "reject")
    tried = story.opened().rules.backtest(read_packs([packs / "pack.yaml"]), period=MAY)
    precision = tried.rules[0].precision
    assert precision.status is Status.BOUNDS
    assert precision.low is not None
    assert precision.low <= 0.5  # all four rejects may be wrong
    assert precision.high == pytest.approx(1.0)
    assert tried.rules[0].new_precision.status is Status.ESTIMATE


def test_a_rule_that_decided_is_measured_without_its_own_decisions(
    tmp_path: Path, packs: Path
) -> None:
    story = RuleStory(tmp_path / "platform", settings=AUDIT)
    story.ad("alone", "casino", "reject", detector="R1")
    story.hit("alone", "R1", deciding=True)
    story.ad("two", "casino", "reject", detector="R1")
    story.hit("two", "R1", deciding=True)
    story.hit("two", "other")
    story.ad("model", "casino", "reject", detector="model")
    tried = story.opened().rules.backtest(read_packs([packs / "pack.yaml"]), period=MAY)
    assert (tried.rules[0].counts.hits, tried.rules[0].counts.new) == (3, 1)
    assert tried.rules[0].counts.detectors == (("other", 1),)
    assert "backtest.own" in [note.id for note in tried.notes]


def test_labels_of_a_deck_speak_for_the_ads_it_was_drawn_from(tmp_path: Path, packs: Path) -> None:
    platform = casino(tmp_path / "platform", labels=False)
    chosen = read_packs([packs / "pack.yaml"])
    batch = platform.rules.draw_deck(chosen, desk=platform.labels, labels=50, period=MAY)
    assert (batch.asked, batch.file is not None) == (7, True)
    assert batch.file is not None
    with batch.file.open(encoding="utf-8-sig", newline="") as drawn:
        rows = list(csv.DictReader(drawn))
    with batch.file.open("w", encoding="utf-8", newline="") as answered:
        writer = csv.DictWriter(answered, list(rows[0]))
        writer.writeheader()
        wrong = {"c4", "c5"}
        writer.writerows(
            {**row, "verdict": "compliant" if row["ad_id"] in wrong else "violating"}
            for row in rows
        )
    assert platform.labels.take([batch.file]).added == 7
    tried = platform.rules.backtest(chosen, period=MAY)
    assert "backtest.deck_used" in [note.id for note in tried.notes]
    assert tried.rules[0].new_precision.value == pytest.approx(4 / 6)
    assert tried.rules[0].new_precision.status is Status.ESTIMATE
    # what was caught already nobody sampled
    assert tried.rules[0].precision.status is not Status.ESTIMATE
    # and the deck speaks for nothing else: the scorecard does not take it for a sample of all ads
    card = platform.measure(period=MAY, by=[], metrics=["leakage"])
    assert "rules-" not in card.record()["design"]  # type: ignore[operator]
