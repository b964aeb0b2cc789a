"""How fast an endpoint may be asked: requests and tokens a minute, and pauses it asks for."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = ["Backoff", "Bucket", "Cancelled", "Pace"]

_BURST_SECONDS = 5.0
_NAP = 0.25


class Cancelled(Exception):  # noqa: N818 - not a fault: the user's wish
    """The user stopped the work."""


@dataclass(slots=True)
class Bucket:
    """Something that may be used so often a minute.

    Parameters
    ----------
    per_minute : float
        How often.
    clock : callable
        Gives seconds.
    """

    per_minute: float
    clock: Callable[[], float] = time.monotonic
    level: float = field(init=False)
    at: float = field(init=False)

    def __post_init__(self) -> None:
        self.level = self.capacity
        self.at = self.clock()

    @property
    def capacity(self) -> float:
        """What may be used at once after a rest: five seconds' worth, at least one."""
        return max(self.per_minute * _BURST_SECONDS / 60.0, 1.0)

    def wait(self, amount: float) -> float:
        """Tell how many seconds to wait until an amount may be used.

        Parameters
        ----------
        amount : float
            How much; more than fits is let through when it is full, and paid back afterwards.

        Returns
        -------
        float
            Seconds; 0 now.
        """
        now = self.clock()
        self.level = min(self.level + (now - self.at) * self.per_minute / 60.0, self.capacity)
        self.at = now
        short = min(amount, self.capacity) - self.level
        return max(short, 0.0) * 60.0 / self.per_minute

    def use(self, amount: float) -> None:
        """Use an amount; a negative one gives back what was taken too much."""
        self.level -= amount


@dataclass(slots=True)
class Pace:
    """The pace of one endpoint, kept by all threads that ask it.

    Parameters
    ----------
    requests, tokens : Bucket or None
        Limits a minute; None for no limit.
    clock : callable
        Gives seconds.
    sleep : callable
        Waits for seconds.
    stopped : Event
        Set when the user stops.
    """

    requests: Bucket | None = None
    tokens: Bucket | None = None
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    stopped: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _held_until: float = field(default=float("-inf"))

    def take(self, tokens: float) -> None:
        """Wait until a request of so many tokens may be sent.

        Parameters
        ----------
        tokens : float
            Tokens that it will take, as far as one can tell.

        Raises
        ------
        Cancelled
            If the user stopped meanwhile.
        """
        while True:
            with self._lock:
                seconds = self._wait(tokens)
                if seconds <= 0:
                    for bucket, amount in ((self.requests, 1.0), (self.tokens, tokens)):
                        if bucket is not None:
                            bucket.use(amount)
                    return
            self.rest(seconds)

    def _wait(self, tokens: float) -> float:
        waits = [self._held_until - self.clock()]
        for bucket, amount in ((self.requests, 1.0), (self.tokens, tokens)):
            if bucket is not None:
                waits.append(bucket.wait(amount))
        return max(waits)

    def settle(self, *, guessed: float, used: float) -> None:
        """Put right what was guessed, once the tokens are known."""
        with self._lock:
            if self.tokens is not None:
                self.tokens.use(used - guessed)

    def hold(self, seconds: float) -> None:
        """Let nobody ask for a while, since the server wishes so."""
        with self._lock:
            self._held_until = max(self._held_until, self.clock() + seconds)

    def rest(self, seconds: float) -> None:
        """Wait, and wake up soon when the user stops.

        Parameters
        ----------
        seconds : float
            How long.

        Raises
        ------
        Cancelled
            If the user stopped.
        """
        until = self.clock() + seconds
        while True:
            if self.stopped.is_set():
                raise Cancelled
            left = until - self.clock()
            if left <= 0:
                return
            self.sleep(min(left, _NAP))


@dataclass(slots=True)
class Backoff:
    """Pauses before requests that are sent again: longer each time, and by chance.

    Parameters
    ----------
    seed : int
        Of the chance.
    first : float
        Longest pause before the second request, in seconds.
    longest : float
        Longest pause of all.
    """

    seed: int = 0
    first: float = 0.5
    longest: float = 60.0

    def pause(self, key: str, attempt: int) -> float:
        """Tell how long to wait.

        Parameters
        ----------
        key : str
            What is asked: others wait otherwise.
        attempt : int
            Requests sent so far, from 1.

        Returns
        -------
        float
            Seconds, between half and all of a pause that doubles with each attempt.
        """
        whole = min(self.first * 2.0 ** min(attempt - 1, 30), self.longest)
        chance = random.Random(f"{self.seed}/{key}/{attempt}").random()  # noqa: S311 - no secret
        return whole * (0.5 + 0.5 * chance)
