"""Rules mined from a workspace's own labels: of one policy, and of approved ads alone."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tests.rules.rule_stories import RuleStory

from shroff.cli.app import run
from shroff.errors import DesignError
from shroff.rules.mine_sources import Labelled, ads_of_history
from shroff.workspace import Workspace

AUDIT = '[designs.audit]\nkind = "poisson"\n'


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Slimming ads break health rules and are approved, casino ads break others and are rejected."""
    rng = np.random.default_rng(4)
    words = ["".join(rng.choice(list("abdeghiklmnoprstu"), 6)) for _ in range(300)]
    story = RuleStory(tmp_path_factory.mktemp("mining") / "platform", settings=AUDIT)
    for at in range(360):
        kind = at % 3
        phrase = ("slimming tea", "casino night", "")[kind]
        text = f"{' '.join(rng.choice(words, 5))} {phrase} {' '.join(rng.choice(words, 4))}"
        name = f"a{at:03d}"
        action = ("approve", "reject", "approve")[kind]
        story.ad(name, text, action, advertiser_id=f"adv{at % 90}")
        policies = (["weight"], ["gambling"], [])[kind]
        verdict = "violating" if policies else "compliant"
        story.labelled(name, verdict, policies=policies)
    for policy, parent in (("weight", "health"), ("health", None), ("gambling", None)):
        story.put("policies", policy_id=policy, version="1", parent=parent, name_en=policy)
    return story.opened()


def read(workspace: Workspace, **asked: str) -> Labelled:
    with workspace.engine() as engine:
        return ads_of_history(engine, workspace.settings, **asked)


def test_leaks_are_set_against_approved_ads_alone(platform: Workspace) -> None:
    found = read(platform, action="approve").ads
    assert (len(found), int(found.violating.sum())) == (240, 120)
    assert not any("casino" in text for text in found.texts)


@pytest.mark.parametrize("policy", ["weight", "health"])
def test_a_policy_counts_with_those_below_it(platform: Workspace, policy: str) -> None:
    found = read(platform, policy=policy).ads
    assert (len(found), int(found.violating.sum())) == (360, 120)
    assert all("slimming" in found.texts[row] for row in np.flatnonzero(found.violating))


def test_a_policy_that_nothing_violates_is_said_so(platform: Workspace) -> None:
    with pytest.raises(DesignError, match="'wieght'") as fault:
        read(platform, policy="wieght")
    assert "did you mean weight" in fault.value.hint


def test_leaks_become_rules_of_what_was_approved(
    platform: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "mined.yaml"
    asked = ["rules", "mine", "-w", str(platform.root), "--leaks", "--policy", "health"]
    assert run([*asked, "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["ads"]["violating"] == 120
    assert any("slimming" in each["says"] or "tea" in each["says"] for each in told["proposals"])
    assert "policy: health" in out.read_text(encoding="utf-8")
    assert run(["rules", "test", str(out)]) == 0


def test_where_no_rule_stands_the_labels_are_counted_and_nothing_is_written(
    platform: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = tmp_path / "live.yaml"
    live = "pack: live\nversion: 1\nrules:\n  - id: L-1\n    match: [slimming, casino]\n"
    pack.write_text(live, encoding="utf-8")
    out = tmp_path / "mined.yaml"
    asked = ["rules", "mine", "-w", str(platform.root), "--against", str(pack), "--out", str(out)]
    assert run(asked) == 0
    told = capsys.readouterr()
    assert "of 360 labelled ads 240 violate" in told.out
    assert "was not written" in told.err
    assert not out.exists()
