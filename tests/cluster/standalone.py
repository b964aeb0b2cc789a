"""A real Spark cluster on this machine: a master and two workers, each a process of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.error import URLError
from urllib.request import urlopen

import pyspark

__all__ = ["HOST", "Standalone", "free_port", "until"]

HOST = "127.0.0.1"
WORKERS, CORES, MEMORY = 2, 1, "3g"
_CLASSES = "org.apache.spark.deploy"


def free_port() -> int:
    """Find a port on loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def until(told: Callable[[], object], *, seconds: float, what: str) -> Any:
    """Wait for something to be true, and no longer."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := told():
            return found
        time.sleep(0.2)
    raise TimeoutError(f"{what}: not within {seconds:g} s")


@dataclass(slots=True)
class Standalone:
    """A master and two workers on loopback, in a folder; gone when the block ends.

    Parameters
    ----------
    folder : Path
        Logs, work and scratch of the cluster.
    """

    folder: Path
    port: int = field(default_factory=free_port)
    web: int = field(default_factory=free_port)
    master: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list[subprocess.Popen[bytes]])

    @property
    def url(self) -> str:
        """Address to give to ``[engine] master``."""
        return f"spark://{HOST}:{self.port}"

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _start(self) -> None:
        own = ["--host", HOST, "--port", str(self.port), "--webui-port", str(self.web)]
        self.master = self._run("master", f"{_CLASSES}.master.Master", *own)
        until(self.state, seconds=120, what="the master answers")
        for _ in range(WORKERS):
            self.add_worker()
        self.await_workers(WORKERS)

    def add_worker(self) -> None:
        """Start one more worker."""
        name = f"worker{len(self.workers) + 1}"
        own = ["--host", HOST, "--port", str(free_port()), "--webui-port", str(free_port())]
        size = ["--cores", str(CORES), "--memory", MEMORY, "--work-dir", str(self.folder / name)]
        started = self._run(name, f"{_CLASSES}.worker.Worker", *own, *size, self.url)
        self.workers.append(started)

    def await_workers(self, count: int) -> None:
        """Wait until the master knows so many workers."""
        until(
            lambda: len(self.alive()) == count, seconds=120, what=f"{count} workers are known"
        )  # fmt: skip

    def _run(self, name: str, job: str, *args: str) -> subprocess.Popen[bytes]:
        scratch = self.folder / f"{name}-scratch"
        scratch.mkdir(parents=True)
        home = Path(pyspark.__file__).parent
        environment = {
            **os.environ,
            "SPARK_HOME": str(home),
            "SPARK_LOCAL_IP": HOST,
            "SPARK_LOCAL_DIRS": str(scratch),
            "SPARK_DAEMON_MEMORY": "512m",
            "SPARK_LOG_DIR": str(self.folder),
            "PYSPARK_PYTHON": sys.executable,
        }
        with (self.folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                [str(home / "bin" / "spark-class"), job, *args],
                env=environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # executors die with their worker
            )

    def state(self) -> dict[str, Any]:
        """Ask the master what it knows; nothing while it does not answer."""
        try:
            with urlopen(f"http://{HOST}:{self.web}/json/", timeout=5) as answer:
                told: dict[str, Any] = json.load(answer)
        except (URLError, OSError, ValueError):
            return {}
        return told

    def alive(self) -> list[dict[str, Any]]:
        """List the workers the master can use."""
        return [each for each in self.state().get("workers", []) if each["state"] == "ALIVE"]

    def scratch_bytes(self, worker: int) -> int:
        """Count the bytes that a worker's executors keep for others."""
        found = (self.folder / f"worker{worker + 1}-scratch").rglob("*.data")
        return sum(path.stat().st_size for path in found)

    def kill_worker(self, worker: int) -> None:
        """Kill a worker and its executors at once, as a machine that is gone."""
        os.killpg(self.workers[worker].pid, signal.SIGKILL)
        self.workers[worker].wait(timeout=30)

    def stop(self) -> None:
        """End every process of the cluster."""
        started = [each for each in (*self.workers, self.master) if each is not None]
        for how in (signal.SIGTERM, signal.SIGKILL):
            for each in started:
                _signal(each, how)
            _wait(started, seconds=10)


def _signal(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    try:
        os.killpg(process.pid, how)  # its own group, made when it was started
    except ProcessLookupError:
        process.poll()


def _wait(processes: list[subprocess.Popen[bytes]], *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    for each in processes:
        try:
            each.wait(timeout=max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            continue
