"""A cluster, and a large demo in two workspaces: one for each engine."""

from __future__ import annotations

import logging
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.cluster.standalone import Standalone

log = logging.getLogger("cluster")
ADS = int(os.environ.get("SHROFF_CLUSTER_ADS", "1000000"))
ENGINE_TABLE = re.compile(r"^\[engine\]\n(?:[^\[].*\n|\n)*", re.MULTILINE)
SPARK = """
[engine]
name = "spark"
master = "{url}"
conf = {{ "spark.driver.host" = "127.0.0.1", "spark.driver.bindAddress" = "127.0.0.1", \
"spark.executor.memory" = "2g", "spark.driver.memory" = "2g", "spark.ui.enabled" = "false", \
"spark.sql.shuffle.partitions" = "8" }}
"""

Beside = Callable[[str], Path]


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Standalone]:
    """A master and two workers, gone after the test."""
    with Standalone(tmp_path / "cluster") as running:
        log.info("master %s, workers %s", running.url, [each.pid for each in running.workers])
        yield running


@pytest.fixture(scope="session")
def large_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The logs of a made-up platform, read in; SHROFF_CLUSTER_DEMO names one made before."""
    made = os.environ.get("SHROFF_CLUSTER_DEMO")
    if made:
        return Path(made)
    from shroff.synthetic.platform import write_platform
    from shroff.workspace import Workspace

    root = tmp_path_factory.mktemp("demo") / "large"
    log.info("writing %d ads", ADS)
    write_platform(root, ads=ADS, seed=7, days=98)
    workspace = Workspace.open(root)
    for table, files in workspace.sources().items():
        workspace.ingest(table, files)
    shutil.rmtree(root / "logs")
    return root


@pytest.fixture
def beside(large_demo: Path, tmp_path: Path) -> Beside:
    """Give a way to have the demo once more, with settings for an engine, in links to its files."""

    def copied(engine: str) -> Path:
        root = tmp_path / f"demo-{len(list(tmp_path.glob('demo-*')))}"
        shutil.copytree(
            large_demo / "lake",
            root / "lake",
            copy_function=os.link,
            ignore=shutil.ignore_patterns("_cubes"),
        )
        settings = (large_demo / "shroff.toml").read_text(encoding="utf-8")
        text = ENGINE_TABLE.sub("", settings) + engine
        (root / "shroff.toml").write_text(text, encoding="utf-8")
        return root

    return copied
