"""The careful reader."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.store.reasons import Reason
from shroff.store.records import Record, csv_records, header_of, json_records, stage


def _records(folder: Path, body: bytes, width: int = 2) -> list[tuple[int, list[str], str]]:
    path = folder / "log.csv"
    path.write_bytes(b"a,b\n" + body)
    found = csv_records(path, ",", width=width)
    return [(each.line, list(each.fields), str(each.fault or "")) for each in found]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"1,2\n3,4", [(2, ["1", "2"], ""), (3, ["3", "4"], "")]),
        (b'1,"x\ny"\n3,4\n', [(2, ["1", "x\ny"], ""), (4, ["3", "4"], "")]),
        (b'1,"x\r\n\r\ny"\r\n3,4', [(2, ["1", "x\r\n\r\ny"], ""), (5, ["3", "4"], "")]),
        (b"1,2\r3,4\r\n5,6\n", [(2, ["1", "2"], ""), (3, ["3", "4"], ""), (4, ["5", "6"], "")]),
        (b'1,5" wide\n3,4', [(2, ["1", '5" wide'], ""), (3, ["3", "4"], "")]),
        (b"\n\n1,2\n\n", [(4, ["1", "2"], "")]),
        (b"1\n3,4", [(2, [], "wrong_fields"), (3, ["3", "4"], "")]),
        (b"1,2,\n1,2,3\n", [(2, ["1", "2", ""], ""), (3, [], "wrong_fields")]),
        (b'1,"2\n3,4\n', [(2, [], "unbalanced_quote"), (3, ["3", "4"], "")]),
        (b'1,"2\n3,"4\n5,6\n', [(2, [], "unbalanced_quote"), (3, [], "unbalanced_quote"), (4, ["5", "6"], "")]),
        (b'1,"2"x\n3,4\n', [(2, [], "unbalanced_quote"), (3, ["3", "4"], "")]),
        (b"1,\xff\n3,4\n", [(2, [], "bad_encoding"), (3, ["3", "4"], "")]),
        (b"1,a\0b\n3,4\n", [(2, [], "nul_byte"), (3, ["3", "4"], "")]),
    ],
)  # fmt: skip
def test_each_record_is_read_or_blamed_on_its_own_line(
    tmp_path: Path, body: bytes, expected: list[tuple[int, list[str], str]]
) -> None:
    assert _records(tmp_path, body) == expected


field = st.text(st.sampled_from('ab",\n\r 中'), max_size=5)


@given(st.lists(st.tuples(field, field), max_size=6))
def test_sound_files_are_read_as_the_csv_module_reads_them(
    tmp_path_factory: pytest.TempPathFactory, table: list[tuple[str, str]]
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(table)
    found = _records(tmp_path_factory.mktemp("csv"), out.getvalue().encode())
    assert [(tuple(fields), fault) for _, fields, fault in found] == [(row, "") for row in table]


def test_a_line_that_is_too_long_is_cut_and_skipped(tmp_path: Path) -> None:
    found = _records(tmp_path, b"1," + b"x" * 10_000_001 + b"\n3,4\n")
    assert found == [(2, [], "line_too_long"), (3, ["3", "4"], "")]


def test_the_header_may_take_several_lines(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(b'\xef\xbb\xbf\n"a\nb",c\n1,2\n')
    header, end = header_of(path, ",")
    assert header is not None
    assert (list(header.fields), end) == (["a\nb", "c"], 3)
    assert [each.line for each in csv_records(path, ",", width=2)] == [4]


def test_a_file_without_a_record_has_no_header(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(b"\n\n")
    assert header_of(path, ",") == (None, 0)


def test_lines_of_json_are_given_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(b'{"a":1}\r\n\n \n\xff\n{"b"')
    found = [(each.line, tuple(each.fields), each.fault) for each in json_records(path)]
    assert found == [
        (1, ('{"a":1}',), None),
        (4, (), Reason.BAD_ENCODING),
        (5, ('{"b"',), None),
    ]


def test_staged_records_keep_line_text_and_fault(tmp_path: Path) -> None:
    records = [Record(2, b"1,\n", ["1", ""]), Record(3, b"\0\n", (), Reason.NUL_BYTE)]
    target = tmp_path / "out.parquet"
    assert stage(iter(records), target, names=["x", "y"]) == (2, 1)
    assert pq.read_table(target).to_pylist() == [
        {"x": "1", "y": None, "_line": 2, "_raw": "1,", "_fault": None},
        {"x": None, "y": None, "_line": 3, "_raw": "\u2400", "_fault": "nul_byte"},
    ]


def test_only_the_records_wanted_are_staged(tmp_path: Path) -> None:
    records = (Record(n, b"", [str(n)]) for n in range(12_000))
    target = tmp_path / "out.parquet"
    assert stage(records, target, names=["x"], only={0, 11_999}) == (12_000, 0)
    assert pq.read_table(target).column("x").to_pylist() == ["0", "11999"]
