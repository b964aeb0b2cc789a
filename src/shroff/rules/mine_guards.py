"""What would spare a rule its mistakes: phrases to allow, exemptions, and terms to retire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from shroff.domain.messages import Message
from shroff.errors import ConfigError, DesignError
from shroff.measure.curve_points import estimate_record
from shroff.rules.clauses import AnyOf, Condition, Regex, Term, Unless, atoms
from shroff.rules.mine_ads import LabelledAds, Parts, parted
from shroff.rules.mine_candidates import candidates
from shroff.rules.mine_choose import choose
from shroff.rules.mine_cover import Judged
from shroff.rules.mine_figures import precision_of
from shroff.rules.mine_grams import EXACT
from shroff.rules.mine_ideas import Idea, IdeaKind, Pool, folds_of
from shroff.rules.mine_identity import identity_of
from shroff.rules.mine_proposals import Wanted
from shroff.rules.mine_rules import fired
from shroff.rules.rule import Rule
from shroff.stats.estimate import Estimate

__all__ = ["Guard", "Guards", "Retired", "guards", "rule_named"]

_PHRASES = 5_000
_MOST = 10
_SURE = 0.95
_LEAST_UNITS, _LEAST = 8, 3
_WRONG = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """A phrase that takes mistakes of a rule back.

    Parameters
    ----------
    text : str
        The phrase.
    how : str
        ``allow`` where it holds a term of the rule, else ``unless``.
    spared, lost : int
        Ads kept for checking that it takes out of the rule: that do not violate, and that do.
    """

    text: str
    how: str
    spared: int
    lost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Retired:
    """A term of a rule that is not worth keeping.

    Parameters
    ----------
    text : str
        The term or expression.
    reason : str
        ``imprecise`` (its precision is below the bar, with all terms taken into account) or
        ``silent`` (it is in no labelled ad).
    precision : Estimate
        Of its hits by themselves.
    """

    text: str
    reason: str
    precision: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Guards:
    """What is proposed for a rule.

    Parameters
    ----------
    rule : Rule
        The rule with its guards.
    guards : tuple of Guard
        In the order of what they add.
    retired : tuple of Retired
        Terms to take out; they are still in ``rule``.
    before, after : Estimate
        Its precision on ads kept for checking, without and with its guards.
    kept : float
        Share of the violations it caught there that it still catches.
    mistakes : int
        Labelled ads it catches that do not violate.
    """

    rule: Rule
    guards: tuple[Guard, ...]
    retired: tuple[Retired, ...]
    before: Estimate
    after: Estimate
    kept: float
    mistakes: int

    def summary(self) -> Message:
        """Say in a sentence what is proposed."""
        told: dict[str, str | int | float | None] = {
            "rule": self.rule.id,
            "guards": len(self.guards),
            "retired": len(self.retired),
            "before": _percent(self.before),
            "after": _percent(self.after),
        }
        return Message("mine.guards" if self.guards else "mine.no_guards", told)

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "rule": self.rule.id,
            "guards": [
                {"text": each.text, "how": each.how, "spared": each.spared, "lost": each.lost}
                for each in self.guards
            ],
            "retired": [
                {"text": each.text, "reason": each.reason}
                | {"precision": estimate_record(each.precision)}
                for each in self.retired
            ],
            "before": estimate_record(self.before),
            "after": estimate_record(self.after),
            "violations_kept": self.kept,
            "mistakes": self.mistakes,
        }


def _percent(estimate: Estimate) -> str:
    return "?" if estimate.value is None else f"{estimate.value:.1%}"


def rule_named(rules: Sequence[Rule], name: str) -> Rule:
    """Find a rule by its id.

    Parameters
    ----------
    rules : sequence of Rule
        Rules.
    name : str
        Id.

    Returns
    -------
    Rule
        The rule.

    Raises
    ------
    ConfigError
        If there is none of this id.
    """
    found = next((rule for rule in rules if rule.id == name), None)
    if found is None:
        raise ConfigError(
            f"there is no rule {name!r}",
            where="--guards",
            hint="name a rule of the packs given by --against",
        )
    return found


def guards(ads: LabelledAds, rule: Rule, wanted: Wanted) -> Guards:
    """Propose guards for a rule from its mistakes, and terms to retire.

    Parameters
    ----------
    ads : LabelledAds
        Ads with labels.
    rule : Rule
        The rule.
    wanted : Wanted
        Precision wanted; words for who people are are no guards either.

    Returns
    -------
    Guards
        Phrases found on some advertisers' ads, with what they spare and lose on others'.

    Raises
    ------
    DesignError
        If the rule catches no labelled ad, or too few advertisers' by mistake.
    """
    caught = ads.taken(np.flatnonzero(fired([rule], ads.texts)[:, 0]))
    if not len(caught):
        raise DesignError(f"{rule.id} catches no labelled ad")
    turned = replace(caught, violating=~caught.violating)
    parts = parted(turned, least=_LEAST_UNITS)
    guarded, made = _guarded(rule, _chosen(turned, parts))
    check = caught.taken(parts.checked_on)
    unit = parts.unit[parts.checked_on]
    still = fired([guarded, *(each[1] for each in made)], check.texts)
    before = np.ones((len(check), 1), np.bool_)
    return Guards(
        rule=guarded,
        guards=tuple(
            Guard(
                text=text,
                how=how,
                spared=int((~still[:, at] & ~check.violating).sum()),
                lost=int((~still[:, at] & check.violating).sum()),
            )
            for at, ((text, how), _) in enumerate(made, 1)
        ),
        retired=_retired(ads, rule, wanted),
        before=precision_of(check, before, unit=unit, level=wanted.level).at(0),
        after=precision_of(check, still[:, :1], unit=unit, level=wanted.level).at(0),
        kept=float(still[check.violating, 0].mean()) if check.violating.any() else 1.0,
        mistakes=int((~caught.violating).sum()),
    )


def _chosen(turned: LabelledAds, parts: Parts) -> list[str]:
    """Choose phrases of mistakes, words for who people are apart."""
    found = candidates(turned, parts, least=_LEAST, most=_PHRASES)
    usable = [
        at
        for at, text in enumerate(found.texts)
        if found.forms[at] == EXACT and not identity_of(text)
    ]
    if not usable:
        return []
    phrases = found.taken(np.array(usable, np.intp))
    rows = parts.found_on
    judged = Judged(
        violating=turned.violating[rows],
        weight=turned.weight[rows] / turned.weight[rows].mean(),
        unit=parts.unit[rows],
        copy=parts.copy[rows],
        fold=folds_of(parts)[rows],
        covered=np.zeros(len(rows), np.bool_),
    )
    there = phrases.counts[rows].tocsc()
    there.data[:] = 1
    ideas = tuple(Idea(IdeaKind.TERM, (at,)) for at in range(len(phrases)))
    pool = Pool(ideas=ideas, hits=there)
    places = choose(pool, there, judged, bar=_SURE, most=_MOST, least=_LEAST).places
    return [phrases.texts[at] for at in places]


def _guarded(rule: Rule, texts: Sequence[str]) -> tuple[Rule, list[tuple[tuple[str, str], Rule]]]:
    """Put phrases into a rule, and into copies of it one by one."""
    terms = [atom.text.casefold() for atom in atoms(rule.match) if isinstance(atom, Term)]
    free = rule.unless is None or rule.unless.within is None
    guarded = rule
    made: list[tuple[tuple[str, str], Rule]] = []
    for text in texts:
        how = "allow" if any(term in text for term in terms) else "unless"
        if how == "unless" and not free:
            continue
        made.append(((text, how), _with(rule, text, how)))
        guarded = _with(guarded, text, how)
    return guarded, made


def _with(rule: Rule, text: str, how: str) -> Rule:
    term = Term(text, evasion=rule.evasion)
    if how == "allow":
        return replace(rule, allow=(*rule.allow, term))
    old = rule.unless.part if rule.unless is not None else None
    before = old.parts if isinstance(old, AnyOf) else () if old is None else (old,)
    return replace(rule, unless=Unless(AnyOf((*before, term))))


def _retired(ads: LabelledAds, rule: Rule, wanted: Wanted) -> tuple[Retired, ...]:
    """Judge each term of the rule's list by itself."""
    parts: tuple[Condition, ...] = rule.match.parts if isinstance(rule.match, AnyOf) else ()
    listed = [part for part in parts if isinstance(part, Term | Regex)]
    if len(listed) < 2:
        return ()
    alone = [Rule(id=str(at), match=part, allow=rule.allow) for at, part in enumerate(listed)]
    fires = fired(alone, ads.texts)
    unit = np.arange(len(ads)) if ads.group is None else ads.group
    level = 1 - 2 * _WRONG / max(len(listed), 2)
    strict = precision_of(ads, fires, unit=unit, level=level)
    plain = precision_of(ads, fires, unit=unit, level=wanted.level)
    found: list[Retired] = []
    for at, part in enumerate(listed):
        text = part.text if isinstance(part, Term) else part.pattern
        if not fires[:, at].any():
            found.append(Retired(text=text, reason="silent", precision=plain.at(at)))
        elif strict.high[at] < wanted.precision:
            found.append(Retired(text=text, reason="imprecise", precision=plain.at(at)))
    return tuple(found)
