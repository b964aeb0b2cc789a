"""Ads are decided by what is live, and every part of a decision can be told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from shroff.advise.adopted_lines import adopt, adopted, drop
from shroff.advise.decider import Decider
from shroff.advise.live_ads import LiveAd, read_ads
from shroff.advise.live_decision import log_row
from shroff.advise.proposal import CascadeChange, PackChange, Proposal, Route, ThresholdChange
from shroff.domain.decisions import Action
from shroff.domain.registered import ModelKind, ModelState
from shroff.errors import ConfigError, RuleError
from shroff.models.kill_switch import revive, switch_off
from shroff.rules.lifecycle import RuleState, in_canary
from shroff.store.catalog_rules import RuleEvent
from shroff.store.model_records import ModelRecord, ModelStep
from shroff.workspace import Workspace

PACK = """
pack: tests
version: 1
rules:
  - id: cure
    action: reject
    policy: E1
    severity: 5
    match: miracle cure
  - id: slim
    action: review
    policy: E2
    severity: 3
    match: slim fast
    markets: [US]
  - id: shiny
    action: tag
    match: shiny
"""


@pytest.fixture
def here(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "here")
    (made.root / "packs").mkdir()
    (made.root / "packs" / "tests.yaml").write_text(PACK, encoding="utf-8")
    return made


@pytest.fixture
def decider(here: Workspace) -> Iterator[Decider]:
    with closing(Decider(here.root, catalog=here.catalog)) as made:
        yield made


def note(here: Workspace, rule: str, state: str, **more: object) -> None:
    told = {"version": 1, "share": None, **more}
    here.catalog.rules.note(
        RuleEvent(
            at="2026-06-01T00:00:00+00:00", rule_id=rule, state=state, who="t", why="t", **told
        )  # type: ignore[arg-type]
    )


def register(here: Workspace, name: str, state: ModelState, **more: object) -> ModelRecord:
    record = ModelRecord(name=name, **{"version": "v1", **more})  # type: ignore[arg-type]
    here.catalog.models.keep(record, who="t", why="t")
    if state is not ModelState.SHADOW:
        step = ModelStep(name=name, version=record.version, state=state, who="t", why="t")
        here.catalog.models.move(step)
    return here.catalog.models.find(name, record.version)


def ad(**values: object) -> LiveAd:
    ads, faults = read_ads([values])
    assert not faults
    return ads[0]


CURE = {"ad_id": "1", "title": "A MIRACLE cure!", "body": "shiny", "market": "US"}


def test_nothing_live_approves_and_says_so(decider: Decider) -> None:
    found = decider.decide([ad(**CURE)])
    (one,) = found.decided
    assert (one.action, one.source, one.rules, one.shadow_rules) == ("approve", "nothing", (), ())
    assert [each.id for each in found.warnings] == ["decide.idle"]
    assert found.warnings[0].params["drafts"] == 3


def test_a_live_rule_decides_and_points_at_the_place(here: Workspace, decider: Decider) -> None:
    note(here, "cure", "live")
    note(here, "shiny", "live")
    one = decider.decide([ad(**CURE)]).decided[0]
    assert (one.action, one.source, one.detector, one.policy) == ("reject", "rule", "cure", "E1")
    assert one.tags == ("shiny",)
    (spot,) = next(each for each in one.rules if each.rule.id == "cure").spots
    assert (spot.field, CURE["title"][spot.start : spot.end]) == ("title", "MIRACLE cure")
    assert json.loads(json.dumps(one.record()))["rules"][0]["spots"]


def test_a_rule_in_shadow_is_told_beside_and_changes_nothing(
    here: Workspace, decider: Decider
) -> None:
    note(here, "cure", "shadow")
    one = decider.decide([ad(**CURE)]).decided[0]
    assert (one.action, one.shadow_action) == (Action.APPROVE, Action.REJECT)
    assert [each.rule.id for each in one.shadow_rules] == ["cure"]


def test_a_canary_acts_on_its_share_of_ads_only(here: Workspace, decider: Decider) -> None:
    note(here, "cure", "canary", share=0.3)
    ads = [ad(ad_id=str(number), title="miracle cure") for number in range(200)]
    found = {each.ad.id: each.action for each in decider.decide(ads).decided}
    assert found == {
        name: Action.REJECT if in_canary("cure", name, 0.3) else Action.APPROVE for name in found
    }
    assert 30 < sum(each is Action.REJECT for each in found.values()) < 90


def test_only_the_version_that_was_let_act_acts(here: Workspace, decider: Decider) -> None:
    note(here, "cure", "live", version=2)
    found = decider.decide([ad(**CURE)])
    assert found.decided[0].action is Action.APPROVE
    assert found.decided[0].shadow_rules[0].why == "version"
    assert "decide.moved" in [each.id for each in found.warnings]


def test_what_changes_in_catalog_or_packs_holds_from_the_next_ad_on(
    here: Workspace, decider: Decider
) -> None:
    assert decider.decide([ad(**CURE)]).decided[0].action is Action.APPROVE
    first = decider.strategy().id
    note(here, "cure", "live")
    assert decider.decide([ad(**CURE)]).decided[0].action is Action.REJECT
    live = decider.strategy().id
    note(here, "cure", "stopped")  # as the breaker does
    assert decider.decide([ad(**CURE)]).decided[0].action is Action.APPROVE
    path = here.root / "packs" / "tests.yaml"
    note(here, "cure", "shadow")
    note(here, "cure", "live")
    path.write_text(PACK.replace("miracle cure", "wonder cure"), encoding="utf-8")
    assert decider.decide([ad(**CURE)]).decided[0].action is Action.APPROVE
    assert decider.decide([ad(title="wonder cure")]).decided[0].action is Action.REJECT
    assert len({first, live, decider.strategy().id}) == 3


def test_a_pack_that_cannot_be_read_leaves_what_was_live(
    here: Workspace, decider: Decider
) -> None:
    note(here, "cure", "live")
    before = decider.strategy().id
    (here.root / "packs" / "tests.yaml").write_text("rules: [", encoding="utf-8")
    found = decider.decide([ad(**CURE)])
    assert (found.decided[0].action, found.strategy.id) == (Action.REJECT, before)
    assert found.warnings[0].id == "decide.stale"
    (here.root / "packs" / "tests.yaml").write_text(PACK, encoding="utf-8")
    assert decider.decide([ad(**CURE)]).warnings == ()
    (here.root / "packs" / "tests.yaml").write_text("rules: [", encoding="utf-8")
    with (
        closing(Decider(here.root, catalog=here.catalog)) as other,
        pytest.raises(RuleError),
    ):
        other.strategy()


def test_thresholds_of_a_champion_decide_on_scores_that_ads_bring(
    here: Workspace, decider: Decider
) -> None:
    register(here, "risk", ModelState.CHAMPION, thresholds={"review": 0.5, "reject": 0.9})
    ads = [ad(ad_id=str(score), scores={"risk": score}) for score in (0.1, 0.5, 0.89, 0.9)]
    found = decider.decide(ads).decided
    assert [each.action for each in found] == ["approve", "review", "review", "reject"]
    assert [each.source for each in found] == ["model"] * 4
    line = found[3].lines[0].record()
    assert (line["model"], line["version"], line["score_from"]) == ("risk", "v1", "ad")


def test_a_missing_score_gets_the_fallback_of_the_settings(
    here: Workspace, decider: Decider
) -> None:
    register(here, "risk", ModelState.CHAMPION, thresholds={"reject": 0.9})
    one = decider.decide([ad(title="x")]).decided[0]
    assert (one.action, one.source, one.lines[0].why) == (Action.REVIEW, "fallback", "no_score")
    settings = here.root / "shroff.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text + '\n[decide]\nfallback = "approve"\n', encoding="utf-8")
    assert decider.decide([ad(title="x")]).decided[0].action is Action.APPROVE


def test_a_model_that_is_switched_off_decides_nothing(here: Workspace, decider: Decider) -> None:
    register(here, "risk", ModelState.CHAMPION, thresholds={"reject": 0.9})
    sure = ad(scores={"risk": 0.99})
    assert decider.decide([sure]).decided[0].action is Action.REJECT
    switch_off(here.catalog, "risk", who="t", why="test")
    found = decider.decide([sure])
    assert (found.decided[0].action, found.decided[0].lines[0].why) == (Action.REVIEW, "off")
    assert "decide.off" in [each.id for each in found.warnings]
    revive(here.catalog, "risk", who="t", why="test")
    assert decider.decide([sure]).decided[0].action is Action.REJECT


def test_adopted_lines_decide_by_the_first_slice_that_fits(
    here: Workspace, decider: Decider
) -> None:
    register(here, "risk", ModelState.CHAMPION, thresholds={"reject": 0.99})
    proposal = Proposal(
        thresholds=(
            ThresholdChange(model="risk", where=(("market", "US"),), review_from=0.2),
            ThresholdChange(model="risk", review_from=0.6, reject_from=0.8),
        ),
        routing=(Route(where=(("market", "US"),), queue="west"),),
    )
    adopt(here.catalog, proposal, who="lin", why="test")
    found = decider.decide([
        ad(market=market, scores={"risk": score})
        for market, score in (("US", 0.9), ("US", 0.1), ("BR", 0.7), ("BR", 0.8))
    ])  # fmt: skip
    assert [each.action for each in found.decided] == ["review", "approve", "review", "reject"]
    assert [each.queue for each in found.decided] == ["west", None, None, None]
    assert found.strategy.record()["lines"]["proposal_id"] == proposal.id  # type: ignore[index]
    drop(here.catalog, who="lin", why="test")
    assert decider.decide([ad(scores={"risk": 0.9})]).decided[0].action is Action.APPROVE
    assert [each.proposal for each in adopted(here.catalog)] == [proposal, None]


def test_a_cascade_asks_for_the_answer_that_an_ad_brings(
    here: Workspace, decider: Decider
) -> None:
    line = CascadeChange(
        model="risk", ask_from=0.3, reject_from=0.95, llm="judge", llm_version="p1",
        people_from=0.5, llm_reject_from=0.9, fallback="approve",
    )  # fmt: skip
    adopt(here.catalog, Proposal(cascades=(line,)), who="t", why="t")
    told = [
        {"risk": 0.1},
        {"risk": 0.5},
        {"risk": 0.5, "judge@p1": 0.2},
        {"risk": 0.5, "judge": 0.6},
        {"risk": 0.5, "judge": 0.95},
        {"risk": 0.97},
    ]
    found = decider.decide([ad(scores=each) for each in told]).decided
    assert [each.action for each in found] == [
        "approve", "approve", "approve", "review", "reject", "reject",
    ]  # fmt: skip
    assert [each.lines[0].why for each in found] == [
        "score", "no_answer", "llm", "llm", "llm", "score",
    ]  # fmt: skip
    assert (found[4].source, found[4].detector, found[4].version) == ("llm", "judge", "p1")
    switch_off(here.catalog, "judge", who="t", why="t")
    assert decider.decide([ad(scores=told[4])]).decided[0].action is Action.APPROVE


def test_a_challenger_is_told_beside_by_its_own_score_only(
    here: Workspace, decider: Decider
) -> None:
    register(here, "risk", ModelState.CHAMPION, thresholds={"reject": 0.9})
    register(here, "risk", ModelState.CHALLENGER, version="v2", thresholds={"reject": 0.5})
    one = decider.decide([ad(scores={"risk": 0.6, "risk@v2": 0.7})]).decided[0]
    assert (one.action, one.shadow_action) == (Action.APPROVE, Action.REJECT)
    none = decider.decide([ad(scores={"risk": 0.6})]).decided[0]
    assert (none.shadow_action, none.shadow_lines[0].why) == (Action.APPROVE, "no_score")


def test_a_model_that_runs_here_scores_and_one_that_fails_gets_the_fallback(
    here: Workspace, decider: Decider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = (
        "def score(ads):\n"
        "    found = [0.95 if 'bad' in (t or '') else 0.1 for t in ads.column('title').to_pylist()]\n"
        "    if any('crash' in (t or '') for t in ads.column('title').to_pylist()):\n"
        "        raise RuntimeError('no memory')\n"
        "    return found\n"
    )
    (tmp_path / "our_scorer.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    register(
        here, "own", ModelState.CHAMPION, kind=ModelKind.CALLABLE, thresholds={"reject": 0.9},
        source={
            "function": "our_scorer:score",
            "sha256": sha256((tmp_path / "our_scorer.py").read_bytes()).hexdigest(),
        },
    )  # fmt: skip
    found = decider.decide([ad(title="bad"), ad(title="fine")]).decided
    assert [each.action for each in found] == [Action.REJECT, Action.APPROVE]
    assert found[0].lines[0].record()["score_from"] == "model"
    failed = decider.decide([ad(title="crash")])
    assert (failed.decided[0].action, failed.decided[0].lines[0].why) == ("review", "failed")
    assert failed.warnings[-1].params["what"] == "it raised RuntimeError: no memory"


def test_a_decision_is_a_function_of_the_ad_and_the_strategy(
    here: Workspace, decider: Decider
) -> None:
    note(here, "cure", "live")
    register(here, "risk", ModelState.CHAMPION, thresholds={"reject": 0.9})
    ads = [ad(**CURE), ad(ad_id="2", scores={"risk": 0.95})]
    one = [each.record() for each in decider.decide(ads).decided]
    alone = [decider.decide([each]).decided[0].record() for each in ads]
    with closing(Decider(here.root, catalog=here.catalog)) as other:
        assert [each.record() for each in other.decide(ads).decided] == one == alone


def test_a_decision_is_a_row_that_an_ingest_takes(
    here: Workspace, decider: Decider, tmp_path: Path
) -> None:
    note(here, "cure", "live")
    at = datetime(2026, 6, 1, tzinfo=UTC)
    found = decider.decide([ad(**CURE), ad(ad_id="2", title="fine", market="US")]).decided
    file = tmp_path / "decisions.jsonl"
    file.write_text("".join(json.dumps(log_row(e, at=at)) + "\n" for e in found), "utf-8")
    report = here.ingest("decisions", [file])
    assert report.inserted == 2
    rows = here.sql("SELECT action, source, detector FROM decisions ORDER BY ad_id").to_pylist()
    assert rows[0] == {"action": "reject", "source": "rule", "detector": "cure"}


def test_scan_tells_rules_of_the_states_asked_for(here: Workspace, decider: Decider) -> None:
    note(here, "cure", "live")
    _, acting = decider.scan([ad(**CURE)], states=[RuleState.LIVE])
    _, drafts = decider.scan([ad(**CURE)], states=[RuleState.DRAFT])
    assert [[each.rule.id for each in own] for own in (*acting, *drafts)] == [["cure"], ["shiny"]]


def test_a_rule_whose_last_day_is_over_does_not_act(here: Workspace, decider: Decider) -> None:
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date()
    text = PACK.replace("  - id: cure\n", f"  - id: cure\n    expires: {yesterday}\n")
    (here.root / "packs" / "tests.yaml").write_text(text, encoding="utf-8")
    note(here, "cure", "live")
    assert decider.decide([ad(**CURE)]).decided[0].action is Action.APPROVE


@pytest.mark.parametrize(
    ("proposal", "cause"),
    [
        (Proposal(packs=(PackChange(path="x.yaml"),)), "packs"),
        (Proposal(versions=(("risk", "v2"),)), "no lines"),
    ],
)
def test_lines_that_are_none_are_refused(here: Workspace, proposal: Proposal, cause: str) -> None:
    with pytest.raises(ConfigError, match=cause):
        adopt(here.catalog, proposal, who="t", why="t")
    with pytest.raises(ConfigError, match="no adopted lines"):
        drop(here.catalog, who="t", why="t")


def test_lines_change_for_a_reason(here: Workspace) -> None:
    proposal = Proposal(
        thresholds=(ThresholdChange(model="risk", reject_from=0.5, review_from=0.5),)
    )
    with pytest.raises(ConfigError, match="reason"):
        adopt(here.catalog, proposal, who="t", why=" ")
    assert adopted(here.catalog) == ()
