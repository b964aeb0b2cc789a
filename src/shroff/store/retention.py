"""Forgetting: an advertiser, a reviewer, and rows that are older than they may be."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from shroff.store.answer_store import ANSWERS_FILE, expire_answers, forget_answers
from shroff.store.batch_folders import forget_in_batches
from shroff.store.catalog import Catalog
from shroff.store.connection import Connection, connect, records
from shroff.store.lake import QUARANTINE, Lake
from shroff.store.mentions import files_that_mention
from shroff.store.pseudonyms import give_key, pseudonym
from shroff.store.schema import TABLES
from shroff.store.snapshot import Snapshot, scan
from shroff.store.sql import ident, literal, literals
from shroff.store.tombstones import Returned, hashes_of, returned
from shroff.store.view_book import ViewBook

__all__ = ["Erasure", "forget_advertiser", "forget_reviewer", "remove_expired", "remove_returned"]

Remember = Callable[[Sequence[str]], None]

_OWN_FOLDERS = ("reports", "tmp", "cache")
_OURS = ("lake/*", "catalog.sqlite*", "answers.sqlite*", "shroff.toml", ".shroff-key")
_IDS_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What was removed of somebody.

    Parameters
    ----------
    kind : str
        ``advertiser`` or ``reviewer``.
    subject : str
        Keyed hash of the id, as kept in the catalog.
    removed : mapping
        Rows removed, over all their versions, by table.
    files : tuple of Path
        Reports and temporary files that named the id and were removed.
    searched : int
        Files of the workspace outside the lake searched for the id afterwards.
    remaining : tuple of Path
        The user's own files that still hold it.
    """

    kind: str
    subject: str
    removed: Mapping[str, int]
    files: tuple[Path, ...]
    searched: int
    remaining: tuple[Path, ...]

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "kind": self.kind,
            "subject": self.subject,
            "removed": dict(self.removed),
            "files": [str(path) for path in self.files],
            "searched": self.searched,
            "remaining": [str(path) for path in self.remaining],
        }


def forget_advertiser(lake: Lake, identity: str, *, remember: Remember | None = None) -> Erasure:
    """Remove an advertiser: their ads, all that refers to these, and every mention in quarantine.

    Parameters
    ----------
    lake : Lake
        The logs.
    identity : str
        ``advertiser_id``.
    remember : callable, optional
        Given the tombstones before anything is removed.

    Returns
    -------
    Erasure
        What was removed.
    """
    with closing(_connection(lake)) as connection:
        subject = _subject(connection, identity)
        ads = _ads_of(connection, lake, identity)
        _bury(connection, [identity], ads=ads, remember=remember)
    removed = {QUARANTINE: _purge_quarantine(lake, [identity, *ads])}
    for table in _ads_last():
        removed[table] = _purge_table(lake, table, names=[identity], ads=ads)
    return _finished(
        lake, kind="advertiser", names=[identity], ads=ads, subject=subject, removed=removed
    )


def forget_reviewer(lake: Lake, identity: str, *, remember: Remember | None = None) -> Erasure:
    """Remove a reviewer: their reviews, and every mention in quarantine.

    Parameters
    ----------
    lake : Lake
        The logs.
    identity : str
        The id as it stands in the user's files, or its pseudonym.
    remember : callable, optional
        Given the tombstones before anything is removed.

    Returns
    -------
    Erasure
        What was removed.
    """
    with closing(_connection(lake)) as connection:
        subject = _subject(connection, identity)
        (row,) = records(connection, f"SELECT {pseudonym(literal(identity))} AS name")
        names = list(dict.fromkeys([identity, str(row["name"])]))
        _bury(connection, names, ads=[], remember=remember)
    removed = {QUARANTINE: _purge_quarantine(lake, names)}
    for table in TABLES:
        removed[table] = _purge_table(lake, table, names=names, ads=[])
    return _finished(lake, kind="reviewer", names=names, ads=[], subject=subject, removed=removed)


