"""Batches as files: what goes out comes back."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.errors import ConfigError, DataError
from shroff.measure.label_batch import Batch, DrawnAd
from shroff.measure.label_batch_files import (
    FORMATS,
    LABELS,
    _inert,
    _restored,
    read_rows,
    write_batch,
)

HOSTILE = ["=1+2", "@SUM(A1)", "-5", "+1", "'=x", "00123", "12345678901234567890", "甲-1", 'a"b,c']


def batch(ids: list[str]) -> Batch:
    drawn = [
        DrawnAd(n, name, n, "audit", "z1", 1 / 3 + n / 1000) for n, name in enumerate(ids, start=1)
    ]
    kept = DrawnAd(0, "kept", 1, "audit", "z1", 0.5)
    text = {"market": "ID", "title": '=HYPERLINK("http://x")', "body": "two\nlines"}
    return Batch((*drawn, kept), {ad.place: text for ad in drawn})


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_written_is_read_back(form: str, tmp_path: Path) -> None:
    out = batch(HOSTILE)
    write_batch(out, path := tmp_path / f"b.{form}")
    rows = read_rows(path)
    assert [row["ad_id"] for row in rows] == HOSTILE
    assert [row["row"] for row in rows] == [str(n) for n in range(1, len(HOSTILE) + 1)]
    assert {row["batch_id"] for row in rows} == {out.id}
    chances = [float(row["sampling_prob"]) for row in rows]
    assert chances == pytest.approx([ad.sampling_prob for ad in out.asked], rel=1e-12)
    assert all(rows[0][name] == "" for name in LABELS)


@given(text=st.text())
def test_no_text_is_run_and_every_text_comes_back(text: str) -> None:
    cell = _inert(text)
    assert isinstance(cell, str)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert _restored(cell) == text


def test_a_spreadsheet_runs_nothing_of_a_csv_file(tmp_path: Path) -> None:
    write_batch(batch(HOSTILE), path := tmp_path / "b.csv")
    text = path.read_text(encoding="utf-8-sig")
    cells = [cell for row in csv.reader(text.splitlines()) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert len(text.splitlines()) == 1 + len(HOSTILE)  # one line an ad


def test_a_workbook_holds_text_and_no_formula(tmp_path: Path) -> None:
    import zipfile

    write_batch(batch(HOSTILE), path := tmp_path / "b.xlsx")
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "violating,compliant,unclear" in sheet


def test_the_design_can_be_left_to_the_catalog(tmp_path: Path) -> None:
    write_batch(batch(["a"]), path := tmp_path / "b.csv", design=())
    assert not {"sampling_prob", "stratum", "design_id"} & set(read_rows(path)[0])


def test_a_file_saved_by_a_chinese_spreadsheet_is_read(tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_bytes("batch_id;row;ad_id;verdict\nb;1;甲;违规\n".encode("gb18030"))
    assert read_rows(path) == [{"batch_id": "b", "row": "1", "ad_id": "甲", "verdict": "违规"}]


def test_empty_lines_at_the_end_are_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_text("batch_id,row\nb,1\n,\n\n", encoding="utf-8")
    assert len(read_rows(path)) == 1


def test_labels_that_are_lists_come_back_from_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "b.jsonl"
    row = {"ad_id": "a", "policies": ["x", "y"], "verdict": None, "severity": 3}
    path.write_text(json.dumps(row), encoding="utf-8")
    assert read_rows(path) == [{"ad_id": "a", "policies": "x;y", "verdict": "", "severity": "3"}]


@pytest.mark.parametrize(
    ("name", "content"),
    [("b.csv", b""), ("b.jsonl", b"[1]"), ("b.jsonl", b"{"), ("b.xlsx", b"no workbook"), ("b.csv", b"\xff\xff\x00")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_so(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match="cannot be read") as fault:
        read_rows(tmp_path / name)
    assert name in fault.value.where


def test_unknown_formats_and_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"\.pdf"):
        write_batch(batch(["a"]), tmp_path / "b.pdf")
    with pytest.raises(ConfigError, match="no such file"):
        read_rows(tmp_path / "none.csv")
