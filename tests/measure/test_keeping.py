"""Kept cubes are always what counting every row again gives."""

from __future__ import annotations

import shutil
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.measure.kept_logs import LogBook, batches

from shroff.domain.slices import Period
from shroff.measure.brief import Brief
from shroff.measure.cubing import Cubing, cubing_of
from shroff.measure.keeping import Keeper, Refreshed, Why
from shroff.measure.merging import attach, live_sql
from shroff.measure.population import build_population
from shroff.measure.recalling import Kept
from shroff.store.engine import Engine
from shroff.store.sql import idents

if TYPE_CHECKING:
    from tests.measure.kept_logs import Batch

BY = ((), ("market",), ("language",), ("policy",), ("week",))
PERIOD = Period(date(2026, 5, 3), date(2026, 5, 7))
# an example takes seconds: making a failing one smaller would take many minutes
some = settings(
    max_examples=max(settings().max_examples // 5, 5),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


def _cubing(engine: Engine) -> Cubing:
    return cubing_of(engine, slicings=BY, derived={}, metrics=(), week_starts="monday")


@contextmanager
def _keeper(book: LogBook, *, parts: int = 1) -> Generator[Keeper]:
    with book.engine() as engine:
        yield Keeper(engine=engine, lake=book.lake, cubing=_cubing(engine), parts=parts)


def _refreshed(book: LogBook, *, anew: bool = False, parts: int = 1) -> Refreshed:
    with _keeper(book, parts=parts) as keeper:
        return keeper.refresh(anew=anew)


def _held(book: LogBook) -> dict[str, dict[tuple[object, ...], tuple[float, ...]]]:
    """Read everything that is kept, added up, in no order."""
    with _keeper(book) as keeper:
        state = keeper.store.state()
        assert state is not None
        attach(keeper.engine, keeper.store, state)
        own = idents(keeper.cubing.columns)
        cells = _added(
            keeper.engine,
            f"SELECT _cut, day, since, shown, {own}, ads, shows, impressions, pays, spend"
            " FROM kept_cells",
            values=5,
        )
        frame = keeper.engine.query(f"SELECT * FROM ({live_sql('kept_frame_rows')}) AS live")
        rows = [tuple(map(str, row.values())) for row in frame.drop("_number").to_pylist()]
        shown = (
            "SELECT ad_id, ad_version, day, impressions, spend"
            f" FROM ({live_sql('kept_shown')}) AS live"
        )
        return {
            "cells": {
                key: sums if sums[3] else (*sums[:4], 0.0)
                for key, sums in cells.items()
                if any(sums[:4])
            },
            "scores": _added(keeper.engine, "SELECT * FROM kept_scores", values=1),
            "frame": {row: (float(rows.count(row)),) for row in rows},
            "shown": _added(keeper.engine, shown, values=2),
        }


def _added(
    engine: Engine, query: str, *, values: int
) -> dict[tuple[object, ...], tuple[float, ...]]:
    found: dict[tuple[object, ...], list[float]] = {}
    for row in engine.query(query).to_pylist():
        cells = list(row.values())
        sums = found.setdefault(tuple(map(str, cells[:-values])), [0.0] * values)
        for place, value in enumerate(cells[-values:]):
            sums[place] += float(value)
    return {key: tuple(sums) for key, sums in found.items() if any(abs(x) > 1e-9 for x in sums)}


def _same(
    one: Mapping[str, Mapping[tuple[object, ...], tuple[float, ...]]],
    other: Mapping[str, Mapping[tuple[object, ...], tuple[float, ...]]],
) -> None:
    for name, held in one.items():
        assert held.keys() == other[name].keys(), name
        for key, sums in held.items():
            assert sums == pytest.approx(other[name][key], rel=1e-9, abs=1e-9), (name, key)


def _recounted(book: LogBook) -> LogBook:
    """Give the same logs with nothing kept."""
    shutil.copytree(book.folder / "lake", book.folder / "again" / "lake", dirs_exist_ok=True)
    again = LogBook(book.folder / "again")
    shutil.rmtree(again.lake.root / "_cubes", ignore_errors=True)
    _refreshed(again)
    return again


@some
@given(batches, st.lists(st.sampled_from(["decisions", "impressions", "reviews", ""])))
def test_after_any_batch_what_is_kept_equals_a_full_recount(
    told: list[Batch], compacted: list[str]
) -> None:
    with TemporaryDirectory() as folder:
        book = LogBook(Path(folder))
        for number, batch in enumerate(told):
            book.put(batch)
            found = _refreshed(book)
            assert found.why is (Why.UPDATED if number else Why.FIRST)
            if number < len(compacted) and compacted[number]:
                book.lake.compact(compacted[number])
            _same(_held(book), _held(_recounted(book)))


@some
@given(batches)
def test_cells_of_a_period_are_the_sums_of_its_ads(told: list[Batch]) -> None:
    with TemporaryDirectory() as folder:
        book = LogBook(Path(folder))
        for batch in told:
            book.put(batch)
            _refreshed(book)
        with _keeper(book) as keeper:
            _same_ground(keeper)


def _same_ground(keeper: Keeper) -> None:
    engine = keeper.engine
    brief = Brief(period=PERIOD, as_of=datetime(2026, 5, 20, tzinfo=UTC), by=BY)
    stands = Kept(keeper.cubing, keeper.store, keeper.refresh().state).stand(engine, brief)
    assert stands is not None
    ground, _ = stands
    cells = {cut: _counted(engine, cut, f"_cut = {n}") for cut, n in ground.cuts.items()}
    looked_at = _singles(engine, "looked_at")
    build_population(engine, PERIOD, derived={})
    rows = {cut: _counted(engine, cut, "TRUE") for cut in ground.cuts}
    _same({str(cut): each for cut, each in cells.items()}, {str(c): e for c, e in rows.items()})
    seen = "ad_id IN (SELECT ad_id FROM reviews UNION SELECT ad_id FROM appeals)"
    assert looked_at == _singles(engine, f"(SELECT * FROM population WHERE {seen}) AS p")


def _counted(
    engine: Engine, cut: tuple[str, ...], where: str
) -> dict[tuple[object, ...], tuple[float, ...]]:
    keys = ", ".join([*cut, "action", "policy_id", "queue_verdict", "scored", "human_touch"])
    query = (
        f"SELECT {keys}, CAST(SUM(ads) AS DOUBLE) AS n, SUM(impressions) AS i, SUM(spend) AS s"
        f" FROM population WHERE {where} GROUP BY {keys}"
    )
    return _added(engine, query, values=3)


def _singles(engine: Engine, source: str) -> list[tuple[str, ...]]:
    query = (
        "SELECT ad_id, ad_version, market, decision_id, action, policy_id, language, week,"
        " in_period, ads, CAST(impressions AS DOUBLE) AS i, ROUND(spend, 9) AS s, human_touch,"
        f" queue_verdict, reported_before, report_confirmed, scored FROM {source}"
    )
    return sorted(tuple(map(str, row.values())) for row in engine.query(query).to_pylist())
