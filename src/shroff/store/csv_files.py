"""CSV and TSV files: quickly where they are regular, record by record where not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from shroff.store.mapping import MappingSpec
from shroff.store.opened import Fault, Opened, cut_fault, own_names, shown
from shroff.store.plain import Plain, facts_of
from shroff.store.reasons import Reason
from shroff.store.records import LONGEST, csv_records, find_csv, header_of, mend_csv, stage
from shroff.store.sql import ident, literal

__all__ = ["open_csv"]


def open_csv(path: Path, text: Plain, *, staging: Path, spec: MappingSpec) -> Opened:
    """Open a CSV or TSV file.

    Parameters
    ----------
    path : Path
        The file.
    text : Plain
        Its bytes.
    staging : Path
        Folder for what has to be written first.
    spec : MappingSpec
        Delimiter; found in the header when it states none.

    Returns
    -------
    Opened
        The file.
    """
    nothing = Opened(str(path), "csv")
    delimiter = spec.delimiter or _delimiter(text.path)
    header, end = header_of(text.path, delimiter)
    if header is None:
        reason = Reason.EMPTY_FILE if text.cut is None else Reason.CUT_OFF
        return replace(nothing, faults=(Fault(reason, raw=shown(text.cut)),))
    if header.fault:
        return replace(nothing, faults=(Fault(header.fault, line=1, raw=shown(header.raw)),))
    names, doubles = own_names(header.fields)
    columns = dict.fromkeys(names, "VARCHAR")
    facts = facts_of(text.path)
    shared = replace(nothing, columns=columns, ambiguous=doubles, faults=cut_fault(text, facts))

    places = _places(names)

    def careful() -> Opened:
        target = staging / "records.parquet"
        stage(csv_records(text.path, delimiter, width=len(names)), target, names=places)
        return replace(shared, relation=_staged(target, names))

    def mended() -> Opened:
        clean, broken = staging / "clean.csv", staging / "broken.parquet"
        mend_csv(text.path, delimiter, names=places, clean=clean, broken=broken)
        relation = _with_lines(clean, delimiter, names)
        return replace(shared, relation=relation, broken=_staged(broken, names), careful=careful)

    def find(wanted: set[int], *, among: int) -> str | None:
        target = staging / "refused.parquet"
        seen = find_csv(text.path, delimiter, names=places, wanted=wanted, target=target)
        return _staged(target, names) if seen == among else None

    if not facts.regular or end != 1 or len(names) == 1:
        return mended()
    quick = f"SELECT {_shown(names)}, {_NO_FAULT} FROM {_reader(text.path, delimiter, places)}"
    return replace(shared, relation=quick, find=find, careful=mended)


_NO_FAULT = "CAST(NULL AS VARCHAR) AS _fault"


def _shown(names: Sequence[str]) -> str:
    pairs = zip(_places(names), names, strict=True)
    return ", ".join(f"{place} AS {ident(name)}" for place, name in pairs)


def _reader(path: Path, delimiter: str, columns: Sequence[str]) -> str:
    types = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in columns)
    return (
        f"read_csv({literal(str(path))}, auto_detect=false, header=true, "
        f"delim={literal(delimiter)}, quote='\"', escape='\"', strict_mode=true, "
        f"max_line_size={LONGEST + 20}, columns={{{types}}})"
    )


def _with_lines(clean: Path, delimiter: str, names: Sequence[str]) -> str:
    places = _places(names)
    joined = f", {literal(delimiter)}, ".join(f"coalesce({place}, '')" for place in places)
    return (
        f"SELECT {_shown(names)}, CAST(_line AS BIGINT) AS _line, concat({joined}) AS _raw, "
        f"{_NO_FAULT} FROM {_reader(clean, delimiter, ['_line', *places])}"
    )


def _places(names: Sequence[str]) -> list[str]:
    return [f"c{number}" for number in range(len(names))]


def _staged(target: Path, names: Sequence[str]) -> str:
    return f"SELECT {_shown(names)}, _line, _raw, _fault FROM read_parquet({literal(str(target))})"


def _delimiter(path: Path) -> str:
    with path.open("rb") as stream:
        head = stream.readline(1 << 16).decode("utf-8", "replace")
    unquoted = "".join(head.split('"')[::2])
    counts = Counter({sign: unquoted.count(sign) for sign in ",\t;|"})
    sign, times = counts.most_common(1)[0]
    return sign if times else ","
