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
    scope, textless : int
        Ads with a text that were asked for, judged before or not; and those without any text.
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
    scope: int
    textless: int
    masked: int
    cost: float | None
    currency: str

    def notes(self) -> Iterator[Message]:
        """Say what was written."""
        if self.textless:
            yield Message("judging.textless", {"n": self.textless})
        if not self.ads:
            yield Message("judging.nothing" if self.scope else "judging.none")
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
            "textless": self.textless,
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
    twice : int
        Lines that answer what an earlier line answered; the first one counts.
    faults : dict of int
        Requests without an answer, by what the server says.
    verdicts, others : int
        Ads with a verdict, and with another outcome.
    written, scored : int
        Judgements that are new in the logs, and rows written to scores.
    unpriced : int
        Answers whose cost is not known.
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
    twice: int
    faults: dict[str, int]
    verdicts: int
    others: int
    written: int
    scored: int
    unpriced: int
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
            told = {
                "cost": f"{self.cost:.6g}",
                "currency": self.currency,
                "tokens": self.tokens,
                "unpriced": self.unpriced,
            }
            yield Message("judging.cost_part" if self.unpriced else "judging.cost", told)
        if self.missing:
            yield Message("batch.missing", {"n": self.missing})
        for fault, count in sorted(self.faults.items()):
            yield Message("batch.fault", {"n": count, "fault": fault})
        if self.twice:
            yield Message("batch.twice", {"n": self.twice})
        if self.strange:
            yield Message("batch.strange", {"n": self.strange})
        if self.unreadable:
            yield Message("batch.unreadable", {"n": self.unreadable, "first": self.first})

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        names = (
            "asked", "answered", "missing", "strange", "unreadable", "twice", "faults",
            "verdicts", "others", "cost", "currency", "unpriced", "tokens",
        )  # fmt: skip
        return {
            **{name: getattr(self, name) for name in names},
            "judgements_written": self.written,
            "scores_written": self.scored,
            "notes": [each.record() for each in self.notes()],
        }
