"""What is wrong with a settings file, and in which line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, get_args

from pydantic import BaseModel

from shroff.errors import ConfigError

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

__all__ = ["lines_of_keys", "parse_toml", "told"]

Path = tuple[str, ...]

_KEY = r"""(?:"[^"]*"|'[^']*'|[\w\-]+)"""
_DOTTED = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER = re.compile(rf"^\s*\[\[?\s*({_DOTTED})\s*\]")
_PAIR = re.compile(rf"^\s*({_DOTTED})\s*=")


def parse_toml(text: str, *, name: str) -> dict[str, object]:
    """Parse TOML.

    Parameters
    ----------
    text : str
        TOML.
    name : str
        Name of the file, for error messages.

    Returns
    -------
    dict
        Its values.

    Raises
    ------
    ConfigError
        If it is not TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what, _, place = str(error).partition(" (at ")
        spot = re.search(r"line (\d+), column (\d+)", place)
        where = f"{name}:{spot[1]}:{spot[2]}" if spot else name
        raise ConfigError(
            f"this is not TOML: {what[:1].lower()}{what[1:]}",
            where=where,
            hint='a line is key = value; text goes in "quotes"',
        ) from None


def lines_of_keys(text: str) -> dict[Path, int]:
    """Find the line of every key.

    Parameters
    ----------
    text : str
        TOML.

    Returns
    -------
    dict of (tuple of str, int)
        Path of the key to its line, from 1.
    """
    lines: dict[Path, int] = {}
    section: Path = ()
    for index, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            path = section = _parts(header[1])
        elif pair := _PAIR.match(line):
            path = section + _parts(pair[1])
        else:
            continue
        for depth in range(1, len(path) + 1):
            lines.setdefault(path[:depth], index)
    return lines


def _parts(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in re.findall(_KEY, dotted))


def told(
    error: ValidationError, *, model: type[BaseModel], lines: Mapping[Path, int], name: str
) -> tuple[str, str]:
    """Tell all faults of a settings file at once.

    Parameters
    ----------
    error : ValidationError
        What the model refused.
    model : type of BaseModel
        The model, for the keys it knows.
    lines : mapping
        Line of each key.
    name : str
        Name of the file.

    Returns
    -------
    tuple of str
        What is wrong and where; several faults are listed in the order of their lines.
    """
    faults = sorted(
        {
            (_line(path, lines), fault)
            for detail in error.errors()
            for path, fault in _faults(detail, model)
        }
    )
    places = [f"{name}:{line}" if line else name for line, _ in faults]
    if len(faults) == 1:
        return faults[0][1], places[0]
    listed = [f"\n  {place}: {fault}" for place, (_, fault) in zip(places, faults, strict=True)]
    return f"{len(faults)} faults in the settings{''.join(listed)}", ""


def _line(path: Path, lines: Mapping[Path, int]) -> int:
    return next((lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in lines), 0)


def _faults(detail: ErrorDetails, model: type[BaseModel]) -> list[tuple[Path, str]]:
    """Tell one refusal; a validator of ours may hold several, one a line, after their place."""
    path = tuple(str(part) for part in detail["loc"] if part != "[key]")
    if detail["type"] == "extra_forbidden":
        return [(path, _unknown_key(path, model))]
    if detail["type"] == "value_error":
        told = detail["msg"].removeprefix("Value error, ").split("\n")
        return [_placed(path, fault) for fault in told]
    if detail["type"] == "missing":
        return [(path, f"[{'.'.join(path[:-1])}] needs '{path[-1]}'")]
    message = detail["msg"][:1].lower() + detail["msg"][1:]
    return [(path, f"{'.'.join(path)}: {message}, not {_shown(detail['input'])}")]


def _placed(path: Path, fault: str) -> tuple[Path, str]:
    if path:
        return path, f"[{'.'.join(path)}] {fault}"
    place, _, what = fault.partition(": ")
    word = re.search(r"'([^']*)'", what)
    inner = (word[1],) if word else ()
    return (*place.split("."), *inner), f"[{place}] {what}"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _unknown_key(path: Path, model: type[BaseModel]) -> str:
    known = _keys_at(path[:-1], model)
    close = get_close_matches(path[-1], known, n=1, cutoff=0.5)
    place = f"[{'.'.join(path[:-1])}] " if path[:-1] else ""
    hint = f"did you mean '{close[0]}'?" if close else f"known: {', '.join(known)}"
    return f"{place}unknown key '{path[-1]}'; {hint}"


def _keys_at(path: Path, model: type[BaseModel]) -> list[str]:
    """Name the keys a table may have, walking models and dictionaries of models."""
    current: object = model
    for part in path:
        inner = _as_model(current)
        current = inner.model_fields[part].annotation if inner else get_args(current)[1]
    found = _as_model(current)
    return list(found.model_fields) if found else []


def _as_model(kind: object) -> type[BaseModel] | None:
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None
