"""Is the demo platform realistic enough that an analysis cannot grade itself on it?"""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.parquet as pq
import pytest

from shroff.errors import ConfigError
from shroff.store.schema import TABLES
from shroff.store.settings import read_settings
from shroff.synthetic.platform import write_platform
from shroff.synthetic.taxonomy import policies

if TYPE_CHECKING:
    from conftest import Logs

SMALL = 1_500


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def contents(folder: Path) -> dict[str, list[str]]:
    return {
        path.parent.name: sorted(map(str, pq.read_table(path).to_pylist()))
        for path in sorted(folder.glob("**/*.parquet"))
    }


def test_every_canonical_table_has_files_and_rows(logs: Logs) -> None:
    assert set(logs.summary.rows) == set(TABLES)
    assert all(logs.summary.rows.values())
    assert all(files for files in logs.summary.logs.values())


def test_the_logs_cover_98_days_with_growth_and_quiet_weekends(logs: Logs) -> None:
    days = logs.rows("SELECT day, count(*) FROM judged WHERE ad_version = 1 GROUP BY 1 ORDER BY 1")
    assert len(days) == 98
    assert days[-1][0] == date(2026, 6, 28)
    weekend = np.mean([n for day, n in days if day.weekday() >= 5])
    weekday = np.mean([n for day, n in days if day.weekday() < 5])
    assert 0.6 < weekend / weekday < 0.85
    first, last = (sum(n for _, n in part) for part in (days[:28], days[-28:]))
    assert 1.15 < last / first < 1.35


def test_eight_markets_speak_english_and_chinese(logs: Logs) -> None:
    shares = dict(
        logs.rows("SELECT market, avg(CAST(language = 'zh' AS INT)) FROM ads GROUP BY 1")
    )
    assert len(shares) == 8
    assert shares["CN"] > 0.85
    assert shares["US"] < 0.1
    assert 0.2 < shares["SG"] < 0.6


def breaking(logs: Logs) -> dict[str, int]:
    """Count the ads that break each policy."""
    return dict(logs.rows("SELECT unnest(policies) AS policy, count(*) FROM truth GROUP BY 1"))


def test_a_fifth_of_ads_violate_and_most_of_these_break_several_policies(logs: Logs) -> None:
    assert 0.17 < logs.one("SELECT avg(CAST(violating AS INT)) FROM truth") < 0.23
    broken = dict(
        logs.rows(
            "SELECT len(policies), count(*) / sum(count(*)) OVER () FROM truth"
            " WHERE violating GROUP BY 1"
        )
    )
    assert 0.15 < broken[1] < 0.3
    assert sum(number * share for number, share in broken.items()) == pytest.approx(2.5, abs=0.2)
    assert sum(share for number, share in broken.items() if number > 5) < 0.03
    assert (
        logs.one("SELECT count(*) FROM truth WHERE len(policies) <> len(list_distinct(policies))")
        == 0
    )
    assert logs.one("SELECT count(*) FROM truth WHERE violating <> (len(policies) > 0)") == 0


def test_every_policy_is_broken_by_half_a_percent_to_four_percent_of_ads(
    logs: Logs, other_logs: list[Logs]
) -> None:
    platforms = [logs, *other_logs]
    ads = sum(made.one("SELECT count(*) FROM truth") for made in platforms)
    found = [breaking(made) for made in platforms]
    share = {policy: sum(each[policy] for each in found) / ads for policy in found[0]}
    slack = 3 * np.sqrt(0.005 / ads)  # three standard errors of a share at the lower bound
    assert len(share) == len(policies()) == 63
    assert min(share.values()) > 0.005 - slack
    assert max(share.values()) < 0.04
    assert sum(value > 0.02 for value in share.values()) >= 2


@pytest.mark.slow
@pytest.mark.parametrize("seed", [7, 1, 2, 3, 4])
def test_every_policy_keeps_its_prevalence_at_the_size_of_the_demo(
    tmp_path: Path, seed: int
) -> None:
    write_platform(tmp_path, ads=200_000, seed=seed)
    lists = pq.read_table(tmp_path / "truth" / "ads.parquet").column("policies").combine_chunks()
    share = np.array(list(Counter(lists.flatten().to_pylist()).values())) / len(lists)
    assert len(share) == len(policies())
    assert share.min() > 0.005  # no slack: the least is 0.6% before chance, six errors away
    assert share.max() < 0.04


def test_at_least_a_fifth_of_violating_ads_hold_no_seed_phrase(logs: Logs) -> None:
    seedless = logs.one("SELECT avg(CAST(seed_phrase IS NULL AS INT)) FROM truth WHERE violating")
    disguised = logs.one("SELECT avg(CAST(disguised AS INT)) FROM truth WHERE violating")
    assert 0.25 < seedless < 0.45
    assert 0.1 < disguised < 0.3


def test_one_harmless_ad_in_ten_looks_like_a_violation(logs: Logs) -> None:
    alike = logs.one("SELECT avg(CAST(look_alike AS INT)) FROM truth WHERE NOT violating")
    assert 0.08 < alike < 0.12


def test_most_texts_are_distinct_and_copies_are_equal_in_all_but_their_id(logs: Logs) -> None:
    distinct = "count(DISTINCT concat_ws('|', title, body, ocr_text, asr_text)) / count(*)"
    assert logs.one(f"SELECT {distinct} FROM ads") > 0.95
    copies = logs.rows("""SELECT count(*), count(DISTINCT (title, body, landing_url, media_ref))
                          FROM ads GROUP BY creative_hash HAVING count(*) > 1""")
    assert sum(n for n, _ in copies) / logs.one("SELECT count(*) FROM ads") > 0.01
    assert {kinds for _, kinds in copies} == {1}


