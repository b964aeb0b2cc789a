"""Columns that are not required, but without which a log says little."""

from __future__ import annotations

from pathlib import Path

from shroff.store.propose import propose


def _doubts(path: Path, header: str, row: str) -> list[str]:
    path.write_text(f"{header}\n{row}\n", encoding="utf-8")
    (table,) = propose([path]).tables
    assert table.table == "reviews"
    return [doubt.text() for doubt in table.doubts if doubt.id == "propose.wanted"]


def test_a_verdict_that_nobody_can_find_is_asked_for(tmp_path: Path) -> None:
    found = _doubts(
        tmp_path / "reviews.csv",
        "review_id,ad_id,reviewer_id,queue,enqueued_at",
        "r1,a1,ann,live,2026-05-04T10:00:00Z",
    )
    assert [text.partition(":")[0] for text in found] == ["reviews.verdict", "reviews.decided_at"]


def test_nothing_is_asked_when_it_is_there(tmp_path: Path) -> None:
    found = _doubts(
        tmp_path / "reviews.csv",
        "review_id,ad_id,reviewer_id,queue,enqueued_at,decided_at,verdict",
        "r1,a1,ann,live,2026-05-04T10:00:00Z,2026-05-04T11:00:00Z,violating",
    )
    assert found == []
