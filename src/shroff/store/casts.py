"""SQL that reads a value as what the contract says it is, and says why it cannot.

Each value is read by a cheap expression first; only what that leaves NULL meets the costly ones.
Times without zone are in the zone of the mapping. In the hour that daylight saving skips, the
clock is read as if it had not been put forward (02:30 becomes 03:30); in the hour that it repeats,
the second, standard-time one is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from shroff.store.mapping import MappingSpec
from shroff.store.schema import Column, Kind
from shroff.store.sql import literal

__all__ = ["missing", "refused", "translated_text", "value"]

_MISSING = ("", "\\n", "null", "none", "nan", "nat", "n/a", "na", "-")
_EARLIEST, _LATEST = "1970-01-01 00:00:00+00", "2200-01-01 00:00:00+00"

_INTEGERS = {
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT",
    "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
}  # fmt: skip

_CLOCK = r"\d{2}:\d{2}(:\d{2}([.]\d{1,9})?)?"
_LOOSE = r"\d{4}[-/]\d{1,2}[-/]\d{1,2}"
_LOOSE_CLOCK = r"\d{1,2}:\d{2}(:\d{2}([.,]\d{1,9})?)?"

TRUE_WORDS = ("true", "t", "1", "yes", "y", "是")
FALSE_WORDS = ("false", "f", "0", "no", "n", "否")


def value(column: Column, spec: MappingSpec, *, raw: str, kind: str) -> str:
    """Write the expression that reads a raw value; NULL when it is missing or cannot be read.

    Parameters
    ----------
    column : Column
        What it should be.
    spec : MappingSpec
        Mapping of the table.
    raw : str
        SQL of the raw value, a plain name.
    kind : str
        SQL type of the raw value.

    Returns
    -------
    str
        SQL.
    """
    if column.values:
        return _enum(column.values, _as_text(raw, kind))
    return _READERS[column.kind](raw, kind, spec)


def translated_text(raw: str, kind: str, *, words: Mapping[str, str]) -> str:
    """Write the expression that translates values of the source; case and space do not matter."""
    text = _as_text(raw, kind)
    cases = " ".join(
        f"WHEN {literal(word.strip().lower())} THEN {literal(meaning)}"
        for word, meaning in words.items()
    )
    return f"CASE lower(trim({text})) {cases} ELSE {text} END"


def missing(column: Column, raw: str, *, kind: str) -> str:
    """Write the condition that a raw value means "nothing"."""
    if column.kind is Kind.TEXT and not column.values:
        return f"{raw} IS NULL"
    if kind == "VARCHAR":
        return f"({raw} IS NULL OR {_among(f'lower(trim({raw}))', _MISSING)})"
    if kind in {"FLOAT", "DOUBLE"}:
        return f"({raw} IS NULL OR isnan({raw}))"
    return f"{raw} IS NULL"


def refused(column: Column, read: str) -> str:
    """Write the condition that a value which was read lies out of range; "" when none can."""
    if column.kind is Kind.TIME:
        return f"({read} < TIMESTAMPTZ '{_EARLIEST}' OR {read} >= TIMESTAMPTZ '{_LATEST}')"
    if column.kind is Kind.DAY:
        return f"({read} < DATE '{_EARLIEST[:10]}' OR {read} >= DATE '{_LATEST[:10]}')"
    limits = [f"{read} < {literal(column.low)}"] if column.low is not None else []
    if column.high is not None:
        limits.append(f"{read} > {literal(column.high)}")
    return f"({' OR '.join(limits)})" if limits else ""


def _among(text: str, words: Iterable[str]) -> str:
    # not IN: DuckDB turns a long list into a join, which costs more and loses the order of rows
    cases = " ".join(f"WHEN {literal(word)} THEN TRUE" for word in words)
    return f"(CASE {text} {cases} ELSE FALSE END)"


def _as_text(raw: str, kind: str) -> str:
    if kind == "VARCHAR":
        return raw
    return f"CAST({raw} AS VARCHAR)"


def _text(raw: str, kind: str, _: MappingSpec) -> str:
    return f"NULLIF({_as_text(raw, kind)}, '')"


def _enum(values: tuple[str, ...], text: str) -> str:
    lowered = " ".join(f"WHEN {literal(word.lower())} THEN {literal(word)}" for word in values)
    return (
        f"CASE WHEN {_among(text, values)} THEN {text} "
        f"ELSE CASE lower(trim({text})) {lowered} END END"
    )


def _integer(raw: str, kind: str, _: MappingSpec) -> str:
    if kind in _INTEGERS or kind == "BOOLEAN":
        return f"TRY_CAST({raw} AS BIGINT)"
    if kind in {"FLOAT", "DOUBLE"} or kind.startswith("DECIMAL"):
        return f"CASE WHEN {raw} = floor({raw}) THEN TRY_CAST({raw} AS BIGINT) END"
    text = _as_text(raw, kind)
    plain = r"regexp_full_match(trim(" + text + r"), '[+-]?\d{1,18}([.]0*)?')"
    return (
        f"CASE WHEN {text} = CAST(TRY_CAST({text} AS BIGINT) AS VARCHAR) "
        f"THEN TRY_CAST({text} AS BIGINT) "
        f"WHEN {plain} THEN TRY_CAST(trim({text}) AS BIGINT) END"
    )


def _number(raw: str, kind: str, _: MappingSpec) -> str:
    number = f"TRY_CAST({raw} AS DOUBLE)"
    if kind == "BOOLEAN" or kind.startswith(("TIMESTAMP", "DATE")):
        return "CAST(NULL AS DOUBLE)"
    if kind in _INTEGERS or kind.startswith("DECIMAL"):
        return number
    return f"CASE WHEN isfinite({number}) THEN {number} END"


def _flag(raw: str, kind: str, _: MappingSpec) -> str:
    if kind == "BOOLEAN":
        return raw
    text = _as_text(raw, kind)
    return (
        f"CASE WHEN {text} = 'false' THEN FALSE WHEN {text} = 'true' THEN TRUE "
        f"WHEN {_among(f'lower(trim({text}))', FALSE_WORDS)} THEN FALSE "
        f"WHEN {_among(f'lower(trim({text}))', TRUE_WORDS)} THEN TRUE END"
    )


def _zoned(naive: str, zone: str) -> str:
    if zone.upper() in {"UTC", "ETC/UTC", "GMT"}:
        return f"make_timestamptz(epoch_us({naive}))"
    return f"timezone({literal(zone)}, {naive})"


def _epoch(number: str) -> str:
    """Read a count since 1970 by its size: s below 1e11, then ms, us, ns."""
    whole = f"TRY_CAST({number} AS BIGINT)"
    return (
        f"CASE WHEN abs({number}) < 1e11 THEN make_timestamptz(CAST(round({number} * 1e6) AS BIGINT)) "
        f"WHEN abs({number}) < 1e14 THEN make_timestamptz(CAST(round({number} * 1e3) AS BIGINT)) "
        f"WHEN abs({number}) < 1e17 THEN make_timestamptz({whole}) "
        f"WHEN abs({number}) < 9.2e18 THEN make_timestamptz({whole} // 1000) END"
    )


def _formats(text: str, spec: MappingSpec) -> list[str]:
    tries: list[str] = []
    for pattern in spec.time_formats:
        parsed = f"try_strptime({text}, {literal(pattern)})"
        carries_zone = "%z" in pattern or "%Z" in pattern
        tries.append(parsed if carries_zone else _zoned(parsed, spec.time_zone))
    return tries


def _time(raw: str, kind: str, spec: MappingSpec) -> str:
    if kind == "TIMESTAMPTZ":
        return raw
    if kind.startswith("TIMESTAMP") or kind == "DATE":
        return _zoned(f"CAST({raw} AS TIMESTAMP)", spec.time_zone)
    if kind in _INTEGERS or kind in {"FLOAT", "DOUBLE"} or kind.startswith("DECIMAL"):
        return _epoch(f"TRY_CAST({raw} AS DOUBLE)")
    return _time_text(_as_text(raw, kind), spec)


def _time_text(text: str, spec: MappingSpec) -> str:
    strict = f"TRY_CAST({text} AS TIMESTAMP)"
    utc = spec.time_zone.upper() in {"UTC", "ETC/UTC", "GMT"}
    ending = "Z?" if utc else "Z"
    quick = (
        f"CASE WHEN regexp_full_match({text}, '\\d{{4}}-\\d{{2}}-\\d{{2}}[T ]{_CLOCK}{ending}') "
        f"THEN make_timestamptz(epoch_us({strict})) END"
    )
    trimmed = f"trim({text})"
    tries = [*_formats(trimmed, spec), quick, *_slow_times(trimmed, spec)]
    return f"COALESCE({', '.join(tries)})"


def _slow_times(text: str, spec: MappingSpec) -> list[str]:
    dotted = f"replace({text}, ',', '.')"
    day_clock = f"{_LOOSE}([T ]{_LOOSE_CLOCK})?"

    def when(pattern: str, then: str) -> str:
        return f"CASE WHEN regexp_full_match({text}, {literal(pattern)}) THEN {then} END"

    bare = f"regexp_replace({dotted}, '\\s*(Z|UTC|GMT)$', '')"
    hours = f"regexp_replace({dotted}, ' ?([+-]\\d{{2}})$', '\\1:00')"
    offset = f"regexp_replace({hours}, ' ?([+-]\\d{{2}}):?(\\d{{2}})$', '\\1:\\2')"
    digits = f"TRY_CAST({text} AS DOUBLE)"
    compact = f"regexp_replace({text}, '[TZ]', '', 'g')"
    stamped = f"try_strptime({compact}, '%Y%m%d%H%M%S')"
    return [
        when(
            f"{_LOOSE}[T ]{_LOOSE_CLOCK} ?(Z|UTC|GMT)",
            _zoned(f"TRY_CAST({bare} AS TIMESTAMP)", "UTC"),
        ),
        when(day_clock, _zoned(f"TRY_CAST({dotted} AS TIMESTAMP)", spec.time_zone)),
        when(
            f"{_LOOSE}[T ]{_LOOSE_CLOCK} ?([+-]\\d{{2}}(:?\\d{{2}})?|[A-Z][A-Za-z]+/[A-Za-z_/]+)",
            f"TRY_CAST({offset} AS TIMESTAMPTZ)",
        ),
        when(r"(19|20)\d{6}", _zoned(f"try_strptime({text}, '%Y%m%d')", spec.time_zone)),
        when(r"(19|20)\d{6}T?\d{6}", _zoned(stamped, spec.time_zone)),
        when(r"(19|20)\d{6}T?\d{6}Z", _zoned(stamped, "UTC")),
        when(r"-?\d{9,13}([.]\d+)?|\d{14}|\d{16}", _epoch(digits)),
        when(r"\d{19}", f"make_timestamptz(TRY_CAST({text} AS BIGINT) // 1000)"),
    ]


def _day(raw: str, kind: str, spec: MappingSpec) -> str:
    if kind == "DATE":
        return raw
    if kind.startswith("TIMESTAMP") and kind != "TIMESTAMPTZ":
        return f"CAST({raw} AS DATE)"
    utc = f"CAST(timezone('UTC', {_time(raw, kind, spec)}) AS DATE)"
    if kind == "VARCHAR":
        # a day written without zone is that day wherever it was written
        trimmed = f"trim({raw})"
        written = [
            f"CAST(try_strptime({trimmed}, {literal(f)}) AS DATE)" for f in spec.time_formats
        ]
        naive = (
            f"CASE WHEN regexp_full_match({trimmed}, {literal(f'{_LOOSE}([T ]{_LOOSE_CLOCK})?')}) "
            f"THEN TRY_CAST(regexp_replace({trimmed}, '[T ].*', '') AS DATE) "
            f"WHEN regexp_full_match({trimmed}, '(19|20)\\d{{6}}') "
            f"THEN CAST(try_strptime({trimmed}, '%Y%m%d') AS DATE) END"
        )
        return f"COALESCE({', '.join([*written, naive, utc])})"
    return utc


def _texts(raw: str, kind: str, spec: MappingSpec) -> str:
    if kind.endswith("[]"):
        items = f"CAST({raw} AS VARCHAR[])"
    else:
        text = _as_text(raw, kind)
        items = (
            f"CASE WHEN starts_with(ltrim({text}), '[') THEN TRY_CAST({text} AS VARCHAR[]) "
            f"WHEN {text} <> '' THEN string_split({text}, {literal(spec.list_separator)}) END"
        )
    trimmed = f"list_transform({items}, lambda item: trim(item))"
    return f"list_filter({trimmed}, lambda item: item <> '')"


_READERS: dict[Kind, Callable[[str, str, MappingSpec], str]] = {
    Kind.TEXT: _text,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.FLAG: _flag,
    Kind.TIME: _time,
    Kind.DAY: _day,
    Kind.TEXTS: _texts,
}
