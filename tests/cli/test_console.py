"""Tables in a pipe: a row is a line, however wide."""

from __future__ import annotations

import pytest

from shroff.cli.console import print_table


def test_a_row_is_one_line_in_a_pipe_however_many_columns(
    capsys: pytest.CaptureFixture[str],
) -> None:
    columns = [f"column_{number}" for number in range(30)]
    print_table(columns, [[f"value {number} of a wide row" for number in range(30)]])
    header, row = capsys.readouterr().out.splitlines()
    assert all(column in header for column in columns)
    assert all(f"value {number} of a wide row" in row for number in range(30))


def test_a_log_cannot_break_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["text"], [["one\ntwo\x1b[31m"]])
    _, row = capsys.readouterr().out.splitlines()
    assert row.strip() == r"one\ntwo\x1b[31m"
