"""A query as tokens: Chinese punctuation counts as what it stands for, places stay true."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from shroff.domain.messages import Message

__all__ = ["Kind", "QueryFault", "QueryStoppedError", "Token", "tokens"]

_PLAIN = str.maketrans(
    "（）：“”„‟＂「」『』＜＞＝！／－　，、",
    "():" + '"' * 9 + "<>=!/- ,,",
)
_QUALIFIER = re.compile(r"([A-Za-z_]\w*)(:|<=|>=|!=|<|>|=)")
_NEAR = re.compile(r"(NEAR|BEFORE)/(\d{1,5})(w?)\Z")
_COUNT = re.compile(r"COUNT\(")
_AT_LEAST = re.compile(r">=\s*(\d{1,5})")
_WORD = re.compile(r'[^\s()"]+')
_SIGNS = {"AND": "and", "OR": "or", "NOT": "not", "&&": "and", "||": "or"}


class Kind(Enum):
    """What a token is."""

    WORD = "word"
    PHRASE = "phrase"
    REGEX = "regex"
    OPEN = "("
    CLOSE = ")"
    AND = "and"
    OR = "or"
    NOT = "not"
    NEAR = "near"
    COUNT = "count"
    AT_LEAST = "at least"
    QUALIFIER = "qualifier"
    UNCLOSED = "unclosed"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query.

    Parameters
    ----------
    kind : Kind
        What it is.
    text : str
        What it says, without quotes; for a qualifier its name.
    start, end : int
        Its place.
    more : tuple of str
        For ``NEAR`` number and unit, for a qualifier its sign.
    """

    kind: Kind
    text: str
    start: int
    end: int
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QueryFault:
    """What is wrong with a query.

    Parameters
    ----------
    message : Message
        The sentence.
    start, end : int
        First character that is wrong, and the one after the last.
    """

    message: Message
    start: int
    end: int


class QueryStoppedError(Exception):
    """A query cannot be read on; whoever reads it makes of it what users see."""

    def __init__(self, fault: QueryFault) -> None:
        self.fault = fault
        super().__init__(fault.message.id)


def tokens(query: str) -> Iterator[Token]:
    """Split a query.

    Parameters
    ----------
    query : str
        Any text.

    Yields
    ------
    Token
        Its pieces in order.
    """
    plain = query.translate(_PLAIN)
    at, inner = 0, list[bool]()
    while at < len(plain):
        if plain[at].isspace():
            at += 1
            continue
        token = _token(query, plain, at, counted=bool(inner) and inner[-1])
        if token.kind in {Kind.OPEN, Kind.COUNT}:
            inner.append(token.kind is Kind.COUNT)
        elif token.kind is Kind.CLOSE and inner:
            inner.pop()
        yield token
        at = token.end


def _token(query: str, plain: str, at: int, *, counted: bool) -> Token:
    sign = plain[at]
    if sign == "(":
        return Token(Kind.OPEN, sign, at, at + 1)
    if sign == ")":
        found = _AT_LEAST.match(plain, at + 1) if counted else None
        end = found.end() if found else at + 1
        return Token(Kind.CLOSE, sign, at, end, (found[1],) if found else ())
    if sign in '"/':
        return _quoted(query, plain, at)
    if sign == "-" and plain[at + 1 : at + 2].strip(" )"):
        return Token(Kind.NOT, sign, at, at + 1)
    return _word(query, plain, at)


def _quoted(query: str, plain: str, at: int) -> Token:
    """Read a phrase to its quote, or a pattern to the slash that no backslash stands before."""
    quote = plain[at]
    kind = Kind.PHRASE if quote == '"' else Kind.REGEX
    end = at + 1
    while end < len(plain) and plain[end] != quote:
        end += 2 if plain[end] == "\\" and kind is Kind.REGEX else 1
    if end >= len(plain):
        return Token(Kind.UNCLOSED, query[at:], at, len(plain), (quote,))
    return Token(kind, query[at + 1 : end], at, end + 1)


def _word(query: str, plain: str, at: int) -> Token:
    found = _WORD.match(plain, at)
    end = found.end() if found else at + 1
    said = unicodedata.normalize("NFKC", plain[at:end])
    if said in _SIGNS:
        return Token(Kind(_SIGNS[said]), said, at, end)
    if near := _NEAR.match(said):
        return Token(Kind.NEAR, near[1], at, end, (near[2], near[3]))
    if _COUNT.match(plain, at):
        return Token(Kind.COUNT, "COUNT", at, at + len("COUNT("))
    if named := _QUALIFIER.match(plain, at):
        return Token(Kind.QUALIFIER, named[1], at, named.end(), (named[2],))
    return Token(Kind.WORD, query[at:end], at, end)
