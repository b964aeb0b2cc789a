"""Examples of rules in disguise: what a rule points at, written as people hide it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from shroff.rules.clauses import AnyOf, Regex, Term, atoms
from shroff.rules.rule import Example, Rule
from shroff.text.disguising import disguises
from shroff.text.evasion import Evasion

__all__ = ["EVERYDAY_FORMS", "Case", "Places", "PlainSpan", "disguised_cases", "terms_alone"]

EVERYDAY_FORMS = frozenset(("case", "width"))
"""Disguises that a text wears without meaning to: capitals, and full-width signs in Chinese."""

_PATTERNS_SEE = (
    Evasion.WIDTH
    | Evasion.CASE
    | Evasion.HIDDEN
    | Evasion.MARKS
    | Evasion.HOMOGLYPH
    | Evasion.TRAD
)

PlainSpan = tuple[str, int, int]
"""Field, start and end."""

Places = Mapping[PlainSpan, bool]
"""Where a rule matches, and whether it is in disguise there."""


@dataclass(frozen=True, slots=True)
class Case:
    """One text to be scanned: an example as it is, or in disguise.

    Attributes
    ----------
    rule : int
        Place of its rule.
    example : Example
        The example.
    texts : mapping of str to str
        Text by field.
    expected : str
        ``match`` or ``none``.
    kind : Evasion
        How it is disguised.
    disguise : str
        What was matched, as it is written now.
    """

    rule: int
    example: Example
    texts: Mapping[str, str]
    expected: str
    kind: Evasion = Evasion.NONE
    disguise: str = ""


def terms_alone(rules: Sequence[Rule]) -> list[Rule]:
    """Make rules that match wherever a term of the given ones stands, to tell terms from patterns.

    Parameters
    ----------
    rules : sequence of Rule
        The rules.

    Returns
    -------
    list of Rule
        One a rule, in the same order; those without patterns as they are.
    """
    return [_terms_of(rule) if _has_patterns(rule) else rule for rule in rules]


def _has_patterns(rule: Rule) -> bool:
    return any(isinstance(atom, Regex) for atom in atoms(rule.match))


def _terms_of(rule: Rule) -> Rule:
    terms = tuple(atom for atom in atoms(rule.match) if isinstance(atom, Term))
    return replace(rule, match=AnyOf(terms), unless=None, allow=())


def disguised_cases(
    cases: Sequence[Case],
    found: Sequence[Places | None],
    *,
    by_term: Sequence[Places | None],
    rng: Random,
) -> Iterator[Case]:
    """Disguise what was matched, one kind at a time.

    Parameters
    ----------
    cases : sequence of Case
        Examples as they are.
    found : sequence of mapping, or None
        Where the rule of each matches.
    by_term : sequence of mapping, or None
        Where a term of the rule of each stands.
    rng : random.Random
        Where disguises leave a choice, it decides.

    Yields
    ------
    Case
        One an example and kind.
    """
    open_rules = {
        case.rule
        for case, places in zip(cases, found, strict=True)
        if case.expected == "match" and places and not any(places.values())
    }
    for case, places, terms in zip(cases, found, by_term, strict=True):
        if case.expected != "match" or not places:
            continue
        if any(places.values()) and case.rule in open_rules:
            continue
        yield from _disguised(case, _apart(places), terms=terms or {}, rng=rng)


def _disguised(
    case: Case, spans: Sequence[PlainSpan], *, terms: Places, rng: Random
) -> Iterator[Case]:
    made: dict[Evasion, dict[str, str]] = {}
    shown: dict[Evasion, list[str]] = {}
    # from the back, so that places before stay true
    for field, start, end in sorted(spans, reverse=True):
        for kind, text in disguises(case.texts[field][start:end], rng=rng):
            if (field, start, end) not in terms and not kind & _PATTERNS_SEE:
                continue
            texts = made.setdefault(kind, dict(case.texts))
            texts[field] = texts[field][:start] + text + texts[field][end:]
            shown.setdefault(kind, []).insert(0, text)
    for kind, texts in made.items():
        yield Case(case.rule, case.example, texts, "match", kind, " … ".join(shown[kind]))


def _apart(spans: Places) -> list[PlainSpan]:
    """Leave out spans that overlap an earlier one."""
    kept: list[PlainSpan] = []
    for span in sorted(spans):
        if not kept or kept[-1][0] != span[0] or kept[-1][2] <= span[1]:
            kept.append(span)
    return kept
