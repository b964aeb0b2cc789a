"""`shroff advise cascade` on the demo."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shroff.advise.proposal_file import read_proposal

Cli = Callable[..., Any]
CALL = ("advise", "cascade", "--by", "market,language", "--period", "all")


def test_a_cascade_is_told_written_and_replayed(own_demo: Path, tmp_path: Path, cli: Cli) -> None:
    file = tmp_path / "cascade.yaml"
    told = cli(*CALL, "-w", own_demo, "--out", file)
    assert told.code == 0, told.err
    assert "LLM on all ads" in told.out
    proposal = read_proposal(file)
    assert proposal.kind == "cascades"
    assert proposal.id in told.out
    assert read_proposal(file).record() == proposal.record()
    replayed = cli("advise", "simulate", file, "-w", own_demo, "--period", "all", "--json")
    assert replayed.code == 0, replayed.err
    asked = {each.llm for each in proposal.cascades} - {""}
    assert asked == {"policy_judge"}
    off = cli("models", "kill", "policy_judge", "--reason", "a test", "-w", own_demo)
    assert off.code == 0, off.err
    again = cli("advise", "simulate", file, "-w", own_demo, "--period", "all", "--json")
    assert again.code == 0, again.err

    def reviewed(record: dict[str, Any]) -> float:
        found = [flip["ads"] for flip in record["flips"] if flip["becomes"] == "review"]
        return float(sum(found))

    assert reviewed(again.record()) > reviewed(replayed.record())  # all of its ads go to people
    assert "policy_judge" in str(again.record()["notes"])


def test_limits_are_kept_and_strategies_stand_beside_each_other(demo: Path, cli: Cli) -> None:
    record = cli(*CALL, "-w", demo, "--money", "0.02", "--json").record()
    names = [each["name"] for each in record["strategies"]]
    assert names == ["today", "cheap", "cascade", "all"]
    best = record["strategies"][2]
    assert best["money_a_day"] <= 0.02 * (1 + 1e-6)
    shown = [each["figures"]["violating_impressions"]["value"] for each in record["strategies"]]
    assert shown[2] <= shown[1] * (1 + 3e-3)  # the cascade may always do without the LLM
    frontier = record["frontier"]
    assert frontier[0]["money_a_day"] == 0.0
    assert all(each["money_a_day"] <= each["money_limit_a_day"] * (1 + 1e-6) for each in frontier)
    rows = list(csv.DictReader(io.StringIO(cli(*CALL, "-w", demo, "--csv", "-").out)))
    assert {row["market"] for row in rows} >= {"US", "CN"}


def test_chinese_has_the_same_numbers(own_demo: Path, cli: Cli) -> None:
    import re

    english = cli(*CALL, "-w", own_demo).out
    settings = own_demo / "shroff.toml"
    settings.write_text(settings.read_text().replace('language = "en"', 'language = "zh"', 1))
    chinese = cli(*CALL, "-w", own_demo).out
    assert "级联" in chinese
    figures = [re.findall(r"\d+(?:\.\d+)?%", text)[:20] for text in (english, chinese)]
    assert figures[0] == figures[1]


def test_an_llm_that_judged_nothing_is_named_with_those_that_did(demo: Path, cli: Cli) -> None:
    told = cli(*CALL, "-w", demo, "--llm", "nobody", "--json")
    assert told.code != 0
    assert "policy_judge" in told.fault()["hint"]


def test_limits_that_mean_nothing_are_refused(demo: Path, cli: Cli) -> None:
    for words in (("--money", "-1"), ("--precision", "1.5"), ("--edges-by", "nothing")):
        assert cli(*CALL, "-w", demo, *words, "--json").code == 2


def test_near_copies_are_asked_about_once_so_calls_and_money_are_fewer(
    own_demo: Path, cli: Cli
) -> None:
    apart, together = (
        cli(*CALL, *more, "-w", own_demo, "--json").record() for more in ((), ("--alike", "0.5"))
    )
    everything = [
        next(each for each in told["strategies"] if each["name"] == "all")["figures"]
        for told in (apart, together)
    ]
    assert everything[1]["asked_ads"]["value"] == everything[0]["asked_ads"]["value"]
    assert everything[1]["calls"]["value"] < everything[0]["calls"]["value"]
    assert everything[1]["money"]["value"] < everything[0]["money"]["value"]
    said = [note for note in together["notes"] if note["id"] == "cascade.campaign_once"]
    assert "at least 50" in said[0]["en"]


def test_the_plan_lists_a_cascade_beside_lines_and_only_one_of_them_counts(
    own_demo: Path, cli: Cli
) -> None:
    asked = ("--from", "cascade", "--from", "thresholds", "--period", "all")
    plan = cli("advise", "plan", *asked, "-w", own_demo, "--json").record()
    steps = {each["kind"]: each for each in plan["recommendations"]}
    step = steps["cascade"]
    assert step["worth"]["low"] < step["worth"]["value"] < step["worth"]["high"]
    assert step["forecast"]["metric"] == "leakage"
    assert step["forecast"]["then"] < step["forecast"]["now"]
    assert step["proposal"]["cascades"]
    if "thresholds" in steps:
        assert steps["thresholds"]["id"] in step["conflicts"]


def test_a_plan_without_judgements_lists_no_cascade(own_demo: Path, cli: Cli) -> None:
    shutil.rmtree(own_demo / "lake" / "judgements")  # as in logs of those who ask no LLM
    plan = cli(
        "advise", "plan", "--from", "cascade", "--period", "all", "-w", own_demo, "--json"
    ).record()
    assert plan["recommendations"] == []
