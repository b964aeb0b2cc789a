"""Counts of a run of judgements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Tally"]


@dataclass(slots=True)
class Tally:
    """What a run did.

    Parameters
    ----------
    ads : int
        Ads judged.
    outcomes, verdicts : dict of int
        Ads by outcome, and by verdict.
    sent : int
        Requests sent.
    copies : int
        Ads whose wording was asked about already.
    doubt : int
        Requests of an earlier run that nobody knows the end of; not sent again.
    models : dict of int
        Answers by the model that the server names.
    repaired : int
        Answers that were bad at first.
    """

    ads: int = 0
    outcomes: dict[str, int] = field(default_factory=dict[str, int])
    verdicts: dict[str, int] = field(default_factory=dict[str, int])
    sent: int = 0
    copies: int = 0
    doubt: int = 0
    models: dict[str, int] = field(default_factory=dict[str, int])
    repaired: int = 0

    def count(self, row: Mapping[str, object]) -> None:
        """Count a judgement."""
        self.ads += 1
        _add(self.outcomes, str(row["outcome"]))
        if row["verdict"]:
            _add(self.verdicts, str(row["verdict"]))
        if row["copy_of"]:
            self.copies += 1
        elif row["returned_model"]:
            _add(self.models, str(row["returned_model"]))
        self.repaired += bool(row["repaired"])


def _add(counts: dict[str, int], name: str) -> None:
    counts[name] = counts.get(name, 0) + 1
