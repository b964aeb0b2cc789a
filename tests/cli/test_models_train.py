"""`shroff models train | score | classify`: from labels to scores in the logs."""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from shroff.models.classifier import read_classifier

if TYPE_CHECKING:
    from conftest import Cli

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "json.md"


def keys(command: str) -> set[str]:
    found = re.search(
        rf"^\| `shroff {command}` \| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE
    )
    assert found
    return set(re.findall(r"`(\w+)`", found[1].split("; of a file")[0]))


def test_a_classifier_is_trained_registered_in_shadow_run_and_measured(
    own_demo: Path, cli: Cli
) -> None:
    outcome = cli("models", "train", "--owner", "lin", "--period", "all", "-w", own_demo, "--json")
    assert outcome.code == 0, outcome.err
    told: dict[str, Any] = outcome.record()
    assert set(told) == keys("models train")
    figure = told["figures"]["average_precision"]
    assert figure["low"] < figure["value"] < figure["high"]
    model = told["model"]
    assert (model["kind"], model["state"], model["owner"]) == ("builtin", "shadow", "lin")
    assert (own_demo / model["source"]["file"]).is_file()

    first = cli("models", "score", "text_classifier", "-w", own_demo, "--json")
    assert first.code == 0, first.err
    run: dict[str, Any] = first.record()
    assert set(run) == keys("models score")
    assert run["scored"] == run["wanted"] > 0
    assert run["shadow"]
    again = cli("models", "score", "text_classifier", "-w", own_demo, "--json").record()
    assert (again["wanted"], again["scored"]) == (0, 0)
    query = (
        "SELECT COUNT(*) AS n, COUNT(DISTINCT ad_id) AS ads, MIN(score) AS low, MAX(score) AS high,"
        " CAST(SUM(CASE WHEN shadow THEN 1 ELSE 0 END) AS BIGINT) AS shadowed"
        " FROM scores WHERE model = 'text_classifier'"
    )
    (row,) = cli("sql", query, "-w", own_demo, "--json").record()["rows"]  # type: ignore[misc]
    assert row["n"] == row["shadowed"] == run["scored"]
    assert 0 <= row["low"] < row["high"] <= 1
    shown: dict[str, Any] = cli(
        "models", "show", "text_classifier", "-w", own_demo, "--json"
    ).record()
    (entry,) = shown["models"]
    assert entry["ads_per_second"] > 0
    assert entry["seen"]["scores"] == run["scored"]


def test_ads_it_learnt_from_are_scored_by_what_had_not_seen_them_and_that_is_said(
    own_demo: Path, cli: Cli
) -> None:
    words = ("--period", "all", "-w", own_demo)
    told: dict[str, Any] = cli("models", "train", *words, "--json").record()
    model = told["model"]
    run: dict[str, Any] = cli(
        "models", "score", "text_classifier", "-w", own_demo, "--json"
    ).record()
    held = read_classifier(own_demo / model["source"]["file"])
    assert run["learnt"] == len(held.learnt) == told["made_from"]["labels"]
    shown = cli("models", "curves", "--model", "text_classifier", *words, "--json")
    area = shown.record()["curves"][0]["average_precision"]  # type: ignore[index]
    said = told["figures"]["average_precision"]
    # not the 1.000 that it would be on texts it knows by heart
    assert area["value"] == pytest.approx(said["value"], abs=0.02)


def test_a_card_takes_the_line_that_was_registered_where_the_logs_tell_none(
    own_demo: Path, cli: Cli
) -> None:
    words = ("-w", own_demo, "--period", "all", "--json")
    trained: dict[str, Any] = cli("models", "train", *words).record()
    version = trained["model"]["version"]
    cli("models", "score", "text_classifier", "-w", own_demo)
    card = ("models", "card", "--model", "text_classifier", *words)
    refused = cli(*card)
    assert refused.code == 2
    assert "--threshold review=0.5" in refused.err
    lines = ("--threshold", "reject=0.9", "--threshold", "review=0.4")
    done = cli(
        "models", "register", "text_classifier", "--version", version, *lines, "-w", own_demo
    )
    assert done.code == 0, done.err
    found: dict[str, Any] = cli(*card).record()
    assert found["card"]["acts_from"] == 0.4
    given: dict[str, Any] = cli(*card, "--at", "0.6").record()
    assert given["card"]["acts_from"] == 0.6


