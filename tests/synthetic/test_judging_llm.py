"""Does the demo's LLM say of ads what its truth file plants, and fail as planted?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from shroff.synthetic.platform import write_platform

if TYPE_CHECKING:
    from conftest import Logs

_SAID = """
SELECT j.version, a.language, t.blatant, t.look_alike, t.violating, t.disguised,
       t.policies[1][1] AS family, j.verdict
FROM judgements AS j
JOIN truth AS t USING (ad_id, ad_version)
JOIN ads AS a USING (ad_id, ad_version)
WHERE j.outcome = 'verdict'
"""


def planted(logs: Logs) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((logs.folder / "truth" / "judge.json").read_text())
    return found


def kind_of(row: dict[str, Any]) -> str:
    kinds = {
        "blatant": "violating AND blatant",
        "subtle": "violating AND NOT blatant",
        "look_alike": "NOT violating AND look_alike",
        "harmless": "NOT violating AND NOT look_alike",
    }
    return kinds[row["kind"]]


def test_each_prompt_says_violating_as_often_as_planted(logs: Logs) -> None:
    checked = 0
    for row in planted(logs)["quality"]:
        weak = f"coalesce(family, '') {'=' if 'family' in row else '<>'} 'I'"
        n, share = logs.rows(
            f"SELECT count(*), avg(CAST(verdict = 'violating' AS INT)) FROM ({_SAID})"
            f" WHERE version = '{row['version']}' AND language = '{row['language']}'"
            f" AND {kind_of(row)} AND disguised = {row.get('disguised', False)} AND {weak}"
        )[0]
        if n < 50:
            continue
        checked += 1
        chance = row["says_violating"]
        assert abs(share - chance) < 4 * (max(chance * (1 - chance), 0.003) / n) ** 0.5, row
    assert checked >= 12


def test_the_second_prompt_is_better_on_one_family_and_worse_in_chinese(logs: Logs) -> None:
    def share(version: str, where: str) -> float:
        return float(
            logs.one(
                f"SELECT avg(CAST(verdict = 'violating' AS INT)) FROM ({_SAID})"
                f" WHERE violating AND version = '{version}' AND {where}"
            )
        )

    one, two = (each["version"] for each in planted(logs)["versions"])
    assert share(two, "family = 'I'") > share(one, "family = 'I'") + 0.1
    assert share(two, "language = 'zh'") < share(one, "language = 'zh'") - 0.03


def test_calls_end_in_every_way_and_only_verdicts_say_something(logs: Logs) -> None:
    ends = dict(logs.rows("SELECT outcome, count(*) FROM judgements GROUP BY 1"))
    assert set(ends) == {"verdict", "refused", "filtered", "cut", "invalid", "failed"}
    assert ends["verdict"] > 0.95 * sum(ends.values())
    assert logs.one("SELECT count(*) FROM judgements WHERE (outcome = 'verdict') <> (verdict IS NOT NULL)") == 0  # fmt: skip
    assert logs.one("SELECT count(*) FROM judgements WHERE outcome = 'failed' AND cost > 0") == 0
    shy = logs.one("""SELECT avg(CAST(j.outcome = 'refused' AS INT)) FROM judgements AS j
                      JOIN truth AS t USING (ad_id, ad_version) WHERE t.policies[1][1] = 'D'""")
    assert 0.05 < shy < 0.2


def test_calls_fail_for_an_hour_in_the_outage_and_hardly_ever_else(logs: Logs) -> None:
    told = planted(logs)["outage"]
    hour = f"date_trunc('hour', judged_at) = TIMESTAMPTZ '{told['day']} {told['hour']:02d}:00+00'"
    assert logs.one(f"SELECT avg(CAST(outcome = 'failed' AS INT)) FROM judgements WHERE {hour}") > 0.5  # fmt: skip
    rest = f"SELECT avg(CAST(outcome = 'failed' AS INT)) FROM judgements WHERE NOT ({hour})"
    assert logs.one(rest) < 0.01


def test_a_copy_repeats_the_answer_to_its_original_and_costs_nothing(logs: Logs) -> None:
    rows = logs.rows("""
        SELECT c.cost, c.input_tokens, c.score - o.score, o.copy_of,
               a.creative_hash = b.creative_hash
        FROM judgements AS c JOIN judgements AS o ON c.copy_of = o.judgement_id
        JOIN ads AS a ON c.ad_id = a.ad_id AND c.ad_version = a.ad_version
        JOIN ads AS b ON o.ad_id = b.ad_id AND o.ad_version = b.ad_version""")
    assert len(rows) > 20
    assert set(rows) == {(0.0, 0, 0.0, None, True)}
    assert (
        logs.one("""SELECT count(*) FROM judgements WHERE copy_of IS NOT NULL
                       AND copy_of NOT IN (SELECT judgement_id FROM judgements)""")
        == 0
    )


def test_the_second_prompt_runs_in_shadow_beside_the_first_before_it_takes_over(
    logs: Logs,
) -> None:
    both = logs.rows("""SELECT min(CAST(shadow AS INT)), count(*) FROM judgements AS j
                        WHERE version LIKE 'p2%' AND EXISTS (
                          SELECT 1 FROM judgements AS o WHERE o.ad_id = j.ad_id
                          AND o.ad_version = j.ad_version AND o.version LIKE 'p1%')""")
    assert both[0][0] == 1
    assert both[0][1] > 500
    assert logs.one("SELECT count(*) FROM judgements WHERE shadow AND version LIKE 'p1%'") == 0


def test_keys_of_judgements_are_unique_and_none_is_of_the_future(logs: Logs) -> None:
    assert logs.one("SELECT count(*) - count(DISTINCT judgement_id) FROM judgements") == 0
    assert logs.one("SELECT max(judged_at) < TIMESTAMPTZ '2026-06-29' FROM judgements")
    assert logs.one("SELECT min(epoch(j.judged_at - a.created_at)) >= 0 FROM judgements AS j"
                    " JOIN ads AS a USING (ad_id, ad_version)")  # fmt: skip


def test_without_stories_one_prompt_runs_and_nothing_fails_for_an_hour(quiet: Logs) -> None:
    assert len(planted(quiet)["versions"]) == 1
    assert planted(quiet)["outage"] is None
    assert quiet.one("SELECT count(DISTINCT version) FROM judgements") == 1


def test_judgements_do_not_depend_on_how_many_ads_are_in_memory(tmp_path: Path) -> None:
    rows = []
    for name, chunk in (("large", 25_000), ("small", 90)):
        write_platform(tmp_path / name, ads=1_500, days=40, chunk=chunk)
        read = pq.read_table(tmp_path / name / "logs" / "judgements").to_pylist()
        rows.append(sorted(map(str, read)))
    assert rows[0] == rows[1]
    assert len(rows[0]) > 300
