"""Rules that stand, measured on the ads kept for checking, with examples and tests."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from shroff.rules.clauses import Regex, Term, atoms
from shroff.rules.mine_ads import LabelledAds, Parts
from shroff.rules.mine_figures import (
    Checked,
    caught_by_any,
    checked,
    precision_of,
    recall_of,
    without_one,
)
from shroff.rules.mine_identity import mentions
from shroff.rules.mine_proposals import GroupMistakes, Mined, Proposal, Wanted
from shroff.rules.mine_rules import fired, with_tests
from shroff.rules.mine_terms import terms_of
from shroff.rules.rule import Pack, Rule
from shroff.stats.estimate import Estimate

__all__ = ["proposed"]

_FEWEST_MENTIONS = 20
_NEAR_MISSES = 3_000
_LATER_HITS = 10
_ESCAPED = re.compile(r"\\.|\{[\d,]+\}")
_WORDS = re.compile(r"[0-9a-z_]{2,}|[^\x00-\x7f]")


def proposed(
    ads: LabelledAds,
    parts: Parts,
    rules: Sequence[Rule],
    *,
    kinds: Sequence[str],
    live: NDArray[np.bool_],
    wanted: Wanted,
) -> Mined:
    """Measure rules and give them tests.

    Parameters
    ----------
    ads : LabelledAds
        The ads.
    parts : Parts
        Which of them rules were found on, and which are for checking.
    rules : sequence of Rule
        The rules, in the order of what they add.
    kinds : sequence of str
        What each is.
    live : array of bool, shape (ads,)
        What live rules catch.
    wanted : Wanted
        What was wanted.

    Returns
    -------
    Mined
        The proposals and what they are worth together.
    """
    known, check = ads.taken(parts.found_on), ads.taken(parts.checked_on)
    seen, fires = fired(rules, known.texts), fired(rules, check.texts)
    unit = parts.unit[parts.checked_on]
    found = checked(
        check,
        fires,
        unit=unit,
        live=live[parts.checked_on],
        bar=wanted.precision,
        level=wanted.level,
    )
    later = _later(check, fires, parts, level=wanted.level)
    supported = [
        _supported(rule, known, seen[:, number], parts=parts) for number, rule in enumerate(rules)
    ]
    measured = _filled(supported, kinds=kinds, found=found, later=later)
    proposals = _with_terms(measured, check, unit=unit, level=wanted.level)
    return Mined(
        pack=Pack(id=wanted.name, rules=tuple(each.rule for each in proposals)),
        proposals=proposals,
        together=found.together,
        recall=found.recall,
        beyond=found.beyond,
        bar=wanted.precision,
        found_on=len(parts.found_on),
        checked_on=len(parts.checked_on),
        left_out_ads=parts.left_out,
        groups=_groups(check, caught_by_any(fires), unit=unit, level=wanted.level),
        design=ads.design,
        violating=int(ads.violating.sum()),
    )


def _supported(
    rule: Rule, known: LabelledAds, fires: NDArray[np.bool_], *, parts: Parts
) -> Proposal:
    """Tell what a rule rests on where it was found; figures are for others to fill in."""
    caught = parts.found_on[fires & known.violating]
    unit = parts.unit[parts.found_on]
    tested = _tested(rule, known, fires, copy=parts.copy[parts.found_on])
    return Proposal(
        rule=tested,
        said=rule.name.en,
        advertisers=len(np.unique(parts.unit[caught])),
        texts=len(np.unique(parts.copy[caught])),
        without_one=float(without_one(fires[:, None], known.violating, unit=unit)[0]),
        examples=tuple(example.texts[0][1] for example in tested.must_match),
    )


def _filled(
    supported: Sequence[Proposal],
    *,
    kinds: Sequence[str],
    found: Checked,
    later: Sequence[Estimate | None],
) -> tuple[Proposal, ...]:
    return tuple(
        replace(
            each,
            kind=kinds[number],
            precision=found.precision[number],
            later=later[number],
            proved=found.proved[number],
            caught=found.caught[number],
            new=found.new[number],
            mistaken=found.mistaken[number],
        )
        for number, each in enumerate(supported)
    )


def _with_terms(
    measured: Sequence[Proposal], check: LabelledAds, *, unit: NDArray[np.intp], level: float
) -> tuple[Proposal, ...]:
    terms = terms_of(measured, check, unit=unit, level=level)
    return tuple(replace(each, terms=terms.get(each.rule.id, ())) for each in measured)


def _later(
    check: LabelledAds, fires: NDArray[np.bool_], parts: Parts, *, level: float
) -> list[Estimate | None]:
    """Measure each rule on the ads that came after all that rules were found on."""
    unit = parts.unit[parts.checked_on]
    if not parts.later.any():
        return [None] * fires.shape[1]
    rows = np.flatnonzero(parts.later)
    found = precision_of(check.taken(rows), fires[rows], unit=unit[rows], level=level)
    few = fires[rows].sum(axis=0) < _LATER_HITS
    return [None if few[at] else found.at(at) for at in range(fires.shape[1])]


def _tested(
    rule: Rule, known: LabelledAds, fires: NDArray[np.bool_], *, copy: NDArray[np.intp]
) -> Rule:
    """Take examples from the ads it was found on; near misses share words with it."""
    words: set[str] = set()
    digits = 0
    for atom in atoms(rule.match):
        plain = atom.text if isinstance(atom, Term) else _ESCAPED.sub(" ", atom.pattern)
        words.update(_WORDS.findall(plain))
        digits |= isinstance(atom, Regex) and r"\d" in atom.pattern
    nearness = np.zeros(len(known))
    for row in np.flatnonzero(~known.violating & ~fires)[:_NEAR_MISSES].tolist():
        text = known.texts[int(row)].lower()
        nearness[row] = len(words & set(_WORDS.findall(text)))
        nearness[row] += digits and any(sign.isdigit() for sign in text)
    return with_tests(
        rule, known.texts, fires=fires, violating=known.violating, copy=copy, nearness=nearness
    )


def _groups(
    check: LabelledAds, caught: NDArray[np.bool_], *, unit: NDArray[np.intp], level: float
) -> tuple[GroupMistakes, ...]:
    """Count mistakes among ads that do not violate and hold words for people of a kind."""
    found: list[GroupMistakes] = []
    for mention in mentions(check.texts):
        rows = np.flatnonzero(mention.there & ~check.violating)
        if len(rows) < _FEWEST_MENTIONS:
            continue
        # the share of the ads that are caught, as the share of "violating" ones would be
        fine = check.taken(rows)
        turned = LabelledAds(
            texts=fine.texts,
            violating=np.ones(len(rows), np.bool_),
            weight=fine.weight,
            stratum=fine.stratum,
        )
        share = recall_of(turned, caught[rows], unit=unit[rows], level=level)
        found.append(GroupMistakes(mention.kind, len(rows), int(caught[rows].sum()), share))
    return tuple(found)
