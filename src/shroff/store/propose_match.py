"""Which table a file is, and which column is which."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from shroff.store.propose_meanings import meaning_of
from shroff.store.propose_profile import ColumnProfile, FileProfile
from shroff.store.propose_words import COLUMN_WORDS, FILE_WORDS, GENERIC, folded
from shroff.store.schema import TABLES, Column, Kind, Table

__all__ = ["SURE", "Guess", "TableGuess", "guess_tables"]

SURE = 0.7
"""Score from which a guess is written down; below it is only a comment."""

_POSSIBLE = 0.5
_FEW = frozenset({"policy_id", "market", "language", "queue", "detector", "model"})
_MOST_NAMES = 2000
_LEAST_TABLE = 2.5
_DEFAULTED = frozenset({"ad_version"})
_FLAG_WORDS = frozenset(
    {"0", "1", "0.0", "1.0", "true", "false", "t", "f", "yes", "no", "y", "n", "是", "否"}
)

_TELLING: dict[str, dict[str, float]] = {
    "ads": {"title": 1.2, "body": 1.2, "landing_url": 1.2, "creative_hash": 1.2, "format": 1.0,
            "advertiser_id": 0.8, "created_at": 0.8},
    "decisions": {"action": 2.5, "decision_id": 1.0, "detector": 1.0, "flow_mode": 1.5,
                  "source": 1.0, "shadow": 0.8},
    "scores": {"score": 3.0, "model": 1.5},
    "judgements": {"judgement_id": 2.5, "returned_model": 2.5, "output_tokens": 2.5,
                   "input_tokens": 2.0, "score_kind": 2.0, "latency_ms": 1.0, "outcome": 0.5,
                   "model": 0.8, "verdict": 0.5},
    "hits": {"hit_at": 2.0, "span_start": 1.5, "field": 1.5, "deciding": 1.5, "detector": 1.0},
    "reviews": {"verdict": 2.5, "reviewer_id": 3.0, "review_id": 1.0, "queue": 1.5,
                "sampling_prob": 2.0, "queue_reason": 1.5, "started_at": 1.5, "role": 1.0},
    "appeals": {"appeal_id": 2.5, "outcome": 2.0, "filed_at": 1.5, "decision_id": 0.5},
    "impressions": {"impressions": 3.0, "clicks": 1.5, "spend": 1.5, "day": 1.0},
    "reports": {"report_id": 2.5, "filed_at": 1.5, "source": 1.0},
    "staffing": {"reviewer_hours": 3.0, "hour": 2.0, "queue": 1.0},
    "policies": {"parent": 1.5, "name_en": 1.5, "name_zh": 1.5, "severity": 1.0,
                 "effective_from": 1.5, "policy_id": 0.8},
    "changes": {"change_id": 2.0, "kind": 1.5, "what": 1.5, "scope": 1.5, "note": 1.0},
}  # fmt: skip
"""What a column tells about the table that has it."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A column of a file that may be a canonical one.

    Parameters
    ----------
    column : str
        Canonical column.
    name : str
        Column of the file.
    score : float
        How likely, about 0 to 1.
    """

    column: str
    name: str
    score: float


@dataclass(frozen=True, slots=True)
class TableGuess:
    """A table that a file may be.

    Parameters
    ----------
    table : str
        Canonical table.
    score : float
        How much speaks for it.
    guesses : tuple of Guess
        Its columns.
    """

    table: str
    score: float
    guesses: tuple[Guess, ...]

    @property
    def plausible(self) -> bool:
        """Whether enough speaks for it: half of what every row needs, at least."""
        contract = TABLES[self.table]
        needed = [c.name for c in contract.columns if c.required and c.name not in _DEFAULTED]
        found = {guess.column for guess in self.guesses if guess.score >= SURE}
        return self.score >= _LEAST_TABLE and 2 * len(found.intersection(needed)) >= len(needed)


def guess_tables(profile: FileProfile) -> list[TableGuess]:
    """Say which tables a file may be, the likeliest first.

    Parameters
    ----------
    profile : FileProfile
        The file.

    Returns
    -------
    list of TableGuess
        All tables.
    """
    guesses = [_guess_table(profile, contract) for contract in TABLES.values()]
    return sorted(guesses, key=lambda guess: -guess.score)


def _guess_table(profile: FileProfile, contract: Table) -> TableGuess:
    guesses = _assigned(profile, contract)
    sure = {guess.column: guess.score for guess in guesses if guess.score >= SURE}
    telling = _TELLING[contract.name]
    score = sum(telling.get(column, 0.4) * value for column, value in sure.items())
    needed = {c.name for c in contract.columns if c.required} - _DEFAULTED
    score -= 1.2 * len(needed - set(sure))
    return TableGuess(contract.name, score + _from_path(profile.path, contract.name), guesses)


def _from_path(path: Path, table: str) -> float:
    stem = path.name.split(".")[0]
    for text, worth in ((stem, 2.5), (path.parent.name, 1.5)):
        tokens = set(re.split(r"[^a-z]+", text.lower()))
        for word in FILE_WORDS[table]:
            if word in tokens or (not word.isascii() and word in text):
                return worth
    return 0.0


def _assigned(profile: FileProfile, contract: Table) -> tuple[Guess, ...]:
    """Give each column of the file to at most one canonical column, best matches first."""
    pairs = [
        Guess(column.name, each.name, score)
        for column in contract.columns
        for each in profile.columns
        if (score := _likeness(contract, column, each)) >= _POSSIBLE
    ]
    taken: set[str] = set()
    found: dict[str, Guess] = {}
    for guess in sorted(pairs, key=lambda pair: -pair.score):
        if guess.name not in taken and guess.column not in found:
            taken.add(guess.name)
            found[guess.column] = guess
    return tuple(found[c.name] for c in contract.columns if c.name in found)


def _likeness(contract: Table, column: Column, profile: ColumnProfile) -> float:
    by_name = _by_name(contract, column, profile.name)
    if not by_name:
        return 0.0
    by_value = _by_value(contract, column, profile)
    return 0.0 if by_value is None else by_name + by_value


def _by_name(contract: Table, column: Column, name: str) -> float:
    word = folded(name)
    if word == folded(column.name):
        return 1.0
    if word == folded(contract.name.rstrip("s") + column.name):
        return 0.95
    words = COLUMN_WORDS.get(column.name, ())
    if word in words:
        # of several words the first are the surer
        return (0.62 if word in GENERIC else 0.85) - 0.0005 * words.index(word)
    long = [each for each in words if len(each) >= (6 if each.isascii() else 3)]
    return 0.55 if any(each in word for each in long) else 0.0


def _by_value(contract: Table, column: Column, profile: ColumnProfile) -> float | None:
    """Say what the values add to the name; None when they speak against it."""
    if profile.filled == 0:
        return -0.1
    if column.values:
        return _as_enum(column, profile)
    if column.kind in {Kind.NUMBER, Kind.INTEGER}:
        return _as_number(column, profile)
    if column.kind in {Kind.TIME, Kind.DAY}:
        fits = profile.timely >= 0.5
    elif column.kind is Kind.FLAG:
        fits = {folded(value) for value in profile.top} <= _FLAG_WORDS
    else:
        fits = not (
            (column.name in {"title", "body"} and profile.numeric > 0.9)
            or (column.name in _FEW and profile.distinct > _MOST_NAMES)
        )
    if column.name == contract.key[0] and len(contract.key) == 1 and profile.unique < 0.9:
        return -0.3
    return 0.1 if fits else None


def _as_enum(column: Column, profile: ColumnProfile) -> float | None:
    known = sum(
        count
        for value, count in profile.top.items()
        if value in column.values
        or meaning_of(value, column=column.name, name=profile.name, among=column.values)
    )
    if profile.distinct > 30:
        return None
    if 2 * known >= profile.filled:
        return 0.15
    return 0.0 if folded(profile.name) == folded(column.name) else -0.1


def _as_number(column: Column, profile: ColumnProfile) -> float | None:
    if profile.numeric < 0.9:
        return None
    inside = (column.low is None or (profile.low or 0) >= column.low) and (
        column.high is None or (profile.high or 0) <= column.high
    )
    return 0.1 if inside else 0.0
