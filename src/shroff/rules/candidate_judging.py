"""Rules with conditions, judged one candidate ad after the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shroff.rules.atom_hits import AtomHits
from shroff.rules.batch_texts import Batch
from shroff.rules.compiled import Compiled, CompiledRule
from shroff.rules.condition_code import Code, walk_code
from shroff.rules.conditions import Ad, Demand, Verdict, judged
from shroff.rules.hit_table import Firings
from shroff.rules.nearness import Hit

__all__ = ["demand_of", "judged_candidates"]


def judged_candidates(
    compiled: Compiled,
    batch: Batch,
    *,
    hits: AtomHits,
    rows: NDArray[np.int64],
    rules: NDArray[np.int32],
    simple: Firings,
) -> Firings:
    """Judge rules on ads, and add those that fire.

    Parameters
    ----------
    compiled : Compiled
        The rules.
    batch : Batch
        The ads.
    hits : AtomHits
        Hits of atoms in them, ordered by row.
    rows, rules : arrays of int
        The candidates.
    simple : Firings
        What fired without being judged.

    Returns
    -------
    Firings
        All that fired.
    """
    reasons = list(simple.reasons)
    found: list[tuple[int, ...]] = []
    demands: dict[int, Demand] = {}
    bounds = np.searchsorted(hits.row, np.arange(batch.rows + 1))
    table = [column.tolist() for column in hits.columns()]
    order = np.argsort(rows, kind="stable")
    ad, last = None, -1
    for row, number in zip(rows[order].tolist(), rules[order].tolist(), strict=True):
        rule = compiled.rules[number]
        if number not in demands:
            demands[number] = demand_of(rule, batch.names)
        if ad is None or row != last:
            ad, last = _ad(batch, row, table=table, bounds=bounds), row
        verdict = judged(demands[number], ad)
        if verdict.holds:
            found += _told(verdict, row, number, table=table, reason=len(reasons))
            reasons.append(_reason(compiled, rule, verdict=verdict, table=table))
    return _added(simple, found, reasons)


def demand_of(rule: CompiledRule, names: tuple[str, ...]) -> Demand:
    """Say what a rule asks for of ads with these fields.

    Parameters
    ----------
    rule : CompiledRule
        The rule.
    names : tuple of str
        Fields; ``text`` alone stands for every field.

    Returns
    -------
    Demand
        For `judged`.
    """
    numbers = {name: number for number, name in enumerate(names)}
    fields = frozenset(numbers[name] for name in rule.fields if name in numbers)
    if names == ("text",):
        fields = frozenset({0})
        inner = [rule.match, *([rule.unless] if rule.unless is not None else [])]
        named = {
            n for code in inner for node in walk_code(code) if node[0] == "fields" for n in node[2]
        }
        numbers |= dict.fromkeys(named, 0)
    return Demand(
        match=rule.match,
        fields=fields,
        numbers=numbers,
        allow=frozenset(rule.allow),
        unless=rule.unless,
        unless_within=rule.unless_within,
        unless_unit=rule.unless_unit,
        across_fields=rule.across_fields,
    )


def _ad(batch: Batch, row: int, *, table: list[list[int]], bounds: NDArray[np.int64]) -> Ad:
    hits: dict[int, list[Hit]] = defaultdict(list)
    _, fields, atoms, starts, ends, _, _ = table
    for place in range(int(bounds[row]), int(bounds[row + 1])):
        hits[atoms[place]].append(Hit(fields[place], starts[place], ends[place], place))
    return Ad(hits, _reader(batch, row), {k: v[row].as_py() for k, v in batch.columns.items()})


def _reader(batch: Batch, row: int) -> Callable[[int], str]:
    def text(field: int) -> str:
        value: Any = batch.texts[field][row].as_py()
        return value or ""

    return text


def _told(
    verdict: Verdict, row: int, rule: int, *, table: list[list[int]], reason: int
) -> list[tuple[int, ...]]:
    if not verdict.hits:
        return [(row, rule, -1, 0, 0, 0, 0, reason)]
    return [
        (
            row,
            rule,
            hit.field,
            hit.start,
            hit.end,
            table[5][hit.place],
            table[6][hit.place],
            reason,
        )
        for hit in verdict.hits
    ]


def _reason(
    compiled: Compiled, rule: CompiledRule, *, verdict: Verdict, table: list[list[int]]
) -> str:
    """Say which parts of the condition held."""
    atoms = {table[2][hit.place] for hit in verdict.hits}
    return _said(rule.match, compiled, atoms) or "nothing of what it excludes"


def _said(code: Code, compiled: Compiled, atoms: set[int]) -> str:
    kind = code[0]
    if kind == "atom":
        return compiled.labels[code[1]] if code[1] in atoms else ""
    if kind in {"any", "all", "near"}:
        return _joined(code, [_said(part, compiled, atoms) for part in code[1]])
    if kind == "not":
        inner = sorted({compiled.labels[node[1]] for node in walk_code(code) if node[0] == "atom"})
        return f"not ({', '.join(inner)})" if inner else ""
    if kind == "column":
        return f"{code[1]} {code[2]} {', '.join(map(str, code[3]))}"
    inside, sign = _said(code[1], compiled, atoms), " x" if kind == "count" else " in "
    told = str(code[2]) if kind == "count" else "/".join(code[2])
    return inside and inside + sign + told


def _joined(code: Code, parts: list[str]) -> str:
    parts = list(dict.fromkeys(part for part in parts if part))
    if code[0] == "near":
        return f"({f' ~{code[2]} {code[3]}~ '.join(parts)})" if len(parts) > 1 else ""
    return (" | " if code[0] == "any" else " & ").join(parts)


def _added(simple: Firings, found: list[tuple[int, ...]], reasons: list[str]) -> Firings:
    more = np.array(found, np.int32).reshape(-1, 8).T
    held = (
        simple.row, simple.rule, simple.field, simple.start, simple.end, simple.bits, simple.view,
        simple.why,
    )  # fmt: skip
    joined = [np.concatenate([one, other]) for one, other in zip(held, more, strict=True)]
    row, rule, field, start, end, bits, view, why = joined
    return Firings(row, rule, field, start, end, bits, view, why, reasons)
