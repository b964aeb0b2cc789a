"""A registered model run over the ads of the logs: what it scored, and what was set aside."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from shroff.domain.messages import Message
from shroff.domain.registered import ModelState
from shroff.domain.slices import Period
from shroff.errors import EngineError
from shroff.models.scorer import ClassifierScorer, Scorer
from shroff.stats.dense import Flags
from shroff.stats.proportions import Floats
from shroff.store.catalog import Catalog
from shroff.store.engine import Engine
from shroff.store.forgetting import kept_out
from shroff.store.ingest import ingest
from shroff.store.ingest_report import IngestReport
from shroff.store.lake import Lake
from shroff.store.model_records import ModelRecord
from shroff.store.settings import EngineSettings
from shroff.store.sql import ident, literal

__all__ = ["ScoreRun", "Scored", "ads_to_score", "count_to_score"]

CHUNK = 50_000
"""Scores that are put into the logs at once."""

_ROWS = 4096
_PATIENCE_SECONDS, _NAP = 300.0, 1.0
Tick = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What a run did.

    Parameters
    ----------
    model : ModelRecord
        The version.
    wanted, scored : int
        Ads of the period without its score, and those that have one now.
    refused : int
        Scores that are no number from 0 to 1; they are in quarantine.
    learnt : int
        Ads that it learnt from, scored by what had not seen them.
    seconds : float
        Time that scoring took, without reading and writing logs.
    stopped : str
        Empty, or why it ended early.
    """

    model: ModelRecord
    wanted: int
    scored: int
    refused: int
    seconds: float
    learnt: int = 0
    stopped: str = ""

    @property
    def shadow(self) -> bool:
        """Tell whether the scores are in shadow."""
        return self.model.state is not ModelState.CHAMPION

    def summary(self) -> Message:
        """Say what was done."""
        counts: dict[str, str | int | float | None] = {
            "name": f"{self.model.name} {self.model.version}",
            "scored": self.scored,
            "wanted": self.wanted,
            "speed": round(self.scored / self.seconds) if self.seconds else None,
        }
        if not self.wanted:
            return Message("scoring.nothing", counts)
        return Message("scoring.stopped" if self.stopped else "scoring.done", counts)

    def notes(self) -> tuple[Message, ...]:
        """Say what to know of it."""
        told = (
            ("scoring.learnt", self.learnt),
            ("scoring.shadow", self.scored if self.shadow else 0),
            ("scoring.refused", self.refused),
        )
        return tuple(Message(key, {"n": n}) for key, n in told if n)

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "model": self.model.name,
            "version": self.model.version,
            "policy": policy_of(self.model),
            "shadow": self.shadow,
            "wanted": self.wanted,
            "scored": self.scored,
            "refused": self.refused,
            "learnt": self.learnt,
            "seconds": self.seconds,
            "stopped": self.stopped,
        }


def policy_of(model: ModelRecord) -> str | None:
    """Name the policy its scores are of; None for one score over all it speaks of."""
    return model.policies[0] if len(model.policies) == 1 else None


def ads_to_score(
    model: ModelRecord, columns: tuple[str, ...], *, period: Period | None, known: bool
) -> str:
    """Write the query for the ads that a version did not score yet.

    Parameters
    ----------
    model : ModelRecord
        The version.
    columns : tuple of str
        Columns that it reads.
    period : Period or None
        When they were submitted; None for all.
    known : bool
        Whether there are scores at all.

    Returns
    -------
    str
        A SELECT with ``ad_id``, ``ad_version`` and the columns, of ads that have any of them.
    """
    texts = ", ".join(f"a.{ident(name)}" for name in columns)
    held = " OR ".join(f"COALESCE(TRIM(CAST(a.{ident(c)} AS VARCHAR)), '') <> ''" for c in columns)
    tests = [f"({held})"]
    if period is not None:
        first, end = (
            literal(datetime(day.year, day.month, day.day, tzinfo=UTC))
            for day in (period.start, period.end)
        )
        tests.append(f"a.created_at >= {first} AND a.created_at < {end}")
    if known:
        policy = policy_of(model)
        same = "s.policy_id IS NULL" if policy is None else f"s.policy_id = {literal(policy)}"
        tests.append(
            "NOT EXISTS (SELECT 1 FROM scores AS s WHERE s.ad_id = a.ad_id"
            " AND COALESCE(s.ad_version, 1) = COALESCE(a.ad_version, 1)"
            f" AND s.model = {literal(model.name)} AND s.version = {literal(model.version)}"
            f" AND {same})"
        )
    return f"SELECT a.ad_id, a.ad_version, {texts} FROM ads AS a WHERE " + " AND ".join(tests)


