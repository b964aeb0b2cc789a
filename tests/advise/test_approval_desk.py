"""What acts on ads takes two people where people sign in, and is what was asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.web.team_scene import team_at

from shroff.advise.adopted_lines import Adopted, adopt, adopted
from shroff.advise.approval_desk import ApprovalDesk
from shroff.advise.proposal import Proposal, ThresholdChange
from shroff.errors import ConfigError
from shroff.rules.rule_steps import Ask, Taken
from shroff.store.catalog_advice import Advice
from shroff.store.catalog_approvals import ApprovalRequest
from shroff.workspace import Workspace

PACK = """
pack: tests
version: 1
rules:
  - id: slim
    action: review
    match: slim fast
"""
LINES = Proposal(
    thresholds=(ThresholdChange(model="m", policy="E1", review_from=0.4, reject_from=0.9),)
)


@pytest.fixture
def here(tmp_path: Path) -> Workspace:
    """A workspace with a rule in shadow, and a recommendation of each sort."""
    workspace = Workspace.create(tmp_path / "w")
    (workspace.root / "packs").mkdir()
    (workspace.root / "packs" / "tests.yaml").write_text(PACK, encoding="utf-8")
    workspace.rules.promote(Ask(rule_id="slim", to="shadow", who="dan", why="try it"))
    workspace.catalog.advice.keep(
        [
            Advice(id="thresholds-1", kind="thresholds", subject="E1 from 0.4"),
            Advice(id="labels-1", kind="labels", subject="200 labels"),
        ]
    )
    return workspace


@pytest.fixture
def team(here: Workspace) -> Workspace:
    team_at(here.root)
    return here


def _live(workspace: Workspace, *, who: str = "dan") -> Taken:
    return workspace.rules.promote(
        Ask(rule_id="slim", to="live", who=who, why="it is right", despite=True)
    )


def test_a_single_user_approves_and_the_record_says_so(here: Workspace) -> None:
    taken = _live(here)
    assert taken.waiting is None
    assert taken.event is not None
    assert taken.event.detail["approved"] == "self"
    lines = adopt(here.catalog, LINES, who="dan", why="better")
    assert isinstance(lines, Adopted)
    assert lines.record()["approved"] == "self"
    found, steps = here.adviser.decide("thresholds-1", "accepted", who="dan", why="yes")
    assert found.state == "accepted"
    assert steps[-1].detail["approved"] == "self"
    assert here.catalog.approvals.requests() == ()


def test_a_rule_acts_once_a_second_person_says_so(team: Workspace) -> None:
    taken = _live(team)
    assert taken.event is None
    assert taken.waiting is not None
    assert [each.state for each in team.catalog.rules.events("slim")] == ["shadow"]
    assert _live(team).waiting == taken.waiting  # asked again, it waits once
    desk = ApprovalDesk(team.adviser)
    with pytest.raises(ConfigError, match="somebody else"):
        desk.approve(taken.waiting.id, by="dan")
    settled = desk.approve(taken.waiting.id, by="bob", note="saw the canary")
    assert (settled.state, settled.by, settled.note) == ("approved", "bob", "saw the canary")
    event = team.catalog.rules.events("slim")[-1]
    assert (event.state, event.who, event.detail["approved"]) == ("live", "dan", "bob")
    assert event.detail["request"] == taken.waiting.id
    with pytest.raises(ConfigError, match="approved already"):
        desk.approve(taken.waiting.id, by="cat")


def test_shadow_and_stopping_take_one_person(team: Workspace) -> None:
    team.rules.stop(Ask(rule_id="slim", to="stopped", who="dan", why="surge"))
    team.rules.promote(Ask(rule_id="slim", to="shadow", who="dan", why="again"))
    assert [each.state for each in team.catalog.rules.events("slim")][-2:] == ["stopped", "shadow"]


def test_a_rule_that_was_changed_since_is_not_let_through(team: Workspace) -> None:
    waiting = _live(team).waiting
    assert waiting is not None
    pack = team.root / "packs" / "tests.yaml"
    pack.write_text(PACK.replace("slim fast", "anything"), encoding="utf-8")
    with pytest.raises(ConfigError, match="says something else"):
        ApprovalDesk(team.adviser).approve(waiting.id, by="bob")
    assert team.catalog.approvals.find(waiting.id).state == "waiting"
    assert [each.state for each in team.catalog.rules.events("slim")] == ["shadow"]
    pack.write_text(PACK, encoding="utf-8")
    ApprovalDesk(team.adviser).approve(waiting.id, by="bob")
    assert team.catalog.rules.events("slim")[-1].state == "live"


def test_lines_act_once_a_second_person_says_so(team: Workspace) -> None:
    waiting = adopt(team.catalog, LINES, who="dan", why="better")
    assert isinstance(waiting, ApprovalRequest)
    assert adopted(team.catalog) == ()
    ApprovalDesk(team.adviser).approve(waiting.id, by="ann")
    (live,) = adopted(team.catalog)
    assert live.proposal == LINES
    assert (live.who, live.approved) == ("dan", "ann")


def test_a_recommendation_that_changes_decisions_waits_and_others_do_not(team: Workspace) -> None:
    found, _ = team.adviser.decide("labels-1", "accepted", who="dan", why="yes")
    assert found.state == "accepted"
    found, _ = team.adviser.decide("thresholds-1", "accepted", who="dan", why="yes")
    assert found.state == "waiting"
    (request,) = team.catalog.approvals.requests("waiting")
    ApprovalDesk(team.adviser).approve(request.id, by="bob")
    steps = team.catalog.advice.steps("thresholds-1")
    assert [each.state for each in steps] == ["waiting", "accepted"]
    assert (steps[-1].who, steps[-1].detail["approved"]) == ("dan", "bob")


def test_what_is_refused_does_not_happen_and_says_why(team: Workspace) -> None:
    team.adviser.decide("thresholds-1", "accepted", who="dan", why="yes")
    (request,) = team.catalog.approvals.requests("waiting")
    desk = ApprovalDesk(team.adviser)
    with pytest.raises(ConfigError, match="why it is refused"):
        desk.refuse(request.id, by="bob", note=" ")
    assert desk.refuse(request.id, by="bob", note="too early").note == "too early"
    assert team.catalog.advice.find("thresholds-1").state == "open"
    with pytest.raises(ConfigError, match="refused already"):
        desk.approve(request.id, by="cat")
    with pytest.raises(ConfigError, match="nothing called"):
        desk.approve("ask-0", by="cat")
