"""Taking labels back: is this the batch that was drawn, and what do the labels say?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from shroff.domain.labels import Verdict
from shroff.domain.messages import Message
from shroff.errors import DataError, DesignError
from shroff.measure.label_batch import DrawnAd, signature
from shroff.measure.label_plan_strata import PREFIX
from shroff.store.catalog_batches import BatchRecord, BatchRow

__all__ = ["QUEUE", "Taken", "batch_of", "check_rows", "reviews_of"]

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
_NEAR = 1e-9
_Key = tuple[str, str, int]


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


def check_rows(
    batch: BatchRecord, rows: Sequence[Mapping[str, str]]
) -> dict[_Key, Mapping[str, str]]:
    """See that rows are those that were drawn.

    Parameters
    ----------
    batch : BatchRecord
        The batch as it was drawn.
    rows : sequence of mapping
        What came back.

    Returns
    -------
    dict
        Each row by what it is about.

    Raises
    ------
    DesignError
        If rows were changed, added, doubled or left out; each is named.
    """
    _require_signed(batch)
    asked = {row.place: row for row in batch.rows if row.place}
    by_key = {_key(row): row for row in asked.values() if row.ad_id is not None}
    gone = {row.digest for row in asked.values() if row.ad_id is None}
    found: dict[_Key, Mapping[str, str]] = {}
    faults: dict[str, list[str]] = {"changed": [], "added": [], "doubled": [], "missing": []}
    counted: Counter[_Key] = Counter()
    claimed: set[int] = set()
    for row in rows:
        place = _whole(row.get("row", ""))
        known = _drawn_row(row, by_key, asked.get(place))
        if known is None:
            drawn = asked.get(place)
            if drawn is not None and drawn.ad_id is None and _was(row, drawn, gone):
                claimed.add(place)
            elif drawn is not None and drawn.ad_id is not None and place not in claimed:
                claimed.add(place)
                faults["changed"].append(_changed_id(drawn, row))
            else:
                faults["added"].append(_named(row))
            continue
        counted[_key(known)] += 1
        claimed.add(known.place)
        faults["changed"] += _changes(known, row)
        found[_key(known)] = row
    faults["doubled"] = [
        f"{ad} ({times} times)" for (_, ad, _), times in counted.items() if times > 1
    ]
    faults["missing"] = [
        f"row {row.place}: {row.ad_id}"
        for row in asked.values()
        if row.ad_id is not None and row.place not in claimed
    ]
    _refuse(batch, faults)
    return found


def _require_signed(batch: BatchRecord) -> None:
    """See that the catalog itself is as it was."""
    whole = signature([row.digest for row in batch.rows]) == batch.signature
    rows = all(row.ad_id is None or _digest(row) == row.digest for row in batch.rows)
    if not (whole and rows):
        raise DesignError(
            f"what the catalog holds of {batch.id} is not what was drawn",
            where="catalog.sqlite",
            hint="restore the catalog from a copy, or draw again",
        )


def _digest(row: BatchRow) -> str:
    return DrawnAd(
        row.place, str(row.ad_id), row.ad_version, row.design_id, row.stratum, row.sampling_prob
    ).digest


def _key(row: BatchRow) -> _Key:
    return (row.design_id, str(row.ad_id), row.ad_version)


def _drawn_row(
    row: Mapping[str, str], by_key: Mapping[_Key, BatchRow], placed: BatchRow | None
) -> BatchRow | None:
    """Find what a row is about: by its ad, and by its design where an ad is in several."""
    ad, version = row.get("ad_id", ""), _whole(row.get("ad_version", "") or "1")
    if placed is not None and (placed.ad_id, placed.ad_version) == (ad, version):
        return placed
    matches = [found for (_, *rest), found in by_key.items() if tuple(rest) == (ad, version)]
    return matches[0] if matches else None


def _was(row: Mapping[str, str], drawn: BatchRow, gone: set[str]) -> bool:
    """Tell whether a row is of an ad that was forgotten since."""
    told = DrawnAd(
        drawn.place,
        row.get("ad_id", ""),
        drawn.ad_version,
        drawn.design_id,
        drawn.stratum,
        drawn.sampling_prob,
    )
    return told.digest in gone


def _changes(known: BatchRow, row: Mapping[str, str]) -> list[str]:
    """Name what differs; columns that were left out altogether are in the catalog."""
    told: list[str] = []
    place = f"row {known.place} ({known.ad_id})"
    for name, was in (("design_id", known.design_id), ("stratum", known.stratum)):
        if name in row and row[name] != was:
            told.append(f"{place}: {name} {was} is now {row[name] or '(empty)'}")
    if "sampling_prob" in row and not _same(row["sampling_prob"], known.sampling_prob):
        told.append(
            f"{place}: sampling_prob {known.sampling_prob:g} is now"
            f" {row['sampling_prob'] or '(empty)'}"
        )
    return told


def _same(text: str, value: float) -> bool:
    try:
        # a spreadsheet keeps fifteen digits, and some write a decimal comma
        return abs(float(text.replace(",", ".")) - value) <= _NEAR * max(value, _NEAR)
    except ValueError:
        return False


def _changed_id(drawn: BatchRow, row: Mapping[str, str]) -> str:
    return f"row {drawn.place}: ad {drawn.ad_id} is now {row.get('ad_id') or '(empty)'}"


def _named(row: Mapping[str, str]) -> str:
    return f"row {row.get('row') or '?'}: {row.get('ad_id') or '(no ad_id)'}"


def _whole(text: str) -> int:
    try:
        return int(float(text))
    except (ValueError, OverflowError):
        return -1


def _refuse(batch: BatchRecord, faults: Mapping[str, Sequence[str]]) -> None:
    told = [
        f"{len(each)} {kind}: {'; '.join(each[:_SHOWN])}" + " ..." * (len(each) > _SHOWN)
        for kind, each in faults.items()
        if each
    ]
    if told:
        raise DesignError(
            f"{batch.id} did not come back as it was drawn; " + ". ".join(told),
            hint="nothing was taken. Put the rows back as they were (ids, chances and strata;"
            " leave verdict empty where there is none), or fill in the file as written:"
            f" {batch.file}",
        )


def reviews_of(
    batch: BatchRecord,
    found: Mapping[_Key, Mapping[str, str]],
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
    faults: list[str] = []
    rows: list[dict[str, object]] = []
    labels: Counter[str] = Counter()
    for row in batch.rows:
        if row.ad_id is None:
            continue
        review_id = f"{PREFIX}{batch.id}/{row.place or f'kept-{row.digest[:12]}'}"
        told = _label(row, found.get(_key(row), {}), faults=faults)
        if told.get("verdict") and not told.get("decided_at"):
            told["decided_at"] = _time_of(told, earlier.get(review_id, {}), now)
        labels[row.design_id] += bool(told.get("verdict"))
        rows.append(_review(batch, row, review_id=review_id, role=role) | told)
    if faults:
        raise DataError(
            "; ".join(faults[:_SHOWN]) + " ..." * (len(faults) > _SHOWN),
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


def _label(row: BatchRow, told: Mapping[str, str], *, faults: list[str]) -> dict[str, object]:
    place = f"row {row.place} ({row.ad_id})"
    said = told.get("verdict", "").strip()
    if not said:
        return {}
    verdict = _WORDS.get(said.lower())
    if verdict is None:
        faults.append(f"{place}: verdict {said!r} is not understood")
        return {}
    found: dict[str, object] = {"verdict": verdict.value}
    policies = told.get("policies", "").replace("，", ";").replace("；", ";")
    names = [name.strip() for name in policies.replace(",", ";").replace("|", ";").split(";")]
    if any(names):
        found["policies"] = [name for name in names if name]
    if reviewer := told.get("reviewer_id", "").strip():
        found["reviewer_id"] = reviewer
    if severity := told.get("severity", "").strip():
        if _whole(severity) in range(1, 6):
            found["severity"] = _whole(severity)
        else:
            faults.append(f"{place}: severity {severity!r} is not 1 to 5")
    if moment := told.get("decided_at", "").strip():
        try:
            found["decided_at"] = _iso(datetime.fromisoformat(moment.replace("/", "-")))
        except ValueError:
            faults.append(f"{place}: decided_at {moment!r} is no time")
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
