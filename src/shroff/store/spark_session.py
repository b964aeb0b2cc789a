"""A Spark session as we want it: UTC, strict, silent, and never waited for without an end."""

from __future__ import annotations

import importlib
import logging
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from shroff.errors import EngineError

if TYPE_CHECKING:
    from py4j.java_gateway import JavaGateway
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

__all__ = ["OLDEST_JAVA", "Opened", "SparkOptions", "open_session"]

OLDEST_JAVA = 17
_PORT = 7077
_MASTERS = ("spark://", "yarn", "k8s://", "local")
_CONNECT_SECONDS = 5.0
_RUNTIME = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "false",
    "spark.sql.variable.substitute": "false",  # a text may hold ${...}
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.timestampType": "TIMESTAMP_LTZ",
    "spark.sql.groupByOrdinal": "true",
    "spark.sql.orderByOrdinal": "true",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.ansi.doubleQuotedIdentifiers": "false",
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
    "spark.sql.execution.arrow.useLargeVarTypes": "false",
}
"""What our SQL relies on, set on a session of our own whatever the cluster's defaults are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SparkOptions:
    """How to reach Spark.

    Parameters
    ----------
    master : str
        Master URL: ``local[2]``, ``spark://HOST:7077``, ``yarn``, ...
    app_name : str
        Name shown in Spark's own pages.
    conf : mapping of str
        Further Spark settings.
    python : str
        Python of the workers; this one when empty.
    scratch : str
        Folder that this machine and the workers share; results are kept by Spark when empty.
    wait_seconds : float
        Longest wait for the first worker.
    log : Path or None
        File for what Java says; nowhere when None.
    """

    master: str = "local[*]"
    app_name: str = "shroff"
    conf: Mapping[str, str] = field(default_factory=dict[str, str])
    python: str = ""
    scratch: str = ""
    wait_seconds: float = 60.0
    log: Path | None = None

    @property
    def local(self) -> bool:
        """Whether everything runs in this machine's one process."""
        return self.master.startswith("local")


@dataclass(frozen=True, slots=True)
class Opened:
    """A session for one engine.

    Parameters
    ----------
    session : SparkSession
        The session, with views and settings of its own.
    ours : bool
        Whether Spark was started for it, and is to be stopped with it.
    """

    session: SparkSession
    ours: bool


