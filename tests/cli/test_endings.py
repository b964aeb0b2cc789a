from __future__ import annotations

import json
from pathlib import Path

import click
import pytest

from shroff.cli.endings import INTERNAL, STOPPED, WRONG_USE, Session, ending
from shroff.errors import ConfigError, DataError


def test_a_fault_of_the_user_tells_place_cause_and_hint(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = ending(DataError("cause", where="ads.csv:3", hint="do this"), Session())
    assert code == WRONG_USE
    assert capsys.readouterr().err == "error: ads.csv:3: cause\n  hint: do this\n"


def test_a_fault_is_told_as_json_where_json_was_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ending(ConfigError("原因", where="x", hint="y"), Session(as_json=True))
    assert json.loads(capsys.readouterr().err) == {
        "error": {"kind": "ConfigError", "cause": "原因", "where": "x", "hint": "y"}
    }


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), click.exceptions.Abort()])
def test_a_stop_tells_what_was_done_and_what_not(
    stop: BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    session = Session(finished=["ads (10 rows)"], unfinished="nothing of decisions was added")
    assert ending(stop, session) == STOPPED
    told = capsys.readouterr().err
    assert "ads (10 rows)" in told
    assert "nothing of decisions was added" in told


def test_a_fault_of_ours_is_short_and_leaves_its_traceback_in_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        1 / 0  # noqa: B018 - a fault with a traceback
    assert ending(caught.value, Session(logs=tmp_path / "logs")) == INTERNAL
    told = capsys.readouterr().err
    assert "Traceback" not in told
    (log,) = (tmp_path / "logs").iterdir()
    assert str(log) in told
    assert "Traceback" in log.read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_does_not_hide_the_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "logs").write_text("a file", encoding="utf-8")
    assert ending(ValueError("oh"), Session(logs=tmp_path / "logs")) == INTERNAL
    assert "ValueError: oh" in capsys.readouterr().err


def test_an_exit_keeps_its_code() -> None:
    assert ending(SystemExit(3), Session()) == 3