def test_a_model_that_is_switched_off_scores_nothing_until_it_is_revived(
    own_demo: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "own_even_scores.py").write_text(
        "def risk(ads):\n    return [0.5] * ads.num_rows\n", encoding="utf-8"
    )
    cli("models", "register", "even", "--callable", "own_even_scores:risk", "-w", own_demo)
    cli("models", "kill", "even", "--reason", "a test", "-w", own_demo)
    off = cli("models", "score", "even", "-w", own_demo, "--json")
    assert off.code == 1
    assert (off.record()["stopped"], off.record()["scored"]) == ("killed", 0)
    cli("models", "revive", "even", "--reason", "fixed", "-w", own_demo)
    on = cli("models", "score", "even", "-w", own_demo, "--json")
    sys.modules.pop("own_even_scores", None)
    assert on.code == 0, on.err
    assert on.record()["scored"] == on.record()["wanted"] > 0


def test_scores_that_are_no_chance_go_to_quarantine_and_the_others_count(
    own_demo: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "own_bad_scores.py").write_text(
        "def risk(ads):\n"
        "    wrong = [float('nan'), 1.5, -0.1]\n"
        "    return [wrong[at] if at < 3 else 0.25 for at in range(ads.num_rows)]\n",
        encoding="utf-8",
    )
    words = ["models", "register", "own", "--callable", "own_bad_scores:risk", "-w", own_demo]
    assert cli(*words, "--state", "champion").code == 0
    run: dict[str, Any] = cli("models", "score", "own", "-w", own_demo, "--json").record()
    sys.modules.pop("own_bad_scores", None)
    assert run["refused"] >= 3
    assert run["scored"] == run["wanted"] - run["refused"]
    assert not run["shadow"]
    held = cli("quarantine", "--table", "scores", "-w", own_demo, "--json")
    assert held.out.count("no number from 0 to 1") >= 3


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    file = tmp_path / "labelled.csv"
    rng = np.random.default_rng(3)
    with file.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(["body", "violates"])
        for at in range(120):
            bad = at % 3 == 0
            word = rng.choice(["稳赚不赔", "guaranteed"] if bad else ["shoes", "新鲜水果"])
            out.writerow([f"{word}\n{rng.integers(100)}", "violating" if bad else "compliant"])
    return file


def test_plain_files_are_trained_on_and_scored_without_a_workspace(
    labelled: Path, tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["models", "train", "--file", labelled, "--text", "body", "--label", "violates"]
    told = cli(*words, "--out", "mine.npz", "--json")
    assert told.code == 0, told.err
    assert told.record()["average_precision"] > 0.9  # type: ignore[operator]
    outcome = cli("models", "classify", "mine.npz", labelled, "--text", "body", "--json")
    found: dict[str, Any] = outcome.record()
    assert set(found) == keys("models classify")
    assert found["texts"] == 120
    scores = np.array(found["scores"])
    assert scores[::3].min() > np.delete(scores, slice(None, None, 3)).max()
    assert (
        cli("models", "classify", "mine.npz", labelled, "--text", "body", "--csv", "o.csv").code
        == 0
    )
    with Path("o.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["violates"] for row in rows[:2]] == ["violating", "compliant"]
    assert float(rows[0]["score"]) > float(rows[1]["score"])


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (["train", "--file", "labelled.csv", "--out", "o.npz"], "no column 'text'"),
        (["train", "--file", "none.csv", "--out", "o.npz"], "cannot read"),
        (["train", "--file", "labelled.csv", "--text", "body"], "where is it to be written"),
        (
            [
                "train",
                "--file",
                "labelled.csv",
                "--text",
                "body",
                "--label",
                "body",
                "--out",
                "o.npz",
            ],
            "neither yes nor no",
        ),
        (["classify", "labelled.csv", "labelled.csv"], "no classifier"),
    ],
)
def test_what_is_wrong_with_plain_files_is_told(
    words: list[str], cause: str, labelled: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(labelled.parent)
    outcome = cli("models", *words, "--json")
    assert outcome.code != 0
    assert cause in outcome.fault()["cause"]


def test_a_workspace_without_labels_or_ads_says_so(tmp_path: Path, cli: Cli) -> None:
    root = tmp_path / "w"
    assert cli("init", root).code == 0
    assert "no ad" in cli("models", "train", "-w", root).err
    assert cli("models", "register", "m", "--version", "1", "-w", root).code == 0
    assert "no ad" in cli("models", "score", "m", "-w", root).err
