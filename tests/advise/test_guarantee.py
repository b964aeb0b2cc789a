"""Reject lines that are sure, told: what they are, what they would take, and as a proposal."""

from __future__ import annotations

from math import inf, isinf

import numpy as np
import pytest

from shroff.advise.guarantee_result import Guarantee, GuaranteedLine, Outlook
from shroff.advise.line_labels import joined_labels, today_lines
from shroff.advise.proposal_file import parse_proposal
from shroff.domain.messages import Language
from shroff.domain.slices import Period, Slice
from shroff.measure.score_labels import ScoreKey
from shroff.stats.precision_tests import LineLabels
from shroff.stats.score_cells import BINS, PLACES
from shroff.stats.sure_lines import LineNeed

OUTLOOK = Outlook(at=700, ads=900, labels=120, violating=115, precision=0.96, low=0.92)
NEED = LineNeed(at=650, precision=0.95, labels=300, have=120.4, chance=0.25)


def _line(market: str, **changes: object) -> GuaranteedLine:
    told: dict[str, object] = {
        "key": ScoreKey("risk", "v2", None, Slice((("market", market),))),
        "scored": 5000,
        "labels": 400,
        "rejected": 800,
        "review_from": 500,
        "today": OUTLOOK,
        "sure": OUTLOOK,
        "empirical": OUTLOOK,
        "risk": 0.025,
        "tested": 40,
        "need": NEED,
        "covered": True,
        **changes,
    }
    return GuaranteedLine(**told)  # type: ignore[arg-type]


def _found(*lines: GuaranteedLine) -> Guarantee:
    from datetime import date

    return Guarantee(
        period=Period(date(2026, 6, 1), date(2026, 6, 29)),
        score=ScoreKey("risk", "v2", None),
        floor=0.9,
        delta=0.05,
        floor_from="asked",
        lowest=500,
        lines=lines,
        way="counted",
        design="audit",
        notes=(),
        queries=(),
    )


def test_a_cell_without_a_sure_line_rejects_nothing_by_score() -> None:
    found = _found(_line("ID"), _line("MY", sure=None), _line("SG", review_from=800))
    first, second, third = found.proposal().thresholds
    assert (first.review_from, first.reject_from) == (0.5, 0.7)
    assert isinf(second.reject_from)
    assert third.reject_from >= third.review_from == 0.8
    again = parse_proposal(found.proposal().to_json())
    assert again.id == found.proposal().id
    assert again.thresholds[1].reject_from == inf


def test_what_is_sure_is_said_in_both_languages() -> None:
    found = _found(_line("ID"), _line("MY", sure=None), _line("TH", sure=None, risk=0.0))
    assert "1 of 3 cells" in found.text().text(Language.EN)
    assert "3 个单元中有 1 个" in found.text().text(Language.ZH)
    told = [line.text().id for line in found]
    assert told == ["guarantee.sure", "guarantee.none_sure", "guarantee.too_few"]
    blind = _line("ID", sure=None, covered=False)
    assert blind.text().id == "guarantee.uncovered"
    assert _found(blind).text().id == "guarantee.lead_none"
    need = found.lines[0].needs()
    assert need is not None
    assert "180 more labels" in need.text(Language.EN)
    assert _line("ID", need=None).needs() is None
    whole = _line("ID", need=LineNeed(at=1, precision=0.9, labels=9, have=1, chance=1.0)).needs()
    assert whole is not None
    assert whole.id == "guarantee.need_all"


def test_records_and_tables_hold_every_cell() -> None:
    found = _found(_line("ID"), _line("MY", sure=None, need=None))
    record = found.record()
    assert record["rejects"] == 900
    lines = record["lines"]
    assert isinstance(lines, list)
    assert lines[0]["sure"]["reject_from"] == 0.7
    assert lines[1]["sure"] is None
    assert lines[1]["more_labels"] is None
    table = found.to_arrow().to_pylist()
    assert table[0]["market"] == "ID"
    assert table[0]["more_labels"] == 180
    assert np.isnan(table[1]["reject_from"])
    assert len(found) == 2


def test_today_s_lines_are_found_again() -> None:
    volume = np.zeros((4, PLACES))
    volume[0, 1:501] = 3  # approved under 0.5
    volume[1, 501:801] = 2
    volume[2, 801:1001] = 1
    volume[1, 900] = 1  # one was sent to people all the same
    assert today_lines(volume) == (500, 800)
    volume[2] = 0
    assert today_lines(volume)[1] == BINS


def test_labels_of_no_cell_are_no_labels() -> None:
    assert len(joined_labels([])) == 0
    one = LineLabels(place=np.array([3]), violating=np.array([True]), weight=np.ones(1),
                     cluster=np.array([7]))  # fmt: skip
    both = joined_labels([one, one])
    assert both.cluster is not None
    assert both.cluster.tolist() == [7, 7]
    with pytest.raises(Exception, match="less than one"):
        LineLabels(place=one.place, violating=one.violating, weight=np.zeros(1)).require()
