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
from shroff.store.records import LONGEST, csv_records, header_of, stage
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

    def careful() -> Opened:
        target = staging / "records.parquet"
        records = csv_records(text.path, delimiter, width=len(names))
        stage(records, target, names=_plain_names(names))
        return replace(shared, relation=_staged(target, names))

    def find(wanted: set[int], *, among: int) -> str | None:
        target = staging / "refused.parquet"
        all_records = csv_records(text.path, delimiter, width=len(names))
        seen, faulty = stage(all_records, target, names=_plain_names(names), only=wanted)
        return _staged(target, names) if (seen, faulty) == (among, 0) else None

    if not facts.regular or end != 1 or len(names) == 1:
        return careful()
    return replace(
        shared, relation=_relation(text.path, delimiter, names), find=find, careful=careful
    )


def _relation(path: Path, delimiter: str, names: Sequence[str]) -> str:
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


def _delimiter(path: Path) -> str:
    with path.open("rb") as stream:
        head = stream.readline(1 << 16).decode("utf-8", "replace")
    unquoted = "".join(head.split('"')[::2])
    counts = Counter({sign: unquoted.count(sign) for sign in ",\t;|"})
    sign, times = counts.most_common(1)[0]
    return sign if times else ","
