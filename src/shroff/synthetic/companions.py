"""Which policies one ad breaks together: its main one, and others that go with it."""

from __future__ import annotations

import numpy as np

from shroff.synthetic.advertisers import Advertisers
from shroff.synthetic.dice import Floats
from shroff.synthetic.taxonomy import family_places, place_of, policies

__all__ = ["bonds", "prevalences", "ties"]

_NAMED, _SAME_FAMILY = 6.0, 1.5
_ANYWHERE = {"I1": 0.6, "I2": 0.6, "I4": 0.5, "L4": 1.2, "L6": 0.6}
"""Claims, bait, landing pages and sloppy copy go with violations of every kind."""

_MOST_OFTEN = 0.6
_STRONGEST, _HALVINGS = 2.0, 40


def ties() -> Floats:
    """Give how readily each policy comes beside each main one.

    Returns
    -------
    array of float, main policies by others
        Relative to the others of the same column, 0 on the diagonal.
    """
    family = family_places()
    tied: Floats = _SAME_FAMILY * (family[:, None] == family[None, :])
    for name, strength in _ANYWHERE.items():
        tied[:, place_of(name)] = np.maximum(tied[:, place_of(name)], strength)
    for place, policy in enumerate(policies()):
        tied[place, [place_of(name) for name in policy.beside]] = _NAMED
    np.fill_diagonal(tied, 0.0)
    return tied


def bonds(people: Advertisers, *, days: int) -> Floats:
    """Give the chance that an ad breaks each policy beside its main one.

    The chances are such that, over all ads and before planted stories, each policy is broken as
    often as the taxonomy says. On small platforms one large advertiser may break its favourite
    policy more often than that already; and few ads may mainly break what goes with a policy.

    Parameters
    ----------
    people : Advertisers
        Who advertises.
    days : int
        Days of the logs.

    Returns
    -------
    array of float, main policies by others
        Chances in [0, 0.6].
    """
    everyone = np.ones(len(people), dtype=np.bool_)
    main = people.expected(everyone, first=0, last=days - 1)
    wanted = np.array([policy.prevalence for policy in policies()]) / 100 - main
    low, high = np.zeros(len(main)), np.full(len(main), _STRONGEST)
    tied = ties()
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        short = main @ np.minimum(tied * middle, _MOST_OFTEN) < wanted
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return np.minimum(tied * low, _MOST_OFTEN)


def prevalences(main: Floats, bond: Floats) -> Floats:
    """Give the share of ads that breaks each policy.

    Parameters
    ----------
    main : array of float
        Share of ads that mainly breaks each policy.
    bond : array of float, main policies by others
        Chance of breaking each policy beside the main one.

    Returns
    -------
    array of float
        Shares in [0, 1].
    """
    shares: Floats = main + main @ bond
    return shares
