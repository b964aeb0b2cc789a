"""Which rules do the labels ask for? Proposed from ads that violate and ads that do not.

Rules are found on one part of the ads and measured on another, of other advertisers and other
texts. Nothing that is shown as a figure was used to choose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from shroff.errors import ConfigError
from shroff.rules.mine_ads import LabelledAds, Parts, parted
from shroff.rules.mine_candidates import Candidates, candidates
from shroff.rules.mine_choose import Choice, choose
from shroff.rules.mine_cover import Judged
from shroff.rules.mine_drafts import draft_of, rule_of, stand
from shroff.rules.mine_figures import caught_by_any
from shroff.rules.mine_ideas import Pool, folds_of, pool_of
from shroff.rules.mine_identity import SLUR, identity_of
from shroff.rules.mine_measured import proposed
from shroff.rules.mine_proposals import LeftOut, Mined, Wanted, hidden
from shroff.rules.mine_rules import fired
from shroff.rules.mine_switches import switches_of
from shroff.rules.rule import Rule

__all__ = ["mine"]

_PHRASES = 20_000
_SHOWN_LEFT_OUT = 20


def mine(ads: LabelledAds, wanted: Wanted, *, live: Sequence[Rule] = ()) -> Mined:
    """Propose rules.

    Parameters
    ----------
    ads : LabelledAds
        Ads with labels.
    wanted : Wanted
        What rules are wanted.
    live : sequence of Rule
        Rules that are there already; what they catch counts for nothing.

    Returns
    -------
    Mined
        Rules with what each is worth on ads it was not found on.

    Raises
    ------
    ConfigError
        If what is wanted makes no sense.
    DesignError
        If there are too few advertisers or distinct texts.
    """
    _require(wanted)
    parts = parted(ads)
    phrases = candidates(ads, parts, least=wanted.least, most=_PHRASES)
    kinds = [identity_of(text) for text in phrases.texts]
    usable = np.array([not kind or (kind == SLUR and wanted.slurs) for kind in kinds], np.bool_)
    caught = caught_by_any(fired(live, ads.texts))
    pool = pool_of(ads, parts, phrases, least=wanted.least, usable=usable, covered=caught)
    choice = _choice(ads, parts, pool, wanted=wanted, live=caught)
    ideas = [pool.ideas[place] for place in choice.places]
    used = sorted({at for idea in ideas for at in idea.parts})
    switches = switches_of(phrases, used, ads=ads, parts=parts, bar=wanted.precision)
    drafts = [draft_of(idea, phrases, ads=ads, parts=parts, switches=switches) for idea in ideas]
    kept, refused = stand(drafts, ads, parts=parts, wanted=wanted, live=caught)
    rules = [rule_of(draft, number, wanted=wanted) for number, draft in enumerate(kept, 1)]
    found = proposed(
        ads, parts, rules, kinds=[draft.kind for draft in kept], live=caught, wanted=wanted
    )
    return replace(
        found,
        phrases=len(phrases),
        ideas=len(pool.ideas),
        refused=tuple(refused),
        left_out=_left_out(phrases, kinds, usable, ads=ads, parts=parts),
    )


def _require(wanted: Wanted) -> None:
    if not 0 < wanted.precision < 1:
        raise ConfigError(
            f"a precision of {wanted.precision} cannot be wanted",
            where="--precision",
            hint="0.9 means that nine of ten ads a rule catches violate",
        )
    if wanted.most < 1 or wanted.least < 2:
        raise ConfigError("at least one rule, and two advertisers for each", where="--most")


def _choice(
    ads: LabelledAds, parts: Parts, pool: Pool, *, wanted: Wanted, live: NDArray[np.bool_]
) -> Choice:
    rows = parts.found_on
    weight = ads.weight[rows]
    judged = Judged(
        violating=ads.violating[rows],
        weight=weight / weight.mean(),
        unit=parts.unit[rows],
        copy=parts.copy[rows],
        fold=folds_of(parts)[rows],
        covered=live[rows],
    )
    hits = pool.hits.tocsr()[rows].tocsc()
    return choose(pool, hits, judged, bar=wanted.precision, most=wanted.most, least=wanted.least)


def _left_out(
    phrases: Candidates,
    kinds: Sequence[str],
    usable: NDArray[np.bool_],
    *,
    ads: LabelledAds,
    parts: Parts,
) -> tuple[LeftOut, ...]:
    """List the phrases that hold words for who people are, those of most violations first."""
    violating = ads.violating[parts.found_on]
    there = phrases.counts[parts.found_on][violating] > 0
    ads_with = np.asarray(there.sum(axis=0)).ravel()
    places = np.flatnonzero(~usable)
    ordered = places[np.argsort(-ads_with[places], kind="stable")][:_SHOWN_LEFT_OUT]
    return tuple(
        LeftOut(
            hidden(phrases.texts[at]) if kinds[at] == SLUR else phrases.texts[at],
            kinds[at],
            int(ads_with[at]),
        )
        for at in map(int, ordered)
    )
