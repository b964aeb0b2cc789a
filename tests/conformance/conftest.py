"""Plays run once for each engine, each in a copy of its workspace."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.conformance.drivers import DRIVERS
from tests.conformance.recorder import Tape
from tests.conformance.workspaces import Play, build, play_on

Taped = Callable[[Play, str], tuple[Tape, object]]


@pytest.fixture(scope="session")
def taped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Taped]:
    """Give a way to run a play on an engine, and to have what it gave again."""
    base = tmp_path_factory.mktemp("conformance")
    up: set[str] = set()
    known: dict[tuple[str, str], tuple[Tape, object]] = {}

    def made(kind: str) -> Path:
        if not (base / kind).exists():
            build(kind, base / kind)
        return base / kind

    def ran(play: Play, engine: str) -> tuple[Tape, object]:
        driver = DRIVERS[engine]
        if why := driver.missing():
            pytest.skip(why)
        if engine not in up:
            held.enter_context(driver.kept_up())
            up.add(engine)
        if (play.name, engine) not in known:
            root = base / engine / play.name.replace(" ", "_")
            shutil.copytree(made(play.workspace), root)
            known[play.name, engine] = play_on(play, root, engine=driver.settings)
        return known[play.name, engine]

    with ExitStack() as held:
        yield ran
