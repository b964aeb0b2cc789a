"""One small demo platform, written once, and its logs as tables."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from shroff.synthetic.platform import PlatformSummary, write_platform

PARQUET = ("ads", "decisions", "scores", "judgements", "hits", "reviews", "impressions")


class Logs:
    """A written platform, and SQL over its logs and truth."""

    def __init__(self, summary: PlatformSummary) -> None:
        self.summary = summary
        self.folder = summary.folder
        self.stories = {
            story["id"]: story
            for story in json.loads((self.folder / "truth" / "stories.json").read_text())
        }
        self.engine = duckdb.connect()
        self.engine.execute("SET TimeZone = 'UTC'; SET threads = 1")
        for table in PARQUET:
            self._view(table, f"'{self.folder}/logs/{table}/*.parquet'")
        self._view("truth", f"'{self.folder}/truth/ads.parquet'")
        self._view("appeals", f"read_csv('{self.folder}/logs/appeals/*.gz', all_varchar = true)")
        self._view("reports", f"read_json('{self.folder}/logs/reports/*.gz')")
        self._view("staffing", f"read_csv('{self.folder}/logs/staffing/*.gz')")
        self._view("policies", f"read_csv('{self.folder}/logs/policies/*.csv')")
        self._view("changes", f"read_json('{self.folder}/logs/changes/*.jsonl')")
        self.engine.execute("""
            CREATE TABLE judged AS
            SELECT a.*, d.result, d.decided_by, d.policy AS cited, d.score, d.event_id, d.flow,
                   t.violating, t.policies, t.disguised, t.seed_phrase, t.look_alike, t.story,
                   CAST(a.created_at AS DATE) AS day
            FROM ads a JOIN truth t USING (ad_id, ad_version)
            JOIN decisions d ON d.creative_id = a.ad_id AND d.creative_version = a.ad_version
            WHERE d.decided_by <> '人工' AND d.log_only = 0""")

    def _view(self, name: str, source: str) -> None:
        self.engine.execute(f"CREATE VIEW {name} AS SELECT * FROM {source}")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.engine.execute(sql).fetchall()

    def one(self, sql: str) -> Any:
        return self.rows(sql)[0][0]


def written(folder: Path, **options: Any) -> Logs:
    return Logs(write_platform(folder, **options))


@pytest.fixture(scope="session")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Logs]:
    made = written(tmp_path_factory.mktemp("platform"), ads=36_000)
    yield made
    made.engine.close()


@pytest.fixture(scope="session")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Logs]:
    made = written(tmp_path_factory.mktemp("platform"), ads=36_000, stories="none")
    yield made
    made.engine.close()


@pytest.fixture(scope="session")
def other_logs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Logs]]:
    made = [
        written(tmp_path_factory.mktemp(f"platform-{seed}"), ads=36_000, seed=seed)
        for seed in (11, 12, 13)
    ]
    yield made
    for one in made:
        one.engine.close()
