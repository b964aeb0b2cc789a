"""`shroff models probe | judge | batch | sent`, as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.test_json_output import DOCUMENTED, Cli
from tests.models.hostile_server import Body, Reply, answer, chat, hostile_server, judged
from tests.models.judge_scene import KEY, make_scene, policy_file


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUDGE_KEY", KEY)


def test_a_probe_a_run_and_what_was_sent(tmp_path: Path, cli: Cli) -> None:
    with hostile_server() as server:
        root = make_scene(tmp_path / "w", url=server.url).root
        policy = policy_file(root)
        told = cli("models", "probe", "judge", "-w", root, "--json")
        assert told.code == 0, told.err
        record = told.record()
        assert set(record) == DOCUMENTED["models probe"]
        able = record["abilities"]
        assert (able["json_schema"], able["logprobs"], able["n"]) == (False, False, False)
        assert able["unknown_model"] == "answered"
        assert record["requests"] == server.count
        asked = server.count
        text = cli("models", "probe", "judge", "-w", root).out
        assert "ignored or refused" in text
        assert "scores are shares of votes" in text
        words = ("models", "judge", policy, "--endpoint", "judge", "-w", root)
        ran = cli(*words, "--json", "--budget", "1USD")
        assert ran.code == 0, ran.err
        assert set(ran.record()) == DOCUMENTED["models judge"]
        assert (ran.record()["ads"], ran.record()["judgements_written"]) == (6, 6)
        assert server.count == 2 * asked + 6
        assert "No ad is left to judge" in cli(*words).out
    sent = cli("models", "sent", "-w", root, "--json").record()
    assert set(sent) == DOCUMENTED["models sent"]
    assert [each["what"] for each in sent["batches"]] == ["judge", "judge", "probe", "probe"]
    assert "judge-1" in cli("models", "sent", "-w", root).out
    rows = cli("models", "sent", "--csv", "-", "-w", root).out.splitlines()
    assert len(rows) == 5
    assert KEY not in "".join(rows) + text + told.out + ran.out


def test_it_speaks_chinese_with_the_same_numbers(tmp_path: Path, cli: Cli) -> None:
    def script(body: Body, number: int) -> Reply:
        return chat(None, refusal="no") if number % 4 == 0 else answer(body)

    with hostile_server(script) as server:
        root = make_scene(tmp_path / "w", url=server.url).root
        settings = root / "shroff.toml"
        text = settings.read_text("utf-8").replace('language = "en"', 'language = "zh"', 1)
        settings.write_text(text, encoding="utf-8")
        cli("models", "probe", "judge", "-w", root)
        policy = policy_file(root)
        told = cli("models", "judge", policy, "--endpoint", "judge", "-w", root)
    assert told.code == 0
    assert "判断了 6/6 条广告" in told.out
    assert "被模型拒答" in told.out


def test_offline_it_says_what_is_missing(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("init", tmp_path / "bare")
    policy = policy_file(tmp_path)
    told = cli("models", "judge", policy, "--endpoint", "judge", "-w", tmp_path / "bare")
    assert told.code == 2
    assert "no model server is set" in told.err
    assert "shroff models probe" in told.err
    root = make_scene(tmp_path / "w", url="http://127.0.0.1:9/v1", attempts=1).root
    told = cli("models", "probe", "judge", "-w", root)
    assert told.code == 2
    assert "is the server running" in told.err
    monkeypatch.delenv("JUDGE_KEY")
    told = cli("models", "judge", policy, "--endpoint", "judge", "-w", root)
    assert "JUDGE_KEY is not set" in told.err
    assert "Traceback" not in told.err


def test_a_run_that_the_budget_ends_says_so_and_fails(tmp_path: Path, cli: Cli) -> None:
    with hostile_server() as server:
        root = make_scene(tmp_path / "w", url=server.url).root
        cli("models", "probe", "judge", "-w", root)
        policy = policy_file(root)
        words = ("models", "judge", policy, "--endpoint", "judge", "-w", root)
        told = cli(*words, "--budget", "10 tokens")
        assert told.code == 1
        assert "might break the budget" in told.out
        assert (
            "no price" in cli(*words, "--budget", "5 EUR").err
            or "in USD" in cli(*words, "--budget", "5 EUR").err
        )


def test_a_batch_by_the_command_line(tmp_path: Path, cli: Cli) -> None:
    root = make_scene(tmp_path / "w", url="http://127.0.0.1:9/v1").root
    out = tmp_path / "b"
    words = ("models", "batch", "write", policy_file(root), "--endpoint", "judge", "-w", root)
    told = cli(*words, "--out", out, "--json")
    assert told.code == 0, told.err
    assert set(told.record()) == DOCUMENTED["models batch write"]
    told_lines = (out / "requests-0001.jsonl").read_text("utf-8").splitlines()
    lines = [json.loads(line) for line in told_lines]
    answers = [
        {
            "custom_id": each["custom_id"],
            "response": {
                "status_code": 200, "body": json.loads(chat(judged(each["body"])).body)
            },
        }
        for each in lines[:-1]
    ]  # fmt: skip
    file = tmp_path / "output.jsonl"
    file.write_text("\n".join(map(json.dumps, answers)))
    read = cli("models", "batch", "read", out, file, "-w", root, "--json")
    assert read.code == 1  # one request has no answer yet
    assert set(read.record()) == DOCUMENTED["models batch read"]
    assert (read.record()["answered"], read.record()["missing"]) == (5, 1)
    text = cli("models", "batch", "read", out, file, "-w", root).out
    assert "1 requests have no answer yet" in text
