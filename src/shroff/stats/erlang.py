"""How long does work wait for people? The formulas for queues that have settled."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, isfinite, log

from shroff.errors import DesignError

__all__ = ["Settled", "erlang_b", "erlang_c", "one_server_wait", "servers_needed", "settled"]

_MOST_SERVERS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A queue of several servers in its steady state.

    Parameters
    ----------
    waits : float
        Share of tasks that wait at all.
    mean_hours : float
        Mean wait, those included that do not wait.
    occupancy : float
        Share of their time in which servers work.
    decay : float
        Rate at which long waits grow rare, in 1/hour.
    """

    waits: float
    mean_hours: float
    occupancy: float
    decay: float

    def within(self, hours: float) -> float:
        """Give the share of tasks that begin within some hours."""
        return 1 - self.waits * exp(-self.decay * hours) if isfinite(self.mean_hours) else 0.0

    def percentile(self, share: float) -> float:
        """Give the hours within which a share of tasks, in [0, 1), begins."""
        if not isfinite(self.mean_hours):
            return inf
        return max(0.0, log(self.waits / (1 - share)) / self.decay) if self.waits > 0 else 0.0


def erlang_b(offered: float, servers: int) -> float:
    """Tell the share of tasks that are lost where nobody can wait.

    Parameters
    ----------
    offered : float
        Work offered: arrivals an hour times hours of work each.
    servers : int
        Servers, 0 or more.

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    DesignError
        If the work or the servers are negative.

    Examples
    --------
    >>> round(erlang_b(2.0, 3), 4)
    0.2105
    """
    if not offered >= 0 or servers < 0:
        raise DesignError(f"{offered:g} erlangs and {servers} servers", hint="both are 0 or more")
    lost = 1.0
    for server in range(1, servers + 1):
        lost = offered * lost / (server + offered * lost)
    return lost


def erlang_c(offered: float, servers: int) -> float:
    """Tell the share of tasks that wait.

    Parameters
    ----------
    offered : float
        Work offered: arrivals an hour times hours of work each.
    servers : int
        Servers.

    Returns
    -------
    float
        In [0, 1]; 1 where more is offered than can be done.

    Examples
    --------
    >>> round(erlang_c(2.0, 3), 4)
    0.4444
    """
    lost = erlang_b(offered, servers)
    if offered >= servers:
        return 1.0
    return servers * lost / (servers - offered * (1 - lost))


def settled(arrivals: float, *, work_hours: float, servers: int) -> Settled:
    """Describe a queue with random arrivals, exponential work, first come first served.

    Parameters
    ----------
    arrivals : float
        Tasks an hour.
    work_hours : float
        Mean work of a task, above 0.
    servers : int
        Servers.

    Returns
    -------
    Settled
        Its waits; endless where more comes than can be done.
    """
    offered = arrivals * work_hours
    waits = erlang_c(offered, servers)
    if offered >= servers:
        return Settled(waits=1.0, mean_hours=inf, occupancy=1.0, decay=0.0)
    decay = (servers - offered) / work_hours
    return Settled(
        waits=waits,
        mean_hours=waits / decay,
        occupancy=offered / servers,
        decay=decay,
    )


def one_server_wait(arrivals: float, *, work_hours: float, work_sd: float) -> float:
    """Give the mean wait at one server whose work may have any distribution.

    Parameters
    ----------
    arrivals : float
        Tasks an hour.
    work_hours, work_sd : float
        Mean and standard deviation of the work of a task.

    Returns
    -------
    float
        Hours; endless where more comes than can be done.

    References
    ----------
    Pollaczek (1930), Khinchine (1932).
    """
    load = arrivals * work_hours
    if load >= 1:
        return inf
    return arrivals * (work_hours**2 + work_sd**2) / (2 * (1 - load))


def servers_needed(arrivals: float, *, work_hours: float, share: float, within: float) -> int:
    """Give the fewest servers with which a share of tasks begins within some hours.

    Parameters
    ----------
    arrivals : float
        Tasks an hour.
    work_hours : float
        Mean work of a task.
    share : float
        Share of tasks, in (0, 1).
    within : float
        Hours.

    Returns
    -------
    int
        Servers.

    Raises
    ------
    DesignError
        If the share is none, or the work is more than a million people can do.
    """
    if not 0 < share < 1 or not within >= 0:
        raise DesignError(
            f"{share:g} of tasks within {within:g} hours", hint="a share between 0 and 1"
        )
    offered = arrivals * work_hours
    if not offered < _MOST_SERVERS:
        raise DesignError(f"{offered:g} erlangs are more than people can do")
    servers = int(offered) + 1
    lost = erlang_b(offered, servers)
    while True:
        waits = servers * lost / (servers - offered * (1 - lost))
        slow = waits * exp(-(servers - offered) / work_hours * within) if offered else 0.0
        if slow <= 1 - share:
            return servers
        servers += 1
        lost = offered * lost / (servers + offered * lost)
