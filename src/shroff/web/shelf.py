"""Keeps the last few things that were made, for as long as they are asked for."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

__all__ = ["Shelf"]

Kept = TypeVar("Kept")


class Shelf(Generic[Kept]):
    """The last few things, by name; what was not asked for longest goes first.

    Parameters
    ----------
    room : int
        How many there is room for.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, name: str, thing: Kept) -> None:
        """Keep a thing under a name."""
        with self._lock:
            self._kept[name] = thing
            self._kept.move_to_end(name)
            while len(self._kept) > self._room:
                self._kept.popitem(last=False)

    def get(self, name: str) -> Kept | None:
        """Find a thing; None where it is no longer kept."""
        with self._lock:
            if name not in self._kept:
                return None
            self._kept.move_to_end(name)
            return self._kept[name]
