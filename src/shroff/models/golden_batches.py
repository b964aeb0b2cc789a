"""Files of a golden set that go out to be labelled, and what comes back of them."""

from __future__ import annotations

from dataclasses import dataclass

from shroff.measure.label_batch_take import Taken
from shroff.measure.label_desk import DrawnBatch
from shroff.store.golden_records import GoldenSet

__all__ = ["GoldenBatches", "GoldenTaken"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenBatches:
    """Files to label in.

    Parameters
    ----------
    golden : GoldenSet
        The set.
    batches : tuple of (str, DrawnBatch)
        Whom each is for (``first``, ``second`` or ``third``), and the batch.
    strata : int
        Strata it was drawn from.
    """

    golden: GoldenSet
    batches: tuple[tuple[str, DrawnBatch], ...]
    strata: int = 0

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            **self.golden.record(),
            "strata": self.strata,
            "batches": [{"for": who, **batch.record()} for who, batch in self.batches],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenTaken:
    """What came back of a golden set.

    Parameters
    ----------
    golden : GoldenSet
        The set as it is now.
    taken : tuple of Taken
        What came back, batch by batch.
    disputed : int
        Ads on which the two disagree, still.
    """

    golden: GoldenSet
    taken: tuple[Taken, ...]
    disputed: int

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            **self.golden.record(),
            "disputed": self.disputed,
            "taken": [each.record() for each in self.taken],
        }
