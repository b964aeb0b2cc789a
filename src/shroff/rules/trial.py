"""Does a rule do what its examples say, and which disguises of them does it survive?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import pyarrow as pa

from shroff.domain.messages import Message
from shroff.rules.ad_scan import columns_read, texts_read
from shroff.rules.clauses import Value
from shroff.rules.compile import compiled, pack_cache
from shroff.rules.disguised_examples import (
    EVERYDAY_FORMS,
    Case,
    Places,
    PlainSpan,
    disguised_cases,
    terms_alone,
)
from shroff.rules.match import Scanner
from shroff.rules.rule import FIELDS, Example, Pack, Rule, Span
from shroff.text.evasion import KINDS, Evasion, kinds_in

__all__ = ["Failure", "RuleTrial", "Survival", "Trials", "scanned", "try_packs"]

_SEED = 2026


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that does not come out as it says.

    Parameters
    ----------
    why : str
        ``missed``: it must match and does not; ``hit``: it must not and does; ``elsewhere``: it
        matches, but not where it says.
    example : Example
        The example.
    found : tuple of Span
        Where the rule matches.
    """

    why: str
    example: Example
    found: tuple[Span, ...] = ()

    def text(self) -> Message:
        """Say it in a sentence."""
        texts = " / ".join(text for _, text in self.example.texts)
        return Message(
            f"trial.{self.why}",
            {
                "text": texts,
                "where": str(self.example.where),
                "found": _places(self.found),
                "wanted": _places(self.example.spans),
            },
        )

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "why": self.why,
            "texts": dict(self.example.texts),
            "where": str(self.example.where),
            "wanted": [_span_record(span) for span in self.example.spans],
            "found": [_span_record(span) for span in self.found],
            "sentence": self.text().record(),
        }


def _places(spans: Sequence[Span]) -> str:
    return ", ".join(f"{span.field} {span.start}–{span.end}" for span in spans) or "–"


def _span_record(span: Span) -> dict[str, object]:
    return {"field": span.field, "start": span.start, "end": span.end}


@dataclass(frozen=True, slots=True)
class Survival:
    """How a rule fares against one kind of disguise.

    Parameters
    ----------
    kind : Evasion
        The kind.
    made, caught : int
        Examples so disguised, and those that it still matches.
    asked : bool
        Whether the rule's switches say that it sees through this kind.
    lost : str
        One that it no longer matches; empty for none.
    """

    kind: Evasion
    made: int
    caught: int
    asked: bool
    lost: str

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "kind": kinds_in(self.kind)[0].id,
            "made": self.made,
            "caught": self.caught,
            "asked": self.asked,
            "lost": self.lost or None,
        }


@dataclass(frozen=True, slots=True)
class RuleTrial:
    """One rule, tested.

    Parameters
    ----------
    rule : Rule
        The rule.
    pack : str
        Its pack.
    examples : int
        Its examples.
    failures : tuple of Failure
        Those that do not come out as they say.
    survivals : tuple of Survival
        Disguises of the examples that it must match, kind by kind.
    """

    rule: Rule
    pack: str
    examples: int
    failures: tuple[Failure, ...]
    survivals: tuple[Survival, ...]

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "rule": self.rule.id,
            "pack": self.pack,
            "examples": self.examples,
            "failures": [each.record() for each in self.failures],
            "disguises": [each.record() for each in self.survivals],
        }


@dataclass(frozen=True, slots=True)
class Trials:
    """Rules, tested.

    Parameters
    ----------
    rules : tuple of RuleTrial
        In the order of their packs.
    """

    rules: tuple[RuleTrial, ...]

    @property
    def failed(self) -> tuple[RuleTrial, ...]:
        """List the rules with an example that does not come out as it says."""
        return tuple(each for each in self.rules if each.failures)

    def summary(self) -> Message:
        """Say in a sentence how the examples came out."""
        examples = sum(each.examples for each in self.rules)
        wrong = sum(len(each.failures) for each in self.rules)
        made = sum(s.made for each in self.rules for s in each.survivals if s.asked)
        caught = sum(s.caught for each in self.rules for s in each.survivals if s.asked)
        return Message(
            "trial.summary",
            {
                "rules": len(self.rules),
                "right": examples - wrong,
                "examples": examples,
                "caught": caught,
                "made": made,
            },
        )

    def kinds(self) -> tuple[Survival, ...]:
        """Add up over all rules, kind by kind: what is asked of them, and what is not."""
        found = [
            _added([s for each in self.rules for s in each.survivals if s.kind == kind.flag])
            for kind in KINDS
        ]
        return tuple(each for each in found if each is not None)

    def record(self) -> dict[str, object]:
        """Give everything as a JSON-ready record."""
        return {
            "rules": [each.record() for each in self.rules],
            "failed": [each.rule.id for each in self.failed],
            "kinds": [each.record() for each in self.kinds()],
            "sentence": self.summary().record(),
        }


