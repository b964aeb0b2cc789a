"""Judgements and their scores, put into the logs a chunk at a time."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
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
    """Puts judgements into the logs.

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
    """

    lake: Lake
    catalog: Catalog
    engine: EngineSettings
    folder: Path
    written: int = 0
    scored: int = 0
    _rows: list[Row] = field(default_factory=list[Row])

    def add(self, row: Row) -> bool:
        """Take a judgement.

        Parameters
        ----------
        row : mapping
            Its row.

        Returns
        -------
        bool
            Whether a chunk was written.
        """
        self._rows.append(row)
        if len(self._rows) < CHUNK:
            return False
        self.flush()
        return True

    def flush(self) -> None:
        """Write what waits: judgements first, so that no score is without one."""
        rows, self._rows = self._rows, []
        if not rows:
            return
        report = self._write("judgements", rows)
        self.written += report.inserted + report.corrected
        scores = [each for each in map(score_row, rows) if each is not None]
        if scores:
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
