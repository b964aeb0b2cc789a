"""Judging that is killed: what was paid for is not paid again, and no ad is judged twice."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from tests.models.hostile_server import Body, Reply, answer, hostile_server, shown
from tests.models.judge_scene import KEY, ask_for, judgements, make_scene, policy_file

from shroff.models.abilities import Abilities
from shroff.workspace import Workspace

ADS = 60
JUDGE = (sys.executable, "-m", "shroff", "models", "judge")


def answered(workspace: Workspace) -> int:
    file = workspace.root / "answers.sqlite"
    if not file.exists():
        return 0
    with closing(sqlite3.connect(file, timeout=30)) as connection:
        try:
            sql = "SELECT COUNT(*) FROM answers WHERE state = 'answered'"
            (count,) = connection.execute(sql).fetchone()
        except sqlite3.OperationalError:
            return 0
    return int(count)


def test_a_killed_run_goes_on_and_nothing_is_charged_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUDGE_KEY", KEY)
    charged: Counter[str] = Counter()

    def script(body: Body, _: int) -> Reply:
        charged[shown(body)["title"]] += 1
        reply = answer(body)
        reply.wait = 0.1
        return reply

    with hostile_server(script) as server:
        workspace = make_scene(tmp_path / "w", url=server.url, ads=ADS, concurrency=2)
        known = Abilities(url=server.url, model="judge-1")
        workspace.catalog.judging.keep_probe("judge", known.record())
        policy = policy_file(workspace.root)
        told = [*JUDGE, str(policy), "--endpoint", "judge", "-w", str(workspace.root), "--json"]
        for least in (5, 20):
            process = subprocess.Popen(told, env=dict(os.environ), stdout=subprocess.DEVNULL)
            until = time.monotonic() + 120
            while answered(workspace) < least and time.monotonic() < until:
                time.sleep(0.02)
            process.send_signal(signal.SIGKILL)
            process.wait()
            assert answered(workspace) >= least
            assert judgements(workspace) == []  # killed before a chunk was written
        paid = answered(workspace)
        workspace = Workspace.open(workspace.root)
        found = workspace.modeller.judge(ask_for(workspace))
        assert found.tally.doubt <= 2 * 6  # what each killed run had under way
        assert found.tally.sent <= ADS - paid
        rows = judgements(workspace)
        assert len(rows) == ADS - found.tally.doubt
        assert set(charged.values()) == {1}
        assert len({row["ad_id"] for row in rows}) == len(rows)
        again = workspace.modeller.judge(ask_for(workspace, again=True))
    assert len(judgements(workspace)) == ADS
    assert again.tally.ads == found.tally.doubt
    sent = workspace.catalog.judging.sent()
    assert [each.state for each in sent] == ["done", "done", "under way", "under way"]
    total = sum(row["cost"] for row in judgements(workspace))
    each = judgements(workspace)[0]["cost"]
    assert total == pytest.approx(each * ADS)  # what a killed run paid is in the logs too
