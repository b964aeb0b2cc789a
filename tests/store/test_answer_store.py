"""Answers are on the disk when they are said to be, whichever thread kept them."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from shroff.errors import EngineError
from shroff.store.answer_store import AnswerStore, Asked, forget_answers


def asked(key: str, ad: str = "a") -> Asked:
    return Asked(key=key, run="r", endpoint="judge", ad_id=ad)


def test_what_many_threads_keep_is_all_there_for_another_process(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    seen: list[bool] = []

    def work(name: int) -> None:
        for number in range(20):
            key = f"{name}/{number}"
            store.begin(asked(key))
            with closing(sqlite3.connect(path, timeout=30)) as other:
                sql = "SELECT state FROM answers WHERE key = ?"
                seen.append(other.execute(sql, (key,)).fetchone() == ("sent",))
            if number % 4:
                store.finish(key, {"n": number})
            else:
                store.fail(key)

    with AnswerStore(path) as store:
        threads = [threading.Thread(target=work, args=(name,)) for name in range(6)]
        for each in threads:
            each.start()
        store.keep([asked("batch")], [{"n": -1}])  # beside them
        for each in threads:
            each.join()
        known = store.known([*(f"{n}/{k}" for n in range(6) for k in range(20)), "batch", "no"])
        assert store.under_way("judge") == 0
    assert all(seen)
    assert len(seen) == 120
    assert len(known) == 121
    assert known["3/7"].answer == {"n": 7}
    assert known["3/8"].state == "failed"
    assert known["batch"].state == "answered"


def test_an_answer_that_was_under_way_is_told_and_may_be_asked_anew(tmp_path: Path) -> None:
    with AnswerStore(tmp_path / "answers.sqlite") as store:
        store.begin(asked("k"))
        store.begin(asked("done"))
        store.finish("done", {})
    with AnswerStore(tmp_path / "answers.sqlite") as store:
        assert (store.under_way("judge"), store.under_way("other")) == (1, 0)
        assert store.known(["k"])["k"].state == "sent"
        store.begin(asked("k"))
        store.finish("k", {"x": "答"})
        assert store.known(["k"])["k"].answer == {"x": "答"}


def test_answers_about_forgotten_ads_leave_no_byte(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    with AnswerStore(path) as store:
        store.begin(asked("k", ad="secret-ad"))
        store.finish("k", {"quote": "words of the ad"})
        store.begin(asked("o", ad="other"))
    assert forget_answers(path, ["secret-ad"]) == 1
    held = b"".join(each.read_bytes() for each in tmp_path.iterdir())
    assert b"words of the ad" not in held
    assert b"secret-ad" not in held
    assert forget_answers(tmp_path / "none.sqlite", ["a"]) == 0


def test_a_file_that_is_no_store_is_told(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    path.write_bytes(b"not a database, but long enough to be looked at" * 40)
    with pytest.raises(EngineError, match="answers cannot be kept"):
        AnswerStore(path)
    with pytest.raises(EngineError, match="answers cannot be kept"):
        forget_answers(path, ["a"])
