"""What each term of a proposed list is worth by itself, on ads that it was not found on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from shroff.rules.clauses import Term, atoms
from shroff.rules.mine_ads import LabelledAds
from shroff.rules.mine_figures import precision_of
from shroff.rules.mine_identity import SLUR, identity_of
from shroff.rules.mine_proposals import Proposal, TermFigures, hidden
from shroff.rules.mine_rules import fired
from shroff.rules.rule import Rule

__all__ = ["terms_of"]

_LISTS = frozenset({"list", "count"})


def terms_of(
    proposals: Sequence[Proposal], check: LabelledAds, *, unit: NDArray[np.intp], level: float
) -> dict[str, tuple[TermFigures, ...]]:
    """Measure the terms of lists one by one.

    Parameters
    ----------
    proposals : sequence of Proposal
        Rules; those that are no lists are passed over.
    check : LabelledAds
        Ads kept for checking.
    unit : array of int, shape (ads,)
        Whose each ad is.
    level : float
        Coverage of the intervals.

    Returns
    -------
    dict of tuple of TermFigures
        By the rule's id, the terms that catch most first. They see through what the rule sees
        through.
    """
    lists = [each for each in proposals if each.kind in _LISTS]
    single = [
        replace(each.rule, id=f"t{place}-{number}", match=atom, allow=(), unless=None)
        for place, each in enumerate(lists)
        for number, atom in enumerate(atoms(each.rule.match))
    ]
    if not single:
        return {}
    fires = fired(single, check.texts)
    figures = precision_of(check, fires, unit=unit, level=level)
    found: dict[str, list[TermFigures]] = {each.rule.id: [] for each in lists}
    for place, rule in enumerate(single):
        hits = fires[:, place]
        found[lists[int(rule.id[1:].split("-")[0])].rule.id].append(
            TermFigures(
                said=_said(rule),
                caught=int((hits & check.violating).sum()),
                mistaken=int((hits & ~check.violating).sum()),
                precision=figures.at(place),
            )
        )
    return {
        name: tuple(sorted(terms, key=lambda each: (-each.caught, each.said)))
        for name, terms in found.items()
    }


def _said(rule: Rule) -> str:
    (atom,) = atoms(rule.match)
    text = atom.text if isinstance(atom, Term) else atom.pattern
    return hidden(text) if identity_of(text) == SLUR else text
