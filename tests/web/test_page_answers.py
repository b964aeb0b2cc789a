"""A page is worked out once for a state of the workspace; while it is worked out anew, what was
true before is shown and says so."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from shroff.domain.messages import Message
from shroff.errors import ConfigError
from shroff.report.document import Section
from shroff.store.catalog_rules import RuleEvent
from shroff.web.answers import Answers
from shroff.web.bench import Bench
from shroff.web.pages import Page
from shroff.web.viewing import View
from shroff.web.workspace_state import WorkspaceState
from shroff.workspace import Workspace


class Builder:
    """Builds the sections of a page, when it may."""

    def __init__(self) -> None:
        self.built = 0
        self.may = threading.Event()
        self.may.set()

    def __call__(self, bench: Bench) -> Sequence[Section]:
        assert self.may.wait(30)
        self.built += 1
        count = bench.engine.query("SELECT COUNT(*) AS n FROM decisions").column("n")[0].as_py()
        return (Section(f"n{count}", Message("web.tables.title"), Message("web.tables.title")),)


def decide(here: Workspace, folder: Path, name: str) -> None:
    row = {
        "decision_id": name, "ad_id": name, "market": "US", "decided_at": "2026-05-04T10:00:00Z",
        "action": "approve", "source": "model",
    }  # fmt: skip
    file = folder / f"{name}.jsonl"
    file.write_text(json.dumps(row) + "\n", encoding="utf-8")
    here.ingest("decisions", [file])


@pytest.fixture
def here(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "here")
    decide(made, tmp_path, "one")
    return made


@pytest.fixture
def answers(here: Workspace) -> Iterator[Answers]:
    made = Answers(here)
    yield made
    made.close()


def test_a_page_is_worked_out_once_and_again_when_the_logs_change(
    here: Workspace, answers: Answers, tmp_path: Path
) -> None:
    build = Builder()
    page = Page("metrics", "see", build)
    first = answers.ask(page, View()).future.result(timeout=60)
    assert answers.ask(page, View()).future.result(timeout=60) is first
    assert (build.built, first.sections[0].id, first.before) == (1, "n1", False)
    build.may.clear()
    decide(here, tmp_path, "two")
    asking = answers.ask(page, View())
    meanwhile = answers.wait(asking, seconds=0)
    assert meanwhile is not None
    assert (meanwhile.sections[0].id, meanwhile.before) == ("n1", True)
    build.may.set()
    assert asking.future.result(timeout=60).sections[0].id == "n2"
    after = answers.wait(asking, seconds=0)
    assert after is not None
    assert not after.before


def test_another_dashboard_finds_what_was_worked_out(here: Workspace, answers: Answers) -> None:
    build = Builder()
    page = Page("metrics", "see", build)
    first = answers.ask(page, View()).future.result(timeout=60)
    other = Answers(here)
    found = other.ask(page, View()).future.result(timeout=60)
    other.close()
    assert (found, build.built) == (first, 1)


def test_health_and_what_waits_are_the_same_for_every_view(answers: Answers) -> None:
    seen = []

    def build(bench: Bench) -> Sequence[Section]:
        seen.append(bench.health)
        return ()

    page = Page("metrics", "see", build)
    for period in ("", "all"):
        answers.ask(page, View(period=period)).future.result(timeout=60)
    assert len(seen) == 2
    assert seen[0] is seen[1]


def test_a_question_that_fails_is_asked_again(answers: Answers) -> None:
    def build(_: Bench) -> Sequence[Section]:
        raise ConfigError("no")

    page = Page("metrics", "see", build)
    one = answers.ask(page, View())
    assert isinstance(one.future.exception(timeout=60), ConfigError)
    assert answers.ask(page, View()) is not one


def test_a_state_is_another_after_whatever_pages_rest_on(here: Workspace, tmp_path: Path) -> None:
    state = WorkspaceState(here.root)
    seen = [state.everything()]
    with here.catalog.run("measure", args={}, snapshot={}):
        pass
    assert state.everything() == seen[0]  # that somebody looked changes nothing
    here.catalog.rules.note(
        RuleEvent(
            at="2026-06-01", rule_id="r", version=1, state="live", share=None, who="t", why=""
        )
    )
    seen.append(state.everything())
    decide(here, tmp_path, "two")
    seen.append(state.everything())
    (here.root / "packs").mkdir()
    (here.root / "packs" / "p.yaml").write_text("pack: p\n", encoding="utf-8")
    seen.append(state.everything())
    with (here.root / "shroff.toml").open("a", encoding="utf-8") as file:
        file.write("\n[appeals]\nwindow_days = 20\n")
    seen.append(state.everything())
    assert len(set(seen)) == 5
    state.close()
