"""A rule from one line: what `shroff find` looks for, in the same terms as a pack.

::

    query   = either { OR either }
    either  = near { [AND] near }
    near    = one { NEAR/20 one | NEAR/8w one | BEFORE/20 one }     characters, or words with w
    one     = NOT one | -one | ( query ) | word | "phrase" | /regular expression/
            | COUNT( query )>=3
            | title:one | body:(query) | field:title | field:(title, body)
            | market:CN | industry:(games, loans) | age<30 | age>=30 | age!=30
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import NoReturn

from shroff.domain.excerpts import underlined
from shroff.domain.messages import Language, Message
from shroff.domain.places import Where
from shroff.errors import RuleError
from shroff.rules.clauses import (
    AllOf,
    AnyOf,
    Column,
    ColumnTest,
    Condition,
    Count,
    InFields,
    Near,
    Not,
    Regex,
    Term,
    Unit,
    Value,
)
from shroff.rules.pack_conditions import LONGEST_TERM, fits_near
from shroff.rules.query_tokens import Kind, QueryFault, QueryStoppedError, Token, tokens
from shroff.rules.rule import FIELDS, Rule
from shroff.rules.syntax import inspect_regex
from shroff.text.evasion import DEFAULT, Evasion

__all__ = ["FIELD_NAMES", "LONGEST_QUERY", "QueryFault", "parse_query", "query_fault"]

LONGEST_QUERY = 10_000
_DEEPEST = 40
FIELD_NAMES = {
    **{name: name for name in FIELDS},
    "ocr": "ocr_text",
    "asr": "asr_text",
    "speech": "asr_text",
    "url": "landing_url",
}
"""Names of fields that a query may use, each with the field."""

_TESTS = {
    ":": ColumnTest.IS_IN, "=": ColumnTest.IS_IN, "!=": ColumnTest.NOT_IN, "<": ColumnTest.BELOW,
    "<=": ColumnTest.AT_MOST, ">": ColumnTest.ABOVE, ">=": ColumnTest.AT_LEAST,
}  # fmt: skip
_STARTS = frozenset({
    Kind.WORD, Kind.PHRASE, Kind.REGEX, Kind.OPEN, Kind.NOT, Kind.COUNT, Kind.QUALIFIER,
    Kind.UNCLOSED,
})  # fmt: skip


def parse_query(
    text: str, *, fields: tuple[str, ...] = FIELDS, evasion: Evasion = DEFAULT
) -> Rule:
    """Read a query.

    Parameters
    ----------
    text : str
        One line, at most `LONGEST_QUERY` characters.
    fields : tuple of str
        Fields that are searched where the query names none.
    evasion : Evasion
        Disguises that are seen through.

    Returns
    -------
    Rule
        A rule without an action of its own: its id is ``query``.

    Raises
    ------
    RuleError
        If it cannot be read, with a caret under the place.

    Examples
    --------
    >>> parse_query("减肥 -健身房").match.parts[1]
    Not(part=Term(text='健身房', ...))
    """
    try:
        return _read(text, fields, evasion=evasion)
    except QueryStoppedError as stopped:
        fault = stopped.fault
        shown = underlined(text, start=fault.start, end=max(fault.end, fault.start + 1))
        raise RuleError(
            f"{fault.message.text(Language.EN)}\n{shown}",
            where=f"query:{fault.start + 1}",
            hint="put in quotes what is meant as text; see the page on rule packs for the grammar",
        ) from None


def query_fault(text: str) -> QueryFault | None:
    """Tell what is wrong with a query, as it is typed.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    QueryFault or None
        The first fault; None where `parse_query` can read it.
    """
    try:
        _read(text, FIELDS, evasion=DEFAULT)
    except QueryStoppedError as stopped:
        return stopped.fault
    return None


def _read(text: str, fields: tuple[str, ...], *, evasion: Evasion) -> Rule:
    parser = _Parser(text, fields, evasion)
    if len(text) > LONGEST_QUERY:
        parser.stop("too_long", LONGEST_QUERY, len(text), most=LONGEST_QUERY)
    match = parser.whole()
    scope = _Scope.of(match) if match else _Scope()
    if scope.match is None or _only_excludes(scope.match):
        parser.stop("only_excludes", 0, len(text))
    return Rule(
        "query",
        scope.match,
        markets=scope.markets,
        languages=scope.languages,
        fields=parser.fields,
        evasion=evasion,
        where=Where("", 1, 1, 1, len(text) + 1),
    )


def _only_excludes(match: Condition) -> bool:
    """Tell whether nothing is looked for in any text."""
    if isinstance(match, AllOf):
        return all(_only_excludes(part) for part in match.parts)
    if isinstance(match, AnyOf):
        return any(_only_excludes(part) for part in match.parts)
    if isinstance(match, InFields):
        return _only_excludes(match.part)
    return isinstance(match, Not | Column)


@dataclass(frozen=True, slots=True)
class _Scope:
    """A condition and the scope that stood beside it."""

    match: Condition | None = None
    markets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    @staticmethod
    def of(match: Condition) -> _Scope:
        """Take the tests of market and language out of what all must hold."""
        parts = match.parts if isinstance(match, AllOf) else (match,)
        found: dict[str, tuple[str, ...]] = {}
        kept: list[Condition] = []
        for part in parts:
            name = part.name if isinstance(part, Column) and part.test is ColumnTest.IS_IN else ""
            if isinstance(part, Column) and name in {"market", "language"} and name not in found:
                found[name] = tuple(str(value) for value in part.values)
            else:
                kept.append(part)
        whole = kept[0] if len(kept) == 1 else AllOf(tuple(kept)) if kept else None
        return _Scope(
            whole,
            tuple(code.upper() for code in found.get("market", ())),
            tuple(code.lower() for code in found.get("language", ())),
        )


@dataclass(slots=True)
class _Parser:
    text: str
    fields: tuple[str, ...]
    evasion: Evasion
    at: int = 0
    depth: int = 0
    tokens: list[Token] = field(default_factory=list[Token])

    def whole(self) -> Condition | None:
        self.tokens = list(tokens(self.text))
        if not self.tokens:
            self.stop("empty", 0, 0)
        match = self.whole_query()
        if token := self.next():
            self.stop("extra_parenthesis", token.start, token.end)
        return match

    def stop(self, kind: str, start: int, end: int, **params: str | int) -> NoReturn:
        message = Message(f"rules.query.{kind}", params)
        self.stop_with(message, start, end)

    def stop_with(self, message: Message, start: int, end: int) -> NoReturn:
        raise QueryStoppedError(QueryFault(message, start, end))

    def next(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, kind: Kind) -> Token | None:
        token = self.next()
        if token is None or token.kind is not kind:
            return None
        self.at += 1
        return token

    def where(self, start: int, end: int) -> Where:
        return Where("", 1, start + 1, 1, end + 1)

    def whole_query(self) -> Condition | None:
        parts = [self.either()]
        while self.take(Kind.OR):
            parts.append(self.either())
        return _joined(parts, AnyOf)

    def either(self) -> Condition | None:
        parts = [self.near()]
        while (token := self.next()) and (token.kind in _STARTS or token.kind is Kind.AND):
            self.take(Kind.AND)
            parts.append(self.near())
        return _joined(parts, AllOf)

    def near(self) -> Condition | None:
        first = self.operand()
        sign = self.take(Kind.NEAR)
        if sign is None:
            return first
        parts = [first, self.operand()]
        while further := self.take(Kind.NEAR):
            if (further.text, further.more) != (sign.text, sign.more):
                self.stop("two_distances", further.start, further.end)
            parts.append(self.operand())
        kept = tuple(part for part in parts if part is not None)
        if len(kept) != len(parts) or not all(fits_near(part) for part in kept):
            self.stop("near", sign.start, sign.end)
        unit = Unit.WORDS if sign.more[1] else Unit.CHARACTERS
        where = self.where(sign.start, sign.end)
        return Near(kept, int(sign.more[0]), unit, sign.text == "BEFORE", where)

    def operand(self) -> Condition | None:
        token = self.next()
        if token is None:
            self.stop("ends", len(self.text), len(self.text))
        if token.kind not in _STARTS:
            self.stop("misplaced", token.start, token.end, sign=token.text)
        self.at += 1
        self.depth += 1
        if self.depth > _DEEPEST:
            self.stop("too_deep", token.start, token.end, most=_DEEPEST)
        found = self.reader(token.kind)(token)
        self.depth -= 1
        return found

    def reader(self, kind: Kind) -> Callable[[Token], Condition | None]:
        return {
            Kind.NOT: self.negated, Kind.OPEN: self.group, Kind.WORD: self.term,
            Kind.PHRASE: self.term, Kind.REGEX: self.regex, Kind.COUNT: self.counted,
            Kind.QUALIFIER: self.qualified, Kind.UNCLOSED: self.unclosed,
        }[kind]  # fmt: skip

    def unclosed(self, token: Token) -> NoReturn:
        self.stop("unclosed", token.start, token.start + 1, sign=token.more[0])

    def negated(self, token: Token) -> Condition | None:
        part = self.operand()
        return None if part is None else Not(part, self.where(token.start, token.end))

    def group(self, token: Token) -> Condition | None:
        found = self.whole_query()
        if not self.take(Kind.CLOSE):
            self.stop("open_parenthesis", token.start, token.end)
        return found

    def term(self, token: Token) -> Condition:
        if not token.text.strip():
            self.stop("empty_phrase", token.start, token.end)
        if len(token.text) > LONGEST_TERM:
            message = Message("rules.r008.term", {"most": LONGEST_TERM})
            self.stop_with(message, token.start, token.end)
        return Term(token.text, evasion=self.evasion, where=self.where(token.start, token.end))

    def regex(self, token: Token) -> Condition:
        pattern = token.text.replace("\\/", "/")
        faults = inspect_regex(pattern)[1]
        if faults:
            start, end = faults[0].place
            offset = token.start + 1
            self.stop_with(faults[0].message(), offset + start, offset + end)
        if not pattern:
            self.stop("empty_phrase", token.start, token.end)
        return Regex(pattern, self.evasion, self.where(token.start, token.end))

    def counted(self, token: Token) -> Condition:
        part = self.whole_query()
        close = self.take(Kind.CLOSE)
        if close is None:
            self.stop("open_parenthesis", token.start, token.end)
        if not close.more or int(close.more[0]) < 1:
            self.stop("count", close.start, close.end)
        if part is None or not fits_near(part):
            self.stop("counts_words", token.start, token.end)
        return Count(part, int(close.more[0]), self.where(token.start, close.end))

    def qualified(self, token: Token) -> Condition | None:
        sign = token.more[0]
        if sign == ":" and token.text in FIELD_NAMES:
            part = self.operand()
            fields = (FIELD_NAMES[token.text],)
            where = self.where(token.start, token.end)
            return None if part is None else InFields(part, fields, where)
        values = self.values(token)
        if sign == ":" and token.text in {"field", "fields"}:
            self.scoped(token, values)
            return None
        test = _TESTS[sign]
        if test not in {ColumnTest.IS_IN, ColumnTest.NOT_IN} and len(values) != 1:
            self.stop("one_value", token.start, token.end)
        kept = tuple(_typed(value) for value in values)
        return Column(token.text, test, kept, None, self.where(token.start, token.end))

    def scoped(self, token: Token, values: list[Token]) -> None:
        """Take the fields that the whole query reads."""
        unknown = [value for value in values if value.text not in FIELD_NAMES]
        if unknown:
            names = ", ".join(FIELD_NAMES)
            self.stop("no_field", unknown[0].start, unknown[0].end, names=names)
        if self.depth > 1:
            self.stop("inner_field", token.start, token.end)
        self.fields = tuple(dict.fromkeys(FIELD_NAMES[value.text] for value in values))

    def values(self, token: Token) -> list[Token]:
        if not self.take(Kind.OPEN):
            return _split(self.value(token)) or [self.value(token)]
        found: list[Token] = []
        while not self.take(Kind.CLOSE):
            found.append(self.value(token))
        split = [part for value in found for part in _split(value)]
        return split or [self.value(token)]

    def value(self, token: Token) -> Token:
        value = self.take(Kind.WORD) or self.take(Kind.PHRASE)
        if value is None:
            self.stop("no_value", token.start, token.end, name=token.text)
        return value


def _joined(parts: list[Condition | None], kind: type[AnyOf] | type[AllOf]) -> Condition | None:
    kept = tuple(part for part in parts if part is not None)
    if len(kept) <= 1:
        return kept[0] if kept else None
    return kind(kept, where=kept[0].where)


def _split(token: Token) -> list[Token]:
    """Split ``A,B`` at commas; a phrase stays whole."""
    if token.kind is Kind.PHRASE:
        return [token]
    texts = token.text.replace("，", ",").replace("、", ",").split(",")
    return [replace(token, text=text) for text in texts if text]


def _typed(token: Token) -> Value:
    if token.kind is Kind.WORD:
        for kind in (int, float):
            try:
                return kind(token.text)
            except ValueError:
                continue
    return token.text
