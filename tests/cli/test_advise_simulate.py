"""`shroff advise simulate`: on a small demo, in a terminal, as JSON and CSV."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Cli
from tests.cli.test_json_output import DOCUMENTED

_LINES = "thresholds: [{model: ads_risk, review_from: %s, reject_from: %s}]"


def _file(folder: Path, text: str) -> Path:
    path = folder / "p.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_other_lines_move_ads_and_say_so(demo: Path, tmp_path: Path, cli: Cli) -> None:
    path = _file(tmp_path, _LINES % (0.4, 0.9))
    found = cli("advise", "simulate", path, "-w", demo, "--period", "all", "--json").record()
    assert set(found) == DOCUMENTED["advise simulate"]
    flips = {(flip["was"], flip["becomes"]): flip["ads"] for flip in found["flips"]}
    assert set(flips) == {("approve", "review"), ("reject", "review")}
    figures = {each["figure"]: each for each in found["figures"]}
    assert figures["ads_review"]["change"] == sum(flips.values())
    assert figures["ads_reject"]["change"] == -flips["reject", "review"]
    assert figures["wrong_rejects"]["change_high"] <= 0
    assert figures["missed"]["change_high"] <= 0
    assert figures["review_hours"]["change"] > 0
    assert found["unknown"]


def test_the_lines_of_today_change_nothing(demo: Path, tmp_path: Path, cli: Cli) -> None:
    path = _file(tmp_path, _LINES % (0.5, 0.8))
    found = cli("advise", "simulate", path, "-w", demo, "--period", "all", "--json").record()
    assert found["flipped"] == 0
    assert all(not each["change"] for each in found["figures"] if each["figure"] != "overturns"
               and each["figure"] != "appeals")  # fmt: skip
    told = cli("advise", "simulate", path, "-w", demo, "--period", "all")
    assert told.out.startswith("None of ")


def test_it_is_told_in_a_terminal_with_costs(demo: Path, tmp_path: Path, cli: Cli) -> None:
    path = _file(tmp_path, _LINES % (0.4, "null"))
    costs = ("--cost", "missed=2", "--cost", "wrong=5", "--cost", "hour=20")
    told = cli("advise", "simulate", path, "-w", demo, "--period", "all", *costs)
    assert told.code == 0, told.err
    for part in ("reject to review", "reject precision", "costs half", "What no replay can know"):
        assert part in told.out
    table = cli("advise", "simulate", path, "-w", demo, "--period", "all", "--csv", "-")
    assert table.out.startswith("figure,unit,before,")


def test_packs_routes_and_shifts_are_replayed_together(
    demo: Path, tmp_path: Path, cli: Cli
) -> None:
    pack = tmp_path / "new.yaml"
    pack.write_text(
        "pack: new\nversion: 1\nowner: tests\nrules:\n  - id: NEW-1\n    name: {en: Free}\n"
        "    action: review\n    match: [free]\n"
        "    examples: {match: [free], no_match: [no]}\n",
        encoding="utf-8",
    )
    path = _file(
        tmp_path,
        "packs: [{path: new.yaml}]\nrouting: [{where: {language: zh}, queue: zh_all}]\n"
        "staffing:\n  - queue: zh_all\n    shifts:\n"
        '      - {days: [mon, tue, wed, thu, fri], from: "01:00", to: "09:00", reviewers: 2}\n',
    )
    found = cli("advise", "simulate", path, "-w", demo, "--period", "all", "--json").record()
    flips = {(flip["was"], flip["becomes"]) for flip in found["flips"]}
    assert flips == {("approve", "review")}
    queues = {each["queue"]: each for each in found["queues"]}
    assert queues["zh_all"]["tasks_before"] == 0
    assert queues["zh_all"]["tasks_after"] > 0
    assert queues["zh_cn"]["tasks_after"] == 0
    assert queues["zh_all"]["duty_hours_after"] == 2 * 8 * 25


def test_another_version_follows_todays_lines(demo: Path, tmp_path: Path, cli: Cli) -> None:
    path = _file(tmp_path, "versions: {ads_risk: v2}")
    found = cli("advise", "simulate", path, "-w", demo, "--period", "all", "--json").record()
    assert found["flipped"] > 0
    (lines,) = [n for n in found["notes"] if n["id"] == "simulate.lines"]
    assert lines["params"]["review"] == pytest.approx(0.5, abs=0.005)
    assert lines["params"]["reject"] == pytest.approx(0.8, abs=0.005)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("prompts: {risk: say so}", "no scores of it"),
        ("versions: {ads_risk: v9}", "no score of ads_risk v9"),
        ("versions: {family_A: v2}", "decides nothing"),
        (_LINES % (0.4, 0.9) + "\nrouting: [{where: {colour: red}, queue: x}]", "no column"),
        (
            "thresholds: [{model: nobody, review_from: 0.1, reject_from: 0.2}]",
            "no score of nobody",
        ),
    ],
)
def test_what_cannot_be_replayed_is_told(
    text: str, told: str, demo: Path, tmp_path: Path, cli: Cli
) -> None:
    outcome = cli("advise", "simulate", _file(tmp_path, text), "-w", demo, "--json")
    assert outcome.code != 0
    assert told in outcome.fault()["cause"]


def test_costs_that_are_none_are_refused(demo: Path, tmp_path: Path, cli: Cli) -> None:
    path = _file(tmp_path, _LINES % (0.4, 0.9))
    assert cli("advise", "simulate", path, "-w", demo, "--cost", "missed").code == 2
    outcome = cli("advise", "simulate", path, "-w", demo, "--cost", "mist=2", "--json")
    assert "did you mean 'missed'" in outcome.fault()["cause"]
    outcome = cli("advise", "simulate", path, "-w", demo, "--first", "luck", "--json")
    assert "no task comes for" in outcome.fault()["cause"]


def test_proposals_of_the_workspace_are_in_its_report(own_demo: Path, cli: Cli) -> None:
    (own_demo / "proposals").mkdir()
    text = "name: June lines\n" + _LINES % (0.4, 0.9)
    (own_demo / "proposals" / "june.yaml").write_text(text, encoding="utf-8")
    (own_demo / "proposals" / "odd.yaml").write_text("nothing", encoding="utf-8")
    assert cli("report", "-w", own_demo).code == 0
    pages = list((own_demo / "reports").rglob("*.html"))
    told = [page.read_text(encoding="utf-8") for page in pages]
    assert any("What the proposals would have done" in page for page in told)
    assert any("各提案的模拟效果" in page for page in told)


def test_a_queue_needs_more_people_for_shorter_waits(demo: Path, cli: Cli) -> None:
    words = ("advise", "staff", "en_west", "-w", demo, "--period", "all", "--json")
    day, hours = (cli(*words, "--within", n).record() for n in ("24", "4"))
    assert hours["hours_a_day_needed"] > day["hours_a_day_needed"] > 0
    assert day["reached_low"] >= 0.9
    told = cli(*words[:-1], "--within", "24")
    assert told.out.startswith("Queue en_west needs ")
    outcome = cli("advise", "staff", "nowhere", "-w", demo, "--json")
    assert "no queue 'nowhere'" in outcome.fault()["cause"]
    outcome = cli("advise", "staff", "en_west", "-w", demo, "--share", "1.5", "--json")
    assert outcome.code != 0


def test_the_schema_is_printed(cli: Cli) -> None:
    told = cli("advise", "schema").record()
    assert told["title"] == "Shroff proposal"
