"""What is to be simulated: a proposal with its packs read, costs, and what is done first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shroff.advise.proposal import Proposal
from shroff.advise.simulation import Costs
from shroff.domain.labels import QueueReason
from shroff.errors import ConfigError
from shroff.rules.pack_paths import read_packs
from shroff.rules.rule import Pack
from shroff.store.mapping_faults import suggestion
from shroff.store.settings import CostSettings

__all__ = ["SimulateQuestion", "costs_asked", "simulate_question"]

_COSTS = {"missed": "missed_violation", "wrong": "wrong_reject", "hour": "reviewer_hour"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulateQuestion:
    """What is to be simulated, and how.

    Parameters
    ----------
    proposal : Proposal
        What is proposed.
    packs : tuple of (Pack, Pack or None)
        The packs it names, read: the new one and the one it replaces.
    costs : Costs
        What mistakes and work cost.
    first : tuple of str
        Reasons of review tasks that are done first, such as ``appeal``.
    """

    proposal: Proposal
    packs: tuple[tuple[Pack, Pack | None], ...] = ()
    costs: Costs = field(default_factory=Costs)
    first: tuple[str, ...] = ()


def costs_asked(settings: CostSettings, told: Mapping[str, float]) -> Costs:
    """Put costs together.

    Parameters
    ----------
    settings : CostSettings
        Those of the settings.
    told : mapping
        Costs to use instead: ``missed``, ``wrong``, ``hour``.

    Returns
    -------
    Costs
        The costs.

    Raises
    ------
    ConfigError
        If one is none, or nobody can pay for such a thing.
    """
    for name, cost in told.items():
        if name not in _COSTS:
            raise ConfigError(f"there is no cost {name!r}{suggestion(name, tuple(_COSTS))}")
        if not cost >= 0:
            raise ConfigError(f"cost of {name}: {cost:g}", hint="0 or more")
    known = {name: getattr(settings, theirs) for name, theirs in _COSTS.items()} | dict(told)
    return Costs(known["missed"], known["wrong"], known["hour"], settings.currency)


def simulate_question(
    proposal: Proposal, *, folder: Path, costs: Costs, first: Sequence[str] = ()
) -> SimulateQuestion:
    """Read the packs of a proposal.

    Parameters
    ----------
    proposal : Proposal
        What is proposed.
    folder : Path
        Folder that paths of packs start from.
    costs : Costs
        What mistakes and work cost.
    first : sequence of str
        Reasons of review tasks that are done first.

    Returns
    -------
    SimulateQuestion
        The question.

    Raises
    ------
    ConfigError
        If tasks never come for such a reason.
    """
    reasons = tuple(str(reason) for reason in QueueReason)
    for reason in first:
        if reason not in reasons:
            raise ConfigError(f"no task comes for {reason!r}{suggestion(reason, reasons)}")
    packs = []
    for each in proposal.packs:
        new = read_packs([folder / each.path])
        old = read_packs([folder / each.replaces]) if each.replaces else ()
        packs += [(pack, old[0] if old and not place else None) for place, pack in enumerate(new)]
    return SimulateQuestion(proposal=proposal, packs=tuple(packs), costs=costs, first=tuple(first))
