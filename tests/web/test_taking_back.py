"""Work stops when the last reader leaves, and not before."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from shroff.errors import TakenBackError
from shroff.store.duckdb import DuckDBEngine
from shroff.store.lake import Lake
from shroff.web.taking_back import Waiting

ENDLESS = "SELECT SUM(a.range * b.range) FROM range(10000000) a, range(10000000) b"


def test_the_last_reader_who_leaves_stops_the_engine(tmp_path: Path) -> None:
    waiting = Waiting()
    begun = threading.Event()
    ended: list[BaseException] = []

    def work() -> None:
        with (
            DuckDBEngine(Lake(tmp_path / "lake"), spill=tmp_path / "spill") as engine,
            waiting.working("answer", engine),
        ):
            begun.set()
            try:
                engine.query(ENDLESS)
            except TakenBackError as taken:
                ended.append(taken)

    thread = threading.Thread(target=work)
    thread.start()
    assert begun.wait(30)
    waiting.waits("answer", "ann")
    waiting.waits("answer", "bob")
    assert not waiting.leave("answer", "ann")
    assert waiting.leave("answer", "bob")
    assert waiting.stop("answer")
    thread.join(30)
    assert len(ended) == 1
    assert not waiting.stop("answer")


def test_an_engine_that_cannot_stop_is_left_alone() -> None:
    waiting = Waiting()
    with waiting.working("answer", object()):  # type: ignore[arg-type]
        assert not waiting.stop("answer")


def test_who_asked_long_ago_has_left(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = Waiting()
    waiting.waits("answer", "ann")
    monkeypatch.setattr("shroff.web.taking_back._GONE_SECONDS", -1.0)
    assert waiting.leave("answer", "bob")
