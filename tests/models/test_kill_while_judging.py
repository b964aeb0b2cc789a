"""Does a run stop when its model is switched off, by somebody or by its own limits?"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.models.hostile_server import Body, Reply, answer, chat, hostile_server
from tests.models.judge_scene import KEY, ask_for, judgements, make_scene

from shroff.models.kill_switch import switched_off
from shroff.workspace import Workspace

_ADS = 40


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUDGE_KEY", KEY)


def asked_of(body: Body) -> bool:
    """Tell a question about an ad from a probe."""
    return "healthy recipe" in str(body) or "miracle diet" in str(body)


def test_a_model_killed_during_a_run_gets_no_further_request(tmp_path: Path) -> None:
    seen: list[int] = []
    killed_at: list[int] = []

    def script(body: Body, number: int) -> Reply:
        if asked_of(body):
            seen.append(number)
            if len(seen) == 5:  # another process turns the switch while the run goes on
                other = Workspace.open(tmp_path).modeller
                other.kill("judge", who="lin", why="refuses everything")
                killed_at.append(len(seen))
        return answer(body)

    with hostile_server(script) as server:
        workspace = make_scene(tmp_path, url=server.url, ads=_ADS, concurrency=2)
        found = workspace.modeller.judge(ask_for(workspace))
        assert found.stopped == "killed"
        assert len(seen) <= killed_at[0] + 1  # the one beside it was under way
        asked_so_far = len(seen)
        again = workspace.modeller.judge(ask_for(workspace))
        assert (again.stopped, len(seen)) == ("killed", asked_so_far)
        assert len(judgements(workspace)) == asked_so_far  # what was answered is kept
        workspace.modeller.revive("judge", who="lin", why="fixed")
        rest = workspace.modeller.judge(ask_for(workspace))
        assert rest.stopped == ""
        assert len(seen) == _ADS  # nothing is asked twice
    assert len(judgements(workspace)) == _ADS


def test_a_run_with_too_many_refusals_switches_its_model_off(tmp_path: Path) -> None:
    def script(body: Body, _number: int) -> Reply:
        return chat(None, refusal="I cannot help") if asked_of(body) else answer(body)

    with hostile_server(script) as server:
        make_scene(tmp_path, url=server.url, ads=_ADS, concurrency=1)
        settings = tmp_path / "shroff.toml"
        told = settings.read_text() + "\n[models.trip]\nrefusal_rate = 0.5\nwindow = 8\n"
        settings.write_text(told)
        workspace = Workspace.open(tmp_path)
        found = workspace.modeller.judge(ask_for(workspace))
    off = switched_off(workspace.catalog)
    assert found.stopped == "killed"
    assert [(each.name, each.who, each.cause) for each in off] == [("judge", "shroff", "refusals")]
    assert 8 <= len(judgements(workspace)) <= 11  # those that were under way
