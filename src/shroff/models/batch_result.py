"""What was written as a batch, and what came back, to be shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shroff.domain.messages import Message

__all__ = ["BatchRead", "BatchWritten"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchWritten:
    """A batch that waits to be sent.

    Parameters
    ----------
    folder : Path
        Where it is.
    files : tuple of Path
        Files to send.
    ads, requests : int
        How much is in them.
    masked : int
        Texts in which contact details were masked.
    cost : float or None
        Most that they cost; None where no price is known.
    currency : str
        Of the cost.
    """

    folder: Path
    files: tuple[Path, ...]
    ads: int
    requests: int
    masked: int
    cost: float | None
    currency: str

    def notes(self) -> Iterator[Message]:
        """Say what was written."""
        if not self.ads:
            yield Message("judging.nothing")
            return
        yield Message(
            "batch.written",
            {
                "requests": self.requests,
                "ads": self.ads,
                "files": len(self.files),
                "folder": str(self.folder),
            },
        )
        if self.cost is not None:
            yield Message("batch.most", {"cost": f"{self.cost:.4g}", "currency": self.currency})
        if self.masked:
            yield Message("judging.masked", {"n": self.masked})

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "folder": str(self.folder),
            "files": [str(each) for each in self.files],
            "ads": self.ads,
            "requests": self.requests,
            "masked_fields": self.masked,
            "most_cost": self.cost,
            "currency": self.currency,
            "notes": [each.record() for each in self.notes()],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRead:
    """What came back of a batch.

    Parameters
    ----------
    asked, answered, missing : int
        Requests written, answered, and still without an answer.
    strange : int
        Lines that answer nothing that was asked here.
    unreadable : int
        Lines that could not be read.
    first : str
        The first of these.
    faults : dict of int
        Requests without an answer, by what the server says.
    verdicts, others : int
        Ads with a verdict, and with another outcome.
    written, scored : int
        Rows written to judgements and to scores.
    cost : float or None
        What it cost; None where no price is known.
    currency : str
        Of the cost.
    tokens : int
        Tokens.
    """

    asked: int
    answered: int
    missing: int
    strange: int
    unreadable: int
    first: str
    faults: dict[str, int]
    verdicts: int
    others: int
    written: int
    scored: int
    cost: float | None
    currency: str
    tokens: int

    def notes(self) -> Iterator[Message]:
        """Say what came back."""
        counts = ("asked", "answered", "verdicts", "others", "written")
        yield Message("batch.read", {name: getattr(self, name) for name in counts})
        if self.cost is None:
            yield Message("judging.cost_unknown", {"tokens": self.tokens})
        else:
            told: dict[str, str | int | float | None]
            told = {"cost": f"{self.cost:.6g}", "currency": self.currency, "tokens": self.tokens}
            yield Message("judging.cost", told)
        if self.missing:
            yield Message("batch.missing", {"n": self.missing})
        if self.strange:
            yield Message("batch.strange", {"n": self.strange})
        if self.unreadable:
            yield Message("batch.unreadable", {"n": self.unreadable, "first": self.first})

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        names = (
            "asked", "answered", "missing", "strange", "unreadable", "faults", "verdicts",
            "others", "cost", "currency", "tokens",
        )  # fmt: skip
        return {
            **{name: getattr(self, name) for name in names},
            "judgements_written": self.written,
            "scores_written": self.scored,
            "notes": [each.record() for each in self.notes()],
        }
