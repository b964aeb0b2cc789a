"""What tokens cost: dated price tables, with discounts for cached tokens and for batches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from shroff.errors import ConfigError

__all__ = ["NO_TOKENS", "Cost", "Price", "Prices", "Usage", "read_prices"]

_MILLION = 1_000_000.0
_Money = Annotated[float, Field(ge=0, allow_inf_nan=False)]


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of an answer, as the server counted them.

    Parameters
    ----------
    read : int
        Tokens read, cached ones too.
    cached : int
        Those of them that came from the server's cache.
    written : int
        Tokens written, those to reason too.
    reasoning : int
        Those of them that were written to reason.
    """

    read: int = 0
    cached: int = 0
    written: int = 0
    reasoning: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.read + other.read,
            self.cached + other.cached,
            self.written + other.written,
            self.reasoning + other.reasoning,
        )

    @property
    def tokens(self) -> int:
        """Count all tokens."""
        return self.read + self.written


NO_TOKENS = Usage()
"""What is used where nothing is."""


@dataclass(frozen=True, slots=True)
class Cost:
    """An amount of money.

    Parameters
    ----------
    amount : float
        How much.
    currency : str
        Of which currency, such as USD.
    """

    amount: float
    currency: str


class Price(BaseModel):
    """What a model costs from a day on, for a million tokens."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = Field(description="Model, or a pattern such as judge-*.")
    since: date = Field(description="First day.")
    until: date | None = Field(default=None, description="Last day; open when left out.")
    input: _Money = Field(description="Tokens read.")
    output: _Money = Field(description="Tokens written.")
    cached_input: _Money | None = Field(
        default=None, description="Tokens read from the cache; as others when left out."
    )
    batch: Annotated[float, Field(ge=0, le=1)] = Field(
        default=1.0, description="Share of the price that batches pay, such as 0.5."
    )

    @model_validator(mode="after")
    def _in_order(self) -> Price:
        if self.until is not None and self.until < self.since:
            raise ValueError(f"the price ends on {self.until}, before it begins")
        return self

    def holds(self, model: str, day: date) -> bool:
        """Tell whether it is the price of a model on a day."""
        if day < self.since or (self.until is not None and day > self.until):
            return False
        return fnmatchcase(model, self.model)

    def of(self, usage: Usage, *, batch: bool) -> float:
        """Tell what tokens cost."""
        cached = self.input if self.cached_input is None else self.cached_input
        fresh = max(usage.read - usage.cached, 0)
        whole = fresh * self.input + usage.cached * cached + usage.written * self.output
        return whole * (self.batch if batch else 1.0) / _MILLION


class Prices(BaseModel):
    """A price table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    currency: str = Field(min_length=1, max_length=8, description="Currency of all prices.")
    source: str = Field(default="", description="Where they are from.")
    prices: tuple[Price, ...] = Field(min_length=1, description="The prices.")

    def price(self, model: str, at: datetime) -> Price | None:
        """Find the price of a model: the youngest that holds, then the plainest name.

        Parameters
        ----------
        model : str
            Model that answered.
        at : datetime
            When.

        Returns
        -------
        Price or None
            None when no price is known.
        """
        day = at.astimezone(UTC).date()
        held = [each for each in self.prices if each.holds(model, day)]
        return max(held, key=lambda each: (each.since, len(each.model)), default=None)

    def cost(self, model: str, usage: Usage, *, at: datetime, batch: bool = False) -> Cost | None:
        """Tell what an answer cost.

        Parameters
        ----------
        model : str
            Model that answered.
        usage : Usage
            Its tokens.
        at : datetime
            When.
        batch : bool
            Whether it came in a batch file.

        Returns
        -------
        Cost or None
            None when no price is known: never 0.
        """
        price = self.price(model, at)
        return None if price is None else Cost(price.of(usage, batch=batch), self.currency)


def read_prices(path: Path) -> Prices:
    """Read a price table.

    Parameters
    ----------
    path : Path
        YAML file.

    Returns
    -------
    Prices
        The prices.

    Raises
    ------
    ConfigError
        If it cannot be read or understood; all faults are named.
    """
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(
            f"cannot read the price table: {error.strerror}",
            where=str(path),
            hint="[models.endpoints.NAME] prices names it, from the workspace's folder",
        ) from None
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        place = str(path) if line is None else f"{path}:{line + 1}"
        raise ConfigError(
            "the price table is not YAML in UTF-8",
            where=place,
            hint="currency: USD, and under prices: a line of model, since, input, output each",
        ) from None
    try:
        return Prices.model_validate(told)
    except ValidationError as error:
        faults = [
            f"{'.'.join(map(str, each['loc'])) or 'it'}: {each['msg'].removeprefix('Value error, ')}"
            for each in error.errors()
        ]
        raise ConfigError(
            "the price table is wrong: " + "; ".join(faults),
            where=str(path),
            hint="currency: USD, then prices: [{model: judge-*, since: 2026-01-01, input: 0.25,"
            " output: 2.0}]",
        ) from None
