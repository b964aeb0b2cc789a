"""What the values of a file need: translation, time formats, separators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shroff.domain.messages import Message
from shroff.store.propose_match import Guess
from shroff.store.propose_meanings import meaning_of
from shroff.store.propose_profile import ColumnProfile, FileProfile
from shroff.store.schema import Column, Kind, Table

__all__ = ["Times", "Translation", "list_separator", "times_of", "translations_of"]

_MISSING = frozenset({"", "\\n", "null", "none", "nan", "nat", "n/a", "na", "-"})
_ZONELESS = ("iso", "compact", "slash", "dot", "chinese", "month")
_ENDINGS = {"": "", "_minute": " %H:%M", "_second": " %H:%M:%S"}


@dataclass(frozen=True, slots=True)
class Translation:
    """Values of one canonical column.

    Parameters
    ----------
    column : str
        Canonical column.
    sure : dict of str
        Meaning by value, known.
    likely : dict of str
        Meaning by value, to be confirmed; empty where nothing is known.
    doubts : tuple of Message
        Questions about them.
    """

    column: str
    sure: dict[str, str]
    likely: dict[str, str]
    doubts: tuple[Message, ...]


def translations_of(
    profile: FileProfile, contract: Table, guesses: Sequence[Guess]
) -> Iterator[Translation]:
    """Translate the values of every column that allows only some.

    Parameters
    ----------
    profile : FileProfile
        The file.
    contract : Table
        Its table.
    guesses : sequence of Guess
        Its columns.

    Yields
    ------
    Translation
        One for each column with values to translate.
    """
    for guess in guesses:
        column = contract.column(guess.column)
        if column is None or not column.values:
            continue
        known = {value.lower() for value in column.values}
        found = _translated(
            column,
            guess,
            {
                value: count
                for value, count in profile.column(guess.name).top.items()
                if value.lower() not in known | _MISSING
            },
            table=contract.name,
        )
        if found.sure or found.likely:
            yield found


def _translated(
    column: Column, guess: Guess, values: dict[str, int], *, table: str
) -> Translation:
    sure: dict[str, str] = {}
    likely: dict[str, str] = {}
    doubts: list[Message] = []
    for value, count in values.items():
        known = meaning_of(value, column=guess.column, name=guess.name, among=column.values)
        if known and known[1]:
            sure[value] = known[0]
            continue
        likely[value] = known[0] if known else ""
        slots: dict[str, str | int | float | None] = {
            "table": table,
            "column": guess.column,
            "value": value,
            "rows": count,
            "meaning": likely[value],
        }
        doubts.append(Message(f"propose.value_{'likely' if known else 'unknown'}", slots))
    return Translation(guess.column, sure, likely, tuple(doubts))


@dataclass(frozen=True, slots=True)
class Times:
    """How times are written.

    Parameters
    ----------
    formats : tuple of str
        Formats to set.
    either : tuple of str
        Formats of which one is right.
    zone : str
        Zone to suggest; empty when every time names its own.
    doubts : tuple of Message
        Questions about them.
    """

    formats: tuple[str, ...]
    either: tuple[str, ...]
    zone: str
    doubts: tuple[Message, ...]


def times_of(profile: FileProfile, contract: Table, guesses: Sequence[Guess]) -> Times:
    """Find the formats of the times of a file, and whether they name a zone.

    Parameters
    ----------
    profile : FileProfile
        The file.
    contract : Table
        Its table.
    guesses : sequence of Guess
        Its columns.

    Returns
    -------
    Times
        Formats and doubts.
    """
    formats: dict[str, None] = {}
    either: dict[str, None] = {}
    zoneless: list[str] = []
    unclear: list[str] = []
    for guess in guesses:
        column = contract.column(guess.column)
        if column is None or column.kind not in {Kind.TIME, Kind.DAY}:
            continue
        found = profile.column(guess.name)
        for shape in found.shapes:
            written = _formats(shape, found)
            (formats if len(written) == 1 else either).update(dict.fromkeys(written))
            unclear += [guess.column] if len(written) > 1 else []
        if column.kind is Kind.TIME and _is_zoneless(found):
            zoneless.append(guess.column)
    doubts: list[Message] = []
    slots = {"table": contract.name}
    if unclear:
        doubts.append(Message("propose.day_month", {**slots, "columns": ", ".join(unclear)}))
    if zoneless:
        doubts.append(Message("propose.zone", {**slots, "columns": ", ".join(zoneless)}))
    zone = ("Asia/Shanghai" if _is_chinese(profile) else "America/New_York") if zoneless else ""
    return Times(tuple(formats), tuple(either), zone, tuple(doubts))


def _formats(shape: str, profile: ColumnProfile) -> list[str]:
    """Give the formats a shape may be; none when it is understood anyway."""
    head, _, tail = shape.partition("_")
    ending = _ENDINGS.get(f"_{tail}" if tail else "", "")
    if head == "chinese":
        spaced = any("日 " in value for value in profile.top)
        return [f"%Y年%m月%d日{ending if spaced else ending.strip()}"]
    if head == "month":
        joint = "-" if any("-" in value for value in profile.top) else " "
        return [f"%d{joint}%b{joint}%Y %H:%M:%S"]
    if head not in {"slash", "dot"}:
        return []
    mark = "/" if head == "slash" else "."
    day_first, month_first = f"%d{mark}%m{mark}%Y{ending}", f"%m{mark}%d{mark}%Y{ending}"
    if profile.days_first > 12 or (head == "dot" and profile.days_second <= 12):
        return [day_first]
    return [month_first] if profile.days_second > 12 else [day_first, month_first]


def _is_zoneless(profile: ColumnProfile) -> bool:
    if profile.kind.startswith("TIMESTAMP") and profile.kind != "TIMESTAMPTZ":
        return "WITH TIME ZONE" not in profile.kind
    bare = [
        count
        for shape, count in profile.shapes.items()
        if shape.startswith(_ZONELESS) and shape != "iso_zone"
    ]
    return profile.kind == "VARCHAR" and sum(bare) > 0


def _is_chinese(profile: FileProfile) -> bool:
    names = [each.name for each in profile.columns]
    values = [value for each in profile.columns for value in list(each.top)[:5]]
    return profile.encoding == "gb18030" or any(
        "\u4e00" <= sign <= "\u9fff" for text in (*names, *values) for sign in text
    )


def list_separator(profile: FileProfile, contract: Table, guesses: Sequence[Guess]) -> str:
    """Find what separates the items of list columns.

    Parameters
    ----------
    profile : FileProfile
        The file.
    contract : Table
        Its table.
    guesses : sequence of Guess
        Its columns.

    Returns
    -------
    str
        The separator, a comma when nothing else is seen.
    """
    for guess in guesses:
        column = contract.column(guess.column)
        if column is None or column.kind is not Kind.TEXTS:
            continue
        values = [value for value in profile.column(guess.name).top if not value.startswith("[")]
        counts = {sign: sum(sign in value for value in values) for sign in ",;|、"}
        best = max(counts, key=lambda sign: counts[sign])
        if counts[best]:
            return best
    return ","
