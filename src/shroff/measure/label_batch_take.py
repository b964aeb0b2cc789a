"""Taking labels back: is this the batch that was drawn, and what do the labels say?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from shroff.domain.labels import Verdict
from shroff.domain.messages import Message
from shroff.errors import DataError
from shroff.measure.label_batch_check import Key, RowFault, key_of, whole_number
from shroff.measure.label_plan_strata import PREFIX
from shroff.store.catalog_batches import BatchRecord, BatchRow

__all__ = ["QUEUE", "Taken", "batch_of", "label_faults", "reviews_of"]

QUEUE = "labels"
"""Queue of the reviews that batches become."""

_SHOWN = 8
_WORDS = {
    **{verdict.value: verdict for verdict in Verdict},
    "违规": Verdict.VIOLATING,
    "合规": Verdict.COMPLIANT,
    "不确定": Verdict.UNCLEAR,
    "无法判断": Verdict.UNCLEAR,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What came back of a batch.

    Parameters
    ----------
    batch_id : str
        The batch.
    asked : int
        Ads that were to be labelled.
    labelled : int
        Those with a verdict.
    open : int
        Those without.
    forgotten : int
        Ads of advertisers who were forgotten since.
    by_design : mapping
        Labels by design.
    added, corrected, known : int
        Reviews that are new, that replaced another, and that were there already.
    """

    batch_id: str
    asked: int
    labelled: int
    open: int
    forgotten: int
    by_design: Mapping[str, int]
    added: int = 0
    corrected: int = 0
    known: int = 0

    def text(self) -> Message:
        """Say what came back."""
        name = "labels.taken" if not self.open else "labels.taken_part"
        return Message(
            name,
            {
                "batch": self.batch_id,
                "labelled": self.labelled,
                "asked": self.asked,
                "open": self.open,
            },
        )

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {**asdict(self), "by_design": dict(self.by_design), "text": self.text().record()}


def batch_of(rows: Sequence[Mapping[str, str]], *, named: str = "") -> str:
    """Tell which batch a file is.

    Parameters
    ----------
    rows : sequence of mapping
        Its rows.
    named : str
        The batch's name, if the user gave one.

    Returns
    -------
    str
        The batch.

    Raises
    ------
    DataError
        If it does not say, or says several.
    """
    found = list(dict.fromkeys(row.get("batch_id", "").strip() for row in rows))
    if named:
        found = list(dict.fromkeys([named, *filter(None, found)]))
    if len(found) == 1 and found[0]:
        return found[0]
    raise DataError(
        "the rows are of several batches: " + ", ".join(name or "(none)" for name in found)
        if found
        else "there is no row in it",
        where="batch_id",
        hint="take one batch at a time, in one or several files, and keep the column batch_id",
    )


def reviews_of(
    batch: BatchRecord,
    found: Mapping[Key, Mapping[str, str]],
    *,
    earlier: Mapping[str, Mapping[str, object]],
    now: datetime,
    role: str,
) -> tuple[list[dict[str, object]], Taken]:
    """Write a batch as reviews: labelled ones, open ones, and higher chances of old ones.

    Parameters
    ----------
    batch : BatchRecord
        The batch.
    found : mapping
        Its rows as they came back.
    earlier : mapping
        Reviews taken of it before, by review id: what did not change keeps its time.
    now : datetime
        When labels without a time of their own are taken to have been given.
    role : str
        Who labelled.

    Returns
    -------
    list of dict
        Rows of the table ``reviews``.
    Taken
        What came back.

    Raises
    ------
    DataError
        If a verdict, severity or time cannot be understood; each is named.
    """
    faults: list[RowFault] = []
    rows: list[dict[str, object]] = []
    labels: Counter[str] = Counter()
    for row in batch.rows:
        if row.ad_id is None:
            continue
        review_id = f"{PREFIX}{batch.id}/{row.place or f'kept-{row.digest[:12]}'}"
        told = _label(row, found.get(key_of(row), {}), faults=faults)
        if told.get("verdict") and not told.get("decided_at"):
            told["decided_at"] = _time_of(told, earlier.get(review_id, {}), now)
        labels[row.design_id] += bool(told.get("verdict"))
        rows.append(_review(batch, row, review_id=review_id, role=role) | told)
    if faults:
        raise DataError(
            "; ".join(each.text for each in faults[:_SHOWN]) + " ..." * (len(faults) > _SHOWN),
            where=batch.id,
            hint="verdict is violating, compliant or unclear (违规, 合规, 不确定), severity 1 to 5,"
            " decided_at like 2026-05-04 10:30",
        )
    asked = [row for row in batch.rows if row.place]
    gone = sum(row.ad_id is None for row in asked)
    done = sum(labels.values())
    return rows, Taken(
        batch_id=batch.id,
        asked=len(asked),
        labelled=done,
        open=len(asked) - gone - done,
        forgotten=gone,
        by_design=dict(labels),
    )


