"""What keeps Spark from starting is told in one sentence, before Java is asked for."""

from __future__ import annotations

import socket
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from shroff.errors import EngineError
from shroff.store import spark_session
from shroff.store.spark_session import SparkOptions, open_session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.fixture(autouse=True)
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no Spark that other tests keep up be found."""
    pyspark_sql = pytest.importorskip("pyspark.sql")
    monkeypatch.setattr(pyspark_sql.SparkSession, "getActiveSession", lambda: None)


def refused(options: SparkOptions) -> EngineError:
    with pytest.raises(EngineError) as caught:
        open_session(options)
    assert "\n" not in caught.value.cause
    assert "Traceback" not in str(caught.value)
    return caught.value


def java(folder: Path, version: str) -> Path:
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    program.chmod(0o755)
    return folder


def test_without_java_it_says_which_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    fault = refused(SparkOptions(master="local[2]"))
    assert fault.cause == "Spark needs Java, and there is no java here"
    assert "Java 17" in fault.hint


def test_a_java_home_without_java_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "nowhere"))
    fault = refused(SparkOptions(master="local[2]"))
    assert str(tmp_path / "nowhere") in fault.cause
    assert fault.where == "JAVA_HOME"


@pytest.mark.parametrize(("version", "told"), [("1.8.0_392", "8"), ("11.0.2", "11")])
def test_an_old_java_is_refused_by_its_version(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, version: str, told: str
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(java(tmp_path / "jdk", version)))
    fault = refused(SparkOptions(master="local[2]"))
    assert fault.cause == f"Java {told} is too old: Spark needs 17 or newer"


@pytest.fixture
def fit_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(java(tmp_path / "jdk", "17.0.1")))


@pytest.mark.usefixtures("fit_java")
def test_a_master_that_nobody_listens_for_is_told_at_once() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    fault = refused(SparkOptions(master=f"spark://127.0.0.1:{port}"))
    assert fault.cause.startswith("the Spark master does not answer")
    assert str(port) in fault.where


@pytest.mark.usefixtures("fit_java")
@pytest.mark.parametrize("master", ["spark://no-such-host.invalid:7077", "spark://host:port"])
def test_a_master_without_an_address_is_refused(master: str) -> None:
    assert master in refused(SparkOptions(master=master)).where


@pytest.mark.usefixtures("fit_java")
def test_spark_connect_is_refused_by_name() -> None:
    assert "Connect" in refused(SparkOptions(master="sc://host:15002")).cause


def test_without_pyspark_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.testing", None)
    fault = refused(SparkOptions())
    assert fault.cause == "PySpark is not installed"
    assert "shroff[spark]" in fault.hint


def test_workers_that_never_come_are_not_waited_for_without_an_end() -> None:
    never = threading.Event()

    class Waiting:
        def range(self, _: int) -> Waiting:
            return self

        def count(self) -> int:
            never.wait(60)
            return 1

    options = SparkOptions(master="spark://127.0.0.1:7077", wait_seconds=0.05)
    with pytest.raises(EngineError) as caught:
        spark_session._require_workers(cast("SparkSession", Waiting()), options)
    never.set()
    assert caught.value.cause == "no Spark worker took the work within 0.05 seconds"
    assert "registered" in caught.value.hint
