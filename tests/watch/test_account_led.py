"""Changes that are one account's are told apart from those that are everybody's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from shroff.domain.messages import Language
from shroff.domain.slices import Slice
from shroff.measure.brief import Brief
from shroff.measure.briefing import brief_of
from shroff.measure.ground import ROWS
from shroff.measure.population import build_population
from shroff.store.engine import Engine
from shroff.watch.account_led import FEW, HALF, AccountLed, told_apart
from shroff.watch.change_candidates import Candidate
from shroff.workspace import Workspace


@pytest.fixture(scope="module")
def stage(platform: Workspace) -> Iterator[tuple[Engine, Brief]]:
    with platform.engine() as engine:
        brief = brief_of(platform.settings, engine, period="all")
        build_population(
            engine, brief.period, derived=brief.derived, week_starts=brief.week_starts
        )
        yield engine, brief


def change(metric: str, onset: date, last: date | None, **told: Any) -> Candidate:
    where = told.pop("where", {})
    return Candidate(
        metric=metric, slice=Slice(tuple(where.items())), kind="passing", onset=onset,
        onset_low=onset, onset_high=onset, last=last, ratio=told.get("ratio", 2.0),
        ratio_low=1.5, ratio_high=3.0, observed=100.0, expected=50.0, z=told.get("z", 6.0), p=1e-6,
        by="scan", against="rest",
    )  # fmt: skip


def busiest(engine: Engine) -> tuple[str, str, date, date]:
    """Name the account with most ads, its market, and days that hold many of its ads."""
    (row,) = engine.query(
        "SELECT advertiser_id AS who, market, MIN(decision_day) AS a, MAX(decision_day) AS b"
        " FROM population WHERE in_period AND advertiser_id IS NOT NULL"
        " GROUP BY advertiser_id, market ORDER BY COUNT(*) DESC, advertiser_id LIMIT 1"
    ).to_pylist()
    return row["who"], row["market"], row["a"], row["b"]


def shares(engine: Engine, where: str, days: tuple[date, date]) -> dict[str, list[int]]:
    """Count each account's ads in some days and on others, by plain SQL."""
    rows = engine.query(
        "SELECT advertiser_id AS who,"
        f" COUNT(*) FILTER (decision_day BETWEEN DATE '{days[0]}' AND DATE '{days[1]}') AS i,"
        f" COUNT(*) FILTER (decision_day NOT BETWEEN DATE '{days[0]}' AND DATE '{days[1]}') AS o"
        f" FROM population WHERE in_period AND {where} GROUP BY advertiser_id"
    ).to_pylist()
    return {row["who"]: [row["i"], row["o"]] for row in rows}


def test_the_share_is_what_goes_with_the_account(stage: tuple[Engine, Brief]) -> None:
    engine, brief = stage
    _, market, first, _ = busiest(engine)
    days = (first + timedelta(days=5), first + timedelta(days=11))
    counted = shares(engine, f"market = '{market}'", days)
    inside, others = (sum(each[n] for each in counted.values()) for n in (0, 1))
    ratio = 1.3
    want = inside / ratio
    own = [i - want * o / others for i, o in counted.values()]
    excess, best = sum(own), max(each / sum(own) for each in own)
    few = best >= HALF or abs(excess) < FEW * sum(each**2 for each in own) ** 0.5
    asked = change("ads_decided", *days, ratio=ratio, where={"market": market})
    left, led, queries = told_apart(engine, brief, [asked], ground=ROWS)
    assert len(left) + len(led) == 1
    assert bool(led) == few
    if led:
        assert led[0].share == pytest.approx(best)
    assert len(queries) == 1


def test_a_change_that_one_account_makes_is_its_own(stage: tuple[Engine, Brief]) -> None:
    engine, brief = stage
    who, market, first, last = busiest(engine)
    where = f"market = '{market}' AND advertiser_id = '{who}'"
    mine = shares(engine, where, (first, last))[who][0]
    whole = sum(each[0] for each in shares(engine, f"market = '{market}'", (first, last)).values())
    # expected: all but this account's ads; so that the account is the change
    asked = change(
        "ads_decided", first, last, ratio=whole / (whole - 0.8 * mine), where={"market": market}
    )
    everybody = change("ads_decided", first, last, ratio=40.0, where={"market": market})
    left, led, _ = told_apart(engine, brief, [asked, everybody], ground=ROWS)
    assert [each.account for each in led] == [who]
    assert left == [everybody]


def test_what_people_say_is_never_told_apart(stage: tuple[Engine, Brief]) -> None:
    engine, brief = stage
    said = change("first_review_violating_share", brief.period.start, None, where={"queue": "en"})
    assert told_apart(engine, brief, [said], ground=ROWS) == ([said], (), ())
    assert told_apart(engine, brief, [], ground=ROWS) == ([], (), ())


def test_rates_hits_and_policies_can_be_asked_of(stage: tuple[Engine, Brief]) -> None:
    engine, brief = stage
    onset = brief.period.start + timedelta(days=20)
    (rule,) = (
        engine.query(
            "SELECT detector FROM hits GROUP BY detector ORDER BY COUNT(*) DESC, detector LIMIT 1"
        )
        .column("detector")
        .to_pylist()
    )
    asked = [
        change("acted_rate", onset, None, where={"policy": "A1", "market": "US"}),
        change("reject_rate", onset, None, where={"language": "en"}),
        change("hit_rate", onset, None, where={"detector": rule}),
        change("traffic_share", onset, None, where={"industry": "games"}),
    ]
    left, led, _ = told_apart(engine, brief, asked, ground=ROWS)
    assert len(left) + len(led) <= len(asked)
    assert all(each in asked for each in left)


def test_an_account_is_told_once_with_its_clearest_change() -> None:
    first = date(2026, 5, 1)
    told = AccountLed(
        change=change("acted_rate", first, None, where={"market": "US"}), account="adv1", share=1.2
    )
    assert told.record()["advertiser_id"] == "adv1"
    for language in (Language.EN, Language.ZH):
        text = told.text({}).text(language)
        assert "adv1" in text
        assert "100" in text
