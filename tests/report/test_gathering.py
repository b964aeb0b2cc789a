"""From logs to a report: the figures of the page are those of the scorecard."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from shroff.domain.messages import Language
from shroff.measure.briefing import brief_of
from shroff.measure.scorecard import Scorecard, scorecard
from shroff.report.gathering import Asked, gather
from shroff.report.publication import PublishRule
from shroff.report.render_html import render_html
from shroff.report.render_markdown import render_markdown
from shroff.report.weekly import published_report, weekly_report
from shroff.report.weekly_results import WeeklyResults
from shroff.synthetic.platform import write_platform
from shroff.workspace import Workspace


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder: Path = tmp_path_factory.mktemp("demo")
    summary = write_platform(folder, ads=4_000, seed=3, days=56)
    demo = Workspace.open(folder)
    for table, files in summary.logs.items():
        demo.ingest(table, files)
    return demo


@pytest.fixture(scope="module")
def measured(workspace: Workspace) -> tuple[WeeklyResults, Scorecard]:
    health = workspace.check()
    with workspace.engine() as engine:
        brief = brief_of(workspace.settings, engine)
        strict = PublishRule(max_width=0.01)
        asked = Asked(workspace=workspace.name, brief=brief, health=health, rule=strict)
        results = gather(engine, asked)
        return results, scorecard(engine, brief)


def test_the_figures_are_the_scorecards(measured: tuple[WeeklyResults, Scorecard]) -> None:
    results, card = measured
    for metric, estimate in results.now.items():
        figure = card.figure(metric)
        if metric != "safe_automation_rate" and figure:  # sums other slices here
            assert estimate.value == pytest.approx(figure.estimate.value), metric
            assert (estimate.n, estimate.status) == (figure.estimate.n, figure.estimate.status)


def test_it_compares_with_as_many_days_just_before(
    measured: tuple[WeeklyResults, Scorecard],
) -> None:
    results, _ = measured
    assert results.before.end == results.period.start
    assert results.before.days == results.period.days
    assert results.change
    for metric, change in results.change.items():
        now, past = results.now[metric].value, results.past[metric].value
        if now is not None and past is not None:
            assert change.value == pytest.approx(now - past)


def test_weeks_are_whole_and_in_order(measured: tuple[WeeklyResults, Scorecard]) -> None:
    results, _ = measured
    days = [week.at for week in results.weeks["leakage"]]
    assert days == sorted(set(days))
    assert {day.weekday() for day in days} == {0}
    assert all(
        week.complete == (week.at + timedelta(days=7) <= results.period.end)
        for week in results.weeks["automation_rate"]
    )


def test_changes_and_policies_come_from_the_logs(
    measured: tuple[WeeklyResults, Scorecard],
) -> None:
    results, _ = measured
    assert results.events
    assert all(event.at < results.period.end for event in results.events)
    assert results.policies["D1"].zh != results.policies["D1"].en


def test_the_whole_report_renders_in_both_languages(
    measured: tuple[WeeklyResults, Scorecard],
) -> None:
    results, _ = measured
    document = published_report(results)
    pages = [render_html(document, language=language) for language in Language]
    assert all("<script" not in page and len(page) < 2_000_000 for page in pages)
    found = [re.findall(r"<(?:b|i)>([^<]+)<", page) for page in pages]
    english, chinese = ([re.sub(r"[^\d.,–%<>−+]", "", n) for n in numbers] for numbers in found)
    assert english == chinese
    assert len(english) > 50


def test_no_reviewer_is_named(
    measured: tuple[WeeklyResults, Scorecard], workspace: Workspace
) -> None:
    results, _ = measured
    reviewers = workspace.sql(
        "SELECT DISTINCT reviewer_id FROM reviews WHERE reviewer_id IS NOT NULL"
    )
    text = render_markdown(weekly_report(results))
    assert len(reviewers) > 5
    assert not [name for name in reviewers.column("reviewer_id").to_pylist() if name in text]


def test_labels_are_asked_for_what_is_too_uncertain(
    measured: tuple[WeeklyResults, Scorecard],
) -> None:
    results, _ = measured
    assert results.needs
    assert all(need.labels > 0 for need in results.needs)
