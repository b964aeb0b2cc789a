"""The engines that the suite runs on. A further engine is one more entry in `DRIVERS`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from importlib.util import find_spec

__all__ = ["DEFAULT", "DRIVERS", "OTHERS", "Driver"]

MASTER = os.environ.get("SHROFF_CONFORMANCE_MASTER", "local[2]")
"""Where Spark runs: in this process, unless a cluster is named."""


@dataclass(frozen=True, slots=True)
class Driver:
    """How to run the suite on an engine.

    Parameters
    ----------
    settings : str
        The ``[engine]`` table of ``shroff.toml`` that chooses it.
    missing : callable
        Says in one line why it cannot run here; nothing when it can.
    kept_up : callable
        Keeps up what is costly to start, for as long as the suite runs.
    """

    settings: str
    missing: Callable[[], str] = str
    kept_up: Callable[[], AbstractContextManager[object]] = nullcontext


def _no_spark() -> str:
    if find_spec("pyspark") is None:
        return "PySpark is not installed: make setup"
    home = os.environ.get("JAVA_HOME")
    if not (home or shutil.which("java")):
        return "Spark needs Java: apt-get install openjdk-17-jre-headless"
    return ""


@contextmanager
def _session() -> Generator[None]:
    """Keep one Spark up: engines opened meanwhile use it, and starting it takes long."""
    from shroff.store.spark_session import SparkOptions, open_session

    quick: dict[str, str] = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.default.parallelism": "2",
        # a few hundred rows: compiling each query would take longer than running it
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    }
    opened = open_session(SparkOptions(master=MASTER, conf=quick))
    try:
        yield
    finally:
        opened.session.stop()


DRIVERS = {
    "duckdb": Driver('[engine]\nname = "duckdb"\nthreads = 1\n'),
    "spark": Driver(
        f'[engine]\nname = "spark"\nmaster = "{MASTER}"\n',
        missing=_no_spark,
        kept_up=_session,
    ),
}
"""The first engine is the default one, that the others are held to."""

DEFAULT, *OTHERS = DRIVERS
