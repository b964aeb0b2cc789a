"""The report says first what matters, and never more than the labels allow."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from shroff.domain.messages import Language
from shroff.domain.phrasebook import PHRASEBOOK
from shroff.domain.phrases.report_phrases import PHRASES
from shroff.domain.slices import Slice
from shroff.report.document import Document, Section
from shroff.report.render_html import render_html
from shroff.report.render_markdown import render_markdown
from shroff.report.weekly import published_report, weekly_report
from shroff.report.weekly_results import WeeklyResults
from shroff.stats.estimate import Status

NUMBER = re.compile(r"\d[\d.,]*\d|\d")


def section(document: Document, name: str) -> Section:
    return next(section for section in document.sections if section.id == name)


def test_the_headline_is_the_clearest_bad_news(results: WeeklyResults) -> None:
    headline = weekly_report(results).headline
    assert headline.text() == (
        "Approve leakage rose to 0.85% (0.61–1.16%): +0.31 points (+0.13 to +0.49)"
        " on the period before."
    )
    assert headline.text(Language.ZH) == (
        "漏放率升至 0.85%（0.61–1.16%），较上一周期 +0.31 个百分点（+0.13 至 +0.49）。"
    )


def test_without_a_clear_change_the_headline_says_where_we_stand(results: WeeklyResults) -> None:
    still = {m: replace(e, value=0.0, low=-0.1, high=0.1) for m, e in results.change.items()}
    assert weekly_report(replace(results, change=still)).headline.text() == (
        "Recall (sensitivity), reject or review is 71% (63–78%) and misses its goal;"
        " no headline figure moved more than chance would."
    )


def test_without_a_period_to_compare_with_the_headline_does_not_speak_of_change(
    results: WeeklyResults,
) -> None:
    assert weekly_report(replace(results, change={})).headline.text() == (
        "Recall (sensitivity), reject or review is 71% (63–78%) and misses its goal."
    )


def test_without_labels_the_headline_says_that_nothing_can_be_told(results: WeeklyResults) -> None:
    nothing = {
        metric: replace(estimate, value=None, low=None, high=None, status=Status.UNKNOWN, n=0)
        for metric, estimate in results.now.items()
    }
    blind = replace(results, now=nothing, change={}, past={}, parts=(), weeks={})
    assert "cannot be told yet" in weekly_report(blind).headline.text()
    assert "not known" in render_markdown(weekly_report(blind))


def test_a_proxy_never_makes_the_headline(results: WeeklyResults) -> None:
    now = dict(results.now)
    now["leakage"] = replace(now["leakage"], status=Status.PROXY)
    report = weekly_report(replace(results, now=now))
    assert "Approve leakage" not in report.headline.text()
    assert any("not to be quoted" in sentence.text() for sentence in report.support)


def test_a_published_headline_holds_no_figure_that_is_withheld(results: WeeklyResults) -> None:
    now = dict(results.now)
    now["leakage"] = replace(now["leakage"], low=0.001, high=0.05)
    report = published_report(replace(results, now=now))
    assert "withheld" not in report.headline.text()
    assert NUMBER.search(report.headline.text())


def test_a_published_headline_says_that_a_withheld_figure_misses_its_goal(
    results: WeeklyResults,
) -> None:
    report = published_report(results)
    assert "Goal missed, by a figure too uncertain to quote here: Recall" in report.headline.text()


def test_what_cannot_be_compared_is_not_said_to_have_stayed(results: WeeklyResults) -> None:
    lead = section(weekly_report(replace(results, change={}, past={})), "change").lead.text()
    assert lead.startswith("Nothing can be compared with the period before, 2026-11-02")


def test_proxies_and_unknown_figures_are_named_apart(results: WeeklyResults) -> None:
    leakage, precision = results.now["leakage"], results.now["reject_precision"]
    blank = replace(leakage, value=None, low=None, high=None, status=Status.UNKNOWN)
    now = {
        **results.now,
        "leakage": blank,
        "reject_precision": replace(precision, status=Status.PROXY),
    }
    last = weekly_report(replace(results, now=now)).support[-1].text()
    assert "not to be quoted as quality: Reject precision." in last
    assert last.endswith("Approve leakage not known: no labels yet.")


def test_a_slice_better_than_the_whole_is_not_among_the_worst(results: WeeklyResults) -> None:
    alone = section(weekly_report(results), "slices")
    text = render_markdown(replace(weekly_report(results), sections=(alone,)))
    assert "Market BR" in text
    assert "Market JP" not in text
    assert "Industry retail" not in text


def test_a_chinese_page_names_designs_in_chinese(results: WeeklyResults) -> None:
    text = render_markdown(weekly_report(results), language=Language.ZH)
    assert "audit（分层抽样，概率取自日志）" in text
    assert "stratified" not in text


def test_a_value_cut_in_a_table_is_whole_in_its_title(results: WeeklyResults) -> None:
    worst = results.of("leakage", ("market",))[1]
    long = replace(worst, slice=Slice((("market", "y" * 300),)))
    page = render_html(weekly_report(replace(results, parts=(*results.parts, long))))
    assert f'<span title="Market {"y" * 300}">Market {"y" * 39}…</span>' in page


def test_no_sentence_of_a_published_report_speaks_of_a_withheld_figure(
    results: WeeklyResults,
) -> None:
    vague = {
        metric: replace(estimate, low=0.001, high=0.4) if estimate.value else estimate
        for metric, estimate in results.now.items()
        if estimate.status is not Status.COUNT
    }
    document = published_report(replace(results, now={**results.now, **vague}))
    sentences = [document.headline, *document.support, *[s.lead for s in document.sections]]
    for language, word in ((Language.EN, "withheld"), (Language.ZH, "不予公布")):
        said = [sentence.text(language) for sentence in sentences]
        assert not [text for text in said if word in text and not text.endswith("不予公布。")]


def test_without_random_labels_the_headline_gives_the_audit_that_would_answer(
    results: WeeklyResults,
) -> None:
    proxies = {
        metric: replace(estimate, status=Status.PROXY)
        for metric, estimate in results.now.items()
        if estimate.status is not Status.COUNT
    }
    text = weekly_report(replace(results, now={**results.now, **proxies})).headline.text()
    assert text == (
        "The machine decides 87.9% of ads alone; how well cannot be told before about"
        " 1,360 more ads are labelled at random."
    )


def test_sections_come_in_order_and_each_asks_a_question(results: WeeklyResults) -> None:
    document = weekly_report(results)
    assert [section.id for section in document.sections] == [
        "change", "scorecard", "exposure", "slices", "weeks", "appeals", "reviewing", "health",
        "next", "appendix",
    ]  # fmt: skip
    for part in document.sections:
        assert part.title.text().endswith("?")
        assert part.title.text(Language.ZH).endswith("？")


@pytest.mark.parametrize("make", [weekly_report, published_report])
def test_both_languages_hold_the_same_numbers(results: WeeklyResults, make: object) -> None:
    assert callable(make)
    document = make(results)
    for part in document.sections:
        if part.id == "appendix":  # its definitions are prose
            continue
        alone = replace(document, sections=(part,), meta=())
        english, chinese = (
            sorted(NUMBER.findall(_without_prose(render_markdown(alone, language=language))))
            for language in Language
        )
        assert english == chinese, part.id


def _without_prose(text: str) -> str:
    """Drop the names of percentiles, which only English spells out."""
    return re.sub(r"P50|P90|P95|90th|95th|F1", "", text)


def test_what_is_sliced_is_ranked_by_how_bad_it_is_at_least(results: WeeklyResults) -> None:
    slices = render_markdown(
        replace(weekly_report(results), sections=(section(weekly_report(results), "slices"),))
    )
    # BR × pt has the highest rate, but few labels: BR alone is more surely bad.
    assert slices.index("Market BR |") < slices.index("Market BR × Language pt |")
    assert "Market MX" not in slices  # six labels tell nothing
    assert "Slices worse than the whole beyond chance: 3. First of all Market BR" in slices


def test_a_goal_is_met_or_missed_only_by_the_whole_interval(results: WeeklyResults) -> None:
    text = render_markdown(weekly_report(results))
    assert "Of 3 goals, 1 met, 1 missed, 1 not yet known." in text
    assert re.search(r"Approve leakage \| .* ≤ 1% not yet known", text)
    assert re.search(r"Reject precision \| .* ≥ 90% met", text)


def test_reviewing_shows_queues_and_no_person(results: WeeklyResults) -> None:
    text = render_markdown(weekly_report(results))
    assert "| standard | 1.20 h (1.08–1.32) |" in text
    assert "reviewer_id" not in text


def test_the_page_with_everything_is_small_and_trusts_nobody(
    results: WeeklyResults, hostile: str
) -> None:
    page = render_html(weekly_report(results))
    assert len(page.encode()) < 2_000_000
    assert "<script" not in page
    assert hostile not in page


def test_a_report_of_counts_alone_still_stands(results: WeeklyResults) -> None:
    counts = {m: e for m, e in results.now.items() if e.status is Status.COUNT}
    bare = WeeklyResults(
        workspace="w",
        period=results.period,
        before=results.before,
        as_of=results.as_of,
        now=counts,
    )
    text = render_markdown(weekly_report(bare))
    assert "No goals are set" in text
    assert "87.9%" in text


def test_every_phrase_of_the_report_has_the_same_slots_in_both_languages() -> None:
    slot = re.compile(r"\{\w+(?::\w+)?\}")
    for key, (english, chinese) in PHRASES.items():
        assert sorted(slot.findall(english)) == sorted(slot.findall(chinese)), key
        assert key in PHRASEBOOK
        assert key.startswith("report.")


def test_chinese_phrases_use_chinese_punctuation() -> None:
    for key, (_, chinese) in PHRASES.items():
        assert not re.search(r"[\u4e00-\u9fff][,;:?!(]", chinese), key


def test_a_bare_recall_is_never_shown(results: WeeklyResults) -> None:
    english, chinese = (
        render_markdown(weekly_report(results), language=language) for language in Language
    )
    assert not re.search(r"\bRecall\b(?! \(sensitivity\))", english)
    assert "召回率" not in chinese
