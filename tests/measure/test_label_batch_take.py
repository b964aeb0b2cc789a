"""A batch that comes back is the batch that was drawn, or is refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shroff.errors import DataError, DesignError
from shroff.measure.label_batch import Batch, DrawnAd
from shroff.measure.label_batch_check import check_rows
from shroff.measure.label_batch_take import batch_of, reviews_of
from shroff.store.catalog_batches import BatchRecord, BatchRow

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
AT = "2026-05-20 10:00:00+00:00"


def drawn() -> BatchRecord:
    ads = [DrawnAd(n, f"a{n}", 1, "audit", "z1", 0.1 + n / 7) for n in (1, 2, 3)]
    batch = Batch((*ads, DrawnAd(0, "old", 2, "audit", "z1", 0.3)))
    rows = tuple(
        BatchRow(a.place, a.ad_id, a.ad_version, a.design_id, a.stratum, a.sampling_prob, a.digest)
        for a in batch.drawn
    )
    return BatchRecord(batch.id, AT, batch.signature, "b.csv", "", rows)


def back(**changes: Mapping[str, str]) -> list[dict[str, str]]:
    """Give the file as it was written, with changes of single rows (``r2={...}``)."""
    rows = [
        {
            "batch_id": drawn().id,
            "row": str(row.place),
            "design_id": row.design_id,
            "stratum": row.stratum,
            "sampling_prob": repr(row.sampling_prob),
            "ad_id": str(row.ad_id),
            "ad_version": str(row.ad_version),
            "verdict": "compliant",
        }
        for row in drawn().rows
        if row.place
    ]
    for name, change in changes.items():
        rows[int(name[1:]) - 1] |= change
    return rows


def test_a_batch_as_it_was_drawn_is_taken() -> None:
    assert set(check_rows(drawn(), back())) == {("audit", f"a{n}", 1) for n in (1, 2, 3)}


def test_rows_may_come_back_in_another_order_and_without_the_design() -> None:
    rows = [
        {k: v for k, v in row.items() if k not in {"design_id", "stratum", "sampling_prob", "row"}}
        for row in reversed(back())
    ]
    assert len(check_rows(drawn(), rows)) == 3


def test_fifteen_digits_and_a_decimal_comma_are_no_change() -> None:
    chance = drawn().rows[1].sampling_prob
    rows = back(r2={"sampling_prob": f"{chance:.15g}".replace(".", ",")})
    assert len(check_rows(drawn(), rows)) == 3


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (back(r2={"sampling_prob": "0.9"}), r"1 changed: row 2 \(a2\): sampling_prob 0.385714 is now 0.9"),
        (back(r1={"sampling_prob": ""}), r"row 1 \(a1\): sampling_prob .* \(empty\)"),
        (back(r3={"stratum": "z9"}), r"row 3 \(a3\): stratum z1 is now z9"),
        (back(r1={"design_id": "mine"}), r"row 1 \(a1\): design_id audit is now mine"),
        (back(r2={"ad_id": "b7"}), "1 changed: row 2: ad a2 is now b7"),
        (back(r2={"ad_version": "4"}), "row 2: ad a2"),
        (back()[:2], "1 missing: row 3: a3"),
        ([*back(), back()[0]], r"1 doubled: a1 \(2 times\)"),
        ([*back(), {**back()[0], "ad_id": "new", "row": "4"}], "1 added: row 4: new"),
        ([*back(), {**back()[0], "ad_id": "old", "row": "0"}], "1 added: row 0: old"),
    ],
)  # fmt: skip
def test_what_was_tampered_with_is_named(rows: list[dict[str, str]], told: str) -> None:
    with pytest.raises(DesignError, match=told) as fault:
        check_rows(drawn(), rows)
    assert "nothing was taken" in fault.value.hint


def test_all_faults_are_named_at_once() -> None:
    rows = [*back(r1={"sampling_prob": "1"})[:2], {**back()[0], "ad_id": "new", "row": "9"}]
    with pytest.raises(DesignError) as fault:
        check_rows(drawn(), rows)
    assert all(word in fault.value.cause for word in ("1 changed", "1 added", "1 missing"))


def test_swapped_rows_are_still_the_ads_that_were_drawn() -> None:
    rows = back(r1={"row": "2"}, r2={"row": "1"})
    assert len(check_rows(drawn(), rows)) == 3


def test_a_catalog_that_was_edited_is_not_believed() -> None:
    known = drawn()
    row = replace(known.rows[0], sampling_prob=0.9)
    for rows in ((row, *known.rows[1:]), known.rows[1:]):
        with pytest.raises(DesignError, match="what the catalog holds"):
            check_rows(replace(known, rows=rows), back())


def test_an_ad_that_was_forgotten_is_neither_missing_nor_taken() -> None:
    known = drawn()
    gone = replace(known, rows=(replace(known.rows[0], ad_id=None), *known.rows[1:]))
    for rows in (back(), back()[1:]):
        found = check_rows(gone, rows)
        reviews, taken = reviews_of(gone, found, earlier={}, now=NOW, role="L1")
        assert (taken.labelled, taken.open, taken.forgotten) == (2, 0, 1)
        assert "a1" not in {review["ad_id"] for review in reviews}


def test_labels_become_reviews_drawn_at_random_and_blind() -> None:
    rows = back(
        r1={"verdict": "违规", "policies": "drugs; weapons", "severity": "4", "reviewer_id": "bo"}
    )
    reviews, taken = reviews_of(drawn(), check_rows(drawn(), rows), earlier={}, now=NOW, role="QA")
    first = reviews[0]
    assert first | {"decided_at": None} == {
        "review_id": f"shroff/{drawn().id}/1",
        "ad_id": "a1",
        "ad_version": 1,
        "queue": "labels",
        "queue_reason": "random",
        "role": "QA",
        "blind": True,
        "seen_machine": False,
        "design_id": "audit",
        "stratum": "z1",
        "sampling_prob": drawn().rows[0].sampling_prob,
        "enqueued_at": AT,
        "verdict": "violating",
        "policies": ["drugs", "weapons"],
        "severity": 4,
        "reviewer_id": "bo",
        "decided_at": None,
    }
    assert first["decided_at"] == "2026-06-01 12:00:00+00:00"
    assert (taken.asked, taken.labelled, taken.open) == (3, 3, 0)


def test_an_ad_with_a_label_only_gets_its_higher_chance() -> None:
    reviews, _ = reviews_of(drawn(), check_rows(drawn(), back()), earlier={}, now=NOW, role="L1")
    kept = next(review for review in reviews if review["ad_id"] == "old")
    assert kept["sampling_prob"] == 0.3
    assert kept["enqueued_at"] is None
    assert "verdict" not in kept
    assert "decided_at" not in kept


def test_a_batch_that_is_partly_labelled_says_what_is_open() -> None:
    rows = back(r2={"verdict": ""}, r3={"verdict": "  "})
    reviews, taken = reviews_of(drawn(), check_rows(drawn(), rows), earlier={}, now=NOW, role="L1")
    assert (taken.labelled, taken.open) == (1, 2)
    assert "1 of 3" in taken.text().text()
    assert len(reviews) == 4  # the open ones too: they were drawn
    assert sum("decided_at" in review for review in reviews) == 1


def test_taken_again_a_label_keeps_its_time_until_it_changes() -> None:
    found = check_rows(drawn(), back())
    before = {"verdict": "compliant", "decided_at": datetime(2026, 5, 21, tzinfo=UTC)}
    other = {"verdict": "violating", "decided_at": datetime(2026, 5, 21, tzinfo=UTC)}
    name = f"shroff/{drawn().id}"
    reviews, _ = reviews_of(
        drawn(), found, earlier={f"{name}/1": before, f"{name}/2": other}, now=NOW, role="L1"
    )
    assert [review.get("decided_at") for review in reviews[:2]] == [
        "2026-05-21 00:00:00+00:00",
        "2026-06-01 12:00:00+00:00",
    ]


def test_labels_that_are_not_understood_are_all_named() -> None:
    rows = back(r1={"verdict": "bad"}, r2={"severity": "9"}, r3={"decided_at": "yesterday"})
    with pytest.raises(DataError) as fault:
        reviews_of(drawn(), check_rows(drawn(), rows), earlier={}, now=NOW, role="L1")
    assert all(f"row {n} (a{n})" in fault.value.cause for n in (1, 2, 3))


def test_a_file_says_which_batch_it_is() -> None:
    assert batch_of(back()) == drawn().id
    assert batch_of([{"ad_id": "a1"}], named="batch-x") == "batch-x"


@pytest.mark.parametrize(
    ("rows", "named"),
    [([], ""), ([{"ad_id": "a"}], ""), ([{"batch_id": "x"}, {"batch_id": "y"}], ""), ([{"batch_id": "x"}], "y")],
)  # fmt: skip
def test_a_file_of_no_batch_or_of_several_is_refused(
    rows: list[dict[str, str]], named: str
) -> None:
    with pytest.raises(DataError, match=r"several batches|no row"):
        batch_of(rows, named=named)
