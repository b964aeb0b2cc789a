"""Files of one ingest, read one after the other into staged Parquet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import duckdb

from shroff.errors import ConfigError, DataError, EngineError
from shroff.store.binding import Misfit, bind, names_column
from shroff.store.connection import Connection, first_value, table_of
from shroff.store.delta import NewFile
from shroff.store.ingest_report import IngestProgress
from shroff.store.lake import Lake
from shroff.store.mapping import MappingSpec
from shroff.store.opened import Fault, Opened
from shroff.store.parquet import keeps_order, write_one
from shroff.store.plan import Plan
from shroff.store.quarantine import Refusals
from shroff.store.readers import open_file
from shroff.store.reasons import Reason
from shroff.store.schema import Table
from shroff.store.snapshot import Snapshot
from shroff.store.sql import literal

__all__ = ["Reading", "Teller", "teller"]


class Teller(Protocol):
    """Tells how far an ingest is."""

    def __call__(self, step: str, file: str, *, rows: int) -> None:
        """Tell the step, the file being read, and the rows read so far."""
        ...


def teller(
    files: Sequence[tuple[Path, str]], progress: Callable[[IngestProgress], None] | None
) -> Teller:
    """Make what tells how far an ingest of some files is.

    Parameters
    ----------
    files : sequence of (Path, str)
        Files with their formats.
    progress : callable or None
        Whom to tell.

    Returns
    -------
    Teller
        Says nothing when there is nobody to tell.
    """
    sizes = {str(path): path.stat().st_size for path, _ in files}
    whole = sum(sizes.values())
    begun: list[str] = []

    def tell(step: str, file: str, *, rows: int) -> None:
        if progress is None:
            return
        done, size = len(files), whole
        if step == "reading":
            done, size = len(begun), sum(sizes[each] for each in begun)
            begun.append(file)
        progress(IngestProgress(step, file, done, len(files), size, whole, rows))

    return tell


_MANY = 200_000  # refused rows of one file; their numbers are not kept in memory beyond that


class _CannotRead(Exception):  # noqa: N818 - never leaves this module
    """A file turned out to be unreadable in the middle."""


@dataclass(slots=True)
class Reading:
    """The files of one ingest, as far as they are read."""

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
        self.tell("reading", str(path), rows=self.rows)
        with self.lake.staging(f"{self.work}-file") as scratch:
            opened = open_file(
                path, kind, connection=self.connection, staging=scratch, spec=self.spec
            )
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
            self.contract,
            self.spec,
            connection=self.connection,
            source=opened.columns,
            stored=stored,
        )
        misfits += [
            Misfit(f"two columns are named {name!r}", name, fatal=True)
            for name in opened.ambiguous
            if any(
                names_column(field.raw, name)
                for field in plan.fields[: len(self.contract.columns)]
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
            if not keeps_order(self.connection, query):
                numbered = f"SELECT *, row_number() OVER () AS _place FROM ({opened.relation})"
                staged = plan.staged(numbered, ingest=self.work, at=self.refusals.at)
                query = f"{staged} ORDER BY _place"
            file = write_one(self.connection, query, target=target)
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
        if opened.broken:
            diagnosis = plan.diagnosis(opened.broken)
            self.rows += self.refusals.add_rows(self.connection, diagnosis, file=opened.label)
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
        if opened.find is not None and opened.careful is not None and refused > _MANY:
            return False
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

    def notes(self) -> tuple[str, ...]:
        """Name the optional columns of the mapping that some file does not have."""
        absent = [
            f"{label}: {misfit.text}"
            for label, misfits in self.misfits.items()
            for misfit in misfits
            if not misfit.fatal
        ]
        return tuple(dict.fromkeys(absent))
