"""Are files written piece by piece the files one expects?"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from shroff.synthetic.log_files import CsvFile, JsonLines, ParquetFiles

PIECE = pa.table({"a": [1, None], "b": ["x", "中文"]})


def test_json_lines_leave_missing_values_out(tmp_path: Path) -> None:
    file = JsonLines(tmp_path / "sub" / "x.jsonl.gz")
    file.add(PIECE)
    file.add(PIECE)
    file.close()
    packed = (tmp_path / "sub" / "x.jsonl.gz").read_bytes()
    lines = gzip.decompress(packed).decode().splitlines()
    assert [json.loads(line) for line in lines] == [{"a": 1, "b": "x"}, {"b": "中文"}] * 2
    assert file.rows == 4


def test_csv_has_one_header_for_all_pieces(tmp_path: Path) -> None:
    file = CsvFile(tmp_path / "x.csv")
    file.add(PIECE)
    file.add(PIECE)
    file.close()
    assert (tmp_path / "x.csv").read_text(encoding="utf-8").count('"a"') == 1
    assert file.rows == 4


def test_parquet_pieces_gather_into_one_file(tmp_path: Path) -> None:
    files = ParquetFiles(tmp_path / "t", name="ads")
    for _ in range(3):
        files.add(PIECE)
    files.close()
    assert [path.name for path in (tmp_path / "t").iterdir()] == ["ads.parquet"]
    assert pq.read_table(tmp_path / "t" / "ads.parquet").num_rows == files.rows == 6
