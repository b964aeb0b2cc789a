"""How many reviewers does a queue need?"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from shroff.advise.proposal import Proposal, Route
from shroff.advise.queue_need import Need, need_of
from shroff.advise.review_load import QueueLoad, read_loads
from shroff.advise.simulate import stand_strategy
from shroff.advise.simulate_question import SimulateQuestion, simulate_question
from shroff.advise.simulation import Costs
from shroff.errors import ConfigError, DesignError
from shroff.measure.brief import Brief
from shroff.measure.tasks import build_tasks
from shroff.store.engine import Engine
from shroff.store.mapping_faults import suggestion

__all__ = ["need_in", "queue_loads", "staff"]

_SEED = 20261124
_NOTHING = Proposal(routing=(Route(where=(("ad_id", ""),), queue=""),))
"""A proposal that no ad falls under: history as it was."""


def staff(
    engine: Engine,
    brief: Brief,
    queue: str,
    *,
    share: float,
    within: float,
    lake: Path,
    proposal: Proposal | None = None,
    first: Sequence[str] = (),
) -> Need:
    """Find the fewest reviewer hours with which enough tasks of a queue are done in time.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period.
    queue : str
        The queue.
    share : float
        Share of tasks, in (0, 1).
    within : float
        Hours.
    lake : Path
        Folder of the lake.
    proposal : Proposal, optional
        What would be changed besides.
    first : sequence of str
        Reasons of review tasks that are done first.

    Returns
    -------
    Need
        Reviewer hours a day.

    Raises
    ------
    ConfigError
        If no task of the period is of such a queue.
    DesignError
        If the share or the hours are none.
    """
    if not 0 < share < 1 or not within > 0:
        raise DesignError(
            f"{share:g} of tasks within {within:g} hours", hint="a share between 0 and 1"
        )
    loads = queue_loads(engine, brief, lake=lake, proposal=proposal, first=first)
    names = tuple(load.queue for load in loads)
    if queue not in names:
        known = suggestion(queue, names) if names else ": no task of the period has a queue"
        raise ConfigError(f"there is no queue {queue!r} in the log{known}")
    load = loads[names.index(queue)]
    return need_in(load, share=share, within=within, first=first)


def queue_loads(
    engine: Engine,
    brief: Brief,
    *,
    lake: Path,
    proposal: Proposal | None = None,
    first: Sequence[str] = (),
) -> tuple[QueueLoad, ...]:
    """Read the work of every queue; the table ``tasks`` stands afterwards.

    Parameters
    ----------
    engine, brief, lake, proposal, first
        As of `staff`.

    Returns
    -------
    tuple of QueueLoad
        Queues, those with most work first.
    """
    rng = np.random.default_rng(_SEED)
    question = SimulateQuestion(proposal=proposal or _NOTHING)
    if proposal is not None:
        question = simulate_question(proposal, folder=lake.parent, costs=Costs(), first=first)
    with ExitStack() as open_:
        stand_strategy(engine, brief, question, lake=lake, open_=open_)
        build_tasks(engine, brief.period, as_of=brief.as_of, week_starts=brief.week_starts)
        return read_loads(engine, question.proposal, period=brief.period, rng=rng)[0]


def need_in(load: QueueLoad, *, share: float, within: float, first: Sequence[str] = ()) -> Need:
    """Find the fewest reviewer hours of one queue, the same in every run; as `need_of`."""
    rng = np.random.default_rng(_SEED)
    return need_of(load, share=share, within=within, rng=rng, first=first)
