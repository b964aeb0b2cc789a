"""What rules make of new terms: which of their ads no rule hits, and which rules should have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from shroff.rules.clauses import Term, atoms
from shroff.rules.mine_rules import fired
from shroff.rules.rule import Rule
from shroff.watch.new_terms import NewTerm, NewTerms
from shroff.watch.term_ads import BEFORE, TermAds, day_of

__all__ = ["Missed", "missed_by", "seeds_of", "terms_of_rules"]

_READ = 200
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Missed:
    """What rules make of a term.

    Parameters
    ----------
    term : str
        The term.
    ads : int
        Ads with it that were looked at.
    missed : int
        Of these, ads that no rule hits.
    rules : tuple of str
        Rules for the policy of most of them that hit fewer than half.
    """

    term: str
    ads: int
    missed: int
    rules: tuple[str, ...]

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "term": self.term,
            "ads": self.ads,
            "missed": self.missed,
            "rules": list(self.rules),
        }


def terms_of_rules(rules: Sequence[Rule]) -> tuple[str, ...]:
    """List the terms that rules look for."""
    found = (atom.text for rule in rules for atom in atoms(rule.match) if isinstance(atom, Term))
    return tuple(dict.fromkeys(found))


def missed_by(found: NewTerms, rules: Sequence[Rule]) -> tuple[Missed, ...]:
    """Tell of each term which of its ads rules miss.

    Parameters
    ----------
    found : NewTerms
        The terms, with the ads they were found in.
    rules : sequence of Rule
        Rules that are live.

    Returns
    -------
    tuple of Missed
        One a term; none without rules or ads.
    """
    if not rules or found.read is None or not found.terms:
        return ()
    some = [_some(each) for each in found.terms]
    rows = np.unique(np.concatenate(some))
    hits = fired(rules, found.read.texts.take(pa.array(rows)).to_pylist())
    return tuple(
        _missed(each, hits[np.searchsorted(rows, part)], rules)
        for each, part in zip(found.terms, some, strict=True)
    )


def _some(term: NewTerm) -> np.ndarray:
    rows = np.array(term.rows, np.intp)
    return rows[np.unique(np.linspace(0, len(rows) - 1, _READ).astype(np.intp))]


def _missed(term: NewTerm, hits: np.ndarray, rules: Sequence[Rule]) -> Missed:
    rarely = hits.mean(axis=0) < _HALF
    names = tuple(
        rule.id
        for rule, few in zip(rules, rarely, strict=True)
        if few and term.policy and rule.policy == term.policy
    )
    return Missed(term.text, len(hits), int((~hits.any(axis=1)).sum()), names)


def seeds_of(found: NewTerms) -> pa.Table:
    """Give ads to propose rules from: those with the terms, and others of the period.

    Parameters
    ----------
    found : NewTerms
        The terms, with the ads they were found in.

    Returns
    -------
    pyarrow.Table
        Columns ad_id, text, label (``violating`` or ``compliant``), advertiser and day, as
        ``shroff rules mine --files`` reads them.
    """
    ads = found.read
    if ads is None:
        return pa.table({name: [] for name in ("ad_id", "text", "label", "advertiser", "day")})
    hit = np.zeros(len(ads), np.bool_)
    for each in found.terms:
        hit[list(each.rows)] = True
    rows = np.flatnonzero(hit | (ads.group > BEFORE))
    return _seeds(ads, rows, hit[rows])


def _seeds(ads: TermAds, rows: np.ndarray, hit: np.ndarray) -> pa.Table:
    return pa.table(
        {
            "ad_id": ads.ids.take(pa.array(rows)),
            "text": ads.texts.take(pa.array(rows)),
            "label": np.where(hit, "violating", "compliant"),
            "advertiser": pa.array([f"a{owner}" for owner in ads.owner[rows]]),
            "day": pa.array([day_of(day) for day in ads.day[rows]]),
        }
    )
