"""Chance that depends only on a seed, a name and a key: the same in any order and any chunk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

__all__ = ["Dice", "Flags", "Floats", "Ints", "Keys", "Texts", "joined"]

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Keys: TypeAlias = npt.NDArray[np.uint64]
Texts: TypeAlias = npt.NDArray[np.object_]

_ODD = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_UNIT = 2.0**-53


def _mixed(keys: Keys) -> Keys:
    """Spread every bit of a key over all bits (the finaliser of splitmix64)."""
    keys = (keys ^ (keys >> np.uint64(30))) * _FIRST
    keys = (keys ^ (keys >> np.uint64(27))) * _SECOND
    return keys ^ (keys >> np.uint64(31))


def joined(keys: Keys, more: npt.NDArray[np.integer]) -> Keys:
    """Make one key of two, e.g. of an ad and a day."""
    return _mixed(keys * _ODD + more.astype(np.uint64) + np.uint64(1))


@dataclass(frozen=True, slots=True)
class Dice:
    """Draws by name and key.

    Parameters
    ----------
    seed : int
        Seed of the whole platform.
    """

    seed: int

    def bits(self, name: str, keys: Keys) -> Keys:
        """Draw 64 random bits for each key."""
        salt = blake2b(f"{self.seed}/{name}".encode(), digest_size=8).digest()
        return _mixed(_mixed(keys * _ODD + np.uint64(int.from_bytes(salt, "little"))))

    def uniform(self, name: str, keys: Keys) -> Floats:
        """Draw a number in (0, 1) for each key."""
        drawn: Floats = ((self.bits(name, keys) >> np.uint64(11)).astype(np.float64) + 0.5) * _UNIT
        return drawn

    def normal(self, name: str, keys: Keys) -> Floats:
        """Draw a standard normal number for each key."""
        drawn: Floats = ndtri(self.uniform(name, keys))
        return drawn

    def whole(self, name: str, keys: Keys, *, below: int) -> Ints:
        """Draw a whole number from 0 to ``below`` - 1 for each key."""
        drawn: Ints = (self.uniform(name, keys) * below).astype(np.int64)
        return drawn

    def flips(self, name: str, keys: Keys, *, chance: Floats | float) -> Flags:
        """Toss a coin for each key; true with the chance given."""
        tossed: Flags = self.uniform(name, keys) < chance
        return tossed

    def pick(self, name: str, keys: Keys, *, weights: Sequence[float] | Floats) -> Ints:
        """Draw the place of one weight for each key, in proportion to the weights."""
        ends = np.cumsum(np.asarray(weights, dtype=np.float64))
        place: Ints = np.searchsorted(ends, self.uniform(name, keys) * ends[-1], side="right")
        return np.minimum(place, len(ends) - 1)

    def generator(self, name: str) -> np.random.Generator:
        """Give a generator for what is drawn once for the whole platform."""
        salt = blake2b(f"{self.seed}/{name}".encode(), digest_size=8).digest()
        return np.random.default_rng(int.from_bytes(salt, "little"))
