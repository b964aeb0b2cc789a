"""Rules held against their forecasts, on the logs of a small platform."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from tests.cli.conftest import Outcome
from tests.rules.rule_stories import RuleStory, pack_file

from shroff.cli.app import run
from shroff.errors import ConfigError
from shroff.rules.pack_paths import read_packs
from shroff.rules.rule_steps import Ask
from shroff.stats.estimate import Status
from shroff.store.catalog_rules import RuleEvent
from shroff.workspace import Workspace

AUDIT = '[designs.audit]\nkind = "poisson"\n'
FIRST, LATER = "2026-05-01..2026-05-10", "2026-05-11..2026-05-20"


def surging(root: Path) -> Workspace:
    """R1 hits one casino ad a day, and thirty on the fifteenth; all are labelled, half are wrong."""
    story = RuleStory(root, settings=AUDIT)
    for day in range(1, 21):
        ads = 30 if day == 15 else 1
        for number in range(ads):
            name, at = f"a{day:02d}-{number}", f"2026-05-{day:02d} 10:00:00"
            rejected = {"detector": "R1", "policy_id": "drugs"}
            story.ad(name, "casino", "reject" if day > 10 else "approve", at=at, **rejected)
            story.labelled(name, "violating" if number % 2 == 0 else "compliant")
            if day > 10:
                story.hit(name, "R1", hit_at=at, deciding=True)
    workspace = story.opened()
    (root / "packs").mkdir()
    pack_file(root / "packs", ("R1", "casino"), ("R2", "zebra"))
    return workspace


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = surging(tmp_path_factory.mktemp("watch") / "platform")
    packs = read_packs([workspace.root / "packs"])
    workspace.rules.freeze(workspace.rules.backtest(packs, period=FIRST))
    return workspace


def test_a_day_beyond_the_forecast_trips_the_breaker(platform: Workspace) -> None:
    found = platform.rules.status(period=LATER)
    first = found.rules[0]
    assert (first.result.id, first.trips) == ("R1", True)
    assert [each.id for each in first.alarms] == ["life.surge_day"]
    assert "2026-05-15" in first.alarms[0].text()
    assert first.result.counts.hits == 39
    assert first.result.precision.status is Status.ESTIMATE
    assert first.result.precision.value == pytest.approx((9 + 15) / 39)


def test_a_rule_as_forecast_raises_no_alarm(platform: Workspace) -> None:
    found = platform.rules.status(period="2026-05-11..2026-05-14")
    assert not any(each.alarms for each in found.rules)


def test_a_forecast_is_kept_once_for_the_same_logs(platform: Workspace) -> None:
    packs = read_packs([platform.root / "packs"])
    tried = platform.rules.backtest(packs, period=FIRST)
    names = {platform.rules.freeze(tried) for _ in range(2)}
    assert names == {platform.catalog.rules.forecasts()[0].id}


def test_steps_are_noted_with_who_and_why(platform: Workspace) -> None:
    desk = platform.rules
    desk.promote(Ask(rule_id="R1", to="shadow", who="lin", why="try it"))
    desk.promote(Ask(rule_id="R1", to="canary", share=0.1, who="lin", why="looks right"))
    events = platform.catalog.rules.events("R1")
    assert [(each.state, each.who, each.share) for each in events] == [
        ("shadow", "lin", None),
        ("canary", "lin", 0.1),
    ]
    standing = {each.result.id: each.standing for each in desk.status(period=LATER).rules}
    assert str(standing["R1"].state) == "canary"
    stopped = desk.stop(Ask(rule_id="R1", to="stopped", who="lin", why="surge"))
    assert stopped.event.state == "stopped"
    assert stopped.again.num_rows == 0  # the logs end before the rule was noted to act


def test_a_rule_that_nobody_noted_has_all_its_decisions_looked_at_again(tmp_path: Path) -> None:
    platform = surging(tmp_path / "platform")
    platform.rules.promote(Ask(rule_id="R1", to="shadow", why="x"))
    stopped = platform.rules.stop(Ask(rule_id="R1", to="stopped", why="surge"))
    assert stopped.again.num_rows == 39


def test_a_rule_without_a_forecast_does_not_act(tmp_path: Path) -> None:
    platform = surging(tmp_path / "platform")
    desk = platform.rules
    desk.promote(Ask(rule_id="R1", to="shadow", why="x"))
    refused = desk.promote(Ask(rule_id="R1", to="live", why="x"))
    assert refused.event is None
    assert [each.id for each in refused.objections] == ["life.no_forecast"]
    forced = desk.promote(Ask(rule_id="R1", to="live", why="x", despite=True))
    assert forced.event is not None
    assert forced.event.detail["despite"] == ["life.no_forecast"]


def test_a_rule_that_is_not_there_is_named(platform: Workspace) -> None:
    with pytest.raises(ConfigError, match="R3"):
        platform.rules.promote(Ask(rule_id="R3", to="shadow", why="x"))


def test_the_terminal_ends_with_one_where_a_breaker_trips(
    platform: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    code = run(["rules", "status", "-w", str(platform.root), "--period", LATER])
    told = Outcome(code, *capsys.readouterr())
    assert told.code == 1, told.err
    assert "30 ads on 2026-05-15" in told.out
    again = ("rules", "stop", "R2", "-w", str(platform.root), "--why", "x")
    assert run(again) == 2  # a draft cannot be stopped


def acting(root: Path) -> Workspace:
    """R1 of a surging platform is live with a forecast; R2 is live without one."""
    platform = surging(root)
    desk = platform.rules
    packs = read_packs([platform.root / "packs"])
    kept = desk.backtest(packs, period=FIRST)
    desk.freeze(kept.only("R1"))
    for rule in ("R1", "R2"):
        desk.promote(Ask(rule_id=rule, to="shadow", why="x"))
        desk.promote(Ask(rule_id=rule, to="live", why="x", despite=True))
    return platform


def test_the_breaker_takes_a_surging_rule_out_and_lists_its_ads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    platform = acting(tmp_path / "platform")
    folder = str(platform.root)
    dry = run(["rules", "watch", "-w", folder, "--dry-run"])
    assert dry == 1
    assert "would be taken out" in capsys.readouterr().out
    assert platform.catalog.rules.events("R1")[-1].state == "live"
    assert run(["rules", "watch", "-w", folder]) == 1
    told = capsys.readouterr().out
    assert "R1 was taken out" in told
    assert "R2" in told  # acts and cannot be watched
    last = platform.catalog.rules.events("R1")[-1]
    assert (last.state, last.who) == ("stopped", "breaker")
    assert "30 ads on 2026-05-15" in last.why
    (file,) = (platform.root / "audits").glob("again-R1-*.csv")
    assert len(file.read_text(encoding="utf-8").splitlines()) == 1 + 39
    assert run(["rules", "watch", "-w", folder]) == 0  # it is out already


def test_a_rule_let_act_again_is_not_taken_out_for_what_is_past(tmp_path: Path) -> None:
    platform = acting(tmp_path / "platform")
    desk = platform.rules
    written: list[str] = []

    def keeps(rule: str, again: pa.Table) -> str:
        written.append(f"{rule} {again.num_rows}")
        return ""

    assert [each.id for each in desk.watch(keeps=keeps).tripped] == ["R1"]
    desk.promote(Ask(rule_id="R1", to="shadow", why="looked at"))
    desk.promote(Ask(rule_id="R1", to="live", why="it was an attack"))
    later = desk.watch(keeps=keeps)
    assert (later.tripped, later.unwatched) == ((), ("R1", "R2"))
    assert written == ["R1 39"]


def test_where_many_trip_at_once_the_logs_are_asked_first(tmp_path: Path) -> None:
    platform = acting(tmp_path / "platform")
    found = platform.rules.watch(most=0, keeps=lambda *_: "")
    assert (found.held, len(found.tripped)) == (True, 1)
    assert "1 of 1 rules trip at once" in found.texts()[0]
    assert platform.catalog.rules.events("R1")[-1].state == "live"


def test_a_forecast_of_another_version_is_said_so_and_trips_nothing(tmp_path: Path) -> None:
    platform = acting(tmp_path / "platform")
    pack = platform.root / "packs" / "pack.yaml"
    pack.write_text(pack.read_text(encoding="utf-8").replace("version: 1", "version: 2"))
    found = platform.rules.status(period=LATER)
    (first,) = [each for each in found.rules if each.result.id == "R1"]
    assert [each.id for each in first.alarms] == ["life.other_version"]
    assert not first.trips
    assert platform.rules.watch().unwatched == ("R1", "R2")


def test_a_rule_that_was_taken_out_and_still_acts_is_told(tmp_path: Path) -> None:
    platform = surging(tmp_path / "platform")
    note = platform.catalog.rules.note
    told = {"rule_id": "R1", "version": 1, "share": None, "who": "lin", "why": "x"}
    note(RuleEvent(at="2026-05-12T00:00:00+00:00", state="stopped", **told))
    found = platform.rules.status(period=LATER)
    (alarm,) = found.rules[0].alarms
    assert alarm.text() == (
        "R1 was taken out, and still acted on 37 ads since 2026-05-13, as the log of hits has it"
    )
