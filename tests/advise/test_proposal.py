"""Proposals: what they refuse, and that what they do names them."""

import math

import pytest

from shroff.advise.proposal import (
    Proposal,
    Route,
    Shift,
    Staffing,
    ThresholdChange,
    hour_of,
    terms_of,
)
from shroff.errors import ConfigError

_LINES = ThresholdChange(model="risk", review_from=0.5, reject_from=0.8)


def test_what_a_proposal_does_names_it_and_not_what_it_is_called() -> None:
    plain = Proposal(thresholds=(_LINES,))
    assert plain.id == Proposal(thresholds=(_LINES,), name="June", note="bold").id
    other = ThresholdChange(model="risk", review_from=0.5, reject_from=0.81)
    assert plain.id != Proposal(thresholds=(other,)).id


def test_equal_slices_are_equal_however_they_are_written() -> None:
    assert terms_of({"market": "ID", "language": "en"}) == terms_of(
        {"language": "en", "market": "ID"}
    )


def test_the_kind_is_what_it_holds() -> None:
    route = Route(where=terms_of({"market": "ID"}), queue="en_sea")
    assert Proposal(routing=(route,)).kind == "routing"
    assert Proposal(routing=(route,), thresholds=(_LINES,)).kind == "mixed"


def test_lines_that_never_come_are_null_in_the_record() -> None:
    lines = ThresholdChange(model="risk", review_from=0.3, reject_from=math.inf)
    assert lines.record()["reject_from"] is None


@pytest.mark.parametrize(
    ("review", "reject"), [(0.9, 0.8), (-0.1, 0.8), (math.nan, 0.8), (0.1, math.nan)]
)
def test_lines_that_cannot_be_drawn_are_refused(review: float, reject: float) -> None:
    with pytest.raises(ConfigError):
        ThresholdChange(model="risk", review_from=review, reject_from=reject)


def test_a_proposal_of_nothing_is_refused() -> None:
    with pytest.raises(ConfigError, match="changes nothing"):
        Proposal()


@pytest.mark.parametrize(
    "told",
    [
        {"days": ("monday",)},
        {"days": ()},
        {"start": 24.0},
        {"end": 9.0},
        {"reviewers": -1.0},
        {"reviewers": math.nan},
    ],
)
def test_shifts_that_cannot_be_are_refused(told: dict[str, object]) -> None:
    usual = {"days": ("mon",), "start": 9.0, "end": 17.0, "reviewers": 3.0}
    with pytest.raises(ConfigError):
        Shift(**(usual | told))  # type: ignore[arg-type]


def test_a_shift_over_midnight_has_its_hours() -> None:
    night = Shift(days=("fri",), start=22.0, end=6.0, reviewers=2.0)
    assert night.hours == 8.0
    assert Shift(days=("fri",), start=0.0, end=24.0, reviewers=2.0).hours == 24.0


def test_a_queue_is_staffed_once() -> None:
    night = Shift(days=("fri",), start=22.0, end=6.0, reviewers=2.0)
    twice = (Staffing(queue="a", shifts=(night,)), Staffing(queue="a", shifts=(night,)))
    with pytest.raises(ConfigError, match="staffed twice"):
        Proposal(staffing=twice)


def test_times_of_the_day_are_read() -> None:
    assert hour_of("09:30") == 9.5
    assert hour_of("24:00") == 24.0
    with pytest.raises(ConfigError):
        hour_of("24:30")
    with pytest.raises(ConfigError):
        hour_of("noon")
