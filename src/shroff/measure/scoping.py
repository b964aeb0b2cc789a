"""Figures with one policy in scope: what is violated and cited is that policy, or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches

import numpy as np

from shroff.domain.slices import Slice
from shroff.errors import ConfigError
from shroff.measure.blocks import Block
from shroff.measure.brief import Brief

__all__ = ["asked_of_policy", "of_policy", "require_policy"]

_POLICY = "policy"


def asked_of_policy(brief: Brief) -> Brief:
    """Ask each slicing policy by policy, where a brief has one in scope.

    Parameters
    ----------
    brief : Brief
        What is asked.

    Returns
    -------
    Brief
        What is to be counted; the same where no policy is in scope.
    """
    if not brief.policy:
        return brief
    asked = (part if _POLICY in part else (*part, _POLICY) for part in ((), *brief.by))
    return replace(brief, by=tuple(dict.fromkeys(asked)))


def require_policy(policy: str, known: Iterable[str]) -> None:
    """Refuse a policy that no log names.

    Parameters
    ----------
    policy : str
        The policy in scope; empty for none.
    known : iterable of str
        Policies that are cited, violated or known.

    Raises
    ------
    ConfigError
        If it is not among them.
    """
    names = list(known) if policy else []
    if not policy or policy in names:
        return
    close = get_close_matches(policy, names, n=1)
    raise ConfigError(
        f"no decision, label or policy tree names a policy {policy!r}",
        where="policy",
        hint=(f"did you mean {close[0]!r}? " if close else "") + "policies: " + ", ".join(names),
    )


def of_policy(blocks: Iterable[Block], policy: str) -> tuple[Block, ...]:
    """Keep the figures of one policy, and speak of its slices as of everything.

    Parameters
    ----------
    blocks : iterable of Block
        Figures, counted policy by policy.
    policy : str
        The policy in scope; empty leaves all as they are.

    Returns
    -------
    tuple of Block
        Figures that can be told for a policy; others, such as those of review tasks, are left out.
    """
    if not policy:
        return tuple(blocks)
    found = (_part(block, policy) for block in blocks if _POLICY in block.dimensions)
    return tuple(block for block in found if block is not None)


def _part(block: Block, policy: str) -> Block | None:
    mine = [i for i, part in enumerate(block.slices) if dict(part.terms)[_POLICY] == policy]
    if not mine:
        return None
    return replace(
        block,
        dimensions=tuple(name for name in block.dimensions if name != _POLICY),
        slices=tuple(_without(block.slices[i]) for i in mine),
        estimates=block.estimates.taken(np.array(mine, dtype=np.intp)),
        status=tuple(block.status[i] for i in mine),
        notes={place: block.notes[i] for place, i in enumerate(mine) if i in block.notes},
    )


def _without(part: Slice) -> Slice:
    return Slice(tuple(term for term in part.terms if term[0] != _POLICY))
