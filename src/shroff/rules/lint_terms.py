"""What lint says of words and phrases, and of lists of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from shroff.domain.findings import Edit, Finding
from shroff.domain.messages import Message
from shroff.domain.places import Where
from shroff.rules.clauses import (
    AllOf,
    AnyOf,
    Atom,
    Column,
    Condition,
    InFields,
    Not,
    Regex,
    Term,
    Word,
    atoms,
    walk,
)
from shroff.rules.finding_catalogue import finding
from shroff.rules.plain_folding import plain_folding, plain_text
from shroff.rules.regex_folding import fold
from shroff.rules.regex_writers import python_text
from shroff.rules.rule import Pack, Rule
from shroff.rules.syntax import inspect_regex
from shroff.text.reading_tables import folded_han, han_readings

__all__ = [
    "alone",
    "always_allowed",
    "idle_phrases",
    "list_findings",
    "term_findings",
    "unused_lists",
]

_WORD_CHARACTER = re.compile(r"[0-9A-Za-z_]")
_SHORT_LATIN = 2
_DIGITS = frozenset("0123456789")
"""They stand for letters and for Chinese numerals."""


def term_findings(term: Term, *, rule: str, by_itself: bool) -> Iterator[Finding]:
    """Look at a term.

    Parameters
    ----------
    term : Term
        The term.
    rule : str
        Its rule.
    by_itself : bool
        Whether it can make the rule fire without anything else.

    Yields
    ------
    Finding
        R201 or R206.
    """
    plain = plain_text(term.text)
    letters = [sign for sign in plain if sign.isalnum()]
    if not letters:
        yield finding("R201", term.where, rule=rule)
    elif by_itself and _is_short(letters):
        yield finding("R206", term.where, rule=rule, term=term.text)


def _is_short(letters: Sequence[str]) -> bool:
    latin = all(letter.isascii() for letter in letters)
    return len(letters) <= (_SHORT_LATIN if latin else 1)


def alone(condition: Condition) -> Iterator[Atom]:
    """Give the atoms that make a condition hold by themselves, whatever else an ad says."""
    if isinstance(condition, Term | Regex):
        yield condition
    elif isinstance(condition, AnyOf):
        for part in condition.parts:
            yield from alone(part)
    elif isinstance(condition, InFields):
        yield from alone(condition.part)
    elif isinstance(condition, AllOf):
        asked = [part for part in condition.parts if not isinstance(part, Not | Column)]
        if len(asked) == 1:
            yield from alone(asked[0])


@dataclass(frozen=True, slots=True)
class _Seen:
    term: Term
    plain: str


def list_findings(
    parts: Iterable[Condition], *, rule: str, lines: Sequence[str]
) -> Iterator[Finding]:
    """Look for terms that others of the same list make needless.

    Parameters
    ----------
    parts : iterable of Condition
        Parts of a list or of ``any``.
    rule : str
        Their rule.
    lines : sequence of str
        The file, by line.

    Yields
    ------
    Finding
        R202 and R205, with a fix that drops the term.
    """
    terms = [_Seen(part, plain_text(part.text)) for part in parts if isinstance(part, Term)]
    first: dict[str, _Seen] = {}
    for seen in terms:
        other = first.setdefault(seen.plain, seen)
        if other is not seen and _as_wide(other.term, seen.term):
            yield _twice(seen.term, other.term, rule=rule, lines=lines)
    lengths = sorted({len(plain) for plain in first if plain})
    for seen in first.values():
        if shorter := _shadow(seen, first, lengths):
            where = seen.term.where
            yield finding("R202", where, rule=rule, fix=_dropped(where, lines), other=shorter.text)


def _as_wide(one: Term, two: Term) -> bool:
    """Tell whether a term hits at least under the disguises and in the places of another."""
    wide = {Word.PART: 0, Word.AUTO: 1, Word.WHOLE: 2}
    return one.evasion & two.evasion == two.evasion and wide[one.word] <= wide[two.word]


def _twice(term: Term, other: Term, *, rule: str, lines: Sequence[str]) -> Finding:
    line = other.where.line
    fix = _dropped(term.where, lines)
    if other.text == term.text:
        return finding("R205", term.where, rule=rule, fix=fix, line=line)
    message = Message("rules.r205.folded", {"other": other.text, "line": line})
    return finding("R205", term.where, message=message, rule=rule, fix=fix)


def _shadow(seen: _Seen, known: dict[str, _Seen], lengths: Sequence[int]) -> Term | None:
    """Find a shorter term that stands inside this one as it would hit there."""
    plain = seen.plain
    for length in lengths:
        if length >= len(plain):
            return None
        for start in range(len(plain) - length + 1):
            other = known.get(plain[start : start + length])
            if other is None or not _as_wide(other.term, seen.term):
                continue
            if _stands(other.term, plain, start=start, end=start + length):
                return other.term
    return None


def _stands(term: Term, text: str, *, start: int, end: int) -> bool:
    """Tell whether a term that is found at a place is a word there, if it must be one."""
    if term.word is Word.PART:
        return True
    cut_before = start > 0 and _joins(text[start - 1], text[start], term.word)
    cut_after = end < len(text) and _joins(text[end - 1], text[end], term.word)
    return not cut_before and not cut_after


def _joins(left: str, right: str, word: Word) -> bool:
    if word is Word.WHOLE:
        return left.isalnum() and right.isalnum()
    return bool(_WORD_CHARACTER.match(left) and _WORD_CHARACTER.match(right))


def _dropped(where: Where, lines: Sequence[str]) -> list[Edit]:
    """Take a term out of its list; nothing if it is not plain how."""
    if where.line != where.end_line or not 0 < where.line <= len(lines):
        return []
    line = lines[where.line - 1]
    before, after = line[: where.column - 1], line[where.end_column - 1 :]
    if re.fullmatch(r"\s*-\s+", before) and re.fullmatch(r"\s*(#.*)?", after):
        if where.line >= len(lines):
            return []
        return [Edit(Where(where.path, where.line, 1, where.line + 1, 1), "")]
    if found := re.search(r",\s*$", before):
        return [Edit(_stretch(where, found.start() + 1, where.end_column), "")]
    if found := re.match(r"\s*,\s*", after):
        return [Edit(_stretch(where, where.column, where.end_column + found.end()), "")]
    return []


def _stretch(where: Where, start: int, end: int) -> Where:
    return Where(where.path, where.line, start, where.line, end)


def always_allowed(rule: Rule) -> Iterator[Finding]:
    """Look for terms of a rule that a phrase always wins over.

    Parameters
    ----------
    rule : Rule
        The rule.

    Yields
    ------
    Finding
        R203.
    """
    if not rule.allow:
        return
    known = {plain_text(phrase.text): phrase for phrase in rule.allow}
    wanted = [atom for part in walk(rule.match) for atom in _wanted(part)]
    for atom in wanted:
        phrase = known.get(plain_text(atom.text)) if isinstance(atom, Term) else None
        if phrase is not None and phrase.evasion & atom.evasion == atom.evasion:
            yield finding("R203", atom.where, rule=rule.id, other=phrase.text)


def idle_phrases(pack: Pack) -> Iterator[Finding]:
    """Look for allow phrases that no rule of a pack has a use for.

    Parameters
    ----------
    pack : Pack
        The pack.

    Yields
    ------
    Finding
        R204.
    """
    idle: dict[Where, str] = {}
    useful: set[Where] = set()
    for rule in pack.rules:
        every = list(dict.fromkeys(atoms(rule.match))) if rule.allow else []
        for phrase in rule.allow:
            if any(_can_stand(atom, plain_text(phrase.text)) for atom in every):
                useful.add(phrase.where)
            idle.setdefault(phrase.where, rule.id)
    for where, first in idle.items():
        if where not in useful:
            yield finding("R204", where, rule=first)


def _wanted(part: Condition) -> tuple[Atom, ...]:
    return (part,) if isinstance(part, Term | Regex) else ()


def _can_stand(atom: Atom, phrase: str) -> bool:
    """Tell whether an atom can hit inside a phrase."""
    if isinstance(atom, Term):
        return _sounds_in(plain_text(atom.text), phrase)
    tree, faults = inspect_regex(atom.pattern)
    if tree is None or faults:
        return True
    return bool(re.search(python_text(fold(tree, plain_folding()).tree), phrase))


def _sounds_in(term: str, phrase: str) -> bool:
    """Tell whether a term, or one that sounds or looks like it, stands in a phrase."""
    letters, among = ([sign for sign in text if sign.isalnum()] for text in (term, phrase))
    return any(
        all(map(_alike, letters, among[start:])) for start in range(len(among) - len(letters) + 1)
    )


def _alike(one: str, other: str) -> bool:
    if one == other or {one, other} & _DIGITS:
        return True
    looks, sounds = folded_han(), han_readings()
    if looks.get(one, one) == looks.get(other, other):
        return True
    return bool(set(sounds.get(one, ())) & set(sounds.get(other, ())))


def unused_lists(pack: Pack, text: str) -> Iterator[Finding]:
    """Look for lists that nothing names.

    Parameters
    ----------
    pack : Pack
        The pack.
    text : str
        Its file.

    Yields
    ------
    Finding
        R207.
    """
    named = set(re.findall(r"\$([^\W\d][\w.\-]*)", text))
    for one in pack.lists:
        if one.id not in named:
            yield finding("R207", one.where, name=one.id)
