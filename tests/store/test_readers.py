"""Which files are meant, and what each of them is."""

from __future__ import annotations

from pathlib import Path

import pytest

from shroff.errors import ConfigError
from shroff.store.connection import connect, records
from shroff.store.mapping import MappingSpec
from shroff.store.opened import own_names
from shroff.store.readers import discover, open_file


def _touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a,b\n1,2\n")


def test_a_folder_is_read_with_all_below_it(tmp_path: Path) -> None:
    _touch(
        tmp_path, "b.csv", "a/x.jsonl.gz", "a/y.PARQUET", "notes.md", ".hidden/z.csv", "_x/z.csv"
    )
    found = [(path.name, kind) for path, kind in discover([tmp_path])]
    assert found == [("x.jsonl.gz", "jsonl"), ("y.PARQUET", "parquet"), ("b.csv", "csv")]


def test_a_glob_is_read_in_order_and_each_file_once(tmp_path: Path) -> None:
    _touch(tmp_path, "2.csv", "1.csv", "3.txt")
    found = discover([tmp_path / "*.csv", tmp_path / "1.csv"])
    assert [path.name for path, _ in found] == ["1.csv", "2.csv"]


def test_a_file_with_brackets_in_its_name_is_that_file(tmp_path: Path) -> None:
    _touch(tmp_path, "log[1].csv")
    assert [path.name for path, _ in discover([tmp_path / "log[1].csv"])] == ["log[1].csv"]


@pytest.mark.parametrize("name", ["none.csv", "*.none", "empty"])
def test_what_is_not_there_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError) as caught:
        discover([tmp_path / name])
    assert name in caught.value.cause


@pytest.mark.parametrize(
    ("body", "delimiter", "columns"),
    [
        (b"a;b\n1;2\n", None, ["a", "b"]),
        (b"a|b,c|d\n1|2|3\n", None, ["a", "b,c", "d"]),
        (b'"a;x",b\n1,2\n', None, ["a;x", "b"]),
        (b"a:b\n1:2\n", ":", ["a", "b"]),
        (b"only\n1\n", None, ["only"]),
        (b"a,,A\n1,2,3\n", None, ["a", "column_2", "A_2"]),
    ],
)
def test_the_delimiter_is_found_in_the_header(
    tmp_path: Path, body: bytes, delimiter: str | None, columns: list[str]
) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(body)
    connection = connect(spill=tmp_path / "spill")
    spec = MappingSpec(delimiter=delimiter)
    opened = open_file(path, "csv", connection=connection, staging=tmp_path, spec=spec)
    assert list(opened.columns) == columns
    assert len(records(connection, opened.relation)) == 1
    connection.close()


def test_keys_of_json_differ_by_more_than_case(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text('{"a/b": 1, "x~y": "2", "Id": 3}\n{"id": 4, "中 文": {"k": [1]}, "": 0}\n')
    connection = connect(spill=tmp_path / "spill")
    spec = MappingSpec()
    opened = open_file(path, "jsonl", connection=connection, staging=tmp_path, spec=spec)
    first, second = records(connection, opened.relation)
    assert (first["a/b"], first["x~y"], first["Id"]) == ("1", "2", "3")
    assert (second["id_2"], second["中 文"]) == ("4", '{"k":[1]}')
    connection.close()


def test_an_array_of_json_is_not_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    path.write_text('[{"a": 1}]')
    connection = connect(spill=tmp_path / "spill")
    spec = MappingSpec()
    opened = open_file(path, "jsonl", connection=connection, staging=tmp_path, spec=spec)
    assert [fault.reason for fault in opened.faults] == ["unreadable"]
    connection.close()


def test_names_are_made_different() -> None:
    assert own_names(["a", "A", "a_2", "", "_line"]) == (
        ["a", "A_2", "a_2_2", "column_4", "_line_2"],
        ("a",),
    )