def test_three_to_eight_percent_of_ads_are_edited_and_the_edit_comes_later(logs: Logs) -> None:
    edits = logs.one("SELECT avg(CAST(ad_version > 1 AS INT)) FROM ads")
    assert 0.03 < edits < 0.08
    assert (
        logs.one("""SELECT count(*) FROM ads a JOIN ads b USING (ad_id)
                    WHERE a.ad_version = 1 AND b.ad_version = 2 AND b.created_at <= a.created_at""")
        == 0
    )
    cleaned = logs.one("""SELECT avg(CAST(NOT b.violating AS INT)) FROM truth a
                          JOIN truth b USING (ad_id)
                          WHERE a.ad_version = 1 AND b.ad_version = 2 AND a.violating""")
    assert 0.45 < cleaned < 0.65


def test_keys_are_unique_and_nothing_lies_after_the_end(logs: Logs) -> None:
    keys = {
        "ads": "ad_id, ad_version",
        "decisions": "event_id",
        "scores": "ad_id, ad_version, model, version, policy_id",
        "judgements": "judgement_id",
        "hits": "ad_id, ad_version, detector, version, hit_at",
        "reviews": "review_id",
        "impressions": "ad_id, day",
        "appeals": "appeal_id",
        "reports": "report_id",
        "staffing": "queue, language, hour",
        "policies": "policy_id, version",
        "changes": "change_id",
    }
    assert set(keys) == set(TABLES)
    for table, key in keys.items():
        twice = f"SELECT count(*) - count(DISTINCT ({key})) FROM {table}"
        assert logs.one(twice) == 0, table
    for table, time in (
        ("ads", "created_at"),
        ("hits", "hit_at"),
        ("reviews", "greatest(enqueued_at, started_at, decided_at)"),
    ):
        assert logs.one(f"SELECT max({time}) < TIMESTAMPTZ '2026-06-29' FROM {table}")


def test_settings_are_valid_and_translate_every_value_of_the_decisions_log(logs: Logs) -> None:
    settings = read_settings(logs.folder / "shroff.toml")
    mapping = settings.mapping_of("decisions")
    columns = set(pq.read_schema(logs.summary.logs["decisions"][0]).names)
    assert set(mapping.columns.values()) <= columns
    assert {"audit", "queue"} <= set(settings.designs)
    for canonical, translation in mapping.values.items():
        source = mapping.columns[canonical]
        seen = {value for (value,) in logs.rows(f"SELECT DISTINCT {source} FROM decisions")}
        assert seen <= set(translation)
    assert {"result", "region", "event_time"} <= columns


def test_no_column_of_the_logs_tells_the_truth(logs: Logs) -> None:
    for table in TABLES:
        names = {name for (name, *_) in logs.rows(f"DESCRIBE {table}")}
        assert not names & {"violating", "blatant", "disguised", "look_alike", "story"}, table
    sides = logs.rows("""SELECT CAST(right(ad_id, 1) AS INT) AS digit, avg(CAST(violating AS INT))
                         FROM judged GROUP BY 1""")
    rates = [rate for _, rate in sides]
    assert max(rates) - min(rates) < 0.04
    pure = logs.rows("""SELECT market, language, industry, format, avg(CAST(violating AS INT))
                        FROM judged GROUP BY ALL HAVING count(*) > 100""")
    assert all(rate < 0.7 for *_, rate in pure)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("one", 5), ("two", 5), ("three", 6)):
        write_platform(tmp_path / name, ads=SMALL, seed=seed, days=40)
    one, two, three = (digests(tmp_path / name) for name in ("one", "two", "three"))
    assert one == two
    assert one["truth/stories.json"] != three["truth/stories.json"]
    assert one["logs/ads/part.parquet"] != three["logs/ads/part.parquet"]


def test_the_rows_do_not_depend_on_how_many_ads_are_in_memory(tmp_path: Path) -> None:
    write_platform(tmp_path / "large", ads=SMALL, days=40)
    write_platform(tmp_path / "small", ads=SMALL, days=40, chunk=100)
    assert contents(tmp_path / "large") == contents(tmp_path / "small")


def test_progress_ends_at_the_number_of_ads(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    write_platform(
        tmp_path, ads=SMALL, days=28, chunk=400, progress=lambda *step: told.append(step)
    )
    assert told[-1] == (SMALL, SMALL)
    assert len(told) > 3


def test_a_demo_too_small_to_tell_its_stories_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="too small"):
        write_platform(tmp_path, ads=10)


def test_truth_has_one_row_for_each_version_and_stays_out_of_the_logs(logs: Logs) -> None:
    assert logs.one("SELECT count(*) FROM truth") == logs.one("SELECT count(*) FROM ads")
    assert logs.one("SELECT count(*) FROM ads ANTI JOIN truth USING (ad_id, ad_version)") == 0
    assert not [path for path in (logs.folder / "logs").rglob("*") if "truth" in path.name]


def test_another_end_moves_all_days(tmp_path: Path) -> None:
    made = write_platform(tmp_path, ads=SMALL, days=30, end=date(2025, 1, 31))
    assert (made.first_day, made.last_day) == (date(2025, 1, 2), date(2025, 1, 31))
