"""Files to rows of the lake: typed, compared with what is known, refusals kept.

Each file is read once into staged Parquet; then the staged rows are compared with each other and
with the lake, and all that is new is added in one commit. Killed at any moment before that commit
nothing has happened; after it, all has. Whatever happens, rows read are rows inserted, unchanged,
corrected or in quarantine.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from shroff.domain.messages import Message
from shroff.errors import ConfigError, DataError, EngineError
from shroff.store.binding import Misfit, bind, mapping_faults
from shroff.store.connection import Connection, connect, first_value, table_of
from shroff.store.delta import NewFile
from shroff.store.judge import Judged, judge
from shroff.store.lake import Lake, new_ingest_id
from shroff.store.mapping import MappingSpec
from shroff.store.parquet import write_one
from shroff.store.plan import Plan, content_of
from shroff.store.pseudonyms import give_key
from shroff.store.quarantine import Refusals
from shroff.store.readers import Fault, Opened, discover, open_file
from shroff.store.reasons import Reason
from shroff.store.schema import Table
from shroff.store.schema import table as canonical
from shroff.store.snapshot import Snapshot
from shroff.store.sql import literal

__all__ = ["IngestProgress", "IngestReport", "ingest"]


@dataclass(frozen=True, slots=True)
class IngestProgress:
    """How far an ingest is.

    Parameters
    ----------
    step : str
        ``reading``, ``comparing`` or ``writing``.
    file : str
        File being read, "" in the other steps.
    files_done, files : int
        Files read, files in all.
    bytes_done, bytes : int
        Bytes of the files read, bytes in all.
    rows : int
        Rows read so far.
    """

    step: str
    file: str
    files_done: int
    files: int
    bytes_done: int
    bytes: int
    rows: int


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of the rows: ``read == inserted + unchanged + corrected + quarantined``.

    Parameters
    ----------
    table : str
        Canonical table.
    ingest_id : str
        Id of the ingest; kept with every row it wrote.
    files : int
        Files read.
    read : int
        Rows read; a fault of a file as a whole counts as one.
    inserted : int
        Rows with a key that was new.
    unchanged : int
        Rows that were there already.
    corrected : int
        Rows that replaced an older version of themselves.
    quarantined : int
        Rows refused.
    reasons : mapping
        Rows refused by reason.
    seconds : float
        Time it took.
    notes : tuple of str
        Optional columns of the mapping that some file does not have.
    """

    table: str
    ingest_id: str
    files: int
    read: int
    inserted: int
    unchanged: int
    corrected: int
    quarantined: int
    reasons: Mapping[str, int]
    seconds: float
    notes: tuple[str, ...] = ()

    def summary(self) -> Message:
        """Say it in one sentence."""
        counts = ("table", "read", "inserted", "corrected", "unchanged", "quarantined")
        return Message("ingest.summary", {name: getattr(self, name) for name in counts})


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
        run = _Run(
            lake=lake,
            contract=contract,
            spec=_sound(connection, contract, mapping or MappingSpec()),
            work=work,
            folder=folder,
            connection=connection,
            known=lake.state(table),
            refusals=Refusals(table, work, datetime.now(UTC).isoformat(sep=" "), folder),
            tell=_teller(files, progress),
        )
        for path, kind in files:
            run.read(path, kind)
        run.check_outcome(len(files))
        judged = run.compare()
        run.publish(judged)
        return run.report(judged, files=len(files), seconds=time.monotonic() - started)


def _sound(connection: Connection, contract: Table, spec: MappingSpec) -> MappingSpec:
    faults = mapping_faults(connection, contract, spec)
    if faults:
        raise ConfigError("; ".join(faults), where=f"[mapping.{contract.name}]")
    return spec


Teller = Callable[[str, str, int], None]


