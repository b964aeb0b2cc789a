"""Rules between being thought of and being proposed: written down, then looked at once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from shroff.rules.clauses import AnyOf, Condition, Count, Near, Regex, Term, atoms
from shroff.rules.mine_ads import LabelledAds, Parts
from shroff.rules.mine_candidates import Candidates
from shroff.rules.mine_figures import without_one
from shroff.rules.mine_ideas import Idea, IdeaKind
from shroff.rules.mine_identity import SLUR, identity_of
from shroff.rules.mine_proposals import Refused, Wanted, hidden
from shroff.rules.mine_rules import condition_of, fired, nearer
from shroff.rules.rule import Bilingual, Rule
from shroff.text.evasion import DEFAULT, Evasion

__all__ = ["Draft", "draft_of", "rule_of", "stand"]

_LONGEST_SAID = 6
_SLACK = 0.1


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule that was chosen.

    Parameters
    ----------
    condition : Condition
        When it fires.
    kind : str
        As of `shroff.rules.mine_proposals.Proposal`.
    texts : tuple of str
        What it is made of.
    """

    condition: Condition
    kind: str
    texts: tuple[str, ...]

    @property
    def offensive(self) -> bool:
        """Whether it holds a slur."""
        return any(identity_of(text) == SLUR for text in self.texts)

    def said(self) -> str:
        """Say what it looks for, in a line; slurs are blurred."""
        shown = [
            text if identity_of(text) != SLUR else hidden(text)
            for text in self.texts[:_LONGEST_SAID]
        ]
        more = len(self.texts) - len(shown)
        line = (" + " if self.kind in {"all", "near"} else " | ").join(shown)
        wanted = self.condition.at_least if isinstance(self.condition, Count) else 1
        head = f"{wanted}× " if wanted > 1 else ""
        return head + line + (f" | … {more}" if more else "")


def draft_of(
    idea: Idea,
    phrases: Candidates,
    *,
    ads: LabelledAds,
    parts: Parts,
    switches: Mapping[int, Evasion],
) -> Draft:
    """Write down what was chosen.

    Parameters
    ----------
    idea : Idea
        Phrases and how they are combined.
    phrases : Candidates
        The phrases.
    ads : LabelledAds
        The ads.
    parts : Parts
        Which of them rules are found on.
    switches : mapping of int to Evasion
        Disguises that each phrase sees through.

    Returns
    -------
    Draft
        The rule; two phrases that stand near each other wherever they violate must do so.
    """
    condition = condition_of(idea, phrases, switches=switches)
    if idea.kind is IdeaKind.ALL:
        counts = phrases.counts[parts.found_on][:, list(idea.parts)]
        rows = parts.found_on[np.asarray((counts > 0).sum(axis=1)).ravel() == len(idea.parts)]
        condition = nearer(condition, [ads.texts[int(row)] for row in rows], ads.violating[rows])
    texts = tuple(
        atom.text if isinstance(atom, Term) else atom.pattern for atom in atoms(condition)
    )
    return Draft(condition, _kind(condition, idea), texts)


def _kind(condition: Condition, idea: Idea) -> str:
    if isinstance(condition, Near):
        return "near"
    if isinstance(condition, Count):
        return "count"
    if isinstance(condition, AnyOf):
        return "list"
    if isinstance(condition, Regex):
        return "regex"
    return "all" if idea.kind is IdeaKind.ALL else "term"


def stand(
    drafts: Sequence[Draft],
    ads: LabelledAds,
    *,
    parts: Parts,
    wanted: Wanted,
    live: NDArray[np.bool_],
) -> tuple[list[Draft], list[Refused]]:
    """Look again at what was chosen with the scanner's eyes, on the ads it was found on.

    Parameters
    ----------
    drafts : sequence of Draft
        Rules in the order of what they add.
    ads : LabelledAds
        The ads.
    parts : Parts
        Which of them rules are found on.
    wanted : Wanted
        Precision, and advertisers each must add.
    live : array of bool, shape (ads,)
        What live rules catch.

    Returns
    -------
    list of Draft, list of Refused
        Those that stand, and those that do not, with the reason.
    """
    rows = parts.found_on
    truth, unit = ads.violating[rows], parts.unit[rows]
    fires = fired([_bare(draft) for draft in drafts], [ads.texts[int(row)] for row in rows])
    worst = without_one(fires, truth, unit=unit)
    weight = ads.weight[rows]
    covered = live[rows].copy()
    kept: list[Draft] = []
    refused: list[Refused] = []
    for number, draft in enumerate(drafts):
        hits = fires[:, number]
        share = float((weight * hits) @ truth) / max(float(weight @ hits), 1e-9)
        new = hits & truth & ~covered
        reason = ""
        if share < wanted.precision - _SLACK * (1 - wanted.precision):
            reason = "imprecise"
        elif worst[number] < wanted.precision - _SLACK:
            reason = "one_advertiser"
        elif len(np.unique(unit[new])) < wanted.least:
            reason = "adds_nothing"
        if reason:
            refused.append(Refused(draft.said(), reason))
            continue
        kept.append(draft)
        covered |= hits
    return kept, refused


def _bare(draft: Draft) -> Rule:
    return Rule(id="draft", match=draft.condition)


def rule_of(draft: Draft, number: int, *, wanted: Wanted) -> Rule:
    """Make a rule of a draft.

    Parameters
    ----------
    draft : Draft
        The draft.
    number : int
        Its place in the pack, from 1.
    wanted : Wanted
        Policy, fields, and the name its id begins with.

    Returns
    -------
    Rule
        The rule, without tests.
    """
    plain = Rule(id=f"{wanted.name}-{number:03}", match=draft.condition)
    switches = {atom.evasion for atom in atoms(draft.condition)}
    said = draft.said()
    return replace(
        plain,
        name=Bilingual(said, said),
        policy=wanted.policy,
        evasion=switches.pop() if len(switches) == 1 else DEFAULT,
        offensive=draft.offensive,
        fields=wanted.fields or plain.fields,
    )