def remove_returned(
    lake: Lake,
    table: str,
    *,
    tombstones: Collection[str],
    settled: Collection[str],
    remember: Remember,
) -> int:
    """Remove what an ingest brought back of somebody who was forgotten.

    Parameters
    ----------
    lake : Lake
        The logs.
    table : str
        Table that was ingested.
    tombstones : collection of str
        Hashes of the forgotten ids.
    settled : collection of str
        Ingests searched before.
    remember : callable
        Given the tombstones of ads that were not known yet.

    Returns
    -------
    int
        Rows removed, those in quarantine too.
    """
    with closing(_connection(lake)) as connection:
        found = [
            returned(
                connection, name, state=lake.state(name), tombstones=tombstones, settled=settled
            )
            for name in (table, QUARANTINE)
        ]
        names = list(dict.fromkeys(name for each in found for name in each.names))
        ads = dict.fromkeys(ad for each in found for ad in each.ads)
        for name in names:
            ads.update(dict.fromkeys(_ads_of(connection, lake, name)))
        _bury(connection, [], ads=list(ads), remember=remember)
    return _purge_all(lake, Returned(tuple(names), tuple(ads)))


def _purge_all(lake: Lake, found: Returned) -> int:
    if not found.names and not found.ads:
        return 0
    removed = _purge_quarantine(lake, [*found.names, *found.ads])
    for table in _ads_last():
        removed += _purge_table(lake, table, names=found.names, ads=found.ads)
    return removed


def _ads_last() -> list[str]:
    """Order the tables so that a run stopped midway still leaves the ads to be found."""
    return sorted(TABLES, key=lambda name: name == "ads")


def _bury(
    connection: Connection, names: Sequence[str], *, ads: Sequence[str], remember: Remember | None
) -> None:
    if remember is not None:
        remember(hashes_of(connection, names, ads=ads))


def _connection(lake: Lake) -> Connection:
    connection = connect(spill=lake.root.parent / "tmp")
    give_key(connection, lake.root)
    return connection


def _subject(connection: Connection, identity: str) -> str:
    keyed = f"sha256(concat(getvariable('outer_key'), 'forget', {literal(identity)}))"
    (row,) = records(connection, f"SELECT {keyed} AS subject")
    return str(row["subject"])


def _ads_of(connection: Connection, lake: Lake, identity: str) -> list[str]:
    found: dict[str, None] = {}
    for name in ("ads", "ads_history"):
        state = lake.state(name)
        if state is not None and "advertiser_id" in state.columns:
            query = (
                f"SELECT DISTINCT ad_id FROM ({scan(state.columns, state.files)}) AS stored"
                f" WHERE advertiser_id = {literal(identity)} AND ad_id IS NOT NULL"
            )
            found.update(dict.fromkeys(str(row["ad_id"]) for row in records(connection, query)))
    return list(found)


def _purge_table(lake: Lake, table: str, *, names: Sequence[str], ads: Sequence[str]) -> int:
    state = lake.state(table)
    if state is None:
        return 0
    tests = [f"ad_id IN ({literals(part)})" for part in _parts(ads)]
    tests = tests if "ad_id" in state.columns else []
    tests += [_equals(column, kind, names) for column, kind in _texts(state) if names]
    return lake.purge(table, f"coalesce({' OR '.join(tests)}, FALSE)") if tests else 0


def _parts(names: Sequence[str]) -> Iterator[Sequence[str]]:
    return (names[at : at + _IDS_AT_ONCE] for at in range(0, len(names), _IDS_AT_ONCE))


def _texts(state: Snapshot) -> list[tuple[str, str]]:
    """Name the columns that may hold an id, the user's extra ones too."""
    return [
        (name, kind)
        for name, kind in state.columns.items()
        if kind in {"VARCHAR", "VARCHAR[]"} and not name.startswith("_")
    ]


def _equals(column: str, kind: str, names: Sequence[str]) -> str:
    if kind == "VARCHAR":
        return f"coalesce({ident(column)} IN ({literals(names)}), FALSE)"
    return f"coalesce(list_has_any({ident(column)}, [{literals(names)}]), FALSE)"


