"""What lint learns by running rules: on their own examples, and on texts that are given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from time import process_time
from typing import TYPE_CHECKING

from shroff.domain.findings import Finding
from shroff.domain.messages import Message
from shroff.rules.clauses import Condition, InFields, Regex, atoms, columns, walk
from shroff.rules.finding_catalogue import finding
from shroff.rules.lint import Linted
from shroff.rules.lint_terms import alone
from shroff.rules.rule import Example, Pack, Rule, Span
from shroff.rules.written import condition_text

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["run_findings"]

_SLOW = 10
_MICROS = 2.0
_USUAL = 2.0
"""What a rule with a pattern costs a text, where there are too few to tell."""

_MOST_TIMED = 300
_TIMED_TEXTS = 5_000
_SHOWN = 60


def run_findings(found: Linted, *, texts: Sequence[str] = (), most: float = 0.02) -> list[Finding]:
    """Run the rules that can be run.

    Parameters
    ----------
    found : Linted
        What was found without running them.
    texts : sequence of str
        A corpus, one field each; nothing for none.
    most : float
        Share of the corpus that a rule may hit, in (0, 1].

    Returns
    -------
    list of Finding
        R305 to R307 for examples, R314 and R315 for the corpus.
    """
    packs = [pack for pack in found.sound() if pack.rules]
    findings = [one for pack in packs for one in _examples(pack)]
    if texts and packs:
        findings += _overbroad(packs, texts, most=most)
        findings += _slow(packs, texts)
    return findings


@dataclass(frozen=True, slots=True)
class _Case:
    rule: Rule
    example: Example
    wanted: bool


def _examples(pack: Pack) -> Iterator[Finding]:
    cases = [
        _Case(rule, example, wanted)
        for rule in pack.rules
        for examples, wanted in ((rule.must_match, True), (rule.must_not_match, False))
        for example in examples
    ]
    if not cases:
        return
    hits = _hits(pack, cases)
    for row, case in enumerate(cases):
        yield from _judged(case, hits.get((row, case.rule.id), []))


def _hits(pack: Pack, cases: Sequence[_Case]) -> dict[tuple[int, str], list[dict[str, object]]]:
    from shroff.rules.compile import compiled  # noqa: PLC0415 - numba takes its time
    from shroff.rules.match import Scanner  # noqa: PLC0415

    found = Scanner(compiled([pack])).scan(_batch(pack, cases))
    by_case: dict[tuple[int, str], list[dict[str, object]]] = {}
    for hit in found.to_pylist():
        by_case.setdefault((hit["row"], hit["rule_id"]), []).append(hit)
    return by_case


def _batch(pack: Pack, cases: Sequence[_Case]) -> Mapping[str, pa.Array]:
    """Put examples into columns: all fields, and all columns that rules ask for."""
    import pyarrow as pa  # noqa: PLC0415

    fields = dict.fromkeys(name for rule in pack.rules for name in _fields(rule))
    asked = dict.fromkeys(
        column.name for rule in pack.rules for part in _parts(rule) for column in columns(part)
    )
    batch: dict[str, pa.Array] = {}
    for name in fields:
        texts = [dict(case.example.texts).get(name) for case in cases]
        batch[name] = pa.array(texts, pa.string())
    for name in dict.fromkeys([*asked, "market", "language"]):
        if name not in batch:
            batch[name] = pa.array([_cell(case, name) for case in cases])
    return batch


def _fields(rule: Rule) -> list[str]:
    examples = (*rule.must_match, *rule.must_not_match)
    named = [name for example in examples for name, _ in example.texts]
    inner = [name for part in _parts(rule) for name in _inner_fields(part)]
    return [*rule.fields, *named, *inner]


def _inner_fields(part: Condition) -> list[str]:
    return [name for one in walk(part) if isinstance(one, InFields) for name in one.fields]


def _parts(rule: Rule) -> list[Condition]:
    return [rule.match, *([rule.unless.part] if rule.unless else [])]


def _cell(case: _Case, name: str) -> object:
    own = dict(case.example.columns)
    if name in own:
        return own[name]
    scope = {"market": case.rule.markets, "language": case.rule.languages}.get(name, ())
    return scope[0] if scope else None


def _judged(case: _Case, hits: Sequence[Mapping[str, object]]) -> Iterator[Finding]:
    example, rule = case.example, case.rule
    if case.wanted and not hits:
        yield finding("R305", example.where, rule=rule.id)
    elif not case.wanted and hits:
        matched = str(hits[0]["matched"])
        yield finding("R306", example.where, rule=rule.id, matched=matched)
    elif case.wanted and example.spans:
        spans = {Span(str(hit["field"]), _int(hit["start"]), _int(hit["end"])) for hit in hits}
        if not set(example.spans) <= spans:
            yield finding(
                "R307", example.where, rule=rule.id, found=_spans(spans),
                wanted=_spans(example.spans),
            )  # fmt: skip


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0


def _spans(spans: Sequence[Span] | set[Span]) -> str:
    ordered = sorted(spans, key=lambda span: (span.field, span.start, span.end))
    return ", ".join(f"{span.field} {span.start}-{span.end}" for span in ordered)


def _overbroad(packs: Sequence[Pack], texts: Sequence[str], *, most: float) -> Iterator[Finding]:
    """Count what rules hit, then which of their words hit most of it."""
    rules = [rule for pack in packs for rule in pack.rules]
    shares = _shares(rules, texts)
    broad = [rule for rule in rules if shares[rule.id] > most]
    for rule in broad:
        told = {"share": shares[rule.id], "texts": len(texts)}
        message = Message("rules.r315.rule", told)
        yield finding("R315", rule.where, message=message, rule=rule.id)
        words = list(dict.fromkeys(alone(rule.match)))
        single = [replace(rule, id=f"{place}", match=word) for place, word in enumerate(words)]
        parts = _shares(single, texts)
        for place, word in enumerate(words):
            if len(words) > 1 and parts[str(place)] > most:
                part = condition_text(word)[:_SHOWN]
                yield finding(
                    "R315", word.where, rule=rule.id, part=part, share=parts[str(place)],
                    texts=len(texts),
                )  # fmt: skip


def _plain_scope(rule: Rule) -> Rule:
    """Let a rule read a text of no market and language."""
    return replace(rule, markets=(), languages=(), fields=("text",), expires=None)


def _shares(rules: Sequence[Rule], texts: Sequence[str]) -> dict[str, float]:
    import numpy as np  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415

    from shroff.rules.compile import compiled  # noqa: PLC0415
    from shroff.rules.match import Scanner  # noqa: PLC0415

    plain = [_plain_scope(rule) for rule in rules if not any(columns(rule.match))]
    shares = {rule.id: 0.0 for rule in rules}
    if plain:
        scanner = Scanner(compiled([Pack("lint", rules=tuple(plain))]))
        _, fired = scanner.flags({"text": pa.array(texts, pa.string())})
        counts = np.bincount(fired, minlength=len(plain))
        shares |= {
            rule.id: int(count) / len(texts) for rule, count in zip(plain, counts, strict=True)
        }
    return shares


def _slow(packs: Sequence[Pack], texts: Sequence[str]) -> Iterator[Finding]:
    """Time the rules with patterns, each by itself, against the usual one."""
    rules = [rule for pack in packs for rule in pack.rules if _has_regex(rule)][:_MOST_TIMED]
    costs = {rule.id: _cost(rule, texts[:_TIMED_TEXTS]) for rule in rules}
    usual = median(costs.values()) if len(costs) > 2 else _USUAL
    for rule in rules:
        cost = costs[rule.id]
        if cost > _MICROS and cost > _SLOW * usual:
            times = cost / max(usual, 1e-3)
            yield finding("R314", rule.where, rule=rule.id, micros=cost, times=times)


def _has_regex(rule: Rule) -> bool:
    return not any(columns(rule.match)) and any(
        isinstance(atom, Regex) for atom in atoms(rule.match)
    )


def _cost(rule: Rule, texts: Sequence[str]) -> float:
    """Measure what a rule costs by itself, in microseconds a text, the reading of texts included."""
    import pyarrow as pa  # noqa: PLC0415

    from shroff.rules.compile import compiled  # noqa: PLC0415
    from shroff.rules.match import Scanner  # noqa: PLC0415

    scanner = Scanner(compiled([Pack("lint", rules=(_plain_scope(rule),))]))
    batch = {"text": pa.array(texts, pa.string())}
    times: list[float] = []
    for _ in range(3):
        start = process_time()
        scanner.flags(batch)
        times.append(process_time() - start)
    return 1e6 * min(times) / len(texts)
