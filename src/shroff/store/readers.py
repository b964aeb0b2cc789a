"""Log files as relations that DuckDB can query: CSV, TSV, JSON Lines and Parquet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import duckdb

from shroff.errors import ConfigError
from shroff.store.connection import Connection, records
from shroff.store.mapping import MappingSpec
from shroff.store.plain import Facts, Plain, facts_of, plain
from shroff.store.reasons import Reason
from shroff.store.records import LONGEST, csv_records, header_of, json_records, stage
from shroff.store.sql import ident, literal, literals

__all__ = ["Fault", "Format", "Opened", "discover", "open_file"]

Format = str

_ENDINGS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
}
_PACKED = {".gz", ".zst", ".zstd", ".gzip"}
_SINGLE = "line"


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of a file rather than of one of its rows.

    Parameters
    ----------
    reason : Reason
        What is wrong.
    line : int
        Line, 0 for the whole file.
    column : str
        Column it is about, "" for none.
    value : str
        The value at fault.
    raw : str
        The text at fault.
    """

    reason: Reason
    line: int = 0
    column: str = ""
    value: str = ""
    raw: str = ""


class Finder(Protocol):
    """Finds records of a file again by their number."""

    def __call__(self, wanted: set[int], *, among: int) -> str | None:
        """Give a relation of the records wanted; None when the records do not add up."""
        ...


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that can be queried.

    Parameters
    ----------
    label : str
        Its path, as kept with rows in quarantine.
    kind : str
        ``csv``, ``jsonl`` or ``parquet``.
    columns : dict of str
        SQL type of each of its columns.
    relation : str
        Query that gives its columns and ``_fault``.
    find : Finder or None
        How to find records again with ``_line`` and ``_raw``; None when the relation has them.
    careful : Opened or None
        The same file through the careful reader, for when DuckDB gives up.
    faults : tuple of Fault
        What is wrong with the file, or was left of it where it is cut off.
    ambiguous : tuple of str
        Names that more than one column has.
    """

    label: str
    kind: Format
    columns: dict[str, str] = field(default_factory=dict)
    relation: str = ""
    find: Finder | None = None
    careful: Carefully | None = None
    faults: tuple[Fault, ...] = ()
    ambiguous: tuple[str, ...] = ()


class Carefully(Protocol):
    """Reads a file again with the careful reader."""

    def __call__(self) -> Opened:
        """Give the file with its records staged one by one."""
        ...


def discover(sources: Sequence[Path]) -> list[tuple[Path, Format]]:
    """Find the log files that are meant.

    Parameters
    ----------
    sources : sequence of Path
        Files, folders (read with all below them) and globs.

    Returns
    -------
    list of (Path, str)
        Each file once, with its format, in the order given; files of a folder by name.

    Raises
    ------
    ConfigError
        If something named is not there, or no file is left.
    """
    found: dict[Path, Format] = {}
    absent: list[str] = []
    for source in sources:
        paths = _expand(Path(source))
        if not paths:
            absent.append(str(source))
        for path in paths:
            found.setdefault(path.resolve(), _format(path))
    if absent or not found:
        raise ConfigError(
            f"no log file at {', '.join(absent) or 'the place given'}",
            hint="give files, folders or globs of .csv, .tsv, .jsonl or .parquet "
            "(.gz and .zst of the text ones)",
        )
    return list(found.items())


def _expand(source: Path) -> list[Path]:
    if source.is_dir():
        inside = (path for path in sorted(source.rglob("*")) if path.is_file())
        return [path for path in inside if _ending(path) in _ENDINGS and not _hidden(path, source)]
    if source.exists():
        return [source]
    pattern = str(source)
    if not any(sign in pattern for sign in "*?["):
        return []
    root = Path(source.anchor) if source.is_absolute() else Path()
    relative = str(source.relative_to(source.anchor)) if source.is_absolute() else pattern
    return [path for path in sorted(root.glob(relative)) if path.is_file()]


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.relative_to(root).parts)


def _ending(path: Path) -> str:
    bare = path.with_suffix("") if path.suffix.lower() in _PACKED else path
    return bare.suffix.lower()


def _format(path: Path) -> Format:
    return _ENDINGS.get(_ending(path), "csv")


def open_file(
    connection: Connection, path: Path, kind: Format, *, staging: Path, spec: MappingSpec
) -> Opened:
    """Open a log file.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Where it will be queried.
    path : Path
        The file.
    kind : str
        Its format.
    staging : Path
        Folder for what has to be written first.
    spec : MappingSpec
        Encoding and delimiter.

    Returns
    -------
    Opened
        The file; with a fault and no relation when it cannot be read at all.
    """
    nothing = Opened(str(path), kind)
    try:
        with path.open("rb") as stream:
            magic = stream.read(4)
        if not magic:
            return replace(nothing, faults=(Fault(Reason.EMPTY_FILE),))
        if magic == b"PAR1":
            return _open_parquet(connection, path)
        if kind == "parquet" or magic.startswith(b"PK\x03\x04"):
            return replace(nothing, faults=(Fault(Reason.UNREADABLE),))
        text = plain(path, staging, encoding=spec.encoding)
        if kind == "jsonl":
            return _open_json(connection, path, text, staging)
        return _open_csv(path, text, staging, spec=spec)
    except OSError as error:
        fault = Fault(Reason.UNREADABLE, value=error.strerror or str(error))
        return replace(nothing, faults=(fault,))


def _open_parquet(connection: Connection, path: Path) -> Opened:
    reader = f"read_parquet({literal(str(path))}, hive_partitioning=false"
    try:
        described = records(connection, f"DESCRIBE SELECT * FROM {reader})")
    except duckdb.Error as error:
        fault = Fault(Reason.UNREADABLE, value=str(error).splitlines()[0])
        return Opened(str(path), "parquet", faults=(fault,))
    columns = {str(row["column_name"]): _short(str(row["column_type"])) for row in described}

    def find(wanted: set[int], *, among: int) -> str:
        del among
        rows = literals(sorted(wanted))
        return (
            f"SELECT * EXCLUDE (file_row_number), file_row_number + 1 AS _line, "
            f"CAST(to_json(row_) AS VARCHAR) AS _raw, NULL AS _fault "
            f"FROM {reader}, file_row_number=true) AS row_ WHERE file_row_number IN ({rows})"
        )

    relation = f"SELECT *, CAST(NULL AS VARCHAR) AS _fault FROM {reader})"
    return Opened(str(path), "parquet", columns, relation, find)


def _short(kind: str) -> str:
    return kind.replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ")


def _open_csv(path: Path, text: Plain, staging: Path, *, spec: MappingSpec) -> Opened:
    nothing = Opened(str(path), "csv")
    delimiter = spec.delimiter or _delimiter(text.path, _ending(path))
    header, end = header_of(text.path, delimiter)
    if header is None:
        reason = Reason.EMPTY_FILE if text.cut is None else Reason.CUT_OFF
        return replace(nothing, faults=(Fault(reason, raw=_shown(text.cut)),))
    if header.fault:
        return replace(nothing, faults=(Fault(header.fault, line=1, raw=_shown(header.raw)),))
    names, doubles = _names(header.fields)
    columns = dict.fromkeys(names, "VARCHAR")
    facts = facts_of(text.path)
    shared = replace(nothing, columns=columns, ambiguous=doubles, faults=_cut_fault(text, facts))

    def careful() -> Opened:
        target = staging / "records.parquet"
        stage(csv_records(text.path, delimiter, width=len(names)), _plain_names(names), target)
        return replace(shared, relation=_staged(target, names))

    def find(wanted: set[int], *, among: int) -> str | None:
        target = staging / "refused.parquet"
        all_records = csv_records(text.path, delimiter, width=len(names))
        seen, faulty = stage(all_records, _plain_names(names), target, only=wanted)
        return _staged(target, names) if (seen, faulty) == (among, 0) else None

    if not facts.regular or end != 1 or len(names) == 1:
        return careful()
    return replace(
        shared, relation=_csv_relation(text.path, delimiter, names), find=find, careful=careful
    )


def _csv_relation(path: Path, delimiter: str, names: Sequence[str]) -> str:
    types = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in _plain_names(names))
    shown = ", ".join(
        f"{plain_name} AS {ident(name)}"
        for plain_name, name in zip(_plain_names(names), names, strict=True)
    )
    return (
        f"SELECT {shown}, CAST(NULL AS VARCHAR) AS _fault FROM read_csv({literal(str(path))}, "
        f"auto_detect=false, header=true, delim={literal(delimiter)}, quote='\"', escape='\"', "
        f"strict_mode=true, max_line_size={LONGEST}, columns={{{types}}})"
    )


def _plain_names(names: Sequence[str]) -> list[str]:
    return [f"c{number}" for number in range(len(names))]


def _staged(target: Path, names: Sequence[str]) -> str:
    shown = ", ".join(
        f"{plain_name} AS {ident(name)}"
        for plain_name, name in zip(_plain_names(names), names, strict=True)
    )
    return f"SELECT {shown}, _line, _raw, _fault FROM read_parquet({literal(str(target))})"


def _delimiter(path: Path, ending: str) -> str:
    if ending == ".tsv":
        return "\t"
    with path.open("rb") as stream:
        head = stream.readline(1 << 16).decode("utf-8", "replace")
    unquoted = "".join(head.split('"')[::2])
    counts = Counter({sign: unquoted.count(sign) for sign in ",\t;|"})
    sign, times = counts.most_common(1)[0]
    return sign if times else ","


def _names(fields: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """Give each column a name of its own, and name the ones that come more than once."""
    bare = [name.strip().replace("\0", "") for name in fields]
    bare = [name or f"column_{number}" for number, name in enumerate(bare, start=1)]
    times = Counter(name.lower() for name in bare)
    names: list[str] = []
    used: set[str] = {"_line", "_raw", "_fault"}
    for name in bare:
        final, number = name, 2
        while final.lower() in used:
            final, number = f"{name}_{number}", number + 1
        used.add(final.lower())
        names.append(final)
    return names, tuple(name for name, count in times.items() if count > 1)


def _cut_fault(text: Plain, facts: Facts) -> tuple[Fault, ...]:
    if text.cut is None:
        return ()
    return (Fault(Reason.CUT_OFF, line=facts.lines + 1, raw=_shown(text.cut)),)


def _shown(raw: bytes | None) -> str:
    return (raw or b"")[:10_000].decode("utf-8", "replace").replace("\0", "\N{SYMBOL FOR NULL}")


def _open_json(connection: Connection, path: Path, text: Plain, staging: Path) -> Opened:
    facts = facts_of(text.path)
    nothing = Opened(str(path), "jsonl", faults=_cut_fault(text, facts))
    with text.path.open("rb") as stream:
        start = stream.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"[") or (start and b"\0" in start and b"{" not in start):
        hint = "not JSON Lines: one object a line is wanted"
        return replace(nothing, faults=(Fault(Reason.UNREADABLE, value=hint),))

    def lined(lines: str) -> Opened:
        keys = _json_keys(connection, lines)
        names, _ = _names(keys)
        shown = [f"x_[{number}] AS {ident(name)}" for number, name in enumerate(names, start=1)]
        paths = literals(f"/{_escaped(key)}" for key in keys)
        items = f"json_extract_string({_SINGLE}, [{paths}])" if keys else "CAST([] AS VARCHAR[])"
        relation = (
            f"SELECT {', '.join([*shown, '* EXCLUDE (x_)'])} FROM (SELECT * REPLACE ("
            f"CASE WHEN _fault IS NOT NULL THEN _fault WHEN {_OBJECT} THEN NULL "
            f"ELSE {literal(Reason.BAD_JSON)} END AS _fault), "
            f"CASE WHEN {_OBJECT} THEN {items} END AS x_ FROM ({lines}))"
        )
        return replace(nothing, columns=dict.fromkeys(names, "VARCHAR"), relation=relation)

    def careful() -> Opened:
        target = staging / "records.parquet"
        stage(json_records(text.path), [_SINGLE], target)
        return lined(f"SELECT * FROM read_parquet({literal(str(target))})")

    if not facts.regular:
        return careful()
    try:
        opened = lined(_json_lines(text.path))
    except duckdb.Error:
        return careful()

    def find(wanted: set[int], *, among: int) -> str | None:
        target = staging / "refused.parquet"
        seen, _ = stage(json_records(text.path), [_SINGLE], target, only=wanted)
        if seen != among:
            return None
        quick = _json_lines(text.path)
        return opened.relation.replace(
            f"({quick})", f"(SELECT * FROM read_parquet({literal(str(target))}))"
        )

    return replace(opened, find=find, careful=careful)


_OBJECT = f"CASE WHEN json_valid({_SINGLE}) THEN json_type({_SINGLE}) = 'OBJECT' ELSE FALSE END"


def _json_lines(path: Path) -> str:
    return (
        f"SELECT {_SINGLE}, CAST(NULL AS VARCHAR) AS _fault FROM read_csv({literal(str(path))}, "
        f"auto_detect=false, header=false, delim=chr(1), quote='', escape='', "
        f"max_line_size={LONGEST}, columns={{{literal(_SINGLE)}: 'VARCHAR'}}) "
        f"WHERE trim({_SINGLE}, ' \t\r') <> ''"
    )


def _json_keys(connection: Connection, lines: str) -> list[str]:
    """Name all keys of all lines: one that first comes in the last line is a column too."""
    query = (
        f"SELECT DISTINCT CASE WHEN {_OBJECT} THEN json_keys({_SINGLE}) END AS keys FROM ({lines})"
    )
    keys: dict[str, None] = {}
    for row in records(connection, query):
        found = row["keys"]
        if isinstance(found, list):
            keys.update(dict.fromkeys(str(key) for key in found))
    return sorted(keys)


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