def count_to_score(engine: Engine, sql: str) -> int:
    """Count the ads of a query."""
    table = engine.query(f"SELECT COUNT(*) AS n FROM ({sql}) AS wanted")
    return int(table.column("n")[0].as_py())


@dataclass(slots=True, kw_only=True)
class ScoreRun:
    """One run under way.

    Parameters
    ----------
    model : ModelRecord
        The version.
    scorer : Scorer
        It, loaded.
    lake, catalog : Lake, Catalog
        Where scores go, and what keeps the forgotten out.
    engine : EngineSettings
        Memory and threads that writing may take.
    folder : Path
        Where rows wait.
    """

    model: ModelRecord
    scorer: Scorer
    lake: Lake
    catalog: Catalog
    engine: EngineSettings
    folder: Path
    scored: int = 0
    refused: int = 0
    seen: int = 0
    seconds: float = 0.0
    _rows: list[str] = field(default_factory=list[str])

    def over(self, batches: Iterator[pa.RecordBatch], tick: Callable[[int], None]) -> None:
        """Score batches of ads, and write the scores a chunk at a time."""
        for batch in batches:
            start = time.perf_counter()
            scores = self.scorer.score(batch)
            self.seconds += time.perf_counter() - start
            self._take(batch, scores)
            self.seen += batch.num_rows
            if len(self._rows) >= CHUNK:
                self.flush()
            tick(self.seen)

    def _take(self, batch: pa.RecordBatch, scores: Floats) -> None:
        good: Flags = (scores >= 0) & (scores <= 1)
        self.refused += int((~good).sum())
        now = datetime.now(UTC).isoformat(timespec="seconds")
        same = {
            "model": self.model.name,
            "version": self.model.version,
            "policy_id": policy_of(self.model),
            "scored_at": now,
            "shadow": self.model.state is not ModelState.CHAMPION,
        }
        ids = batch.column("ad_id").to_pylist()
        versions = batch.column("ad_version").to_pylist()
        for at in range(batch.num_rows):
            # a text where a number belongs is set aside by the reader, with its reason
            score = float(scores[at]) if good[at] else f"no number from 0 to 1: {scores[at]}"
            row = {"ad_id": ids[at], "ad_version": versions[at] or 1, "score": score, **same}
            self._rows.append(json.dumps(row, ensure_ascii=False))

    def flush(self) -> None:
        """Write what waits."""
        rows, self._rows = self._rows, []
        if not rows:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / f"{self.model.name}-{self.model.version}.jsonl".replace("/", "_")
        file.write_text("\n".join(rows) + "\n", encoding="utf-8")
        try:
            report = kept_out(self.lake, self.catalog, self._patiently(file))
        finally:
            file.unlink(missing_ok=True)
            self.folder.rmdir()
        self.scored += report.inserted + report.corrected

    def _patiently(self, file: Path) -> IngestReport:
        """Wait for another writer to end."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                return ingest(
                    self.lake,
                    "scores",
                    [file],
                    memory_gb=0.7 * self.engine.memory_gb,
                    threads=self.engine.threads,
                )
            except EngineError as error:
                if "another process is writing" not in error.cause or time.monotonic() > until:
                    raise
            time.sleep(_NAP)

    def result(self, wanted: int, *, stopped: str) -> Scored:
        """Say what was done."""
        return Scored(
            model=self.model,
            wanted=wanted,
            scored=self.scored,
            refused=self.refused,
            seconds=self.seconds,
            learnt=self.scorer.learnt if isinstance(self.scorer, ClassifierScorer) else 0,
            stopped=stopped,
        )