def open_session(options: SparkOptions) -> Opened:
    """Open a session, in the Spark that runs in this process or in one that is started.

    Parameters
    ----------
    options : SparkOptions
        How to reach Spark.

    Returns
    -------
    Opened
        The session.

    Raises
    ------
    EngineError
        If PySpark or Java is missing, or the master or its workers do not answer.
    """
    context_class, session_class = _pyspark()
    # PySpark tells every fault to a logger of its own, with Java's stack trace
    for name in ("SQLQueryContextLogger", "DataFrameQueryContextLogger"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    running = session_class.getActiveSession()
    if running is not None:
        return Opened(_fresh(running), ours=False)
    _require_java()
    _require_master(options)
    context = _started(context_class, options)
    try:
        session = _fresh(session_class(context))
        _require_workers(session, options)
    except BaseException:
        context.stop()
        raise
    return Opened(session, ours=True)


def _fresh(session: SparkSession) -> SparkSession:
    own = session.newSession()
    for name, value in _RUNTIME.items():
        own.conf.set(name, value)
    return own


def _pyspark() -> tuple[type[SparkContext], type[SparkSession]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of a pandas that we do not use
            importlib.import_module("pyspark.testing")  # Spark does so later, and it warns
            from pyspark import SparkContext  # noqa: PLC0415 - only who asks for Spark needs it
            from pyspark.sql import SparkSession  # noqa: PLC0415
    except ImportError:
        raise EngineError(
            "PySpark is not installed",
            where="[engine] name",
            hint="install shroff[spark], or use the engine duckdb",
        ) from None
    return SparkContext, SparkSession


def _java() -> str | None:
    home = os.environ.get("JAVA_HOME")
    if home:
        return str(Path(home) / "bin" / "java")
    return shutil.which("java")


def _require_java() -> None:
    found = _java()
    hint = f"install Java {OLDEST_JAVA} or newer and set JAVA_HOME to it, or use the engine duckdb"
    if found is None:
        raise EngineError("Spark needs Java, and there is no java here", where="PATH", hint=hint)
    where = "JAVA_HOME" if os.environ.get("JAVA_HOME") else found
    try:
        told = subprocess.run(  # noqa: S603 - the user's own Java
            [found, "-version"], capture_output=True, text=True, timeout=60, check=True
        ).stderr
    except (OSError, subprocess.SubprocessError):
        raise EngineError(
            f"Spark needs Java, and {found} does not run", where=where, hint=hint
        ) from None
    version = re.search(r'version "(?:1\.)?(\d+)', told)
    if version and int(version[1]) < OLDEST_JAVA:
        raise EngineError(
            f"Java {version[1]} is too old: Spark needs {OLDEST_JAVA} or newer",
            where=where,
            hint=hint,
        )


def _require_master(options: SparkOptions) -> None:
    if options.master.startswith("sc://"):
        raise EngineError(
            "Spark Connect is not supported",
            where="[engine] master",
            hint="give the master itself: spark://HOST:7077, yarn or local[*]",
        )
    if not options.master.startswith(_MASTERS):
        raise EngineError(
            "this is no address of a Spark master",
            where=f"[engine] master = {options.master!r}",
            hint="write spark://HOST:7077, yarn, k8s://https://HOST:PORT or local[*]",
        )
    if not options.master.startswith("spark://"):
        return
    faults = [_unreached(place) for place in options.master.removeprefix("spark://").split(",")]
    if all(faults):
        raise EngineError(
            f"the Spark master does not answer: {faults[0]}",
            where=f"[engine] master = {options.master!r}",
            hint="see that it runs and that this machine may reach its port",
        )


def _unreached(place: str) -> str:
    host, _, port = place.rpartition(":")
    try:
        number = int(port) if host else _PORT
        socket.create_connection((host or place, number), timeout=_CONNECT_SECONDS).close()
    except (OSError, ValueError) as error:
        return str(error) or type(error).__name__
    return ""


def _started(context_class: type[SparkContext], options: SparkOptions) -> SparkContext:
    from pyspark import SparkConf  # noqa: PLC0415
    from pyspark.java_gateway import launch_gateway  # noqa: PLC0415

    conf = SparkConf(loadDefaults=False)
    for name, value in _conf(options).items():
        conf.set(name, value)
    os.environ["PYSPARK_PYTHON"] = options.python or sys.executable
    try:
        # Java outlives a stopped Spark, and is not started again
        if getattr(context_class, "_gateway", None) is not None:
            return context_class(conf=conf)
        with _noise(options.log) as stream:
            launch: Callable[..., JavaGateway] = launch_gateway
            gateway = launch(conf, {"stdout": stream, "stderr": stream})
        return context_class(conf=conf, gateway=gateway)
    except Exception as error:
        raise EngineError(
            f"Spark cannot be started: {_first_line(error)}",
            where=f"[engine] master = {options.master!r}",
            hint=_look(options.log),
        ) from error


def _conf(options: SparkOptions) -> dict[str, str]:
    ours = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        **_RUNTIME,
    }
    if options.local or "://127.0.0.1" in options.master or "://localhost" in options.master:
        ours |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    if options.local:
        ours["spark.sql.shuffle.partitions"] = str(2 * (os.cpu_count() or 1))
    return {
        **ours,
        **options.conf,
        "spark.master": options.master,
        "spark.app.name": options.app_name,
    }


def _noise(log: Path | None) -> IO[str]:
    if log is None:
        return Path(os.devnull).open("w", encoding="utf-8")
    log.parent.mkdir(parents=True, exist_ok=True)
    return log.open("w", encoding="utf-8")


def _look(log: Path | None) -> str:
    return f"what Java said is in {log}" if log else "set a log to see what Java says"


def _first_line(error: BaseException) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), "no reason")


def _require_workers(session: SparkSession, options: SparkOptions) -> None:
    """Run a tiny job, and give up when nobody works on it."""
    if options.local:
        return
    faults: list[BaseException] = []

    def probe() -> None:
        try:
            session.range(1).count()
        except BaseException as error:  # noqa: BLE001 - told by the thread that waits
            faults.append(error)

    thread = threading.Thread(target=probe, daemon=True)
    thread.start()
    thread.join(options.wait_seconds)
    if thread.is_alive():
        raise EngineError(
            f"no Spark worker took the work within {options.wait_seconds:g} seconds",
            where=f"[engine] master = {options.master!r}",
            hint="see that workers are registered and have cores and memory free; "
            "[engine] wait_seconds waits longer",
        )
    if faults:
        raise EngineError(
            f"Spark failed: {_first_line(faults[0])}",
            where=f"[engine] master = {options.master!r}",
        )
