"""From phrases that were chosen to rules that can be read, tested and shipped."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from shroff.rules.clauses import AllOf, AnyOf, Atom, Condition, Count, Near, Regex, Term
from shroff.rules.compile import compiled
from shroff.rules.match import Scanner
from shroff.rules.mine_candidates import Candidates
from shroff.rules.mine_grams import ANY, EXACT
from shroff.rules.mine_ideas import Idea, IdeaKind
from shroff.rules.rule import Example, Pack, Rule
from shroff.text.evasion import DEFAULT, Evasion

__all__ = ["MEASURED_FIELD", "atom_of", "condition_of", "fired", "nearer", "with_tests"]

MEASURED_FIELD = "body"
_DEFAULTS: Mapping[int, Evasion] = MappingProxyType({})
_TESTS = 3
_LONGEST_EXAMPLE = 400
_LONG_NUMBER = 7
_NUMBER = re.compile(r"[0-9][0-9.,]*[0-9]|[0-9]")
_PLAIN = re.compile(r"[0-9A-Za-z_]")
_SPECIAL = frozenset(r"\.^$|?*+()[]{}-/&~#")
_DISTANCES = (5, 10, 20, 40, 80)


def condition_of(
    idea: Idea, phrases: Candidates, *, switches: Mapping[int, Evasion] = _DEFAULTS
) -> Condition:
    """Say in the language of rules what was chosen.

    Parameters
    ----------
    idea : Idea
        Phrases and how they are combined.
    phrases : Candidates
        The phrases.
    switches : mapping of int to Evasion
        Disguises that each phrase sees through, where not those that rules see through by default.

    Returns
    -------
    Condition
        A term, an expression, two together, or some of a list.
    """
    atoms = tuple(
        replace(
            atom_of(phrases.texts[at], int(phrases.forms[at])), evasion=switches.get(at, DEFAULT)
        )
        for at in idea.parts
    )
    if idea.kind is IdeaKind.ALL:
        return AllOf(atoms)
    if idea.kind is IdeaKind.COUNT:
        return Count(AnyOf(atoms), idea.at_least) if idea.at_least > 1 else AnyOf(atoms)
    if idea.kind is IdeaKind.SLOT:
        return _joined([phrases.texts[at] for at in idea.parts]) or AnyOf(atoms)
    return atoms[0]


def atom_of(text: str, form: int) -> Atom:
    r"""Write a phrase as a term, or, where its numbers stand for others, as an expression.

    Parameters
    ----------
    text : str
        The phrase.
    form : int
        ``EXACT``, ``ANY`` or ``SIZED`` of `shroff.rules.mine_grams`.

    Returns
    -------
    Term or Regex
        The atom.

    Examples
    --------
    >>> atom_of("call 0906 now", 1).pattern
    '\\bcall\\s*\\d[\\d.,]*\\s*now\\b'
    >>> atom_of("7天", 2).pattern
    '\\b\\d{1}天'
    """
    if form == EXACT:
        return Term(text)
    parts: list[str] = []
    at = 0
    for number in _NUMBER.finditer(text):
        parts += [_literal(text[at : number.start()]), _digits(number[0], form)]
        at = number.end()
    return Regex(_edged("".join([*parts, _literal(text[at:])]), text))


def _digits(number: str, form: int) -> str:
    if form == ANY:
        return r"\d[\d.,]*"
    if not number.isdigit():
        return _literal(number)
    size = len(number)
    return rf"\d{{{size}}}" if size < _LONG_NUMBER else rf"\d{{{_LONG_NUMBER},}}"


def _literal(text: str) -> str:
    return "".join(
        r"\s*" if sign == " " else f"\\{sign}" if sign in _SPECIAL else sign for sign in text
    )


def _edged(pattern: str, text: str) -> str:
    """Keep what begins or ends in a Latin letter or a digit from beginning or ending in a word."""
    first = r"\b" if _PLAIN.match(text[0]) else ""
    return first + pattern + (r"\b" if _PLAIN.match(text[-1]) else "")


def _joined(texts: Sequence[str]) -> Regex | None:
    """Write phrases that differ in one place as one expression."""
    start = next(
        (at for at, signs in enumerate(zip(*texts, strict=False)) if len(set(signs)) > 1), 0
    )
    turned = [text[start:][::-1] for text in texts]
    end = next(
        (at for at, signs in enumerate(zip(*turned, strict=False)) if len(set(signs)) > 1), 0
    )
    same = texts[0][:start], texts[0][len(texts[0]) - end :] if end else ""
    inner = sorted({text[start : len(text) - end] for text in texts})
    if "" in inner or not "".join(same):
        return None
    single = all(len(one) == 1 for one in inner)
    middle = "".join(map(_literal, inner)) if single else "|".join(map(_literal, inner))
    pattern = (
        _literal(same[0]) + (f"[{middle}]" if single else f"(?:{middle})") + _literal(same[1])
    )
    return Regex(_edged(pattern, texts[0]))


def fired(rules: Sequence[Rule], texts: Sequence[str]) -> NDArray[np.bool_]:
    """Tell which rules fire on which texts, as they will when they are live.

    Parameters
    ----------
    rules : sequence of Rule
        Rules; their tests, states and fields do not matter.
    texts : sequence of str
        Texts.

    Returns
    -------
    array of bool, shape (texts, rules)
        Where each fires.
    """
    found: NDArray[np.bool_] = np.zeros((len(texts), len(rules)), np.bool_)
    if not rules or not texts:
        return found
    plain = tuple(
        Rule(
            id=f"r{number}",
            match=rule.match,
            fields=(MEASURED_FIELD,),
            allow=rule.allow,
            unless=rule.unless,
            evasion=rule.evasion,
        )
        for number, rule in enumerate(rules)
    )
    scanner = Scanner(compiled([Pack(id="mined", rules=plain)]))
    row, rule = scanner.flags({MEASURED_FIELD: pa.array(list(texts), pa.large_string())})
    found[row, rule] = True
    return found


def with_tests(
    rule: Rule,
    texts: Sequence[str],
    *,
    fires: NDArray[np.bool_],
    violating: NDArray[np.bool_],
    copy: NDArray[np.intp],
    nearness: NDArray[np.float64],
) -> Rule:
    """Give a rule examples from the data: ads it must catch, and near misses it must not.

    Parameters
    ----------
    rule : Rule
        The rule.
    texts : sequence of str
        Ads.
    fires, violating : array of bool, shape (ads,)
        Whether it fires on each, and whether each violates.
    copy : array of int, shape (ads,)
        Set of near-copies of each.
    nearness : array of float, shape (ads,)
        How much of the rule is in each ad.

    Returns
    -------
    Rule
        The rule with up to three tests of each kind, no two near-copies.
    """
    short = np.array([len(text) <= _LONGEST_EXAMPLE for text in texts])
    size = np.array([len(text) for text in texts])
    caught = np.flatnonzero(fires & violating & short)
    missed = np.flatnonzero(~fires & ~violating & short & (nearness > 0))
    must = _apart(caught[np.argsort(size[caught], kind="stable")], copy)
    near = missed[np.lexsort((size[missed], -nearness[missed]))]
    return replace(
        rule,
        must_match=tuple(_example(texts[at], rule) for at in must),
        must_not_match=tuple(_example(texts[at], rule) for at in _apart(near, copy)),
    )


def _apart(rows: NDArray[np.intp], copy: NDArray[np.intp]) -> list[int]:
    chosen: dict[int, int] = {}
    for row in rows.tolist():
        chosen.setdefault(int(copy[row]), row)
        if len(chosen) == _TESTS:
            break
    return list(chosen.values())


def _example(text: str, rule: Rule) -> Example:
    return Example(texts=((rule.fields[0], text),))


def nearer(condition: Condition, texts: Sequence[str], violating: NDArray[np.bool_]) -> Condition:
    """Ask that two phrases stand near each other where that is how they stand in violations.

    Parameters
    ----------
    condition : Condition
        An `AllOf` of two phrases; anything else is given back.
    texts : sequence of str
        Ads that it fires on.
    violating : array of bool
        Whether each violates.

    Returns
    -------
    Condition
        A `Near` that loses no violation and drops some of the others, or the condition.
    """
    if not isinstance(condition, AllOf):
        return condition
    tried = [Near(condition.parts, within) for within in _DISTANCES]
    rules = [Rule(id=str(at), match=one) for at, one in enumerate(tried)]
    fires = fired(rules, texts)
    for at, one in enumerate(tried):
        lost = violating & ~fires[:, at]
        if not lost.any() and (~violating & ~fires[:, at]).any():
            return one
    return condition
