"""Tables as files: figures stay numbers, and no text of a stranger is run."""

from __future__ import annotations

import csv
import io

from shroff.domain.messages import Language
from shroff.domain.spreadsheet_texts import inert
from shroff.report.document import Column, Row, Table
from shroff.report.figures import Figure
from shroff.report.render_csv import render_csv
from shroff.report.wording import Bilingual, Plain
from shroff.stats.estimate import Estimate, Status

LEAK = Estimate(
    value=0.125, low=0.1, high=0.15, level=0.95, status=Status.ESTIMATE, method="wilson", n=80
)


def _read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_a_figure_is_spread_and_formulas_are_not_run() -> None:
    table = Table(
        (Column(Bilingual("Ad", "广告")), Column(Bilingual("Leakage", "漏放率"))),
        (
            Row((Plain('=HYPERLINK("http://x")'), Figure(LEAK))),
            Row((Plain("-3 in 1,\nnow"), None)),
            Row((Plain("@all"), Figure(LEAK))),
        ),
    )
    text = render_csv(table, language=Language.ZH)
    assert text.startswith("\ufeff广告,漏放率,")
    head, first, second, third = _read(text)
    assert len(head) == len(first) == len(second) == 6
    assert first[0] == '\'=HYPERLINK("http://x")'
    assert [float(each) for each in first[1:5]] == [0.125, 0.1, 0.15, 80]
    assert second == ["'-3 in 1,\nnow", "", "", "", "", ""]
    assert third[0] == "'@all"


def test_numbers_written_as_text_stay_numbers() -> None:
    assert [inert(each) for each in ("-0.5", "+1", -2, None, "a=b")] == [
        "-0.5", "+1", -2, None, "a=b",
    ]  # fmt: skip
    assert [inert(each) for each in ("=1+1", "+a", "-a", "@a", "\ta", "\ra")] == [
        "'=1+1", "'+a", "'-a", "'@a", "'\ta", "'\na",
    ]  # fmt: skip