def _teller(
    files: Sequence[tuple[Path, str]], progress: Callable[[IngestProgress], None] | None
) -> Teller:
    sizes = {str(path): path.stat().st_size for path, _ in files}
    whole = sum(sizes.values())
    done: dict[str, None] = {}

    def tell(step: str, file: str, rows: int) -> None:
        if progress is None:
            return
        before = sum(sizes[each] for each in done if each != file)
        count = len(done)
        if step == "reading":
            done[file] = None
        finished = (before, count) if step == "reading" else (whole, len(files))
        progress(IngestProgress(step, file, finished[1], len(files), finished[0], whole, rows))

    return tell


class _CannotRead(Exception):  # noqa: N818 - never leaves this module
    """A file turned out to be unreadable in the middle."""


@dataclass(slots=True)
class _Run:
    """One ingest under way."""

    lake: Lake
    contract: Table
    spec: MappingSpec
    work: str
    folder: Path
    connection: Connection
    known: Snapshot | None
    refusals: Refusals
    tell: Teller
    staged: list[NewFile] = field(default_factory=list[NewFile])
    columns: dict[str, str] = field(default_factory=dict[str, str])
    rows: int = 0
    refused_rows: int = 0
    bound: int = 0
    misfits: dict[str, list[Misfit]] = field(default_factory=dict[str, list[Misfit]])

    def read(self, path: Path, kind: str) -> None:
        """Stage one file; what is wrong with it goes to quarantine."""
        self.tell("reading", str(path), self.rows)
        with self.lake.staging(f"{self.work}-file") as scratch:
            opened = open_file(self.connection, path, kind, staging=scratch, spec=self.spec)
            self.refusals.add_faults(opened.faults, file=opened.label)
            if not opened.relation:
                return
            plan = self._bind(opened)
            if plan is None:
                return
            try:
                self._stage(opened, plan)
            except _CannotRead as error:
                fault = Fault(Reason.UNREADABLE, value=str(error))
                self.refusals.add_faults([fault], file=opened.label)

    def _bind(self, opened: Opened) -> Plan | None:
        stored = {**(self.known.columns if self.known else {}), **self.columns}
        plan, misfits = bind(
            self.connection, self.contract, self.spec, source=opened.columns, stored=stored
        )
        misfits += [
            Misfit(f"two columns are named {name!r}", name, fatal=True)
            for name in opened.ambiguous
            if any(
                name in field.raw.lower() for field in plan.fields[: len(self.contract.columns)]
            )
        ]
        self.bound += 1
        self.misfits[opened.label] = misfits
        fatal = [misfit for misfit in misfits if misfit.fatal]
        if not fatal:
            return plan
        doubled = opened.ambiguous and any("two columns" in misfit.text for misfit in fatal)
        reason = Reason.DUPLICATE_HEADER if doubled else Reason.MISSING_COLUMN
        fault = Fault(reason, line=1, column=fatal[0].column, value=fatal[0].text)
        self.refusals.add_faults([fault], file=opened.label)
        return None

    def _stage(self, opened: Opened, plan: Plan) -> None:
        target = self.folder / f"{len(self.staged):06}.parquet"
        query = plan.staged(opened.relation, ingest=self.work, at=self.refusals.at)
        try:
            file = write_one(self.connection, query, target)
        except duckdb.Error as error:
            target.unlink(missing_ok=True)
            self._again(opened, error)
            return
        counting = f"SELECT count(*) FROM read_parquet({literal(str(target))}) WHERE _version = 0"
        refused = first_value(self.connection, counting)
        if refused and not self._explain(opened, plan, target, file=file, refused=refused):
            target.unlink()
            self._again(opened, None)
            return
        self.staged.append(file)
        self.columns.update(plan.columns)
        self.rows += file.rows
        self.refused_rows += refused

    def _again(self, opened: Opened, error: duckdb.Error | None) -> None:
        """Read a file once more with the careful reader, where there is one."""
        if isinstance(error, duckdb.InterruptException):
            raise KeyboardInterrupt from error
        if isinstance(error, duckdb.OutOfMemoryException):
            raise EngineError(
                "the memory allowed is not enough",
                where=opened.label,
                hint="raise [engine] memory_gb in shroff.toml",
            ) from error
        if opened.careful is not None:
            careful = opened.careful()
            plan = self._bind(careful)
            if plan is not None:
                self._stage(careful, plan)
            return
        cause = str(error).splitlines()[0] if error else "its records do not add up"
        if self.spec.expressions and opened.kind != "parquet":
            raise ConfigError(
                f"an expression fails on a value: {cause}",
                where=f"[mapping.{self.contract.name}.expressions]",
                hint="use TRY_CAST, so that a bad value becomes NULL",
            ) from error
        raise _CannotRead(cause) from error

    def _explain(
        self, opened: Opened, plan: Plan, target: Path, *, file: NewFile, refused: int
    ) -> bool:
        """Keep the refused rows of a file; false when they cannot be found again."""
        relation: str | None = opened.relation
        if opened.find is not None:
            places = table_of(
                self.connection,
                f"SELECT file_row_number AS place FROM read_parquet({literal(str(target))}, "
                f"file_row_number=true) WHERE _version = 0",
            )
            relation = opened.find(set(places.column(0).to_pylist()), among=file.rows)
        if relation is None:
            return False
        kept = self.refusals.add_rows(self.connection, plan.diagnosis(relation), file=opened.label)
        if kept != refused:
            raise EngineError(
                f"{refused} rows were refused and {kept} explained",
                where=opened.label,
                hint="this is a fault of Shroff: please report it",
            )
        return True

    def check_outcome(self, files: int) -> None:
        """Refuse the whole ingest when the mapping or every file is at fault."""
        texts = [{misfit.text for misfit in each} for each in self.misfits.values()]
        everywhere = set[str].intersection(*texts) if texts else set[str]()
        fatal = {m.text for each in self.misfits.values() for m in each if m.fatal}
        nowhere_bound = bool(texts) and not self.staged and bool(fatal)
        faults = sorted(everywhere | (fatal if nowhere_bound else set()))
        if faults:
            raise ConfigError(
                "; ".join(faults),
                where=f"[mapping.{self.contract.name}]",
            )
        if not self.staged and not self.bound and self.refusals.total >= files:
            (reason, _), *_ = self.refusals.reasons.most_common(1)
            raise DataError(
                f"no file could be read: {Reason(reason).message.text()}",
                hint="nothing was changed",
            )

    def compare(self) -> Judged:
        """Judge the staged rows."""
        self.tell("comparing", "", self.rows)
        columns = self.columns
        known_columns = {**columns, **(self.known.columns if self.known else {})}
        return judge(
            self.connection,
            self.contract,
            self.staged,
            refused=self.refused_rows,
            columns=columns,
            known=self.known,
            known_hash=content_of(self.contract, known_columns),
            folder=self.folder,
        )

    def publish(self, judged: Judged) -> None:
        """Add refusals, then rows: a rerun after a kill between the two repeats neither."""
        self.tell("writing", "", self.rows)
        written = sum(file.rows for file in judged.files)
        if written != judged.inserted + judged.corrected:
            raise EngineError(
                f"{judged.inserted + judged.corrected} rows are new and {written} were written",
                where=self.contract.name,
                hint="nothing was changed; this is a fault of Shroff: please report it",
            )
        self.refusals.publish(self.connection, self.lake)
        if judged.files:
            self.lake.publish(
                self.contract.name, judged.files, columns=self.columns, work=self.work
            )

    def report(self, judged: Judged, *, files: int, seconds: float) -> IngestReport:
        """Sum up."""
        quarantined = self.refusals.total
        return IngestReport(
            table=self.contract.name,
            ingest_id=self.work,
            files=files,
            read=self.rows + self.refusals.faults,
            inserted=judged.inserted,
            unchanged=judged.unchanged,
            corrected=judged.corrected,
            quarantined=quarantined,
            reasons=dict(self.refusals.reasons),
            seconds=seconds,
            notes=tuple(
                dict.fromkeys(
                    f"{label}: {misfit.text}"
                    for label, misfits in self.misfits.items()
                    for misfit in misfits
                    if not misfit.fatal
                )
            ),
        )