def _review(batch: BatchRecord, row: BatchRow, *, review_id: str, role: str) -> dict[str, object]:
    return {
        "review_id": review_id,
        "ad_id": row.ad_id,
        "ad_version": row.ad_version,
        "queue": QUEUE,
        "queue_reason": "random",
        "role": role,
        "blind": True,
        "seen_machine": False,
        "design_id": row.design_id,
        "stratum": row.stratum,
        "sampling_prob": row.sampling_prob,
        "enqueued_at": batch.at if row.place else None,
    }


def label_faults(batch: BatchRecord, found: Mapping[Key, Mapping[str, str]]) -> list[RowFault]:
    """Name what cannot be understood of the labels of a batch.

    Parameters
    ----------
    batch : BatchRecord
        The batch.
    found : mapping
        Its rows as they came back.

    Returns
    -------
    list of RowFault
        Verdicts, severities and times that are none.
    """
    faults: list[RowFault] = []
    for row in batch.rows:
        if row.ad_id is not None:
            _label(row, found.get(key_of(row), {}), faults=faults)
    return faults


def _label(row: BatchRow, told: Mapping[str, str], *, faults: list[RowFault]) -> dict[str, object]:
    def wrong(what: str) -> None:
        faults.append(RowFault(row.place, "label", f"row {row.place} ({row.ad_id}): {what}"))

    said = told.get("verdict", "").strip()
    if not said:
        return {}
    verdict = _WORDS.get(said.lower())
    if verdict is None:
        wrong(f"verdict {said!r} is not understood")
        return {}
    found: dict[str, object] = {"verdict": verdict.value}
    policies = told.get("policies", "").replace("，", ";").replace("；", ";")
    names = [name.strip() for name in policies.replace(",", ";").replace("|", ";").split(";")]
    if any(names):
        found["policies"] = [name for name in names if name]
    if reviewer := told.get("reviewer_id", "").strip():
        found["reviewer_id"] = reviewer
    found |= _numbers(told, wrong)
    if moment := told.get("decided_at", "").strip():
        try:
            found["decided_at"] = _iso(datetime.fromisoformat(moment.replace("/", "-")))
        except ValueError:
            wrong(f"decided_at {moment!r} is no time")
    return found


def _numbers(told: Mapping[str, str], wrong: Callable[[str], None]) -> dict[str, object]:
    """Read how bad an ad is, and how long it was looked at."""
    found: dict[str, object] = {}
    if severity := told.get("severity", "").strip():
        if whole_number(severity) in range(1, 6):
            found["severity"] = whole_number(severity)
        else:
            wrong(f"severity {severity!r} is not 1 to 5")
    if work := told.get("active_ms", "").strip():
        if whole_number(work) >= 0:
            found["active_ms"] = whole_number(work)
        else:
            wrong(f"active_ms {work!r} is no number of milliseconds")
    return found


def _time_of(told: Mapping[str, object], earlier: Mapping[str, object], now: datetime) -> object:
    """Keep the time of a label that was taken before and says the same."""
    known = earlier.get("decided_at")
    if isinstance(known, datetime) and earlier.get("verdict") == told["verdict"]:
        return _iso(known)
    return _iso(now)


def _iso(moment: datetime) -> str:
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return zoned.astimezone(UTC).isoformat(sep=" ")
