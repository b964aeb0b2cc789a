"""Campaigns over a whole platform: the planted one is found, dated and attributed, and told as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from benchmarks.planted_campaigns import one_seed

from shroff.errors import ConfigError
from shroff.measure.briefing import brief_of
from shroff.stats.estimate import Estimate, Status
from shroff.synthetic.platform import write_platform
from shroff.watch.campaign_findings import Count, Wave
from shroff.watch.campaign_result import Campaigns
from shroff.watch.campaigns import CampaignQuestion, campaigns
from shroff.workspace import Workspace


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Campaigns:
    root = tmp_path_factory.mktemp("campaigns") / "demo"
    write_platform(root, ads=6_000, seed=5, days=60)
    workspace = Workspace.open(root)
    for table, files in workspace.sources().items():
        if table in {"ads", "decisions", "reviews", "impressions"}:
            workspace.ingest(table, files)
    with workspace.engine() as engine:
        period = brief_of(workspace.settings, engine, by=(), period="all").period
        return campaigns(engine, period, CampaignQuestion(least=3, listed=30))


def test_counts_of_a_campaign_are_those_of_its_members(found: Campaigns) -> None:
    assert found.campaigns
    for each in found.campaigns:
        members = found.of(each.id)
        outcome = members.column("outcome").to_pylist()
        assert len(set(members.column("ad_id").to_pylist())) == each.ads >= 3
        assert len(set(members.column("advertiser_id").to_pylist())) == each.accounts >= 2
        assert outcome.count("approved") == each.outcomes.approved
        assert outcome.count("rejected") == each.outcomes.rejected
        back = members.column("after_reject_of").to_pylist()
        assert (back.count("same"), back.count("other")) == (each.returns.same, each.returns.other)
        times = members.column("decided_at").to_pylist()
        assert times == sorted(times)


def test_a_wave_in_all_markets_names_the_language_of_nearly_all_its_ads() -> None:
    first = date(2026, 5, 1)
    times = Estimate(
        status=Status.PROXY, value=3.0, low=2.0, high=4.0, level=0.95, n=20, method="test"
    )
    wave = Wave(
        market=None, first=first, last=first, times=times, strength=20.0, ads=20, accounts=9,
        by_account=(), by_policy=(), by_language=(Count("zh", 19), Count("en", 1)),
    )  # fmt: skip
    assert wave.language == "zh"
    assert wave.record()["by_language"] == [
        {"language": "zh", "ads": 19},
        {"language": "en", "ads": 1},
    ]
    assert replace(wave, by_language=(Count("zh", 12), Count("en", 8))).language is None
    assert replace(wave, by_language=()).language is None


def test_no_two_campaigns_are_of_mostly_the_same_ads(found: Campaigns) -> None:
    sets = [set(found.of(each.id).column("ad_id").to_pylist()) for each in found.campaigns]
    for one in range(len(sets)):
        for other in range(one):
            assert len(sets[one] & sets[other]) <= 0.6 * len(sets[one] | sets[other])


def test_examples_differ_from_the_usual_wording_where_the_edits_say(found: Campaigns) -> None:
    for each in found.campaigns:
        assert each.copies[0].edits == ()
        for copy in each.copies:
            for edit in copy.edits:
                assert 0 <= edit.start <= edit.end <= len(copy.text)


def test_the_review_list_is_of_approved_ads_next_to_rejected_ones(found: Campaigns) -> None:
    listed = found.review_list()
    assert listed.num_rows > 0
    assert set(listed.column("outcome").to_pylist()) == {"approved"}
    by_id = {each.id: each for each in found.campaigns}
    for campaign in set(listed.column("campaign").to_pylist()):
        assert by_id[campaign].outcomes.rejected > 0


def test_too_few_ads_are_refused() -> None:
    with pytest.raises(ConfigError, match="make no campaign"):
        campaigns(None, None, CampaignQuestion(least=1))  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [3, 8])
def test_the_planted_campaign_is_the_first_wave_and_dated(seed: int, tmp_path: Path) -> None:
    told = one_seed(seed, ads=60_000, folder=tmp_path / "demo")
    assert told["rank"] == 1
    assert abs(int(str(told["first"]))) <= 2