def _added(parts: Sequence[Survival]) -> Survival | None:
    asked = [part for part in parts if part.asked]
    if not asked:
        return None
    lost = next((part.lost for part in asked if part.lost), "")
    made, caught = (sum(getattr(part, name) for part in asked) for name in ("made", "caught"))
    return Survival(asked[0].kind, made, caught, asked=True, lost=lost)


def try_packs(packs: Sequence[Pack], *, seed: int = _SEED) -> Trials:
    """Test rules by their examples, and by disguises of what these match.

    Parameters
    ----------
    packs : sequence of Pack
        The rules.
    seed : int
        Where disguises leave a choice, it decides.

    Returns
    -------
    Trials
        Examples that do not come out as they say, and disguises that are seen through or not.

    Notes
    -----
    What is disguised is what the rule matched in the example, span by span; the rest of the text
    stays. Disguises are made with lists of their own, not with what sees through them. Examples that
    wear a disguise already are left alone where the rule has others, and what a pattern matched is
    disguised only in the ways that patterns are read through.
    """
    rules = [(rule, pack.id) for pack in packs for rule in pack.rules]
    scanner = Scanner(compiled(packs, cache=pack_cache()))
    cases = [
        Case(place, example, dict(example.texts), expected)
        for place, (rule, _) in enumerate(rules)
        for expected, examples in (("match", rule.must_match), ("none", rule.must_not_match))
        for example in examples
    ]
    every = [rule for rule, _ in rules]
    found = scanned(scanner, every, cases)
    bare = terms_alone(every)
    by_term = scanned(Scanner(compiled([Pack("terms", rules=tuple(bare))])), bare, cases)
    rng = Random(seed)  # noqa: S311 - a choice, not a secret
    hidden = list(disguised_cases(cases, found, by_term=by_term, rng=rng))
    seen = scanned(scanner, every, hidden)
    return Trials(
        tuple(
            RuleTrial(
                rule,
                pack,
                len(rule.must_match) + len(rule.must_not_match),
                tuple(_failures(place, cases, found)),
                tuple(_survivals(place, rule, cases=hidden, seen=seen)),
            )
            for place, (rule, pack) in enumerate(rules)
        )
    )


def scanned(scanner: Scanner, rules: Sequence[Rule], cases: Sequence[Case]) -> list[Places | None]:
    """Scan texts, each with the rule that it is for.

    Parameters
    ----------
    scanner : Scanner
        Finds the rules.
    rules : sequence of Rule
        The rules, by the number that cases have.
    cases : sequence of Case
        The texts.

    Returns
    -------
    list
        For each case where its rule matches, and whether in disguise; None where it does not.
    """
    if not cases:
        return []
    fields = dict.fromkeys((*FIELDS, *texts_read(rules)))
    batch = {
        name: pa.array([case.texts.get(name) for case in cases], pa.string()) for name in fields
    }
    for name in columns_read(rules):
        if name not in batch:
            batch[name] = _column([_value(case, rules[case.rule], name) for case in cases])
    hits: dict[tuple[int, str], dict[PlainSpan, bool]] = {}
    for row in scanner.scan(batch).to_pylist():
        spans = hits.setdefault((row["row"], row["rule_id"]), {})
        if row["field"] is not None:
            span = (row["field"], row["start"], row["end"])
            spans[span] = spans.get(span, True) and not EVERYDAY_FORMS.issuperset(row["evasion"])
    return [hits.get((place, rules[case.rule].id)) for place, case in enumerate(cases)]


def _value(case: Case, rule: Rule, name: str) -> Value | None:
    """Give the value of a column: the example's, or one for which the rule applies."""
    told = dict(case.example.columns)
    if name in told:
        return told[name]
    usual = {"market": rule.markets, "language": rule.languages}.get(name, ())
    return usual[0] if usual else None


def _column(values: Sequence[Value | None]) -> pa.Array:
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int, float} or kinds == {bool}:
        return pa.array(values, pa.bool_() if kinds == {bool} else pa.float64())
    return pa.array([None if value is None else str(value) for value in values], pa.string())


def _failures(
    rule: int, cases: Sequence[Case], found: Sequence[Places | None]
) -> Iterator[Failure]:
    for case, spans in zip(cases, found, strict=True):
        if case.rule != rule:
            continue
        places = tuple(Span(*span) for span in sorted(spans or ()))
        if case.expected == "none":
            if spans is not None:
                yield Failure("hit", case.example, places)
        elif spans is None:
            yield Failure("missed", case.example)
        elif not set(case.example.spans) <= set(places):
            yield Failure("elsewhere", case.example, places)


def _survivals(
    place: int,
    rule: Rule,
    *,
    cases: Sequence[Case],
    seen: Sequence[Places | None],
) -> Iterator[Survival]:
    for kind in KINDS:
        mine = [
            (case, spans)
            for case, spans in zip(cases, seen, strict=True)
            if case.rule == place and case.kind == kind.flag
        ]
        if mine:
            lost = [case.disguise for case, spans in mine if spans is None]
            yield Survival(
                kind.flag,
                len(mine),
                len(mine) - len(lost),
                asked=bool(rule.evasion & kind.flag),
                lost=lost[0] if lost else "",
            )
