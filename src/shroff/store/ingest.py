"""Files to rows of the lake: typed, compared with what is known, refusals kept.

Each file is read once into staged Parquet; then the staged rows are compared with each other and
with the lake, and all that is new is added in one commit. Killed at any moment before that commit
nothing has happened; after it, all has. Whatever happens, rows read are rows inserted, unchanged,
corrected or in quarantine.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from shroff.errors import ConfigError, EngineError
from shroff.store.binding import unfit
from shroff.store.connection import Connection, connect, translated
from shroff.store.ingest_report import IngestProgress, IngestReport
from shroff.store.judge import Judged, judge
from shroff.store.lake import Lake, new_ingest_id
from shroff.store.mapping import MappingSpec
from shroff.store.plan import content_of
from shroff.store.pseudonyms import give_key
from shroff.store.quarantine import Refusals
from shroff.store.readers import discover
from shroff.store.reading import Reading, teller
from shroff.store.schema import Table
from shroff.store.schema import table as canonical

__all__ = ["IngestProgress", "IngestReport", "ingest"]

_NO_ROOM = "nothing was changed; see that there is disk to spill to, or raise [engine] memory_gb"


def ingest(
    lake: Lake,
    table: str,
    sources: Sequence[Path],
    *,
    mapping: MappingSpec | None = None,
    progress: Callable[[IngestProgress], None] | None = None,
    memory_gb: float = 0.7,
    threads: int | None = None,
) -> IngestReport:
    """Read log files into a table of the lake.

    Parameters
    ----------
    lake : Lake
        Where to.
    table : str
        Canonical table.
    sources : sequence of Path
        Files, folders and globs.
    mapping : MappingSpec, optional
        How the files' columns become the table's; by name when absent.
    progress : callable, optional
        Called at each step.
    memory_gb : float
        Memory the engine may use; the reader itself needs some 0.3 GB more.
    threads : int, optional
        Threads; one a core when absent.

    Returns
    -------
    IngestReport
        What became of the rows.

    Raises
    ------
    ConfigError
        If there is no such table or file, or the mapping does not fit; all faults are listed.
    DataError
        If not one of the files can be read.
    EngineError
        If another process is writing, or the engine fails.
    """
    started = time.monotonic()
    contract = canonical(table)
    files = discover(sources)
    work = new_ingest_id()
    with (
        lake.lock(),
        lake.staging(work) as folder,
        closing(
            connect(spill=folder / "spill", memory_gb=memory_gb, threads=threads)
        ) as connection,
    ):
        give_key(connection, lake.root)
        run = Reading(
            lake=lake,
            contract=contract,
            spec=_sound(connection, contract, mapping or MappingSpec()),
            work=work,
            folder=folder,
            connection=connection,
            known=lake.state(table),
            refusals=Refusals(table, work, datetime.now(UTC).isoformat(sep=" "), folder),
            tell=teller(files, progress),
        )
        for path, kind in files:
            run.read(path, kind)
        run.check_outcome(len(files))
        with translated(where=table, hint=_NO_ROOM):
            judged = _compare(run)
            _publish(run, judged)
        return _report(run, judged, files=len(files), started=started)


def _sound(connection: Connection, contract: Table, spec: MappingSpec) -> MappingSpec:
    faults = unfit(contract, spec, connection=connection)
    if faults:
        raise ConfigError("; ".join(faults), where=f"[mapping.{contract.name}]")
    return spec


def _compare(run: Reading) -> Judged:
    run.tell("comparing", "", rows=run.rows)
    known_columns = {**run.columns, **(run.known.columns if run.known else {})}
    return judge(
        run.contract,
        run.staged,
        connection=run.connection,
        refused=run.refused_rows,
        columns=run.columns,
        known=run.known,
        known_hash=content_of(run.contract, known_columns),
        folder=run.folder,
    )


def _publish(run: Reading, judged: Judged) -> None:
    """Add refusals, then rows: a rerun after a kill between the two repeats neither."""
    run.tell("writing", "", rows=run.rows)
    written = sum(file.rows for file in judged.files)
    if written != judged.inserted + judged.corrected:
        raise EngineError(
            f"{judged.inserted + judged.corrected} rows are new and {written} were written",
            where=run.contract.name,
            hint="nothing was changed; this is a fault of Shroff: please report it",
        )
    run.refusals.publish(run.connection, run.lake)
    if judged.files:
        run.lake.publish(run.contract.name, judged.files, columns=run.columns, work=run.work)


def _report(run: Reading, judged: Judged, *, files: int, started: float) -> IngestReport:
    return IngestReport(
        table=run.contract.name,
        ingest_id=run.work,
        files=files,
        read=run.rows + run.refusals.faults,
        inserted=judged.inserted,
        unchanged=judged.unchanged,
        corrected=judged.corrected,
        quarantined=run.refusals.total,
        reasons=dict(run.refusals.reasons),
        seconds=time.monotonic() - started,
        notes=run.notes(),
    )
