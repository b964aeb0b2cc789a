"""A limit in money and tokens: a request that might break it is not sent."""

from __future__ import annotations

import math
import re
import threading
from dataclasses import dataclass, field

from shroff.errors import ConfigError
from shroff.models.prices import Cost, Usage

__all__ = ["Budget", "read_budget"]

_AMOUNT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]{3}|tokens?)\s*")


@dataclass(slots=True, kw_only=True)
class Budget:
    """What may be spent, and what was.

    Parameters
    ----------
    money : Cost or None
        Most money; None for no limit.
    tokens : int or None
        Most tokens; None for no limit.
    spent : float
        Money spent, as far as it is known.
    used : Usage
        Tokens used, as far as they were counted.
    unpriced, uncounted : int
        Answers whose cost is not known, and those of them whose tokens the server did not count.
    """

    money: Cost | None = None
    tokens: int | None = None
    spent: float = 0.0
    used: Usage = field(default_factory=Usage)
    unpriced: int = 0
    uncounted: int = 0
    _blind: tuple[float, int] = (0.0, 0)
    _held: dict[str, tuple[float, int]] = field(default_factory=dict[str, tuple[float, int]])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def hold(self, key: str, *, cost: Cost | None, tokens: int) -> bool:
        """Set aside what a request may cost at most.

        Parameters
        ----------
        key : str
            The request.
        cost : Cost or None
            Most that it may cost; None where no price is known.
        tokens : int
            Most tokens that it may take.

        Returns
        -------
        bool
            Whether it may be sent: what was spent, what others may still cost and this one stay
            within the limits.
        """
        amount = cost.amount if cost is not None else 0.0
        with self._lock:
            held = [*self._held.values(), self._blind]
            money = self.spent + amount + sum(each for each, _ in held)
            count = self.used.tokens + tokens + sum(each for _, each in held)
            if self.money is not None and money > self.money.amount:
                return False
            if self.tokens is not None and count > self.tokens:
                return False
            self._held[key] = (amount, tokens)
            return True

    def settle(self, key: str, *, cost: Cost | None, usage: Usage) -> None:
        """Write down what a request took, and free what was set aside.

        Parameters
        ----------
        key : str
            The request.
        cost : Cost or None
            What it cost; None where no price is known.
        usage : Usage
            Its tokens.
        """
        with self._lock:
            self._held.pop(key, None)
            self.used += usage
            if cost is not None:
                self.spent += cost.amount
            elif usage.tokens:
                self.unpriced += 1

    def keep(self, key: str) -> None:
        """Take what was set aside for spent: the server does not say what a request took.

        Parameters
        ----------
        key : str
            The request.
        """
        with self._lock:
            amount, tokens = self._held.pop(key, (0.0, 0))
            self._blind = (self._blind[0] + amount, self._blind[1] + tokens)
            self.unpriced += 1
            self.uncounted += 1


def read_budget(told: str, *, currency: str | None) -> Budget:
    """Read a limit such as ``5USD`` or ``200000 tokens``, or both with a comma between.

    Parameters
    ----------
    told : str
        The limit; none when empty.
    currency : str or None
        Currency of the price table; None when there is no table.

    Returns
    -------
    Budget
        The limit.

    Raises
    ------
    ConfigError
        If it is no amount, or money is limited and no price is known.
    """
    budget = Budget()
    for part in filter(None, (each.strip() for each in told.split(","))):
        found = _AMOUNT.fullmatch(part)
        if found is None or not math.isfinite(float(found[1])):
            raise ConfigError(
                f"{part!r} is no amount", where="--budget", hint="5USD, 200000 tokens, or both"
            )
        if found[2].lower().startswith("token"):
            budget.tokens = int(float(found[1]))
            continue
        if currency is None:
            raise ConfigError(
                "a limit in money cannot be kept: no price is known",
                where="--budget",
                hint="name a price table: [models.endpoints.NAME] prices = FILE, or limit tokens",
            )
        if found[2].upper() != currency.upper():
            raise ConfigError(
                f"the price table is in {currency}, not in {found[2].upper()}",
                where="--budget",
                hint=f"limit it in {currency}: --budget 5{currency}",
            )
        budget.money = Cost(float(found[1]), currency)
    return budget
