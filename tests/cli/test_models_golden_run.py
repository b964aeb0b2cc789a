"""`shroff models golden run`: a set put to a model that changes its mind, as a user runs it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.cli.test_json_output import DOCUMENTED
from tests.models.gold_scene import build
from tests.models.hostile_server import Body, Reply, answer, chat, hostile_server, judged, shown
from tests.models.judge_scene import KEY, PRICES, policy_file

from shroff.workspace import Workspace

if TYPE_CHECKING:
    from conftest import Cli


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUDGE_KEY", KEY)


class Fickle:
    """Says of every fourth ad something else each time, and counts."""

    def __init__(self) -> None:
        self.asked: dict[str, int] = {}

    def __call__(self, body: Body, _: int) -> Reply:
        title = shown(body)["title"]
        if not title.startswith("title "):  # a question of the probe
            return answer(body)
        times = self.asked[title] = self.asked.get(title, 0) + 1
        number = int(title.split()[1])
        bad = number % 3 == 0 if number % 4 else times % 2 == 1
        return chat(judged(body, "violating" if bad else "compliant"), model=body["model"])


def golden_scene(root: Path, url: str) -> Path:
    workspace = build(root)
    spec = f'url = "{url}"\nmodel = "judge-1"\nkey_env = "JUDGE_KEY"\nallow = true\n'
    settings = root / "shroff.toml"
    text = settings.read_text("utf-8") + f'\n[models.endpoints.asked]\n{spec}prices = "p.yaml"\n'
    settings.write_text(text, encoding="utf-8")
    (root / "p.yaml").write_text(PRICES, encoding="utf-8")
    workspace.modeller.golden.adopt("audit", design="audit")
    policy_file(root)
    return root


def settled(root: Path) -> int:
    return len(Workspace.open(root).catalog.golden.find("audit").settled)


def test_it_asks_each_golden_ad_so_often_and_says_how_often_it_changed_its_mind(
    tmp_path: Path, cli: Cli
) -> None:
    fickle = Fickle()
    with hostile_server(fickle) as server:
        root = golden_scene(tmp_path / "w", server.url)
        ads = settled(root)
        words = ("models", "golden", "run", root / "E4.md", "--endpoint", "asked", "-w", root)
        done = cli(*words, "--repeats", "3", "--json")
        assert done.code == 0, done.err
        found: dict[str, Any] = done.record()
        assert set(found) == DOCUMENTED["models golden run"]
        (told,) = found["policies"]
        assert [run["ads"] for run in told["runs"]] == [ads] * 3
        assert set(fickle.asked.values()) == {3}  # only the golden ads, three times each
        assert len(fickle.asked) == ads
        same = {f["metric"]: f for f in told["consistency"]["figures"] if not f["slice"]}
        moving = sum(int(title.split()[1]) % 4 == 0 for title in fickle.asked)
        assert told["consistency"]["asked_twice"] == ads
        assert same["same"]["value"] == pytest.approx(1 - moving / ads, abs=0.02)
        assert same["flips"]["value"] == pytest.approx(moving / ads * 2 / 3, abs=0.02)
        asked = server.count  # with those of the probe
        again = cli(*words, "--repeats", "3")
        assert again.code == 0
        assert server.count == asked  # nothing is left to ask, and all is told all the same
        assert "says the same each time" in again.out
    kept = Workspace.open(root).sql(
        "SELECT COUNT(*) AS n, COUNT(DISTINCT judgement_id) AS ids,"
        " CAST(SUM(CASE WHEN shadow THEN 1 ELSE 0 END) AS BIGINT) AS shadowed"
        " FROM judgements WHERE model = 'asked'"
    )
    assert kept.to_pylist() == [{"n": 3 * ads, "ids": 3 * ads, "shadowed": 3 * ads}]


def test_the_budget_holds_for_all_repeats_together_and_the_same_command_goes_on(
    tmp_path: Path, cli: Cli
) -> None:
    fickle = Fickle()
    with hostile_server(fickle) as server:
        root = golden_scene(tmp_path / "w", server.url)
        ads = settled(root)
        words = ("models", "golden", "run", root / "E4.md", "--endpoint", "asked", "-w", root)
        spent = 460  # tokens of an answer
        most = int(1.5 * ads) * spent + 6000
        stopped = cli(*words, "--repeats", "2", "--budget", f"{most} tokens", "--json")
        assert stopped.code == 1
        found: dict[str, Any] = stopped.record()
        assert found["stopped"] == "budget"
        sent = sum(fickle.asked.values())
        assert ads < sent  # the second answers had begun
        assert sent * spent <= most
        ended = cli(*words, "--repeats", "2", "--json")
        assert ended.code == 0, ended.err
        assert set(fickle.asked.values()) == {2}


def test_a_set_without_a_settled_ad_is_not_put_to_anybody(tmp_path: Path, cli: Cli) -> None:
    with hostile_server() as server:
        root = golden_scene(tmp_path / "w", server.url)
        drawn = cli(
            "models", "golden", "draw", "new", "--ads", "40", "--period", "all", "-w", root
        )
        assert drawn.code == 0, drawn.err
        words = ("models", "golden", "run", root / "E4.md", "--endpoint", "asked", "-w", root)
        refused = cli(*words, "--golden", "new")
        assert refused.code == 2
        assert "nothing is settled" in refused.err
        assert server.count == 0
