"""Which labels look as if they were drawn at random."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shroff.domain.messages import Message
from shroff.store.connection import Connection, records
from shroff.store.propose_match import SURE, Guess
from shroff.store.propose_meanings import meaning_of
from shroff.store.propose_profile import FileProfile
from shroff.store.sql import ident

__all__ = ["DesignGuess", "designs_of"]

_RANDOM_QUEUE = re.compile(r"audit|random|sampl|抽检|抽样|抽审|随机|质检", re.IGNORECASE)
_MOST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignGuess:
    """A sampling design that the labels hint at.

    Parameters
    ----------
    key : str
        Name under ``[designs]``.
    kind, basis : str
        As in the settings; a declared one is only a comment until somebody declares it.
    design_id : str
        ``design_id`` of its reviews, if any.
    queue, reason : str
        Queue or queue reason of its reviews, if any.
    doubt : Message
        What to confirm.
    """

    key: str
    kind: str
    basis: str
    design_id: str = ""
    queue: str = ""
    reason: str = ""
    doubt: Message


def designs_of(
    connection: Connection, profile: FileProfile, guesses: Sequence[Guess]
) -> list[DesignGuess]:
    """Find the designs that drew the labels of a file of reviews.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Where the table ``sample`` is.
    profile : FileProfile
        The file.
    guesses : sequence of Guess
        Its columns.

    Returns
    -------
    list of DesignGuess
        Designs: logged ones, then draws without probability.
    """
    names = {guess.column: guess.name for guess in guesses if guess.score >= SURE}
    logged = _logged(connection, profile, names)
    if logged:
        return logged
    return [
        _declared(value, column)
        for column in ("queue", "queue_reason")
        if column in names
        for value in profile.column(names[column]).top
        if _looks_random(value, column)
    ][:_MOST]


def _looks_random(value: str, column: str) -> bool:
    if column == "queue":
        return bool(_RANDOM_QUEUE.search(value))
    known = meaning_of(value, column=column, name=column)
    return value == "random" or (known is not None and known[0] == "random")


def _logged(connection: Connection, seen: FileProfile, names: dict[str, str]) -> list[DesignGuess]:
    """List the values of the column that tells draws apart, where a probability is logged."""
    if "sampling_prob" not in names:
        return []
    column = next((c for c in ("design_id", "queue", "queue_reason") if c in names), "")
    value = f"CAST({ident(names[column])} AS VARCHAR)" if column else "'audit'"
    reason = ident(names["queue_reason"]) if "queue_reason" in names else "'random'"
    chance = f"TRY_CAST({ident(names['sampling_prob'])} AS DOUBLE)"
    rows = records(
        connection,
        f"SELECT {value} AS value, MIN({chance}) AS least, MODE({reason}) AS reason, COUNT(*) AS n"
        f" FROM {seen.source} WHERE {chance} > 0 AND {value} IS NOT NULL"
        f" GROUP BY 1 ORDER BY n DESC LIMIT {_MOST}",
    )
    found = (_drawn(str(row["value"]), column, row=row) for row in rows)
    return [design for design in found if design is not None]


def _drawn(value: str, column: str, *, row: Mapping[str, object]) -> DesignGuess | None:
    """Make a design of one value; re-reviews and seeded items are not draws from all ads."""
    known = meaning_of(str(row["reason"]), column="queue_reason", name="queue_reason")
    reason = known[0] if known else str(row["reason"])
    if reason not in {"random", "model", "rule"}:
        return None
    census = float(str(row["least"])) == 1.0
    if reason != "random" and not census:
        return None
    key = _key(value)
    return DesignGuess(
        key=key,
        kind="census" if census else "poisson",
        basis="certain" if census else "logged",
        design_id=value if column == "design_id" else "",
        queue=value if column == "queue" else "",
        reason="random" if column == "queue_reason" else "",
        doubt=Message(f"propose.design_{'census' if census else 'kind'}", {"design": key}),
    )


def _declared(value: str, column: str) -> DesignGuess:
    doubt = Message("propose.design_declare", {"table": "reviews", "queue": value})
    return DesignGuess(
        key=_key(value),
        kind="poisson",
        basis="declared",
        queue=value if column == "queue" else "",
        reason="random" if column == "queue_reason" else "",
        doubt=doubt,
    )


def _key(value: str) -> str:
    """Make a name that settings allow."""
    word = re.sub(r"[^a-z0-9_]+", "_", value.lower()).strip("_")
    return word if word and word[0].isalpha() else "audit"
