"""Slices that are worse than the rest, from logs to sentences."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from shroff.domain.messages import Language
from shroff.domain.metric_catalogue import CATALOGUE
from shroff.domain.slices import Slice
from shroff.errors import ConfigError, DesignError
from shroff.measure.brief import Brief, Design
from shroff.measure.scorecard import Scorecard, scorecard
from shroff.measure.slice_findings import NO_VALUE, Standing, WorseSlices, named
from shroff.measure.slice_labels import HeldOut
from shroff.measure.worse_slices import SliceQuestion, held_out_of, worse_slices
from shroff.stats.estimate import Estimate, Status
from shroff.store.duckdb import DuckDBEngine

if TYPE_CHECKING:
    from conftest import Story

Ask = Callable[..., Brief]
AUDIT = Design(id="audit")
BY = (("market",), ("format",), ("industry",))
MARKETS, FORMATS, INDUSTRIES = ("US", "ID", "JP"), ("video", "image"), ("games", "food", None)
FIRST = date(2026, 5, 1)


def bad_reject(rng: np.random.Generator, market: str) -> bool:
    return bool(rng.random() < (0.5 if market == "JP" else 0.1))


@pytest.fixture(scope="module")
def leaky(tell: Callable[[], Story]) -> DuckDBEngine:
    """May: videos in ID leak six times as often; rejects in JP are wrong, and appealed."""
    rng = np.random.default_rng(12)
    story = tell()
    for number in range(3600):
        name, day = f"a{number:05d}", FIRST + timedelta(days=int(rng.integers(0, 28)))
        market, kind = MARKETS[rng.integers(0, 3)], FORMATS[rng.integers(0, 2)]
        story.ad(
            name,
            market=market,
            format=kind,
            industry=INDUSTRIES[rng.integers(0, 3)],
            advertiser_id=f"v{rng.integers(0, 900)}",
        )
        rejected = number % 4 == 0
        when = f"{day} 10:00:00"
        story.decided(name, "reject" if rejected else "approve", decided_at=when)
        if rejected:
            bad = not bad_reject(rng, market)
            if rng.random() < 0.8:
                outcome = "upheld" if bad else "reversed"
                story.appealed(name, outcome, filed_at=f"{day + timedelta(days=2)} 10:00:00")
        else:
            bad = bool(rng.random() < (0.25 if market == "ID" and kind == "video" else 0.03))
        story.shown(name, str(day), int(1 + 300 * rng.pareto(3)))
        story.reviewed(
            name,
            "violating" if bad else "compliant",
            policies=["drugs"] if bad else [],
            sampling_prob=0.5 if rejected else 0.05,
            stratum="reject" if rejected else "approve",
            design_id="audit",
            enqueued_at=when,
            decided_at=f"{day} 20:00:00",
        )
    return story.opened()


WANTED = ("leakage", "fdr", "reject_precision", "overturns_per_appeal", "approve_rate")


@pytest.fixture
def card(leaky: DuckDBEngine, ask_may: Ask) -> Scorecard:
    """The scorecard whose tables stand: each test asks anew."""
    brief = ask_may(designs=(AUDIT,), by=((),), wanted=WANTED)
    return replace(scorecard(leaky, brief), brief=replace(brief, by=BY))


@pytest.fixture(scope="module")
def found(leaky: DuckDBEngine, ask_may: Ask) -> WorseSlices:
    seen = scorecard(leaky, ask_may(designs=(AUDIT,), by=((), *BY), wanted=("leakage",)))
    return worse_slices(leaky, seen, SliceQuestion())


def test_the_planted_slice_is_found_confirmed_and_the_only_one(found: WorseSlices) -> None:
    (finding,) = found.findings
    assert finding.slice == Slice((("market", "ID"), ("format", "video")))
    assert finding.standing is Standing.CONFIRMED
    assert finding.later.low is not None
    assert finding.later.high is not None
    assert finding.later.low < 0.25 < finding.later.high
    assert finding.elsewhere.value == pytest.approx(0.03, abs=0.02)
    assert finding.adjusted < 0.001
    assert finding.confirmation is not None
    assert finding.confirmation < 0.001
    assert finding.explains == found.found - 1
    assert 0.15 < finding.pooled < 0.3


def test_the_latest_third_of_the_labels_is_held_out(found: WorseSlices) -> None:
    assert found.split.kind is HeldOut.LATER
    assert found.split.first is not None
    assert date(2026, 5, 17) < found.split.first < date(2026, 5, 23)
    assert sum(found.labels) == 2700
    assert found.labels[1] / 2700 == pytest.approx(1 / 3, abs=0.04)
    assert found.held_out().text().startswith("Searched in the labels of ads decided before")


def test_each_finding_is_a_sentence_with_its_share_of_all_errors(found: WorseSlices) -> None:
    (finding,) = found.findings
    message = finding.text(found.metric)
    english, chinese = message.text(), message.text(Language.ZH)
    assert english.startswith("Approve leakage is ")
    assert "where market = ID, format = video, against" in english
    assert "of all errors" in english
    assert chinese.startswith("漏放率在 market = ID, format = video 为 ")
    assert message.params["errors"] in english
    assert message.params["errors"] in chinese
    assert finding.of_errors.value == pytest.approx(0.6, abs=0.15)
    assert finding.of_base.value == pytest.approx(1 / 6, abs=0.03)


def test_figures_of_all_labels_are_those_of_the_scorecard(
    found: WorseSlices, card: Scorecard
) -> None:
    figure = card.figure("leakage")
    assert figure is not None
    assert _numbers(found.everything) == pytest.approx(_numbers(figure.estimate))


def test_held_out_figures_are_those_of_a_scorecard_of_the_same_days(
    leaky: DuckDBEngine, found: WorseSlices, ask_may: Ask
) -> None:
    assert found.split.first is not None
    late = replace(ask_may().period, start=found.split.first)
    later = scorecard(
        leaky,
        ask_may(period=late, designs=(AUDIT,), by=((), ("market", "format")), wanted=("leakage",)),
    )
    figure = later.figure("leakage", market="ID", format="video")
    assert figure is not None
    assert _numbers(found.findings[0].later) == pytest.approx(_numbers(figure.estimate))


def _numbers(estimate: Estimate) -> tuple[float, ...]:
    assert estimate.value is not None
    assert estimate.low is not None
    assert estimate.high is not None
    return estimate.value, estimate.low, estimate.high, estimate.n


def test_wrong_rejects_are_found_by_either_name(leaky: DuckDBEngine, card: Scorecard) -> None:
    for metric in ("fdr", "reject_precision"):
        answer = worse_slices(leaky, card, SliceQuestion(metric=metric))
        (finding,) = answer.findings
        assert finding.slice == Slice((("market", "JP"),))
        wrong = finding.later.value if metric == "fdr" else 1 - (finding.later.value or 0)
        assert wrong == pytest.approx(0.5, abs=0.2)
        assert finding.of_errors.value == pytest.approx(0.7, abs=0.12)


def test_overturned_appeals_are_found(leaky: DuckDBEngine, card: Scorecard) -> None:
    answer = worse_slices(leaky, card, SliceQuestion(metric="overturns_per_appeal"))
    counted = card.figure("overturns_per_appeal")
    assert counted is not None
    assert answer.everything.value == pytest.approx(counted.estimate.value)
    assert answer.everything.n == counted.estimate.n
    assert [each.slice for each in answer.findings] == [Slice((("market", "JP"),))]
    assert "slices.process" in {note.id for note in answer.notes}


def test_impressions_weigh_where_the_metric_does(leaky: DuckDBEngine, ask_may: Ask) -> None:
    brief = ask_may(designs=(AUDIT,), by=((), *BY), wanted=("leaked_impression_share",))
    seen = scorecard(leaky, brief)
    answer = worse_slices(leaky, seen, SliceQuestion(metric="leaked_impression_share"))
    figure = seen.figure("leaked_impression_share")
    assert figure is not None
    assert _numbers(answer.everything) == pytest.approx(_numbers(figure.estimate))
    assert Slice((("market", "ID"), ("format", "video"))) in {f.slice for f in answer.findings}


def test_advertisers_drawn_whole_say_less(leaky: DuckDBEngine, ask_may: Ask) -> None:
    together = replace(AUDIT, cluster="advertiser_id")
    seen = scorecard(leaky, ask_may(designs=(together,), by=((), *BY), wanted=("leakage",)))
    answer = worse_slices(leaky, seen, SliceQuestion())
    figure = seen.figure("leakage")
    assert figure is not None
    assert _numbers(answer.everything) == pytest.approx(_numbers(figure.estimate))
    (finding,) = answer.findings
    assert finding.slice == Slice((("market", "ID"), ("format", "video")))
    assert finding.of_errors.low is not None


def test_labels_can_be_held_out_by_a_hash(leaky: DuckDBEngine, card: Scorecard) -> None:
    answer = worse_slices(leaky, card, SliceQuestion(held_out=HeldOut.HASH))
    assert answer.split.kind is HeldOut.HASH
    assert answer.labels[1] / sum(answer.labels) == pytest.approx(5 / 16, abs=0.03)
    assert [each.slice.terms for each in answer.findings] == [
        (("market", "ID"), ("format", "video"))
    ]
    assert "hash" in answer.held_out().text()


def test_a_week_is_too_short_to_hold_out_its_end(leaky: DuckDBEngine, ask_may: Ask) -> None:
    week = replace(ask_may().period, end=date(2026, 5, 8))
    seen = scorecard(leaky, ask_may(period=week, designs=(AUDIT,), by=((), *BY)))
    answer = worse_slices(leaky, seen, SliceQuestion())
    assert answer.split.kind is HeldOut.HASH


def test_depth_and_columns_are_those_asked_for(leaky: DuckDBEngine, card: Scorecard) -> None:
    question = SliceQuestion(by=("market", "industry"), depth=1)
    answer = worse_slices(leaky, card, question)
    assert answer.columns == ("market", "industry")
    assert answer.looked_at == 6
    assert all(len(each.slice.terms) == 1 for each in answer.findings)


def test_a_value_that_was_not_logged_makes_a_slice_too(
    leaky: DuckDBEngine, card: Scorecard
) -> None:
    answer = worse_slices(leaky, card, SliceQuestion(by=("industry",), depth=1))
    assert answer.looked_at == 3
    assert named(Slice((("industry", None),))) == f"industry = {NO_VALUE}"


def test_a_column_with_one_value_is_named_and_makes_no_slice(
    leaky: DuckDBEngine, card: Scorecard
) -> None:
    answer = worse_slices(leaky, card, SliceQuestion(by=("market", "action"), depth=2))
    assert answer.looked_at == 3
    notes = {note.id: note for note in answer.notes}
    # rejects are in the frame too, so that the action has two values, one of them measured
    assert "slices.one_value" not in notes
    alone = worse_slices(leaky, card, SliceQuestion(by=("source",), depth=2))
    assert alone.looked_at == 0
    told = {note.id: note.text() for note in alone.notes}
    assert told["slices.one_value"].endswith("no slice: source.")
    assert "slices.too_few" in told


def test_a_column_of_thousands_of_values_costs_nothing(
    leaky: DuckDBEngine, card: Scorecard
) -> None:
    answer = worse_slices(leaky, card, SliceQuestion(by=("advertiser_id", "market", "format")))
    assert [each.slice.terms for each in answer.findings] == [
        (("market", "ID"), ("format", "video"))
    ]


def test_it_is_json_and_a_table(found: WorseSlices) -> None:
    record = json.loads(json.dumps(found.record(), allow_nan=False))
    assert record["findings"][0]["slice"] == {"market": "ID", "format": "video"}
    assert record["findings"][0]["sentence"]["zh"].startswith("漏放率")
    assert record["held_out"]["by"] == "later"
    (row,) = found.to_arrow().to_pylist()
    assert row["slice_1"] == "market=ID"
    assert row["slice_3"] is None
    assert row["standing"] == "confirmed"
    assert row["share_of_errors"] == found.findings[0].of_errors.value


def test_the_summary_counts(found: WorseSlices) -> None:
    text = found.summary().text()
    assert text.startswith(
        f"Of {found.looked_at} slices of up to 3 of 3 columns, {found.found} are"
    )
    assert "1 of them confirmed" in text


def test_nothing_worse_is_said_so(leaky: DuckDBEngine, card: Scorecard) -> None:
    answer = worse_slices(leaky, card, SliceQuestion(by=("industry",)))
    assert not answer.findings
    assert answer.summary().text().startswith("None of 3 slices")
    assert answer.to_arrow().num_rows == 0


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (SliceQuestion(metric="approve_rate"), "cannot be searched"),
        (SliceQuestion(metric="nothing"), "cannot be searched"),
        (SliceQuestion(by=("markt",)), "no dimension 'markt'"),
        (SliceQuestion(by=("policy",)), "slices by policy"),
        (SliceQuestion(by=("week",)), "is a time"),
        (SliceQuestion(depth=4), "a depth of 4"),
        (SliceQuestion(depth=0), "a depth of 0"),
        (SliceQuestion(false_share=0.0), "not between 0 and 1"),
    ],
)
def test_what_cannot_be_searched_is_refused(
    leaky: DuckDBEngine, card: Scorecard, question: SliceQuestion, said: str
) -> None:
    with pytest.raises(ConfigError, match=said) as refused:
        worse_slices(leaky, card, question)
    assert refused.value.hint


def test_a_way_to_hold_out_that_there_is_not_is_refused() -> None:
    with pytest.raises(ConfigError, match="'never'"):
        held_out_of("never")


def test_an_action_that_nobody_labels_is_refused(worked_queue: DuckDBEngine, ask_may: Ask) -> None:
    census = Design(id="worked", queues=("live",))
    seen = scorecard(worked_queue, ask_may(designs=(census,), by=((), ("market",))))
    if seen.frame.any_probability():
        with pytest.raises(DesignError, match="no chance of a label") as refused:
            worse_slices(worked_queue, seen, SliceQuestion())
        assert "shroff labels plan" in refused.value.hint


def test_labels_that_were_not_drawn_at_random_are_called_so(
    no_probability: DuckDBEngine, ask_may: Ask
) -> None:
    seen = scorecard(no_probability, ask_may(by=((), ("market",))))
    answer = worse_slices(no_probability, seen, SliceQuestion(by=("market", "source")))
    assert answer.everything.status is Status.PROXY
    assert {note.id for note in answer.notes} >= {"slices.proxy", "slices.all_errors"}


def test_every_metric_that_can_be_searched_is_a_share_with_a_bad_side() -> None:
    from shroff.measure.slice_sources import searchable

    names = {name for name, metric in CATALOGUE.items() if searchable(metric)}
    assert names >= {
        "leakage", "miss_rate", "fpr", "fdr", "reject_precision", "recall_any",
        "overturns_per_appeal", "violating_impression_share",
    }  # fmt: skip
    assert not names & {"approve_rate", "turnaround_p50", "appeal_rate"}
