"""What strangers wrote is shown and downloaded as text: nothing in it runs, turns or breaks."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from shroff.cli.app import run
from shroff.domain.messages import Message
from shroff.domain.spreadsheet_texts import inert
from shroff.report.document import Column, Row, Section, Table
from shroff.report.render_csv import render_csv
from shroff.report.wording import Plain
from shroff.web.painting import paint
from shroff.web.viewing import View
from shroff.workspace import Workspace

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}${7*7}",
    "paypal\u202egnp.exe",
    "a\u2066b\u0000c\u001b[31m",
    "\ud800",
    "词" * 100_000,
)
FORMULAS = (
    "=1+1",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＠a",
)


def _painted(text: str) -> str:
    table = Table((Column(Message("web.tables.table")),), (Row((Plain(text),)),))
    said = Message("web.tables.title")
    return paint("found.html.j2", View(), asked="", sections=(Section("x", said, said, (table,)),))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_text_in_a_page_is_a_text(text: str) -> None:
    page = _painted(text)
    page.encode("utf-8")
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "49" not in page
    for char in "\u202e\u2066\u0000\u001b":
        assert char not in page


def test_marks_of_direction_are_spelled_out() -> None:
    assert "paypal\\u202egnp.exe" in _painted("paypal\u202egnp.exe")
    assert "عربي" in _painted("عربي")  # what is written from right to left stays


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_in_a_file_is_a_text(text: str) -> None:
    assert inert(text) == ("" if text[0] == "a" else "'") + text.replace("\r", "\n")
    table = Table((Column(Plain(text)),), (Row((Plain(text),)),))
    assert (
        len(list(csv.reader(io.StringIO(render_csv(table).removeprefix("\ufeff"), newline=""))))
        == 2
    )
    for row in csv.reader(io.StringIO(render_csv(table).removeprefix("\ufeff"), newline="")):
        assert not any(cell.startswith(tuple("=+-@\t\r\n＝＋－＠")) for cell in row)


@pytest.mark.parametrize("value", ["-1.5", "+3", "1e5", -2, None, "plain", "a=b"])
def test_numbers_and_plain_texts_stay_as_they_are(value: object) -> None:
    assert inert(value) is value


def test_columns_named_by_a_query_do_not_run_either(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Workspace.create(tmp_path)
    asked = """SELECT '=1+1' AS "=cmd()", '@x' AS "@y" """
    assert run(["sql", asked, "-w", str(tmp_path), "--csv", "-"]) == 0
    assert capsys.readouterr().out == "'=cmd(),'@y\n'=1+1,'@x\n"
