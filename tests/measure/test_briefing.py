"""From settings to what a measurement is asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shroff.domain.labels import Basis, DesignKind
from shroff.domain.metric_catalogue import CATALOGUE
from shroff.domain.metrics import Direction, Weight
from shroff.domain.slices import Period
from shroff.errors import ConfigError
from shroff.measure.brief import Design, Goal
from shroff.measure.briefing import brief_of, catalogue_of
from shroff.measure.scorecard import scorecard
from shroff.store.duckdb import DuckDBEngine
from shroff.store.settings import Settings, parse_settings

if TYPE_CHECKING:
    from conftest import Story

TOML = """
[slices]
columns = ["market", "language"]
[slices.derived]
big = "ad_id > 'a5'"
[designs.audit]
kind = "poisson"
queues = ["audit"]
stratum = "action"
[designs.monthly]
basis = "declared"
by = "Li"
queue_reasons = ["random"]
design_id = "m1"
cluster = "advertiser_id"
sampling_prob = 0.25
[designs.live]
kind = "census"
basis = "certain"
[goals.leakage]
at_most = 0.02
[goals.own_rate]
at_least = 0.5
[metrics.own_rate]
name_en = "Own rate"
numerator = "action = 'reject'"
denominator = "action <> 'approve'"
weight = "impressions"
direction = "up_good"
[appeals]
window_days = 14
[periods]
week_starts = "sunday"
"""


@pytest.fixture(scope="module")
def engine(tell: Callable[[], Story]) -> DuckDBEngine:
    story = tell()
    for number, day in enumerate(range(1, 29)):
        story.ad(f"a{number}", market="US", language="en")
        story.decided(f"a{number}", "approve", decided_at=f"2026-02-{day:02d} 23:30:00")
    return story.opened()


@pytest.fixture(scope="module")
def settings() -> Settings:
    return parse_settings(TOML)


def test_everything_set_is_in_the_brief(settings: Settings, engine: DuckDBEngine) -> None:
    brief = brief_of(settings, engine)
    assert brief.by == (("market",), ("language",))
    assert brief.derived == {"big": "ad_id > 'a5'"}
    assert brief.designs == (
        Design(id="audit", queues=("audit",), stratum="action"),
        Design(
            id="m1",
            kind=DesignKind.STRATIFIED,
            basis=Basis.DECLARED,
            by="Li",
            reasons=("random",),
            cluster="advertiser_id",
            sampling_prob=0.25,
        ),
        Design(id="live", kind=DesignKind.CENSUS, basis=Basis.CERTAIN),
    )
    assert brief.goals == (
        Goal("leakage", at_most=0.02, name="leakage"),
        Goal("own_rate", at_least=0.5, name="own_rate"),
    )
    assert (brief.appeal_window_days, brief.week_starts, brief.level) == (14, "sunday", 0.95)
    assert brief.as_of.isoformat() == "2026-02-28T23:30:00+00:00"


def test_the_usual_period_is_the_last_four_weeks(settings: Settings, engine: DuckDBEngine) -> None:
    assert brief_of(settings, engine).period == Period(date(2026, 2, 1), date(2026, 3, 1))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("last-week", date(2026, 2, 22), date(2026, 3, 1)),
        ("2026-02-03..2026-02-04", date(2026, 2, 3), date(2026, 2, 5)),
        ("all", date(2026, 2, 1), date(2026, 3, 1)),
    ],
)
def test_a_period_is_read_by_the_weeks_of_the_settings(
    text: str, start: date, end: date, settings: Settings, engine: DuckDBEngine
) -> None:
    assert brief_of(settings, engine, period=text).period == Period(start, end)


def test_slicings_are_written_as_words_pairs_or_sequences(
    settings: Settings, engine: DuckDBEngine
) -> None:
    by = ["market", "market, language", ("policy", "week"), "market", "market,market"]
    assert brief_of(settings, engine, by=by).by == (
        ("market",),
        ("market", "language"),
        ("policy", "week"),
    )
    assert brief_of(settings, engine, by=[]).by == ()


def test_a_metric_of_the_users_joins_the_catalogue_at_its_end(settings: Settings) -> None:
    catalogue = catalogue_of(settings)
    assert list(catalogue) == [*CATALOGUE, "own_rate"]
    own = catalogue["own_rate"]
    assert (own.weight, own.direction, own.custom) == (Weight.IMPRESSIONS, Direction.UP_GOOD, True)
    assert own.name("zh") == "Own rate"
    assert own.definition("zh") == own.definition("en") == f"{own.numerator} / {own.denominator}"


def test_a_metric_of_the_users_cannot_take_the_name_of_a_built_in_one() -> None:
    text = '[metrics.leakage]\nname_en = "x"\nnumerator = "true"\ndenominator = "true"\n'
    with pytest.raises(ConfigError, match=r"\[metrics\.leakage\].*built-in"):
        catalogue_of(parse_settings(text))


def test_a_goal_for_an_unknown_metric_is_refused(engine: DuckDBEngine) -> None:
    settings = parse_settings("[goals.leekage]\nat_most = 0.1\n")
    with pytest.raises(ConfigError, match=r"\[goals\.leekage\]"):
        brief_of(settings, engine)


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0, -0.5])
def test_a_level_that_is_no_share_is_refused(
    level: float, settings: Settings, engine: DuckDBEngine
) -> None:
    with pytest.raises(ConfigError, match="level"):
        brief_of(settings, engine, level=level)


def test_a_brief_from_settings_can_be_measured(settings: Settings, engine: DuckDBEngine) -> None:
    card = scorecard(engine, brief_of(settings, engine, by=["big", "market,big"]))
    shares = {f.slice.terms: f.estimate.denominator for f in card if f.metric == "approve_rate"}
    assert shares[()] == 28
    assert shares[("big", "true"),] + shares[("big", "false"),] == 28
    assert shares[("market", "US"), ("big", "true")] == shares[("big", "true"),]


@pytest.mark.parametrize("bar", ["at_most = 4", "at_least = 90", "at_most = -0.1"])
def test_a_goal_in_per_cent_is_refused(bar: str, biased_review_sample: DuckDBEngine) -> None:
    settings = parse_settings(f"[goals.leakage]\n{bar}\n")
    with pytest.raises(ConfigError, match="is no share"):
        brief_of(settings, biased_review_sample)


def test_a_period_outside_the_logs_is_told_with_what_they_cover(
    biased_review_sample: DuckDBEngine,
) -> None:
    with pytest.raises(ConfigError, match="no machine decision in 2020-01-01") as fault:
        brief_of(Settings(), biased_review_sample, period="2020-01")
    assert "the logs run from 2026-05" in fault.value.hint


def test_one_slicing_may_be_given_as_a_word(biased_review_sample: DuckDBEngine) -> None:
    assert brief_of(Settings(), biased_review_sample, by="market").by == (("market",),)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (
            '[metrics.mine]\nname_en = "x"\nnumerator = "{sql}"\ndenominator = "true"',
            "[metrics.mine] numerator",
        ),
        (
            '[metrics.mine]\nname_en = "x"\nnumerator = "true"\ndenominator = "{sql}"',
            "[metrics.mine] denominator",
        ),
        ('[slices.derived]\ntenure = "{sql}"', "[slices.derived] tenure"),
        ('[designs.a]\nstratum = "{sql}"', "[designs.a] stratum"),
    ],
)
@pytest.mark.parametrize(
    "sql",
    [
        "1); COPY (SELECT 42) TO '{target}'; --",
        "1); DROP TABLE decisions; --",
        "(SELECT COUNT(*) FROM read_text('{target}')) > 0",
        "action = (",
    ],
)
def test_sql_that_is_no_expression_is_refused_by_the_name_of_its_setting(
    text: str, where: str, sql: str, engine: DuckDBEngine, tmp_path: Path
) -> None:
    target = tmp_path / "written.csv"
    settings = parse_settings(text.format(sql=sql.format(target=target)))
    with pytest.raises(ConfigError) as caught:
        brief_of(settings, engine)
    assert caught.value.where == f"shroff.toml {where}"
    assert not target.exists()


def test_a_stratum_over_a_column_that_is_not_there_is_refused_by_name(
    engine: DuckDBEngine,
) -> None:
    settings = parse_settings('[designs.a]\nstratum = "no_such_column"')
    with pytest.raises(ConfigError, match="no_such_column") as caught:
        scorecard(engine, brief_of(settings, engine))
    assert caught.value.where == "shroff.toml [designs.a] stratum"
