"""Does a switched-off model stay off for everybody, and do runs switch theirs off in time?"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from shroff.domain.judgements import JudgementOutcome
from shroff.errors import ConfigError
from shroff.models.kill_switch import KillSwitch, revive, switch_off, switched_off, switches
from shroff.store.catalog import Catalog
from shroff.store.catalog_watch import CatalogWatch


@dataclass(frozen=True)
class Limits:
    error_rate: float | None = None
    refusal_rate: float | None = None
    cost_per_hour: float | None = None
    latency_seconds: float | None = None
    window: int = 10


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog(tmp_path / "catalog.sqlite")


def test_a_switched_off_model_is_off_in_every_process_until_revived(
    catalog: Catalog, tmp_path: Path
) -> None:
    switch_off(catalog, "judge", who="lin", why="refuses adult ads")
    other = Catalog(tmp_path / "catalog.sqlite")
    seen = KillSwitch(catalog=other, name="judge", version="v2").off()
    assert seen is not None
    assert (seen.who, seen.why, seen.cause) == ("lin", "refuses adult ads", "person")
    revive(other, "judge", who="lin", why="prompt fixed")
    assert KillSwitch(catalog=catalog, name="judge", version="v2").off() is None
    assert [each.off for each in switches(catalog)] == [True, False]


def test_a_run_that_watches_the_catalog_sees_each_turn(catalog: Catalog) -> None:
    with closing(CatalogWatch(catalog.path)) as watch:
        switch = KillSwitch(catalog=catalog, name="judge", version="v1", watch=watch)
        assert switch.off() is None
        switch_off(catalog, "judge", who="lin", why="refuses adult ads")
        assert switch.off() is not None
        assert switch.off() is not None
        revive(catalog, "judge", who="lin", why="prompt fixed")
        assert switch.off() is None


def test_one_version_is_off_and_others_run(catalog: Catalog) -> None:
    switch_off(catalog, "judge", version="v1", who="lin", why="slow")
    assert KillSwitch(catalog=catalog, name="judge", version="v1").off() is not None
    assert KillSwitch(catalog=catalog, name="judge", version="v2").off() is None
    assert KillSwitch(catalog=catalog, name="other", version="v1").off() is None


def test_reviving_a_version_leaves_a_switch_on_all_versions_as_it_is(catalog: Catalog) -> None:
    switch_off(catalog, "judge", who="lin", why="all of it")
    switch_off(catalog, "judge", version="v1", who="lin", why="this one")
    revive(catalog, "judge", version="v1", who="lin", why="this one is fine")
    assert [each.version for each in switched_off(catalog)] == [""]


def test_what_is_not_off_is_not_revived_and_no_switch_is_turned_without_a_reason(
    catalog: Catalog,
) -> None:
    with pytest.raises(ConfigError, match="is not off"):
        revive(catalog, "judge", who="lin", why="?")
    with pytest.raises(ConfigError, match="for a reason"):
        switch_off(catalog, "judge", who="lin", why=" ")


@pytest.mark.parametrize(
    ("limits", "outcome", "cause"),
    [
        (Limits(error_rate=0.3), JudgementOutcome.FAILED, "errors"),
        (Limits(error_rate=0.3), JudgementOutcome.INVALID, "errors"),
        (Limits(refusal_rate=0.3), JudgementOutcome.REFUSED, "refusals"),
        (Limits(refusal_rate=0.3), JudgementOutcome.FILTERED, "refusals"),
    ],
)
def test_a_run_switches_off_at_too_many_bad_calls(
    catalog: Catalog, limits: Limits, outcome: JudgementOutcome, cause: str
) -> None:
    switch = KillSwitch(catalog=catalog, name="judge", version="v1", limits=limits)
    turned = [switch.saw(JudgementOutcome.VERDICT) for _ in range(7)]
    turned += [switch.saw(outcome) for _ in range(3)]
    assert turned == [None] * 10  # 30% of 10 is not more than 30%
    told = switch.saw(outcome)
    assert told is not None
    assert (told.who, told.cause) == ("shroff", cause)
    assert switch.off() == told
    assert switch.saw(outcome) is None  # it is off already


def test_a_run_switches_off_at_the_cost_of_an_hour_and_not_of_a_day(catalog: Catalog) -> None:
    now = [0.0]
    switch = KillSwitch(
        catalog=catalog, name="judge", version="v1", limits=Limits(cost_per_hour=1.0),
        clock=lambda: now[0],
    )  # fmt: skip
    for _ in range(30):
        now[0] += 300.0
        assert switch.saw(JudgementOutcome.VERDICT, cost=0.07) is None
    told = [switch.saw(JudgementOutcome.VERDICT, cost=0.07) for _ in range(3)]
    assert [each.cause for each in told if each is not None] == ["cost"]


def test_a_run_switches_off_when_calls_get_slow(catalog: Catalog) -> None:
    limits = Limits(latency_seconds=2.0)
    switch = KillSwitch(catalog=catalog, name="judge", version="v1", limits=limits)
    for _ in range(9):
        assert switch.saw(JudgementOutcome.VERDICT, latency_ms=2500) is None
    told = switch.saw(JudgementOutcome.VERDICT, latency_ms=2500)
    assert told is not None
    assert told.cause == "latency"
