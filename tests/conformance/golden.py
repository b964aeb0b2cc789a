"""Golden answers: what every query of a play gave when it was executed, small enough to review.

A small answer is kept row by row; of a large one, a digest of its exact columns and the count, sum,
least and greatest of each column of doubles. One file a play holds for every engine: what an engine
executes today must still give it. ``make golden`` writes them anew from the default engine; look at
the difference before it is committed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
from tests.conformance.call_sites import ordered
from tests.conformance.comparing import CLOSE, WIDTHS, kind_of, rows_of
from tests.conformance.recorder import Asked, Tape

__all__ = ["FOLDER", "read", "strays_from", "told", "write"]

FOLDER = Path(__file__).parent / "golden"
FULL_CELLS = 80
PASSING = {
    "store.overview:rejected#1": {"file", "at"},
    "store.overview:rejected#2": {"file", "at"},
    "store.health_lateness:rejected_rows#1": {"file", "at"},
}
EVERYWHERE = {"_hash", "_ingest", "_ingested_at", "ingest_id", "reviewer_id"}
"""Columns that tell when and where a test ran, or under which key people were given other names."""
Told = dict[str, Any]


def told(tape: Tape) -> list[Told]:
    """Give the answers of a tape as records, each query once."""
    records: dict[str, Told] = {}
    for asked in tape.asked:
        record = {"site": asked.site, "how": asked.how, **_answer(asked)}
        records.setdefault(json.dumps(_coarse(record), ensure_ascii=False), record)
    return list(records.values())


def _coarse(value: object) -> object:
    """Leave out digits in which sums differ by the order they were added up in."""
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, dict):
        return {name: _coarse(each) for name, each in value.items()}
    return [_coarse(each) for each in value] if isinstance(value, list) else value


def _answer(asked: Asked) -> Told:
    answer = asked.answer
    if isinstance(answer, str):
        return {"answer": answer}
    if isinstance(answer, Mapping):
        return {"types": dict(answer)}
    passing = EVERYWHERE | PASSING.get(asked.site, set())
    answer = answer.drop_columns([name for name in answer.column_names if name in passing])
    types = {field.name: kind_of(field.type) for field in answer.schema}
    rows = rows_of(answer, ordered=ordered(asked.sql))
    if len(rows) * len(types) <= FULL_CELLS:
        return {"types": types, "rows": [[_shown(value) for value in row] for row in rows]}
    return {"types": types, "size": len(rows), **_digest(answer, rows)}


def _shown(value: object) -> object:
    if isinstance(value, float):
        return {"nan": "NaN", "inf": "inf", "-inf": "-inf"}.get(str(value), value)
    if value is None or isinstance(value, (str, int, bool, list)):
        return value
    return str(value)


def _digest(answer: pa.Table, rows: list[tuple[object, ...]]) -> Told:
    doubles = [kind_of(field.type) == "number" for field in answer.schema]
    exact = [[_shown(v) for v, d in zip(row, doubles, strict=True) if not d] for row in rows]
    exact.sort(key=str)
    text = json.dumps(exact, ensure_ascii=False)
    numbers = {
        name: _spread([float(value) for value in column.to_pylist() if value is not None])
        for name, column, is_double in zip(
            answer.column_names, answer.columns, doubles, strict=True
        )
        if is_double
    }
    return {"exact": sha256(text.encode()).hexdigest()[:16], "numbers": numbers}


def _spread(values: list[float]) -> list[float | int]:
    """Count, sum, least and greatest of the finite; how many are not."""
    finite = [value for value in values if math.isfinite(value)]
    odd = len(values) - len(finite)
    if not finite:
        return [0, 0.0, 0.0, 0.0, odd]
    return [len(finite), math.fsum(finite), min(finite), max(finite), odd]


def strays_from(play: str, tape: Tape) -> list[str]:
    """Say where the answers of a tape are not the golden ones.

    Parameters
    ----------
    play : str
        Name of the play.
    tape : Tape
        What an engine was asked and answered.

    Returns
    -------
    list of str
        One line an answer that strays, or that is missing or new.
    """
    kept, now = read(play), told(tape)
    found = [] if len(kept) == len(now) else [f"{len(now)} answers against {len(kept)} kept"]
    for one, other in zip(kept, now, strict=False):
        if not _same(one, other):
            found.append(f"{other['site']}: {_part(one, other)}")
    return found[:10]


def _part(one: Told, other: Told) -> str:
    for key in dict.fromkeys((*one, *other)):
        if not _same(one.get(key), other.get(key)):
            return f"{key} was {str(one.get(key))[:300]}, is {str(other.get(key))[:300]}"
    return ""


def _same(one: object, other: object) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, float) or isinstance(other, float):
        return isinstance(other, (int, float)) and isinstance(one, (int, float)) and math.isclose(
            one, other, rel_tol=CLOSE, abs_tol=CLOSE
        )  # fmt: skip
    if isinstance(one, str) and isinstance(other, str):
        return WIDTHS.get(one, one) == WIDTHS.get(other, other)
    return one == other


def read(play: str) -> list[Told]:
    """Read the golden answers of a play."""
    lines = _file(play).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def write(play: str, tape: Tape) -> None:
    """Write the golden answers of a play."""
    FOLDER.mkdir(exist_ok=True)
    lines = [json.dumps(record, ensure_ascii=False) for record in told(tape)]
    _file(play).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _file(play: str) -> Path:
    return FOLDER / f"{play.replace(' ', '_')}.jsonl"
