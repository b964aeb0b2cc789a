"""Batches as files that people label in: CSV, XLSX and JSON lines, out and back."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import cast

from shroff.errors import ConfigError, DataError
from shroff.measure.label_batch import CONTENT, Batch

__all__ = ["DESIGN", "FORMATS", "LABELS", "VERDICTS", "columns_of", "read_rows", "write_batch"]

DESIGN = ("design_id", "stratum", "sampling_prob")
"""Columns that say how an ad was drawn."""

LABELS = ("verdict", "policies", "severity", "reviewer_id", "decided_at", "note")
"""Columns that are filled in."""

VERDICTS = ("violating", "compliant", "unclear")
_RUNS = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_LONGEST = 32_000
"""A cell of a spreadsheet holds 32,767 characters."""


def columns_of(batch: Batch, *, design: Sequence[str] = DESIGN) -> tuple[str, ...]:
    """Name the columns of a batch's file.

    Parameters
    ----------
    batch : Batch
        The batch.
    design : sequence of str
        Columns that say how ads were drawn; empty to leave them to the catalog.

    Returns
    -------
    tuple of str
        The columns in order.
    """
    shown = {name for text in batch.content.values() for name in text}
    content = tuple(name for name in CONTENT if name in shown)
    return ("batch_id", "row", *design, "ad_id", "ad_version", *content, *LABELS)


def write_batch(batch: Batch, path: Path, *, design: Sequence[str] = DESIGN) -> None:
    """Write the file that people label in.

    Parameters
    ----------
    batch : Batch
        The batch.
    path : Path
        The file; its suffix says the format.
    design : sequence of str
        As for `columns_of`.

    Raises
    ------
    ConfigError
        If the format is not known, or XLSX is not installed.
    """
    columns = columns_of(batch, design=design)
    write = _format(path)[0]
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, columns, (_cells(batch, place, columns) for place in range(len(batch.asked))))


def _cells(batch: Batch, index: int, columns: Sequence[str]) -> dict[str, object]:
    ad = batch.asked[index]
    told: dict[str, object] = {
        "batch_id": batch.id,
        "row": ad.place,
        "design_id": ad.design_id,
        "stratum": ad.stratum,
        "sampling_prob": ad.sampling_prob,
        "ad_id": ad.ad_id,
        "ad_version": ad.ad_version,
    }
    for name, text in batch.content.get(ad.place, {}).items():
        # one line an ad: what is written by strangers must not break a table
        told[name] = _CONTROL.sub(" ", text)[:_LONGEST]
    return {name: told.get(name, "") for name in columns}


def _inert(value: object) -> object:
    """Have a spreadsheet take a text for text; `_restored` undoes it."""
    return f"'{value}" if isinstance(value, str) and _RUNS.match(value) else value


def _restored(text: str) -> str:
    return text[1:] if text.startswith("'") and _RUNS.match(text[1:]) else text


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_inert(row[name]) for name in columns] for row in rows)
    # with a mark, spreadsheets know that it is UTF-8
    path.write_text(out.getvalue(), encoding="utf-8-sig")


def _write_jsonl(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    del columns
    lines = [json.dumps(dict(row), ensure_ascii=False) for row in rows]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _write_xlsx(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    _require("xlsxwriter")
    import xlsxwriter  # type: ignore[import-untyped] # noqa: PLC0415  (an extra, untyped)

    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        sheet = book.add_worksheet("labels")
        as_text, head = book.add_format({"num_format": "@"}), book.add_format({"bold": True})
        wrapped = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        last = 0
        for line, row in enumerate(rows, start=1):
            for place, name in enumerate(columns):
                form = wrapped if name in {"title", "body", "ocr_text", "asr_text"} else as_text
                value = row[name]
                if isinstance(value, str):
                    # a string is never a formula, and a long id never a rounded number
                    sheet.write_string(line, place, value, form)
                else:
                    sheet.write_number(line, place, float(str(value)))
            last = line
        for place, name in enumerate(columns):
            sheet.write_string(0, place, name, head)
            sheet.set_column(place, place, 48 if name in {"title", "body"} else 14)
        sheet.freeze_panes(1, 0)
        place = columns.index("verdict")
        choices: dict[str, object] = {"validate": "list", "source": list(VERDICTS)}
        sheet.data_validation(1, place, max(last, 1), place, choices)


def read_rows(path: Path) -> list[dict[str, str]]:
    """Read a file that came back.

    Parameters
    ----------
    path : Path
        CSV, XLSX or JSON lines.

    Returns
    -------
    list of dict
        A text for each column, empty where a cell is.

    Raises
    ------
    ConfigError
        If there is no such file, or its format is not known.
    DataError
        If it cannot be read as what it is.
    """
    if not path.is_file():
        raise ConfigError("there is no such file", where=str(path))
    try:
        return _format(path)[1](path)
    except (ValueError, csv.Error, OSError) as fault:
        raise DataError(
            f"the batch cannot be read: {fault}",
            where=str(path),
            hint="save it in the format it was written in",
        ) from None


def _read_csv(path: Path) -> list[dict[str, str]]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030")  # what spreadsheets of a Chinese system save
    first = text.partition("\n")[0]
    comma = max(",;\t", key=first.count)
    table = list(csv.reader(StringIO(text, newline=""), delimiter=comma))
    return _named([[_restored(cell) for cell in row] for row in table])


def _read_jsonl(path: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for line in path.read_text(encoding="utf-8-sig").splitlines():
        if line.strip():
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError(f"{line[:40]!r} is no object")
            found.append({str(name): _text(value) for name, value in row.items()})
    return found


def _read_xlsx(path: Path) -> list[dict[str, str]]:
    _require("python_calamine")
    import python_calamine  # noqa: PLC0415  (an extra)

    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        table = book.get_sheet_by_index(0).to_python()
    except (python_calamine.CalamineError, IndexError) as fault:
        raise ValueError(str(fault)) from None
    return _named([[_text(cell) for cell in row] for row in table])


def _named(table: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    if not table:
        raise ValueError("it is empty")
    head = [name.strip() for name in table[0]]
    rows = [row for row in table[1:] if any(cell.strip() for cell in row)]
    return [dict(zip(head, [*row, *[""] * len(head)], strict=False)) for row in rows]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, list):
        return ";".join(str(each) for each in cast("list[object]", value))
    return value.isoformat() if isinstance(value, date) else str(value)


Writer = Callable[[Path, Sequence[str], Iterable[Mapping[str, object]]], None]
Reader = Callable[[Path], list[dict[str, str]]]

FORMATS: dict[str, tuple[Writer, Reader]] = {
    "csv": (_write_csv, _read_csv),
    "xlsx": (_write_xlsx, _read_xlsx),
    "jsonl": (_write_jsonl, _read_jsonl),
}
"""Writer and reader of each format."""


def _format(path: Path) -> tuple[Writer, Reader]:
    suffix = path.suffix.lower().removeprefix(".")
    if suffix not in FORMATS:
        raise ConfigError(
            f"batches are not written as {path.suffix or 'files without a suffix'}",
            where=str(path),
            hint=f"choose one of {', '.join(FORMATS)}",
        )
    return FORMATS[suffix]


def _require(package: str) -> None:
    if find_spec(package) is None:
        raise ConfigError(
            "XLSX needs two small packages that are not installed",
            hint="pip install 'shroff[xlsx]', or use CSV or JSONL",
        )
