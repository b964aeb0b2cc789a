"""Slices at every grain, none counted twice among those told, each with honest bounds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from shroff.advise.grow import _apart, _Ranking, _worth
from shroff.advise.grow_reading import Growing, GrowRows
from shroff.advise.grow_result import Candidate, Limits
from shroff.advise.grow_slices import GrowSlice, bands_of, slices_of
from shroff.domain.labels import DesignKind
from shroff.stats.estimate import Estimate, Status
from shroff.stats.sampling import Strata, kind_codes

LIMITS = Limits(leakage=0.05, precision=0.9, leakage_from="asked", precision_from="asked")
APPROVE, REVIEW, REJECT = 0, 1, 2


def _rows(*told: tuple[int, int, int, float]) -> GrowRows:
    cell, action, place, n = zip(*told, strict=True)
    return GrowRows(
        cell=np.array(cell), action=np.array(action), place=np.array(place), n=np.array(n, float)
    )


def _growing() -> Growing:
    """Two markets: reviewed ads at 0.6 are clean in ID; approved ones at 0.4 violate in MY."""
    ads = _rows(
        (0, REVIEW, 650, 3000), (1, REVIEW, 650, 1000), (0, APPROVE, 450, 9000),
        (1, APPROVE, 450, 4000), (1, REJECT, 950, 800), (0, REVIEW, 0, 7),
    )  # fmt: skip
    told = [
        (0, REVIEW, 650, 600, 0), (1, REVIEW, 650, 60, 40), (0, APPROVE, 450, 300, 3),
        (1, APPROVE, 450, 200, 60), (1, REJECT, 950, 200, 195),
    ]  # fmt: skip
    labels = [(c, a, p, n - v, False) for c, a, p, n, v in told]
    labels += [(c, a, p, v, True) for c, a, p, n, v in told if v]
    n = np.array([each[3] for each in labels], dtype=float)
    decided = _rows((0, REVIEW, 650, 2900), (1, REVIEW, 650, 900))
    return Growing(
        by=("market",),
        cells=(("ID",), ("MY",)),
        ads=ads,
        labels=_rows(*((c, a, p, n) for c, a, p, n, _ in labels)),
        decided=decided,
        violating=np.array([each[4] for each in labels]),
        found=np.array([29.0, 540.0]),
        w=n * 5,
        w2=n * 25,
        stratum=np.zeros(len(n), dtype=np.intp),
        cluster=None,
        strata=Strata(
            kind=kind_codes([DesignKind.POISSON]),
            population=np.full(1, np.nan),
            labels=np.array([n.sum()]),
        ),
        minutes=Estimate(
            value=2.0, low=1.9, high=2.1, level=0.95, status=Status.PROXY, method="mean", n=9
        ),
        by_rules=0,
        queries=("", "", ""),
    )


def _ranking(found: Growing, limits: Limits = LIMITS) -> _Ranking:
    cut = slices_of(found, edges=bands_of(0.1))
    return _Ranking(cut, found.strata, limits=limits, minutes=2.0, level=0.95)


def test_every_grain_is_cut_and_odd_scores_are_left_out() -> None:
    cut = slices_of(_growing(), edges=bands_of(0.1))
    named = {(each.where, each.action, each.band): k for k, each in enumerate(cut.slices)}
    assert len(cut) == 8  # three bands over all, five in markets
    whole = named["", "review", (600, 700)]
    assert cut.counts.ads[whole] == 4000
    assert cut.counts.decided[whole] == 3800
    assert cut.counts.found[whole] == 569
    assert cut.labels.count(len(cut))[named["market=MY", "approve", (400, 500)]] == 200
    assert sum(cut.counts.ads) == 2 * 17_800
    assert bands_of(0.3) == (0, 300, 600, 900, 1000)


def test_what_is_clean_is_safe_and_what_leaks_is_not() -> None:
    ranking = _ranking(_growing())
    (safe,) = ranking.safe()
    assert (safe.slice.where, safe.slice.band, safe.then) == ("market=ID", (600, 700), "approve")
    assert safe.hours == pytest.approx(100)
    assert safe.wrong_low == 0
    assert 0 < safe.wrong < safe.wrong_high <= 0.05
    assert safe.per_wrong_low == pytest.approx(2 / 60 / safe.wrong_high)
    assert safe.people == pytest.approx(0.01)
    assert safe.more == 0
    unsafe = ranking.unsafe()
    assert [each.slice.where for each in unsafe] == ["market=MY"]
    assert unsafe[0].slice.action == "approve"
    assert unsafe[0].then == "review"
    assert 0.05 < unsafe[0].wrong_low < 0.3 < unsafe[0].wrong_high
    assert unsafe[0].per_wrong_low == pytest.approx(unsafe[0].wrong_low / (2 / 60))


def test_what_looks_safe_says_how_many_labels_it_lacks() -> None:
    strict = _ranking(_growing(), replace(LIMITS, leakage=0.006))
    assert not strict.safe()
    (nearly,) = strict.nearly()
    assert nearly.slice.where == "market=ID"
    assert nearly.then == "approve"
    assert nearly.wrong < 0.006 < nearly.wrong_high
    assert 0 < nearly.more <= 2400


def test_a_reject_whose_precision_is_surely_low_is_told() -> None:
    found = _growing()
    flipped = np.where(found.labels.action == REJECT, ~found.violating, found.violating)
    unsafe = _ranking(replace(found, violating=flipped)).unsafe()
    assert {(each.slice.action, each.slice.band) for each in unsafe} == {
        ("approve", (400, 500)), ("reject", (900, 1000)),
    }  # fmt: skip
    assert unsafe[0].slice.action == "reject"


def test_slices_that_are_told_share_no_ad() -> None:
    one = GrowSlice(terms=(), action="review", band=(500, 600))
    inside = GrowSlice(terms=(("market", "ID"),), action="review", band=(500, 600))
    other = GrowSlice(terms=(("market", "MY"),), action="review", band=(500, 600))
    crossing = GrowSlice(terms=(("language", "id"),), action="review", band=(500, 600))
    higher = GrowSlice(terms=(), action="review", band=(600, 700))
    assert one.shares_ads_with(inside)
    assert inside.shares_ads_with(crossing)
    assert not inside.shares_ads_with(other)
    assert not one.shares_ads_with(higher)
    assert not one.shares_ads_with(replace(one, action="approve"))

    def made(part: GrowSlice, worth: float) -> Candidate:
        return Candidate(slice=part, then="approve", ads=10, labels=9, violating=0, hours=1.0,
                         wrong=0.01, wrong_low=0.0, wrong_high=0.02, per_wrong=worth,
                         per_wrong_low=worth)  # fmt: skip

    rows = [made(one, 1.0), made(inside, 3.0), made(other, 2.0), made(higher, 0.5)]
    kept = [each.slice for each in _apart(rows, key=_worth)]
    assert kept == [inside, other, higher]
