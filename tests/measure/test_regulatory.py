"""What transparency reports state, counted by hand."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from shroff.domain.slices import EVERYTHING, Slice
from shroff.domain.transparency import COLUMNS, EU_LANGUAGES, Profile, Quality
from shroff.errors import ConfigError, DataError, DesignError
from shroff.measure.brief import Brief
from shroff.measure.regulatory import TRUTH, Regulatory, gap_id, proxy_id, regulatory
from shroff.measure.regulatory_complaints import median_of
from shroff.measure.regulatory_template import TABLES, check_table, require_text, table_text
from shroff.stats.estimate import Estimate, Status
from shroff.store.duckdb import DuckDBEngine

if TYPE_CHECKING:
    from conftest import Story

Ask = Callable[..., Brief]
GERMAN = Slice((("language", "de"),))
NO_LANGUAGE = Slice((("language", None),))


def _audited(story: Story, name: str, verdict: str) -> None:
    story.reviewed(name, verdict, sampling_prob=1.0, stratum="all", design_id="audit")


@pytest.fixture(scope="module")
def platform(tell: Callable[[], Story]) -> DuckDBEngine:
    """Twenty ads of 4 May, all audited, so that every count can be made by hand.

    Ten rejects (7 right) of which x0 won an appeal, x1 lost one, x2 was cleared by a person without
    an appeal, x3 won an appeal by editing. Six approved, 3 violating: a0 was rejected by a person
    after a report, a1 was reported and found fine (wrongly), a2 nobody looked into. Four queued: q0
    and q1 violating, q1 restored on appeal; q2 and q3 compliant.
    """
    story = tell()
    for number in range(10):
        name = f"x{number}"
        story.ad(name, language="de-DE" if number < 5 else "EN")
        story.decided(name, "reject", decision_id=name, policy_id="drugs")
        _audited(story, name, "compliant" if number in {0, 2, 9} else "violating")
    story.appealed("x0", "reversed", decision_id="x0", decided_at="2026-05-08 10:00:00")
    story.appealed("x1", "upheld", decision_id="x1", decided_at="2026-05-07 14:00:00")
    story.appealed(
        "x3", "reversed", decision_id="x3", decided_at="2026-05-09 10:00:00", edited_resubmit=True
    )
    story.appealed("x4", None, decision_id="x4")
    story.decided("x2", "approve", source="human", decided_at="2026-05-06 10:00:00")
    for number in range(6):
        name = f"a{number}"
        story.ad(name, language=None if number == 5 else "en_GB")
        story.decided(name, "approve", decision_id=name)
        _audited(story, name, "violating" if number < 3 else "compliant")
    story.put("reports", report_id="r0", ad_id="a0", source="user", filed_at="2026-05-06 08:00:00")
    story.put(
        "reports", report_id="r1", ad_id="a1", source="notice", filed_at="2026-05-06 08:00:00"
    )
    seen = {"queue": "reports", "queue_reason": "report", "enqueued_at": "2026-05-06 09:00:00"}
    story.reviewed("a0", "violating", **seen, decided_at="2026-05-06 12:00:00")
    story.reviewed("a1", "compliant", **seen, decided_at="2026-05-06 12:00:00", seen_machine=True)
    story.decided("a0", "reject", source="human", decided_at="2026-05-06 12:30:00")
    for number in range(4):
        name = f"q{number}"
        story.ad(name, language="de")
        story.decided(name, "review", decision_id=name, policy_id="drugs")
        story.queued(name, "violating" if number < 2 else "compliant")
        _audited(story, name, "violating" if number < 2 else "compliant")
    story.decided(
        "q1", "reject", decision_id="by people", source="human", decided_at="2026-05-05 13:00:00"
    )
    story.appealed(
        "q1", "partly_reversed", decision_id="by people", decided_at="2026-05-08 13:00:00"
    )
    return story.opened()  # fmt: skip


@pytest.fixture(scope="module")
def found(platform: DuckDBEngine, ask_may: Ask) -> Regulatory:
    return regulatory(platform, ask_may())


def _known(found: Regulatory, metric: str, part: Slice = EVERYTHING) -> Estimate:
    figure = found.figure(metric, part)
    assert figure is not None, metric
    return figure


def _share(found: Regulatory, profile: Profile, quality: Quality) -> float | None:
    return _known(found, proxy_id(profile, quality)).value


@pytest.mark.parametrize(
    ("profile", "accuracy", "precision", "recall"),
    [
        # automated and upheld 9, overturned 1; people upheld a0 and q0, overturned q1
        (Profile.TIKTOK, 10 / 13, 9 / 10, 9 / 11),
        # missed and answered after a report: a0; nobody but the audit looked at a2 to a5, and a1
        # was found fine
        (Profile.GOOGLE_ADS, (9 + 1) / (10 + 1 + 1), 9 / 10, 9 / 10),
        # x0 and x2 restored; people enforced a0, q0, q1; nobody the other seven
        (Profile.META, (8 + 7) / 20, 8 / 10, 8 / 11),
    ],
)
def test_each_definition_counts_as_its_platform_published(
    found: Regulatory, profile: Profile, accuracy: float, precision: float, recall: float
) -> None:
    assert _share(found, profile, Quality.ACCURACY) == pytest.approx(accuracy)
    assert _share(found, profile, Quality.PRECISION) == pytest.approx(precision)
    assert _share(found, profile, Quality.RECALL) == pytest.approx(recall)
    assert _known(found, proxy_id(profile, Quality.RECALL)).status is Status.PROXY


def test_random_labels_tell_what_is_true_and_the_gap_lies_between(found: Regulatory) -> None:
    truth = _known(found, TRUTH[Quality.RECALL])
    assert truth.value == pytest.approx(7 / 12)
    assert truth.status is Status.ESTIMATE
    assert _known(found, TRUTH[Quality.PRECISION]).value == pytest.approx(7 / 10)
    assert _known(found, TRUTH[Quality.ACCURACY]).value == pytest.approx((7 + 5) / 20)
    between = _known(found, gap_id(Profile.TIKTOK, Quality.RECALL))
    assert between.value == pytest.approx(9 / 11 - 7 / 12)
    assert truth.high is not None
    assert between.low == pytest.approx(9 / 11 - truth.high)


def test_languages_lose_their_region_and_ads_without_one_stay_apart(found: Regulatory) -> None:
    assert found.languages == ("en", "de", None)
    assert _known(found, TRUTH[Quality.PRECISION], GERMAN).value == pytest.approx(3 / 5)
    assert _known(found, "measures_solely", GERMAN).value == 5
    assert _known(found, "measures_solely", NO_LANGUAGE).value == 0
    assert "regulatory.no_language" in {note.id for note in found.notes}


def test_measures_are_apart_by_whether_a_person_had_a_hand_in_them(found: Regulatory) -> None:
    assert _known(found, "measures_solely").value == 10
    assert _known(found, "measures_not_solely").value == 3  # a0, q0, q1
    assert _known(found, "measures_own_not_solely").value == 3  # a user's report is no notice


def test_complaints_are_counted_by_outcome_and_an_edit_is_no_reversal(found: Regulatory) -> None:
    counts = {
        name: _known(found, f"complaints_{name}").value
        for name in ("filed", "upheld", "partly_reversed", "reversed", "omitted")
    }
    assert counts == {"filed": 5, "upheld": 1, "partly_reversed": 1, "reversed": 1, "omitted": 0}
    # 24 h, 4 h, 48 h and 27 h
    assert _known(found, "complaints_median_hours").value == pytest.approx(25.5)
    assert "scorecard.appeal_edited" in {
        note.id for note in _known(found, "complaints_reversed").caveats
    }


def test_young_ads_are_named_where_the_window_is_still_open(found: Regulatory) -> None:
    notes = {n.id: n for n in _known(found, proxy_id(Profile.GOOGLE_ADS, Quality.RECALL)).caveats}
    assert notes["regulatory.young"].params["young"] == 20


def test_what_happened_after_the_logs_end_does_not_count(
    platform: DuckDBEngine, ask_may: Ask
) -> None:
    from datetime import UTC, datetime

    early = regulatory(platform, ask_may(as_of=datetime(2026, 5, 7, 12, tzinfo=UTC)))
    assert _share(early, Profile.TIKTOK, Quality.PRECISION) == 1.0
    # the person's rejection of q1 was overturned on 8 May
    assert _share(early, Profile.TIKTOK, Quality.RECALL) == pytest.approx(10 / 13)


def test_without_any_appeal_logged_no_definition_claims_that_all_was_right(
    tell: Callable[[], Story], ask_may: Ask
) -> None:
    story = tell()
    for number in range(4):
        story.decided(f"x{number}", "reject", decision_id=f"x{number}")
    bare = regulatory(story.opened(), ask_may())
    figure = _known(bare, proxy_id(Profile.TIKTOK, Quality.PRECISION))
    assert figure.status is Status.UNKNOWN
    assert figure.caveats[0].id == "scorecard.no_log"
    assert _known(bare, "complaints_filed").status is Status.UNKNOWN
    assert _known(bare, gap_id(Profile.TIKTOK, Quality.PRECISION)).status is Status.UNKNOWN


def test_a_period_without_an_appeal_says_what_that_does_to_the_definitions(
    tell: Callable[[], Story], ask_may: Ask
) -> None:
    story = tell()
    for number in range(4):
        story.decided(f"x{number}", "reject", decision_id=f"x{number}")
    story.appealed(
        "x9", "upheld", filed_at="2026-02-01 10:00:00", decided_at="2026-02-02 10:00:00"
    )
    quiet = regulatory(story.opened(), ask_may())
    assert _known(quiet, proxy_id(Profile.TIKTOK, Quality.PRECISION)).value == 1.0
    assert "regulatory.no_appeals" in {note.id for note in quiet.notes}
    assert _known(quiet, "complaints_median_hours").status is Status.UNKNOWN


def test_actions_nobody_sampled_leave_bounds_of_recall(
    tell: Callable[[], Story], ask_may: Ask
) -> None:
    story = tell()
    for number in range(10):
        story.ad(f"x{number}", language="fr")
        story.decided(f"x{number}", "reject", decision_id=f"x{number}")
        _audited(story, f"x{number}", "violating")
    for number in range(30):
        story.ad(f"a{number}", language="fr")
        story.decided(f"a{number}", "approve")
    story.appealed("x0", "upheld", decision_id="x0", decided_at="2026-05-08 10:00:00")
    short = regulatory(story.opened(), ask_may())
    recall = _known(short, TRUTH[Quality.RECALL])
    assert recall.status is Status.BOUNDS
    assert recall.low == pytest.approx(10 / 40, abs=0.01)
    assert recall.high == 1.0
    between = _known(short, gap_id(Profile.TIKTOK, Quality.RECALL))
    assert between.status is Status.BOUNDS
    assert between.low == pytest.approx(0.0)
    assert between.high == pytest.approx(0.75, abs=0.01)
    text = table_text(short, "8_automated_means", service="Us")
    said = [row for row in csv.DictReader(io.StringIO(text)) if "Recall" in row["Indicator"]]
    assert {row["Value"] for row in said} == {""}
    assert "bounds" in said[0]["Contextual Information"]


def test_a_period_without_decisions_is_refused_with_a_hint(
    platform: DuckDBEngine, ask_may: Ask
) -> None:
    from datetime import date

    from shroff.domain.slices import Period

    with pytest.raises(DesignError) as refused:
        regulatory(platform, ask_may(period=Period(date(2026, 1, 1), date(2026, 1, 8))))
    assert "--period" in str(refused.value.hint)


def _rows(found: Regulatory, table: str, **how: object) -> list[dict[str, str]]:
    text = table_text(found, table, service="Us", **how)  # type: ignore[arg-type]
    check_table(text, table)
    return list(csv.DictReader(io.StringIO(text)))


def test_drafts_have_the_templates_columns_and_a_row_for_each_official_language(
    found: Regulatory,
) -> None:
    rows = _rows(found, "8_automated_means", max_width=1.0)
    assert tuple(rows[0]) == COLUMNS
    assert {row["Scope"] for row in rows} >= set(EU_LANGUAGES)
    assert all(row["Contextual Information"].startswith("DRAFT") for row in rows)
    by_scope = {(row["Indicator"].strip(), row["Scope"].strip()): row["Value"] for row in rows}
    assert by_scope["Number of measures solely taken by automated means", "Total number"] == "10"
    assert by_scope["Number of measures solely taken by automated means", "de"] == "5"
    assert by_scope["Number of measures solely taken by automated means", "sv"] == "0"
    assert by_scope["Accuracy of the automated means - Recall", "Total number"] == "0.5833"
    assert by_scope["Number of notices not processed by automated means", "NAM Total"] == "1"
    assert by_scope["Number of notices solely processed by automated means", "NAM Total"] == ""


def test_a_share_that_is_too_uncertain_is_withheld_and_says_why(
    tell: Callable[[], Story], ask_may: Ask
) -> None:
    story = tell()
    for number in range(40):
        story.ad(f"x{number}", language="fr")
        story.decided(f"x{number}", "reject", decision_id=f"x{number}")
        if number % 2:
            bad = "compliant" if number in {3, 9} else "violating"
            story.reviewed(f"x{number}", bad, sampling_prob=0.5, design_id="audit")
    story.appealed("x0", "reversed", decision_id="x0", decided_at="2026-05-08 10:00:00")
    rows = _rows(regulatory(story.opened(), ask_may()), "8_automated_means", max_width=0.05)
    precision = next(row for row in rows if row["Indicator"].endswith("Precision"))
    assert precision["Value"] == ""
    assert "withheld" in precision["Contextual Information"]
    assert "random labels 0.9000" in precision["Contextual Information"]
    assert "dsa_tiktok_like 0.9750" in precision["Contextual Information"]


def test_a_profile_chosen_for_the_draft_is_named_beside_the_random_labels(
    found: Regulatory,
) -> None:
    rows = _rows(found, "8_automated_means", profile=Profile.META)
    recall = next(row for row in rows if row["Indicator"].endswith("Recall"))
    assert recall["Value"] == f"{8 / 11:.4f}"
    assert "proxy by dsa_meta_like" in recall["Contextual Information"]
    assert "random labels 0.5833" in recall["Contextual Information"]


def test_complaints_fill_the_template(found: Regulatory) -> None:
    rows = _rows(found, "7_appeals_and_recidivism")
    values = {(row["Indicator"][:30], row["Scope"]): row["Value"] for row in rows}
    assert values["Number of complaints submitted", "Total number"] == "5"
    assert values["Number of complaints submitted", "Decisions reversed"] == "1"
    assert values["Number of disputes submitted t", "Total number"] == ""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("Scope,Value", "Scope,Number", "columns"),
        ("Total number,10,", 'Total number,"1,000",', "no plain number"),
        ("Total number,0.5833,", "Total number,58%,", "no plain number"),
        ("Total number,0.5833,", "Total number,1.5833,", "no share"),
        ("DRAFT: counted in full", "counted in full", "draft"),
        (",sv,", ",SE,", "no such row"),
    ],
)
def test_what_does_not_fit_the_template_is_named(
    found: Regulatory, old: str, new: str, told: str
) -> None:
    text = table_text(found, "8_automated_means", service="Us", max_width=1.0)
    assert old in text
    with pytest.raises(DataError, match=told):
        check_table(text.replace(old, new, 1), "8_automated_means")


def test_a_table_with_a_row_missing_is_told(found: Regulatory) -> None:
    lines = table_text(found, "7_appeals_and_recidivism", service="Us").splitlines(keepends=True)
    with pytest.raises(DataError, match="1 rows too few"):
        check_table("".join(lines[:-1]), "7_appeals_and_recidivism")


@pytest.mark.parametrize("name", ["", "  ", "=cmd()", "two\nlines"])
def test_a_service_whose_name_no_cell_should_hold_is_refused(name: str) -> None:
    with pytest.raises(ConfigError):
        require_text(name)


def test_every_template_row_is_there_once() -> None:
    for rows in TABLES.values():
        words = [(row.applicability, row.section, row.indicator, row.scope) for row in rows]
        assert len(set(words)) == len(words)
    assert len(TABLES["8_automated_means"]) == 5 + 5 + 5 + 5 + 5 * 24


def test_the_median_of_repeated_values_is_the_middle_one() -> None:
    import numpy as np

    def one(values: list[float], times: list[int]) -> float:
        return median_of(np.array(values), np.array(times))

    assert one([3.0], [1]) == 3.0
    assert one([9.0, 1.0], [1, 4]) == 1.0
    assert one([1.0, 2.0], [2, 2]) == 1.5
