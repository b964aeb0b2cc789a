"""Plays run once for each engine, each in a copy of its workspace."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest
from tests.conformance.drivers import DRIVERS, Driver
from tests.conformance.recorder import Tape
from tests.conformance.workspaces import Play, build, play_on

from shroff.store.engine import Engine
from shroff.store.settings import parse_settings
from shroff.workspace import Workspace

Taped = Callable[[Play, str], tuple[Tape, object]]
Opened = Callable[[str, Path], AbstractContextManager[Engine]]
Up = Callable[[str], Driver]


@pytest.fixture(scope="session")
def up() -> Iterator[Up]:
    """Give a way to have an engine's costly part up; tests are skipped where it cannot run."""
    started: set[str] = set()
    with ExitStack() as held:

        def driver_of(engine: str) -> Driver:
            driver = DRIVERS[engine]
            if why := driver.missing():
                pytest.skip(why)
            if engine not in started:
                held.enter_context(driver.kept_up())
                started.add(engine)
            return driver

        yield driver_of


@pytest.fixture
def opened(up: Up) -> Opened:
    """Give a way to open an engine over a workspace without logs."""

    def open_in(engine: str, folder: Path) -> AbstractContextManager[Engine]:
        return Workspace(folder, parse_settings(up(engine).settings)).engine()

    return open_in


@pytest.fixture(scope="session")
def taped(tmp_path_factory: pytest.TempPathFactory, up: Up) -> Taped:
    """Give a way to run a play on an engine, and to have what it gave again."""
    base = tmp_path_factory.mktemp("conformance")
    known: dict[tuple[str, str], tuple[Tape, object]] = {}

    def made(kind: str) -> Path:
        if not (base / kind).exists():
            build(kind, base / kind)
        return base / kind

    def ran(play: Play, engine: str) -> tuple[Tape, object]:
        driver = up(engine)
        if (play.name, engine) not in known:
            root = base / engine / play.name.replace(" ", "_")
            shutil.copytree(made(play.workspace), root)
            known[play.name, engine] = play_on(play, root, engine=driver.settings)
        return known[play.name, engine]

    return ran
