"""Is what came back of a batch what was drawn? Each row that is not is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from shroff.errors import DesignError
from shroff.measure.label_batch import DrawnAd, signature
from shroff.store.catalog_batches import BatchRecord, BatchRow

__all__ = ["Key", "RowFault", "check_rows", "compare_rows", "key_of", "whole_number"]

_SHOWN = 8
_NEAR = 1e-9
Key = tuple[str, str, int]
"""Design, ad and version: what a row is about."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with a row.

    Parameters
    ----------
    row : int
        Its place in the batch; 0 where it has none.
    kind : str
        ``changed``, ``added``, ``doubled``, ``missing`` or ``label``.
    text : str
        What is wrong, in words.
    """

    row: int
    kind: str
    text: str

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return asdict(self)


def check_rows(
    batch: BatchRecord, rows: Sequence[Mapping[str, str]]
) -> dict[Key, Mapping[str, str]]:
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
    found, faults = compare_rows(batch, rows)
    _refuse(batch, faults)
    return found


def compare_rows(
    batch: BatchRecord, rows: Sequence[Mapping[str, str]]
) -> tuple[dict[Key, Mapping[str, str]], list[RowFault]]:
    """Hold rows against those that were drawn.

    Parameters
    ----------
    batch : BatchRecord
        The batch as it was drawn.
    rows : sequence of mapping
        What came back.

    Returns
    -------
    dict, list of RowFault
        Each row by what it is about, and what is not as it was drawn.
    """
    _require_signed(batch)
    asked = {row.place: row for row in batch.rows if row.place}
    by_key = {key_of(row): row for row in asked.values() if row.ad_id is not None}
    gone = {row.digest for row in asked.values() if row.ad_id is None}
    found: dict[Key, Mapping[str, str]] = {}
    faults: list[RowFault] = []
    counted: Counter[Key] = Counter()
    claimed: set[int] = set()
    for row in rows:
        place = whole_number(row.get("row", ""))
        known = _drawn_row(row, by_key, asked.get(place))
        if known is None:
            drawn = asked.get(place)
            if drawn is not None and drawn.ad_id is None and _was(row, drawn, gone):
                claimed.add(place)
            elif drawn is not None and drawn.ad_id is not None and place not in claimed:
                claimed.add(place)
                faults.append(RowFault(place, "changed", _changed_id(drawn, row)))
            else:
                faults.append(RowFault(max(place, 0), "added", _named(row)))
            continue
        counted[key_of(known)] += 1
        claimed.add(known.place)
        faults += [RowFault(known.place, "changed", each) for each in _changes(known, row)]
        found[key_of(known)] = row
    faults += [
        RowFault(by_key[key].place, "doubled", f"{key[1]} ({times} times)")
        for key, times in counted.items()
        if times > 1
    ]
    faults += [
        RowFault(row.place, "missing", f"row {row.place}: {row.ad_id}")
        for row in asked.values()
        if row.ad_id is not None and row.place not in claimed
    ]
    return found, faults


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


def key_of(row: BatchRow) -> Key:
    """Tell what a row is about."""
    return (row.design_id, str(row.ad_id), row.ad_version)


def _drawn_row(
    row: Mapping[str, str], by_key: Mapping[Key, BatchRow], placed: BatchRow | None
) -> BatchRow | None:
    """Find what a row is about: by its ad, and by its design where an ad is in several."""
    ad, version = row.get("ad_id", ""), whole_number(row.get("ad_version", "") or "1")
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


def whole_number(text: str) -> int:
    """Read a whole number; -1 for what is none."""
    try:
        return int(float(text))
    except (ValueError, OverflowError):
        return -1


def _refuse(batch: BatchRecord, faults: Sequence[RowFault]) -> None:
    kinds = ("changed", "added", "doubled", "missing")
    by_kind = {kind: [each.text for each in faults if each.kind == kind] for kind in kinds}
    told = [
        f"{len(each)} {kind}: {'; '.join(each[:_SHOWN])}" + " ..." * (len(each) > _SHOWN)
        for kind, each in by_kind.items()
        if each
    ]
    if told:
        raise DesignError(
            f"{batch.id} did not come back as it was drawn; " + ". ".join(told),
            hint="nothing was taken. Put the rows back as they were (ids, chances and strata;"
            " leave verdict empty where there is none), or fill in the file as written:"
            f" {batch.file}",
        )
