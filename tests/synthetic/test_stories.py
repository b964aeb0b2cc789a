"""Is each planted story there at its size, and absent before?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from conftest import Logs

EVERY = ("wave", "launch", "misread", "campaign", "shift")


def pooled(logs: Logs, others: list[Logs]) -> list[Logs]:
    return [logs, *others]


def apart(pairs: list[tuple[float, float]]) -> float:
    """Give the mean, over platforms, of how far an observed ratio is from the stated one (log)."""
    return float(np.exp(np.mean([np.log(seen / stated) for seen, stated in pairs])))


def window(story: dict[str, str]) -> str:
    return f"day BETWEEN '{story['first_day']}' AND '{story['last_day']}'"


def growth(logs: Logs, name: str, column: str) -> tuple[float, float]:
    story = logs.stories[name]
    place = story["slice"]
    hit = f"list_contains(policies, '{place['policy_id']}')"
    slice_ = f"ad_version = 1 AND {column} = '{place[column]}'"
    during = logs.one(
        f"SELECT avg(CAST({hit} AS INT)) FROM judged WHERE {slice_} AND {window(story)}"
    )
    usual = logs.one(
        f"SELECT avg(CAST({hit} AND story IS NULL AS INT)) FROM judged WHERE {slice_}"
    )
    return during / usual, story["size"]


def test_sizes_and_slices_differ_by_seed(logs: Logs, other_logs: list[Logs]) -> None:
    told = [made.stories for made in pooled(logs, other_logs)]
    assert all(set(stories) == set(EVERY) for stories in told)
    for name in EVERY:
        assert len({stories[name]["size"] for stories in told}) > 1
        assert len({stories[name]["first_day"] for stories in told}) > 1
    assert all(1.2 <= s["size"] <= 5 for stories in told for s in stories.values())
    assert len({str(stories["wave"]["slice"]) for stories in told}) > 1


def test_the_evasion_wave_has_its_size_and_hides_its_phrases(
    logs: Logs, other_logs: list[Logs]
) -> None:
    platforms = pooled(logs, other_logs)
    assert 0.75 < apart([growth(made, "wave", "language") for made in platforms]) < 1.3
    for made in platforms:
        planted = "FROM judged WHERE story = 'wave' AND ad_version = 1"
        assert made.one(f"SELECT min(CAST(disguised AS INT)) {planted}") == 1
        story = made.stories["wave"]
        assert made.one(f"SELECT count(*) {planted} AND NOT ({window(story)})") == 0


def test_near_duplicates_have_their_size_and_share_advertisers_and_media(
    logs: Logs, other_logs: list[Logs]
) -> None:
    platforms = pooled(logs, other_logs)
    assert 0.65 < apart([growth(made, "campaign", "market") for made in platforms]) < 1.5
    for made in platforms:
        planted = "FROM judged WHERE story = 'campaign' AND ad_version = 1"
        assert made.one(f"SELECT count(DISTINCT advertiser_id) {planted}") <= 4
        assert made.one(f"SELECT count(DISTINCT split_part(media_ref, '.', 1)) {planted}") <= 1
        assert made.one(f"SELECT count(DISTINCT (title, body)) / count(*) {planted}") > 0.9
        outside = f"{planted} AND NOT ({window(made.stories['campaign'])})"
        assert made.one(f"SELECT count(*) {outside}") == 0


def missed(logs: Logs, where: str) -> float:
    sql = "SELECT avg(CAST(result = '机审通过' AS INT)) FROM judged WHERE violating AND story IS NULL"
    return float(logs.one(f"{sql} AND {where}"))


def test_the_model_launch_hurts_one_market_and_no_other(
    logs: Logs, other_logs: list[Logs]
) -> None:
    seen, elsewhere = [], []
    for made in pooled(logs, other_logs):
        story = made.stories["launch"]
        here = f"market = '{story['slice']['market']}'"
        after, before = f"day >= '{story['first_day']}'", f"day < '{story['first_day']}'"
        ratio = missed(made, f"{here} AND {after}") / missed(made, f"{here} AND {before}")
        seen.append((ratio, story["size"]))
        rest = missed(made, f"NOT {here} AND {after}") / missed(made, f"NOT {here} AND {before}")
        elsewhere.append((rest, 1.0))
    assert 0.8 < apart(seen) < 1.25
    assert 0.85 < apart(elsewhere) < 1.15


def mistakes(logs: Logs, where: str) -> float:
    sql = f"""SELECT avg(CAST((r.verdict = 'violating') <> j.violating AS INT))
              FROM reviews r JOIN judged j USING (ad_id, ad_version)
              WHERE r.role = 'L1' AND r.verdict <> 'unclear' AND {where}"""
    return float(logs.one(sql))


def test_one_reviewer_group_misreads_one_chapter_from_a_day_on(
    logs: Logs, other_logs: list[Logs]
) -> None:
    seen, elsewhere = [], []
    for made in pooled(logs, other_logs):
        story = made.stories["misread"]
        family = "left(coalesce(j.policies[1], j.cited), 1)"
        chapter = f"position({family} IN '{story['slice']['families']}') > 0"
        group = f"r.reviewer_group = '{story['slice']['reviewer_group']}'"
        day = f"CAST(r.enqueued_at AS DATE) >= '{story['first_day']}'"
        here = f"{chapter} AND {group}"
        ratio = mistakes(made, f"{here} AND {day}") / mistakes(made, f"{here} AND NOT {day}")
        seen.append((ratio, story["size"]))
        rest = mistakes(made, f"NOT ({group}) AND {day}") / mistakes(
            made, f"NOT ({group}) AND NOT {day}"
        )
        elsewhere.append((rest, 1.0))
    assert 0.65 < apart(seen) < 1.5
    assert 0.8 < apart(elsewhere) < 1.25


def test_the_mix_shift_moves_the_total_while_its_market_is_stable(
    logs: Logs, other_logs: list[Logs]
) -> None:
    shares, inside, totals = [], [], []
    for made in pooled(logs, other_logs):
        story = made.stories["shift"]
        here = f"market = '{story['slice']['market']}'"
        day = f"day >= '{story['first_day']}'"
        usual = "FROM judged WHERE ad_version = 1 AND story IS NULL"
        share = [
            made.one(f"SELECT avg(CAST({here} AS INT)) {usual} AND {when}")
            for when in (day, f"NOT {day}")
        ]
        shares.append((share[0] / share[1], story["size"]))
        for place, found in ((f"{here} AND", inside), ("", totals)):
            rate = [
                made.one(f"SELECT avg(CAST(violating AS INT)) {usual} AND {place} {when}")
                for when in (day, f"NOT {day}")
            ]
            found.append((rate[0] / rate[1], 1.0))
    assert 0.8 < apart(shares) < 1.25
    assert 0.85 < apart(inside) < 1.15
    assert apart(totals) > 1.04


@pytest.mark.parametrize("name", EVERY)
def test_changes_never_name_the_slice_a_story_hurts(logs: Logs, name: str) -> None:
    noted = " ".join(str(row) for row in logs.rows("SELECT what, scope, note FROM changes"))
    for value in logs.stories[name]["slice"].values():
        assert f"'{value}'" not in noted


def test_the_log_names_the_chapter_that_was_edited_and_not_who_misreads_it(logs: Logs) -> None:
    place = logs.stories["misread"]["slice"]
    ((scope,),) = logs.rows("SELECT scope FROM changes WHERE kind = 'guideline'")
    assert scope == ", ".join(place["families"])
    noted = " ".join(str(row) for row in logs.rows("SELECT what, scope, note FROM changes"))
    assert place["reviewer_group"] not in noted


def test_a_chapter_is_misread_as_allowing_what_it_forbids(
    logs: Logs, other_logs: list[Logs]
) -> None:
    passed, refused = [], []
    for made in pooled(logs, other_logs):
        story = made.stories["misread"]
        family = "left(coalesce(j.policies[1], j.cited), 1)"
        here = (
            f"position({family} IN '{story['slice']['families']}') > 0"
            f" AND r.reviewer_group = '{story['slice']['reviewer_group']}'"
        )
        day = f"CAST(r.enqueued_at AS DATE) >= '{story['first_day']}'"
        for truth, seen in (("j.violating", passed), ("NOT j.violating", refused)):
            after, before = (
                mistakes(made, f"{here} AND {truth} AND {d}") for d in (day, f"NOT {day}")
            )
            seen.append((after / before, 1.0))
    assert apart(passed) > 3
    assert 0.5 < apart(refused) < 2


def test_a_platform_without_stories_is_quiet(logs: Logs, quiet: Logs) -> None:
    assert quiet.stories == {}
    assert quiet.one("SELECT count(*) FROM judged WHERE story IS NOT NULL") == 0
    shift = logs.stories["shift"]
    here = f"CAST(market = '{shift['slice']['market']}' AS INT)"
    after, before = (
        quiet.one(f"SELECT avg({here}) FROM judged WHERE day {sign} '{shift['first_day']}'")
        for sign in (">=", "<")
    )
    assert 0.8 < after / before < 1.25
