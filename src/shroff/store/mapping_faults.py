"""What a mapping says of columns and values that do not exist."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from shroff.store.schema import TABLES

if TYPE_CHECKING:
    from shroff.store.mapping import MappingSpec

__all__ = ["mapping_faults", "suggestion"]


def suggestion(word: str, known: tuple[str, ...]) -> str:
    """Suggest the known word that was meant, as the end of a sentence.

    Parameters
    ----------
    word : str
        Word given.
    known : tuple of str
        Words that are understood.

    Returns
    -------
    str
        "; did you mean ...?", or all known words when none is close.
    """
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; did you mean '{close[0]}'?" if close else f"; choose from {', '.join(known)}"


def mapping_faults(name: str, spec: MappingSpec) -> list[str]:
    """Find what is wrong with a mapping.

    Parameters
    ----------
    name : str
        Canonical table.
    spec : MappingSpec
        Its mapping.

    Returns
    -------
    list of str
        ``place: fault``, the word at fault in single quotes.
    """
    known = tuple(column.name for column in TABLES[name].columns)
    given: dict[str, list[str]] = {
        "columns": list(spec.columns),
        "expressions": list(spec.expressions),
        "constants": list(spec.constants),
        "values": list(spec.values),
    }
    faults: list[str] = []
    mapped: set[str] = set()
    for kind, entries in given.items():
        place = f"mapping.{name}.{kind}"
        for column in entries:
            if column not in known:
                faults.append(
                    f"{place}: '{column}' is not a column of {name}{suggestion(column, known)}"
                )
            if column in mapped and kind != "values":
                faults.append(f"{place}: '{column}' is mapped twice")
            mapped.add(column)
    return faults + _value_faults(name, spec) + _zone_faults(name, spec.time_zone)


def _zone_faults(name: str, zone: str) -> list[str]:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        close = get_close_matches(zone, sorted(available_timezones()), n=1, cutoff=0.6)
    else:
        return []
    hint = f"did you mean '{close[0]}'?" if close else "use a name such as Asia/Tokyo"
    return [f"mapping.{name}: 'time_zone' is not a time zone: {zone}; {hint}"]


def _value_faults(name: str, spec: MappingSpec) -> list[str]:
    faults: list[str] = []
    for target, translation in spec.values.items():
        column = TABLES[name].column(target)
        allowed = column.values if column else ()
        faults += [
            f"mapping.{name}.values.{target}: '{value}' is not a value of {target}"
            + suggestion(str(value), allowed)
            for value in dict.fromkeys(translation.values())
            if allowed and value not in {*allowed, ""}
        ]
    return faults
