"""The first steps in a folder without a workspace: its files, a mapping of them, the demo."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shroff.domain.messages import Language
from shroff.errors import ConfigError
from shroff.store.ingest_report import IngestProgress
from shroff.store.mapping import MappingSpec
from shroff.store.mapping_trial import Trial, try_mapping
from shroff.store.proposal_edits import edited, spec_of
from shroff.store.propose import Proposal, TableProposal, propose
from shroff.store.readers import discover
from shroff.synthetic.platform import write_platform
from shroff.web.first_requests import FileFound, FolderTold, MakeAsked, Mapped, proposal_told
from shroff.web.jobs import Finished, Job
from shroff.workspace import Workspace

__all__ = ["FirstSteps"]

UPLOADS = "uploads"
_LOGS = (".csv", ".tsv", ".jsonl", ".ndjson", ".json", ".parquet", ".gz", ".zst", ".txt")
_LISTED = 500
_LARGEST = 4 << 30
_NAME = re.compile(r"[^\w.-]+")


@dataclass
class FirstSteps:
    """What is done before there is a workspace.

    Parameters
    ----------
    root : Path
        The folder; nothing outside of it is read.
    """

    root: Path
    _proposal: Proposal | None = field(default=None)

    def inside(self, name: str) -> Path:
        """Find something in the folder.

        Parameters
        ----------
        name : str
            Its path, relative to the folder.

        Returns
        -------
        Path
            Where it is, links followed.

        Raises
        ------
        ConfigError
            If it is not in the folder.
        """
        here = self.root.resolve()
        path = (here / name).resolve()
        if path != here and here not in path.parents:
            raise ConfigError(
                "this lies outside of the folder that is served",
                where=name,
                hint=f"put the files into {here}, or start shroff serve in the folder above them",
            )
        return path

    def listing(self, folder: str) -> FolderTold:
        """List the folders and log files of a folder."""
        here = self.inside(folder)
        if not here.is_dir():
            raise ConfigError("this is no folder", where=folder)
        found = sorted(here.iterdir(), key=lambda path: path.name)[:_LISTED]
        return FolderTold(
            folder=folder.strip("/"),
            folders=[
                each.name for each in found if each.is_dir() and not each.name.startswith(".")
            ],
            files=[
                self._found(each)
                for each in found
                if each.is_file() and each.suffix.lower() in _LOGS
            ],
        )

    def _found(self, path: Path) -> FileFound:
        relative = path.relative_to(self.root).as_posix()
        return FileFound(name=path.name, path=relative, bytes=path.stat().st_size)

    async def keep(self, name: str, chunks: AsyncIterable[bytes]) -> FileFound:
        """Keep a file that was sent, whole or not at all.

        Parameters
        ----------
        name : str
            Its name; folders in it are not followed.
        chunks : async iterable of bytes
            What is in it.

        Returns
        -------
        FileFound
            The file.

        Raises
        ------
        ConfigError
            If it is no log file by its name, or too large.
        """
        plain = _NAME.sub("_", Path(name).name).lstrip(".")[-120:]
        if Path(plain).suffix.lower() not in _LOGS:
            raise ConfigError(
                "this is no log file by its name", where=name, hint=f"one of {', '.join(_LOGS)}"
            )
        target = self.root / UPLOADS / plain
        half = target.with_name(f".{plain}.{os.getpid()}")
        target.parent.mkdir(parents=True, exist_ok=True)
        size = 0
        try:
            with half.open("wb") as stream:
                async for chunk in chunks:
                    size += len(chunk)
                    if size > _LARGEST:
                        raise ConfigError(
                            "this file is too large to be sent",
                            where=name,
                            hint="put it into the folder instead",
                        )
                    stream.write(chunk)
            half.replace(target)
        finally:
            half.unlink(missing_ok=True)
        return self._found(target)

    def look(self, files: Sequence[str]) -> Finished:
        """Look at files and propose how to read them."""
        proposal = propose([self.inside(each) for each in files])
        self._proposal = proposal
        return Finished(record=proposal_told(proposal))

    def tried(self, mapped: Mapped) -> Trial:
        """Try a mapping on the first file of a table."""
        table = self._proposed(mapped.table)
        file = discover(list(table.files))[0][0]
        return try_mapping(file, table=table.table, spec=_spec(table, mapped))

    def _proposed(self, name: str) -> TableProposal:
        tables = self._proposal.tables if self._proposal else ()
        found = next((table for table in tables if table.table == name), None)
        if found is None:
            raise ConfigError(
                f"no file was looked at for {name!r}", hint="look at the files first"
            )
        return found

    def make(self, asked: MakeAsked, job: Job) -> Finished:
        """Make the workspace and read the files into it.

        Parameters
        ----------
        asked : MakeAsked
            Name, language and mappings.
        job : Job
            Told how far it is.

        Returns
        -------
        Finished
            What became of the rows, by table.

        Raises
        ------
        ConfigError
            If no file was looked at, or a mapping does not fit.
        """
        if self._proposal is None:
            raise ConfigError("no file was looked at", hint="look at the files first")
        specs = {each.table: _spec(self._proposed(each.table), each) for each in asked.tables}
        chosen = edited(self._proposal, specs)
        for table in chosen.tables:  # faults are told before anything is written
            file = discover(list(table.files))[0][0]
            trial = try_mapping(file, table=table.table, spec=table.spec)
            if trial.missing:
                raise ConfigError(
                    f"nothing fills {', '.join(trial.missing)}, so no row can be read",
                    where=table.table,
                    hint="choose a column or a value for it, or leave the table out",
                )
        workspace = Workspace.create(
            self.root,
            name=asked.name,
            language=asked.language,
            mapping=chosen.toml(Language(asked.language)),
        )
        return _ingested(workspace, job)

    def demo(self, ads: int, job: Job) -> Finished:
        """Make the demo in the folder."""
        held = [each.name for each in self.root.iterdir() if not each.name.startswith(".")]
        if held:
            raise ConfigError(
                "this folder is not empty",
                where=str(self.root),
                hint="start shroff serve in an empty folder, or shroff demo DIR",
            )
        write_platform(self.root, ads=ads, progress=job.tick)
        return _ingested(Workspace.open(self.root), job)


def _spec(table: TableProposal, mapped: Mapped) -> MappingSpec:
    return spec_of(
        table,
        columns=mapped.columns,
        constants=mapped.constants,
        values=mapped.values,
        time_zone=mapped.time_zone,
    )


def _ingested(workspace: Workspace, job: Job) -> Finished:
    plan = workspace.sources()
    done: list[dict[str, object]] = []
    for place, (table, files) in enumerate(plan.items()):

        def tell(now: IngestProgress, place: int = place) -> None:
            part = now.bytes_done / now.bytes if now.bytes else 0.0
            job.tick(int(100 * (place + part)), 100 * len(plan))

        report = workspace.ingest(table, files, progress=tell)
        done.append(
            {
                "table": table,
                "read": report.read,
                "inserted": report.inserted,
                "quarantined": report.quarantined,
            }
        )
    return Finished(record={"ingests": done})
