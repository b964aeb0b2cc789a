"""Comparing versions, drawing disagreements and writing cards, from the command line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shroff.workspace import Workspace

Cli = Callable[..., Any]

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "json.md"


def documented(command: str) -> set[str]:
    line = next(
        row
        for row in PAGE.read_text(encoding="utf-8").splitlines()
        if row.startswith(f"| `shroff {command}` |")
    )
    return set(re.findall(r"`(\w+)`", line.split("|")[2]))


def test_two_versions_are_compared_on_the_same_ads(demo: Path, cli: Cli) -> None:
    found = cli("models", "compare", "-w", demo, "--json").record()
    assert set(found) == documented("models compare")
    assert found["champion"]["version"] == "v2"
    assert found["challenger"]["version"] == "v1"
    assert found["ads_scored_by_both"] == found["ads"]
    bases = {each["basis"]: each for each in found["operating"]}
    assert {"volume", "threshold"} <= set(bases)
    for each in bases.values():
        for figure in each["figures"]:
            value, low, high = (figure["difference"][key] for key in ("value", "low", "high"))
            assert low <= value <= high
    assert found["verdict_text"]["en"]
    assert found["verdict_text"]["zh"]


def test_the_threshold_is_read_from_the_logs(demo: Path, cli: Cli) -> None:
    found = cli("models", "compare", "-w", demo, "--json").record()
    assert found["operating"][0]["champion_at"] == pytest.approx(0.5, abs=0.05)


def test_the_terminal_says_the_verdict_first(demo: Path, cli: Cli) -> None:
    shown = cli("models", "compare", "v1", "v2", "--at", "0.5", "-w", demo).out
    first = " ".join(shown.split("ads_risk:")[0].split())
    assert re.match(r"(Not yet known|v\d is better|Nothing)", first)
    assert "same volume" in shown
    assert "find a difference" in shown


def test_differences_are_written_as_csv(demo: Path, cli: Cli) -> None:
    out = cli("models", "compare", "-w", demo, "--by", "market", "--csv", "-").out
    rows = list(csv.DictReader(io.StringIO(out)))
    assert {row["metric"] for row in rows} == {"recall", "precision", "fpr", "auc"}
    sliced = [row for row in rows if row["slicing"] == "market"]
    assert sliced
    assert all(float(row["p_adjusted"]) >= float(row["p"]) - 1e-12 for row in sliced)


def test_an_unknown_version_names_those_there_are(demo: Path, cli: Cli) -> None:
    outcome = cli("models", "compare", "v9", "-w", demo, "--json")
    assert outcome.code == 2
    assert "v1, v2" in outcome.fault()["hint"]


def test_a_version_is_not_compared_with_itself(demo: Path, cli: Cli) -> None:
    assert cli("models", "compare", "v1", "v1", "-w", demo, "--json").code == 2


def test_no_scores_say_what_to_ingest(tmp_path: Path, cli: Cli) -> None:
    workspace = Workspace.create(tmp_path)
    (tmp_path / "d.jsonl").write_text(
        '{"decision_id": "1", "ad_id": "a", "action": "approve", "source": "model",'
        ' "decided_at": "2026-05-04 10:00:00"}\n',
        encoding="utf-8",
    )
    workspace.ingest("decisions", [tmp_path / "d.jsonl"])
    outcome = cli("models", "compare", "-w", tmp_path, "--period", "all", "--json")
    assert outcome.fault()["kind"] == "DesignError"
    assert "scores" in outcome.fault()["hint"]


def test_a_batch_of_disagreements_comes_back_and_is_used(own_demo: Path, cli: Cli) -> None:
    pair = ("v2", "v1", "-w", own_demo, "--period", "all", "--json")
    before = cli("models", "compare", *pair).record()
    batch = cli("models", "disagreements", *pair, "--labels", "90").record()
    file = Path(str(batch["file"]))
    with file.open(encoding="utf-8-sig", newline="") as drawn:
        rows = list(csv.DictReader(drawn))
    assert not {"action", "score", "market_action"} & set(rows[0])
    with file.open("w", encoding="utf-8", newline="") as answered:
        writer = csv.DictWriter(answered, list(rows[0]))
        writer.writeheader()
        writer.writerows({**row, "verdict": "compliant"} for row in rows)
    taken = cli("labels", "take", file, "-w", own_demo, "--json").record()
    assert taken["labelled"] == batch["asked"]
    after = cli("models", "compare", *pair).record()
    # an audited ad whose reviewers disagreed may be settled by the third
    assert after["labels"] >= before["labels"] + batch["asked"]
    assert "compare-ads_risk-v2-v1" in after["design"]


def test_a_card_is_one_page_in_both_languages(own_demo: Path, cli: Cli) -> None:
    found = cli("models", "card", "v2", "-w", own_demo, "--json").record()
    assert set(found) == documented("models card")
    pages = [Path(each) for each in found["pages"]]
    assert [page.name for page in pages] == [
        "card-ads_risk-v2.en.html",
        "card-ads_risk-v2.zh.html",
    ]
    english, chinese = (page.read_text(encoding="utf-8") for page in pages)
    assert "Where does it miss most?" in english
    assert "哪里漏得最多？" in chinese
    figures = {each["metric"]: each for each in found["card"]["figures"]}
    assert {"recall", "precision", "fpr", "auc"} == set(figures)
    shown = cli("models", "card", "v1", "--against", "v2", "-w", own_demo, "--language", "zh")
    assert "card-ads_risk-v1.zh.md" in shown.out
