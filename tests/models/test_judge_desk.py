"""Judging the ads of a workspace: what is written, what is sent, what is never paid twice."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.models.hostile_server import (
    Body,
    HostileServer,
    Reply,
    answer,
    chat,
    hostile_server,
    shown,
)
from tests.models.hostile_server import judged as written
from tests.models.judge_scene import KEY, ask_for, judgements, make_scene, rows_of

from shroff.errors import ConfigError, DataError
from shroff.models.abilities import Abilities
from shroff.models.kill_switch import revive, switch_off
from shroff.models.trouble import Trouble
from shroff.workspace import Workspace


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUDGE_KEY", KEY)


def probed(workspace: Workspace, server: HostileServer, **able: Any) -> Workspace:
    """Remember a probe, so that none is sent."""
    found = Abilities(url=server.url, model="judge-1", **able)
    workspace.catalog.judging.keep_probe("judge", found.record())
    return workspace


def test_judgements_are_written_once_and_the_same_command_goes_on(tmp_path: Path) -> None:
    with hostile_server() as server:
        workspace = probed(make_scene(tmp_path / "w", url=server.url), server)
        found = workspace.modeller.judge(ask_for(workspace))
        assert (found.wanted, found.tally.ads, found.written, server.count) == (6, 6, 6, 6)
        again = workspace.modeller.judge(ask_for(workspace))
        assert (again.wanted, again.tally.ads, server.count) == (0, 0, 6)
    rows = judgements(workspace)
    assert [row["verdict"] for row in rows] == ["compliant", "violating"] * 3
    assert {row["policy_id"] for row in rows} == {"E4"}
    assert {row["version"] for row in rows} == {found.judge.version}
    assert sum(row["cost"] for row in rows) == pytest.approx(found.spent)
    quotes = json.loads(rows[1]["evidence"])
    assert quotes[0]["quote"] == "miracle"
    (registered,) = workspace.catalog.models.models("judge")
    assert (str(registered.kind), registered.version) == ("llm", found.judge.version)


def test_one_wording_is_asked_about_once_and_its_copies_cost_nothing(tmp_path: Path) -> None:
    ads = [
        {"ad_id": f"a{n}", "created_at": "2026-05-01T10:00:00Z",
         "title": f"miracle tea, call +1 555 010 99{n:02d}"}
        for n in range(40)
    ]  # fmt: skip
    with hostile_server() as server:
        workspace = probed(make_scene(tmp_path / "w", url=server.url, ads=ads), server)
        found = workspace.modeller.judge(ask_for(workspace))
        assert server.count == 1  # masked, all are one wording
        assert not any("555" in json.dumps(body) for body in server.requests)
    rows = judgements(workspace)
    paid = [row for row in rows if row["copy_of"] is None]
    assert (len(rows), len(paid), found.tally.copies) == (40, 1, 39)
    assert {row["copy_of"] for row in rows} == {None, paid[0]["judgement_id"]}
    assert sum(row["cost"] for row in rows) == pytest.approx(found.spent)
    assert sum(row["input_tokens"] for row in rows) == 400


def test_scores_are_written_where_there_are_some(tmp_path: Path) -> None:
    def script(body: Body, number: int) -> Reply:
        return chat(written(body, "violating" if number % 3 else "compliant"))

    with hostile_server(script) as server:
        scene = make_scene(tmp_path / "w", url=server.url, ads=2, samples=3)
        found = probed(scene, server, seed=True).modeller.judge(ask_for(scene))
        assert server.count == 6
        assert {body["seed"] for body in server.requests} == {1, 2, 3}
    assert found.scored == 2
    scores = rows_of(scene, "SELECT model, version, policy_id, score FROM scores")
    assert {row["model"] for row in scores} == {"judge"}
    assert {(row["score_kind"], row["samples"]) for row in judgements(scene)} == {
        ("vote_share", 3)
    }


def test_every_outcome_is_kept_and_only_failures_are_asked_again(tmp_path: Path) -> None:
    replies = {
        0: chat(None, refusal="no"),
        1: chat("", finish="content_filter"),
        2: chat("{", finish="length"),
        3: chat("nothing"),
        4: Reply(status=400, body=b'{"error": {"message": "odd"}}'),
    }

    def script(body: Body, _: int) -> Reply:
        number = int(shown(body)["title"].split()[-1])
        return replies.get(number) or answer(body)

    with hostile_server(script) as server:
        workspace = probed(make_scene(tmp_path / "w", url=server.url), server)
        found = workspace.modeller.judge(ask_for(workspace))
        outcomes = [row["outcome"] for row in judgements(workspace)]
        assert outcomes == ["refused", "filtered", "cut", "invalid", "failed", "verdict"]
        assert found.tally.verdicts == {"violating": 1}
        sent = server.count
        again = workspace.modeller.judge(ask_for(workspace))
        assert (again.wanted, server.count - sent) == (1, 1)
    assert all(row["verdict"] is None for row in judgements(workspace)[:5])
    told = [note.text() for note in found.notes()]
    assert any("refused" in line and "not compliant" in line for line in told)


def test_the_budget_stops_before_it_is_broken_and_the_rest_is_told(tmp_path: Path) -> None:
    with hostile_server() as server:
        workspace = probed(make_scene(tmp_path / "w", url=server.url, ads=30), server)
        asked = ask_for(workspace, budget="0.0045USD")
        found = workspace.modeller.judge(asked)
        assert found.stopped == "budget"
        assert found.spent is not None
        assert 0 < found.spent <= 0.0045
        assert len(judgements(workspace)) == found.tally.ads == server.count < 30
        assert any("left" in note.text() for note in found.notes())
        rest = workspace.modeller.judge(ask_for(workspace))
        assert (rest.tally.ads, server.count) == (30 - found.tally.ads, 30)
    state = [each.state for each in workspace.catalog.judging.sent()]
    assert state == ["done", "stopped"]


@pytest.mark.parametrize("day", ["since: 2099-01-01", "since: 2020-01-01, until: 2020-02-01"])
def test_a_limit_in_money_is_refused_where_no_price_holds_today(day: str, tmp_path: Path) -> None:
    with hostile_server() as server:
        workspace = probed(make_scene(tmp_path / "w", url=server.url), server)
        table = f"currency: USD\nprices:\n  - {{model: judge-*, {day}, input: 1, output: 2}}\n"
        (workspace.root / "prices.yaml").write_text(table, encoding="utf-8")
        with pytest.raises(ConfigError, match="no price of judge-1 holds on") as fault:
            workspace.modeller.judge(ask_for(workspace, budget="1USD"))
        assert (fault.value.where, server.count) == ("prices.yaml", 0)
        found = workspace.modeller.judge(ask_for(workspace))
        assert (found.unpriced, found.spent) == (6, 0.0)


def test_when_nothing_but_failures_comes_the_run_ends(tmp_path: Path) -> None:
    down = Reply(status=503, body=b"down")
    with hostile_server(lambda *_: down) as server:
        scene = make_scene(tmp_path / "w", url=server.url, ads=100, attempts=1)
        workspace = probed(scene, server)
        with pytest.raises(Trouble, match="failures in a row"):
            workspace.modeller.judge(ask_for(workspace))
        assert server.count < 60
        sent = server.count
    kept = judgements(workspace)
    assert kept
    assert {row["outcome"] for row in kept} == {"failed"}
    with pytest.raises(Trouble, match="failures in a row"):
        workspace.modeller.judge(ask_for(workspace))  # nobody is there at all
    assert sent


def test_a_sample_is_drawn_the_same_way_each_time(tmp_path: Path) -> None:
    with hostile_server() as server:
        workspace = probed(make_scene(tmp_path / "w", url=server.url, ads=30), server)
        found = workspace.modeller.judge(ask_for(workspace, sample=7, seed=4))
        assert (found.wanted, server.count) == (7, 7)
        assert workspace.modeller.judge(ask_for(workspace, sample=7, seed=4)).wanted == 0
        more = workspace.modeller.judge(ask_for(workspace, period="2026-05-01..2026-05-02"))
        assert 0 < more.wanted < 30


def test_ads_of_a_file_are_judged_and_a_bad_line_is_told(tmp_path: Path) -> None:
    with hostile_server() as server:
        workspace = probed(make_scene(tmp_path / "w", url=server.url, ads=1), server)
        file = tmp_path / "ads.csv"
        file.write_text('ad_id,title\nf1,"miracle, now"\nf2,soup\n', encoding="utf-8-sig")
        found = workspace.modeller.judge(ask_for(workspace, ads=file))
        assert (found.wanted, found.tally.verdicts) == (2, {"violating": 1, "compliant": 1})
        bad = tmp_path / "ads.jsonl"
        bad.write_text('{"ad_id": "1", "title": "x"}\n{"title": "no id"}\n')
        with pytest.raises(Exception, match=r"ads.jsonl:2") as fault:
            workspace.modeller.judge(ask_for(workspace, ads=bad))
        assert "ad_id" in str(fault.value)
        assert server.count == 2


def test_nothing_is_sent_where_it_is_not_allowed(tmp_path: Path) -> None:
    with hostile_server() as server:
        workspace = make_scene(tmp_path / "w", url=server.url, allow=False)
        with pytest.raises(ConfigError, match="nothing leaves this machine"):
            workspace.modeller.judge(ask_for(workspace))
        with pytest.raises(ConfigError, match="nothing leaves this machine"):
            workspace.modeller.probe("judge")
        assert server.count == 0
        assert workspace.catalog.judging.sent() == ()


def test_a_probe_that_fails_is_listed_as_failed_with_what_was_sent(tmp_path: Path) -> None:
    with hostile_server(lambda *_: Reply(status=401)) as server:
        workspace = make_scene(tmp_path / "w", url=server.url)
        with pytest.raises(Trouble):
            workspace.modeller.probe("judge")
    (batch,) = workspace.catalog.judging.sent()
    assert (batch.what, batch.state, batch.requests) == ("probe", "failed", 1)


def test_the_key_is_in_no_file_and_no_list_though_the_server_echoes_it(tmp_path: Path) -> None:
    def script(body: Body, number: int) -> Reply:
        if number % 2:
            return Reply(status=500, body=f"your key {KEY} failed".encode())
        return chat(written(body, reason=f"key {KEY}"), model=KEY)

    with hostile_server(script) as server:
        scene = make_scene(tmp_path / "w", url=server.url, ads=4, attempts=2, concurrency=1)
        found = probed(scene, server).modeller.judge(ask_for(scene))
    held = [
        path
        for path in scene.root.rglob("*")
        if path.is_file() and KEY.encode() in path.read_bytes()
    ]
    assert held == []
    told = f"{found.record()} {scene.catalog.judging.sent()} {judgements(scene)}"
    assert KEY not in told
    assert "[key]" in told


def test_what_was_sent_is_listed_with_masks_and_cost(tmp_path: Path) -> None:
    with hostile_server() as server:
        workspace = make_scene(tmp_path / "w", url=server.url)
        workspace.modeller.judge(ask_for(workspace, shadow=True))
        sent = workspace.catalog.judging.sent()
    assert [(each.what, each.ads, each.state) for each in sent] == [
        ("judge", 6, "done"), ("probe", 0, "done"),
    ]  # fmt: skip
    assert sent[0].requests + sent[1].requests == server.count
    assert sent[0].cost
    assert sent[0].masked
    assert all(row["shadow"] for row in judgements(workspace))


def test_requests_under_way_at_a_kill_are_told_and_sent_again_only_if_asked(
    tmp_path: Path,
) -> None:
    with hostile_server() as server:
        workspace = probed(make_scene(tmp_path / "w", url=server.url), server)
        workspace.modeller.judge(ask_for(workspace, sample=4))
        with closing(sqlite3.connect(workspace.root / "answers.sqlite")) as file, file:
            rows = file.execute("SELECT key, ad_id FROM answers LIMIT 2").fetchall()
            file.execute(
                "UPDATE answers SET state = 'sent', answer = NULL WHERE key IN (?, ?)",
                [key for key, _ in rows],
            )
        workspace.lake.purge("judgements", f"ad_id IN ('{rows[0][1]}', '{rows[1][1]}')")
        sent = server.count
        found = workspace.modeller.judge(ask_for(workspace))
        assert (found.tally.doubt, found.tally.ads, server.count - sent) == (2, 2, 2)
        assert any("--again" in note.text() for note in found.notes())
        again = workspace.modeller.judge(ask_for(workspace, again=True))
        assert (again.tally.doubt, again.tally.ads) == (0, 2)
    assert len(judgements(workspace)) == 6


def test_forgetting_an_advertiser_forgets_the_answers_about_their_ads(tmp_path: Path) -> None:
    with hostile_server() as server:
        workspace = probed(make_scene(tmp_path / "w", url=server.url), server)
        workspace.modeller.judge(ask_for(workspace))
        workspace.forget("advertiser", "v1")
        with closing(sqlite3.connect(workspace.root / "answers.sqlite")) as file:
            ads = {ad for (ad,) in file.execute("SELECT ad_id FROM answers")}
    assert ads == {"a0", "a2", "a3", "a5"}
    assert {row["ad_id"] for row in judgements(workspace)} == ads
    assert b"number 1" not in (workspace.root / "answers.sqlite").read_bytes()


def test_a_run_that_the_user_stops_keeps_its_answers_and_goes_on(tmp_path: Path) -> None:
    def stop(done: int, whole: int) -> None:
        if done == 5 < whole:
            raise KeyboardInterrupt

    with hostile_server() as server:
        workspace = probed(make_scene(tmp_path / "w", url=server.url, ads=40), server)
        found = workspace.modeller.judge(ask_for(workspace), tick=stop)
        assert (found.stopped, found.tally.ads < 40) == ("cancelled", True)
        assert any("Cancelled" in note.text() for note in found.notes())
        workspace.modeller.judge(ask_for(workspace))
        assert server.count == 40
    assert len(judgements(workspace)) == 40
    assert workspace.catalog.judging.sent()[1].state == "stopped"


def test_answers_are_kept_no_longer_than_judgements_may_be(tmp_path: Path) -> None:
    with hostile_server() as server:
        workspace = probed(make_scene(tmp_path / "w", url=server.url), server)
        workspace.modeller.judge(ask_for(workspace))
    settings = workspace.root / "shroff.toml"
    text = settings.read_text("utf-8").replace("[retention]", "[retention]\njudgements = 7", 1)
    settings.write_text(text, encoding="utf-8")
    workspace = Workspace.open(workspace.root)
    assert workspace.retain() == {"judgements": 0}
    later = datetime.now(UTC) + timedelta(days=8)
    assert workspace.retain(now=later) == {"judgements": 6}
    with closing(sqlite3.connect(workspace.root / "answers.sqlite")) as file:
        assert file.execute("SELECT COUNT(*) FROM answers").fetchone() == (0,)


def test_labels_of_people_are_left_alone_by_judgements(tmp_path: Path) -> None:
    with hostile_server() as server:
        workspace = probed(make_scene(tmp_path / "w", url=server.url), server)
        workspace.modeller.judge(ask_for(workspace))
    from shroff.measure.truth import TRUTH_SQL

    assert rows_of(workspace, f"SELECT * FROM ({TRUTH_SQL}) AS truth") == []
    assert "judgements" not in TRUTH_SQL


def test_concurrency_is_kept_and_used(tmp_path: Path) -> None:
    def script(body: Body, _: int) -> Reply:
        reply = answer(body)
        reply.wait = 0.03
        return reply

    with hostile_server(script) as server:
        scene = make_scene(tmp_path / "w", url=server.url, ads=40, concurrency=4)
        probed(scene, server).modeller.judge(ask_for(scene))
    assert server.most_busy == 4
    assert Counter(row["outcome"] for row in judgements(scene)) == {"verdict": 40}


def test_ads_without_a_text_are_told_and_not_called_judged(tmp_path: Path) -> None:
    bare = {"ad_id": "bare", "advertiser_id": "v", "created_at": "2026-05-01T10:00:00Z"}
    with hostile_server() as server:
        scene = make_scene(tmp_path / "w", url=server.url, ads=[bare, {**bare, "ad_id": "b2"}])
        found = probed(scene, server).modeller.judge(ask_for(scene))
        assert (found.wanted, found.scope, found.textless) == (0, 0, 2)
        told = " ".join(note.text() for note in (found.summary(), *found.notes()))
        assert "no ad with a text" in told
        assert "2 ads have no text" in told
        file = tmp_path / "ads.jsonl"
        file.write_text('{"ad_id": "1"}\n{"ad_id": "2", "title": "soup"}\n')
        some = scene.modeller.judge(ask_for(scene, ads=file))
        assert (some.tally.ads, some.textless, server.count) == (1, 1, 1)


@pytest.mark.parametrize(
    ("text", "cause", "place"),
    [
        ("", "no ad in the file", "ads.csv"),
        ("ad_id,title\n1,soup\n1,pie\n", "in line 2 already", "ads.csv:3"),
    ],
)
def test_a_file_without_ads_or_with_one_twice_is_refused(
    text: str, cause: str, place: str, tmp_path: Path
) -> None:
    with hostile_server() as server:
        scene = make_scene(tmp_path / "w", url=server.url, ads=1)
        file = tmp_path / "ads.csv"
        file.write_text(text)
        with pytest.raises(DataError, match=cause) as fault:
            probed(scene, server).modeller.judge(ask_for(scene, ads=file))
        assert fault.value.where.endswith(place)
        assert fault.value.hint
        assert server.count == 0


def test_days_on_which_no_ad_can_have_been_submitted_are_refused(tmp_path: Path) -> None:
    with hostile_server() as server:
        scene = probed(make_scene(tmp_path / "w", url=server.url), server)
        with pytest.raises(DataError, match="no ad was submitted in 2020-01") as fault:
            scene.modeller.judge(ask_for(scene, period="2020-01"))
        assert "from 2026-05-01" in fault.value.hint


@pytest.mark.parametrize("usage", [{"total": 3}, {"prompt_tokens": "many"}, {"prompt_tokens": 0}])
def test_a_server_that_counts_no_tokens_does_not_get_round_the_budget(
    usage: dict[str, Any], tmp_path: Path
) -> None:
    def script(body: Body, _: int) -> Reply:
        return chat(written(body), usage=usage)

    with hostile_server(script) as server:
        scene = make_scene(tmp_path / "w", url=server.url, ads=40, concurrency=1)
        one = probed(scene, server).modeller.judge(ask_for(scene, sample=1))
        assert (one.uncounted, one.unpriced) == (1, 1)
        assert "at least" in " ".join(note.text() for note in one.notes())
        assert judgements(scene)[0]["cost"] is None
        found = scene.modeller.judge(ask_for(scene, budget="20000 tokens"))
        assert found.stopped == "budget"
        assert 0 < found.tally.ads < 20


def test_kept_answers_of_a_model_that_is_off_wait_until_it_is_revived(tmp_path: Path) -> None:
    with hostile_server() as server:
        workspace = probed(make_scene(tmp_path / "w", url=server.url), server)
        workspace.modeller.judge(ask_for(workspace))
        switch_off(workspace.catalog, "other", who="lin", why="odd")
        found = workspace.modeller.judge(ask_for(workspace, name="other"))
        assert (found.stopped, found.written, found.tally.ads, server.count) == ("killed", 0, 0, 6)
        revive(workspace.catalog, "other", who="lin", why="fixed")
        again = workspace.modeller.judge(ask_for(workspace, name="other"))
        assert (again.stopped, again.written, server.count) == ("", 6, 6)
