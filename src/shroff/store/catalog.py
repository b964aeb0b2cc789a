"""What was done in a workspace: runs, ingests, reports and erasures."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from shroff.errors import EngineError
from shroff.store.catalog_advice import AdviceBook
from shroff.store.catalog_approvals import ApprovalBook
from shroff.store.catalog_batches import BatchBook
from shroff.store.catalog_findings import FindingBook
from shroff.store.catalog_golden import GoldenBook
from shroff.store.catalog_incidents import IncidentBook
from shroff.store.catalog_judging import JudgingBook
from shroff.store.catalog_models import ModelBook
from shroff.store.catalog_reports import ReportBook
from shroff.store.catalog_rules import RuleBook
from shroff.store.catalog_runs import Audit, Run
from shroff.store.catalog_tables import bring_up
from shroff.store.catalog_verdicts import VerdictBook

__all__ = ["Catalog"]

_PATIENCE_SECONDS = 30.0
_LOG = logging.getLogger("shroff")


class Catalog:
    """The workspace's memory: one SQLite file, one short transaction a change.

    Parameters
    ----------
    path : Path
        The file; made when missing.

    Raises
    ------
    EngineError
        If it cannot be opened or was written by a newer Shroff.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if self.read_only:
            return
        with self._change() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        self._migrate()

    @property
    def read_only(self) -> bool:
        """Whether this process may not write it: read, it can be all the same."""
        parts = (self.path.parent, self.path) if self.path.exists() else (self.path.parent,)
        return not all(os.access(part, os.W_OK) for part in parts)

    def writable(self) -> None:
        """See that it can be written.

        Raises
        ------
        EngineError
            If it cannot.
        """
        if self.read_only:
            raise EngineError(
                "the workspace cannot be written: its folder is read-only for this user",
                where=str(self.path.parent),
                hint="nothing was changed; measuring and reading work, writing needs the right",
            )

    @contextmanager
    def _change(self) -> Generator[sqlite3.Connection]:
        self.writable()
        try:
            connection = sqlite3.connect(self.path, timeout=_PATIENCE_SECONDS)
            with closing(connection), connection:
                # the bytes of what is deleted must not linger in free pages
                connection.execute("PRAGMA secure_delete = ON")
                yield connection
        except sqlite3.Error as error:
            raise EngineError(
                f"the catalog cannot be used: {error}",
                where=str(self.path),
                hint="is another program holding it, or the disk full?",
            ) from error

    def _migrate(self) -> None:
        with self._change() as connection:
            connection.execute("BEGIN IMMEDIATE")
            bring_up(connection, where=str(self.path))

    @contextmanager
    def _copy(self) -> Generator[sqlite3.Connection]:
        """Read a catalog that cannot be written: from memory, where it can be brought up."""
        try:
            with closing(sqlite3.connect(":memory:")) as memory:
                if self.path.exists():
                    # not even the files of the journal can be made beside it
                    place = f"{self.path.resolve().as_uri()}?immutable=1"
                    with closing(sqlite3.connect(place, uri=True)) as stored:
                        stored.backup(memory)
                bring_up(memory, where=str(self.path))
                yield memory
        except sqlite3.Error as error:
            raise EngineError(
                f"the catalog cannot be read: {error}", where=str(self.path)
            ) from error

    @contextmanager
    def noted(
        self, command: str, *, args: Mapping[str, object], snapshot: Mapping[str, int]
    ) -> Generator[int | None]:
        """Remember a command that only reads; go on without where nothing can be written.

        Parameters
        ----------
        command : str
            Command.
        args, snapshot : mapping
            As for `run`.

        Yields
        ------
        int or None
            Number of the run; None when it is not remembered.
        """
        if self.read_only:
            _LOG.warning("this run is not recorded: %s is read-only", self.path.parent)
            yield None
            return
        with self.run(command, args=args, snapshot=snapshot) as run:
            yield run

    @contextmanager
    def run(
        self, command: str, *, args: Mapping[str, object], snapshot: Mapping[str, int]
    ) -> Generator[int]:
        """Remember a command: that it began, and how it ended.

        Parameters
        ----------
        command : str
            Command.
        args : mapping
            Arguments, JSON-ready and without any id of a person.
        snapshot : mapping
            Version of each table of the lake.

        Yields
        ------
        int
            Number of the run.

        Raises
        ------
        KeyboardInterrupt
            Passed on, after the run is marked as stopped.
        """
        with self._change() as connection:
            run = connection.execute(
                "INSERT INTO runs (command, args, started, status, snapshot, pid)"
                " VALUES (?,?,?,?,?,?)",
                (command, _json(args), _now(), "running", _json(snapshot), os.getpid()),
            ).lastrowid
        status = "failed"
        try:
            yield int(run or 0)
            status = "done"
        except KeyboardInterrupt:
            status = "stopped"
            raise
        finally:
            with self._change() as connection:
                connection.execute(
                    "UPDATE runs SET finished = ?, status = ? WHERE id = ?", (_now(), status, run)
                )

    @property
    def labels(self) -> BatchBook:
        """Give what is remembered of plans of labels and of batches."""
        return BatchBook(self._change, self._rows)

    @property
    def rules(self) -> RuleBook:
        """Give what is remembered of rules: forecasts, and what became of each rule."""
        return RuleBook(self._change, self._rows)

    @property
    def findings(self) -> FindingBook:
        """Give what was found: new terms, drift, campaigns, changes."""
        return FindingBook(self._change, self._rows)

    @property
    def incidents(self) -> IncidentBook:
        """Give the incidents, and what people made of them."""
        return IncidentBook(self._change, self._rows)

    @property
    def advice(self) -> AdviceBook:
        """Give what was recommended, what was decided on it, and what came of it."""
        return AdviceBook(self._change, self._rows)

    @property
    def approvals(self) -> ApprovalBook:
        """Give the steps that take the word of a second person."""
        return ApprovalBook(self._change, self._rows)

    @property
    def golden(self) -> GoldenBook:
        """Give the golden sets: each revision, with its items."""
        return GoldenBook(self._change, self._rows)

    @property
    def verdicts(self) -> VerdictBook:
        """Give the verdicts that people give ad by ad, step by step."""
        return VerdictBook(self._change, self._rows)

    @property
    def judging(self) -> JudgingBook:
        """Give what is known of endpoints: what each honours, and what was sent."""
        return JudgingBook(self._change, self._rows)

    @property
    def models(self) -> ModelBook:
        """Give the registry of models: what there is, its life and its runs."""
        return ModelBook(self._change, self._rows)

    @property
    def writings(self) -> ReportBook:
        """Give what is known of reports: those written, and when which are written again."""
        return ReportBook(self._change, self._rows)

    def add_ingest(
        self, ingest_id: str, *, table: str, summary: Mapping[str, object], run: int | None = None
    ) -> None:
        """Remember an ingest.

        Parameters
        ----------
        ingest_id : str
            Its id in the lake.
        table : str
            Canonical table.
        summary : mapping
            How many rows went where.
        run : int, optional
            Run that did it.
        """
        with self._change() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO ingests VALUES (?,?,?,?,?)",
                (ingest_id, run, _now(), table, _json(summary)),
            )

    def ingests(self) -> tuple[str, ...]:
        """List the ids of the ingests that came to their end."""
        return tuple(str(name) for (name,) in self._rows("SELECT ingest_id FROM ingests", ()))

    def add_tombstones(self, hashes: Sequence[str]) -> None:
        """Remember who was forgotten.

        Parameters
        ----------
        hashes : sequence of str
            Keyed hashes of ids; never the ids.
        """
        with self._change() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO tombstones VALUES (?,?)",
                [(each, _now()) for each in hashes],
            )

    def tombstones(self) -> frozenset[str]:
        """Give the hashes of all who were forgotten."""
        return frozenset(str(each) for (each,) in self._rows("SELECT hash FROM tombstones", ()))

    def add_report(self, path: Path, *, period: str, run: int | None) -> None:
        """Remember a file of a report.

        Parameters
        ----------
        path : Path
            The file.
        period : str
            Period it speaks of.
        run : int or None
            Run that wrote it; names the state of the lake. Nothing is kept of a run that is not.
        """
        if run is None:
            return
        with self._change() as connection:
            connection.execute(
                "INSERT INTO reports (run_id, at, path, period) VALUES (?,?,?,?)",
                (run, _now(), str(path), period),
            )

    def add_audit(self, kind: str, *, subject: str, detail: Mapping[str, object]) -> None:
        """Remember that rows were removed.

        Parameters
        ----------
        kind : str
            What was done.
        subject : str
            Keyed hash of whom, or a table.
        detail : mapping
            How many rows of what.
        """
        with self._change() as connection:
            connection.execute(
                "INSERT INTO audit (at, kind, subject, detail) VALUES (?,?,?,?)",
                (_now(), kind, subject, _json(detail)),
            )

    def runs(self, *, limit: int = 20) -> tuple[Run, ...]:
        """List the newest runs, newest first.

        Parameters
        ----------
        limit : int
            At most so many.

        Returns
        -------
        tuple of Run
            The runs.
        """
        rows = self._rows(
            "SELECT id, command, args, started, COALESCE(finished, ''), status, snapshot, pid,"
            " id = MAX(id) OVER () FROM runs ORDER BY id DESC LIMIT ?",
            (limit,),
        )
        return tuple(
            Run(
                id=number,
                command=command,
                args=args,
                started=started,
                finished=finished,
                status="interrupted" if status == "running" and _gone(pid, newest) else status,
                snapshot=snapshot,
            )
            for number, command, args, started, finished, status, snapshot, pid, newest in rows
        )

    def audits(self) -> tuple[Audit, ...]:
        """List what was removed, oldest first."""
        rows = self._rows("SELECT at, kind, subject, detail FROM audit ORDER BY id", ())
        return tuple(Audit(at=at, kind=kind, subject=who, detail=it) for at, kind, who, it in rows)

    def reports(self) -> tuple[str, ...]:
        """List the files of the reports written, oldest first."""
        return tuple(path for (path,) in self._rows("SELECT path FROM reports ORDER BY id", ()))

    def _rows(self, sql: str, values: Sequence[object]) -> list[tuple]:  # type: ignore[type-arg] # SQLite rows are of mixed types
        with self._copy() if self.read_only else self._change() as connection:
            return connection.execute(sql, tuple(values)).fetchall()


def _gone(pid: int | None, newest: int) -> bool:
    """Say whether the process of a run is no more; of an old run without one, a later run tells."""
    if pid is None:
        return not newest
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False  # somebody else's, and alive
    return False


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _json(value: Mapping[str, object] | Mapping[str, int]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, sort_keys=True, default=str)
