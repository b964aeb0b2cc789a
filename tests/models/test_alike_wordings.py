"""Is one of several near-copies asked about, in every run the same, and who takes its answer?"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.models.hostile_server import hostile_server
from tests.models.judge_scene import KEY, ask_for, judgements, make_scene

from shroff.errors import ConfigError
from shroff.models.alike_wordings import Key, alike_of
from shroff.watch.near_copies import grouped_texts

STORY = (
    "grandmother bakes bread with {} every morning in the old village and sells it at the market"
)
NEAR = partial(grouped_texts, least=0.6)


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUDGE_KEY", KEY)


def ad(number: int, text: str) -> dict[str, object]:
    return {"ad_id": f"a{number}", "market": "US", "title": text,
            "created_at": f"2026-05-0{number % 9 + 1}T10:00:00Z"}  # fmt: skip


CAMPAIGN = [ad(n, STORY.format(what)) for n, what in enumerate(("rye", "oat", "miracle flour"))]
OTHERS = [ad(7, "healthy recipe of the week"), ad(8, "miracle diet, lose ten kilos")]


def test_a_campaign_is_asked_about_once_and_its_copies_say_whose_answer_they_take(
    tmp_path: Path,
) -> None:
    with hostile_server() as server:
        workspace = make_scene(tmp_path / "w", url=server.url, ads=[*CAMPAIGN, *OTHERS])
        workspace.modeller.probe("judge")
        before = server.count
        found = workspace.modeller.judge(ask_for(workspace, grouping=NEAR))
        assert (found.wanted, found.tally.ads, found.tally.copies) == (5, 5, 2)
        assert server.count - before == 3
        rows = {row["ad_id"]: row for row in judgements(workspace)}
        first = rows["a0"]["judgement_id"]
        assert [rows[f"a{n}"]["copy_of"] for n in (0, 1, 2, 7, 8)] == [
            None,
            first,
            first,
            None,
            None,
        ]
        assert {rows[f"a{n}"]["verdict"] for n in range(3)} == {"compliant"}
        assert rows["a8"]["verdict"] == "violating"
        assert rows["a8"]["evidence"]
        assert all(rows[f"a{n}"]["cost"] == 0 for n in (1, 2))


def test_a_copy_that_comes_later_takes_the_answer_that_was_paid_for(tmp_path: Path) -> None:
    with hostile_server() as server:
        workspace = make_scene(tmp_path / "w", url=server.url, ads=CAMPAIGN[:1])
        workspace.modeller.judge(ask_for(workspace, grouping=NEAR))
        paid = server.count
        file = tmp_path / "more.jsonl"
        file.write_text(json.dumps(CAMPAIGN[1]), encoding="utf-8")
        workspace.ingest("ads", [file])
        found = workspace.modeller.judge(ask_for(workspace, grouping=NEAR))
        assert (found.wanted, found.tally.ads, found.tally.copies) == (1, 1, 1)
        assert server.count == paid
        assert len(judgements(workspace)) == 2


def test_copies_of_a_violating_ad_have_no_quotes_that_may_not_be_in_them(tmp_path: Path) -> None:
    bad = [ad(n, "miracle " + STORY.format(what)) for n, what in enumerate(("rye", "oat"))]
    with hostile_server() as server:
        workspace = make_scene(tmp_path / "w", url=server.url, ads=bad)
        workspace.modeller.judge(ask_for(workspace, grouping=NEAR))
        first, second = judgements(workspace)
        assert (first["verdict"], second["verdict"]) == ("violating", "violating")
        assert first["evidence"]
        assert second["evidence"] is None


def test_a_file_of_ads_is_refused(tmp_path: Path) -> None:
    with hostile_server() as server:
        workspace = make_scene(tmp_path / "w", url=server.url, ads=1)
        file = tmp_path / "ads.jsonl"
        file.write_text('{"ad_id": "x", "title": "hello"}', encoding="utf-8")
        with pytest.raises(ConfigError, match="not of a file"):
            workspace.modeller.judge(ask_for(workspace, grouping=NEAR, ads=file))


@given(
    st.lists(st.tuples(st.integers(-1, 3), st.booleans()), max_size=12),
)
def test_each_ad_that_is_wanted_gets_one_answer_and_no_other_does(
    drawn: list[tuple[int, bool]],
) -> None:
    batch = pa.record_batch(
        {
            "ad_id": [f"a{n}" for n in range(len(drawn))],
            "ad_version": pa.array([None] * len(drawn), pa.int64()),
            "market": [None] * len(drawn),
            "title": ["t"] * len(drawn),
        }
    )
    wanted: frozenset[Key] = frozenset((f"a{n}", 1) for n, (_, open_) in enumerate(drawn) if open_)
    groups = np.array([group for group, _ in drawn], dtype=np.int64)

    def grouping(batches: object) -> np.ndarray:
        list(batches)  # type: ignore[call-overload]
        return groups

    found = alike_of([batch], wanted, fields=["title"], grouping=grouping)
    told = [(ref.ad_id, ref.ad_version) for refs in found.asked.values() for ref in refs]
    assert sorted(told) == sorted(wanted)
    sets = {group for group, open_ in drawn if group >= 0 and open_}
    assert len(found.asked) == len(sets) + sum(open_ for group, open_ in drawn if group < 0)
