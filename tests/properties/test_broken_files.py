"""Whatever is in a file: no traceback, and every record is accounted for.

The oracle is slow and obvious: Python's csv module over the whole text, rows judged one by one.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shroff.errors import ShroffError
from shroff.store.duckdb import DuckDBEngine
from shroff.store.ingest import IngestReport, ingest
from shroff.store.lake import QUARANTINE, Lake
from shroff.store.mapping import MappingSpec
from shroff.store.sql import literals

HEADER = ["change_id", "at", "kind", "what"]
KINDS = ["policy", "model", "rule", "threshold", "staffing", "guideline", "other"]

some = settings(
    max_examples=settings().max_examples // 4,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

ids = st.one_of(st.integers(0, 8).map("c{}".format), st.just(""))
times = st.one_of(
    st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2100, 1, 1)).map(  # noqa: DTZ001
        lambda moment: moment.isoformat(sep=" ")
    ),
    st.sampled_from([
        "2026-01-01", "2026-02-30", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00+08:00",
        "1767225600", "1767225600000", "01/02/2026", "never", "", "9999-12-31", "-infinity",
        "2026-13-01", "0", "1e9", "2026-01-01T25:00:00Z", "20260101", "2026/1/2 3:04",
    ]),
)  # fmt: skip
kinds = st.one_of(
    st.sampled_from(KINDS), st.sampled_from(["", "Policy", " rule ", "polcy", "规则"])
)
words = st.one_of(
    st.sampled_from(
        ["x", "", 'say "hi"', "two\nlines", "a,b", "中文", " padded ", "'", "\\", "\t"]
    ),
    st.text(
        st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\u2028\u2029\x85"),
        max_size=8,
    ),
)
rows = st.lists(st.tuples(ids, times, kinds, words), max_size=8)


@dataclass(frozen=True)
class Outcome:
    report: IngestReport
    kept: list[dict[str, object]]
    refused: list[dict[str, object]]


def _take(body: bytes, name: str = "log.csv", **mapping: object) -> Outcome | ShroffError:
    with tempfile.TemporaryDirectory() as folder:
        path, lake = Path(folder) / name, Lake(Path(folder) / "lake")
        path.write_bytes(body)
        spec = MappingSpec.model_validate(mapping)
        try:
            report = ingest(lake, "changes", [path], mapping=spec, threads=1)
            again = ingest(lake, "changes", [path], mapping=spec, threads=1)
        except ShroffError as error:
            return error
        assert (again.inserted, again.corrected, again.read) == (0, 0, report.read)
        assert again.quarantined == report.quarantined
        with DuckDBEngine(lake, spill=Path(folder) / "spill", threads=1) as engine:
            kept = engine.query(
                'SELECT *, CAST("at" AS VARCHAR) AS moment FROM changes'
            ).to_pylist()
            files = lake.files(QUARANTINE)
            refused = (
                engine.query(f"SELECT * FROM read_parquet([{literals(files)}])").to_pylist()
                if files
                else []
            )
        return Outcome(report, kept, refused)


def _adds_up(outcome: Outcome | ShroffError) -> Outcome | None:
    """Check what holds of any file; None when it was refused as a whole, in words."""
    if isinstance(outcome, ShroffError):
        assert outcome.cause
        assert "Traceback" not in str(outcome)
        return None
    report = outcome.report
    told = report.inserted + report.unchanged + report.corrected + report.quarantined
    assert report.read == told
    assert len(outcome.kept) == report.inserted
    assert len(outcome.refused) == report.quarantined == sum(report.reasons.values())
    assert Counter(row["reason"] for row in outcome.refused) == Counter(report.reasons)
    assert all(row["file"] and row["reason"] for row in outcome.refused)
    return outcome


def _text(table: list[tuple[str, ...]], newline: str = "\n") -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=newline)
    writer.writerow(HEADER)
    writer.writerows(table)
    return out.getvalue()


def _starts(text: str) -> dict[int, list[str]]:
    """Read a sound CSV text the slow and obvious way: fields by first physical line."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    next(reader)
    found: dict[int, list[str]] = {}
    line = reader.line_num + 1
    for fields in reader:
        if fields:
            found[line] = fields
        line = reader.line_num + 1
    return found


@some
@given(rows, st.sampled_from(["\n", "\r\n"]))
def test_every_row_of_a_sound_file_is_kept_or_refused_with_its_line(
    table: list[tuple[str, str, str, str]], newline: str
) -> None:
    text = _text(table, newline)
    outcome = _adds_up(_take(text.encode()))
    assert outcome is not None
    starts = _starts(text)
    assert outcome.report.read == len(starts)
    refused = {int(str(row["line"])): row for row in outcome.refused}
    assert set(refused) <= set(starts)
    kept = {row["change_id"]: row for row in outcome.kept}
    for line, (change, moment, kind, _) in starts.items():
        bad_kind = bool(kind.strip()) and kind.strip().lower() not in KINDS
        if not change or not moment or moment == "never" or bad_kind:
            assert line in refused
        if line not in refused:
            assert change in kept
    last = {fields[0]: fields for line, fields in starts.items() if line not in refused}
    assert {change: row["what"] for change, row in kept.items()} == {
        change: fields[3] or None for change, fields in last.items()
    }
    for line, row in refused.items():
        assert row["column"] in {"change_id", "at", "kind"}
        assert starts[line][HEADER.index(str(row["column"]))] == (row["value"] or "")


