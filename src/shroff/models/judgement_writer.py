"""Judgements and their scores, put into the logs a chunk at a time."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from shroff.errors import EngineError
from shroff.models.judgement_rows import score_row
from shroff.store.catalog import Catalog
from shroff.store.forgetting import kept_out
from shroff.store.ingest import ingest
from shroff.store.ingest_report import IngestReport
from shroff.store.lake import Lake
from shroff.store.settings import EngineSettings

__all__ = ["CHUNK", "JudgementWriter"]

CHUNK = 2_000
"""Judgements that are put into the logs at once."""

_PATIENCE_SECONDS = 300.0
_NAP = 1.0
Row = Mapping[str, object]


@dataclass(slots=True, kw_only=True)
class JudgementWriter:
    """Puts judgements into the logs, while others are still made.

    Parameters
    ----------
    lake : Lake
        The logs.
    catalog : Catalog
        What keeps the forgotten out.
    engine : EngineSettings
        Memory and threads that writing may take.
    folder : Path
        Where the rows wait.
    scores : bool
        Whether their scores are written too.
    written, scored : int
        Rows written to judgements and to scores.
    fresh : int
        Judgements that were not in the logs before.
    """

    lake: Lake
    catalog: Catalog
    engine: EngineSettings
    folder: Path
    scores: bool = True
    written: int = 0
    fresh: int = 0
    scored: int = 0
    _rows: list[Row] = field(default_factory=list[Row])
    _hand: ThreadPoolExecutor | None = None
    _under_way: Future[None] | None = None

    def add(self, row: Row) -> bool:
        """Take a judgement; wait where two chunks would be written at once.

        Parameters
        ----------
        row : mapping
            Its row.

        Returns
        -------
        bool
            Whether a chunk is written now.
        """
        self._rows.append(row)
        if len(self._rows) < CHUNK:
            return False
        self._hand_over()
        return True

    def flush(self) -> None:
        """Write what waits, and see that all of it was written."""
        try:
            self._hand_over()
            self._wait()
        finally:
            if self._hand is not None:
                self._hand.shutdown()
                self._hand = None

    def _hand_over(self) -> None:
        """Write what waits in a thread of its own: nobody has to stop asking for it."""
        self._wait()
        rows, self._rows = self._rows, []
        if rows:
            self._hand = self._hand or ThreadPoolExecutor(1, thread_name_prefix="judgements")
            self._under_way = self._hand.submit(self._put, rows)

    def _wait(self) -> None:
        under_way, self._under_way = self._under_way, None
        if under_way is not None:
            under_way.result()

    def _put(self, rows: Sequence[Row]) -> None:
        """Write judgements first, so that no score is without one."""
        report = self._write("judgements", rows)
        self.written += report.inserted + report.corrected
        self.fresh += report.inserted
        scores = [each for each in map(score_row, rows) if each is not None]
        if scores and self.scores:
            report = self._write("scores", scores)
            self.scored += report.inserted + report.corrected

    def _write(self, table: str, rows: Sequence[Row]) -> IngestReport:
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / f"{table}.jsonl"
        lines = (json.dumps(dict(row), ensure_ascii=False) for row in rows)
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        try:
            report = self._patiently(table, file)
        finally:
            file.unlink(missing_ok=True)
        return kept_out(self.lake, self.catalog, report)

    def _patiently(self, table: str, file: Path) -> IngestReport:
        """Wait for another writer to end: what was paid for is not dropped for it."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                return ingest(
                    self.lake,
                    table,
                    [file],
                    memory_gb=0.7 * self.engine.memory_gb,
                    threads=self.engine.threads,
                )
            except EngineError as error:
                if "another process is writing" not in error.cause or time.monotonic() > until:
                    raise
            time.sleep(_NAP)
