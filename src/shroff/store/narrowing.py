"""The logs of some ads only, as if there were no others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from shroff.errors import ConfigError
from shroff.store.engine import Engine
from shroff.store.schema import TABLES
from shroff.store.sql import ident, literal

__all__ = ["Where", "narrow", "narrowing_columns"]

Where = Mapping[str, Sequence[str]]
"""Columns of ads, and the values wanted of each; an empty text stands for no value."""

_CHOSEN = "chosen_ads"
_TEXTS = frozenset(
    {"title", "body", "ocr_text", "asr_text", "landing_url", "landing_final_url", "media_ref",
     "thumbnail_ref", "ad_id", "ad_version"}
)  # fmt: skip


def narrowing_columns(engine: Engine) -> tuple[str, ...]:
    """Name the columns of ads by which logs can be narrowed.

    Parameters
    ----------
    engine : Engine
        The logs.

    Returns
    -------
    tuple of str
        Columns that hold words or numbers, not texts or times.
    """
    return tuple(
        name
        for name, kind in engine.columns("ads").items()
        if name not in _TEXTS and not kind.startswith("TIMESTAMP") and not kind.endswith("[]")
    )


def narrow(engine: Engine, where: Where) -> None:
    """Show, for the rest of a session, the logs of some ads only.

    Every table that speaks of ads shows what it says of those; whatever is asked of the logs
    afterwards is asked of these ads. An ad is chosen by what its version says, and in a market
    also by the market of each decision.

    Parameters
    ----------
    engine : Engine
        The logs; their canonical tables are replaced in its session.
    where : mapping
        Columns of ads and the values wanted of each; nothing leaves the logs as they are.

    Raises
    ------
    ConfigError
        If ads have no such column.
    """
    if not where:
        return
    known = narrowing_columns(engine)
    for name in where:
        _require(name, known)
    tests = " AND ".join(_any_of(name, values) for name, values in where.items())
    engine.materialise(_CHOSEN, f"SELECT ad_id, ad_version FROM ads WHERE {tests}")
    for table in TABLES:
        columns = engine.columns(table)
        if "ad_id" not in columns:
            continue
        conditions = [_seen(columns)]
        if table == "decisions" and "market" in where:
            conditions.append(f"(market IS NULL OR {_any_of('market', where['market'])})")
        engine.restrict(table, " AND ".join(conditions))


def _require(name: str, known: Sequence[str]) -> None:
    if name in known:
        return
    close = get_close_matches(name, known, n=1)
    hint = f"did you mean {close[0]!r}? " if close else ""
    raise ConfigError(
        f"ads have no column {name!r} to choose by", where="where", hint=hint + ", ".join(known)
    )


def _seen(columns: Mapping[str, str]) -> str:
    if "ad_version" not in columns:
        return f"ad_id IN (SELECT ad_id FROM {_CHOSEN})"
    return f"(ad_id, COALESCE(ad_version, 1)) IN (SELECT ad_id, ad_version FROM {_CHOSEN})"


def _any_of(name: str, values: Sequence[str]) -> str:
    said = [value for value in values if value]
    column = f"CAST({ident(name)} AS VARCHAR)"
    tests = [f"{column} IN ({', '.join(map(literal, said))})"] if said else []
    if len(said) < len(values):
        tests.append(f"{column} IS NULL OR {column} = ''")
    return f"({' OR '.join(tests)})"
