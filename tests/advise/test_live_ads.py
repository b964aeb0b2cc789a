"""What is posted as an ad is read, or refused with the reason."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.advise.live_ads import MOST_LETTERS, lines_of, read_ads


@pytest.mark.parametrize(
    ("row", "cause"),
    [
        (3, "is an object"),
        ({"title": 3}, "title is no text"),
        ({"ad_version": "new"}, "ad_version"),
        ({"ad_version": 0}, "ad_version"),
        ({"scores": 0.3}, "scores is no object"),
        ({"scores": {"risk": "high"}}, "no number from 0 to 1"),
        ({"scores": {"risk": True}}, "no number from 0 to 1"),
        ({"scores": {"risk": float("nan")}}, "no number from 0 to 1"),
        ({"scores": {"risk": 1.2}}, "no number from 0 to 1"),
        ({"body": "x" * (MOST_LETTERS + 1)}, "more than"),
        ({f"c{n}": 1 for n in range(201)}, "columns"),
        ({"spend": 1 << 64}, "64 bits"),
    ],
)
def test_what_is_no_ad_is_told(row: object, cause: str) -> None:
    ads, faults = read_ads([{"ad_id": "good"}, row])
    assert [each.id for each in ads] == ["good"]
    assert [each.row for each in faults] == [2]
    assert cause in faults[0].cause


def test_a_line_that_is_no_json_is_told_with_its_number() -> None:
    ads, faults = read_ads(lines_of('{"ad_id": 1}\n\n{"ad_id"\n[[[\n{"ad_id": 2}'))
    assert [each.id for each in ads] == ["1", "2"]
    assert [each.row for each in faults] == [2, 3]


def test_an_ad_without_a_name_is_named_by_its_row() -> None:
    ads, _ = read_ads([{"title": "a"}, {"title": "b"}], start=7)
    assert [each.id for each in ads] == ["7", "8"]


def test_scores_of_flat_files_stand_in_columns_of_their_own() -> None:
    (ad,), _ = read_ads([{"scores.risk": "0.5", "scores.other": None, "title": "x"}])
    assert (dict(ad.scores), dict(ad.values)) == ({"risk": 0.5}, {"title": "x"})


def test_slices_mean_what_they_mean_to_a_replay() -> None:
    (ad,), _ = read_ads([{"market": "US", "age": 3, "new": True}])
    assert ad.fits([("market", "US"), ("age", "3"), ("new", "true"), ("gone", "")])
    assert not ad.fits([("market", "us")])


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(), each, max_size=4),
    max_leaves=8,
)


@given(st.lists(_JSON, max_size=5))
def test_every_row_is_an_ad_or_a_fault(rows: list[object]) -> None:
    ads, faults = read_ads(rows)
    assert len(ads) + len(faults) == len(rows)
    for each in ads:
        json.dumps(each.id + "".join(map(str, each.values))).encode()
