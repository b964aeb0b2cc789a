"""Which tables are these files, and how do their columns map? A proposal, with its doubts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from shroff.domain.messages import Language, Message
from shroff.errors import DataError, EngineError
from shroff.store.connection import Connection, connect
from shroff.store.mapping import MappingSpec
from shroff.store.propose_designs import DesignGuess, designs_of
from shroff.store.propose_match import SURE, Guess, TableGuess, guess_tables
from shroff.store.propose_needs import Need, extras_of, needs_of
from shroff.store.propose_preview import preview_of, refusals_of
from shroff.store.propose_profile import FileProfile, profile, with_all_values
from shroff.store.propose_toml import proposal_toml
from shroff.store.propose_values import (
    Times,
    Translation,
    list_separator,
    times_of,
    translations_of,
)
from shroff.store.readers import discover
from shroff.store.schema import TABLES, Table

__all__ = ["Proposal", "TableProposal", "propose"]

_CLOSE_CALL = 0.8
_SHOWN_COLUMNS = 12
_FIGURES_REST_ON = {
    "reviews": ("verdict", "decided_at"),
    "appeals": ("outcome", "decided_at"),
    "impressions": ("impressions",),
    "staffing": ("reviewer_hours",),
}
"""Columns that a row may lack, but without which a table says little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableProposal:
    """How some files become one table.

    Parameters
    ----------
    table : str
        Canonical table.
    files : tuple of Path
        Its files.
    spec : MappingSpec
        Mapping, of what is sure.
    perhaps : tuple of Guess
        Columns that are not sure.
    needed : tuple of Need
        Columns that are needed and were not found.
    translations : tuple of Translation
        Values, sure and likely.
    times : Times
        Time formats and zone.
    designs : tuple of DesignGuess
        Sampling designs.
    doubts : tuple of Message
        What to confirm.
    preview_columns : tuple of str
        Columns of the preview.
    preview : tuple of tuple of str
        Five rows as they would be stored.
    """

    table: str
    files: tuple[Path, ...]
    spec: MappingSpec
    perhaps: tuple[Guess, ...]
    needed: tuple[Need, ...]
    translations: tuple[Translation, ...]
    times: Times
    designs: tuple[DesignGuess, ...]
    doubts: tuple[Message, ...]
    preview_columns: tuple[str, ...]
    preview: tuple[tuple[str, ...], ...]

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "table": self.table,
            "files": [str(path) for path in self.files],
            "mapping": self.spec.model_dump(exclude_defaults=True),
            "perhaps": {guess.column: guess.name for guess in self.perhaps},
            "needed": [need.column for need in self.needed],
            "doubts": [doubt.record() for doubt in self.doubts],
            "preview": {"columns": list(self.preview_columns), "rows": list(self.preview)},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What was made of some files.

    Parameters
    ----------
    tables : tuple of TableProposal
        Tables, in the order of the schema.
    strangers : tuple of Message
        Files that nothing was made of, and why.
    """

    tables: tuple[TableProposal, ...]
    strangers: tuple[Message, ...]

    @property
    def doubts(self) -> tuple[Message, ...]:
        """Everything to confirm."""
        inner = (
            message
            for table in self.tables
            for message in (*table.doubts, *(design.doubt for design in table.designs))
        )
        return (*self.strangers, *inner)

    def toml(self, language: Language = Language.EN) -> str:
        """Write it as text of shroff.toml; what is not sure is a comment."""
        return proposal_toml(self, language=language)

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "tables": [table.record() for table in self.tables],
            "doubts": [doubt.record() for doubt in self.doubts],
        }


def propose(sources: Sequence[Path]) -> Proposal:
    """Look at files and propose how to read them; nothing is invented.

    Parameters
    ----------
    sources : sequence of Path
        Files, folders and globs.

    Returns
    -------
    Proposal
        Mapping, translations and designs, with what to confirm.

    Raises
    ------
    DataError
        If not one file looks like a log.
    """
    files = discover(sources)
    found: dict[str, TableProposal] = {}
    strangers: list[Message] = []
    with TemporaryDirectory(prefix="shroff-") as folder:
        for index, (path, kind) in enumerate(files):
            staging = Path(folder) / str(index)
            staging.mkdir()
            with closing(_connection(staging)) as connection:
                outcome = _looked_at(connection, path, kind=kind, staging=staging)
            if isinstance(outcome, Message):
                strangers.append(outcome)
            else:
                known = found.get(outcome.table)
                found[outcome.table] = _joined(known, outcome) if known else outcome
    if not found:
        raise DataError(
            "no file looks like a log: " + "; ".join(m.text() for m in strangers),
            hint="make a workspace with shroff init and write the mapping by hand",
        )
    tables = tuple(_settled(found[name], found) for name in TABLES if name in found)
    return Proposal(tables=tables, strangers=tuple(strangers))


def _connection(staging: Path) -> Connection:
    connection = connect(spill=staging)
    for part in ("inner", "outer"):
        # pseudonyms of a preview are for looking at only
        connection.execute(f"SET VARIABLE {part}_key = 'preview'")
    return connection


def _looked_at(
    connection: Connection, path: Path, *, kind: str, staging: Path
) -> TableProposal | Message:
    try:
        seen = profile(connection, path, kind=kind, staging=staging)
        if seen is not None:
            return _proposed(connection, seen)
    except (EngineError, duckdb.Error):
        pass  # one odd file must not hide what the others are
    return Message("propose.unreadable", {"file": path.name})


def _proposed(connection: Connection, seen: FileProfile) -> TableProposal | Message:
    best, *others = guess_tables(seen)
    if not best.plausible:
        columns = ", ".join(column.name for column in seen.columns[:_SHOWN_COLUMNS])
        return Message("propose.no_table", {"file": seen.path.name, "columns": columns})
    contract = TABLES[best.table]
    sure = tuple(guess for guess in best.guesses if guess.score >= SURE)
    seen = with_all_values(connection, seen, [g.name for g in sure if _has_values(contract, g)])
    translations = tuple(translations_of(seen, contract, sure))
    times = times_of(seen, contract, sure)
    spec = _spec(seen, contract, sure, translations=translations, times=times)
    designs = designs_of(connection, seen, sure) if best.table == "reviews" else []
    doubts = [
        *_table_doubts(seen, best, others),
        *_column_doubts(seen, best),
        *times.doubts,
        *(doubt for each in translations for doubt in each.doubts),
    ]
    doubts += refusals_of(connection, seen, contract=contract, spec=spec, told=translations)
    if best.table == "reviews" and not designs:
        doubts.append(Message("propose.no_design"))
    shown, rows = preview_of(connection, seen, contract=contract, spec=spec)
    return TableProposal(
        table=best.table,
        files=(seen.path,),
        spec=spec,
        perhaps=tuple(guess for guess in best.guesses if guess.score < SURE),
        needed=needs_of(best),
        translations=translations,
        times=times,
        designs=tuple(designs),
        doubts=tuple(doubts),
        preview_columns=shown,
        preview=rows,
    )


def _has_values(contract: Table, guess: Guess) -> bool:
    column = contract.column(guess.column)
    return column is not None and (bool(column.values) or column.name == "queue")


def _spec(
    seen: FileProfile,
    contract: Table,
    sure: tuple[Guess, ...],
    *,
    translations: tuple[Translation, ...],
    times: Times,
) -> MappingSpec:
    return MappingSpec.model_validate(
        {
            "columns": {
                guess.column: guess.name
                for guess in sure
                if guess.column.lower() != guess.name.lower()
            },
            "values": {each.column: each.sure for each in translations if each.sure},
            "time_formats": times.formats,
            "encoding": seen.encoding,
            "list_separator": list_separator(seen, contract, sure),
        }
    )


def _table_doubts(
    seen: FileProfile, best: TableGuess, others: Sequence[TableGuess]
) -> Iterator[Message]:
    slots = {"file": seen.path.name, "table": best.table}
    taken = {guess.name for guess in best.guesses if guess.score >= SURE}
    for other in others:
        if not other.plausible:
            continue
        own = {g.name for g in other.guesses if g.score >= SURE} - taken
        if len(own) >= 2 or (own and other.table == "scores"):
            yield Message("propose.also_holds", {**slots, "table": other.table})
        elif best.score - other.score < _CLOSE_CALL:
            yield Message("propose.other_table", {**slots, "other": other.table})


def _column_doubts(seen: FileProfile, best: TableGuess) -> Iterator[Message]:
    for need in needs_of(best):
        yield need.doubt
    guessed = {guess.column for guess in best.guesses}
    for column in _FIGURES_REST_ON.get(best.table, ()):
        if column not in guessed:
            yield Message("propose.wanted", {"table": best.table, "column": column})
    for guess in best.guesses:
        slots = {"table": best.table, "column": guess.column, "name": guess.name}
        if guess.score < SURE:
            yield Message("propose.perhaps", slots)
        high = seen.column(guess.name).high
        if guess.column == "sampling_prob" and high is not None and high > 1:
            yield Message("propose.probability_scale", {"table": best.table, "high": high})
    yield from extras_of(seen, best)


def _joined(known: TableProposal, more: TableProposal) -> TableProposal:
    """Add a file to a table; the mapping of the first file stays."""
    doubts = known.doubts
    if more.spec.columns != known.spec.columns or more.needed != known.needed:
        slots = {"file": more.files[0].name, "table": known.table}
        doubts = (*doubts, Message("propose.other_columns", slots))
    told = {doubt.params["columns"] for doubt in doubts if doubt.id == "propose.extras"}
    doubts += tuple(
        doubt
        for doubt in more.doubts
        if doubt.id == "propose.extras" and doubt.params["columns"] not in told
    )
    return replace(known, files=(*known.files, *more.files), doubts=doubts)


def _settled(table: TableProposal, found: Mapping[str, TableProposal]) -> TableProposal:
    """Drop questions that another file answers."""
    kept = tuple(
        doubt
        for doubt in table.doubts
        if doubt.id != "propose.also_holds" or doubt.params["table"] not in found
    )
    return _with_globs(replace(table, doubts=kept))


def _with_globs(table: TableProposal) -> TableProposal:
    """Name a folder of equal files by a glob, so that tomorrow's file is read too."""
    folders = {path.parent for path in table.files}
    endings = {"".join(path.suffixes) for path in table.files}
    if len(table.files) < 2 or len(folders) > 1 or len(endings) > 1:
        return table
    (folder,), (ending,) = folders, endings
    pattern = folder / f"*{ending}"
    same = {path for path, _ in discover([pattern])}
    return replace(table, files=(pattern,)) if same == set(table.files) else table
