"""Who labels which ad next: nobody twice, no two at once, in an order of each person's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from shroff.errors import ConfigError
from shroff.store.catalog_batches import BatchRecord
from shroff.store.catalog_verdicts import VerdictStep, given

__all__ = ["Ad", "Turn", "places_of"]

_LEASE = timedelta(minutes=15)
"""How long an ad that somebody opened is kept for them."""

Ad = tuple[str, int]
"""Id and version."""


def places_of(batch: BatchRecord) -> dict[int, Ad]:
    """Give the ads of a batch that can be labelled, by their place.

    Parameters
    ----------
    batch : BatchRecord
        The batch.

    Returns
    -------
    dict
        Id and version; ads of advertisers who were forgotten are left out.
    """
    return {
        row.place: (row.ad_id, row.ad_version)
        for row in batch.rows
        if row.place and row.ad_id is not None
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One person before one batch.

    Parameters
    ----------
    batch_id : str
        The batch.
    who : str
        The person.
    ads : mapping
        Ads that can be labelled, by place.
    closed : frozenset of int
        Places that have a label in the logs, or whose ad this person judged in another round.
    now : datetime
        The time.
    """

    batch_id: str
    who: str
    ads: Mapping[int, Ad]
    closed: frozenset[int]
    now: datetime

    def left(self, steps: Sequence[VerdictStep]) -> list[int]:
        """List the places that this person may still label, in their order."""
        stand = given(steps)
        free = [p for p in self.ads if p not in stand and p not in self.closed]
        skipped = {
            step.place: order
            for order, step in enumerate(steps, start=1)
            if step.who == self.who and step.what == "skipped"
        }
        return sorted(free, key=lambda place: (skipped.get(place, 0), self._own(place)))

    def open(self, steps: Sequence[VerdictStep]) -> tuple[int, VerdictStep | None]:
        """Choose the ad to show: the one this person has open already, else the next.

        Parameters
        ----------
        steps : sequence of VerdictStep
            Steps on the batch so far.

        Returns
        -------
        int, VerdictStep or None
            The place, 0 for none, and the step that opens it, where it is not open.
        """
        left = self.left(steps)
        last = next((s for s in reversed(steps) if s.who == self.who and s.what != "given"), None)
        if last is not None and last.what == "opened" and last.place in left:
            return last.place, None
        held = self._held(steps)
        place = next((each for each in left if each not in held), 0)
        return place, self.step(place, "opened") if place else None

    def require(self, place: int, steps: Sequence[VerdictStep]) -> None:
        """See that this person may say what an ad is.

        Parameters
        ----------
        place : int
            The ad's place.
        steps : sequence of VerdictStep
            Steps on the batch so far.

        Raises
        ------
        ConfigError
            If there is no such ad, somebody else judged it, or this person did in another round.
        """
        if place not in self.ads:
            raise ConfigError(f"{self.batch_id} has no ad {place} to label", hint="load it again")
        stand = given(steps).get(place)
        if stand is not None and stand.who != self.who:
            raise ConfigError(
                f"somebody else labelled ad {place} of {self.batch_id} meanwhile",
                hint="go on with the next one",
            )
        if stand is None and place in self.closed:
            raise ConfigError(
                f"ad {place} of {self.batch_id} is not yours to label",
                hint="it has a label, or you judged it in another round: two must be two people",
            )

    def step(self, place: int, what: str) -> VerdictStep:
        """Make a step of this person."""
        return VerdictStep(
            batch_id=self.batch_id, place=place, who=self.who, what=what,
            at=self.now.isoformat(timespec="milliseconds"),
        )  # fmt: skip

    def _held(self, steps: Sequence[VerdictStep]) -> set[int]:
        """Name the places that others have open."""
        last = {step.place: step for step in steps}
        return {
            place
            for place, step in last.items()
            if step.what == "opened"
            and step.who != self.who
            and self.now - datetime.fromisoformat(step.at).astimezone(UTC) < _LEASE
        }

    def _own(self, place: int) -> str:
        return sha256(f"{self.who}\0{self.batch_id}\0{place}".encode()).hexdigest()
