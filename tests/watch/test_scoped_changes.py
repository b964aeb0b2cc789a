"""A logged change that names policies is looked at over these policies, group by group."""

from __future__ import annotations

from datetime import date

import numpy as np

from shroff.domain.slices import Period, Slice
from shroff.watch.change_candidates import candidates
from shroff.watch.daily_gathering import Daily
from shroff.watch.daily_series import DailyBlock
from shroff.watch.logged_changes import LoggedChange
from shroff.watch.scoped_changes import scoped_blocks

FIRST, DAYS, MARK = date(2026, 3, 1), 90, 50
GROUPS, FAMILIES = ("east", "north", "south", "west"), "ABCDEF"


def block(*, hurt: str = "", families: str = "", by: float = 0.6, seed: int = 1) -> DailyBlock:
    rng = np.random.default_rng(seed)
    slices, above, below = [], [], []
    for group in GROUPS:
        for family in FAMILIES:
            base = rng.poisson(6.0, DAYS)
            share = np.full(DAYS, 0.45)
            if group == hurt and family in families:
                share[MARK:] *= by
            slices.append(Slice((("reviewer_group", group), ("policy_family", family))))
            above.append(rng.binomial(base, share))
            below.append(base)
    return DailyBlock(
        metric="first_review_violating_share",
        dimensions=("reviewer_group", "policy_family"),
        slices=tuple(slices),
        first=FIRST,
        above=np.array(above, float),
        below=np.array(below, float),
        complete=np.ones(DAYS),
    )


def log(scope: str, *, day: int = MARK) -> LoggedChange:
    return LoggedChange(
        id="1", day=date.fromordinal(FIRST.toordinal() + day), kind="guideline", scope=scope
    )


def found(one: DailyBlock, change: LoggedChange) -> list[dict[str, str | None]]:
    daily = Daily(
        period=Period(FIRST, date.fromordinal(FIRST.toordinal() + DAYS)), blocks=(), queries=()
    )
    told, _ = candidates(daily, scoped=scoped_blocks([one], [change]))
    assert all(each.onset == change.day and each.marked for each in told)
    return [dict(each.slice.terms) for each in told if each.z < 0]


def test_families_are_added_up_by_group() -> None:
    one = block()
    (scoped,) = scoped_blocks([one], [log("B, D")])
    assert [dict(part.terms)["reviewer_group"] for part in scoped.block.slices] == list(GROUPS)
    assert {dict(part.terms)["policy_family"] for part in scoped.block.slices} == {"B, D"}
    east = [n for n, part in enumerate(one.slices) if dict(part.terms)["reviewer_group"] == "east"]
    wanted = one.above[[east[1], east[3]]].sum(axis=0)
    assert np.array_equal(scoped.block.above[0], wanted)


def test_a_scope_that_names_no_family_or_all_of_them_is_not_looked_at() -> None:
    for scope in ("", "all", "US", ", ".join(FAMILIES)):
        assert scoped_blocks([block()], [log(scope)]) == ()


def test_a_log_kept_in_other_words_is_read_too() -> None:
    for scope in ("B D", "B;D", "families B/D", "B,D,B"):
        (scoped,) = scoped_blocks([block()], [log(scope)])
        assert dict(scoped.block.slices[0].terms)["policy_family"] == "B, D"


def test_the_group_that_judges_otherwise_since_is_found() -> None:
    hits = [
        found(block(hurt="north", families="BD", seed=seed), log("B, D")) for seed in range(10)
    ]
    wanted = {"reviewer_group": "north", "policy_family": "B, D"}
    assert sum(each[:1] == [wanted] for each in hits) >= 9


def test_quiet_groups_are_rarely_found() -> None:
    told = sum(len(found(block(seed=seed), log("B, D"))) for seed in range(60))
    assert told <= 8  # both signs together 0.1 a look: 6 of 60, half of them falls


def test_what_only_reviewers_are_told_moves_no_metric_of_the_machine() -> None:
    day = date.fromordinal(FIRST.toordinal() + MARK)
    rng = np.random.default_rng(3)
    below = np.full((4, DAYS), 40.0)
    share = np.full((4, DAYS), 0.3)
    share[1, MARK:] *= 0.78
    above = rng.binomial(below.astype(int), share).astype(float)
    slices = tuple(Slice((("market", name),)) for name in GROUPS)
    for metric, kind, marked in (
        ("reject_rate", "guideline", False),
        ("reject_rate", "model", True),
        ("first_review_violating_share", "guideline", True),
    ):
        one = DailyBlock(
            metric=metric, dimensions=("market",), slices=slices, first=FIRST, above=above,
            below=below, complete=np.ones(DAYS),
        )  # fmt: skip
        daily = Daily(
            period=Period(FIRST, date.fromordinal(FIRST.toordinal() + DAYS)),
            blocks=(one,),
            queries=(),
        )
        told, _ = candidates(daily, logged=[LoggedChange(id="1", day=day, kind=kind)])
        assert any(each.marked for each in told) == marked
