"""Models are remembered: who answers for them, where they come from, what became of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from shroff.domain.registered import ModelKind, ModelState
from shroff.errors import ConfigError
from shroff.store.catalog import Catalog
from shroff.store.catalog_models import ModelBook
from shroff.store.model_records import ModelRecord, ModelRun, ModelStep


@pytest.fixture
def book(tmp_path: Path) -> ModelBook:
    return Catalog(tmp_path / "catalog.sqlite").models


def move(book: ModelBook, version: str, state: str, name: str = "m") -> tuple[ModelRecord, ...]:
    return book.move(ModelStep(name=name, version=version, state=ModelState(state), why="tried"))


def test_what_is_kept_comes_back_whole(book: ModelBook) -> None:
    record = ModelRecord(
        name="m", version="1", kind=ModelKind.ONNX, owner="Lin", policies=("E4", "E5"),
        thresholds={"reject": 0.9}, source={"file": "m.onnx", "sha256": "ab"}, note="第一版",
        at="2026-05-01T00:00:00+00:00",
    )  # fmt: skip
    assert book.keep(record, who="Lin", why="new") == record
    (step,) = book.steps("m", "1")
    assert (step.state, step.who, step.why) == (ModelState.SHADOW, "Lin", "new")


def test_a_version_never_changes_where_it_comes_from(book: ModelBook) -> None:
    book.keep(ModelRecord(name="m", version="1", source={"sha256": "ab"}))
    with pytest.raises(ConfigError, match="another source"):
        book.keep(ModelRecord(name="m", version="1", source={"sha256": "cd"}))
    with pytest.raises(ConfigError, match="another source"):
        book.keep(ModelRecord(name="m", version="1", kind=ModelKind.HTTP, source={"sha256": "ab"}))


def test_registering_again_renews_owner_and_thresholds_but_not_the_state(book: ModelBook) -> None:
    book.keep(ModelRecord(name="m", version="1"))
    move(book, "1", "champion")
    book.keep(ModelRecord(name="m", version="1", owner="Wu", thresholds={"review": 0.4}))
    kept = book.find("m")
    assert (kept.owner, kept.thresholds, kept.state) == ("Wu", {"review": 0.4}, "champion")
    assert len(book.steps()) == 2


def test_a_policy_has_one_champion(book: ModelBook) -> None:
    for name, policies in (("a", ("E4", "E5")), ("b", ("E4",)), ("c", ("L1",)), ("d", ())):
        book.keep(ModelRecord(name=name, version="1", policies=policies))
    for name in ("a", "c", "d"):
        assert not move(book, "1", "champion", name)
    (fallen,) = move(book, "1", "champion", "b")
    assert fallen.name == "a"
    states = {each.name: str(each.state) for each in book.models()}
    assert states == {"a": "challenger", "b": "champion", "c": "champion", "d": "champion"}
    assert book.steps("a")[-1].why == "b 1: tried"


def test_what_is_retired_comes_back_through_shadow(book: ModelBook) -> None:
    book.keep(ModelRecord(name="m", version="1"))
    move(book, "1", "retired")
    with pytest.raises(ConfigError, match="retired"):
        move(book, "1", "champion")
    with pytest.raises(ConfigError, match="already"):
        move(book, "1", "retired")
    move(book, "1", "shadow")
    move(book, "1", "champion")


def test_a_model_without_a_version_is_its_champion_or_its_newest(book: ModelBook) -> None:
    for at, version in enumerate(("b", "a", "c")):
        book.keep(ModelRecord(name="m", version=version, at=f"2026-05-0{at + 1}"))
    assert book.find("m").version == "c"
    move(book, "a", "champion")
    assert book.find("m").version == "a"


@pytest.mark.parametrize("version", ["", "x", "1"])
def test_what_is_not_there_or_is_unclear_is_told(book: ModelBook, version: str) -> None:
    book.keep(ModelRecord(name="m", version="12"))
    book.keep(ModelRecord(name="m", version="13"))
    with pytest.raises(ConfigError, match="no one version" if version else "is registered"):
        book.find("m" if version else "nobody", version)


def test_runs_are_kept_by_version(book: ModelBook) -> None:
    book.keep_run(ModelRun(name="m", version="1", what="score", ads=10, seconds=0.5))
    book.keep_run(
        ModelRun(name="m", version="2", what="judge", ads=3, seconds=9, detail={"cost": 0.1})
    )
    assert [run.ads for run in book.runs("m")] == [10, 3]
    (run,) = book.runs("m", "2")
    assert run.record()["cost"] == 0.1
    assert run.at
