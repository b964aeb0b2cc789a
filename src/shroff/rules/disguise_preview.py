"""One text before the rules of a pack: which fire, and which disguises of it they survive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from shroff.rules.compile import compiled
from shroff.rules.disguised_examples import Case, Places, disguised_cases, terms_alone
from shroff.rules.match import Scanner
from shroff.rules.rule import Example, Pack, Rule
from shroff.rules.trial import scanned
from shroff.text.evasion import Evasion, kinds_in

__all__ = ["Disguised", "Previewed", "preview"]

_SEED = 2026


@dataclass(frozen=True, slots=True)
class Disguised:
    """A text in one disguise.

    Parameters
    ----------
    kind : Evasion
        The kind.
    text : str
        What was matched, as it is written now.
    caught : bool
        Whether the rule still fires.
    asked : bool
        Whether its switches say that it sees through this kind.
    """

    kind: Evasion
    text: str
    caught: bool
    asked: bool

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        kind = kinds_in(self.kind)[0]
        return {
            "kind": kind.id,
            "names": {"en": kind.names[0], "zh": kind.names[1]},
            "text": self.text,
            "caught": self.caught,
            "asked": self.asked,
        }


@dataclass(frozen=True, slots=True)
class Previewed:
    """A rule that fires on a text.

    Parameters
    ----------
    rule : Rule
        The rule.
    spans : tuple of (int, int)
        Where.
    disguises : tuple of Disguised
        The text in disguise, a kind each.
    """

    rule: Rule
    spans: tuple[tuple[int, int], ...]
    disguises: tuple[Disguised, ...]

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "rule": self.rule.id,
            "action": str(self.rule.action),
            "offensive": self.rule.offensive,
            "spans": [{"start": start, "end": end} for start, end in self.spans],
            "disguises": [each.record() for each in self.disguises],
        }


def preview(packs: Sequence[Pack], text: str, *, seed: int = _SEED) -> tuple[Previewed, ...]:
    """Tell which rules fire on a text, and on its disguises, as `try_packs` does with examples.

    Parameters
    ----------
    packs : sequence of Pack
        The rules; those for some markets or languages are taken to apply.
    text : str
        What an ad would say, in the first field that each rule reads.
    seed : int
        Where disguises leave a choice, it decides.

    Returns
    -------
    tuple of Previewed
        The rules that fire, in the order of their packs.
    """
    rules = [rule for pack in packs for rule in pack.rules]
    if not rules or not text:
        return ()
    scanner = Scanner(compiled(packs))
    cases = [_case(place, rule, text) for place, rule in enumerate(rules)]
    found = scanned(scanner, rules, cases)
    firing = [place for place, spots in enumerate(found) if spots is not None]
    bare = terms_alone(rules)
    by_term = scanned(Scanner(compiled([Pack("terms", rules=tuple(bare))])), bare, cases)
    hidden = list(
        disguised_cases(
            [cases[place] for place in firing],
            [dict.fromkeys(found[place] or (), False) for place in firing],
            by_term=[by_term[place] for place in firing],
            rng=Random(seed),  # noqa: S311 - a choice, not a secret
        )
    )
    seen = scanned(scanner, rules, hidden)
    return tuple(
        _previewed(place, rules[place], spots=found[place] or {}, hidden=hidden, seen=seen)
        for place in firing
    )


def _case(place: int, rule: Rule, text: str) -> Case:
    example = Example(texts=((rule.fields[0], text),))
    return Case(place, example, dict(example.texts), "match")


def _previewed(
    place: int,
    rule: Rule,
    *,
    spots: Places,
    hidden: Sequence[Case],
    seen: Sequence[Places | None],
) -> Previewed:
    disguises = tuple(
        Disguised(case.kind, case.disguise, spans is not None, bool(rule.evasion & case.kind))
        for case, spans in zip(hidden, seen, strict=True)
        if case.rule == place
    )
    spans = tuple(sorted((start, end) for _, start, end in spots))
    return Previewed(rule, spans, disguises)