def _purge_quarantine(lake: Lake, names: Sequence[str]) -> int:
    if lake.state(QUARANTINE) is None:
        return 0
    tests = [
        f"coalesce(regexp_matches({ident(column)}, {literal(_whole_word(part))}), FALSE)"
        for part in _parts(names)
        for column in ("raw", "value", "file")
    ]
    return lake.purge(QUARANTINE, f"({' OR '.join(tests)})")


def _whole_word(names: Iterable[str]) -> str:
    """Match ids that stand alone, so that forgetting 7 does not empty the quarantine."""
    joined = "|".join(re.escape(name) for name in names)
    return rf"(^|[^0-9A-Za-z_])({joined})($|[^0-9A-Za-z_])"


def _finished(
    lake: Lake,
    *,
    kind: str,
    names: Sequence[str],
    ads: Sequence[str],
    subject: str,
    removed: Mapping[str, int],
) -> Erasure:
    """Remove what was derived, then search every file of the workspace for the id."""
    root = lake.root.parent
    dropped: list[Path] = []
    for name in _OWN_FOLDERS:
        dropped += files_that_mention(root / name, names)[0]
    dropped += [path for path in files_that_mention(root / "logs", names)[0] if _is_trace(path)]
    for path in dropped:
        path.unlink(missing_ok=True)
    dropped += _drop_from_batches(root, [*names, *ads], ads=ads)
    shutil.rmtree(root / "tmp", ignore_errors=True)
    remaining, searched = files_that_mention(root, names, besides=_OURS)
    return Erasure(
        kind=kind,
        subject=subject,
        removed={table: rows for table, rows in removed.items() if rows},
        files=tuple(dropped),
        searched=searched,
        remaining=tuple(remaining),
    )


def _drop_from_batches(root: Path, names: Sequence[str], *, ads: Sequence[str]) -> list[Path]:
    """Take somebody's ads out of batches, and what is remembered of both out of the catalog."""
    for pattern in ("*.csv", "*.jsonl"):
        for path in sorted((root / "audits").glob(pattern)):
            _drop_lines(path, names)
    forget_answers(root / ANSWERS_FILE, ads)
    forget_in_batches(root, ads)
    ViewBook(root).forget([*names, *ads])
    if not (root / "catalog.sqlite").exists():
        return []
    catalog = Catalog(root / "catalog.sqlite")
    catalog.findings.forget(names)
    if not ads:
        return []
    book = catalog.labels
    # a workbook cannot be cut by lines; it can be drawn again
    books = [Path(file).with_suffix(".xlsx") for file in book.files_with(ads)]
    books = [path for path in books if path.exists()]
    for path in books:
        path.unlink()
    catalog.verdicts.forget(ads)  # before batches forget which ads these are
    book.forget(ads)
    catalog.golden.forget(ads)
    return books


def _drop_lines(path: Path, names: Sequence[str]) -> None:
    """Take the ads of somebody out of a batch that waits to be labelled."""
    tests = [re.compile(_whole_word(part)) for part in _parts(names)]
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not any(test.search(line) for test in tests)]
    if len(kept) < len(lines):
        path.write_text("".join(kept), encoding="utf-8")


def _is_trace(path: Path) -> bool:
    return path.name.startswith("shroff-") and path.suffix == ".log"


def remove_expired(lake: Lake, days: Mapping[str, int], *, now: datetime) -> dict[str, int]:
    """Remove rows that are older than they may be, from every state of the lake.

    Parameters
    ----------
    lake : Lake
        The logs.
    days : mapping
        Days each table is kept; ``quarantine`` too.
    now : datetime
        The clock, UTC.

    Returns
    -------
    dict of int
        Rows removed, over all their versions, by table.
    """
    removed: dict[str, int] = {}
    for table, kept in days.items():
        name = QUARANTINE if table == "quarantine" else table
        time = "at" if table == "quarantine" else TABLES[table].time
        before = literal(now - timedelta(days=kept))
        if table == "judgements":
            expire_answers(lake.root.parent / ANSWERS_FILE, before=now - timedelta(days=kept))
        if lake.state(name) is not None:
            removed[table] = lake.purge(name, f"coalesce({ident(time)} < {before}, FALSE)")
    return removed