@some
@given(rows, st.data())
def test_a_file_cut_anywhere_keeps_the_rows_before_the_cut(
    table: list[tuple[str, str, str, str]], data: st.DataObject
) -> None:
    body = _text(table).encode()
    cut = data.draw(st.integers(0, len(body)))
    _adds_up(_take(body[:cut]))


@some
@given(st.integers(1, 300), st.data())
def test_a_packed_file_cut_anywhere_keeps_the_rows_before_the_cut(
    count: int, data: st.DataObject
) -> None:
    text = _text([(f"c{n}", "2026-01-01", "policy", f"w{n * 7919}") for n in range(count)])
    packed = gzip.compress(text.encode(), mtime=0)
    cut = data.draw(st.integers(0, len(packed) - 1))
    outcome = _adds_up(_take(packed[:cut], "log.csv.gz"))
    if outcome is not None:
        assert outcome.report.reasons.get("cut_off") == 1
        numbers = sorted(int(str(row["change_id"])[1:]) for row in outcome.kept)
        assert numbers == list(range(len(numbers)))


@some
@given(rows, st.lists(st.tuples(st.integers(0, 400), st.sampled_from([
    b"\0", b"\xff", b'"', b"\r", b"\n", b",", b"\xef\xbb\xbf", b"\xe4\xb8", b"\x1a", b"\r\n\r\n",
    b'""', b'","', b"\x1f\x8b", b"PAR1", b"=", b";;;;",
])), min_size=1, max_size=4))  # fmt: skip
def test_bytes_that_do_not_belong_cost_at_most_the_rows_around_them(
    table: list[tuple[str, str, str, str]], inserted: list[tuple[int, bytes]]
) -> None:
    body = _text(table).encode()
    for place, rubbish in inserted:
        at = min(place, len(body))
        body = body[:at] + rubbish + body[at:]
    _adds_up(_take(body))


@some
@given(
    st.binary(max_size=300), st.sampled_from(["a.csv", "a.jsonl", "a.parquet", "a.csv.gz", "a"])
)
def test_rubbish_is_refused_in_words(body: bytes, name: str) -> None:
    _adds_up(_take(body, name))


@some
@given(rows, st.sampled_from(["utf-16", "gb18030", "latin-1", "utf-8-sig", "big5", "shift_jis"]))
def test_a_file_in_another_encoding_is_read_or_refused_row_by_row(
    table: list[tuple[str, str, str, str]], encoding: str
) -> None:
    body = _text(table).encode(encoding, "replace")
    told = _adds_up(_take(body, encoding=encoding))
    assert told is not None
    assert told.report.reasons.get("bad_encoding", 0) == 0
    _adds_up(_take(body))


@some
@given(st.lists(st.sampled_from(["\n", "\r\n", "\r"]), min_size=1, max_size=12))
def test_mixed_line_ends_lose_no_row(ends: list[str]) -> None:
    lines = [f"c{number},2026-01-01,policy,x{end}" for number, end in enumerate(ends)]
    outcome = _adds_up(_take((",".join(HEADER) + "\n" + "".join(lines)).encode()))
    assert outcome is not None
    assert outcome.report.inserted == len(ends)


@some
@given(st.lists(st.sampled_from([*HEADER, "AT", "extra", "", " what "]), min_size=1, max_size=7))
def test_any_header_is_understood_or_refused_in_words(names: list[str]) -> None:
    body = ",".join(names) + "\n" + ",".join("2026-01-01" for _ in names) + "\n"
    _adds_up(_take(body.encode()))


values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), words, times, kinds),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(words, inner, max_size=2)
    ),
    max_leaves=3,
)
objects = st.dictionaries(st.one_of(st.sampled_from(HEADER), words), values, max_size=5)


@some
@given(st.lists(st.one_of(objects, values, st.just("\0rubbish")), max_size=6))
def test_json_lines_of_any_kind_are_accounted_for(items: list[object]) -> None:
    lines = [item if isinstance(item, str) else json.dumps(item) for item in items]
    lines = [line.replace("\n", " ").replace("\r", " ") for line in lines]
    body = '{"change_id": "c0", "at": "2026-01-01"}\n' + "\n".join(lines)
    outcome = _adds_up(_take(body.encode(), "log.jsonl"))
    assert outcome is not None
    assert outcome.report.read == 1 + sum(bool(line.strip(" \t\r")) for line in lines)


def test_a_line_of_ten_megabytes_costs_only_itself() -> None:
    long = "x" * 10_500_000
    body = _text([("c1", "2026-01-01", "rule", "a"), ("c2", "2026-01-01", "rule", long)])
    body += "c3,2026-01-01,rule,b\n"
    outcome = _adds_up(_take(body.encode()))
    assert outcome is not None
    assert outcome.report.reasons == {"line_too_long": 1}
    assert outcome.refused[0]["line"] == 3
    assert {row["change_id"] for row in outcome.kept} == {"c1", "c3"}


def test_a_quote_that_never_closes_costs_only_its_line() -> None:
    lines = [f"c{n},2026-01-01,rule,w{n}" for n in range(5000)]
    lines[17] = 'c17,2026-01-01,rule,"open'
    outcome = _adds_up(_take("\n".join([",".join(HEADER), *lines]).encode()))
    assert outcome is not None
    assert (outcome.report.inserted, outcome.report.reasons) == (4999, {"unbalanced_quote": 1})
    assert outcome.refused[0]["line"] == 19
