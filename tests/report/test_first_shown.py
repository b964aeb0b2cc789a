"""A sentence chosen among several."""

from __future__ import annotations

from shroff.domain.messages import Language, Message
from shroff.report.figures import Figure
from shroff.report.first_shown import FirstShown
from shroff.report.wording import Sentence
from shroff.stats.estimate import Estimate, Status

SURE = Estimate(
    value=0.5, low=0.49, high=0.51, level=0.95, status=Status.ESTIMATE, method="x", n=9000
)
WITHHELD = Estimate(
    value=None, low=None, high=None, level=0.95, status=Status.SUPPRESSED, method="x", n=9
)


def _said(figure: Estimate) -> Sentence:
    return Sentence("report.figure.whole", {"value": Figure(figure), "interval": "so"})


def test_a_sentence_that_withholds_a_figure_gives_way_to_the_next() -> None:
    chosen = FirstShown((_said(WITHHELD), _said(SURE)), Message("report.figure.unknown"))
    assert chosen.text(Language.EN).startswith("50.0%")


def test_where_all_withhold_something_the_other_sentence_is_said() -> None:
    chosen = FirstShown((_said(WITHHELD),), Message("report.figure.unknown"))
    assert chosen.text(Language.EN) == "not known"
    assert chosen.text(Language.ZH) == "未知"
