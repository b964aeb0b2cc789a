"""Every `shroff watch` command on logs that are hardly any: an answer, or an error that says why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shroff.workspace import Workspace

if TYPE_CHECKING:
    from conftest import Cli

MAPPING = """
[mapping.decisions]
columns = { decision_id = "ad_id", ad_id = "ad_id", decided_at = "at", action = "action", \
source = "source", market = "market" }
[mapping.ads]
columns = { ad_id = "ad_id", created_at = "at", title = "title", market = "market", \
advertiser_id = "account", language = "language", industry = "industry" }
"""
MANY = 1200
COMMANDS = (
    ("changes",),
    ("trends", "--period", "all"),
    ("trends", "ads_decided", "--by", "industry", "--period", "all"),
    ("why", "ads_decided", "--by", "industry"),
    ("drift",),
    ("terms", "--of", "rejected"),
    ("campaigns",),
    ("advertisers",),
    ("incidents",),
)
START = datetime(2026, 3, 1, tzinfo=UTC)


def written(root: Path, **columns: Sequence[object] | object) -> Path:
    """Write ads and their decisions, two an hour; a plain value is that of all."""
    some = next((len(v) for v in columns.values() if isinstance(v, list)), MANY)
    told: dict[str, object] = {
        "ad_id": [f"ad{n}" for n in range(some)],
        "at": [START + timedelta(minutes=100 * n) for n in range(some)],
        "title": [f"offer {n % 40}" for n in range(some)],
        "market": "US",
        "industry": "shoes",
        "language": "en",
        "action": ["reject" if n % 3 else "approve" for n in range(some)],
        "source": "model",
        "account": [f"v{n % 30}" for n in range(some)],
        **columns,
    }
    rows = {name: v if isinstance(v, list) else [v] * some for name, v in told.items()}
    kinds = {"at": pa.timestamp("us", "UTC")}
    file = root / "logs.parquet"
    table = {name: pa.array(v, kinds.get(name, pa.string())) for name, v in rows.items()}
    pq.write_table(pa.table(table), file)
    workspace = Workspace.create(root / "own", mapping=MAPPING)
    for log in ("ads", "decisions"):
        workspace.ingest(log, [file])
    return root / "own"


LOGS: dict[str, Callable[[Path], Path]] = {
    "no row": lambda root: Workspace.create(root / "own", mapping=MAPPING).root,
    "one ad": lambda root: written(root, ad_id=["ad0"], at=[START], title=["x"], action=["reject"],
                                   account=["v"]),
    "nothing but ids": lambda root: written(root, title=None, market=None, industry=None,
                                            language=None, account=None, action="approve"),
    "constant": lambda root: written(root, action="reject", account="v", title="offer"),
    "identical texts": lambda root: written(root, title="buy cheap pills today, no questions"),
    "far future": lambda root: written(
        root, at=[START + timedelta(days=14_000, minutes=100 * n) for n in range(MANY)]
    ),
    "a column of ids": lambda root: written(root, industry=[f"i{n}" for n in range(MANY)]),
}  # fmt: skip


@pytest.mark.parametrize("log", LOGS)
def test_odd_logs_have_an_answer_or_an_error_that_says_why(
    cli: Cli, tmp_path: Path, log: str
) -> None:
    folder = LOGS[log](tmp_path)
    for words in COMMANDS:
        told = cli("watch", *words, "-w", folder)
        assert told.code in {0, 2}, (words, told.err)
        if told.code == 0:
            assert told.out.strip(), words
        else:
            assert "error: " in told.err, words
            assert "Traceback" not in told.err
            assert "hint: " in told.err, words


def test_what_never_changes_is_no_change(cli: Cli, tmp_path: Path) -> None:
    folder = LOGS["identical texts"](tmp_path)
    assert "Nothing changed beyond chance" in cli("watch", "changes", "-w", folder).out
    drift = cli("watch", "drift", "-w", folder).out
    assert "none of" in drift
    assert "rose beyond chance" in cli("watch", "terms", "--of", "rejected", "-w", folder).out
    assert "boilerplate" in cli("watch", "campaigns", "-w", folder).out


def test_days_to_come_are_named_by_the_check_of_the_logs(cli: Cli, tmp_path: Path) -> None:
    told = cli("check", "-w", LOGS["far future"](tmp_path))
    assert "future_times" in told.out


def test_of_a_column_of_ids_the_most_frequent_values_are_followed(
    cli: Cli, tmp_path: Path
) -> None:
    folder = LOGS["a column of ids"](tmp_path)
    told = cli(
        "watch", "trends", "ads_decided", "--by", "industry", "--period", "all", "-w", folder
    )
    assert "further slices have fewer events" in told.out
