"""Ids of people become pseudonyms before they reach the lake."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from shroff.store.connection import Connection
from shroff.store.sql import literal

__all__ = ["give_key", "is_person", "keyed_hash", "pseudonym"]

_PEOPLE = frozenset({"reviewer_id"})


def is_person(column: str) -> bool:
    """Say whether a column, of whatever table, holds ids of people in the logs."""
    return column.lower() in _PEOPLE


def give_key(connection: Connection, lake_root: Path) -> None:
    """Let a connection make pseudonyms with the workspace's own key.

    The key is made at first use, beside the lake, readable by its owner only. Without it nobody
    can tell who a pseudonym is; the same id gives the same pseudonym as long as it is kept.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Connection that will run `pseudonym`.
    lake_root : Path
        Folder of the lake.
    """
    key = _key(lake_root.parent / ".shroff-key")
    for part in ("inner", "outer"):
        derived = hashlib.sha256(f"{part}:{key}".encode()).hexdigest()
        # a variable, so that no fault of a query shows the key
        connection.execute(f"SET VARIABLE {part}_key = {literal(derived)}")


def _key(path: Path) -> str:
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(32))
        fresh.replace(path)
    return path.read_text(encoding="ascii")


def pseudonym(read: str) -> str:
    """Write the keyed hash of an id; one that is a pseudonym already stays as it is.

    Parameters
    ----------
    read : str
        SQL of the id.

    Returns
    -------
    str
        SQL of ``r_`` and sixteen hexadecimal digits.
    """
    keyed = keyed_hash(read, mark="r_")
    known = f"regexp_full_match({read}, 'r_[0-9a-f]{{16}}')"
    return f"CASE WHEN {read} IS NULL OR {known} THEN {read} ELSE {keyed} END"


def keyed_hash(read: str, *, mark: str) -> str:
    """Write the keyed hash of a text, NULL of NULL.

    Parameters
    ----------
    read : str
        SQL of the text.
    mark : str
        What the hash begins with.

    Returns
    -------
    str
        SQL of the mark and sixteen hexadecimal digits; its connection must have the key.
    """
    once = f"sha256(concat(getvariable('inner_key'), {read}))"
    keyed = f"sha256(concat(getvariable('outer_key'), {once}))"
    return f"CASE WHEN {read} IS NOT NULL THEN concat({literal(mark)}, substr({keyed}, 1, 16)) END"
