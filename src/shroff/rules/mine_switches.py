"""Which disguises a mined phrase should see through, by what they cost it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from shroff.rules.clauses import Term
from shroff.rules.mine_ads import LabelledAds, Parts
from shroff.rules.mine_candidates import Candidates
from shroff.rules.mine_grams import EXACT
from shroff.rules.mine_rules import fired
from shroff.rules.rule import Rule
from shroff.text.evasion import DEFAULT, Evasion

__all__ = ["switches_of"]

_SOUND = Evasion.HOMOPHONE | Evasion.PINYIN
_SHAPE = Evasion.LOOKALIKE_HAN | Evasion.SPLIT | Evasion.LEET | Evasion.REPEAT | Evasion.NUMERALS
_WIDER = (DEFAULT & ~_SOUND & ~_SHAPE, DEFAULT & ~_SOUND, DEFAULT)


def switches_of(
    phrases: Candidates,
    used: Sequence[int],
    *,
    ads: LabelledAds,
    parts: Parts,
    bar: float,
) -> dict[int, Evasion]:
    """Let a phrase see through a disguise only where what that adds is precise too.

    Parameters
    ----------
    phrases : Candidates
        The phrases.
    used : sequence of int
        Those that are asked about.
    ads : LabelledAds
        The ads.
    parts : Parts
        Which of them to look at: those that rules are found on.
    bar : float
        Precision that further hits must have; where there are none, nothing speaks against them.

    Returns
    -------
    dict of int to Evasion
        For each phrase, all default disguises, all but those of sound, or only those that leave
        its characters as they are.
    """
    asked = [at for at in used if phrases.forms[at] == EXACT]
    texts = [ads.texts[int(row)] for row in parts.found_on]
    good = (ads.weight * ads.violating)[parts.found_on]
    weight = ads.weight[parts.found_on]
    fires = [
        fired([_alone(phrases.texts[at], evasion) for at in asked], texts) for evasion in _WIDER
    ]
    found = dict.fromkeys(asked, _WIDER[0])
    for wider, (before, after) in enumerate(pairwise(fires), 1):
        more = after & ~before
        caught, all_ = good @ more, weight @ more
        fine = caught >= bar * all_
        for place, at in enumerate(asked):
            if fine[place] and found[at] == _WIDER[wider - 1]:
                found[at] = _WIDER[wider]
    return found


def _alone(text: str, evasion: Evasion) -> Rule:
    return Rule(id="phrase", match=Term(text, evasion=evasion), evasion=evasion)
